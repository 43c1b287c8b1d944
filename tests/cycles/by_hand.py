"""A plan made by hand, not by the solver: everybody in the first class, room and counsellor that has a place."""

from __future__ import annotations

from foyer.scheduling.files import problem_hash
from foyer.scheduling.plan import (
    Appointment,
    Caseload,
    Lodging,
    Meeting,
    Outcome,
    Plan,
    Seat,
    Stage,
    Term,
)
from foyer.scheduling.problem import Problem


def plan_by_hand(problem: Problem, outcome: Outcome = Outcome.OPTIMAL) -> Plan:
    """A plan for ``tests.cycles.house.make_house``; rules of places and beds hold, times are one fixed pattern."""
    seats, caseloads, lodgings, appointments = [], [], [], []
    free = {room.id: room.beds for room in problem.rooms}
    taken = dict.fromkeys([c.id for c in problem.counsellors], 0)
    size = dict.fromkeys([g.id for g in problem.groups], 0)
    for resident in problem.residents:
        room = next(r for r in problem.rooms if r.policy == resident.gender and free[r.id])
        lodgings.append(Lodging(resident.id, room.id, room.beds - free[room.id] + 1, resident.arrives, resident.leaves))
        free[room.id] -= 1
        for subject in (*resident.choices[:1], *resident.education):
            group = next(g for g in problem.groups if g.subject == subject and size[g.id] < g.maximum)
            size[group.id] += 1
            seats.append(Seat(resident.id, group.id))
        counsellor = next(c for c in problem.counsellors if taken[c.id] < c.capacity)
        caseloads.append(Caseload(resident.id, counsellor.id))
        appointments.append(_appointment(problem, resident.id, counsellor.id, taken[counsellor.id]))
        taken[counsellor.id] += 1
    return Plan(
        outcome=outcome,
        problem_hash=problem_hash(problem),
        seats=tuple(seats),
        caseloads=tuple(caseloads),
        lodgings=tuple(lodgings),
        meetings=tuple(_meetings(problem)),
        appointments=tuple(appointments),
        stages=(
            Stage("classes", 3.0, 3.0, "optimal", "HiGHS", 0.1),
            Stage("times", 4.0, None, "feasible", "CP-SAT", 0.2),
        ),
        terms=(Term("choice", 3, 3.0),),
        score=7.0,
        bound=3.0,
        seed=1,
        engine="by hand",
        seconds=0.3,
    )


def _meetings(problem: Problem) -> list[Meeting]:
    """Classes on the first pattern of every day, education in the evenings."""
    meetings = []
    day_of = {p.id: p.day for p in problem.periods}
    for group in problem.groups:
        days: set[int] = set()
        for pattern in group.patterns if group.kind == "vocational" else group.patterns[::-1]:
            day = day_of[pattern.periods[0]]
            if day not in days and len(days) < group.meetings:
                days.add(day)
                venue = group.venues[0] if group.venues else None
                teacher = group.instructors[0] if group.instructors else None
                meetings.append(Meeting(group.id, pattern.periods, venue, teacher))
    return meetings


def _appointment(problem: Problem, resident: str, counsellor: str, n: int) -> Appointment:
    """The n-th slot of the counsellor's afternoons: two slots in each late block, odd and even weeks."""
    afternoons = [p for p in problem.periods if p.start == 930]
    period = afternoons[n // 4 % len(afternoons)]
    start = period.start + 45 * (n % 2)
    return Appointment(resident, counsellor, n // 2 % 2, period.id, start, start + 45)
