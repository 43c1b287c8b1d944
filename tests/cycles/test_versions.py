"""A version published within the cycle holds from a day on; what was published before keeps the days until then."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from foyer.cycles.models import BedNight, Cycle, Plan, PlanLodging, PlanMeeting
from foyer.cycles.planning import build_problem, store_plan
from foyer.cycles.queries import (
    beds_on,
    current_published_plan,
    dated_sessions,
    plan_in_force,
    slots_of_enrolment,
    slots_of_staff,
    week_of_enrolment,
)
from foyer.cycles.services import DayOutside, days_to_publish, publish_plan
from foyer.cycles.versions import versions_from, versions_of
from foyer.database import db
from tests.cycles.by_hand import plan_by_hand
from tests.cycles.house import House

START = date(2027, 1, 4)
MIDDLE = date(2027, 2, 10)  # a Wednesday
LAST = date(2027, 5, 2)


def draft(home: House, *, rooms_swapped: bool = False, hours_later: int = 0) -> Plan:
    """A draft; in another version the boys' rooms are swapped, or the classes meet in other blocks."""
    problem = build_problem(home.cycle)
    answer = plan_by_hand(problem)
    if rooms_swapped:
        boys = [room.id for room in problem.rooms if room.policy == "male"]
        other = {boys[0]: boys[1], boys[1]: boys[0]}
        answer = replace(
            answer, lodgings=tuple(replace(one, room=other.get(one.room, one.room)) for one in answer.lodgings)
        )
    plan = store_plan(home.cycle, problem, answer)
    for meeting in db.session.scalars(select(PlanMeeting).where(PlanMeeting.plan_id == plan.id)) if hours_later else ():
        meeting.start_minute += 60 * hours_later
        meeting.end_minute += 60 * hours_later
    db.session.flush()
    return plan


def publish(plan: Plan, replaces: Plan | None = None, today: date = START, **values) -> Plan:
    replaced = replaces.id if replaces else None
    return publish_plan(plan_id=plan.id, version=plan.version, replaces=replaced, actor_id=None, today=today, **values)


@pytest.fixture
def two(home) -> tuple[Plan, Plan]:
    """A plan of the whole cycle, and one with other rooms and hours from the middle on."""
    first = publish(draft(home))
    second = publish(draft(home, rooms_swapped=True, hours_later=1), first, from_on=MIDDLE)
    return first, second


def test_the_first_version_holds_for_the_whole_cycle_whenever_it_is_published(home):
    plan = publish(draft(home), today=MIDDLE, from_on=MIDDLE)
    assert (plan.from_on, plan.release) == (None, 1)
    assert plan_in_force(home.cycle.id, START) is plan
    assert len(beds_on(home.residence.id, START)) == 8


def test_each_day_has_the_version_in_force_that_day(home, two):
    first, second = two
    cycle = home.cycle.id
    assert (first.release, second.release, second.from_on) == (1, 2, MIDDLE)
    assert plan_in_force(cycle, MIDDLE - timedelta(days=1)) is first
    assert plan_in_force(cycle, MIDDLE) is second
    assert plan_in_force(cycle, START - timedelta(days=40)) is first
    assert plan_in_force(cycle, LAST + timedelta(days=40)) is second
    assert current_published_plan(home.residence.id, START) is first
    assert current_published_plan(home.residence.id, MIDDLE) is second


def test_beds_before_the_day_stay_and_later_ones_move(home, two):
    def rooms(night: date) -> dict[int, int]:
        return {bed.stay_id: bed.room_id for bed in beds_on(home.residence.id, night)}

    for night, plan in ((MIDDLE - timedelta(days=1), two[0]), (MIDDLE, two[1])):
        lodgings = db.session.scalars(select(PlanLodging).where(PlanLodging.plan_id == plan.id)).all()
        assert rooms(night) == {one.enrolment.stay_id: one.room_id for one in lodgings}
    assert rooms(MIDDLE) != rooms(MIDDLE - timedelta(days=1))


def test_a_dated_session_comes_from_the_version_in_force_that_day(home, two):
    versions = versions_of(home.cycle.id)
    person = home.enrolments[1].id
    both = dated_sessions(versions, slots_of_enrolment(versions, person), START, LAST)
    expected = [
        session
        for plan, first, last in ((two[0], START, MIDDLE - timedelta(days=1)), (two[1], MIDDLE, LAST))
        for session in dated_sessions(plan, slots_of_enrolment(plan, person), first, last)
    ]
    assert both == expected
    assert len(both) > 100


def test_the_week_in_which_a_version_begins_shows_both(home, two):
    versions = versions_of(home.cycle.id)
    week = week_of_enrolment(versions, home.enrolments[1].id, monday=date(2027, 2, 8))
    starts = [
        [s.start for s in dated_sessions(versions, slots_of_enrolment(versions, home.enrolments[1].id), day, day)]
        for day in (date(2027, 2, 9), MIDDLE)
    ]
    assert starts[0] != starts[1]
    titles = [{s.title for block in day.blocks for s in block.sessions} for day in week.days[:5]]
    assert all(titles)


def test_a_session_that_the_new_version_leaves_alone_goes_on_as_one(home, two):
    versions = versions_of(home.cycle.id)
    counselling = [s for s in slots_of_staff(versions, home.counsellors[0].id) if s.session.kind == "appointment"]
    assert {(slot.first_on, slot.last_on, slot.since) for slot in counselling} == {
        (START, LAST - timedelta(days=1), None)
    }  # the last day of the stays
    classes = slots_of_staff(versions, home.instructors[0].id)
    assert {(slot.first_on, slot.since) for slot in classes} == {(START, None), (MIDDLE, MIDDLE)}


def test_a_version_before_its_day_is_overtaken_by_one_that_begins_earlier(home, two):
    sooner = date(2027, 1, 20)
    third = publish(draft(home), two[1], today=date(2027, 1, 12), from_on=sooner)
    versions = versions_of(home.cycle.id)
    assert [(span.plan.release, span.first_on) for span in versions.spans] == [(1, START), (3, sooner)]
    assert versions.span_of(two[1]) is None
    holders = set(db.session.scalars(select(BedNight.plan_id).where(BedNight.night_on >= sooner)))
    assert holders == {third.id}


def test_a_draft_s_own_day_counts_unless_it_is_over(home, two):
    third, fourth = draft(home), draft(home)
    third.from_on = fourth.from_on = date(2027, 3, 1)
    db.session.flush()
    publish(third, two[1], today=MIDDLE)
    assert third.from_on == date(2027, 3, 1)
    publish(fourth, third, today=date(2027, 3, 9))
    assert fourth.from_on == date(2027, 3, 9)


@pytest.mark.parametrize("day", [MIDDLE - timedelta(days=1), LAST + timedelta(days=1)])
def test_no_version_begins_on_a_day_that_is_over_or_outside_the_cycle(home, two, day):
    with pytest.raises(DayOutside) as refused:
        publish(draft(home), two[1], today=MIDDLE, from_on=day)
    assert (refused.value.first, refused.value.last) == (MIDDLE, LAST) == days_to_publish(home.cycle, MIDDLE)


@given(st.lists(st.one_of(st.none(), st.integers(-10, 130)), min_size=1, max_size=7))
def test_every_day_has_exactly_the_last_published_version_that_has_begun(days):
    cycle = Cycle(starts_on=START, weeks=17, year=2027, number=1)
    plans = [
        Plan(release=n, from_on=None if day is None else START + timedelta(days=day))
        for n, day in enumerate(days, start=1)
    ]
    versions = versions_from(cycle, plans)
    edges = [day for span in versions.spans for day in (span.first_on, span.until_on)]
    assert edges == sorted(edges)
    assert (edges[0], edges[-1]) == (START, cycle.ends_on)
    assert edges[1:-1:2] == edges[2::2]  # no gap, no overlap
    for n in range(cycle.nights):
        day = cycle.night(n)
        begun = [plan for plan in plans[1:] if plan.from_on is None or plan.from_on <= day]
        expected = begun[-1] if begun else plans[0]
        held = next(span.plan for span in versions.spans if span.first_on <= day < span.until_on)
        assert held is expected
        assert versions.on(day) is expected
