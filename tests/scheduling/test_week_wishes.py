"""Conflict groups (H11), people from outside, the wishes s9 to s12 and s16: counted, checked, planned at their best."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from foyer.scheduling import check, solve
from foyer.scheduling.digest import problem_hash
from foyer.scheduling.plan import Limits, Meeting, Outcome, Plan
from foyer.scheduling.problem import (
    ConflictGroup,
    Instructor,
    Period,
    Problem,
    StartPattern,
    TeachingGroup,
    Venue,
    Weights,
)
from foyer.scheduling.score import rescored
from tests.scheduling.brute import best_week
from tests.scheduling.village import rules

PERIODS = tuple(Period(f"d{day}p{i}", day, 480 + 60 * i, 540 + 60 * i, i // 3) for day in (0, 1) for i in range(4))
CALM = settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck), derandomize=True)
ANYWHERE = tuple(StartPattern((p.id,)) for p in PERIODS)


def lesson(id_: str, **changes: object) -> TeachingGroup:
    """A group of ten people from outside who meet once, anywhere, in one of two places."""
    made = TeachingGroup(
        id_, "education", id_, 0, 0, mandatory=True, headcount=10, meetings=1, patterns=ANYWHERE, most_per_day=4,
        venues=("hall", "den"),
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def school(*groups: TeachingGroup, **changes: object) -> Problem:
    """A house without residents: two days of four periods, the last after lunch."""
    made = Problem(
        "school",
        28,
        PERIODS,
        (),
        groups=groups,
        venues=(Venue("hall", 30), Venue("den", 10)),
        instructors=(Instructor("ivo"), Instructor("sue")),
        weights=Weights(open_group=0),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def at(group: str, period: str, venue: str = "den") -> Meeting:
    return Meeting(group, (period,), venue, None)


def held(problem: Problem, *meetings: Meeting) -> Plan:
    return rescored(problem, Plan(Outcome.FEASIBLE, problem_hash(problem), meetings=meetings))


def points(problem: Problem, *meetings: Meeting) -> dict[str, float]:
    return {t.wish: t.points for t in held(problem, *meetings).terms if t.points}


def broken(problem: Problem, *meetings: Meeting) -> set[str]:
    return rules(check(problem, held(problem, *meetings)))


def test_groups_of_a_conflict_group_never_meet_at_once() -> None:
    problem = school(lesson("a"), lesson("b"), lesson("c"), conflicts=(ConflictGroup("year", ("a", "b")),))
    assert broken(problem, at("a", "d0p0"), at("b", "d0p0", "hall"), at("c", "d0p1")) == {"conflict_twice"}
    assert broken(problem, at("a", "d0p0"), at("b", "d0p1"), at("c", "d0p0", "hall")) == set()


def test_groups_of_odd_and_even_weeks_share_a_time() -> None:
    groups = (lesson("a", weeks="odd"), lesson("b", weeks="even"), lesson("c"))
    problem = school(*groups, conflicts=(ConflictGroup("year", ("a", "b", "c")),))
    assert "conflict_twice" not in broken(problem, at("a", "d0p0"), at("b", "d0p0", "hall"), at("c", "d0p1"))
    assert "conflict_twice" in broken(problem, at("a", "d0p0"), at("b", "d0p1"), at("c", "d0p1", "hall"))


def test_a_mandatory_group_meets_without_residents() -> None:
    assert broken(school(lesson("a"))) == {"meeting_count"}
    assert broken(school(lesson("a", mandatory=False))) == set()


def test_people_from_outside_need_seats() -> None:
    crowd = school(lesson("a", headcount=11))
    assert broken(crowd, at("a", "d0p0")) == {"venue_seats"}
    assert broken(crowd, at("a", "d0p0", "hall")) == set()
    soft = replace(crowd, weights=Weights(open_group=0, seat_short=3))
    assert broken(soft, at("a", "d0p0")) == set()
    assert points(soft, at("a", "d0p0")) == {"seat_short": 3}


def test_days_below_those_wished_are_counted() -> None:
    problem = school(lesson("a", meetings=3, wished_days=2))
    same = [at("a", f"d0p{i}") for i in range(3)]
    assert points(problem, *same) == {"fewer_days": 5}
    assert points(problem, *same[:2], at("a", "d1p0")) == {}


def test_a_meeting_is_alone_without_another_of_its_conflict_group_beside_it() -> None:
    problem = school(lesson("a", meetings=2), lesson("b"), conflicts=(ConflictGroup("year", ("a", "b"), True),))
    assert points(problem, at("a", "d0p0"), at("b", "d0p1"), at("a", "d1p0")) == {"lecture_alone": 2}
    assert points(problem, at("a", "d0p0"), at("b", "d0p1"), at("a", "d0p2")) == {}
    assert points(problem, at("a", "d0p0"), at("b", "d0p2"), at("a", "d1p2")) == {"lecture_alone": 6}
    after_lunch = (at("a", "d0p1"), at("b", "d0p2"), at("a", "d0p3"))
    assert points(problem, *after_lunch) == {"lecture_alone": 2}  # a protected block lies between
    silent = replace(problem, conflicts=(ConflictGroup("year", ("a", "b")),))
    assert points(silent, *after_lunch) == {}


def test_further_and_far_too_large_venues_are_counted() -> None:
    problem = school(lesson("a", meetings=3, headcount=10))
    assert points(problem, at("a", "d0p0"), at("a", "d0p1"), at("a", "d0p2")) == {}
    assert points(problem, at("a", "d0p0"), at("a", "d0p1", "hall"), at("a", "d0p2", "hall")) == {
        "further_venue": 1,
        "large_venue": pytest.approx(0.2),
    }


@st.composite
def schools(draw: st.DrawFn) -> Problem:
    names = "abc"[: draw(st.integers(1, 3))]
    places = st.lists(st.sampled_from(ANYWHERE[:6]), min_size=2, max_size=4, unique=True)
    groups = tuple(
        lesson(
            name,
            meetings=draw(st.integers(0, 2)),
            patterns=tuple(draw(places)),
            headcount=draw(st.sampled_from((4, 12, 16))),
            wished_days=draw(st.integers(0, 3)),
            most_per_day=draw(st.integers(1, 2)),
            instructors=draw(st.sampled_from(((), ("ivo",)))),
        )
        for name in names
    )
    members = st.lists(st.sampled_from(names), max_size=3, unique=True)
    conflicts = tuple(ConflictGroup(f"k{i}", tuple(draw(members)), draw(st.booleans())) for i in range(2))
    weights = Weights(open_group=0, seat_short=draw(st.sampled_from((None, 1))), further_venue=draw(st.integers(0, 2)))
    return school(*groups, conflicts=conflicts, weights=weights)


@CALM
@given(schools())
def test_a_school_without_residents_is_planned_at_the_enumerated_optimum(problem: Problem) -> None:
    best = best_week(problem, Plan(Outcome.FEASIBLE, ""))
    plan = solve(problem, Limits(seconds=30, workers=1, seed=1))
    if best is None:
        assert plan.outcome is Outcome.INFEASIBLE
        return
    assert plan.outcome is Outcome.OPTIMAL
    assert (plan.score, plan.bound) == (best, best)
    assert check(problem, plan) == ()
