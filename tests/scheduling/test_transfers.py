"""Stays parted between rooms on nights of transfer (H4), as the rooms stage proposes them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from foyer.scheduling import check, explain, shortages, solve, what_if
from foyer.scheduling.answers.forms import Wish
from foyer.scheduling.plan import Limits, Outcome, Plan
from foyer.scheduling.problem import KeepApart, KeepTogether, Pin, Problem, Resident, Room, Weights

LIMITS = Limits(seconds=20, workers=1, seed=1)


def person(name: str, **changes: object) -> Resident:
    made = Resident(name, "female", 17, 0, 28, needs_vocational=False, needs_counsellor=False)
    return replace(made, **changes)  # type: ignore[arg-type]


def house(*people: Resident, rooms: tuple[Room, ...], **changes: object) -> Problem:
    return replace(Problem("rooms", 28, (), people, rooms), **changes)  # type: ignore[arg-type]


def planned(problem: Problem) -> Plan:
    plan = solve(problem, LIMITS)
    assert check(problem, plan) == ()
    return plan


def where(plan: Plan, resident: str) -> list[tuple[str, int, int]]:
    own = sorted((x for x in plan.lodgings if x.resident == resident), key=lambda x: x.arrives)
    return [(x.room, x.arrives, x.leaves) for x in own]


FIRST, SECOND = Room("A", "north", 1, "female", closed=((14, 28),)), Room("B", "north", 1, "female", closed=((0, 10),))


def test_who_may_move_gets_two_rooms_where_no_room_is_open_for_the_whole_stay() -> None:
    problem = house(person("ann", transfers=(12,)), rooms=(FIRST, SECOND))
    plan = planned(problem)
    assert where(plan, "ann") == [("A", 0, 12), ("B", 12, 28)]
    assert (plan.outcome, plan.score, plan.bound) == (Outcome.OPTIMAL, 11, 11)
    assert [(t.wish, t.count, t.points) for t in plan.terms] == [("transfer", 1, 11)]


@pytest.mark.parametrize("transfers", [(), (8,), (20,)])
def test_who_may_not_move_in_time_has_no_room(transfers: tuple[int, ...]) -> None:
    problem = house(person("ann", transfers=transfers), rooms=(FIRST, SECOND))
    assert {s.code for s in shortages(problem)} == {"beds_closed"}
    assert solve(problem, LIMITS).outcome is Outcome.INFEASIBLE


def test_a_stay_that_fits_into_one_room_is_not_parted() -> None:
    third = Room("C", "north", 1, "female")
    plan = planned(house(person("ann", transfers=(7, 12, 20)), rooms=(FIRST, SECOND, third)))
    assert where(plan, "ann") == [("C", 0, 28)]
    assert plan.score == 0


def test_a_move_pays_where_it_spares_more_than_it_costs() -> None:
    """The wish costs a point a night: from night 10 on 18 nights, more than the move. Then 8 nights, less."""
    plain, fine = Room("A", "north", 1, "female"), Room("B", "north", 1, "female", ("desk",))
    for dated, expected in (
        ((("desk", 1, 10, 28),), [("A", 0, 10), ("B", 10, 28)]),
        ((("desk", 1, 20, 28),), [("A", 0, 28)]),
    ):
        ann = person("ann", transfers=(10, 20), dated_room_wishes=dated)
        bea = person("bea", leaves=10)  # has the room with a desk for the first nights
        pins = (Pin("room", "bea", "B"),)
        plan = planned(house(ann, bea, rooms=(plain, fine), pins=pins))
        assert where(plan, "ann") == expected
        assert plan.score == plan.bound


def test_a_pinned_room_is_kept_for_the_whole_stay() -> None:
    rooms = (Room("A", "north", 1, "female"), Room("B", "north", 1, "female", ("desk",)))
    ann = person("ann", transfers=(10,), room_wishes=(("desk", 5),))
    problem = house(ann, rooms=rooms, pins=(Pin("room", "ann", "A"),))
    plan = planned(problem)
    assert where(plan, "ann") == [("A", 0, 28)]
    parted = replace(
        plan, lodgings=(replace(plan.lodgings[0], leaves=10), replace(plan.lodgings[0], room="B", arrives=10))
    )
    assert "pin" in {v.rule for v in check(problem, parted)}


def test_all_of_a_stay_has_a_bed_or_none_of_it() -> None:
    """Room for Ann until night 10 only; a bed for a part of the stay is no place."""
    rooms = (Room("A", "north", 1, "female"),)
    people = (person("ann", transfers=(10,)), person("bea", arrives=10))
    apart = (KeepApart("ann", "bea", ("house",)),)  # counting does not see it
    both = house(*people, rooms=(*rooms, Room("B", "north", 1, "female")), apart=apart)
    plan = planned(both)
    assert [u.resident for u in plan.unmet] == ["bea"]
    assert where(plan, "ann") == [(where(plan, "ann")[0][0], 0, 28)]


def test_a_pair_is_kept_apart_on_each_night_and_may_follow_each_other() -> None:
    rooms = (Room("A", "north", 2, "female", closed=((10, 28),)), Room("B", "north", 2, "female"))
    ann, bea = person("ann", transfers=(10,)), person("bea")
    apart = KeepApart("ann", "bea", ("room",))
    plan = planned(house(ann, bea, rooms=rooms, apart=(apart,)))
    assert len(plan.unmet) == 1
    until = planned(house(ann, bea, rooms=rooms, apart=(replace(apart, until=10),)))
    assert not until.unmet
    assert where(until, "ann") == [("A", 0, 10), ("B", 10, 28)]


def test_each_week_shared_is_paid_once_however_often_somebody_moves() -> None:
    """Night 10 lies in the middle of a week; the pair shares all four weeks in two rooms, or moves for nothing."""
    rooms = (Room("A", "north", 2, "female", closed=((10, 28),)), Room("B", "north", 2, "female", closed=((0, 10),)))
    people = (person("ann", transfers=(10,)), person("bea", transfers=(10,)))
    apart = (KeepApart("ann", "bea", ("room",), points=3),)
    plan = planned(house(*people, rooms=rooms, apart=apart))
    assert {t.wish: t.points for t in plan.terms} == {"transfer": 22, "shared_room": 12}
    assert plan.bound == plan.score == 34


def test_a_pair_kept_together_moves_together() -> None:
    rooms = (Room("A", "north", 2, "female", closed=((10, 28),)), Room("B", "north", 2, "female"))
    people = (person("ann", transfers=(10,)), person("bea", transfers=(10,)), person("eve", leaves=10))
    pair = (KeepTogether("ann", "bea", ("room",), points=None),)
    plan = planned(house(*people, rooms=rooms, together=pair, pins=(Pin("room", "eve", "B"),)))
    assert where(plan, "ann") == where(plan, "bea") == [("A", 0, 10), ("B", 10, 28)]


def test_many_alike_rooms_are_not_followed_one_by_one_for_a_few_who_may_move() -> None:
    """Also where rooms are counted by family, who stays within a family stays in the room."""
    rooms = tuple(Room(f"A{i}", "north", 2, "female") for i in range(6))
    people = tuple(person(f"r{i:02}", transfers=(9,) if i < 4 else (), age=15 + i % 4) for i in range(12))
    plan = planned(house(*people, rooms=rooms))
    assert plan.score == plan.bound
    assert len(plan.lodgings) == 12


def test_what_a_move_costs_can_be_changed() -> None:
    problem = house(person("ann", transfers=(12,)), rooms=(FIRST, SECOND), weights=Weights(transfer=3))
    assert planned(problem).score == 3


def test_explanations_and_what_if_answer_for_a_parted_stay() -> None:
    rooms = (FIRST, SECOND, Room("C", "north", 1, "female"))
    people = (person("ann", transfers=(12,)), person("bea"))
    problem = house(*people, rooms=rooms)
    plan = planned(problem)
    assert where(plan, "ann") == [("A", 0, 12), ("B", 12, 28)]
    needs = explain(problem, plan, "ann").residents[0].needs
    assert [n.got for n in needs if n.need == "room"] == ["A, B"]
    answer = what_if(problem, plan, Wish("room", "ann", "C"))
    assert answer.plan is None or check(problem, answer.plan) == ()
