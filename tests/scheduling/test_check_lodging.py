"""The checker on rooms and beds over the nights."""

from __future__ import annotations

from dataclasses import replace

import pytest

from foyer.scheduling import check
from foyer.scheduling.plan import Lodging, Plan
from foyer.scheduling.problem import KeepApart, Pin, Problem, Room
from tests.scheduling.village import hand_made, rules, village


def with_room(name: str, **changes: object) -> Problem:
    rooms = tuple(replace(m, **changes) if m.id == name else m for m in village().rooms)  # type: ignore[arg-type]
    return village(rooms=rooms)


def moved(resident: str, **changes: object) -> tuple[Lodging, ...]:
    """The hand-made lodgings with one changed."""
    return tuple(
        replace(x, **changes) if x.resident == resident else x  # type: ignore[arg-type]
        for x in hand_made(village()).lodgings
    )


def found(problem: Problem, plan: Plan | None = None) -> set[str]:
    return rules(check(problem, plan or hand_made(problem)))


def test_a_stay_has_one_room_for_all_its_nights() -> None:
    plan = hand_made(village())
    assert found(village(), hand_made(village(), lodgings=plan.lodgings[1:])) == {"room_missing"}
    assert found(village(), hand_made(village(), lodgings=moved("eli", leaves=27))) == {"room_nights"}
    twice = (*plan.lodgings, Lodging("eli", "M", 2, 14, 28))
    assert "room_twice" in found(village(), hand_made(village(), lodgings=twice))


def test_a_bed_is_free_again_on_the_day_of_leaving() -> None:
    """Dan leaves on day 14: nobody sleeps on the day of leaving, so his bed may be taken that very night."""
    for arrives, expected in ((14, set()), (13, {"room_capacity", "bed_twice"})):
        problem = village()
        people = tuple(replace(r, arrives=arrives) if r.id == "eli" else r for r in problem.residents)
        problem = replace(problem, residents=people)
        lodgings = moved("eli", room="M", bed=2, arrives=arrives)
        assert found(problem, hand_made(problem, lodgings=lodgings)) == expected


def test_a_bed_number_belongs_to_the_room_and_to_one_person_a_night() -> None:
    assert found(village(), hand_made(village(), lodgings=moved("eli", bed=3))) == {"bed_number"}
    assert found(village(), hand_made(village(), lodgings=moved("bea", bed=1))) == {"bed_twice"}


def test_a_room_for_one_gender_takes_nobody_else() -> None:
    assert found(village(), hand_made(village(), lodgings=moved("eli", room="F", bed=1))) >= {
        "room_gender",
        "room_capacity",
    }


def test_a_room_for_either_gender_has_one_gender_on_any_night() -> None:
    shared = hand_made(village(), lodgings=moved("ann", room="S", bed=2))
    assert found(village(), shared) == {"room_one_gender"}
    people = tuple(replace(r, leaves=7) if r.id == "ann" else r for r in village().residents)  # gone when Eli arrives
    problem = village(residents=people)
    in_turn = hand_made(problem, lodgings=moved("ann", room="S", bed=2, leaves=7))
    assert "room_one_gender" not in found(problem, in_turn)


@pytest.mark.parametrize(
    ("changes", "rule"),
    [({"minimum_stage": 2}, "room_stage"), ({"closed": ((10, 12),)}, "room_closed")],
)
def test_a_room_suits_the_stage_and_is_open(changes: dict[str, object], rule: str) -> None:
    assert found(with_room("S", **changes)) == {rule}


@pytest.mark.parametrize("changes", [{"minimum_stage": 1}, {"closed": ((0, 7), (28, 30))}])
def test_a_room_closed_before_or_after_the_stay_is_fine(changes: dict[str, object]) -> None:
    assert found(with_room("S", **changes)) == set()


def test_a_room_has_the_features_that_are_needed() -> None:
    people = tuple(replace(r, room_features=("accessible",)) if r.id == "eli" else r for r in village().residents)
    assert found(village(residents=people)) == {"room_features"}
    accessible = (*village().rooms[:2], Room("S", "south", 2, "same", features=("accessible", "quiet")))
    assert found(village(residents=people, rooms=accessible)) == set()


def test_a_pair_kept_apart_shares_no_room_before_it_is_free_again() -> None:
    assert found(village(apart=(KeepApart("ann", "bea", ("room",)),))) == {"apart_room"}
    assert found(village(apart=(KeepApart("cal", "eli", ("room",)),))) == set()
    assert found(village(apart=(KeepApart("ann", "bea", ("room",), until=0),))) == set()
    assert found(village(apart=(KeepApart("ann", "bea", ("room",), until=1),))) == {"apart_room"}


def test_a_pinned_room_is_kept() -> None:
    assert found(village(pins=(Pin("room", "eli", "M"),))) == {"pin"}
    assert found(village(pins=(Pin("room", "eli", "S"),))) == set()


def test_moving_to_another_house_costs_more_than_to_another_room() -> None:
    def points(previous: str) -> dict[str, float]:
        people = tuple(replace(r, previous_room=previous) if r.id == "eli" else r for r in village().residents)
        return {t.wish: t.points for t in hand_made(village(residents=people)).terms if t.wish.startswith("other_")}

    assert points("S") == {}
    assert points("M") == {"other_room": 2}
    assert points("F") == {"other_room": 2, "other_house": 1}
    assert points("gone") == {}


def test_ages_in_a_room_cost_the_years_outside_the_best_two_neighbouring_ages() -> None:
    def years(first: int, second: int) -> float:
        ages = {"cal": first, "dan": second}
        people = tuple(replace(r, age=ages.get(r.id, 17)) for r in village().residents)
        return sum(t.points for t in hand_made(village(residents=people)).terms if t.wish == "age_apart")

    assert years(17, 17) == 0
    assert years(16, 17) == 0
    assert years(16, 18) == 1
    assert years(15, 20) == 4
