"""How soon a run that somebody cancels gives back what it has."""

from __future__ import annotations

import threading
import time
from typing import Any

from benchmarks.measures.engine import HOUSES, WORKERS, figures
from benchmarks.measures.watching import load_solvers
from foyer.scheduling import solve
from foyer.scheduling.plan import Limits
from foyer.scheduling.problem import Problem

LEFT_BEHIND = 3.0  # seconds for a solver that could not be interrupted to come to its own end


def cancels(house: str, residents: int, seed: int, seconds: float, moments: int) -> dict[str, Any]:
    """One whole plan, then the same run cancelled at so many moments of it, evenly spread: milliseconds from the
    request to the answer, and whether that was a complete plan."""
    load_solvers()
    problem = HOUSES[house](residents, seed)
    limits = Limits(seconds=seconds, workers=WORKERS, seed=seed)
    started = time.perf_counter()
    whole = solve(problem, limits)
    took = time.perf_counter() - started
    stops = []
    for i in range(moments):
        if i:
            time.sleep(LEFT_BEHIND)
        stops.append(_cancelled(problem, limits, took * (i + 0.5) / moments))
    return {**figures(problem, whole), "stops": stops}


def _cancelled(problem: Problem, limits: Limits, after: float) -> dict[str, Any]:
    asked: list[float] = []
    timer = threading.Timer(after, lambda: asked.append(time.perf_counter()))
    timer.start()
    plan = solve(problem, limits, stop=lambda: bool(asked))
    ended = time.perf_counter()
    timer.cancel()
    return {
        **figures(problem, plan),
        "after": after,
        "milliseconds": 1000 * (ended - asked[0]) if asked else None,  # None: the run was faster
        "complete": bool(plan.meetings),
    }
