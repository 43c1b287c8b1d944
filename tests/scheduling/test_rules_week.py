"""Rules of the week: odd and even weeks, days between meetings, order of groups, and how full a day may be (H10 to
H12): obeyed at a price, reported where a plan made by hand breaks them, and letting everything else be."""

from __future__ import annotations

from dataclasses import replace

import pytest

from foyer.scheduling.plan import Appointment, Meeting, Outcome, Plan
from foyer.scheduling.problem import (
    AppointmentPin,
    Appointments,
    DayRules,
    MeetingPin,
    Problem,
    StartPattern,
    TeachingGroup,
    Weeks,
)
from tests.scheduling.solved import broken, group, person, planned, points, short
from tests.scheduling.village import hand_made, swapped, village

BLOCKS = ("d0a", "d0b", "d0c", "d1a", "d1b", "d1c")


def lessons(**starts: tuple[str, ...]) -> Problem:
    """Ann has nothing but three groups of one meeting each, which may lie where ``starts`` says."""
    groups = tuple(
        TeachingGroup(name, "education", name, 1, 5, meetings=1, patterns=tuple(StartPattern((p,)) for p in where))
        for name, where in starts.items()
    )
    ann = replace(village().residents[0], needs_vocational=False, education=tuple(starts), age=17)
    return village(residents=(ann,), groups=groups)


def when(plan: Plan, name: str) -> list[str]:
    return sorted(p for m in plan.meetings if m.group == name for p in m.periods)


def weekly(problem: Problem, weeks: dict[str, Weeks]) -> Problem:
    return replace(problem, groups=tuple(replace(g, weeks=weeks.get(g.id, "all")) for g in problem.groups))


def test_odd_and_even_weeks_share_a_period_and_a_venue_and_an_instructor() -> None:
    problem = lessons(one=("d0a",), two=("d0a",))
    problem = replace(problem, groups=tuple(replace(g, venues=("hall",), instructors=("ivo",)) for g in problem.groups))
    assert short_or_none(problem)
    for weeks, fits in (
        ({"one": "odd", "two": "even"}, True),
        ({"one": "odd", "two": "odd"}, False),
        ({"one": "odd"}, False),
    ):
        changed = weekly(problem, weeks)  # type: ignore[arg-type]
        assert short_or_none(changed) is not fits
        meetings = tuple(Meeting(name, ("d0a",), "hall", "ivo") for name in ("one", "two"))
        plan = one_plan(changed, meetings)
        assert broken(changed, plan) == (set() if fits else {"resident_twice", "venue_twice", "instructor_twice"})


def short_or_none(problem: Problem) -> bool:
    """Whether the engine finds that not both can meet."""
    from foyer.scheduling import solve
    from tests.scheduling.solved import REPEATABLE

    plan = solve(problem, REPEATABLE)
    return plan.outcome is Outcome.INFEASIBLE or any(u.need == "education" for u in plan.unmet)


def one_plan(problem: Problem, meetings: tuple[Meeting, ...], *, week: int = 0, period: str = "d1e") -> Plan:
    """Ann's plan made by hand, with these meetings and her appointment in that week and period."""
    block = next(p for p in problem.periods if p.id == period)
    whole = hand_made(
        village(),
    )
    return hand_made(
        problem,
        seats=tuple(replace(whole.seats[0], group=g.id) for g in problem.groups),
        caseloads=whole.caseloads[:1],
        lodgings=whole.lodgings[:1],
        meetings=meetings,
        appointments=(Appointment("ann", "kim", week, period, block.start, block.start + 45),),
    )


def test_an_instructors_load_is_counted_in_each_week() -> None:
    problem = lessons(one=("d0a",), two=("d0b",))
    problem = replace(problem, groups=tuple(replace(g, instructors=("ivo",)) for g in problem.groups))
    ivo = replace(problem.instructors[0], most_periods=1)
    problem = replace(problem, instructors=(ivo, *problem.instructors[1:]))
    meetings = (Meeting("one", ("d0a",), None, "ivo"), Meeting("two", ("d0b",), None, "ivo"))
    assert broken(problem, one_plan(problem, meetings)) == {"instructor_load"}
    other = weekly(problem, {"one": "odd", "two": "even"})
    assert broken(other, one_plan(other, meetings)) == set()
    planned(other)


def test_an_appointment_takes_a_period_that_is_free_in_its_week() -> None:
    """Ann learns on Monday morning in odd weeks; her appointment there is possible in even weeks only."""
    problem = weekly(lessons(one=("d0a",)), {"one": "odd"})
    meetings = (Meeting("one", ("d0a",), None, None),)
    assert broken(problem, one_plan(problem, meetings, week=0, period="d0a")) == {"resident_twice"}
    assert broken(problem, one_plan(problem, meetings, week=1, period="d0a")) == set()
    every_week = replace(problem, appointments=Appointments(45, 1))
    assert broken(every_week, one_plan(every_week, meetings, week=0, period="d0a")) == {"resident_twice"}
    pinned = replace(problem, appointment_pins=(AppointmentPin("ann", "d0a"),))
    assert [a.week for a in planned(pinned).appointments] == [1]
    assert short(replace(pinned, appointment_pins=(AppointmentPin("ann", "d0a", 1),))) == set()
    away = replace(pinned, appointment_pins=(AppointmentPin("ann", "d0a", 0),))
    assert short(away) == {"education_hours"}


def test_two_groups_do_not_take_both_weeks_of_a_pinned_appointment() -> None:
    problem = weekly(lessons(one=("d0a", "d1c"), two=("d0a", "d1a")), {"one": "odd", "two": "even"})
    met = (MeetingPin("one", ("d0a",)),)
    free = planned(replace(problem, meeting_pins=met))
    assert points(free, "gap") + points(free, "single_period") > 0
    pinned = replace(problem, meeting_pins=met, appointment_pins=(AppointmentPin("ann", "d0a"),))
    assert when(planned(pinned), "two") == ["d1a"]


def test_gaps_are_the_mean_of_both_weeks() -> None:
    """On Monday Ann has her first and third period; the second only in odd weeks: half a gap."""
    problem = lessons(one=("d0a",), two=("d0b",), three=("d0c",))
    gaps = {}
    for weeks in ("all", "odd"):
        gaps[weeks] = points(planned(weekly(problem, {"two": weeks})), "gap")  # type: ignore[dict-item]
    assert gaps == {"all": 0, "odd": 0.5}
    alternate = planned(weekly(problem, {"one": "odd", "two": "odd", "three": "even"}))
    assert points(alternate, "single_period") == 1  # a lone period in even weeks, at two points


def test_days_between_meetings_are_kept_at_a_price() -> None:
    """Two meetings on Monday would cost nothing; one on each day costs nine points."""
    dear = tuple(StartPattern((p,), penalty=9 * (p == "d1c")) for p in BLOCKS)
    problem = group("g-maths", meetings=2, most_per_day=2, patterns=dear)
    forced = group("g-maths", problem, patterns=tuple(p for p in dear if p.periods[0] in ("d0b", "d0c", "d1c")))
    forced = group("g-wood", group("g-sew", forced, meetings=0), meetings=0)
    assert points(planned(forced), "disliked_start") == 0
    other_days = planned(group("g-maths", forced, days_between=1))
    assert points(other_days, "disliked_start") == 9
    assert len({p[:2] for p in when(other_days, "g-maths")}) == 2
    far = group("g-maths", problem, days_between=2)
    by_hand = hand_made(far, meetings=(*hand_made(far).meetings, Meeting("g-maths", ("d1c",), None, "tom")))
    assert broken(far, by_hand) >= {"days_between"}
    near = group("g-maths", problem, days_between=1)
    assert "days_between" not in broken(near, hand_made(near, meetings=by_hand.meetings))


def test_more_meetings_than_the_days_between_allow_are_counted() -> None:
    problem = group("g-maths", meetings=2, days_between=2, mandatory=True)
    assert short(problem) >= {"group_periods"}


@pytest.mark.parametrize("follows", [False, True])
def test_a_group_begins_after_the_group_that_it_follows(follows: bool) -> None:
    """The lesson costs points wherever it comes after the class; it comes there all the same."""
    starts = (StartPattern(("d0a",)), StartPattern(("d1c",), penalty=9))
    problem = group("g-maths", patterns=starts, follows=("g-wood",) if follows else ())
    problem = person("bea", person("ann", problem, choices=("sewing",)), choices=("sewing",))
    problem = group("g-sew", group("g-wood", problem, meetings=1), patterns=(StartPattern(("d1a", "d1b")),))
    plan = planned(problem)
    assert points(plan, "disliked_start") == (9 if follows else 0)


def test_a_group_that_begins_before_the_one_it_follows_is_reported() -> None:
    """By hand the wood class begins on Monday at eight and ends at noon; maths is on Monday at a quarter past one."""
    for follows, rule in ((("g-wood",), set()), (("g-sew",), set())):
        problem = group("g-maths", follows=follows)
        assert broken(problem, hand_made(problem)) == rule
    problem = group("g-wood", follows=("g-maths",))
    assert broken(problem, hand_made(problem)) == {"follows"}
    other_weeks = group("g-wood", group("g-maths", problem, weeks="odd"), weeks="even")
    assert broken(other_weeks, hand_made(other_weeks)) == set()
    both = group("g-sew", problem, follows=("g-wood",))
    assert broken(both, hand_made(both)) == {"follows"}


def test_groups_that_follow_each_other_have_no_plan() -> None:
    problem = group("g-sew", group("g-wood", follows=("g-sew",)), follows=("g-wood",))
    problem = replace(problem, groups=tuple(replace(g, mandatory=True) for g in problem.groups))
    from foyer.scheduling import solve
    from tests.scheduling.solved import REPEATABLE

    plan = solve(problem, REPEATABLE)
    assert [s.code for s in plan.shortages] == ["no_plan"]


FULL = {"one": BLOCKS[:3], "two": BLOCKS, "three": BLOCKS}


def test_a_day_holds_no_more_meetings_than_allowed() -> None:
    """Left alone three lessons fill one day, which has no gap; with at most two a day it costs points."""
    problem = lessons(**FULL)
    whole = planned(problem)
    assert len({p[:2] for m in whole.meetings for p in m.periods}) == 1
    spread = planned(replace(problem, day_rules=DayRules(most_periods=2)))
    assert len({p[:2] for m in spread.meetings for p in m.periods}) == 2
    assert points(spread, "single_period") > points(whole, "single_period")


def test_a_break_comes_after_so_many_meetings() -> None:
    """The first two periods of a day are one run; the third comes after lunch."""
    problem = replace(lessons(**FULL), day_rules=DayRules(most_in_a_row=1))
    plan = planned(problem)
    taken = {p for m in plan.meetings for p in m.periods}
    assert not any({f"d{day}a", f"d{day}b"} <= taken for day in (0, 1))
    meetings = tuple(Meeting(name, (p,), None, None) for name, p in (("one", "d0b"), ("two", "d0c"), ("three", "d1a")))
    assert broken(problem, one_plan(problem, meetings)) == set()
    close = swapped(meetings, meetings[2], Meeting("three", ("d0a",), None, None))
    assert broken(problem, one_plan(problem, close)) == {"day_in_a_row"}
    most = replace(problem, day_rules=DayRules(most_periods=2))
    assert broken(most, one_plan(most, close)) == {"day_periods"}
    other_weeks = weekly(problem, {"two": "odd", "three": "even", "one": "odd"})
    assert broken(other_weeks, one_plan(other_weeks, close)) == set()


def test_seats_are_chosen_so_that_days_stay_within_their_limits() -> None:
    """Two groups of one subject: the only one that leaves Ann's Monday short enough has fewer places to spare."""
    problem = lessons(one=("d0a",), two=("d0b",))
    second = replace(problem.groups[1], id="other", patterns=(StartPattern(("d1a",)),), open_points=30)
    problem = replace(problem, groups=(*problem.groups, second), day_rules=DayRules(most_periods=1))
    plan = planned(problem)
    assert not plan.unmet
    assert {s.group for s in plan.seats} == {"one", "other"}
