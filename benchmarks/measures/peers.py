"""The engine beside the baselines: the same problem, the same limit, one after the other in one process each."""

from __future__ import annotations

from typing import Any

from benchmarks import highs_alone
from benchmarks.joint_cpsat import solve_jointly
from benchmarks.levels import plan_values, stage_values
from benchmarks.measures.engine import HOUSES, WORKERS, figures
from benchmarks.measures.watching import load_solvers
from foyer.scheduling import solve
from foyer.scheduling.plan import Limits, Outcome

CLOSE = 0.01  # points: aptitudes are rounded to a hundredth


def against_joint(house: str, residents: int, seed: int, seconds: float) -> dict[str, Any]:
    """Ours and the joint model's plan, compared level by level."""
    load_solvers()
    problem = HOUSES[house](residents, seed)
    ours = solve(problem, Limits(seconds=seconds, workers=WORKERS, seed=seed))
    theirs = solve_jointly(problem, seconds, seed, WORKERS)
    found = theirs.outcome in (Outcome.OPTIMAL, Outcome.FEASIBLE)
    theirs_figures = figures(problem, theirs) if found else {"violations": [], "outcome": str(theirs.outcome)}
    mine = figures(problem, ours)
    better = not found or compared(plan_values(problem, ours), plan_values(problem, theirs))
    return {"ours": mine, "theirs": theirs_figures, "violations": mine["violations"], "better": better}


def against_highs(house: str, residents: int, seed: int, seconds: float) -> dict[str, Any]:
    """Every assignment stage of ours beside one plain program in HiGHS. Worse: a worse value, or the same value proven
    there and not here."""
    load_solvers()
    problem = HOUSES[house](residents, seed)
    ours = solve(problem, Limits(seconds=seconds, workers=WORKERS, seed=seed))
    values, mine = stage_values(problem, ours), figures(problem, ours)
    stages = {}
    for alone in highs_alone.solve_alone(problem, seconds, seed):
        own = values[alone.stage]
        better = own if len(alone.values) < len(alone.levels) else compared(own, alone.values)
        status = mine["stages"].get(alone.stage, {}).get("status")
        stages[alone.stage] = {
            "ours": own,
            "theirs": alone.values,
            "ours_seconds": mine["stages"].get(alone.stage, {}).get("seconds"),
            "theirs_seconds": alone.seconds,
            "ours_proven": status == "optimal",
            "theirs_proven": alone.proven,
            "not_worse": bool(better is not False) and (status == "optimal" or not alone.proven),
        }
    return {"stages": stages, "violations": mine["violations"], "seconds": mine["seconds"]}


def compared(ours: tuple[float, ...], theirs: tuple[float, ...]) -> bool:
    """Whether ours is at least as good, the first difference deciding."""
    for a, b in zip(ours, theirs, strict=True):
        if abs(a - b) > CLOSE:
            return a < b
    return True
