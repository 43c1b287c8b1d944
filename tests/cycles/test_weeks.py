from __future__ import annotations

from datetime import date

import pytest
from flask_babel import force_locale

from foyer.cycles.models import PlanState
from foyer.cycles.moved_hours import absent_in_moved_hours, absent_lines
from foyer.cycles.planning import build_problem, store_plan
from foyer.cycles.queries import (
    caseload_of,
    current_cycle,
    current_published_plan,
    dated_sessions,
    groups_of_instructor,
    members_of_group,
    placement_of,
    published_plan,
    slots_of_enrolment,
    week_of_enrolment,
    week_of_group,
    week_of_staff,
    week_of_venue,
)
from foyer.cycles.readiness import assess
from foyer.cycles.services import publish_plan
from foyer.cycles.weeks import Slot
from foyer.database import db
from foyer.residences.models import DayVariant, GridBlock, Holiday, StaffUnavailability, VariantKind
from foyer.timetable import WeekSession
from tests.cycles.by_hand import plan_by_hand
from tests.cycles.house import saved
from tests.factories import make_cycle
from tests.queries import count_queries


@pytest.fixture
def plan(home):
    problem = build_problem(home.cycle)
    return store_plan(home.cycle, problem, plan_by_hand(problem))


def sessions(week):
    return [
        (day.weekday, block.start, session.kind)
        for day in week.days
        for block in day.blocks
        for session in block.sessions
    ]


def test_a_residents_pattern_shows_class_education_and_counselling_in_their_blocks(home, plan):
    week = week_of_enrolment(plan, home.enrolments[1].id)
    found = sessions(week)
    assert [s for s in found if s[0] == 0 and s[2] == "class"] == [(0, 480, "class"), (0, 615, "class")]
    assert len([s for s in found if s[2] == "education"]) == 3
    assert len([s for s in found if s[2] == "appointment"]) == 1
    protected = [block for block in week.days[0].blocks if block.is_protected]
    assert [block.name for block in protected][1] == "Ibadah dan makan siang"


def test_the_pattern_says_in_which_weeks_an_appointment_falls(home, plan):
    week = week_of_enrolment(plan, home.enrolments[1].id)
    notes = [s.note for day in week.days for b in day.blocks for s in b.sessions if s.kind == "appointment"]
    assert len(notes) == 1
    assert notes[0]


def test_an_appointment_shows_only_in_its_own_calendar_weeks(home, plan):
    """The third resident's appointments fall into the second, fourth, sixth week of the cycle."""
    person = home.enrolments[2].id
    first = sessions(week_of_enrolment(plan, person, monday=date(2027, 1, 4)))
    second = sessions(week_of_enrolment(plan, person, monday=date(2027, 1, 11)))
    assert not [s for s in first if s[2] == "appointment"]
    assert [s for s in second if s[2] == "appointment"] == [(0, 930, "appointment")]


def test_a_holiday_has_no_sessions_and_says_its_name(home, plan):
    saved(Holiday(residence_id=home.residence.id, on=date(2027, 1, 5), name="Isra Mikraj"))
    week = week_of_enrolment(plan, home.enrolments[1].id, monday=date(2027, 1, 4), today=date(2027, 1, 6))
    assert week.days[1].holiday == "Isra Mikraj"
    assert not any(block.sessions for block in week.days[1].blocks)
    assert [day.is_today for day in week.days].index(True) == 2


def test_nothing_takes_place_outside_the_stay_or_the_cycle(home, plan):
    stay = home.enrolments[1].stay
    stay.leaves_on = date(2027, 1, 6)
    db.session.flush()
    week = week_of_enrolment(plan, home.enrolments[1].id, monday=date(2027, 1, 4))
    assert {s[0] for s in sessions(week)} == {0, 1}
    assert not sessions(week_of_group(plan, home.classes[0].id, monday=date(2026, 12, 28)))
    assert not sessions(week_of_group(plan, home.classes[0].id, monday=date(2027, 5, 3)))


def test_staff_group_and_venue_see_their_own(home, plan):
    teacher = sessions(week_of_staff(plan, home.instructors[0].id))
    assert teacher == sessions(week_of_group(plan, home.classes[0].id))
    assert teacher == sessions(week_of_venue(plan, home.venues[0].id))
    counsellor = week_of_staff(plan, home.counsellors[0].id)
    titles = {s.title for day in counsellor.days for b in day.blocks for s in b.sessions}
    assert titles == {e.stay.resident.full_name for e in home.enrolments}


def test_a_session_whose_block_is_gone_is_still_shown(home, plan):
    gone = db.session.query(GridBlock).filter_by(weekday=0, start_minute=930).one()
    db.session.delete(gone)
    db.session.flush()
    week = week_of_enrolment(plan, home.enrolments[0].id)
    assert (0, 930, "appointment") in sessions(week)


def test_dated_sessions_run_from_day_to_day(home, plan):
    found = dated_sessions(plan, slots_of_enrolment(plan, home.enrolments[0].id), date(2027, 1, 1), date(2027, 1, 18))
    classes = [s for s in found if s.session.kind == "class"]
    assert len(classes) == 11
    assert (classes[0].on, classes[0].start, classes[0].end) == (date(2027, 1, 4), 480, 720)
    assert [s.on for s in found if s.session.kind == "appointment"] == [date(2027, 1, 4), date(2027, 1, 18)]


def test_a_resident_finds_everything_in_one_place(home, plan):
    place = placement_of(plan, home.enrolments[1].id)
    assert [seat.group.code for seat in place.seats] == ["OTO-1", "PC-1"]
    assert place.caseload.staff_id == home.counsellors[0].id
    assert [(lodging.bed, lodging.from_on) for lodging in place.lodgings] == [(1, date(2027, 1, 4))]
    assert len(place.appointments) == 1


def test_lists_of_people_come_by_name(home, plan):
    members = members_of_group(plan, home.classes[0].id)
    keys = [seat.enrolment.stay.resident.name_key for seat in members]
    assert keys == sorted(keys)
    assert len(members) == 4
    assert len(caseload_of(plan, home.counsellors[0].id)) == 8
    assert [group.code for group, _members in groups_of_instructor(plan, home.instructors[0].id)] == ["OTO-1"]


def test_drafts_are_not_published_plans(home, plan):
    assert published_plan(home.cycle.id) is None
    assert current_published_plan(home.residence.id, date(2027, 1, 4)) is None
    plan.state = PlanState.PUBLISHED
    db.session.flush()
    assert published_plan(home.cycle.id) is plan
    assert current_published_plan(home.residence.id, date(2026, 11, 22)) is plan


def test_the_current_cycle_runs_today_else_is_the_next_else_the_last(home):
    second = make_cycle(home.residence, number=2, starts_on=date(2027, 5, 3))
    house_id = home.residence.id
    assert current_cycle(house_id, date(2026, 11, 22)) is home.cycle
    assert current_cycle(house_id, date(2027, 5, 2)) is home.cycle
    assert current_cycle(house_id, date(2027, 5, 3)) is second
    assert current_cycle(house_id, date(2028, 1, 1)) is second


@pytest.fixture
def ramadan(home):
    """Two weeks in which the morning begins later and the evening falls out, on the roster's weekday."""
    hours = [
        {"days": [0, 1, 2, 3, 4], "usual": [480, 600], "hours": [510, 600], "name": ""},
        {"days": [0, 1, 2, 3, 4], "usual": [615, 720], "hours": [605, 690], "name": ""},
        {"days": [0, 1, 2, 3, 4], "usual": [1170, 1260], "hours": None, "name": ""},
        {"days": [0, 1, 2, 3, 4, 5, 6], "usual": None, "hours": [1140, 1260], "name": "Tarawih"},
    ]
    return saved(
        DayVariant(
            residence_id=home.residence.id,
            kind=VariantKind.RAMADAN,
            name="Ramadan 1448 H",
            from_on=date(2027, 2, 8),
            to_on=date(2027, 2, 21),
            hours=hours,
            omits=[],
        )
    )


def slot_at(home, start, end, kind="class", weekday=0):
    session = WeekSession("Otomotif", kind=kind, start=start if kind == "appointment" else None)
    return Slot(weekday, start, end, session, home.cycle.starts_on, home.cycle.ends_on)


def test_sessions_keep_the_hours_of_ramadan_on_its_dates_alone(home, plan, ramadan):
    sessions = dated_sessions(plan, [slot_at(home, 480, 720)], date(2027, 2, 1), date(2027, 2, 28))
    assert [(s.on.day, s.start, s.end) for s in sessions] == [
        (1, 480, 720),
        (8, 510, 690),
        (15, 510, 690),
        (22, 480, 720),
    ]
    evening = dated_sessions(plan, [slot_at(home, 1170, 1260)], date(2027, 2, 1), date(2027, 2, 28))
    assert [s.on.day for s in evening] == [1, 22]


def test_sessions_that_move_into_somebody_s_absence_are_named(app, home, plan, ramadan):
    """The morning's class moves from 8-12 to 8.30-12.20. Its instructor is away from 12 to 13 on Tuesdays, which the
    plan keeps and the moved hours do not, and early on Mondays, which neither meets; afternoons do not move."""
    teacher, counsellor = home.instructors[0], home.counsellors[0]
    ramadan.hours = [
        {"days": [0, 1, 2, 3, 4], "usual": [480, 600], "hours": [510, 610], "name": ""},
        {"days": [0, 1, 2, 3, 4], "usual": [615, 720], "hours": [620, 740], "name": ""},
    ]
    for person, weekday, start, end in [(teacher, 0, 420, 510), (teacher, 1, 720, 780), (counsellor, 1, 930, 1020)]:
        hours = {"weekday": weekday, "start_minute": start, "end_minute": end}
        saved(StaffUnavailability(residence_id=home.residence.id, staff_id=person.id, **hours))
    saved(Holiday(residence_id=home.residence.id, on=date(2027, 2, 9), name="Hari Uji"))
    with count_queries(app) as seen:
        (found,) = absent_in_moved_hours(plan, home.cycle.starts_on)
    assert len(seen) <= 7, "one of them reads the cycle"
    assert (found.staff_id, found.weekday, found.dates) == (teacher.id, 1, (date(2027, 2, 16),)), "no class on the 9th"
    with force_locale("en"):
        (line,) = absent_lines([found])
    assert line == (
        f"Ramadan 1448 H: 1 session of {teacher.full_name} (Otomotif (OTO-1)) moves on Tuesday, 16 Feb 2027, to hours "
        f"in which {teacher.full_name} is not available."
    )
    assert absent_in_moved_hours(plan, date(2027, 2, 17)) == [], "what is over is nobody's worry"

    publish_plan(plan_id=plan.id, version=plan.version, replaces=None, actor_id=None, today=home.cycle.starts_on)
    item = next(item for item in assess(home.cycle).items if item.code == "absent_then")
    assert (item.count, item.names) == (1, (teacher.full_name,))
    ramadan.omits = ["class"]
    db.session.flush()
    assert absent_in_moved_hours(plan, home.cycle.starts_on) == [], "what falls out needs nobody"


def test_an_appointment_says_its_hours_of_that_day(home, plan, ramadan):
    slots = [slot_at(home, 480, 525, "appointment")]
    session = dated_sessions(plan, slots, date(2027, 2, 8), date(2027, 2, 8))[0].session
    assert (session.start, session.end) == (510, 540)


def test_what_an_exam_week_leaves_out_does_not_take_place(home, plan, ramadan):
    ramadan.omits = ["class"]
    db.session.flush()
    slots = [slot_at(home, 480, 600), slot_at(home, 480, 600, "education")]
    sessions = dated_sessions(plan, slots, date(2027, 2, 8), date(2027, 2, 8))
    assert [s.session.kind for s in sessions] == ["education"]


def test_a_dated_week_shows_the_blocks_of_its_days_and_why(home, plan, ramadan):
    usual = week_of_group(plan, home.classes[0].id)
    assert usual.days[0].note == ""
    assert (480, 600) in [(b.start, b.end) for b in usual.days[0].blocks]
    week = week_of_group(plan, home.classes[0].id, monday=date(2027, 2, 8))
    monday = [(b.start, b.end) for b in week.days[0].blocks]
    assert week.days[0].note == "Ramadan 1448 H"
    assert (510, 600) in monday
    assert (480, 600) not in monday
    assert (1140, 1260) in monday
    assert week_of_group(plan, home.classes[0].id, monday=date(2027, 2, 22)).days[0].note == ""
