"""The register of a session: derived from what is published, kept once, corrected with a reason, never rewritten."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from foyer.audit.models import AuditEntry
from foyer.cycles.models import PlanMeeting, PlanOrigin, PlanSeat
from foyer.cycles.planning import build_problem, store_plan
from foyer.cycles.services import publish_plan
from foyer.cycles.versions import Versions, versions_of
from foyer.database import db
from foyer.errors import NotFound, Stale
from foyer.residences.models import DayVariant, Holiday, VariantKind
from foyer.training import registers
from foyer.training.models import AttendanceCorrection, AttendanceMark, Presence
from foyer.training.registers import Given
from foyer.training.sessions import OWED, find_session, register_work, sessions_between
from tests.cycles.by_hand import plan_by_hand
from tests.factories import make_cycle
from tests.training.conftest import DAY, Taught, at


def missing_registers(versions, now, **options):
    return register_work(versions, now, **options).missing(now)


def keep(taught: Taught, session=None, given=None, **options):
    session = session or taught.session()
    return registers.keep(
        session,
        given or {},
        **{"actor_id": taught.manager.id, "now": at(session.on), "version": 0, **options},
    )


def test_sessions_follow_the_timetable_its_holidays_and_its_other_hours(taught: Taught) -> None:
    house, week = taught.house.residence.id, (date(2027, 1, 4), date(2027, 1, 10))
    usual = [s for s in sessions_between(taught.versions, *week) if s.group.id == taught.group]
    assert [s.on.weekday() for s in usual] == [0, 1, 2, 3, 4]
    db.session.add(Holiday(residence_id=house, on=date(2027, 1, 5), name="Hari Uji"))
    db.session.add(
        DayVariant(
            residence_id=house,
            kind=VariantKind.EXAMS,
            name="Ujian",
            from_on=DAY,
            to_on=DAY,
            hours=[],
            omits=["class"],
        )
    )
    db.session.flush()
    changed = [s for s in sessions_between(taught.versions, *week) if s.group.id == taught.group]
    assert [s.on.weekday() for s in changed] == [0, 3, 4]


def test_everybody_who_lives_here_that_day_is_present_but_for_the_exceptions(taught: Taught) -> None:
    first, second, *_rest = lines = registers.lines_of(taught.session())
    register = keep(taught, given={first.resident.id: Given(Presence.ILL, "demam")})
    kept = {line.resident.id: line.given for line in registers.lines_of(taught.session())}
    assert len(kept) == len(lines) == len(register.marks)
    assert kept[first.resident.id] == Given(Presence.ILL, "demam")
    assert kept[second.resident.id].presence is Presence.PRESENT
    told = db.session.scalars(select(AuditEntry.changes).where(AuditEntry.subject_type == "AttendanceMark")).all()
    assert told
    assert "demam" not in str(told)


def test_who_has_left_is_not_in_the_list(taught: Taught) -> None:
    line = registers.lines_of(taught.session())[0]
    stay = next(one for one in line.resident.stays if one.id == line.stay_id)
    stay.leaves_on = DAY
    db.session.flush()
    assert line.resident.id not in [one.resident.id for one in registers.lines_of(taught.session())]


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"now": at(DAY - timedelta(days=1))}, registers.TooEarly),
        ({"not_held": " "}, registers.NotHeldReasonMissing),
        ({"given": {-1: Given(Presence.ILL)}}, registers.StrangerMarked),
        ({"version": 3}, Stale),
    ],
)
def test_what_a_register_refuses(taught: Taught, options, error) -> None:
    with pytest.raises(error):
        keep(taught, **options)


def test_a_correction_after_the_day_says_why_and_keeps_what_it_was(taught: Taught) -> None:
    resident = registers.lines_of(taught.session())[0].resident.id
    register = keep(taught, given={resident: Given(Presence.ABSENT)})
    same_day = keep(taught, given={resident: Given(Presence.LATE)}, version=register.version)
    assert db.session.scalars(select(AttendanceCorrection)).all() == []
    later = {"now": at(DAY + timedelta(days=2)), "version": same_day.version}
    with pytest.raises(registers.WhyMissing):
        keep(taught, given={resident: Given(Presence.EXCUSED)}, **later)
    keep(taught, given={resident: Given(Presence.EXCUSED)}, why="Surat sekolah menyusul", **later)
    line = next(one for one in registers.lines_of(taught.session()) if one.resident.id == resident)
    assert line.given.presence is Presence.EXCUSED
    assert [(one.was, one.became, one.why, one.made_by_id) for one in line.corrections] == [
        (Presence.LATE, Presence.EXCUSED, "Surat sekolah menyusul", taught.manager.id)
    ]


def test_two_people_with_one_register_do_not_overwrite_each_other(taught: Taught) -> None:
    seen = keep(taught).version
    keep(taught, version=seen)
    with pytest.raises(Stale):
        keep(taught, version=seen)
    with pytest.raises(Stale):  # opened while there was none
        keep(taught, version=0)


def test_a_kept_register_stays_when_the_plan_changes_its_members_and_hours(taught: Taught) -> None:
    """A repair may move the class or its people: what was written down that day is not touched, and not asked again."""
    before = [line.resident.id for line in registers.lines_of(taught.session())]
    keep(taught)
    seat = db.session.scalars(select(PlanSeat).where(PlanSeat.group_id == taught.group)).first()
    db.session.delete(seat)
    for meeting in db.session.scalars(select(PlanMeeting).where(PlanMeeting.group_id == taught.group)):
        meeting.start_minute += 30
    db.session.flush()
    session = taught.session()
    assert session.register is not None
    assert session.start == session.register.start_minute
    assert [line.resident.id for line in registers.lines_of(session)] == before


def _repair(taught: Taught, from_on: date) -> tuple[int, int]:
    """Publish a repair of the plan from a day on: Otomotif loses a member to Tata Boga, and one of its meetings has
    other hours. Gives the id of the version and of the resident who moved."""
    problem = build_problem(taught.house.cycle)
    answer = plan_by_hand(problem)
    here, there = (str(group.id) for group in taught.house.classes[:2])
    seat = next(one for one in answer.seats if one.group == here)
    first = next(one for one in answer.meetings if one.group == here)
    taken = {p for m in answer.meetings for p in m.periods} | {a.period for a in answer.appointments}
    patterns = next(group for group in problem.groups if group.id == here).patterns
    free = next(pattern for pattern in patterns if not taken & set(pattern.periods))
    answer = replace(
        answer,
        seats=tuple(replace(one, group=there) if one is seat else one for one in answer.seats),
        meetings=tuple(replace(one, periods=free.periods) if one is first else one for one in answer.meetings),
    )
    before = taught.versions.plans[-1]
    plan = store_plan(taught.house.cycle, problem, answer, origin=PlanOrigin.REPAIRED, parent_id=before.id)
    publish_plan(
        plan_id=plan.id,
        version=plan.version,
        replaces=before.id,
        actor_id=taught.manager.id,
        today=from_on - timedelta(days=1),
        from_on=from_on,
    )
    moved = next(one for one in taught.house.enrolments if str(one.id) == seat.resident)
    return plan.id, moved.stay.resident_id


def test_registers_kept_before_a_repair_read_as_they_were_and_later_ones_are_of_the_new_version(taught: Taught) -> None:
    old, (kept_on, from_on) = taught.versions.plans[-1].id, (date(2027, 1, 4), date(2027, 1, 11))
    ill, *_rest = registers.lines_of(taught.session(kept_on))
    register = keep(taught, taught.session(kept_on), {ill.resident.id: Given(Presence.ILL, "demam")})
    hours, seen = (register.start_minute, register.end_minute), register.version
    written = [(line.resident.id, line.given) for line in registers.lines_of(taught.session(kept_on))]
    new, moved = _repair(taught, from_on)
    assert moved in [resident for resident, _given in written]
    db.session.expire_all()

    taught.versions = versions_of(taught.house.cycle.id)
    again = find_session(taught.group, kept_on, hours[0])
    assert (again.start, again.end) == hours
    assert (again.register.plan_id, again.register.version, again.register.saved_at) == (old, seen, at(kept_on))
    assert [(line.resident.id, line.given) for line in registers.lines_of(again)] == written
    friday = taught.session(date(2027, 1, 8))
    assert friday.plan.id == old, "what is not yet kept of the days before is asked as it was"
    assert moved in [line.resident.id for line in registers.lines_of(friday)]

    week = [
        one for one in sessions_between(taught.versions, from_on, date(2027, 1, 15)) if one.group.id == taught.group
    ]
    assert {one.plan.id for one in week} == {new}
    usual = [one for one in sessions_between(taught.versions, kept_on, friday.on) if one.group.id == taught.group]
    assert [(one.on.weekday(), one.start) for one in week] != [(one.on.weekday(), one.start) for one in usual]
    later = keep(taught, week[0])
    assert later.plan_id == new
    assert {mark.resident_id for mark in later.marks} == {resident for resident, _given in written} - {moved}
    assert find_session(taught.group, kept_on, hours[0]).register.plan_id == old


def test_missing_registers_count_from_the_house_s_first_one(taught: Taught) -> None:
    mine = taught.house.instructors[0].id
    now = at(DAY, 11)
    assert {one.on for one in missing_registers(taught.versions, now)} == {DAY}  # no register yet: today is asked
    assert missing_registers(taught.versions, at(DAY, 5)) == []
    keep(taught, taught.session(date(2027, 1, 4)))
    assert [one.on.day for one in missing_registers(taught.versions, now, instructor_id=mine)] == [5, 6]
    keep(taught, taught.session(date(2027, 1, 5)), not_held="Instruktur sakit")
    assert [one.on.day for one in missing_registers(taught.versions, now, instructor_id=mine)] == [6]


def test_a_young_cycle_still_asks_for_the_registers_of_the_one_before_it(taught: Taught) -> None:
    mine, over = taught.house.instructors[0].id, taught.house.cycle.ends_on
    keep(taught, taught.session(over - timedelta(days=7)))
    new = Versions(make_cycle(taught.house.residence, number=2, starts_on=over), (), ())
    asked = missing_registers(new, at(over + timedelta(days=2)), instructor_id=mine)
    assert [over - one.on for one in asked] == [timedelta(days=n) for n in (6, 5, 4, 3)]
    assert missing_registers(new, at(over + OWED), instructor_id=mine) == []


def test_a_session_that_did_not_take_place_marks_nobody(taught: Taught) -> None:
    keep(taught, not_held="Listrik padam")
    assert db.session.scalars(select(AttendanceMark)).all() == []


def test_a_session_is_found_by_group_day_and_hour_only_where_there_is_one(taught: Taught) -> None:
    session = taught.session()
    assert find_session(taught.group, session.on, session.start).title == session.title
    for group, day, start in [
        (taught.group, DAY, session.start + 5),
        (taught.group, date(2027, 1, 10), session.start),
        (-1, DAY, session.start),
    ]:
        with pytest.raises(NotFound):
            find_session(group, day, start)


def test_attendance_is_shown_in_plain_counts(taught: Taught) -> None:
    resident = registers.lines_of(taught.session())[0].resident.id
    keep(taught, taught.session(date(2027, 1, 4)))
    keep(taught, taught.session(date(2027, 1, 5)), {resident: Given(Presence.INTERNSHIP)})
    keep(taught, not_held="Listrik padam")
    [(cycle, group, counts)] = registers.attendance_of(resident)
    assert (cycle.id, group.id) == (taught.house.cycle.id, taught.group)
    assert counts == {Presence.PRESENT: 1, Presence.INTERNSHIP: 1}
    assert [mark.presence for mark in registers.exceptions_of(resident)] == [Presence.INTERNSHIP]
