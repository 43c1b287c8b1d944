"""The best complete plan that a run has in hand, from its first moments on (docs/engine.md, section 6)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from foyer.scheduling.checker import check
from foyer.scheduling.digest import problem_hash
from foyer.scheduling.index import Index
from foyer.scheduling.plan import Caseload, Outcome, Plan, Unmet
from foyer.scheduling.quick.whole import Decided, Whole, complete
from foyer.scheduling.run import Run
from foyer.scheduling.score import score_of, terms_of

UNPLACED = "unplaced_"  # how the wishes of the first level begin
Rank = tuple[float, ...]


class Best:
    """Keeps the best of the complete plans offered, among equals the last, since more of it is proven. One that breaks
    a rule is never kept, whoever made it."""

    def __init__(self, run: Run) -> None:
        self.whole: Whole | None = None
        self._run = run
        self._rank: Rank | None = None
        self._hash = problem_hash(run.index.problem)

    def offer(self, decided: Decided) -> None:
        """Fill up what is not decided, and keep the whole if it is clean and better than what is in hand. Raises
        Stopped where the run is to end."""
        whole = complete(self._run.index, self._filled(decided), self._run.limits.seed, self._run.check_stop)
        if whole is None:
            return
        plan = plan_of(self._run.index, whole, Outcome.FEASIBLE, self._hash)
        rank = _rank(self._run.index, plan)
        if (self._rank is None or rank <= self._rank) and not check(self._run.index.problem, plan):
            self.whole, self._rank = whole, rank
            self._run.has_complete(plan.score)

    def _filled(self, decided: Decided) -> Decided:
        """What is not decided as it is in hand, as far as that fits."""
        if self.whole is None:
            return decided
        if decided.seats is None:
            decided = replace(decided, seats=self.whole.seats, meetings=self.whole.meetings)
        return replace(
            decided,
            caseloads=self.whole.caseloads if decided.caseloads is None else decided.caseloads,
            lodgings=self.whole.lodgings if decided.lodgings is None else decided.lodgings,
        )


def _rank(index: Index, plan: Plan) -> Rank:
    """The levels of a plan as far as they count for keeping it: what is unplaced; fairness; the largest caseload; all
    points."""
    unplaced = sum(t.points for t in plan.terms if t.wish.startswith(UNPLACED))
    if index.problem.fast_draft:
        return unplaced, plan.score
    return unplaced, *index.choices.fairness(plan.seats), largest_load(index, plan.caseloads), plan.score


def largest_load(index: Index, caseloads: Iterable[Caseload]) -> int:
    """The largest case weight of any counsellor."""
    loads = Counter[str]()
    for case in caseloads:
        loads[case.counsellor] += index.residents[case.resident].case_weight
    return max(loads.values(), default=0)


def plan_of(index: Index, whole: Whole, outcome: Outcome, hashed: str) -> Plan:
    """The parts as a plan, with its needs left open and its points; no stages and no bound."""
    plan = Plan(
        outcome,
        hashed,
        seats=whole.seats,
        caseloads=whole.caseloads,
        lodgings=whole.lodgings,
        meetings=whole.meetings,
        appointments=whole.appointments,
        unmet=unmet_of(index, whole),
    )
    terms = terms_of(index, plan)
    return replace(plan, terms=terms, score=score_of(terms))


def unmet_of(index: Index, whole: Whole) -> tuple[Unmet, ...]:
    """Every need without its answer: what no stage met, and what no stage came to."""
    kinds = {(s.resident, index.groups[s.group].kind, index.groups[s.group].subject) for s in whole.seats}
    in_class = {r for r, kind, _ in kinds if kind == "vocational"}
    joined = Counter(r for r, kind, _ in kinds if kind == "elective")
    counselled = {c.resident for c in whole.caseloads}
    lodged = {x.resident for x in whole.lodgings}
    booked = {a.resident for a in whole.appointments}
    found: list[Unmet] = []
    for r in index.problem.residents:
        if r.needs_vocational and r.id not in in_class:
            found.append(Unmet(r.id, "class"))
        found += [Unmet(r.id, "education", s) for s in r.education if (r.id, "education", s) not in kinds]
        found += [Unmet(r.id, "elective")] * (r.electives - joined[r.id])
        for need, met, is_needed in (
            ("counsellor", counselled, r.needs_counsellor),
            ("room", lodged, r.needs_room),
            ("appointment", booked, r.needs_counsellor),
        ):
            if is_needed and r.id not in met:
                found.append(Unmet(r.id, need))  # type: ignore[arg-type]
    return tuple(found)
