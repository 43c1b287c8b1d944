"""Public instances of other families, counted by the families' own rules, and the joint baseline on the same problem.
The files stay outside the repository: FOYER_INSTANCES names their folder."""

from __future__ import annotations

import os
import time
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.joint_cpsat import NotSaid, solve_jointly
from benchmarks.measures.engine import WORKERS
from benchmarks.measures.watching import load_solvers
from foyer.scheduling import solve
from foyer.scheduling.families import FAMILIES
from foyer.scheduling.families.preferences import evaluate, figures_of, problem_of, read_solution, solution_of
from foyer.scheduling.families.preferences_bench import reach_all
from foyer.scheduling.families.preferences_file import read_file
from foyer.scheduling.plan import UNFINISHED, Limits, Outcome


def folder() -> Path:
    """Where the public files are."""
    return Path(os.environ.get("FOYER_INSTANCES", Path(__file__).parents[2] / "../shared/instances"))


def instance(family: str, file: str, seconds: float, seed: int) -> dict[str, Any]:
    """Solve one file of that folder as ``foyer bench`` does."""
    load_solvers()
    module = import_module(FAMILIES[family])
    read = module.read((folder() / file).read_text(encoding="utf-8"))
    started = time.monotonic()
    plan = solve(module.problem_of(read), Limits(seconds=seconds, workers=WORKERS, seed=seed))
    value = module.evaluate(read, module.solution_of(read, plan))
    bound = None if plan.bound is None else plan.bound / getattr(module, "POINTS_PER_UNIT", 1)
    false = bound is not None and plan.outcome not in UNFINISHED and bound > value.cost + 0.01
    return {
        "cost": value.cost,
        "bound": bound,
        "outcome": str(plan.outcome),
        "violations": [f"{name} {count}" for name, count in value.hard if count] + (["bound"] if false else []),
        "stages": {s.name: [s.value, s.bound, s.status] for s in plan.stages},
        "seconds": time.monotonic() - started,
    }


def preferences(file: str, seconds: float, seed: int) -> dict[str, Any]:
    """One file of wishes for places, for the sum, for the profile of ranks and for leximin."""
    load_solvers()
    read = read_file(folder() / file)
    found = reach_all(read, read.objective, solve, Limits(seconds=seconds, workers=WORKERS, seed=seed))
    broken = [str(count) for r in found.values() if (count := evaluate(read, r.solution).violations)]
    return {
        "ranked": read.is_ranked,
        "violations": broken,
        "objectives": {
            name: {
                "total": r.figures.total,
                "bound": r.bound,
                "proven": r.is_proven,
                "levels": [sum(level.status == "optimal" for level in r.levels), len(r.levels)],
                "seconds": r.plan.seconds,
            }
            for name, r in found.items()
        },
    }


def preferences_joint(file: str, seconds: float, seed: int) -> dict[str, Any]:
    """The joint baseline for the sum of the same file."""
    read = read_file(folder() / file)
    plan = solve_jointly(problem_of(read, "sum"), seconds, seed, WORKERS)
    if plan.outcome not in (Outcome.OPTIMAL, Outcome.FEASIBLE):
        return {"total": None, "outcome": str(plan.outcome)}
    solution = solution_of(read, plan)
    total = figures_of(read, read_solution(read, solution)).total
    violations = evaluate(read, solution).violations
    return {"total": total, "outcome": str(plan.outcome), "violations": [str(violations)] if violations else []}


def joint(family: str, file: str, seconds: float, seed: int) -> dict[str, Any]:
    """The same problem by the joint baseline; ``cost`` is None where it found no plan or cannot say the problem."""
    module = import_module(FAMILIES[family])
    read = module.read((folder() / file).read_text(encoding="utf-8"))
    try:
        plan = solve_jointly(module.problem_of(read), seconds, seed, WORKERS)
    except NotSaid as unsaid:
        return {"cost": None, "outcome": f"cannot say {unsaid}"}
    if plan.outcome not in (Outcome.OPTIMAL, Outcome.FEASIBLE):
        return {"cost": None, "outcome": str(plan.outcome)}
    value = module.evaluate(read, module.solution_of(read, plan))
    broken = [f"{name} {count}" for name, count in value.hard if count]
    return {"cost": value.cost, "bound": plan.bound, "outcome": str(plan.outcome), "violations": broken}
