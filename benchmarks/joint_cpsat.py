"""The baseline: a plain joint CP-SAT model of the whole problem, all decisions at once, one weighted sum of points.

    python -m benchmarks.joint_cpsat PROBLEM -o PLAN [--seconds 60] [--seed 1] [--workers 8]

Written as one would write it without knowing better: no stages, no aggregation of alike people, no cuts of our own.
Reads foyer-problem/1 and writes foyer-plan/1; the points are those of foyer.scheduling.score, in which unplaced weigh
most. What it cannot say, it refuses (NotSaid). It moves nobody during a stay, even where that is allowed.
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import MISSING, Field, fields, replace
from pathlib import Path
from typing import Any

from ortools.sat.python import cp_model

from benchmarks.joint.base import UNIT, Joint
from benchmarks.joint.rooms import add_rooms
from benchmarks.joint.seats import add_counsellors, add_seats
from benchmarks.joint.week import add_week
from foyer.scheduling.digest import problem_hash
from foyer.scheduling.files import read_problem, write_plan
from foyer.scheduling.index import Index
from foyer.scheduling.plan import Appointment, Caseload, Meeting, Outcome, Plan, Seat, Unmet
from foyer.scheduling.problem import KeepApart, Problem, TeachingGroup
from foyer.scheduling.score import rescored
from foyer.scheduling.stages.beds import number_beds


class NotSaid(ValueError):
    """The problem uses a field that this model does not know."""


def solve_jointly(problem: Problem, seconds: float, seed: int = 1, workers: int = 8, *, full: bool = False) -> Plan:
    """The best plan that one joint search finds in the time, building the model included. ``full``: no need may stay
    open."""
    started = time.monotonic()
    refuse_unknown(problem)
    joint = Joint(Index(problem))
    for add in (add_seats, add_counsellors, add_rooms, add_week):
        add(joint)
    if full:
        joint.model.add_bool_and(~open_ for open_ in joint.unmet.values())
    joint.model.minimize(sum(points * what for points, what in joint.costs))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = workers
    solver.parameters.random_seed = seed
    solver.parameters.max_time_in_seconds = max(0.1, seconds - (time.monotonic() - started))
    status = solver.solve(joint.model)
    plan = Plan(_outcome(status), problem_hash(problem), seed=seed, seconds=round(time.monotonic() - started, 3))
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return plan
    return replace(rescored(problem, _read(joint, solver, plan)), bound=solver.best_objective_bound / UNIT)


def _outcome(status: int) -> Outcome:
    return {
        cp_model.OPTIMAL: Outcome.OPTIMAL,
        cp_model.FEASIBLE: Outcome.FEASIBLE,
        cp_model.INFEASIBLE: Outcome.INFEASIBLE,
    }.get(status, Outcome.OUT_OF_TIME)


def _read(joint: Joint, solver: cp_model.CpSolver, plan: Plan) -> Plan:
    """What the solver chose, as a plan."""
    index = joint.index
    lives = {r: m for (r, m), literal in joint.room.items() if solver.value(literal)}
    return replace(
        plan,
        seats=tuple(Seat(*key) for key, literal in joint.seat.items() if solver.value(literal)),
        caseloads=tuple(Caseload(*key) for key, literal in joint.case.items() if solver.value(literal)),
        lodgings=number_beds(index, lives),
        meetings=tuple(
            Meeting(
                g,
                index.groups[g].patterns[number].periods,
                _chosen(joint.place, solver, g, number),
                _chosen(joint.teacher, solver, g, number),
            )
            for (g, number), literal in joint.start.items()
            if solver.value(literal)
        ),
        appointments=_appointments(joint, solver),
        unmet=tuple(
            Unmet(resident, need, subject if need == "education" else "")  # type: ignore[arg-type]
            for (resident, need, subject), literal in joint.unmet.items()
            if solver.value(literal)
        ),
    )


def _chosen(held: dict[Any, Any], solver: cp_model.CpSolver, group: str, number: int) -> str | None:
    chosen = (i for (g, n, i), literal in held.items() if (g, n) == (group, number) and solver.value(literal))
    return next(chosen, None)


def _appointments(joint: Joint, solver: cp_model.CpSolver) -> tuple[Appointment, ...]:
    """The slots of a period are dealt in order."""
    used: dict[tuple[str, int, str], int] = {}
    found = []
    for (resident, counsellor, week, period), literal in joint.slot.items():
        if solver.value(literal):
            number = used[counsellor, week, period] = used.get((counsellor, week, period), -1) + 1
            start, end = joint.index.slots(period)[number]
            found.append(Appointment(resident, counsellor, week, period, start, end))
    return tuple(found)


UNSAID: dict[type, tuple[str, ...]] = {
    TeachingGroup: ("target", "open_points", "follows", "weeks"),
    KeepApart: ("points",),
    Problem: ("together", "day_rules"),
}


def refuse_unknown(problem: Problem) -> None:
    """Raise NotSaid where the problem uses what the model does not honour."""
    for thing in (problem, *problem.groups, *problem.apart):
        for field in fields(thing):
            if field.name in UNSAID[type(thing)] and getattr(thing, field.name) != _default(field):
                raise NotSaid(f"{type(thing).__name__}.{field.name}")


def _default(field: Field[Any]) -> Any:
    return field.default if field.default is not MISSING else field.default_factory()  # type: ignore[misc]


def main() -> None:
    parser = argparse.ArgumentParser(description="Plan a foyer-problem/1 file with one joint CP-SAT model.")
    parser.add_argument("problem", type=Path)
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=8)
    given = parser.parse_args()
    problem = read_problem(given.problem.read_text(encoding="utf-8"))
    plan = solve_jointly(problem, given.seconds, given.seed, given.workers)
    given.output.write_text(write_plan(plan), encoding="utf-8")
    sys.stdout.write(f"{plan.outcome}: score {plan.score:g}, bound {plan.bound}, {len(plan.unmet)} unmet\n")


if __name__ == "__main__":
    main()
