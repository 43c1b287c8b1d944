"""What the measurements rest on: houses that can be planned, baselines that keep the rules, figures counted right."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import replace

import pytest

from benchmarks import houses
from benchmarks.highs_alone import solve_alone
from benchmarks.joint_cpsat import NotSaid, solve_jointly
from benchmarks.levels import gaps_per_resident_week, plan_values, stage_values
from benchmarks.measures.peers import compared
from benchmarks.measures.watching import recorded_programs, relaxed_seconds
from benchmarks.rows import all_rows
from benchmarks.rows.base import SMOKE, Sizes, broken_in
from benchmarks.rows.large import slope
from foyer.scheduling import check, shortages, solve
from foyer.scheduling.plan import Appointment, Limits, Outcome
from foyer.scheduling.problem import DayRules, Problem
from foyer.scheduling.validation import faults_of
from tests.scheduling.village import hand_made, resident, village

REPEATABLE = Limits(seconds=60, workers=1, seed=1)


@pytest.mark.parametrize("make", [houses.ordinary, houses.turnover, houses.campus])
def test_invented_houses_are_sound_and_lack_nothing_that_counting_sees(make: Callable[[int, int], Problem]) -> None:
    for seed in (1, 2):
        problem = make(120, seed)
        assert len(problem.residents) == 120
        assert faults_of(problem) == ()
        assert shortages(problem) == ()
        assert make(120, seed) == problem
    assert make(120, 1) != make(120, 2)


def test_high_turnover_means_that_more_than_half_come_or_go_in_the_cycle() -> None:
    people = houses.turnover(120, 1).residents
    assert 0.5 < sum(r.leaves - r.arrives < houses.NIGHTS for r in people) / len(people) < 0.7


def test_houses_of_a_network_share_no_id() -> None:
    network = houses.network(3)
    ids = [r.id for house in network for r in house.residents]
    assert len(set(ids)) == len(ids) == 330
    assert all(faults_of(house) == () for house in network)


def test_the_joint_baseline_keeps_every_rule_and_proves_the_village() -> None:
    problem = village()
    plan = solve_jointly(problem, 60, workers=1)
    assert plan.outcome is Outcome.OPTIMAL
    assert check(problem, plan) == ()
    assert plan.bound == pytest.approx(plan.score)
    assert plan.score <= solve(problem, REPEATABLE).score + 0.01


def test_the_joint_baseline_refuses_what_it_cannot_say() -> None:
    with pytest.raises(NotSaid, match="day_rules"):
        solve_jointly(village(day_rules=DayRules(most_periods=3)), 1)


def test_the_stages_of_highs_alone_agree_with_the_engine() -> None:
    problem = houses.ordinary(24, 1)
    values = stage_values(problem, solve(problem, REPEATABLE))
    for stage in solve_alone(problem, 60):
        assert stage.proven
        assert values[stage.stage] == pytest.approx(stage.values)


def test_the_programs_of_a_run_are_recorded_and_relaxed() -> None:
    with recorded_programs() as models:
        solve(village(), REPEATABLE)
    assert models
    assert relaxed_seconds(models) > 0


def test_gaps_count_every_week_of_the_rotation() -> None:
    problem = village(residents=(resident("cal"),))
    plan = hand_made(problem, seats=(), caseloads=(), lodgings=(), meetings=(), appointments=())
    assert gaps_per_resident_week(problem, plan) == 0
    away = replace(problem, residents=(resident("cal", unavailable=("d0a", "d0e")),))
    assert gaps_per_resident_week(away, plan) == 2
    booked = replace(plan, appointments=(Appointment("cal", "kim", 0, "d0b", 615, 660),))
    assert gaps_per_resident_week(away, booked) == 1.5


def test_plans_compare_by_the_first_level_that_differs() -> None:
    assert compared((0.0, 3.0), (0.0, 4.0))
    assert not compared((60.0, 0.0), (0.0, 99.0))
    assert compared((0.0, 3.004), (0.0, 3.0))
    worse = hand_made(village(), caseloads=())
    assert plan_values(village(), worse) != plan_values(village(), hand_made(village()))


def test_the_growth_of_a_power_is_its_exponent() -> None:
    assert slope([math.log(n) for n in (120, 250, 500)], [math.log(3 * n**1.5) for n in (120, 250, 500)]) == (
        pytest.approx(1.5)
    )


def test_violations_are_found_wherever_figures_hold_them() -> None:
    assert broken_in({"ours": {"violations": ["pin"]}, "list": [{"violations": ["bound"]}], "violations": []}) == [
        "pin",
        "bound",
    ]


@pytest.mark.parametrize("sizes", [Sizes(), SMOKE])
def test_every_row_has_a_name_of_its_own_and_measures_something(sizes: Sizes) -> None:
    rows = all_rows(sizes)
    assert len({row.key for row in rows}) == len(rows)
    for row in rows:
        assert row.cases
        for each in row.cases:
            assert json.loads(json.dumps(dict(each.given))) == dict(each.given)
