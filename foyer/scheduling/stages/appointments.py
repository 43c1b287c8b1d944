"""Stage 6: when each resident sees his counsellor (H10; wishes s1, evenings).

One assignment problem per counsellor: residents to (week of the rotation, period), each period as often as
slots fit into it. Among equal plans, appointments lie in gaps of the residents' days, where they cost nobody
a free hour.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from foyer.scheduling import weeks
from foyer.scheduling.index import Index
from foyer.scheduling.plan import Appointment, Caseload, Level, Meeting, Seat, Unmet
from foyer.scheduling.program import Program, goal, minimise
from foyer.scheduling.run import Run
from foyer.scheduling.weeks import Busy

STAGE = "appointments"
NOTHING = tuple(Level(name, 0, 0, "optimal", "counting") for name in ("wishes", "outside_gaps"))
Place = tuple[int, str]  # week of the rotation, period


@dataclass(frozen=True, slots=True)
class Booked:
    """What the stage decided."""

    appointments: tuple[Appointment, ...]
    unmet: tuple[Unmet, ...]
    levels: tuple[Level, ...]


def meeting_periods(index: Index, seats: Sequence[Seat], meetings: Sequence[Meeting]) -> dict[str, set[Busy]]:
    """The periods in which each resident has a meeting, and in which weeks."""
    by_group: dict[str, set[Busy]] = defaultdict(set)
    for meeting in meetings:
        by_group[meeting.group].update((p, index.groups[meeting.group].weeks) for p in meeting.periods)
    taken: dict[str, set[Busy]] = defaultdict(set)
    for seat in seats:
        taken[seat.resident] |= by_group[seat.group]
    return taken


def book_appointments(
    run: Run, seats: Sequence[Seat], caseloads: Sequence[Caseload], meetings: Sequence[Meeting]
) -> Booked:
    """Solve the stage, counsellor by counsellor."""
    taken = meeting_periods(run.index, seats, meetings)
    alone = len(run.index.counselled) - len(caseloads)  # without a counsellor there is no appointment
    lost = run.index.problem.weights.unplaced_appointment * alone
    parts = [Booked((), (), (Level("unplaced", lost, lost, "optimal", "counting"), *NOTHING))]
    for counsellor in run.index.counsellors:
        residents = [c.resident for c in caseloads if c.counsellor == counsellor]
        if residents:
            parts.append(_book(run, counsellor, residents, taken))
            if not parts[-1].levels:
                return parts[-1]  # pins that cannot be kept with these seats and caseloads
    return Booked(
        tuple(a for part in parts for a in part.appointments),
        tuple(u for part in parts for u in part.unmet),
        _summed([part.levels for part in parts]),
    )


def _book(run: Run, counsellor: str, residents: Sequence[str], taken: Mapping[str, set[Busy]]) -> Booked:
    index, program, weights = run.index, Program(), run.index.problem.weights
    booked: dict[tuple[str, Place], int] = {}
    unmet: dict[str, int] = {}
    users: dict[Place, list[int]] = defaultdict(list)
    for resident in residents:
        for place in places_for(index, resident, counsellor, taken):
            booked[resident, place] = program.integer()
            users[place].append(booked[resident, place])
        unmet[resident] = program.integer(0, int(resident not in index.pins.appointments))
        own = [(x, 1) for (r, _), x in booked.items() if r == resident]
        program.row([*own, (unmet[resident], 1)], low=1, high=1)
    for (_, period), variables in users.items():
        program.row([(x, 1) for x in variables], high=len(index.slots(period)))
    gaps = {r: gaps_of(index, r, taken) for r in residents}
    goals = [
        goal("unplaced", [(u, weights.unplaced_appointment) for u in unmet.values()]),
        goal(
            "wishes",
            [(x, weights.evening_appointment) for (_, (_, p)), x in booked.items() if index.is_evening(p)],
        ),
        goal("outside_gaps", [(x, 1) for (r, (_, p)), x in booked.items() if p not in gaps[r]], in_points=False),
    ]
    answer = minimise(run, STAGE, program, goals)
    if not answer.is_feasible:
        return Booked((), (), ())
    chosen = [key for key, x in booked.items() if answer.values[x]]
    left = tuple(Unmet(r, "appointment") for r, u in unmet.items() if answer.values[u])
    return Booked(clocked(index, counsellor, chosen), left, answer.levels)


def places_for(index: Index, resident: str, counsellor: str, taken: Mapping[str, set[Busy]]) -> list[Place]:
    """The weeks and periods in which both are free and a slot fits."""
    places = []
    for week, rhythm, free in index.common_hours(resident, counsellor):
        meeting = weeks.taken_in(taken.get(resident, ()), rhythm)
        places += [(week, period) for period in free if period not in meeting]
    return places


def is_place_for(index: Index, resident: str, counsellor: str, place: Place, taken: Mapping[str, set[Busy]]) -> bool:
    """Whether ``places_for`` has this week and period, without listing the others."""
    for week, rhythm, free in index.common_hours(resident, counsellor):
        if week == place[0]:
            busy = taken.get(resident, ())
            return place[1] in free and all(p != place[1] or not weeks.at_once(when, rhythm) for p, when in busy)
    return False


def gaps_of(index: Index, resident: str, taken: Mapping[str, set[Busy]]) -> set[str]:
    """The free periods between two taken ones of the resident's days, in every week."""
    meetings = taken.get(resident, set())
    kinds = weeks.kinds(when for _, when in meetings)
    each = [_gaps_in(index, {*index.residents[resident].unavailable, *weeks.taken_in(meetings, k)}) for k in kinds]
    return set.intersection(*each)


def _gaps_in(index: Index, busy: Collection[str]) -> set[str]:
    gaps: set[str] = set()
    for day in index.days.values():
        places = [i for i, p in enumerate(day) if p in busy]
        if places:
            gaps.update(p for p in day[places[0] : places[-1]] if p not in busy)
    return gaps


def clocked(index: Index, counsellor: str, chosen: Sequence[tuple[str, Place]]) -> tuple[Appointment, ...]:
    """Clock times: the residents of one week and period take its slots in turn."""
    used: dict[Place, int] = defaultdict(int)
    appointments = []
    for resident, (week, period) in chosen:
        start, end = index.slots(period)[used[week, period]]
        used[week, period] += 1
        appointments.append(Appointment(resident, counsellor, week, period, start, end))
    return tuple(appointments)


def _summed(parts: Sequence[tuple[Level, ...]]) -> tuple[Level, ...]:
    """The counsellors' levels as one: sums of independent optima."""
    summed = []
    for levels in zip(*parts, strict=True):
        proven = all(level.status == "optimal" for level in levels)
        how = "HiGHS" if any(level.how == "HiGHS" for level in levels) else "counting"
        value, bound = sum(level.value for level in levels), sum(level.bound for level in levels)
        summed.append(Level(levels[0].name, value, bound, "optimal" if proven else "feasible", how))
    return tuple(summed)
