"""Wishes for features of rooms, rooms open to both genders, and residents who need no room or no counsellor."""

from __future__ import annotations

from dataclasses import replace

import pytest

from foyer.scheduling import check, shortages
from foyer.scheduling.plan import Caseload, Lodging, Plan, Term
from foyer.scheduling.problem import Problem, Resident, Room
from foyer.scheduling.score import rescored
from foyer.scheduling.validation import faults_of
from tests.scheduling.village import hand_made, rules, village


def house(residents: tuple[Resident, ...], rooms: tuple[Room, ...]) -> Problem:
    return Problem("house", 10, (), residents, rooms)


def guest(name: str, gender: str, arrives: int, leaves: int, **more: object) -> Resident:
    made = Resident(name, gender, 20, arrives, leaves, needs_vocational=False, needs_counsellor=False)  # type: ignore[arg-type]
    return replace(made, **more)  # type: ignore[arg-type]


def lodged(problem: Problem, *lodgings: Lodging) -> Plan:
    from foyer.scheduling.digest import problem_hash
    from foyer.scheduling.plan import Outcome

    return rescored(problem, Plan(Outcome.FEASIBLE, problem_hash(problem), lodgings=lodgings))


def points(plan: Plan) -> dict[str, tuple[int, float]]:
    return {t.wish: (t.count, t.points) for t in plan.terms}


def test_a_feature_wished_for_costs_its_points_on_every_night_without_it() -> None:
    ann = guest("ann", "female", 2, 6, room_wishes=(("quiet", 3), ("view", 1)))
    rooms = (Room("A", "x", 1, "any", ("view",)), Room("B", "x", 1, "any", ("view", "quiet")))
    problem = house((ann,), rooms)
    assert points(lodged(problem, Lodging("ann", "A", 1, 2, 6))) == {"room_wish": (1, 12)}
    assert points(lodged(problem, Lodging("ann", "B", 1, 2, 6))) == {}


def test_a_dated_wish_counts_on_its_nights_only() -> None:
    ann = guest("ann", "female", 2, 6, dated_room_wishes=(("quiet", 3, 0, 4), ("view", 7, 9, 10)))
    problem = house((ann,), (Room("A", "x", 1, "any"),))
    assert points(lodged(problem, Lodging("ann", "A", 1, 2, 6))) == {"room_wish": (1, 6)}


def test_in_a_mixed_room_the_fewer_are_counted_night_by_night() -> None:
    people = (guest("ann", "female", 0, 4), guest("bob", "male", 2, 8), guest("cid", "male", 3, 5))
    problem = house(people, (Room("A", "x", 3, "any", mixed=5),))
    plan = lodged(problem, Lodging("ann", "A", 1, 0, 4), Lodging("bob", "A", 2, 2, 8), Lodging("cid", "A", 3, 3, 5))
    assert points(plan) == {"mixed_room": (2, 10)}  # ann on nights 2 and 3
    assert check(problem, plan) == ()


def test_a_room_open_to_both_at_no_price_costs_nothing() -> None:
    people = (guest("ann", "female", 0, 4), guest("bob", "male", 0, 4))
    problem = house(people, (Room("A", "x", 2, "any"),))
    plan = lodged(problem, Lodging("ann", "A", 1, 0, 4), Lodging("bob", "A", 2, 0, 4))
    assert points(plan) == {}
    assert check(problem, plan) == ()


@pytest.mark.parametrize("policy", ["same", "female"])
def test_only_a_room_open_to_both_may_hold_both(policy: str) -> None:
    people = (guest("ann", "female", 0, 4), guest("bob", "male", 0, 4))
    problem = house(people, (Room("A", "x", 2, policy),))  # type: ignore[arg-type]
    plan = lodged(problem, Lodging("ann", "A", 1, 0, 4), Lodging("bob", "A", 2, 0, 4))
    assert "room_one_gender" in rules(check(problem, plan))


@pytest.mark.parametrize("wish", ["room_wish", "mixed_room"])
@pytest.mark.parametrize("change", [{"count": 3}, {"points": 1.0}])
def test_a_wrong_figure_for_a_room_is_noticed(wish: str, change: dict[str, float]) -> None:
    people = (guest("ann", "female", 0, 4, room_wishes=(("quiet", 3),)), guest("bob", "male", 0, 4))
    problem = house(people, (Room("A", "x", 2, "any", mixed=5),))
    plan = lodged(problem, Lodging("ann", "A", 1, 0, 4), Lodging("bob", "A", 2, 0, 4))
    terms = tuple(replace(t, **change) if t.wish == wish else t for t in plan.terms)
    assert terms != plan.terms
    assert "term" in rules(check(problem, replace(plan, terms=terms)))
    assert "term" in rules(check(problem, replace(plan, terms=tuple(t for t in plan.terms if t.wish != wish))))
    assert "term" in rules(check(problem, replace(plan, terms=(*plan.terms, Term("gap", 1, 1.0)))))


def test_who_needs_no_room_or_counsellor_has_none_and_lacks_none() -> None:
    ann = guest("ann", "female", 0, 4, needs_room=False)
    problem = house((ann,), (Room("A", "x", 1, "any"),))
    assert shortages(problem) == ()
    plan = lodged(problem)
    assert check(problem, plan) == ()
    assert rules(check(problem, lodged(problem, Lodging("ann", "A", 1, 0, 4)))) == {"room_not_needed"}


def test_a_counsellor_for_somebody_who_needs_none_is_noticed() -> None:
    people = tuple(replace(r, needs_counsellor=r.id != "ann") for r in village().residents)
    problem = village(residents=people)
    plan = hand_made(problem)
    assert {"counsellor_not_needed", "appointment_not_needed"} <= rules(check(problem, plan))
    others = tuple(a for a in plan.appointments if a.resident != "ann")
    cases: tuple[Caseload, ...] = tuple(c for c in plan.caseloads if c.resident != "ann")
    assert check(problem, hand_made(problem, appointments=others, caseloads=cases)) == ()


def test_beds_for_both_genders_are_counted_once_for_either() -> None:
    people = (guest("ann", "female", 0, 4), guest("bob", "male", 0, 4), guest("cid", "male", 0, 4))
    short = house(people, (Room("A", "x", 1, "any"), Room("B", "x", 1, "same")))
    assert {s.code for s in shortages(short)} == {"beds_same"}
    assert shortages(house(people, (Room("A", "x", 2, "any"), Room("B", "x", 1, "same")))) == ()


def test_dated_wishes_must_make_sense() -> None:
    for wish in (("quiet", -1, 0, 4), ("quiet", 1, 4, 4), ("quiet", 1, -1, 4)):
        problem = house((guest("ann", "female", 0, 4, dated_room_wishes=(wish,)),), ())
        assert [f.place for f in faults_of(problem)] == ["residents[0].dated_room_wishes[0]"]
