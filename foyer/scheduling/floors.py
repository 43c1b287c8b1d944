"""Floors: what a stage costs at least, however fair or unfair the plan, told before anything is decided.

A level's bound speaks of plans that are as good on the levels before it, and of nothing while one of those is open. The
sum of all points of a stage has a linear relaxation too, which holds for every plan of the house. It takes about as
long as one level's relaxation; with it no plan is ever without a bound, whatever its run came to.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from typing import Any

from foyer.scheduling.program import Goal, Program, goal, in_solver_form
from foyer.scheduling.run import Run

TIME_SHARE = 0.2  # of the remaining time
LEAST_SECONDS = 0.5


def points_of(stage: str, goals: Iterable[Goal]) -> Goal:
    """All points of a stage's levels as one sum, named after the stage."""
    return goal(stage, [entry for each in goals if each.in_points for entry in each.entries])


def tell_floors(run: Run, program: Program, sums: Sequence[Goal]) -> None:
    """Tell the run the floor of each sum (``points_of``), as far as its relaxation is solved in time."""
    from ortools.math_opt.python import mathopt

    for each in sums:
        model = mathopt.Model.from_model_proto(in_solver_form(program, program.rows, each, whole=False))
        limit = datetime.timedelta(seconds=max(LEAST_SECONDS, run.budget() * TIME_SHARE))
        parameters = mathopt.SolveParameters(time_limit=limit)

        def solved(model: mathopt.Model = model, parameters: mathopt.SolveParameters = parameters) -> Any:
            return mathopt.solve(model, mathopt.SolverType.GLOP, params=parameters)

        result = run.wait_for(solved, stage=each.name)
        if result.termination.reason is mathopt.TerminationReason.OPTIMAL:
            run.has_floor(each.name, max(0.0, each.rounded_up(result.termination.objective_bounds.dual_bound)))
