"""CP-SAT, watched: progress, cancelling, and limits that repeat where one worker is asked for."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from foyer.scheduling.program import Program
from foyer.scheduling.run import Incumbent, Run

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

LEAST_SECONDS = 0.5  # however little of the stage's time is left
BRIEFLY = 0.2  # of deterministic time, for a model that is likely to be easy
SLACK = 4.0  # how many times its deterministic limit a repeatable run may take by the clock


@dataclass(frozen=True, slots=True)
class Searched:
    """How a search ended. ``value`` reads a variable of the best solution; call it only where
    ``is_feasible``."""

    is_feasible: bool
    is_proven: bool  # optimal, or proven infeasible
    objective: float
    bound: float
    value: Callable[[Any], int]


def search(
    run: Run,
    stage: str,
    model: cp_model.CpModel,
    *,
    seconds: float,
    unit: int | None = None,
    is_easy: bool = False,
) -> Searched:
    """Minimise the model within ``seconds``. With one worker the limit is in deterministic time, so that the run can
    be repeated exactly. ``unit`` of the objective is one point, for the progress; None keeps quiet. ``is_easy``: it is
    tried lightly first, since preparing costs more than searching where next to nothing is open; only what that does
    not prove is searched in full. Cancelling keeps the best found; with nothing found, Stopped is raised."""
    run.check_stop()
    if is_easy:
        found = _searched(run, stage, model, _lightly(_solver(run, seconds)), unit)
        if found.is_proven:
            return found
    return _searched(run, stage, model, _solver(run, seconds), unit)


def _solver(run: Run, seconds: float) -> cp_model.CpSolver:
    from ortools.sat.python import cp_model

    solver = cp_model.CpSolver()
    solver.parameters.num_workers = run.limits.workers
    solver.parameters.random_seed = run.limits.seed % (2**31 - 1)
    solver.parameters.max_time_in_seconds = min(seconds, max(LEAST_SECONDS, run.budget()))
    if run.limits.workers == 1:
        solver.parameters.max_deterministic_time = seconds
        solver.parameters.max_time_in_seconds = min(seconds * SLACK, max(LEAST_SECONDS, run.budget()))
    return solver


def _lightly(solver: cp_model.CpSolver) -> cp_model.CpSolver:
    """One worker, briefly, with the least preparation: each part of it pays only in a search that takes long."""
    parameters = solver.parameters
    parameters.num_workers = 1
    parameters.max_deterministic_time = min(BRIEFLY, parameters.max_deterministic_time)
    parameters.max_presolve_iterations = 1
    parameters.cp_model_probing_level = parameters.symmetry_level = parameters.linearization_level = 0
    return solver


def _searched(run: Run, stage: str, model: cp_model.CpModel, solver: cp_model.CpSolver, unit: int | None) -> Searched:
    from ortools.sat.python import cp_model

    incumbent = Incumbent()
    callback = _listener(incumbent, unit) if unit else None
    if unit:
        solver.best_bound_callback = lambda bound: incumbent.tell(None, _points(bound, unit))
    status = run.wait_for(
        lambda: solver.solve(model, callback), stage=stage, incumbent=incumbent, interrupt=solver.stop_search
    )
    if status == cp_model.MODEL_INVALID:
        raise AssertionError(f"{stage}: {model.validate()}")
    feasible = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    if not feasible and status != cp_model.INFEASIBLE:
        run.check_stop()
    return Searched(
        feasible,
        status in (cp_model.OPTIMAL, cp_model.INFEASIBLE),
        solver.objective_value if feasible else 0.0,
        solver.best_objective_bound if feasible else 0.0,
        lambda variable: int(solver.value(variable)),
    )


def spoken(model: cp_model.CpModel, program: Program) -> list[Any]:
    """The program's rows in the model; gives its variables there."""
    variables = [
        model.new_int_var(int(low), int(high), "") for low, high in zip(program.low, program.high, strict=True)
    ]
    for low, high, entries in program.rows:
        total = sum(int(c) * variables[v] for v, c in entries)
        if low > float("-inf"):
            model.add(total >= int(low))
        if high < float("inf"):
            model.add(total <= int(high))
    return variables


def _points(objective: float, unit: int) -> float:
    """Whole points in an objective that may have smaller things behind them."""
    return float(max(0, math.floor(objective / unit)))


def _listener(incumbent: Incumbent, unit: int) -> cp_model.CpSolverSolutionCallback:
    from ortools.sat.python import cp_model

    class Listener(cp_model.CpSolverSolutionCallback):
        def on_solution_callback(self) -> None:
            incumbent.tell(_points(self.objective_value, unit), _points(self.best_objective_bound, unit))

    return Listener()
