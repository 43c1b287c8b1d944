"""A complete plan is in hand from the first moments on, and whoever stops the run gets the best one so far."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import Phase, given, settings

from foyer.scheduling import check, solve
from foyer.scheduling.index import Index
from foyer.scheduling.plan import Caseload, Limits, Outcome, Plan, Progress, Seat
from foyer.scheduling.problem import KeepApart, KeepTogether, Pin, Problem
from foyer.scheduling.quick.dealing import Dealing
from foyer.scheduling.quick.whole import Decided, complete
from foyer.scheduling.score import stage_points
from foyer.scheduling.spans import by_span
from foyer.scheduling.stages import classes
from foyer.scheduling.stages.room_program import goals_of, room_program
from foyer.scheduling.stages.starts import rooms_start, seats_start
from tests.scheduling.house import make_house
from tests.scheduling.random_houses import houses
from tests.scheduling.test_electives import sporty
from tests.scheduling.village import hand_made, village

ONE = Limits(seconds=60, workers=1, seed=3)
TWO = Limits(seconds=60, workers=2, seed=3)


def never() -> None:
    """A tick that stops nothing."""


def stopped_at(problem: Problem, limits: Limits, moment: Callable[[Progress], bool]) -> tuple[Plan, list[Progress]]:
    """The plan of a run that is cancelled as soon as some news is the moment."""
    heard: list[Progress] = []
    reached: list[bool] = []

    def hear(news: Progress) -> None:
        heard.append(news)
        if moment(news):
            reached.append(True)

    plan = solve(problem, limits, hear, lambda: bool(reached))
    assert check(problem, plan) == ()
    return plan, heard


@pytest.mark.parametrize("limits", [ONE, TWO], ids=["one worker", "two workers"])
@pytest.mark.parametrize("stage", ["classes", "education", "counsellors", "rooms", "times", "appointments"])
def test_a_run_stopped_in_any_stage_gives_a_complete_plan(stage: str, limits: Limits) -> None:
    problem = make_house(24, seed=4)
    plan, heard = stopped_at(problem, limits, lambda news: news.stage == stage and news.status == "started")
    assert plan.outcome is Outcome.CANCELLED
    assert plan.unmet == ()
    assert len({m.group for m in plan.meetings}) == len({s.group for s in plan.seats})
    assert plan.score == pytest.approx(heard[-1].complete)
    assert plan.bound is None or plan.bound <= plan.score


def test_the_complete_plan_in_hand_is_told_at_once_and_becomes_the_plan() -> None:
    heard: list[Progress] = []
    plan = solve(make_house(24, seed=4), ONE, heard.append)
    told = [news.complete for news in heard if news.complete is not None]
    assert len(told) == len(heard)
    assert told[0] > told[-1] >= plan.score


def test_parts_that_stages_decided_are_kept_in_the_complete_plan() -> None:
    problem = make_house(24, seed=4)
    whole = solve(problem, ONE)
    plan, _ = stopped_at(problem, ONE, lambda news: news.stage == "times" and news.status == "started")
    assert plan.lodgings == whole.lodgings
    assert plan.caseloads == whole.caseloads
    rooms = next(s for s in plan.stages if s.name == "rooms")
    assert (rooms.status, rooms.value) == ("optimal", rooms.bound)


def test_a_stage_that_the_plan_does_not_follow_is_not_called_proven() -> None:
    """A run stopped after the first stage has the first plan in hand, whose classes are not the best."""
    problem = make_house(40, seed=1)
    plan, _ = stopped_at(problem, ONE, lambda news: news.stage == "classes" and news.status == "finished")
    for stage in plan.stages:
        assert stage.bound is not None
        assert stage.status == "feasible" or stage.value == stage.bound
        assert stage.bound <= stage.value


@settings(max_examples=60, deadline=None, derandomize=True, phases=[Phase.generate])
@given(houses())
def test_first_plans_of_random_houses_break_no_rule_or_are_not_kept(problem: Problem) -> None:
    """What a run has in hand after its first news, whatever the house, passes the check."""
    heard: list[Progress] = []
    plan = solve(problem, ONE, heard.append, lambda: bool(heard))
    if heard and heard[-1].complete is not None:
        assert check(problem, plan) == ()
        assert plan.score == pytest.approx(heard[-1].complete)


def test_decided_parts_are_not_touched_when_the_rest_is_filled_up() -> None:
    problem = village()
    cases = tuple(Caseload(r.id, "kim") for r in problem.residents[:1])
    whole = complete(Index(problem), Decided(caseloads=cases), 1, never)
    assert whole is not None
    assert whole.caseloads == cases
    assert [a.resident for a in whole.appointments] == [problem.residents[0].id]


def test_the_first_plan_keeps_pins() -> None:
    problem = make_house(24, seed=4)
    first = complete(Index(problem), Decided(), 1, never)
    assert first is not None
    resident = next(r for r in problem.residents if r.needs_vocational)
    here = {s.group for s in first.seats if s.resident == resident.id}
    index = Index(problem)
    other = next(g for g in index.groups_of("vocational") if g.id not in here and index.is_eligible(g, resident))
    pinned = complete(Index(replace(problem, pins=(Pin("class", resident.id, other.id),))), Decided(), 1, never)
    assert pinned is not None
    assert other.id in {s.group for s in pinned.seats if s.resident == resident.id}


def test_the_first_plan_deals_electives_each_in_another_subject() -> None:
    problem = sporty(ann=3, bea=2, cal=1)
    pinned = replace(problem, pins=(Pin("elective", "cal", "g-chess"),))
    first = complete(Index(pinned), Decided(), 1, never)
    assert first is not None
    assert {name: len(electives_of_seats(first.seats, name)) for name in ("ann", "bea", "cal")} == {
        "ann": 3,
        "bea": 2,
        "cal": 1,
    }
    assert electives_of_seats(first.seats, "cal") == {"g-chess"}


def electives_of_seats(seats: tuple[Seat, ...], resident: str) -> set[str]:
    return {s.group for s in seats if s.resident == resident and s.group in ("g-ball", "g-choir", "g-chess")}


# Solutions to begin with


def test_a_solution_to_begin_with_knows_what_its_pairs_and_sizes_cost() -> None:
    """Wishes about pairs and target sizes have variables of their own, which follow from the seats and rooms."""
    problem = village(
        together=(KeepTogether("ann", "bea", ("class", "room")), KeepTogether("cal", "eli", ("room", "house"))),
        apart=(KeepApart("ann", "bea", ("room",), points=2), KeepApart("cal", "dan", ("class",), points=2)),
        groups=tuple(replace(g, target=4) for g in village().groups),
    )
    plan, index = hand_made(problem), Index(problem)
    made, goals = classes.program(index)
    start = seats_start(index, made, [s for s in plan.seats if s.group != "g-maths"])
    assert start is not None
    assert sum(g.at(start) for g in goals if g.in_points) == stage_points(plan.terms, "classes")
    spans = by_span(index)
    rooms = room_program(spans, single=True)
    begun = rooms_start(rooms, spans.rooms_in(plan.lodgings))
    assert begun is not None
    assert sum(g.at(begun) for g in goals_of(rooms)) == stage_points(plan.terms, "rooms")


# Dealing


def test_dealing_moves_others_where_that_is_cheapest() -> None:
    dealing = Dealing({"a": 1, "b": 1}, {})
    assert dealing.add("ann", {"a": 0, "b": 1})
    assert dealing.add("bea", {"a": 0, "b": 5})
    assert dealing.place == {"ann": "b", "bea": "a"}


def test_dealing_gives_up_where_no_chain_ends_in_a_free_place() -> None:
    dealing = Dealing({"a": 1}, {})
    assert dealing.add("ann", {"a": 0})
    assert not dealing.add("bea", {"a": 0})
    assert dealing.place == {"ann": "a"}


def test_enemies_are_dealt_to_different_places() -> None:
    dealing = Dealing({"a": 2, "b": 2}, {"ann": {"bea"}, "bea": {"ann"}})
    dealing.add("ann", {"a": 0, "b": 3})
    dealing.add("bea", {"a": 0, "b": 3})
    assert dealing.place["ann"] != dealing.place["bea"]
