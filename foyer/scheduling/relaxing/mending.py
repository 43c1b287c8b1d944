"""``ways_to_repair``: ways out where a repair is impossible, or leaves somebody without what the published plan gave.

What stands in the way is looked for in the house from the repair's night on, as for a plan (``ways``). But a way is
told only once a repair was made with it: it leaves nothing newly open, ``check`` finds no rule broken, ``check_repair``
no untruth against the published plan; so its changes can be told too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from foyer.scheduling.checker import check
from foyer.scheduling.checker.repaired import check_repair
from foyer.scheduling.counting import shortages
from foyer.scheduling.index import Index
from foyer.scheduling.plan import (
    UNFINISHED,
    Limits,
    Outcome,
    Plan,
    ProgressHook,
    Shortage,
    StopHook,
    keep_quiet,
    never_stop,
)
from foyer.scheduling.problem import Problem, TeachingGroup
from foyer.scheduling.relaxing.apply import relaxed
from foyer.scheduling.relaxing.forms import ImpossibleAnswer, Prices, Relaxation, WayOut
from foyer.scheduling.relaxing.verify import Verifier
from foyer.scheduling.relaxing.ways import MOST_WAYS, Relaxations, Search, failing_stage
from foyer.scheduling.remaining import remaining
from foyer.scheduling.repairing import Repaired, RepairRequest, is_counted, repair
from foyer.scheduling.run import Run, Stopped

SHARE = 0.3  # of the remaining time, for one repair
STAND_INS = 2  # tried for each instructor who is out, so that other ways have their place


def ways_to_repair(
    problem: Problem,
    published: Plan,
    request: RepairRequest,
    limits: Limits | None = None,
    progress: ProgressHook = keep_quiet,
    stop: StopHook = never_stop,
    *,
    prices: Prices | None = None,
    most: int = MOST_WAYS,
) -> ImpossibleAnswer:
    """Why no repair keeps everything that the published plan gave, and up to ``most`` different ways out, cheapest
    first; what was found by then where the run is stopped. The arguments are those of ``repair``, and it raises
    InvalidProblem as that does. ``is_possible``: a repair leaves nothing newly open after all."""
    limits = limits or Limits()
    first = repair(problem, published, request, limits, progress, stop)
    rest = remaining(problem, request.from_night, first.plan.past_seats, published.seats)
    run = Run(Index(rest), limits, progress, stop, stages=1)
    search = _Mending(run, Verifier(run, stop), rest, prices or Prices(), most)
    search.whole, search.published, search.request, search.stop = problem, published, request, stop
    try:
        search.mend(first)
    except Stopped:
        pass  # what is in hand is true
    return replace(search.answer, seconds=round(first.plan.seconds + run.seconds(), 3))


def newly_open(published: Plan, plan: Plan) -> Plan:
    """The plan with those needs alone that the published one had met."""
    return replace(plan, unmet=tuple(need for need in plan.unmet if need not in published.unmet))


class _Mending(Search):
    """``problem`` is the rest of the cycle, where causes are looked for; ``whole`` the house as it is, which is
    repaired."""

    whole: Problem
    published: Plan
    request: RepairRequest
    stop: StopHook

    def mend(self, first: Repaired) -> None:
        """Fill ``answer``, from the repair of the house as it is."""
        if self._is_whole(self.whole, first):
            self.answer = replace(self.answer, is_possible=True)
            return
        failed = newly_open(self.published, first.plan)
        missing = shortages(self.problem)
        stage = "" if missing else failing_stage(failed)
        told = tuple(s for s in missing if not self._is_blamed_wrongly(s)) if missing else failed.shortages
        self.answer = replace(self.answer, shortages=told, stage=stage)
        self._go_through(self._stand_ins())
        self._go_through(way for way in self._candidates(None if missing else failed) if self._is_open(way))
        if stage:
            self._find_rules(stage)

    def _way(self, relaxations: Relaxations, points: float) -> WayOut | None:
        house = relaxed(self.whole, map(self._for_the_whole, relaxations))
        self.run.check_stop()
        limits = replace(self.run.limits, seconds=max(0.5, self.run.remaining() * SHARE))
        found = repair(house, self.published, self.request, limits, stop=self.stop)
        self.run.check_stop()
        if not self._is_whole(house, found):
            return None
        changes = sum(map(is_counted, found.changes))
        return WayOut(relaxations, points, found.plan.outcome, found.plan.score, changes, len(found.people))

    def _is_whole(self, house: Problem, found: Repaired) -> bool:
        """Whether the repair leaves nothing newly open and both checkers agree."""
        plan = found.plan
        if plan.outcome is Outcome.INFEASIBLE or plan.outcome in UNFINISHED or newly_open(self.published, plan).unmet:
            return False
        return not check(house, plan) and not check_repair(house, self.published, plan)

    def _is_open(self, way: Relaxations) -> bool:
        """Whether it can still be done: whoever lives here was admitted."""
        here = {lodging.resident for lodging in self.published.lodgings}
        return not any(r.code == "not_admitted" and here.intersection(r.residents) for r in way)

    def _is_blamed_wrongly(self, short: Shortage) -> bool:
        """Whether hours are said to be missing for residents who are never away: whoever teaches them is, then."""
        away = any(self.run.index.residents[r].unavailable for r in short.residents)
        return short.code.endswith("_hours") and not away

    def _for_the_whole(self, relaxation: Relaxation) -> Relaxation:
        """A group's minimum counts those who have left, too."""
        if relaxation.code != "group_smaller":
            return relaxation
        values = dict(relaxation.values)
        whole, rest = (next(g for g in p.groups if g.id == values["group"]) for p in (self.whole, self.problem))
        values["minimum"] = int(values["minimum"]) + whole.minimum - rest.minimum
        return replace(relaxation, values=tuple(values.items()))

    def _stand_ins(self) -> Iterator[Relaxations]:
        """Where an instructor is out altogether and classes have nobody else: a colleague takes over, whoever teaches
        the same subject first, then the same kind of class, then who teaches least."""
        periods = {period.id for period in self.problem.periods}
        out = [i.id for i in self.problem.instructors if self._classes(i.id) and periods <= set(i.unavailable)]
        there = [i.id for i in self.problem.instructors if not periods <= set(i.unavailable)]
        nearest = {name: sorted(there, key=lambda other: self._distance(name, other)) for name in out}
        if len(out) > 1 and there:
            taken: dict[str, str] = {}
            for name in out:
                free = (other for other in nearest[name] if other not in taken.values())
                taken[name] = next(free, nearest[name][0])
            yield tuple(self._stand_in(name, other) for name, other in taken.items())
        for name in out:
            for other in nearest[name][:STAND_INS]:
                yield (self._stand_in(name, other),)

    def _classes(self, name: str) -> list[TeachingGroup]:
        return [group for group in self.problem.groups if name in group.instructors]

    def _distance(self, name: str, other: str) -> tuple[bool, bool, int, str]:
        ours, theirs = self._classes(name), self._classes(other)
        subjects, kinds = {group.subject for group in ours}, {group.kind for group in ours}
        is_far = not subjects & {group.subject for group in theirs}
        return is_far, not kinds & {group.kind for group in theirs}, len(theirs), other

    def _stand_in(self, name: str, other: str) -> Relaxation:
        said = (("instructor", name), ("who", other))
        return Relaxation("stand_in", said, points=self.prices.stand_in * len(self._classes(name)))
