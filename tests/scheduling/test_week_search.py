"""The search of a large week: what it finds and proves agrees with the exact model where that can still be solved."""

from __future__ import annotations

import threading
import time

import pytest
from hypothesis import HealthCheck, given, settings

from foyer.scheduling import check, solve
from foyer.scheduling.digest import problem_hash
from foyer.scheduling.families import ctt
from foyer.scheduling.index import Index
from foyer.scheduling.plan import Limits, Outcome, Plan, Progress, keep_quiet, never_stop
from foyer.scheduling.problem import Problem
from foyer.scheduling.run import Incumbent, Run
from foyer.scheduling.score import rescored, stage_points
from foyer.scheduling.stages.week_search import layout
from foyer.scheduling.stages.week_search.bounding import Bounding
from foyer.scheduling.stages.week_search.climb import Race
from foyer.scheduling.stages.week_search.kernel import CLASHES, POINTS, anneal, warm_up
from foyer.scheduling.stages.week_search.opening import first_places
from foyer.scheduling.stages.week_search.search import is_for_search, search_week
from tests.scheduling.test_ctt import instances
from tests.scheduling.test_week_wishes import schools

CALM = settings(deadline=None, max_examples=12, suppress_health_check=list(HealthCheck), derandomize=True)


@pytest.fixture(scope="module", autouse=True)
def _compiled() -> None:
    """Compiling takes longer than these searches may."""
    warm_up()


def searched(problem: Problem, *, seconds: float = 3.0, workers: int = 1) -> tuple[Plan, float, float] | None:
    """The plan with the meetings found, its points as the search counted them, and the bound."""
    run = Run(Index(problem), Limits(seconds=seconds, workers=workers, seed=3), keep_quiet, never_stop, 1)
    found = search_week(run)
    if found is None:
        return None
    meetings, level = found
    plan = rescored(problem, Plan(Outcome.FEASIBLE, problem_hash(problem), meetings=meetings))
    return plan, level.value, level.bound


def agrees_with_the_exact_model(problem: Problem) -> None:
    if not layout.is_searchable(Index(problem)):
        return
    exact = solve(problem, Limits(seconds=20, workers=1, seed=1))
    found = searched(problem)
    if exact.outcome is Outcome.INFEASIBLE:
        assert found is None
        return
    assert found is not None
    plan, value, bound = found
    assert check(problem, plan) == ()
    assert stage_points(plan.terms, "times") == value
    assert bound <= exact.score == value


def bounded(problem: Problem) -> float:
    """What is proven about the week without knowing any week: all relaxations, each solved to its end."""
    index = Index(problem)
    names = layout.names_of(index)
    race = Race(names.scale, Incumbent())
    limits = Limits(seconds=20, workers=1, seed=1)
    Bounding(index, race, limits).run(layout.board_of(index, names), names, 20.0)
    return race.bound / names.scale


@CALM
@given(schools())
def test_no_small_school_costs_less_than_its_bound(problem: Problem) -> None:
    exact = solve(problem, Limits(seconds=20, workers=1, seed=1))
    if layout.is_searchable(Index(problem)) and exact.outcome is Outcome.OPTIMAL:
        assert bounded(problem) <= exact.score


@CALM
@given(instances())
def test_no_small_curriculum_costs_less_than_its_bound(instance: ctt.Instance) -> None:
    problem = ctt.problem_of(instance)
    exact = solve(problem, Limits(seconds=20, workers=1, seed=1))
    if layout.is_searchable(Index(problem)) and exact.outcome is Outcome.OPTIMAL:
        assert bounded(problem) <= exact.score


def crowded(rooms: tuple[tuple[str, int], ...], curricula: tuple[tuple[str, tuple[str, ...]], ...]) -> Problem:
    """Two courses of three lectures, wished on three days, for 50 and 40 people."""
    courses = (ctt.Course("a", "ann", 3, 3, 50), ctt.Course("b", "bob", 3, 3, 40))
    return ctt.problem_of(ctt.Instance("crowded", 3, 1, courses, rooms, curricula, frozenset()))


def test_days_wished_by_a_course_alone_in_its_curriculum_are_proven_to_cost_lone_lectures() -> None:
    assert bounded(crowded((("r", 60), ("s", 60)), (("q", ("a",)),))) == 6


def test_a_seat_short_at_every_time_is_proven_though_the_large_room_is_free_often_enough() -> None:
    """Three times, at each of which one of the two courses needs the small room: 3 x 10 seats at least."""
    assert bounded(crowded((("large", 60), ("small", 30)), ())) == 30


@CALM
@given(schools())
def test_a_small_school_is_found_at_its_optimum(problem: Problem) -> None:
    agrees_with_the_exact_model(problem)


@CALM
@given(instances())
def test_a_small_curriculum_is_found_at_its_optimum(instance: ctt.Instance) -> None:
    agrees_with_the_exact_model(ctt.problem_of(instance))


def large() -> Problem:
    """Twenty courses in five days of six periods: above the size from which weeks are searched."""
    courses = tuple(ctt.Course(f"c{i}", f"t{i % 12}", 4, 3, 10 + 7 * i) for i in range(20))
    rooms = (("r0", 30), ("r1", 60), ("r2", 90), ("r3", 120), ("r4", 150))
    curricula = tuple((f"q{i}", tuple(f"c{(i * 3 + j) % 20}" for j in range(4))) for i in range(6))
    closed = frozenset((f"c{i}", i % 5, j) for i in range(20) for j in range(2))
    return ctt.problem_of(ctt.Instance("large", 5, 6, courses, rooms, curricula, closed))


def test_what_moves_count_is_what_a_recount_finds() -> None:
    index = Index(large())
    names = layout.names_of(index)
    board = layout.board_of(index, names)
    places = first_places(board, names, set(), 1)
    assert places is not None
    hands = layout.hands_of(index, names, board, 1, places)
    for temperature in (40.0, 4.0, 1.0, 0.2):
        anneal(board, hands, temperature, 20_000)
        anew = layout.hands_of(
            index, names, board, 1, list(zip(hands.slot.tolist(), hands.venue.tolist(), strict=True))
        )
        for name in ("at", "busy", "taken", "mask", "on_day", "days", "in_venue"):
            assert (getattr(hands, name) == getattr(anew, name)).all(), name
        assert (hands.totals[[CLASHES, POINTS]] == anew.totals[[CLASHES, POINTS]]).all()


def test_a_large_week_is_searched_and_repeats_with_one_worker() -> None:
    problem = large()
    assert is_for_search(Index(problem))
    plans = [solve(problem, Limits(seconds=5, workers=1, seed=5)) for _ in range(2)]
    assert plans[0].meetings == plans[1].meetings
    assert check(problem, plans[0]) == ()
    assert plans[0].bound is not None
    assert plans[0].bound <= plans[0].score


def test_two_threads_find_a_week_within_the_time_and_never_below_their_bound() -> None:
    problem = large()
    plan = solve(problem, Limits(seconds=6, workers=2, seed=5))
    assert plan.outcome in (Outcome.OPTIMAL, Outcome.FEASIBLE)
    assert check(problem, plan) == ()
    assert plan.bound is not None
    assert plan.bound <= plan.score


def test_a_cancelled_search_keeps_its_best_week() -> None:
    problem = large()
    stop = threading.Event()
    run = Run(Index(problem), Limits(seconds=60, workers=2, seed=5), keep_quiet, stop.is_set, 1)
    threading.Timer(1.5, stop.set).start()
    began = time.monotonic()
    found = search_week(run)
    assert time.monotonic() - began < 60
    if found is not None:
        assert check(problem, rescored(problem, Plan(Outcome.FEASIBLE, problem_hash(problem), meetings=found[0]))) == ()


def test_a_cancelled_run_gives_the_best_week_that_it_told_of() -> None:
    told: list[float] = []

    def listen(news: Progress) -> None:
        if news.stage == "times" and news.status == "improved" and news.score is not None:
            told.append(news.score)

    plan = solve(large(), Limits(seconds=60, workers=2, seed=5), listen, lambda: bool(told))
    assert check(large(), plan) == ()
    assert plan.score <= told[-1]
