"""Seats, caseloads and rooms of a repair: the parts that no longer hold, as one program.

First with no change but those that are forced, or are plain from the rules broken (``surely``); else in the week as it
is; where that loses or changes more than without the week, in the week that the joint model finds. The bounds are those
without the week, or of the joint model.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from foyer.scheduling.plan import Caseload, Level, Lodging, Meeting, Outcome, Plan, Seat, Shortage, Unmet, Violation
from foyer.scheduling.program import Answer, Goal, goal, minimise
from foyer.scheduling.repairing.changes import OWN_KINDS, meeting_changes
from foyer.scheduling.repairing.joint import Found, Start, joint_week
from foyer.scheduling.repairing.kept import Kept
from foyer.scheduling.repairing.parts import Part, cap, count_goals, goals_of, join, own_levels
from foyer.scheduling.repairing.request import RepairRequest
from foyer.scheduling.repairing.rooms import lodgings_in, room_part
from foyer.scheduling.repairing.seats import caseloads_in, counsellor_part, keep_the_week, seating_parts, seats_in
from foyer.scheduling.repairing.surely import among_the_broken, no_more_than_forced
from foyer.scheduling.run import Run
from foyer.scheduling.stages.seating import Seating

NEEDS_FIRST = 100  # a need newly open weighs so many times its points against changes, to begin with
PART_OF_NEED = {"counsellor": "counsellors", "room": "rooms", "appointment": "appointments"}  # others: seats


class NoRepair(Exception):
    """Proven: no plan keeps the rules from that night on, or none within the caps."""

    def __init__(self, shortage: Shortage) -> None:
        super().__init__(shortage.code)
        self.shortage = shortage


@dataclass(frozen=True, slots=True)
class Assigned:
    """What was decided. ``meetings``: the week in which it fits, where another had to be found. ``levels`` are the
    first three of all parts, ``of_stage`` each stage's own. ``together``: what seats and week change at least."""

    seats: tuple[Seat, ...]
    caseloads: tuple[Caseload, ...]
    lodgings: tuple[Lodging, ...]
    meetings: tuple[Meeting, ...] | None
    levels: tuple[Level, ...]
    of_stage: dict[str, tuple[Level, ...]]
    together: float


class Assignment:
    """``meetings``: the week as it is; None where the published seats allow none. ``spent``: changes that the cap in
    total must leave to others."""

    def __init__(
        self, run: Run, kept: Kept, request: RepairRequest, meetings: tuple[Meeting, ...] | None, spent: int
    ) -> None:
        self.run, self.kept, self.request, self.meetings, self.spent = run, kept, request, meetings, spent
        self.running_only = False  # no group opens that has no hours yet
        self.other_week: tuple[Meeting, ...] | None = None
        self.together = 0.0
        self.seating: dict[str, Seating] = {}
        self.joined = join([])

    def solve(self) -> Assigned | None:
        """None: every part holds as it is."""
        kept, parts = self.kept, list[Part]()
        if self._is_doubtful("seats") or self.meetings is None:
            parts, self.seating = seating_parts(kept)
        cases = counsellor_part(kept) if self._is_doubtful("counsellors") else None
        rooms = room_part(kept) if self._is_doubtful("rooms") else None
        parts += [found[0] for found in (cases, rooms) if found]
        if not parts:
            return None
        joined = self.joined = join(parts)
        answer = self._solved(goals_of(joined, kept, self.request))
        seats = seats_in(joined, self.seating, answer.values) if self.seating else kept.plan.seats
        return Assigned(
            seats,
            caseloads_in(joined, cases[0], cases[1], answer.values) if cases else kept.plan.caseloads,
            lodgings_in(kept, joined, rooms[0], rooms[1], answer.values) if rooms else kept.plan.lodgings,
            self.other_week,
            answer.levels[:3],
            {s: x for part in parts for s, x in own_levels(joined, part, answer.values, answer.is_proven).items()},
            self.together,
        )

    def _is_doubtful(self, part: str) -> bool:
        """Whether the part breaks a rule, or somebody in it still waits for what he needs."""
        waiting = any(PART_OF_NEED.get(u.need, "seats") == part for u in self.kept.plan.unmet)
        return waiting or not self.kept.holds(part)

    def _minimise(self, goals: Sequence[Goal], start: tuple[int, ...] | None = None) -> Answer:
        return minimise(self.run, self.joined.parts[0].stage, self.joined.program, goals, start=start)

    def _in_week(self, goals: Sequence[Goal], meetings: Sequence[Meeting], *, running_only: bool) -> Answer:
        """The answer with everybody's groups apart in these hours. ``running_only``: no group opens that has none."""
        program = self.joined.program
        rows = len(program.rows)
        keep_the_week(self.kept, self.joined, self.seating, meetings, running_only=running_only)
        answer = self._at_once(goals)
        if answer.is_feasible and goals[0].at(answer.values):
            answer = self._minimise(goals, answer.values)
        del program.rows[rows:]
        return answer

    def _at_once(self, goals: Sequence[Goal]) -> Answer:
        """The first two levels as one sum, which is the same where no need is newly open. Needs alone leave nearly
        everything open, and a solver searches long for any answer; changes hold it to what is published."""
        first, second, *others = goals
        needs_first = [(v, NEEDS_FIRST * c) for v, c in first.entries]
        answer = self._minimise([goal(second.name, [*needs_first, *second.entries], in_points=False), *others])
        nothing = Level(first.name, 0, 0, "optimal", "counting")
        return replace(answer, levels=(nothing, *answer.levels)) if answer.is_feasible else answer

    def _solved(self, goals: Sequence[Goal]) -> Answer:
        cap(self.joined, self.request, self.spent)
        sure = self._forced(goals) if self.meetings is not None else None
        if sure is None and not self.seating:
            sure = among_the_broken(self.run, self.joined, goals, self._broken())
        if sure is not None:
            return sure
        if not self.seating:
            return self._or_say_why(self._minimise(goals))
        fitting = (
            Answer((), (), is_proven=False)
            if self.meetings is None
            else self._in_week(goals, self.meetings, running_only=self.running_only)
        )
        start = fitting.values if fitting.is_feasible else None
        free = self._or_say_why(self._minimise(goals[:2], start))
        if fitting.is_feasible:
            fitting = replace(fitting, levels=_bounded(fitting.levels, free.levels))
            if fitting.levels[1].status == "optimal":
                return fitting
        other = self._in_another_week(goals, free, fitting)
        if other or fitting.is_feasible:
            return other or fitting
        return self._minimise(goals, free.values)

    def _forced(self, goals: Sequence[Goal]) -> Answer | None:
        """A repair with no change but those that must be, in the week as it is."""
        program = self.joined.program
        rows = len(program.rows)
        keep_the_week(self.kept, self.joined, self.seating, self.meetings or (), running_only=self.running_only)
        answer = no_more_than_forced(self.run, self.joined.parts[0].stage, program, goals)
        del program.rows[rows:]
        return answer

    def _broken(self) -> Iterator[Violation]:
        """The rules that the parts in hand break as published."""
        for part in self.joined.parts:
            yield from self.kept.broken[part.stage]

    # Another week

    def _in_another_week(self, goals: Sequence[Goal], free: Answer, fitting: Answer) -> Answer | None:
        """Seats in the week that the joint model finds; its bounds in any case."""
        parts = [(part, self.seating[part.stage]) for part in self.joined.parts if part.stage in self.seating]
        found = joint_week(self.run, self.kept, self.request, parts, self._start(fitting))
        if found.is_impossible and not fitting.is_feasible:
            raise NoRepair(Shortage("no_plan", (("stage", "times"),)))
        if found.meetings is None:
            return None
        self.together = found.least
        # the joint model gave hours to every group that it opens; what else opens might have none beside them
        answer = self._in_week(goals, found.meetings, running_only=True)
        if not answer.is_feasible:
            return None
        self.other_week = found.meetings
        return replace(answer, levels=_bounded(answer.levels, (self._first(free, found), *free.levels[1:])))

    def _start(self, fitting: Answer) -> Start | None:
        if not fitting.is_feasible or self.meetings is None:
            return None
        seats = seats_in(self.joined, self.seating, fitting.values)
        points = self._points_of(self.meetings, seats) + self._moved(fitting)
        return Start(seats, self.meetings, self._lost(fitting), points)

    def _first(self, free: Answer, found: Found) -> Level:
        """The first level's bound: without the week, or what the joint model proved for the seats."""
        bound = free.levels[0].bound - self._lost(free) + found.lost
        return replace(free.levels[0], bound=max(free.levels[0].bound, bound))

    def _moved(self, answer: Answer) -> float:
        """Points of the seats changed."""
        parts = [p for p in self.joined.parts if p.stage in self.seating]
        return sum(m.points * self.joined.values_of(p, answer.values)[m.variable] for p in parts for m in p.moved)

    def _lost(self, answer: Answer) -> float:
        """Points of the seats newly missing."""
        parts = [p for p in self.joined.parts if p.stage in self.seating]
        new = [(p, x) for p in parts for x in p.lost if self._is_new(x.need)]
        return sum(x.points * self.joined.values_of(p, answer.values)[x.variable] for p, x in new)

    def _is_new(self, need: Unmet) -> bool:
        return self.request.place_unplaced or not self.kept.was_unmet(need)

    def _points_of(self, meetings: Sequence[Meeting], seats: Sequence[Seat]) -> float:
        """What the week's changes cost, appointments aside."""
        plan = Plan(Outcome.FEASIBLE, "", seats=tuple(seats), meetings=tuple(meetings))
        return sum(c.points for c in meeting_changes(self.kept.index, self.kept.published, plan))

    # Why there is none

    def _or_say_why(self, answer: Answer) -> Answer:
        """The answer, or the proof that there is none: a part has no plan at all, or the caps allow none."""
        if answer.is_feasible:
            return answer
        for part in self.joined.parts:
            if not minimise(self.run, part.stage, part.program, [goal("any", [], in_points=False)]).is_feasible:
                raise NoRepair(Shortage("no_plan", (("stage", part.stage),)))
        raise NoRepair(self._least_changes())

    def _least_changes(self) -> Shortage:
        """The fewest changes without the caps: in total, or for the resident who needs most."""
        free, stage, asked = join(self.joined.parts), self.joined.parts[0].stage, self.request
        in_total = int(minimise(self.run, stage, free.program, count_goals(free)).levels[0].bound) + self.spent
        if asked.most_changes is not None and in_total > asked.most_changes:
            return _capped("changes_in_total", asked.most_changes, in_total)
        most = free.program.integer(0, len(OWN_KINDS))
        for resident in Counter(m.resident for m in free.moved()):
            entries = [(m.variable, 1.0) for m in free.moved() if m.resident == resident]
            free.program.row([*entries, (most, -1)], high=0)
        each = int(
            minimise(self.run, stage, free.program, [goal("most", [(most, 1)], in_points=False)]).levels[0].bound
        )
        if asked.most_per_resident is not None and each > asked.most_per_resident:
            return _capped("changes_per_resident", asked.most_per_resident, each)
        return _capped("changes_together", asked.most_changes or 0, in_total)


def _bounded(levels: Sequence[Level], free: Sequence[Level]) -> tuple[Level, ...]:
    """The levels with the bounds that hold without the week: the second only where the first reaches its own."""
    holds = True
    bounded = list(levels)
    for i, least in enumerate(free):
        bound = min(least.bound, levels[i].value) if holds else 0.0
        holds = holds and bound == levels[i].value
        bounded[i] = Level(levels[i].name, levels[i].value, bound, "optimal" if holds else "feasible", levels[i].how)
    return tuple(bounded)


def _capped(code: str, allowed: int, needed: int) -> Shortage:
    return Shortage(code, (("allowed", allowed), ("needed", needed)))
