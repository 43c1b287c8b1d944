"""Floors: a bound that holds for every plan, known before a stage is decided and kept whatever becomes of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given

from foyer.scheduling import check, solve
from foyer.scheduling.index import Index
from foyer.scheduling.pipeline import Draft, _Timer
from foyer.scheduling.plan import Level, Limits, Outcome, Plan, Progress, keep_quiet, never_stop
from foyer.scheduling.problem import Problem
from foyer.scheduling.run import Run
from foyer.scheduling.stages.counsellors import give_counsellors
from foyer.scheduling.stages.rooms import give_rooms
from foyer.scheduling.stages.seating import Seats
from foyer.scheduling.stages.together import fill_groups, kinds_tied
from tests.scheduling.enumerate_all import enumerate_all
from tests.scheduling.house import make_house
from tests.scheduling.profile import calm
from tests.scheduling.tiny_houses import tiny_houses

ONE = Limits(seconds=60, workers=1, seed=1)


def run_of(problem: Problem) -> Run:
    return Run(Index(problem), ONE, keep_quiet, never_stop, 6)


def stopped(problem: Problem, moment: Callable[[Progress], bool]) -> Plan:
    """The plan of a run that is cancelled as soon as some news is the moment."""
    reached: list[bool] = []
    plan = solve(problem, ONE, lambda news: reached.append(True) if moment(news) else None, lambda: bool(reached))
    assert check(problem, plan) == ()
    return plan


@calm(30)
@given(tiny_houses())
def test_no_plan_at_all_costs_less_than_the_floors(problem: Problem) -> None:
    whole = enumerate_all(problem)
    if whole is None:
        return
    run = run_of(problem)
    for kinds in kinds_tied(run.index):
        fill_groups(run, kinds)
    give_counsellors(run)
    give_rooms(run)
    assert sum(run.floors.values()) <= whole.least_of_all + 1e-6


def test_a_run_stopped_before_its_first_stage_ended_has_a_bound() -> None:
    problem = make_house(60, seed=2)
    best = solve(problem, ONE)
    plan = stopped(problem, lambda news: news.status == "improved" and bool(news.bound))
    assert plan.outcome is Outcome.CANCELLED
    assert plan.bound is not None
    assert 0 < plan.bound <= best.score
    assert all(stage.bound is None or stage.status == "feasible" for stage in plan.stages if stage.value != stage.bound)


def test_bounds_told_while_a_run_works_never_fall_and_never_exceed_the_plan() -> None:
    heard: list[Progress] = []
    plan = solve(make_house(40, seed=3), ONE, heard.append)
    told = [news.bound for news in heard if news.bound is not None]
    assert told == sorted(told)
    assert told[-1] <= plan.score


def test_a_stage_whose_first_levels_stay_open_keeps_its_floor() -> None:
    run = run_of(make_house(24, seed=1))
    run.has_floor("classes", 40.0)
    draft = Draft(run.index, floors=run.floors)
    timer = _Timer(run, draft)
    timer.begin("classes")
    levels = (Level("choice_2", 3, 1, "feasible", "HiGHS"), Level("wishes", 45, 44, "feasible", "HiGHS"))
    timer.take("classes", Seats((), (), levels))
    assert (draft.stages[0].value, draft.stages[0].bound) == (45, 40)


def test_a_floor_never_exceeds_what_was_found() -> None:
    run = run_of(make_house(24, seed=1))
    run.has_floor("classes", 40.004)
    draft = Draft(run.index, floors=run.floors)
    timer = _Timer(run, draft)
    timer.begin("classes")
    timer.take("classes", Seats((), (), (Level("wishes", 40, 40, "optimal", "HiGHS"),)))
    assert draft.stages[0].bound == 40


@pytest.mark.parametrize("seconds", [0.4, 1.0])
def test_a_run_without_time_claims_no_more_than_a_run_with_time_finds(seconds: float) -> None:
    problem = make_house(60, seed=2)
    best, hasty = solve(problem, ONE), solve(problem, replace(ONE, seconds=seconds))
    assert check(problem, hasty) == ()
    assert (hasty.bound or 0.0) <= best.score + 0.01
