"""What holds for every house: a plan passes the checker, claims are true, runs repeat, stopping leaves a usable answer,
files survive or are refused with the place of every mistake.

More examples, others each time: FOYER_EXAMPLES=20 pytest tests/scheduling/test_properties.py
"""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from benchmarks.joint_cpsat import NotSaid, refuse_unknown, solve_jointly
from benchmarks.levels import plan_values
from foyer.scheduling import check, solve
from foyer.scheduling.files import ProblemFileError, read_plan, read_problem, write_plan, write_problem
from foyer.scheduling.plan import UNFINISHED, Limits, Outcome, Plan
from foyer.scheduling.problem import Problem
from foyer.scheduling.validation import Fault, faults_of
from tests.scheduling.damage import damaged
from tests.scheduling.enumerate_all import enumerate_all
from tests.scheduling.profile import calm
from tests.scheduling.random_houses import houses
from tests.scheduling.tiny_houses import tiny_houses
from tests.scheduling.village import hand_made, village

REPEATABLE = Limits(seconds=60, workers=1, seed=1)
TWO_LAST = -2  # times and evenings, whose bounds hold only for the seats found


def unplaced_bound(plan: Plan) -> float:
    """What the stages claim about the first level of the whole."""
    levels = [level for stage in plan.stages if not stage.conditional for level in stage.levels]
    return sum(level.bound for level in levels if level.name == "unplaced")


@calm(25)
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


@calm(40)
@given(tiny_houses())
def test_every_claim_about_the_whole_holds_against_all_plans(problem: Problem) -> None:
    plan, whole = solve(problem, REPEATABLE), enumerate_all(problem)
    if plan.outcome is Outcome.INFEASIBLE:
        assert whole is None or not whole.has_full
        assert whole is None or {s.code for s in plan.shortages} != {"no_plan"}
        return
    assert whole is not None
    assert plan.bound is not None
    values = plan_values(problem, plan)
    assert values >= whole.values, "the enumeration missed a plan"
    assert unplaced_bound(plan) <= whole.values[0]
    if plan.outcome is Outcome.OPTIMAL:
        assert values[:TWO_LAST] == pytest.approx(whole.values[:TWO_LAST])
        assert plan.bound <= whole.least_score + 0.01
        if not any(stage.conditional for stage in plan.stages):
            assert values == pytest.approx(whole.values)


@calm(12)
@given(houses(most=5))
def test_an_independent_model_agrees_on_who_must_stay_unplaced_and_on_what_is_impossible(problem: Problem) -> None:
    try:
        refuse_unknown(problem)
    except NotSaid:
        assume(False)
    plan = solve(problem, REPEATABLE)
    if plan.outcome is Outcome.INFEASIBLE:
        assert solve_jointly(problem, 60, workers=1, full=True).outcome is Outcome.INFEASIBLE
    else:
        other = solve_jointly(problem, 5, workers=1)
        assert check(problem, other) == ()
        if other.outcome in (Outcome.OPTIMAL, Outcome.FEASIBLE):
            assert unplaced_bound(plan) <= plan_values(problem, other)[0]


def timeless(plan: Plan) -> Plan:
    """The plan without its seconds."""
    return replace(plan, seconds=0.0, stages=tuple(replace(s, seconds=0.0) for s in plan.stages))


@calm(6)
@given(houses(), st.integers(0, 10**9))
def test_one_worker_and_one_seed_give_one_plan(problem: Problem, seed: int) -> None:
    limits = replace(REPEATABLE, seed=seed)
    assert timeless(solve(problem, limits)) == timeless(solve(problem, limits))


def test_another_process_finds_the_same_plan(tmp_path: Path) -> None:
    problem = village()
    (tmp_path / "problem.json").write_text(write_problem(problem), encoding="utf-8")
    command = [sys.executable, "-m", "foyer.cli", "solve", "problem.json", "-o", "plan.json", "--workers", "1"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    there = read_plan((tmp_path / "plan.json").read_text(encoding="utf-8"))
    assert timeless(there) == timeless(solve(problem, replace(REPEATABLE, seconds=120.0)))


@calm(8)
@given(houses(), st.randoms(use_true_random=False))
def test_the_order_of_the_residents_does_not_matter(problem: Problem, shuffler: random.Random) -> None:
    people = list(problem.residents)
    shuffler.shuffle(people)
    shuffled = replace(problem, residents=tuple(people))
    a, b = solve(problem, REPEATABLE), solve(shuffled, REPEATABLE)
    assert a.outcome == b.outcome
    if a.outcome is Outcome.OPTIMAL:
        assert plan_values(problem, a)[:TWO_LAST] == pytest.approx(plan_values(shuffled, b)[:TWO_LAST])
        assert a.bound == pytest.approx(b.bound)


@calm(20)
@given(houses(), st.integers(0, 14))
def test_a_run_stopped_at_any_moment_leaves_a_plan_that_passes_the_checker(problem: Problem, events: int) -> None:
    seen: list[object] = []
    plan = solve(problem, REPEATABLE, progress=seen.append, stop=lambda: len(seen) >= events)
    assert check(problem, plan) == ()
    if plan.outcome in UNFINISHED:
        assert plan.outcome is Outcome.CANCELLED
    if plan.bound is not None:  # told where every assignment stage had ended: it holds for the best plan too
        assert plan.bound <= min(plan.score, solve(problem, REPEATABLE).score) + 1e-6
    assert read_plan(write_plan(plan)) == plan


@calm(25)
@given(houses())
def test_problems_survive_their_files(problem: Problem) -> None:
    assert read_problem(write_problem(problem)) == problem


PROBLEM_TEXT = write_problem(village())
PLAN_TEXT = write_plan(hand_made(village()))


def tried(read: Callable[[str], Any], text: str) -> tuple[Any, tuple[Fault, ...]]:
    """What the reader made of it, or the mistakes that it named; another exception fails the test."""
    try:
        return read(text), ()
    except ProblemFileError as error:
        return None, error.faults


@calm(150)
@given(damaged(PROBLEM_TEXT))
def test_a_damaged_problem_is_read_or_refused_with_the_place_of_every_mistake(text: str) -> None:
    problem, faults = tried(read_problem, text)
    if problem is None:
        assert faults
        assert all(fault.place and fault.message for fault in faults)
    else:
        assert read_problem(write_problem(problem)) == problem


@calm(100)
@given(damaged(PLAN_TEXT))
def test_a_damaged_plan_is_read_or_refused_and_never_breaks_the_checker(text: str) -> None:
    plan, faults = tried(read_plan, text)
    if plan is None:
        assert faults
        assert all(fault.place and fault.message for fault in faults)
    else:
        check(village(), plan)
