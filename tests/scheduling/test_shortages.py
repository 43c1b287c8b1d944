"""Every kind of shortage is found by counting, named, and true; with one more of what is short it is gone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from foyer.scheduling import shortages, solve
from foyer.scheduling.counting.flow import hall_sets
from foyer.scheduling.plan import Limits, Outcome, Shortage
from foyer.scheduling.problem import (
    AppointmentPin,
    Counsellor,
    KeepApart,
    Pin,
    Problem,
    Room,
    StartPattern,
    TeachingGroup,
)
from tests.scheduling.village import village


def codes(problem: Problem) -> list[str]:
    return [s.code for s in shortages(problem)]


def only(problem: Problem) -> Shortage:
    found = shortages(problem)
    assert len(found) == 1, found
    return found[0]


def values(shortage: Shortage) -> dict[str, Any]:
    return dict(shortage.values)


def with_residents(**changes: dict[str, Any]) -> Problem:
    return village(residents=tuple(replace(r, **changes.get(r.id, {})) for r in village().residents))


def with_group(name: str, **changes: Any) -> Problem:
    return village(groups=tuple(replace(g, **changes) if g.id == name else g for g in village().groups))


def test_a_house_with_enough_of_everything_is_short_of_nothing() -> None:
    assert shortages(village()) == ()


def test_beds_are_counted_by_gender_and_night() -> None:
    rooms = (Room("F", "north", 1, "female"), Room("M", "south", 3, "male"))
    short = only(village(rooms=rooms))
    assert short.code == "beds"
    assert values(short) == {"gender": "female", "night": 0, "needed": 2, "free": 1}
    assert short.residents == ("ann", "bea")


def test_a_bed_left_in_the_morning_is_free_for_the_night() -> None:
    """Three boys, two beds: Dan's is Eli's from the day Dan leaves, and not a day earlier."""
    rooms = (Room("F", "north", 2, "female"), Room("M", "south", 2, "male"))
    assert codes(replace(with_residents(eli={"arrives": 14}), rooms=rooms)) == []
    short = only(replace(with_residents(eli={"arrives": 13}), rooms=rooms))
    assert values(short) == {"gender": "male", "night": 13, "needed": 3, "free": 2}


def test_a_room_for_either_gender_serves_only_one_of_them() -> None:
    rooms = (Room("F", "north", 1, "female"), Room("M", "south", 2, "male"), Room("S", "south", 4, "same"))
    short = only(village(rooms=rooms))
    assert short.code == "beds_same"
    assert values(short) == {"night": 7, "needed": 2, "free": 1}
    assert codes(village(rooms=(*rooms[:2], Room("S", "s", 1, "same"), Room("T", "s", 1, "same")))) == []


def test_beds_that_need_a_stage_a_feature_or_are_closed_are_named_so() -> None:
    stage = village(rooms=(*village().rooms[:2], Room("S", "south", 2, "male", minimum_stage=4)))
    assert values(only(stage)) == {"gender": "male", "night": 7, "detail": 1, "needed": 3, "free": 2}
    assert only(stage).code == "beds_stage"
    closed = village(rooms=(*village().rooms[:2], Room("S", "south", 2, "male", closed=((5, 22),))))
    assert only(closed).code == "beds_closed"
    feature = only(with_residents(eli={"room_features": ("accessible",)}))
    assert feature.code == "beds_feature"
    assert values(feature)["detail"] == "accessible"
    assert feature.residents == ("eli",)


def test_places_in_class_are_counted_for_those_who_may_join() -> None:
    problem = with_group("g-sew", levels=("upper",))
    short = only(replace(problem, groups=tuple(replace(g, maximum=4) for g in problem.groups)))
    assert short.code == "class_seats"
    # the hall has three seats, whatever the group's maximum
    assert values(short) == {"groups": "g-wood", "needed": 5, "free": 3}


def test_places_in_education_are_counted_by_subject() -> None:
    short = only(with_group("g-maths", maximum=1))
    assert short.code == "education_seats"
    assert values(short) == {"subject": "maths", "groups": "g-maths", "needed": 2, "free": 1}
    assert short.residents == ("ann", "bea")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"levels": ("upper",)}, "education_not_admitted"),
        ({"subject": "history"}, "education_not_offered"),
        ({"unavailable": ("d0c", "d1c")}, "education_hours"),
    ],
)
def test_who_fits_no_group_is_told_why(changes: dict[str, Any], code: str) -> None:
    found = shortages(with_group("g-maths", **changes))
    assert {s.code for s in found} == {code}
    assert {s.residents for s in found} == {("ann",), ("bea",)}


def test_school_outside_the_house_may_leave_no_class() -> None:
    short = only(with_residents(eli={"unavailable": ("d0a", "d1b")}))
    assert (short.code, short.residents) == ("class_hours", ("eli",))
    assert codes(with_residents(eli={"unavailable": ("d0a",)})) == []  # sewing meets once: the other morning is free


def test_a_pair_kept_apart_needs_two_groups() -> None:
    short = only(village(apart=(KeepApart("ann", "bea", ("class",)),)))
    assert (short.code, short.residents) == ("education_apart", ("ann", "bea"))


def test_mandatory_groups_need_their_minimum() -> None:
    lonely = TeachingGroup("g-art", "vocational", "art", 2, 9, mandatory=True, minimum_age=18)
    short = only(village(groups=(*village().groups, lonely)))
    assert short.code == "group_minimum"
    assert values(short) == {"groups": "g-art", "needed": 2, "free": 0}
    together = village(
        groups=tuple(replace(g, mandatory=True, minimum=3) for g in village().groups if g.kind == "vocational")
        + village().groups[2:]
    )
    assert values(only(together)) == {"groups": "g-sew, g-wood", "needed": 6, "free": 5}


def test_mandatory_groups_need_periods_instructors_and_venues() -> None:
    crowded = with_group("g-maths", mandatory=True, meetings=3, most_per_day=1)
    assert "group_periods" in codes(crowded)
    busy = tuple(
        replace(g, mandatory=True, instructors=("ivo",), meetings=2, patterns=(*g.patterns, StartPattern(("d0a",))))
        if g.kind == "vocational"
        else g
        for g in village().groups
    )
    assert codes(village(groups=busy)) == []
    worked = tuple(replace(i, most_periods=3) for i in village().instructors)
    assert "instructor_periods" in codes(village(groups=busy, instructors=worked))
    shared = tuple(
        replace(g, mandatory=True, venues=("hall",), meetings=2) if g.kind == "vocational" else g
        for g in village().groups
    )
    short = [s for s in shortages(village(groups=shared)) if s.code == "venue_periods"]
    assert [values(s) for s in short] == [{"venue": "hall", "needed": 8, "free": 4}]


def test_counsellors_are_counted_in_case_weights_and_hours() -> None:
    short = only(village(counsellors=(Counsellor("kim", "female", 4),)))
    assert (short.code, values(short)) == ("counsellor_capacity", {"needed": 5, "free": 4})
    never = tuple(replace(c, unavailable=tuple(p.id for p in village().periods)) for c in village().counsellors)
    assert set(codes(village(counsellors=never))) == {"appointment_slots", "counsellor_hours"}
    apart = village(counsellors=(Counsellor("kim", "female", 9),), apart=(KeepApart("ann", "bea", ("counsellor",)),))
    assert codes(apart) == ["counsellor_apart"]


@pytest.mark.parametrize(
    ("pins", "code"),
    [
        ((Pin("room", "eli", "F"),), "pin_impossible"),
        ((Pin("education", "eli", "g-maths"),), "pin_impossible"),
        ((Pin("class", "eli", "g-wood"), Pin("class", "eli", "g-sew")), "pins_contradict"),
        ((Pin("room", "cal", "M"), Pin("room", "dan", "M"), Pin("room", "eli", "M")), "pins_exceed"),
        (tuple(Pin("class", r, "g-wood") for r in ("ann", "bea", "cal", "dan")), "pins_exceed"),
        (tuple(Pin("counsellor", r, "kim") for r in ("ann", "bea", "cal", "dan")), "pins_exceed"),
        ((Pin("room", "cal", "M"), Pin("room", "dan", "M")), "pins_apart"),
    ],
)
def test_pins_that_cannot_be_kept_are_named(pins: tuple[Pin, ...], code: str) -> None:
    assert codes(village(pins=pins, apart=(KeepApart("cal", "dan", ("room",)),)))[-1:] == [code]


@pytest.mark.parametrize(
    ("need", "pins"),
    [
        ("needs_room", {"pins": (Pin("room", "eli", "M"),)}),
        ("needs_counsellor", {"pins": (Pin("counsellor", "eli", "kim"),)}),
        ("needs_counsellor", {"appointment_pins": (AppointmentPin("eli", "d0c"),)}),
        ("needs_vocational", {"pins": (Pin("class", "eli", "g-sew"),)}),
    ],
)
def test_a_pin_on_what_the_resident_does_not_need_is_named(need: str, pins: dict[str, Any]) -> None:
    people = tuple(replace(r, **{need: r.id != "eli"}) for r in village().residents)  # type: ignore[arg-type]
    assert codes(village(residents=people, **pins)) == ["pin_impossible"]


def test_pins_that_can_be_kept_are_no_shortage() -> None:
    pins = (Pin("room", "cal", "M"), Pin("room", "dan", "M"), Pin("class", "eli", "g-wood"))
    assert codes(village(pins=pins)) == []


def test_an_impossible_house_is_answered_at_once_with_its_shortages() -> None:
    problem = village(counsellors=(Counsellor("kim", "female", 4),))
    plan = solve(problem, Limits(workers=1))
    assert plan.outcome is Outcome.INFEASIBLE
    assert plan.shortages == shortages(problem)
    assert plan.seats == ()
    assert plan.stages == ()


def test_hall_sets_are_found_where_and_only_where_demand_exceeds_supply() -> None:
    enough = hall_sets({"a": 2, "b": 1}, {"x": 1, "y": 2}, {"a": ("x", "y"), "b": ("y",)})
    assert enough == ()
    (short,) = hall_sets(
        {"a": 2, "b": 2, "c": 5}, {"x": 1, "y": 2, "z": 5}, {"a": ("x", "y"), "b": ("y",), "c": ("z",)}
    )
    assert (short.demands, short.servers, short.needed, short.free) == ({"a", "b"}, {"x", "y"}, 4, 3)
