"""The checker on meetings and appointments: nobody and nothing in two places."""

from __future__ import annotations

from dataclasses import replace

import pytest

from foyer.scheduling import check
from foyer.scheduling.plan import Appointment, Meeting, Plan, Unmet
from foyer.scheduling.problem import Problem, StartPattern, Venue
from tests.scheduling.village import AFTERNOONS, hand_made, rules, swapped, village

MATHS = Meeting("g-maths", ("d0c",), None, "tom")
SEWING = Meeting("g-sew", ("d0a", "d0b"), "loft", "sue")
ANN = Appointment("ann", "kim", 0, "d1c", 795, 840)


def changed(part: str, name: str, **changes: object) -> Problem:
    """The village with one of its things changed."""
    things = tuple(replace(t, **changes) if t.id == name else t for t in getattr(village(), part))
    return village(**{part: things})


def found(problem: Problem, plan: Plan | None = None) -> set[str]:
    return rules(check(problem, plan or hand_made(problem)))


def with_meeting(old: Meeting, new: Meeting, problem: Problem | None = None) -> set[str]:
    problem = problem or village()
    plan = hand_made(problem)
    return found(problem, hand_made(problem, meetings=swapped(plan.meetings, old, new)))


def with_appointment(old: Appointment, new: Appointment, problem: Problem | None = None) -> set[str]:
    problem = problem or village()
    plan = hand_made(problem)
    return found(problem, hand_made(problem, appointments=swapped(plan.appointments, old, new)))


def test_an_open_group_has_exactly_its_meetings() -> None:
    assert found(village(), hand_made(village(), meetings=hand_made(village()).meetings[1:])) == {"meeting_count"}


def test_no_more_meetings_in_a_day_than_allowed() -> None:
    twice = (Meeting("g-maths", ("d1c",), None, "tom"), Meeting("g-maths", ("d1e",), None, "tom"))
    patterns = (*AFTERNOONS, StartPattern(("d1e",)))
    for most, expected in ((1, {"meetings_in_day"}), (2, set())):
        problem = changed("groups", "g-maths", meetings=2, most_per_day=most, patterns=patterns)
        plan = hand_made(problem)
        others = tuple(m for m in plan.meetings if m.group != "g-maths")
        calm = (Appointment("bea", "lou", 1, "d0c", 795, 840), Appointment("ann", "kim", 1, "d0c", 795, 840))
        appointments = (*(a for a in plan.appointments if a.resident not in ("ann", "bea")), *calm)
        assert found(problem, hand_made(problem, meetings=(*others, *twice), appointments=appointments)) == expected


def test_a_meeting_lies_in_an_allowed_pattern() -> None:
    assert with_meeting(MATHS, replace(MATHS, periods=("d0e",))) == {"meeting_pattern"}
    assert "meeting_pattern" in with_meeting(SEWING, replace(SEWING, periods=("d0b", "d0a")))


@pytest.mark.parametrize(
    ("part", "name", "rule"),
    [
        ("groups", "g-sew", "group_unavailable"),
        ("venues", "loft", "venue_unavailable"),
        ("instructors", "sue", "instructor_unavailable"),
        ("residents", "eli", "resident_unavailable"),
    ],
)
def test_everybody_and_everything_in_a_meeting_is_available(part: str, name: str, rule: str) -> None:
    assert found(changed(part, name, unavailable=("d0b",))) == {rule}
    assert found(changed(part, name, unavailable=("d1a",))) == set()


def test_a_meeting_has_a_fitting_venue() -> None:
    assert with_meeting(SEWING, replace(SEWING, venue=None)) == {"venue_missing"}
    assert with_meeting(SEWING, replace(SEWING, venue="hall")) == {"venue_unfit", "venue_twice"}
    assert found(village(venues=(Venue("hall", 2), Venue("loft")))) == {"venue_seats"}


def test_a_meeting_has_a_qualified_instructor() -> None:
    assert with_meeting(SEWING, replace(SEWING, instructor=None)) == {"instructor_missing"}
    assert with_meeting(SEWING, replace(SEWING, instructor="tom")) == {"instructor_unqualified"}


def test_an_instructor_teaches_one_meeting_at_a_time() -> None:
    problem = changed("groups", "g-sew", instructors=("ivo", "sue"))
    assert with_meeting(SEWING, replace(SEWING, instructor="ivo"), problem) == {"instructor_twice"}


def test_an_instructor_teaches_no_more_periods_than_allowed() -> None:
    assert found(changed("instructors", "ivo", most_periods=3)) == {"instructor_load"}
    assert found(changed("instructors", "ivo", most_periods=4)) == set()


def test_a_resident_has_one_meeting_at_a_time() -> None:
    problem = changed("groups", "g-maths", patterns=(StartPattern(("d0a",)), *AFTERNOONS))
    assert with_meeting(MATHS, replace(MATHS, periods=("d0a",)), problem) == {"resident_twice"}


def test_everybody_has_an_appointment_or_is_listed() -> None:
    appointments = hand_made(village()).appointments[1:]
    assert found(village(), hand_made(village(), appointments=appointments)) == {"appointment_missing"}
    listed = hand_made(village(), appointments=appointments, unmet=(Unmet("ann", "appointment"),))
    assert found(village(), listed) == set()
    assert found(village(), hand_made(village(), unmet=(Unmet("ann", "appointment"),))) == {"unmet_untrue"}
    twice = (*hand_made(village()).appointments, replace(ANN, week=1))
    assert found(village(), hand_made(village(), appointments=twice)) == {"appointment_twice"}


def test_an_appointment_is_with_the_own_counsellor() -> None:
    assert "appointment_counsellor" in with_appointment(ANN, replace(ANN, counsellor="lou"))


@pytest.mark.parametrize("times", [(795, 839), (790, 835), (860, 905)])
def test_an_appointment_lasts_as_long_as_it_should_within_its_period(times: tuple[int, int]) -> None:
    assert "appointment_time" in with_appointment(ANN, replace(ANN, start=times[0], end=times[1]))


def test_an_appointment_lies_in_a_week_of_the_rotation() -> None:
    assert with_appointment(ANN, replace(ANN, week=1)) == set()
    assert with_appointment(ANN, replace(ANN, week=2)) == {"appointment_week"}


def test_an_appointment_of_a_short_stay_lies_in_its_weeks() -> None:
    """Dan stays in week 1 only, which is the second of the rotation."""
    dan = Appointment("dan", "lou", 0, "d0c", 795, 840)
    people = tuple(replace(r, arrives=7) if r.id == "dan" else r for r in village().residents)
    problem = village(residents=people)
    lodgings = tuple(replace(x, arrives=7) if x.resident == "dan" else x for x in hand_made(village()).lodgings)
    plan = hand_made(problem, lodgings=lodgings)
    assert found(problem, plan) == {"appointment_week"}
    moved = swapped(plan.appointments, dan, replace(dan, week=1))
    assert found(problem, hand_made(problem, lodgings=lodgings, appointments=moved)) == set()


def test_both_are_free_for_an_appointment() -> None:
    assert with_appointment(ANN, Appointment("ann", "kim", 0, "d0c", 840, 885)) == {"resident_twice"}
    assert found(changed("residents", "ann", unavailable=("d1c",))) == {"resident_unavailable"}
    assert found(changed("counsellors", "kim", unavailable=("d1c",))) == {"counsellor_unavailable"}


def test_a_counsellor_sees_one_resident_at_a_time() -> None:
    assert with_appointment(ANN, replace(ANN, start=830, end=875)) == {"counsellor_twice_at_once"}
    assert with_appointment(ANN, replace(ANN, week=1, start=840, end=885)) == set()


def test_gaps_and_single_periods_are_counted_per_resident_and_day() -> None:
    """Maths at d0e: Ann and Bea wait through d0c. Maths at d1e: Bea has nothing else that day, Ann waits again."""
    patterns = (*AFTERNOONS, StartPattern(("d0e",)), StartPattern(("d1e",)))
    problem = changed("groups", "g-maths", patterns=patterns)

    def counts(period: str) -> dict[str, int]:
        plan = hand_made(problem)
        meetings = swapped(plan.meetings, MATHS, replace(MATHS, periods=(period,)))
        shaped = hand_made(problem, meetings=meetings)
        return {t.wish: t.count for t in shaped.terms if t.wish in ("gap", "single_period")}

    assert counts("d0c") == {}
    assert counts("d0e") == {"gap": 2}
    assert counts("d1e") == {"gap": 1, "single_period": 1}
