"""``ways_out``: several different ways out of a house that cannot be planned, each shown to work (docs/engine.md).

Each stage has an elastic program: its rules with slack at a price. A way out takes one choice from each stage that
needs slack, the n-th way the n-th choice; where the week fails for it, the week's own choice is added. Nothing is told
that was not solved.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from foyer.scheduling.counting import shortages
from foyer.scheduling.index import Index
from foyer.scheduling.plan import Limits, Outcome, Plan, ProgressHook, StopHook, Unmet, keep_quiet, never_stop
from foyer.scheduling.problem import Problem
from foyer.scheduling.relaxing.apply import relaxed
from foyer.scheduling.relaxing.elastic import cheapest
from foyer.scheduling.relaxing.forms import ImpossibleAnswer, Prices, Relaxation, Rule, WayOut
from foyer.scheduling.relaxing.got import got_in
from foyer.scheduling.relaxing.rooms import Housing
from foyer.scheduling.relaxing.rules import minimal_rules
from foyer.scheduling.relaxing.seats import Seating
from foyer.scheduling.relaxing.staff import Counsel
from foyer.scheduling.relaxing.verify import Verifier, is_full
from foyer.scheduling.relaxing.week import Weekly
from foyer.scheduling.run import Run, Stopped
from foyer.scheduling.stages.alignment import align
from foyer.scheduling.stages.classes import place_in_classes
from foyer.scheduling.stages.counsellors import give_counsellors
from foyer.scheduling.stages.education import place_in_education
from foyer.scheduling.stages.electives import place_in_electives
from foyer.scheduling.stages.rooms import give_rooms
from foyer.scheduling.validation import InvalidProblem, faults_of

MOST_WAYS = 4
ROUNDS = 3  # how often a way is extended by what it still lacks
STAGE_OF_NEED = {
    "class": "classes",
    "education": "education",
    "elective": "electives",
    "counsellor": "counsellors",
    "room": "rooms",
}
Relaxations = tuple[Relaxation, ...]


def ways_out(
    problem: Problem,
    limits: Limits | None = None,
    progress: ProgressHook = keep_quiet,
    stop: StopHook = never_stop,
    *,
    prices: Prices | None = None,
    most: int = MOST_WAYS,
) -> ImpossibleAnswer:
    """Why the house cannot be planned in full, and up to ``most`` different ways out, cheapest first; what was found by
    then where the run is stopped. Raises InvalidProblem for a problem that contradicts itself."""
    faults = faults_of(problem)
    if faults:
        raise InvalidProblem(faults)
    run = Run(Index(problem), limits or Limits(), progress, stop, stages=1)
    search = Search(run, Verifier(run, stop), problem, prices or Prices(), most)
    try:
        search.work()
    except Stopped:
        pass  # what is in hand is true
    return replace(search.answer, seconds=round(run.seconds(), 3))


class Search:
    """The way from a problem to its ways out; ``answer`` is what is in hand. A repair's own ways begin here too
    (``mending``)."""

    def __init__(self, run: Run, verifier: Verifier, problem: Problem, prices: Prices, most: int) -> None:
        self.run, self.verifier, self.problem, self.prices, self.most = run, verifier, problem, prices, most
        self.answer = ImpossibleAnswer()

    def work(self) -> None:
        missing = shortages(self.problem)
        self.answer = replace(self.answer, shortages=missing)
        failed: Plan | None = None
        if not missing:
            failed = self.verifier.searched(self.problem)
            if is_full(self.problem, failed):
                self.answer = replace(self.answer, is_possible=True)
                return
            self.answer = replace(self.answer, shortages=failed.shortages, stage=failing_stage(failed))
        self._go_through(self._candidates(failed))
        if failed is not None and self.answer.stage:
            self._find_rules(self.answer.stage)

    def _go_through(self, candidates: Iterable[Relaxations]) -> None:
        for relaxations in candidates:
            self._try(relaxations)
            if len(self.answer.ways) >= self.most:
                break

    def _try(self, relaxations: Relaxations) -> None:
        """Keep the way if it is one, and new."""
        key = _key(relaxations)
        if not relaxations or key in {_key(way.relaxations) for way in self.answer.ways}:
            return
        relaxations = self._extended(relaxations)
        way = self._way(relaxations, round(sum(r.points for r in relaxations), 2))
        if way is None or _key(relaxations) in {_key(way.relaxations) for way in self.answer.ways}:
            return
        ways = (*self.answer.ways, way)
        self.answer = replace(self.answer, ways=tuple(sorted(ways, key=lambda way: (way.points, str(way.relaxations)))))

    def _way(self, relaxations: Relaxations, points: float) -> WayOut | None:
        """The relaxations as a way out, if they are one."""
        house = relaxed(self.problem, relaxations)
        plan = self.verifier.full_plan(house)
        if plan is None:
            return None
        return WayOut(relaxations, points, plan.outcome, plan.score, got=got_in(house, relaxations, plan))

    def _extended(self, way: Relaxations) -> Relaxations:
        """The way, and what is still needed besides: what bars a resident twice shows only after the first."""
        for _ in range(ROUNDS):
            problem = relaxed(self.problem, way)
            if not shortages(problem):
                break
            more = [next(cheapest(self.run, p.elastic, 1), None) for p in self._programs(Index(problem))]
            way = (*way, *(r for each in more if each for r in each.relaxations))
        return way

    def _programs(self, index: Index) -> tuple[Seating | Housing | Counsel, ...]:
        return Seating(index, self.prices), Housing(index, self.prices), Counsel(index, self.prices)

    # Candidates

    def _candidates(self, failed: Plan | None) -> Iterator[Relaxations]:
        programs = self._programs(self.run.index)
        choices = [[way.relaxations for way in cheapest(self.run, p.elastic, self.most)] or [()] for p in programs]
        for number in range(max(map(len, choices))):
            way = tuple(r for own in choices for r in own[min(number, len(own) - 1)])
            yield from self._with_the_week(way, first_only=number > 0 or len(choices[0]) > 1)
        if failed is not None:
            yield from self._by_need(failed.unmet)
            yield from self._by_hour()

    def _with_the_week(self, way: Relaxations, *, first_only: bool) -> Iterator[Relaxations]:
        """The way, and where seats without any slack of the week do not suffice, with the week's choices."""
        problem = relaxed(self.problem, way)
        weeks = self._weeks(problem, 1 if first_only else self.most)
        for week in weeks or [()]:
            yield (*way, *week)
        if weeks and any(weeks[0]):
            yield way  # other seats than these may do without

    def _weeks(self, problem: Problem, most: int) -> list[Relaxations]:
        index = Index(problem)
        run = self.verifier.run_on(index)
        parts = [place_in_classes(run), place_in_education(run)]
        if any(r.electives for r in problem.residents):
            parts.append(place_in_electives(run))
        if not all(part.levels for part in parts):
            return []
        seats = align(run, [seat for part in parts for seat in part.seats])
        return [w.relaxations for w in cheapest(run, Weekly(index, self.prices, seats).elastic, most)]

    def _by_need(self, unmet: Sequence[Unmet]) -> Iterator[Relaxations]:
        """Where the stages are possible one by one but not together: what was left open, left open; the hours of those
        concerned; counselling less often."""
        for need in dict.fromkeys((u.need, u.subject) for u in unmet):
            people = tuple(u.resident for u in unmet if (u.need, u.subject) == need)
            yield from self._about(need, people)

    def _by_hour(self) -> Iterator[Relaxations]:
        """Where more people are set to one hour than counsellors see then: one of these decisions given up, or as many
        as it takes."""
        at: dict[tuple[str, int | None], list[str]] = {}
        for pin in self.problem.appointment_pins:
            at.setdefault((pin.period, pin.week), []).append(pin.resident)
        for (period, _), people in at.items():
            for count in range(1, len(people)):
                said = (("kind", "appointment"), ("target", period))
                way = tuple(Relaxation("pin_released", said, (r,), self.prices.pin) for r in people[-count:])
                yield way
                if _key(way) in {_key(w.relaxations) for w in self.answer.ways}:
                    break  # fewer do

    def _about(self, need: tuple[str, str], people: tuple[str, ...]) -> Iterator[Relaxations]:
        prices = self.prices
        unmet = {"class": prices.unmet_class, "education": prices.unmet_education, "elective": prices.unmet_elective}
        if need[0] in unmet:
            price = unmet[need[0]]
            each = 1 if need[0] == "elective" else len(people)
            said = (("need", need[0]), ("subject", need[1]), ("amount", each))
            yield (Relaxation("need_unmet", said, people, price * len(people)),)
        if need[0] == "appointment":
            weeks = self.problem.appointments.every_weeks + 1
            yield (Relaxation("rarer_appointments", (("weeks", weeks),), points=prices.rarer_appointments),)
        away = {r: self.run.index.residents[r].unavailable for r in people}
        lifted = tuple(
            Relaxation("hours", (("kind", "resident"), ("periods", " ".join(own))), (r,), prices.hour * len(own))
            for r, own in away.items()
            if own
        )
        yield lifted
        yield (Relaxation("not_admitted", (("amount", len(people)),), people, prices.not_admitted * len(people)),)

    # Rules

    def _find_rules(self, stage: str) -> None:
        if stage != "times" and self._is_possible(self.problem, stage):
            stage = "appointments" if stage == "appointments" else "times"  # only together with the week it is not
        rules: tuple[Rule, ...] = minimal_rules(self.problem, stage, lambda p: self._is_possible(p, stage))
        self.answer = replace(self.answer, stage=stage, rules=rules, is_minimal=bool(rules))

    def _is_possible(self, problem: Problem, stage: str) -> bool:
        """Whether the stage has an answer with nothing left open."""
        run = self.verifier.run_on(Index(problem))
        if stage == "classes":
            seats = place_in_classes(run)
            return bool(seats.levels) and not seats.unmet
        if stage == "education":
            lessons = place_in_education(run)
            return bool(lessons.levels) and not lessons.unmet
        if stage == "electives":
            chosen = place_in_electives(run)
            return bool(chosen.levels) and not chosen.unmet
        if stage == "rooms":
            rooms = give_rooms(run)
            return bool(rooms.levels) and not rooms.unmet
        if stage == "counsellors":
            cases = give_counsellors(run)
            return bool(cases.levels) and not cases.unmet
        return self.verifier.full_plan(problem) is not None


def _key(relaxations: Relaxations) -> frozenset[object]:
    return frozenset((r.code, r.values, r.residents) for r in relaxations)


def failing_stage(plan: Plan) -> str:
    """The first stage that has no answer, or leaves something open."""
    for shortage in plan.shortages:
        if shortage.code == "no_plan":
            return str(dict(shortage.values)["stage"])
    if plan.outcome in (Outcome.CANCELLED, Outcome.OUT_OF_TIME):
        return ""
    needs = [STAGE_OF_NEED.get(u.need, "appointments") for u in plan.unmet]
    order = ("classes", "education", "electives", "counsellors", "rooms", "appointments")
    return next((stage for stage in order if stage in needs), "")
