"""Pins on anything (H13): kept, reported where a plan breaks them, and counted before solving where they cannot be
kept."""

from __future__ import annotations

from dataclasses import replace

import pytest

from foyer.scheduling import check
from foyer.scheduling.plan import Appointment, Meeting, Outcome, Seat
from foyer.scheduling.problem import (
    AppointmentPin,
    GroupPin,
    Instructor,
    MeetingPin,
    Pin,
    Problem,
    StartPattern,
    TeachingGroup,
    Venue,
)
from tests.scheduling.solved import broken, changed, group, group_of, person, planned, points, short
from tests.scheduling.village import hand_made, swapped, village

ANYTIME = tuple(StartPattern((p,)) for p in ("d0a", "d0b", "d0c", "d1a", "d1b", "d1c"))


def test_a_group_that_a_person_closed_stays_closed_even_at_a_price() -> None:
    roomy = group("g-sew", maximum=5)
    closed = replace(roomy, group_pins=(GroupPin("g-wood", opens=False),))
    assert any(s.group == "g-wood" for s in planned(roomy).seats)
    plan = planned(closed)
    assert not any(s.group == "g-wood" for s in plan.seats)
    assert points(plan, "choice") > points(planned(roomy), "choice")
    assert broken(closed, hand_made(closed)) == {"pin"}


def test_a_group_that_a_person_opened_opens_even_at_a_price() -> None:
    third = TeachingGroup("g-metal", "vocational", "metal", 1, 4)
    free = village(groups=(*village().groups, third))
    opened = replace(free, group_pins=(GroupPin("g-metal", opens=True),))
    assert not any(s.group == "g-metal" for s in planned(free).seats)
    assert any(s.group == "g-metal" for s in planned(opened).seats)
    assert broken(opened, hand_made(opened)) == {"pin", "group_minimum"}


def test_pins_on_openings_that_cannot_be_kept_are_counted() -> None:
    both = (GroupPin("g-sew", opens=True), GroupPin("g-sew", opens=False))
    assert short(village(group_pins=both)) == {"pins_contradict", "group_minimum", "class_seats"}
    assert short(group("g-sew", mandatory=True, maximum=9, minimum=0, problem=village(group_pins=both[1:])))
    pinned = village(group_pins=both[1:], pins=(Pin("class", "ann", "g-sew"),))
    assert "pin_impossible" in short(pinned)
    met = village(group_pins=both[1:], meeting_pins=(MeetingPin("g-sew", ("d0a", "d0b")),))
    assert "pins_contradict" in short(met)


def two_places() -> Problem:
    """The sewing class may meet in two venues with two instructors; left alone it meets on Monday or Tuesday."""
    problem = group("g-sew", venues=("loft", "shed"), instructors=("sue", "uma"))
    return replace(
        problem,
        venues=(*problem.venues, Venue("shed")),
        instructors=(*problem.instructors, Instructor("uma")),
    )


@pytest.mark.parametrize("periods", [("d0a", "d0b"), ("d1a", "d1b")])
@pytest.mark.parametrize(("venue", "instructor"), [(None, None), ("shed", None), (None, "uma"), ("loft", "sue")])
def test_a_meeting_that_a_person_set_is_kept(
    periods: tuple[str, str], venue: str | None, instructor: str | None
) -> None:
    pin = MeetingPin("g-sew", periods, venue, instructor)
    problem = replace(two_places(), meeting_pins=(pin,))
    meeting = next(m for m in planned(problem).meetings if m.group == "g-sew")
    assert meeting.periods == periods
    assert venue in (None, meeting.venue)
    assert instructor in (None, meeting.instructor)


def test_a_meeting_elsewhere_than_pinned_is_reported() -> None:
    kept = MeetingPin("g-sew", ("d0a", "d0b"), "loft", "sue")
    for pin, rule in (
        (kept, set()),
        (replace(kept, periods=("d1a", "d1b")), {"pin"}),
        (replace(kept, venue="shed"), {"pin"}),
        (replace(kept, instructor="uma"), {"pin"}),
    ):
        problem = replace(two_places(), meeting_pins=(pin,))
        assert broken(problem, hand_made(problem)) == rule


def test_a_set_meeting_costs_points_rather_than_being_moved() -> None:
    """Maths meets on Tuesday by a pin, though that start is disliked; and the class with a set meeting opens."""
    dear = (StartPattern(("d0c",)), StartPattern(("d1c",), penalty=7))
    problem = group("g-maths", patterns=dear)
    assert points(planned(problem), "disliked_start") == 0
    assert points(planned(replace(problem, meeting_pins=(MeetingPin("g-maths", ("d1c",)),))), "disliked_start") == 7
    third = TeachingGroup("g-metal", "vocational", "metal", 0, 4, meetings=1, patterns=ANYTIME)
    opened = village(groups=(*village().groups, third), meeting_pins=(MeetingPin("g-metal", ("d0c",)),))
    plan = planned(opened)
    assert any(s.group == "g-metal" for s in plan.seats)
    assert broken(opened, hand_made(opened)) >= {"pin"}


def test_who_is_away_during_a_set_meeting_joins_another_group() -> None:
    problem = person("ann", unavailable=("d1a",), education=())
    problem = group("g-wood", problem, meetings=1)
    assert "g-wood" in group_of(planned(problem), "ann")
    pinned = replace(problem, meeting_pins=(MeetingPin("g-wood", ("d1a", "d1b")),))
    assert "g-wood" not in group_of(planned(pinned), "ann")


def test_pins_on_meetings_that_cannot_be_kept_are_counted() -> None:
    monday, tuesday = MeetingPin("g-sew", ("d0a", "d0b")), MeetingPin("g-sew", ("d1a", "d1b"))
    assert short(village(meeting_pins=(monday, tuesday))) == {"pins_contradict"}  # it meets once
    assert short(village(meeting_pins=(monday,))) == set()
    assert "pin_impossible" in short(village(meeting_pins=(replace(monday, venue="hall"),)))
    away = changed(village(meeting_pins=(monday,)), "instructors", "sue", unavailable=("d0b",))
    assert "pin_impossible" in short(away)
    named = replace(two_places(), meeting_pins=(replace(monday, venue="loft"), replace(monday, venue="shed")))
    assert "pins_contradict" in short(named)
    shared = group("g-sew", two_places(), venues=("hall",))
    at_once = (MeetingPin("g-wood", ("d0a", "d0b")), monday)
    assert "pins_contradict" in short(replace(shared, meeting_pins=at_once))
    assert short(village(meeting_pins=at_once)) == set()  # each has its own place and person
    overlapping = group("g-maths", patterns=(StartPattern(("d0a",)), StartPattern(("d0c",))))
    both = (Pin("class", "ann", "g-wood"), Pin("education", "ann", "g-maths"))
    met = (MeetingPin("g-wood", ("d0a", "d0b")), MeetingPin("g-maths", ("d0a",)))
    assert "pins_contradict" in short(replace(overlapping, pins=both, meeting_pins=met))


@pytest.mark.parametrize("period", ["d0c", "d1c", "d1e", "d0a"])
@pytest.mark.parametrize("week", [None, 0, 1])
def test_an_appointment_that_a_person_set_is_kept(period: str, week: int | None) -> None:
    problem = village(appointment_pins=(AppointmentPin("bea", period, week),))
    appointment = next(a for a in planned(problem).appointments if a.resident == "bea")
    assert appointment.period == period
    assert week in (None, appointment.week)


def test_an_appointment_elsewhere_than_pinned_is_reported() -> None:
    """Bea sees Lou on Tuesdays at a quarter past one, in the second week."""
    for pin, rule in (
        (AppointmentPin("bea", "d1c"), set()),
        (AppointmentPin("bea", "d1c", 1), set()),
        (AppointmentPin("bea", "d1c", 0), {"pin"}),
        (AppointmentPin("bea", "d0c"), {"pin"}),
    ):
        problem = village(appointment_pins=(pin,))
        assert broken(problem, hand_made(problem)) == rule


def test_no_group_meets_during_a_pinned_appointment() -> None:
    """Bea could only learn maths on Monday afternoon, when she sees her counsellor: the group moves to Tuesday."""
    problem = village(appointment_pins=(AppointmentPin("bea", "d0c"),))
    assert next(m for m in planned(problem).meetings if m.group == "g-maths").periods == ("d1c",)
    moved = swapped(
        hand_made(problem).appointments,
        Appointment("bea", "lou", 1, "d1c", 795, 840),
        Appointment("bea", "lou", 1, "d0c", 795, 840),
    )
    assert broken(problem, hand_made(problem, appointments=moved)) == {"resident_twice"}


def test_pins_on_appointments_that_cannot_be_kept_are_counted() -> None:
    pin = AppointmentPin("dan", "d0c", 0)
    assert short(village(appointment_pins=(pin, replace(pin, period="d1c")))) == {"pins_contradict"}
    assert short(village(appointment_pins=(pin, replace(pin, week=None)))) == set()
    leaves_soon = person("dan", village(appointment_pins=(replace(pin, week=1),)), leaves=7)
    assert short(leaves_soon) == {"pin_impossible"}
    away = person("dan", village(appointment_pins=(pin,)), unavailable=("d0c",))
    assert "pin_impossible" in short(away)
    three = tuple(
        AppointmentPin(name, "d1e", 0) for name in ("ann", "cal", "eli")
    )  # one slot more than the evening has
    with_kim = tuple(Pin("counsellor", p.resident, "kim") for p in three)
    assert short(village(appointment_pins=three, pins=with_kim)) == {"pins_exceed"}
    assert short(village(appointment_pins=three)) == set()
    planned(village(appointment_pins=three))
    either = tuple(replace(p, week=None) for p in three)
    planned(village(appointment_pins=either, pins=with_kim))


def test_a_stopped_plan_may_lack_what_it_says_is_open() -> None:
    problem = village(
        pins=(Pin("class", "ann", "g-wood"),),
        meeting_pins=(MeetingPin("g-sew", ("d1a", "d1b")),),
        appointment_pins=(AppointmentPin("bea", "d0c"),),
    )
    plan = hand_made(problem)
    stopped = replace(plan, outcome=Outcome.CANCELLED, meetings=(), appointments=())
    assert "pin" in {v.rule for v in check(problem, plan)}
    assert "pin" not in {v.rule for v in check(problem, stopped)}
    assert "pin" in {v.rule for v in check(problem, replace(stopped, seats=(Seat("ann", "g-sew"),)))}
    assert Meeting("g-sew", ("d0a", "d0b"), "loft", "sue") in plan.meetings
