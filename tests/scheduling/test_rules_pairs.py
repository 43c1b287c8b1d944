"""Pairs kept apart and together, as rules (H7) and as wishes (s4), in every scope: obeyed at a price, reported where a
plan made by hand breaks them, and counted before solving where they cannot be."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from foyer.scheduling.plan import Caseload, Lodging, Plan, Seat
from foyer.scheduling.problem import KeepApart, KeepTogether, Problem, Room, Scope, Weights
from tests.scheduling.solved import (
    broken,
    changed,
    counsellor_of,
    group,
    group_of,
    person,
    planned,
    points,
    room_of,
    short,
)
from tests.scheduling.village import hand_made, swapped, village


def roomy() -> Problem:
    """Everybody wishes for the wood class, which takes all; there are beds to spare, and two girls' rooms."""
    rooms = (Room("F", "north", 2, "female"), Room("G", "east", 2, "female"), *village().rooms[1:])
    return group("g-wood", group("g-sew", village(rooms=rooms, venues=()), venues=(), maximum=5), venues=(), maximum=5)


def in_one(plan: Plan, scope: Scope, a: str, b: str, problem: Problem) -> bool:
    """Whether the plan gives both the same class, counsellor, room or house."""
    if scope == "class":
        return bool(group_of(plan, a) & group_of(plan, b))
    if scope == "counsellor":
        return counsellor_of(plan, a) == counsellor_of(plan, b)
    houses = {m.id: m.house if scope == "house" else m.id for m in problem.rooms}
    return houses[room_of(plan, a)] == houses[room_of(plan, b)]


def drawn_apart(scope: Scope, weights: Weights | None = None) -> Problem:
    """Ann and Bea would be parted by their wishes: other trades, other counsellors, other rooms before."""
    problem = person("ann", roomy(), choices=("wood",), previous_counsellor="kim", previous_room="F", education=())
    problem = person("bea", problem, choices=("sewing",), previous_counsellor="lou", previous_room="G", age=17)
    return replace(problem, weights=weights or Weights())


def drawn_together(scope: Scope) -> Problem:
    """Ann and Bea would be together by their wishes."""
    problem = person("ann", roomy(), choices=("wood",), previous_counsellor="kim", previous_room="F", education=())
    return person("bea", problem, choices=("wood",), previous_counsellor="kim", previous_room="F", age=17)


SCOPES: tuple[Scope, ...] = ("class", "counsellor", "room", "house")


@pytest.mark.parametrize("scope", SCOPES)
def test_a_pair_kept_together_is_together_at_any_price(scope: Scope) -> None:
    problem = drawn_apart(scope)
    assert not in_one(planned(problem), scope, "ann", "bea", problem)
    held = replace(problem, together=(KeepTogether("bea", "ann", (scope,), None),))
    assert in_one(planned(held), scope, "ann", "bea", held)


@pytest.mark.parametrize("scope", SCOPES)
def test_the_wish_to_be_together_has_its_price(scope: Scope) -> None:
    problem = drawn_apart(scope, Weights(choice=(0, 3), choice_unlisted=4))
    problem = replace(problem, fairness="none", fast_draft=False)
    cheap = replace(problem, together=(KeepTogether("ann", "bea", (scope,), 1),))
    dear = replace(problem, together=(KeepTogether("ann", "bea", (scope,), 90),))
    wish = f"parted_{scope}"
    plan = planned(cheap)
    assert (in_one(plan, scope, "ann", "bea", cheap), points(plan, wish)) == (False, 1)
    if scope != "class":  # L3 comes before L4: a wish about a pair does not outvote an unlisted trade
        plan = planned(dear)
        assert (in_one(plan, scope, "ann", "bea", dear), points(plan, wish)) == (True, 0)


def test_a_wish_about_a_class_decides_between_equal_ranks() -> None:
    """Bea chose nothing and fits sewing better by one point; with Ann she would be in the wood class."""
    problem = person("bea", roomy(), choices=(), aptitude=(("sewing", 1.0), ("wood", 0.8)), education=())
    problem = person("ann", problem, choices=("wood",), education=())
    problem = replace(problem, weights=Weights(open_group=0))
    assert group_of(planned(problem), "bea") == {"g-sew"}
    wished = replace(problem, together=(KeepTogether("ann", "bea", ("class",), 5),))
    assert group_of(planned(wished), "bea") == {"g-wood"}


@pytest.mark.parametrize("scope", SCOPES)
def test_a_pair_kept_apart_is_apart_at_any_price(scope: Scope) -> None:
    problem = drawn_together(scope)
    assert in_one(planned(problem), scope, "ann", "bea", problem)
    held = replace(problem, apart=(KeepApart("bea", "ann", (scope,)),))
    assert not in_one(planned(held), scope, "ann", "bea", held)


@pytest.mark.parametrize("scope", ["counsellor", "room", "house"])
def test_the_wish_to_be_apart_is_paid_by_the_week(scope: Scope) -> None:
    """Four weeks at 2 points are more than any room or counsellor kept; one week at 1 point is less."""
    problem = drawn_together(scope)
    dear = replace(problem, apart=(KeepApart("ann", "bea", (scope,), points=2),))
    plan = planned(dear)
    assert (in_one(plan, scope, "ann", "bea", dear), points(plan, f"shared_{scope}")) == (False, 0)
    cheap = replace(problem, apart=(KeepApart("ann", "bea", (scope,), until=7, points=1),))
    plan = planned(cheap)
    assert (in_one(plan, scope, "ann", "bea", cheap), points(plan, f"shared_{scope}")) == (True, 1)
    second = replace(problem, apart=(KeepApart("ann", "bea", (scope,), until=8, points=1),))
    assert points(planned(second), f"shared_{scope}") == 2  # the eighth night belongs to the second week


def test_a_wish_about_a_class_is_paid_by_the_week_too() -> None:
    problem = replace(drawn_together("class"), apart=(KeepApart("ann", "bea", ("class",), points=1),))
    plan = planned(problem)
    assert points(plan, "shared_class") == 4  # both chose wood alone, and fairness comes first
    free = person("bea", problem, choices=())
    plan = planned(replace(free, weights=Weights(open_group=0)))
    assert points(plan, "shared_class") == 0


def test_a_pair_that_never_meets_is_not_kept() -> None:
    problem = person("ann", drawn_apart("room"), leaves=7)
    problem = person("bea", problem, arrives=7)
    held = replace(problem, together=tuple(KeepTogether("ann", "bea", (scope,), None) for scope in SCOPES))
    plan = planned(held)
    assert not any(in_one(plan, scope, "ann", "bea", held) for scope in SCOPES)


def test_plans_made_by_hand_that_part_or_join_a_pair_are_reported() -> None:
    """By hand Ann and Bea share a room; Ann and Cal a class and a counsellor; Cal and Eli live in one house."""
    for scope, joined, parted in (
        ("class", ("ann", "cal"), ("ann", "eli")),
        ("counsellor", ("ann", "cal"), ("ann", "bea")),
        ("room", ("ann", "bea"), ("cal", "eli")),
        ("house", ("cal", "eli"), ("ann", "eli")),
    ):
        for pair, apart, together in ((joined, {f"apart_{scope}"}, set()), (parted, set(), {f"together_{scope}"})):
            problem = village(apart=(KeepApart(*pair, (scope,)),))  # type: ignore[arg-type]
            assert broken(problem, hand_made(problem)) == apart
            problem = village(together=(KeepTogether(*pair, (scope,), None),))  # type: ignore[arg-type]
            assert broken(problem, hand_made(problem)) == together
            problem = village(together=(KeepTogether(*pair, (scope,), 5),))  # type: ignore[arg-type]
            plan = hand_made(problem)
            assert broken(problem, plan) == set()
            assert points(plan, f"parted_{scope}") == (5 if together else 0)


def test_education_counts_by_itself() -> None:
    """Both need maths and a class; by hand they share maths and not the class."""
    problem = village(apart=(KeepApart("ann", "bea", ("class",), points=3),))
    assert points(hand_made(problem), "shared_education") == 12
    problem = village(together=(KeepTogether("ann", "bea", ("class",), 5),))
    plan = hand_made(problem)
    assert (points(plan, "parted_class"), points(plan, "parted_education")) == (5, 0)


def test_who_has_no_place_is_not_parted() -> None:
    """Bea has no room by hand: that is counted as such, and not as a broken pair."""
    problem = village(together=(KeepTogether("ann", "bea", ("room",), None),))
    plan = hand_made(problem, lodgings=tuple(x for x in hand_made(problem).lodgings if x.resident != "bea"))
    assert broken(problem, plan) == {"room_missing"}


def test_pairs_that_cannot_be_together_are_counted() -> None:
    held = KeepTogether("ann", "bea", ("room",), None)
    assert short(village(together=(held,), apart=(KeepApart("bea", "ann", ("room",)),))) == {"pairs_contradict"}
    assert short(village(together=(held,), apart=(KeepApart("bea", "ann", ("house",)),))) == {"pairs_contradict"}
    assert short(village(together=(held,), apart=(KeepApart("bea", "ann", ("room",), until=0),))) == set()
    for scope, who in (("room", "cal"), ("house", "cal")):
        problem = village(
            rooms=(village().rooms[0], Room("M", "south", 3, "male")),
            together=(KeepTogether("ann", who, (scope,), None),),  # type: ignore[arg-type]
        )
        assert short(problem) == {"together_nowhere"}
    kim, lou = (replace(c, capacity=4) for c in village().counsellors)
    heavy = person("ann", village(counsellors=(kim, lou)), case_weight=3)
    both = replace(heavy, together=(KeepTogether("ann", "bea", ("counsellor",), None),))
    assert short(both) == set()
    three = replace(both, counsellors=(replace(kim, capacity=3), replace(lou, capacity=4)))
    assert short(changed(three, "residents", "bea", case_weight=2)) >= {"together_nowhere"}
    barred = person("ann", person("bea", village(), barred=("g-wood",)), barred=("g-sew",))
    assert short(replace(barred, together=(KeepTogether("ann", "bea", ("class",), None),))) == {"together_nowhere"}


@pytest.mark.parametrize("seed", range(3))
def test_pairs_are_dealt_among_many_alike_rooms(seed: int) -> None:
    """Twelve boys in six rooms of two that differ in nothing: three pairs together, three apart, everybody lodged."""
    boys = tuple(replace(village().residents[2], id=f"c{i:02}", choices=(), age=17) for i in range(12))
    rooms = tuple(Room(f"R{i}", "south", 2, "male") for i in range(6))
    together = tuple(KeepTogether(f"c{i:02}", f"c{(i + 5 + seed) % 12:02}", ("room",), None) for i in range(3))
    apart = tuple(KeepApart(f"c{i:02}", f"c{i + 1:02}", ("room",)) for i in range(8, 11))
    problem = group(
        "g-wood", village(residents=boys, rooms=rooms, together=together, apart=apart), maximum=9, venues=()
    )
    problem = group("g-sew", problem, maximum=9, venues=())
    problem = changed(changed(problem, "counsellors", "kim", capacity=6), "counsellors", "lou", capacity=6)
    plan = planned(replace(problem, groups=tuple(replace(g, minimum=0) for g in problem.groups)))
    assert max(Counter(x.room for x in plan.lodgings).values()) == 2
    assert not [u for u in plan.unmet if u.need == "room"]


def test_moving_one_of_a_pair_by_hand_is_reported() -> None:
    problem = village(
        together=(KeepTogether("ann", "bea", ("room", "house"), None), KeepTogether("ann", "cal", ("class",), None))
    )
    plan = hand_made(problem)
    assert broken(problem, plan) == set()
    moved = swapped(plan.lodgings, Lodging("bea", "F", 2, 0, 28), Lodging("bea", "S", 2, 0, 28))
    assert broken(problem, hand_made(problem, lodgings=moved)) >= {"together_room", "together_house"}
    seats = swapped(plan.seats, Seat("cal", "g-wood"), Seat("cal", "g-sew"))
    assert broken(problem, hand_made(problem, seats=seats)) >= {"together_class"}
    assert Caseload("ann", "kim") in plan.caseloads
