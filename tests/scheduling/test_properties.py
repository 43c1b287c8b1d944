"""What holds for every house: a plan passes the checker, bounds stay below values, certificates are true."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings

from foyer.scheduling import check, solve
from foyer.scheduling.files import read_plan, read_problem, write_plan, write_problem
from foyer.scheduling.plan import Limits, Outcome
from foyer.scheduling.problem import Problem
from foyer.scheduling.validation import faults_of
from tests.scheduling.random_houses import houses

REPEATABLE = Limits(seconds=60, workers=1, seed=1)
CALM = settings(deadline=None, max_examples=25, suppress_health_check=list(HealthCheck), derandomize=True)


@CALM
@given(houses())
def test_every_plan_passes_the_checker_and_no_bound_exceeds_its_value(problem: Problem) -> None:
    assert faults_of(problem) == ()
    plan = solve(problem, REPEATABLE)
    assert check(problem, plan) == ()
    assert plan.outcome in (Outcome.OPTIMAL, Outcome.FEASIBLE, Outcome.INFEASIBLE)
    if plan.outcome is Outcome.INFEASIBLE:
        assert plan.shortages
    else:
        assert plan.bound is not None
        assert plan.bound <= plan.score + 0.01


@CALM
@given(houses())
def test_problems_and_plans_survive_their_files(problem: Problem) -> None:
    assert read_problem(write_problem(problem)) == problem
    plan = solve(problem, Limits(seconds=60, workers=1), stop=lambda: True)
    assert read_plan(write_plan(plan)) == plan
