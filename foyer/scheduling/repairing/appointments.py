"""Individual counselling in a repair: who keeps the counsellor keeps the hour, wherever that is possible (s15)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from foyer.scheduling.index import Index
from foyer.scheduling.plan import Appointment, Caseload, Level, Meeting, Seat, Unmet
from foyer.scheduling.program import Program, goal, minimise
from foyer.scheduling.repairing.kept import Kept
from foyer.scheduling.repairing.request import RepairRequest
from foyer.scheduling.repairing.surely import no_more_than_forced
from foyer.scheduling.run import Run
from foyer.scheduling.stages.appointments import STAGE, Place, gaps_of, meeting_periods, places_for
from foyer.scheduling.weeks import Busy


@dataclass(frozen=True, slots=True)
class Rebooked:
    """What was decided, and its levels summed over the counsellors: unplaced, changes, wishes."""

    appointments: tuple[Appointment, ...]
    levels: tuple[Level, ...]
    forced: float = 0.0  # points of published hours that are impossible for these seats and this week


def rebook(
    run: Run,
    kept: Kept,
    request: RepairRequest,
    week: tuple[Sequence[Seat], Sequence[Caseload], Sequence[Meeting]],
    budget: Mapping[str, int] | None = None,
) -> Rebooked:
    """An appointment for everybody who has a counsellor. ``budget``: how many more changes of each resident the cap
    allows (H14); None: no cap."""
    seats, caseloads, meetings = week
    taken = meeting_periods(run.index, seats, meetings)
    booked: list[Appointment] = []
    parts = []
    forced = 0
    for counsellor in kept.index.counsellors:
        residents = [c.resident for c in caseloads if c.counsellor == counsellor]
        made = _Desk(run.index, counsellor, residents, taken, kept)
        if made.stays_as_it_is():
            booked += made.published.values()
            continue
        forced += made.forced()
        if residents:
            appointments, levels = made.solve(run, request, budget)
            booked += appointments
            parts.append(levels)
    return Rebooked(tuple(booked), _summed(parts), float(forced))


class _Desk:
    """One counsellor's hours: residents to weeks of the rotation and periods."""

    def __init__(
        self, index: Index, counsellor: str, residents: Sequence[str], taken: Mapping[str, set[Busy]], kept: Kept
    ) -> None:
        self.index, self.counsellor, self.residents, self.taken, self.kept = index, counsellor, residents, taken, kept
        self.published = {
            a.resident: a for a in kept.plan.appointments if a.counsellor == counsellor and a.resident in residents
        }
        self.places = {r: self._places(r) for r in residents}

    def _places(self, resident: str) -> list[Place]:
        """Where both are free, in a week that still comes, or where it was."""
        left = self.kept.index.weeks_left(self.index.residents[resident])
        was = self.published.get(resident)
        return [
            (week, period)
            for week, period in places_for(self.index, resident, self.counsellor, self.taken)
            if week in left or (was and (week, period) == (was.week, was.period))
        ]

    def stays_as_it_is(self) -> bool:
        """Everybody has an appointment, all of them possible as they are."""
        return len(self.published) == len(self.residents) and not any(
            self._is_barred(a) for a in self.published.values()
        )

    def forced(self) -> int:
        """Points of the published hours that cannot stay."""
        return self.index.problem.weights.change_appointment * sum(map(self._is_barred, self.published.values()))

    def _is_barred(self, a: Appointment) -> bool:
        if (a.week, a.period) not in self.places[a.resident] or (a.start, a.end) not in self.index.slots(a.period):
            return True
        others = [b for b in self.published.values() if b is not a]
        return any((a.week, a.period, a.start) == (b.week, b.period, b.start) for b in others)

    def solve(
        self, run: Run, request: RepairRequest, budget: Mapping[str, int] | None
    ) -> tuple[list[Appointment], tuple[Level, ...]]:
        weights, program = self.index.problem.weights, Program()
        booked: dict[tuple[str, Place], int] = {}
        users: dict[Place, list[int]] = defaultdict(list)
        lost: dict[str, int] = {}
        moved: dict[str, int] = {}
        for resident in self.residents:
            for place in self.places[resident]:
                booked[resident, place] = program.integer()
                users[place].append(booked[resident, place])
            lost[resident] = program.integer()
            own = [(booked[resident, place], 1) for place in self.places[resident]]
            program.row([*own, (lost[resident], 1)], low=1, high=1)
            self._keep(program, resident, booked, moved, budget)
        for (_, period), variables in users.items():
            program.row([(x, 1) for x in variables], high=len(self.index.slots(period)))
        old = {r for r in lost if self.kept.was_unmet(Unmet(r, "appointment")) and not request.place_unplaced}
        gaps = {r: gaps_of(self.index, r, self.taken) for r in self.residents}
        price, change = weights.unplaced_appointment, weights.change_appointment
        goals = [
            goal("unplaced", [(x, price) for r, x in lost.items() if r not in old]),
            goal("changes", [(x, change) for x in moved.values()], in_points=False),
            goal("unplaced_before", [(x, price) for r, x in lost.items() if r in old]),
            goal(
                "wishes",
                [(x, weights.evening_appointment) for (_, (_, p)), x in booked.items() if self.index.is_evening(p)],
            ),
            goal("outside_gaps", [(x, 1) for (r, (_, p)), x in booked.items() if p not in gaps[r]], in_points=False),
        ]
        begin = self._first(booked, lost, moved, gaps, len(program.low))
        start = begin if program.satisfied_by(begin) else None
        answer = no_more_than_forced(run, STAGE, program, goals, start)  # who can stay stays
        if answer is None:
            answer = minimise(run, STAGE, program, goals, start=start)
        if not answer.is_feasible:
            return [], ()
        chosen = [key for key, x in booked.items() if answer.values[x]]
        return self._clocked(chosen), answer.levels

    def _keep(
        self,
        program: Program,
        resident: str,
        booked: Mapping[tuple[str, Place], int],
        moved: dict[str, int],
        budget: Mapping[str, int] | None,
    ) -> None:
        """A variable that is 1 where a published hour with the same counsellor is given up."""
        if resident not in self.published:
            return
        a = self.published[resident]
        stays = None if self._is_barred(a) else booked.get((resident, (a.week, a.period)))
        most = 1 if budget is None else min(1, budget.get(resident, 1))
        moved[resident] = program.integer(0, most)
        program.row([(moved[resident], 1), *([] if stays is None else [(stays, 1)])], low=1)
        if stays is None and most:
            program.fix(moved[resident], 1)

    def _first(
        self,
        booked: Mapping[tuple[str, Place], int],
        lost: Mapping[str, int],
        moved: Mapping[str, int],
        gaps: Mapping[str, set[str]],
        count: int,
    ) -> tuple[int, ...]:
        """A solution to begin with, if it is one: who can stays, everybody else goes in turn to the best hour left. It
        often has as few changes as there must be, and no solver has to say so."""
        values = [0] * count
        used: Counter[Place] = Counter()
        for resident in sorted(
            self.residents, key=lambda r: moved.get(r) is None or self._is_barred(self.published[r])
        ):
            a = self.published.get(resident)
            stays = a is not None and not self._is_barred(a)
            best = sorted(
                self.places[resident], key=lambda p: (self.index.is_evening(p[1]), p[1] not in gaps[resident])
            )
            mine = [(a.week, a.period)] if a is not None and stays else best
            place = next((p for p in mine if used[p] < len(self.index.slots(p[1]))), None)
            if resident in moved:
                values[moved[resident]] = int(not stays)
            if place is None:
                values[lost[resident]] = 1
            else:
                used[place] += 1
                values[booked[resident, place]] = 1
        return tuple(values)

    def _clocked(self, chosen: Sequence[tuple[str, Place]]) -> list[Appointment]:
        """Clock times: who keeps the place keeps the time, the others take the slots left."""
        by_place: dict[Place, list[str]] = defaultdict(list)
        for resident, place in chosen:
            by_place[place].append(resident)
        made = []
        for (week, period), residents in by_place.items():
            slots = list(self.index.slots(period))
            waiting = []
            for resident in residents:
                a = self.published.get(resident)
                if a and (a.week, a.period) == (week, period) and (a.start, a.end) in slots:
                    slots.remove((a.start, a.end))
                    made.append(a)
                else:
                    waiting.append(resident)
            for resident, (start, end) in zip(waiting, slots, strict=False):
                made.append(Appointment(resident, self.counsellor, week, period, start, end))
        return made


def _summed(parts: Sequence[tuple[Level, ...]]) -> tuple[Level, ...]:
    found: dict[str, Level] = {}
    for level in (level for levels in parts for level in levels):
        old = found.get(level.name, Level(level.name, 0, 0, "optimal", "counting"))
        proven = "optimal" == level.status == old.status
        found[level.name] = Level(
            level.name,
            old.value + level.value,
            old.bound + level.bound,
            "optimal" if proven else "feasible",
            level.how if level.how == "HiGHS" else old.how,
        )
    return tuple(found.values())
