"""Impossible houses: why, and several ways out, each of them one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings

from foyer.scheduling import check, shortages, solve
from foyer.scheduling.files import write_problem
from foyer.scheduling.index import Index
from foyer.scheduling.plan import Limits, Outcome
from foyer.scheduling.problem import (
    AppointmentPin,
    GroupPin,
    KeepApart,
    MeetingPin,
    Pin,
    Problem,
    Room,
    StartPattern,
    TeachingGroup,
)
from foyer.scheduling.relaxing import ImpossibleAnswer, Relaxation, Rule, WayOut, relaxed, ways_out
from foyer.scheduling.relaxing.forms import Got
from foyer.scheduling.relaxing.got import got_in
from foyer.scheduling.validation import InvalidProblem, faults_of
from foyer.scheduling.ways_cli import waysout_command
from tests.scheduling.enumerate_all import enumerate_all
from tests.scheduling.house import make_house
from tests.scheduling.tiny_houses import tiny_houses
from tests.scheduling.village import MORNINGS, hand_made, resident, village

REPEATABLE = Limits(seconds=60, workers=1, seed=1)
CALM = settings(deadline=None, max_examples=10, suppress_health_check=list(HealthCheck), derandomize=True)


def answered(problem: Problem, **options: Any) -> ImpossibleAnswer:
    """The answer, each way of which leads to a plan that meets every need."""
    found = ways_out(problem, REPEATABLE, **options)
    for way in found.ways:
        better = relaxed(problem, way.relaxations)
        assert faults_of(better) == ()
        assert shortages(better) == ()
        plan = solve(better, REPEATABLE)
        assert plan.outcome in (Outcome.OPTIMAL, Outcome.FEASIBLE)
        assert plan.unmet == ()
        assert check(better, plan) == ()
        assert way.points == pytest.approx(sum(r.points for r in way.relaxations))
        assert_everybody_is_counted(better, way)
    assert [way.points for way in found.ways] == sorted(way.points for way in found.ways)
    return found


def assert_everybody_is_counted(house: Problem, way: WayOut) -> None:
    """Each resident who chose a class is told of once; whoever would rather have none may have none."""
    index = Index(house)
    chose = [r for r in house.residents if r.needs_vocational and index.choices.has_wishes(r, "vocational")]
    assert way.got is not None
    told = sum(way.got.ranks) + len(way.got.unlisted)
    assert sum(not r.only_listed for r in chose) <= told <= len(chose)


def codes(found: ImpossibleAnswer) -> set[frozenset[str]]:
    return {frozenset(r.code for r in way.relaxations) for way in found.ways}


def changed(problem: Problem, part: str, name: str, **changes: Any) -> Problem:
    things = tuple(replace(t, **changes) if t.id == name else t for t in getattr(problem, part))
    return replace(problem, **{part: things})


# Scenes


def test_a_house_that_can_be_planned_needs_no_way_out() -> None:
    found = answered(village())
    assert found.is_possible
    assert found.ways == found.shortages == found.rules == ()


def test_too_few_beds_have_at_least_three_ways_out_that_differ_in_kind() -> None:
    house = make_house(24, seed=2)
    girls = [m.id for m in house.rooms if m.policy == "female"][:2]
    found = answered(replace(house, rooms=tuple(m for m in house.rooms if m.id not in girls)))
    assert found.shortages[0].code == "beds_closed"
    assert len(codes(found)) >= 3
    assert frozenset({"room_either_gender"}) in codes(found)
    assert any(way.relaxations[0].needs_a_person for way in found.ways)


def test_a_bed_is_asked_for_the_nights_that_lack_it() -> None:
    """Fay comes on night 10; the girls' room is full and S is taken by Eli."""
    problem = replace(village(), residents=(*village().residents, resident("fay", arrives=10, leaves=20)))
    problem = replace(problem, counsellors=tuple(replace(c, capacity=9) for c in problem.counsellors))
    problem = replace(problem, rooms=(problem.rooms[0], problem.rooms[1], replace(problem.rooms[2], policy="male")))
    found = answered(problem)
    beds = [r for way in found.ways for r in way.relaxations if r.code == "beds"]
    assert dict(beds[0].values) == {"gender": "female", "amount": 1, "from": 10, "to": 20}


def test_a_class_too_small_grows_by_what_is_missing_or_somebody_goes_without() -> None:
    problem = changed(changed(village(), "groups", "g-wood", maximum=2), "groups", "g-sew", maximum=2)
    found = answered(problem)
    assert {frozenset({"group_larger"}), frozenset({"need_unmet"})} <= codes(found)
    larger = next(r for way in found.ways for r in way.relaxations if r.code == "group_larger")
    assert dict(larger.values)["amount"] == 1


def test_a_second_group_opens_where_its_week_has_room_for_it() -> None:
    """Three places are short: a second class like this one is dearer than a chair, and not always possible."""
    problem = changed(changed(village(), "groups", "g-wood", maximum=2), "groups", "g-sew", maximum=2)
    way = next(w for w in answered(problem).ways if any(r.code == "group_opened" for r in w.relaxations))
    opened = next(r for r in way.relaxations if r.code == "group_opened")
    plan = solve(relaxed(problem, way.relaxations), Limits(seconds=20, workers=1))
    assert (plan.unmet, way.score) == ((), plan.score)
    assert [s for s in plan.seats if s.group == f"{dict(opened.values)['group']}+2"]


def test_a_class_grows_beyond_its_venue_only_with_chairs() -> None:
    problem = changed(changed(village(), "groups", "g-wood", maximum=9), "groups", "g-sew", maximum=1)
    found = answered(changed(problem, "venues", "hall", seats=3))
    grown = {str(dict(r.values)["group"]) for way in found.ways for r in way.relaxations if r.code == "group_larger"}
    assert "g-wood" in grown


def test_minimums_too_large_fall_or_a_class_stays_closed() -> None:
    problem = changed(village(), "groups", "g-wood", minimum=3, mandatory=True)
    problem = changed(problem, "groups", "g-sew", minimum=3, mandatory=True)
    found = answered(problem)
    assert {frozenset({"group_smaller"}), frozenset({"group_not_opened", "group_larger"})} <= codes(found)


def test_caseloads_too_small_grow() -> None:
    problem = replace(village(), counsellors=tuple(replace(c, capacity=2) for c in village().counsellors))
    found = answered(problem)
    assert frozenset({"capacity"}) in codes(found)
    assert found.ways[0].relaxations[0].code == "capacity"


def test_whose_hours_would_help_is_named() -> None:
    problem = changed(village(), "instructors", "ivo", unavailable=("d0a", "d0b", "d1a", "d1b"))
    hours = [r for way in answered(problem).ways for r in way.relaxations if r.code == "hours"]
    assert dict(hours[0].values) == {"kind": "instructor", "who": "ivo", "periods": "d0a d0b d1a d1b"}


def test_two_shortages_at_once_are_both_met_in_each_way() -> None:
    problem = replace(village(), counsellors=tuple(replace(c, capacity=2) for c in village().counsellors))
    problem = changed(problem, "groups", "g-sew", maximum=1)
    for way in answered(problem).ways:
        assert {r.code for r in way.relaxations} & {"capacity", "not_admitted", "rarer_appointments"}
        assert {r.code for r in way.relaxations} & {"group_larger", "need_unmet", "not_admitted"}


def test_a_pinned_resident_who_cannot_stay_is_released_or_the_room_opened() -> None:
    problem = changed(village(), "rooms", "M", closed=((0, 28),), beds=2)
    problem = replace(problem, rooms=(*problem.rooms, Room("N", "south", 3, "male")), pins=(Pin("room", "cal", "M"),))
    found = answered(problem)
    assert {frozenset({"pin_released"}), frozenset({"room_reopened"})} <= codes(found)


CLOSINGS: tuple[tuple[dict[str, Any], set[str]], ...] = (
    ({"mandatory": True}, {"group_not_opened"}),
    ({"group_pins": (GroupPin("g-metal", opens=True),)}, {"opened"}),
    ({"meeting_pins": (MeetingPin("g-metal", ("d0a", "d0b")),)}, {"meeting"}),
    (
        {
            "mandatory": True,
            "group_pins": (GroupPin("g-metal", opens=True),),
            "meeting_pins": (MeetingPin("g-metal", ("d0a", "d0b")),),
        },
        {"group_not_opened", "meeting"},
    ),
)


@pytest.mark.parametrize(("forced", "given_up"), CLOSINGS)
def test_a_group_stays_closed_by_giving_up_whatever_makes_it_open(forced: dict[str, Any], given_up: set[str]) -> None:
    """Six must be in it, and five live in the house: a rule of the house, a decision, or both give way."""
    metal = TeachingGroup("g-metal", "vocational", "metal", 6, 8, forced.get("mandatory", False), meetings=1)
    metal = replace(metal, patterns=MORNINGS)
    pins = {name: value for name, value in forced.items() if name != "mandatory"}
    problem = replace(village(), groups=(*village().groups, metal), **pins)
    said = [{str(dict(r.values).get("kind", r.code)) for r in way.relaxations} for way in answered(problem).ways]
    assert given_up in said


# Where counting sees nothing


def triangle() -> Problem:
    """Three boys, each kept apart from the others in class, and two classes."""
    pairs = (("cal", "dan"), ("cal", "eli"), ("dan", "eli"))
    return replace(village(), apart=tuple(KeepApart(a, b, ("class",)) for a, b in pairs))


def test_where_too_many_are_set_to_one_hour_one_of_these_decisions_is_given_up() -> None:
    """Two counsellors see two people each in an hour; five are set to the same."""
    problem = village()
    pins = tuple(AppointmentPin(r.id, "d0e", 0) for r in problem.residents)
    assert len(pins) == 5
    found = ways_out(replace(problem, appointment_pins=pins), Limits(seconds=60, workers=1))
    released = [[(r.code, dict(r.values)["kind"]) for r in way.relaxations] for way in found.ways]
    assert [("pin_released", "appointment")] in released
    assert all(not shortages(relaxed(problem, way.relaxations)) for way in found.ways)


def test_the_rules_that_cannot_be_kept_together_are_named_and_none_is_idle() -> None:
    extra = (KeepApart("ann", "bea", ("room",)), KeepApart("ann", "cal", ("class",)))
    problem = replace(
        triangle(), apart=(*triangle().apart, *extra), rooms=(*village().rooms, Room("G", "north", 2, "female"))
    )
    found = answered(problem)
    assert found.shortages == ()
    assert found.stage == "classes"
    assert found.is_minimal
    pairs = [rule for rule in found.rules if rule.family == "apart_class"]
    assert set(pairs) == {Rule("apart_class", (p.a, p.b)) for p in triangle().apart}
    for rule in pairs:
        fewer = tuple(p for p in problem.apart if (p.a, p.b) != rule.who)
        assert solve(replace(problem, apart=fewer), REPEATABLE).unmet == ()


def test_lifting_a_pair_is_the_last_resort_and_needs_a_person() -> None:
    found = answered(triangle())
    assert found.ways[0].relaxations[0].code == "need_unmet"
    lifted = next(way for way in found.ways if way.relaxations[0].code == "pair_lifted")
    assert lifted.relaxations[0].needs_a_person
    assert lifted.points > found.ways[0].points


def test_a_week_that_cannot_be_is_met_with_fewer_meetings_or_needs() -> None:
    """Maths meets only when both classes do, which take all mornings."""
    groups = tuple(
        replace(g, patterns=(StartPattern(("d0a",)), StartPattern(("d1a",))))
        if g.id == "g-maths"
        else replace(g, meetings=2)
        for g in village().groups
    )
    found = answered(replace(village(), groups=groups))
    assert found.stage == "times"
    assert {"meetings_fewer", "need_unmet"} <= {r.code for way in found.ways for r in way.relaxations}


# Every relaxation


def whole_village() -> Problem:
    made = replace(
        village(),
        pins=(Pin("class", "ann", "g-wood"),),
        group_pins=(GroupPin("g-sew", True),),
        meeting_pins=(MeetingPin("g-wood", ("d0a", "d0b")),),
        appointment_pins=(AppointmentPin("ann", "d1c"),),
        apart=(KeepApart("cal", "dan", ("room", "class")),),
    )
    made = changed(made, "residents", "eli", unavailable=("d0c", "d1c"), counsellor_gender="male", barred=("g-wood",))
    made = changed(made, "rooms", "M", closed=((3, 5),), minimum_stage=2)
    return changed(made, "instructors", "tom", unavailable=("d0c",), most_periods=1)


RELAXATIONS = (
    (Relaxation("beds", (("gender", "female"), ("amount", 2), ("from", 3), ("to", 9))), "rooms"),
    (Relaxation("room_reopened", (("room", "M"),)), "rooms"),
    (Relaxation("room_either_gender", (("room", "M"),)), "rooms"),
    (Relaxation("room_stage", (("room", "M"), ("stage", 1))), "rooms"),
    (Relaxation("not_admitted", (("amount", 1),), ("dan",)), "residents"),
    (Relaxation("group_larger", (("group", "g-sew"), ("amount", 2))), "groups"),
    (Relaxation("group_smaller", (("group", "g-sew"), ("minimum", 0))), "groups"),
    (Relaxation("group_not_opened", (("group", "g-sew"),)), "group_pins"),
    (Relaxation("group_opened", (("group", "g-sew"), ("places", 2))), "groups"),
    (Relaxation("group_admits", (("group", "g-wood"),), ("eli",)), "residents"),
    (Relaxation("need_unmet", (("need", "class"), ("subject", ""), ("amount", 1)), ("ann",)), "residents"),
    (Relaxation("need_unmet", (("need", "education"), ("subject", "maths"), ("amount", 1)), ("ann",)), "residents"),
    (Relaxation("capacity", (("counsellor", "kim"), ("amount", 2))), "counsellors"),
    (Relaxation("counsellor_waived", (), ("eli",)), "residents"),
    (Relaxation("rarer_appointments", (("weeks", 3),)), "appointments"),
    (Relaxation("hours", (("kind", "resident"), ("periods", "d0c")), ("eli",)), "residents"),
    (Relaxation("hours", (("kind", "instructor"), ("who", "tom"), ("periods", "d0c"))), "instructors"),
    (Relaxation("load", (("instructor", "tom"), ("periods", 2))), "instructors"),
    (Relaxation("meetings_fewer", (("group", "g-wood"), ("meetings", 1))), "groups"),
    (Relaxation("day_more", (("group", "g-wood"), ("meetings", 2))), "groups"),
    (Relaxation("pin_released", (("kind", "class"), ("target", "g-wood")), ("ann",)), "pins"),
    (Relaxation("pin_released", (("kind", "opened"), ("target", "g-sew"))), "group_pins"),
    (Relaxation("pin_released", (("kind", "meeting"), ("target", "g-wood"), ("periods", "d0a d0b"))), "meeting_pins"),
    (Relaxation("pin_released", (("kind", "appointment"), ("target", "d1c")), ("ann",)), "appointment_pins"),
    (Relaxation("pair_lifted", (("scope", "class"),), ("cal", "dan")), "apart"),
)


@pytest.mark.parametrize(("relaxation", "part"), RELAXATIONS, ids=[str(r.code) for r, _ in RELAXATIONS])
def test_a_relaxation_changes_its_part_of_the_problem_and_nothing_else(relaxation: Relaxation, part: str) -> None:
    problem = whole_village()
    assert faults_of(problem) == ()
    found = relaxed(problem, [relaxation])
    assert faults_of(found) == ()
    parts = {name for name in type(problem).__slots__ if getattr(problem, name) != getattr(found, name)}
    assert part in parts
    assert parts <= {part, "apart", "pins", "appointment_pins"}


def test_a_class_pinned_for_eli_who_is_barred_from_it_is_opened_to_him() -> None:
    admitted = relaxed(whole_village(), [Relaxation("group_admits", (("group", "g-wood"),), ("eli",))])
    assert next(r for r in admitted.residents if r.id == "eli").barred == ()


# Against complete enumeration


@CALM
@given(tiny_houses())
def test_impossible_is_impossible_and_a_way_out_is_one(problem: Problem) -> None:
    found = answered(problem, most=2)
    whole = enumerate_all(problem)
    assert found.is_possible == (whole is not None and whole.has_full)
    for way in found.ways:
        better = enumerate_all(relaxed(problem, way.relaxations))
        assert better is not None
        assert better.has_full
    if found.is_minimal:
        assert found.rules


# Stopping, mistakes, the command


def test_a_stopped_search_says_what_it_has() -> None:
    problem = changed(village(), "groups", "g-sew", maximum=1)
    found = ways_out(problem, REPEATABLE, stop=lambda: True)
    assert found.shortages
    assert found.ways == ()
    assert not found.is_possible


def test_a_problem_with_mistakes_is_refused() -> None:
    with pytest.raises(InvalidProblem):
        ways_out(replace(village(), nights=0))


def test_the_command_tells_what_is_short_and_what_would_help(tmp_path: Any) -> None:
    path = tmp_path / "problem.json"
    path.write_text(write_problem(changed(village(), "groups", "g-sew", maximum=1, patterns=MORNINGS)))
    result = CliRunner().invoke(waysout_command, [str(path), "--workers", "1"], env={"COLUMNS": "160"})
    assert result.exit_code == 1
    assert "short: class_seats" in result.output
    assert "group_larger" in result.output
    told = CliRunner().invoke(waysout_command, [str(path), "--workers", "1", "--json"])
    assert '"format": "foyer-impossible/1"' in told.output


def test_what_residents_get_in_the_plan_that_was_tried() -> None:
    house = village(
        residents=(
            *(replace(r, choices=("metal", "wood", "sewing")) if r.id == "ann" else r for r in village().residents[:3]),
            replace(village().residents[3], choices=("metal", "iron", "clay", "wood")),
            replace(village().residents[4], choices=("wood",)),
        )
    )
    plan = hand_made(house)  # wood: Ann, Cal, Dan; sewing: Bea, Eli
    gone = Relaxation("not_admitted", (("amount", 1),), ("fay",))
    assert got_in(house, (gone,), plan) == Got((1, 2, 0, 1), ("eli",), ("fay",))
