"""What happens to a published plan in mid-cycle, and how little the engine changes then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from benchmarks.measures.engine import HOUSES, WORKERS
from benchmarks.measures.watching import load_solvers
from foyer.scheduling import check, solve
from foyer.scheduling.plan import Limits, Plan
from foyer.scheduling.problem import Instructor, KeepApart, Problem
from foyer.scheduling.repairing import RepairRequest, repair

NIGHT = 28  # the first that may change


def repairs(house: str, residents: int, seed: int, seconds: float) -> dict[str, Any]:
    """Four events of a cycle, each repaired by itself from the same published plan."""
    load_solvers()
    problem = HOUSES[house](residents, seed)
    limits = Limits(seconds=seconds, workers=WORKERS, seed=seed)
    published = solve(problem, limits)
    told: dict[str, Any] = {"full_seconds": published.seconds, "meetings": len(published.meetings), "events": {}}
    for name, happen in EVENTS.items():
        changed = happen(problem, published)
        found = repair(changed, published, RepairRequest(NIGHT), limits)
        told["events"][name] = {
            "seconds": found.plan.seconds,
            "outcome": str(found.plan.outcome),
            "violations": sorted({v.rule for v in check(changed, found.plan)}),
            "changes": len(found.changes),
            "sessions_moved": sum(change.kind == "time" and change.before is not None for change in found.changes),
            "people": len(found.people),
            "points": found.points,
            "proven": found.is_proven,
            "unmet": len(found.plan.unmet) - len(published.unmet),
        }
    return told


def instructor_replaced(problem: Problem, plan: Plan) -> Problem:
    """The instructor of the largest class falls out; the one who steps in is elsewhere on two mornings and a day."""
    sizes = {g.id: sum(s.group == g.id for s in plan.seats) for g in problem.groups if g.kind == "vocational"}
    largest = max(sizes, key=lambda g: sizes[g])
    out = next(g.instructors[0] for g in problem.groups if g.id == largest)
    busy = tuple(p.id for p in problem.periods if p.day == 2 or (p.day in (0, 4) and p.start < 12 * 60))
    return replace(
        problem,
        instructors=(*(i for i in problem.instructors if i.id != out), Instructor("stands-in", busy)),
        groups=tuple(
            replace(g, instructors=tuple("stands-in" if i == out else i for i in g.instructors)) for g in problem.groups
        ),
    )


def room_closed(problem: Problem, plan: Plan) -> Problem:
    """The fullest room is out of service for two weeks."""
    there = {m.id: sum(x.room == m.id and x.arrives <= NIGHT < x.leaves for x in plan.lodgings) for m in problem.rooms}
    fullest = max(there, key=lambda m: there[m])
    return replace(
        problem,
        rooms=tuple(
            replace(m, closed=(*m.closed, (NIGHT, NIGHT + 14))) if m.id == fullest else m for m in problem.rooms
        ),
    )


def resident_leaves(problem: Problem, plan: Plan) -> Problem:
    """One who was to stay to the end leaves today."""
    leaver = next(r.id for r in problem.residents if r.arrives < NIGHT and r.leaves == problem.nights)
    return replace(
        problem,
        residents=tuple(replace(r, leaves=NIGHT) if r.id == leaver else r for r in problem.residents),
    )


def pair_parted(problem: Problem, plan: Plan) -> Problem:
    """Two who share a room must share neither room nor class from today on."""
    at_home: dict[str, list[str]] = {}
    for lodging in plan.lodgings:
        if lodging.arrives <= NIGHT < lodging.leaves:
            at_home.setdefault(lodging.room, []).append(lodging.resident)
    a, b = next(people[:2] for people in at_home.values() if len(people) > 1)
    return replace(problem, apart=(*problem.apart, KeepApart(a, b, ("room", "class"))))


EVENTS: dict[str, Callable[[Problem, Plan], Problem]] = {
    "an instructor is replaced": instructor_replaced,
    "a room closes": room_closed,
    "a resident leaves": resident_leaves,
    "a pair is parted": pair_parted,
}
