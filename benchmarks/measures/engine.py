"""The engine on the invented houses."""

from __future__ import annotations

import resource
import time
from typing import Any

from benchmarks import highs_alone, houses
from benchmarks.levels import gaps_per_resident_week, plan_values
from benchmarks.measures.watching import ASSIGNMENT, GOOD, Watch, load_solvers, recorded_programs, relaxed_seconds
from foyer.scheduling import check, solve
from foyer.scheduling.plan import Limits, Plan, Stage
from foyer.scheduling.problem import Problem

HOUSES = {"ordinary": houses.ordinary, "turnover": houses.turnover, "campus": houses.campus}
WORKERS = 8  # the portfolio of CP-SAT needs them, even on two cores


def full_plan(house: str, residents: int, seed: int, seconds: float) -> dict[str, Any]:
    """One whole plan (``large_plan``), and the unit of its seconds: how long the linear relaxations take."""
    with recorded_programs() as models:
        told = large_plan(house, residents, seed, seconds)
    return {
        **told,
        "programs_relaxed": relaxed_seconds(models) if told["assigned"] is not None else None,
        "stages_relaxed": highs_alone.relaxation_seconds(HOUSES[house](residents, seed)),
    }


def large_plan(house: str, residents: int, seed: int, seconds: float) -> dict[str, Any]:
    """One whole plan: what it is worth, what is proven, when what was in hand."""
    load_solvers()
    problem, watch = HOUSES[house](residents, seed), Watch()
    plan = solve(problem, Limits(seconds=seconds, workers=WORKERS, seed=seed), watch)
    told = figures(problem, plan)
    certified_at_last = told["gap"] is not None and told["gap"] <= GOOD
    return {
        **told,
        "first_complete": watch.first_complete,
        "good_complete": watch.good(plan.score),
        "certified": watch.certified or (plan.seconds if certified_at_last else None),
        "assigned": watch.assigned(),
        "gaps": gaps_per_resident_week(problem, plan),
    }


def figures(problem: Problem, plan: Plan) -> dict[str, Any]:
    """What every measurement of a plan tells."""
    return {
        "outcome": str(plan.outcome),
        "violations": sorted({v.rule for v in check(problem, plan)}),
        "unmet": len(plan.unmet),
        "score": plan.score,
        "bound": plan.bound,
        "gap": gap(plan.score, plan.bound),
        "seconds": plan.seconds,
        "levels": list(plan_values(problem, plan)),
        "stages": {s.name: _stage(s) for s in plan.stages},
        "assigned_proven": sum(s.name in ASSIGNMENT and s.status == "optimal" for s in plan.stages) == len(ASSIGNMENT),
    }


def _stage(stage: Stage) -> dict[str, Any]:
    return {
        "value": stage.value,
        "bound": stage.bound,
        "gap": gap(stage.value, stage.bound),
        "status": stage.status,
        "seconds": stage.seconds,
        "conditional": stage.conditional,
    }


def gap(value: float, bound: float | None) -> float | None:
    """The share of a value that its bound leaves open; None without a bound."""
    if bound is None:
        return None
    return max(0.0, value - bound) / value if value else 0.0


def memory(house: str, residents: int, seed: int, seconds: float) -> dict[str, Any]:
    """Peak resident memory of a process that does nothing but plan once, in MB."""
    problem = HOUSES[house](residents, seed)
    plan = solve(problem, Limits(seconds=seconds, workers=WORKERS, seed=seed))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {**figures(problem, plan), "megabytes": peak}


def repeated(house: str, residents: int, seed: int, seconds: float) -> dict[str, Any]:
    """The plan of one worker as a hash, which every process must find."""
    import hashlib
    from dataclasses import replace

    from foyer.scheduling.files import write_plan

    problem = HOUSES[house](residents, seed)
    started = time.perf_counter()
    plan = solve(problem, Limits(seconds=seconds, workers=1, seed=seed))
    stages = tuple(replace(s, seconds=0.0) for s in plan.stages)
    text = write_plan(replace(plan, seconds=0.0, stages=stages))
    return {
        **figures(problem, plan),
        "hash": hashlib.sha256(text.encode()).hexdigest(),
        "seconds": time.perf_counter() - started,
    }


def network(count: int, residents: int, seed: int, seconds: float) -> dict[str, Any]:
    """So many houses over two processes, each house within the seconds."""
    from foyer.scheduling.network import solve_network

    made = {house.name: house for house in houses.network(count, seed, residents)}
    started = time.perf_counter()
    found = list(solve_network(made.values(), Limits(seconds=seconds, workers=1, seed=seed), processes=2))
    took = time.perf_counter() - started
    plans = [(made[house.name], house.plan) for house in found if house.plan is not None]
    score, bound = (sum(values) for values in zip(*((p.score, p.bound or 0.0) for _, p in plans), strict=True))
    return {
        "houses": count,
        "planned": len(plans),
        "residents": sum(len(problem.residents) for problem in made.values()),
        "unmet": sum(len(plan.unmet) for _, plan in plans),
        "violations": sorted({v.rule for problem, plan in plans for v in check(problem, plan)}),
        "gap": gap(score, bound),
        "seconds": took,
    }
