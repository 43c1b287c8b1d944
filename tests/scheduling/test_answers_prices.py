"""Prices are exact: the optimum with the option forced less the optimum, by complete enumeration of small houses."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from foyer.scheduling import solve
from foyer.scheduling.answers.counsellor_stage import counsellor_prices
from foyer.scheduling.answers.exchange import NOWHERE
from foyer.scheduling.answers.forms import Price
from foyer.scheduling.answers.opening import opened_for
from foyer.scheduling.answers.stages import StagePrices, cheapest_of, persons_in, seat_prices, seat_values
from foyer.scheduling.answers.why import Case
from foyer.scheduling.index import Index
from foyer.scheduling.plan import Limits, Outcome, Plan, Seat, keep_quiet, never_stop
from foyer.scheduling.problem import Pin, Problem
from foyer.scheduling.program import minimise
from foyer.scheduling.run import Run
from foyer.scheduling.stages import electives as elective_stage
from foyer.scheduling.stages.classes import place_in_classes
from foyer.scheduling.stages.counsellors import give_counsellors
from tests.scheduling.brute import best_classes, best_counsellors
from tests.scheduling.random_houses import houses
from tests.scheduling.test_choices import tiny

CALM = settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),
)
CLASS_LEVELS = ("unplaced", "unlisted", "choice_5", "choice_4", "choice_3", "choice_2", "wishes", "openings")


def run_on(problem: Problem) -> Run:
    return Run(Index(problem), Limits(seconds=60, workers=1), keep_quiet, never_stop, stages=6)


def after(prices: StagePrices, price: Price, names: tuple[str, ...]) -> list[float]:
    """The levels as they would be."""
    changed = {level.level: level.after for level in price.levels}
    return [changed.get(name, prices.values.get(name, 0)) for name in names]


def compare(price: Price | None, reached: list[float], best: tuple[float, ...] | None) -> None:
    """What a price claims, against the enumerated optimum of the problem with the option pinned."""
    if price is None:
        assert best is None
    elif price.proof == "exact":
        assert best is not None
        assert reached == pytest.approx(list(best))
    elif price.proof == "at_least":
        assert best is None or list(best) >= [round(value, 2) for value in reached]
    else:
        assert best is not None
        assert list(best) <= [value + 1e-6 for value in reached]


@CALM
@given(houses(most=4))
def test_class_prices_are_those_of_the_pinned_problem(problem: Problem) -> None:
    found = place_in_classes(run_on(problem))
    if not found.levels:
        return
    prices = seat_prices(Index(problem), Plan(Outcome.FEASIBLE, "", seats=found.seats), "class")
    assert prices.kept.is_best
    for (person, group), _ in prices.kept.assignment.variable.items():
        if group != NOWHERE and prices.kept.exchange.place[person] != group:
            pinned = replace(problem, pins=(*problem.pins, Pin("class", person[0], group)))
            price, _ = prices.priced(person, group)
            reached, best = after(prices, price, CLASS_LEVELS) if price else [], best_classes(pinned)
            if price is not None and price.proof == "at_least":  # openings aside
                reached, best = reached[:-1], best[:-1] if best else None
            compare(price, reached, best)


@CALM
@given(houses(most=5))
def test_counsellor_prices_are_those_of_the_pinned_problem(problem: Problem) -> None:
    problem = replace(problem, residents=tuple(replace(r, case_weight=1) for r in problem.residents))
    found = give_counsellors(run_on(problem))
    if not found.levels or best_counsellors(problem) is None:  # a pin that counting finds impossible
        return
    prices = counsellor_prices(Index(problem), Plan(Outcome.FEASIBLE, "", caseloads=found.caseloads))
    assert prices is not None
    for (person, counsellor), _ in prices.kept.assignment.variable.items():
        if counsellor != NOWHERE and prices.kept.exchange.place[person] != counsellor:
            pinned = replace(problem, pins=(*problem.pins, Pin("counsellor", person[0], counsellor)))
            price, _ = prices.priced(person, counsellor)
            reached = after(prices, price, ("unplaced", "wishes")) if price else []
            if price is not None and price.proof == "at_least":
                reached = reached[:1]
            else:
                reached[1:1] = [found.levels[1].value] * bool(reached)
            compare(price, reached, best_counsellors(pinned))


@CALM
@given(tiny(), st.booleans(), st.booleans())
def test_prices_of_classes_and_electives_agree_with_the_solver(problem: Problem, is_tied: bool, one_kind: bool) -> None:
    """Bids, luck, leximin, exclusions and instructors' limits included: the stage's program with the option forced."""
    people = tuple(replace(r, needs_room=False, needs_counsellor=False) for r in problem.residents)
    if one_kind:
        people = tuple(replace(r, needs_vocational=True, electives=0) for r in people)
    problem = replace(problem, residents=people)
    if not is_tied:  # then prices of a single kind can be exact
        problem = replace(problem, groups=tuple(replace(g, excludes=(), instructors=()) for g in problem.groups))
    plan = solve(problem, Limits(seconds=60, workers=1))
    if plan.outcome is Outcome.INFEASIBLE:
        return
    index, case = Index(problem), Case.of(problem, plan)
    classes, goals = case.program("class")
    electives, elective_goals = elective_stage.program(index)
    for stage, made, levels in (
        (case.classes, classes, goals),
        (case.electives, electives, elective_goals),
    ):
        for (resident, group), variable in made.seat.items():
            if group in case.groups[resident]:
                continue
            _, price, _ = cheapest_of(stage, persons_in(stage, resident, index.groups[group]), group)
            made.program.low[variable] = 1
            answer = minimise(run_on(problem), "classes", made.program, levels)
            made.program.low[variable] = 0
            names = tuple(level.name for level in levels)
            best = tuple(level.value for level in answer.levels) if answer.is_feasible else None
            reached = after(stage, price, names) if price else []
            if price is not None and price.proof == "at_least":  # openings aside
                counted = len(stage.free.goals)
                reached, best = reached[:counted], best[:counted] if best else None
            compare(price, reached, best)


@CALM
@given(houses(most=5))
def test_a_closed_class_opened_by_chains_is_the_best_of_all_plans_that_open_it(problem: Problem) -> None:
    plan = Plan(Outcome.FEASIBLE, "", seats=place_in_classes(run_on(problem)).seats)
    case = Case(Index(problem), plan, problem, plan)
    for (person, group), _ in case.classes.kept.assignment.variable.items():
        if group == NOWHERE or group in case.classes.kept.exchange.place.values():
            continue
        places = opened_for(case.classes, case.program("class"), person, group)
        if places is not None:
            seats = tuple(Seat(r, g) for (r, _), g in places.items() if g != NOWHERE)
            best = best_classes(replace(problem, pins=(*problem.pins, Pin("class", person[0], group))))
            assert best is not None
            reached = seat_values(case.index, replace(plan, seats=seats), "class")
            assert [reached.get(name, 0) for name in CLASS_LEVELS] == pytest.approx(list(best))
