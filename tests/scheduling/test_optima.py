"""What a stage calls optimal is optimal: compared with complete enumeration on small random houses."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from foyer.scheduling.index import Index
from foyer.scheduling.plan import Level, Limits, Outcome, Plan, keep_quiet, never_stop
from foyer.scheduling.problem import Problem
from foyer.scheduling.program import Goal, Program, goal, minimise
from foyer.scheduling.run import Run
from foyer.scheduling.score import day_shape
from foyer.scheduling.stages.classes import place_in_classes
from foyer.scheduling.stages.counsellors import give_counsellors
from foyer.scheduling.stages.education import place_in_education
from foyer.scheduling.stages.room_program import decisive_nights
from foyer.scheduling.stages.rooms import give_rooms
from foyer.scheduling.stages.times import set_times
from tests.scheduling.brute import best_classes, best_counsellors, best_rooms, best_week
from tests.scheduling.random_houses import houses
from tests.scheduling.village import resident, village

CALM = settings(deadline=None, max_examples=30, suppress_health_check=list(HealthCheck), derandomize=True)


def run_on(problem: Problem) -> Run:
    return Run(Index(problem), Limits(seconds=60, workers=1), keep_quiet, never_stop, stages=6)


def reached(levels: tuple[Level, ...], *names: str) -> list[float]:
    values = {level.name: level.value for level in levels}
    return [values.get(name, 0) for name in names]


@CALM
@given(houses(most=4))
def test_classes_reach_the_enumerated_optimum_level_by_level(problem: Problem) -> None:
    best = best_classes(problem)
    found = place_in_classes(run_on(problem))
    if best is None:
        assert found.levels == ()
        return
    assert all(level.status == "optimal" and level.bound == level.value for level in found.levels)
    names = ("unplaced", "unlisted", "choice_5", "choice_4", "choice_3", "choice_2", "wishes", "openings")
    assert reached(found.levels, *names) == pytest.approx(list(best))


@CALM
@given(houses(most=4))
def test_rooms_reach_the_enumerated_optimum(problem: Problem) -> None:
    best = best_rooms(problem)
    found = give_rooms(run_on(problem))
    if best is None:
        assert found.levels == ()
        return
    assert reached(found.levels, "unplaced", "wishes") == pytest.approx(list(best))


@CALM
@given(houses(most=5))
def test_counsellors_reach_the_enumerated_optimum(problem: Problem) -> None:
    best = best_counsellors(problem)
    found = give_counsellors(run_on(problem))
    if best is None:
        assert found.levels == ()
        return
    assert reached(found.levels, "unplaced", "largest_caseload", "wishes") == pytest.approx(list(best))


@CALM
@given(houses(most=4))
def test_times_reach_the_enumerated_optimum_for_given_seats(problem: Problem) -> None:
    few = tuple(
        replace(g, meetings=min(g.meetings, 1), patterns=g.patterns[:5]) for g in problem.groups
    )  # else there is too much to enumerate
    problem = replace(problem, groups=few)
    run = run_on(problem)
    seats, lessons = place_in_classes(run), place_in_education(run)
    if not (seats.levels and lessons.levels):
        return  # there are no seats to set times for
    plan = Plan(Outcome.FEASIBLE, "", seats=(*seats.seats, *lessons.seats))
    best = best_week(problem, plan)
    found = set_times(run, plan.seats, ())
    if best is None:
        assert found.is_impossible
    else:
        assert reached(found.levels, "times") == [best]


@st.composite
def programs(draw: st.DrawFn) -> tuple[Program, list[Goal]]:
    program = Program()
    variables = [program.integer(0, draw(st.integers(1, 3))) for _ in range(draw(st.integers(1, 4)))]
    numbers = st.integers(-3, 3)
    for _ in range(draw(st.integers(0, 3))):
        program.row([(v, draw(numbers)) for v in variables], low=draw(st.integers(-9, 0)), high=draw(st.integers(0, 6)))
    program.row([(v, 1) for v in variables], low=draw(st.integers(0, 3)))
    costs = st.integers(0, 4)
    goals = [goal(str(i), [(v, draw(costs)) for v in variables]) for i in range(draw(st.integers(1, 3)))]
    return program, goals


@CALM
@given(programs())
def test_lexicographic_minima_agree_with_enumeration(made: tuple[Program, list[Goal]]) -> None:
    program, goals = made
    every = product(*(range(int(low), int(high) + 1) for low, high in zip(program.low, program.high, strict=True)))
    best = min((tuple(g.at(v) for g in goals) for v in every if program.satisfied_by(v)), default=None)
    answer = minimise(run_on(village()), "classes", program, goals)
    if best is None:
        assert not answer.is_feasible
    else:
        assert tuple(level.value for level in answer.levels) == best
        assert program.satisfied_by(answer.values)


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(1, 9)), min_size=1, max_size=8))
def test_decisive_nights_see_every_set_of_people_present(stays: list[tuple[int, int]]) -> None:
    people = [resident(f"r{i}", arrives=a, leaves=a + length) for i, (a, length) in enumerate(stays)]
    seen = [{r.id for r in people if r.arrives <= n < r.leaves} for n in decisive_nights(people)]
    for night in range(30):
        present = {r.id for r in people if r.arrives <= night < r.leaves}
        assert any(present <= larger for larger in seen)


@given(st.sets(st.integers(0, 5)), st.sets(st.integers(0, 5)))
def test_a_days_shape_agrees_with_its_definition(meetings: set[int], away: set[int]) -> None:
    day = tuple(str(i) for i in range(6))
    taken = meetings | away
    gaps = [i for i in range(6) if i not in taken and any(t < i for t in taken) and any(t > i for t in taken)]
    alone = len(taken) == 1 and taken <= meetings
    assert day_shape(day, {str(i) for i in meetings}, {str(i) for i in away}) == (len(gaps), alone)
