"""The engine as a whole: on an invented house of any size it plans, proves and breaks no rule."""

from __future__ import annotations

from foyer.scheduling import check, solve
from foyer.scheduling.plan import Limits, Outcome
from tests.scheduling.house import make_house

REPEATABLE = Limits(seconds=60, workers=1, seed=3)


def test_a_small_house_is_planned_and_every_stage_proven() -> None:
    problem = make_house(24, seed=2)
    plan = solve(problem, REPEATABLE)
    assert plan.outcome is Outcome.OPTIMAL
    assert check(problem, plan) == ()
    assert plan.unmet == ()
    assert plan.bound == plan.score
