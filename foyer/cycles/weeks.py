"""The week of a resident, a member of staff, a group or a venue in one plan, as ``foyer.timetable`` draws it.

Each function takes a plan (published or draft) and gives the weekly pattern, or with ``monday`` that calendar week:
dates, holidays without sessions, and only the appointments that fall into it. The words are the reader's, so call them
inside a request or a locale.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload

from foyer.cycles.models import Cycle, Enrolment, Plan, PlanAppointment, PlanMeeting, PlanSeat, TeachingGroup
from foyer.database import db
from foyer.formatting import weekday_name
from foyer.residences.models import BlockKind, GridBlock, Holiday
from foyer.residents.models import Stay
from foyer.timetable import Block, Week, WeekDay, WeekSession


@dataclass(frozen=True, slots=True)
class Slot:
    """A session that comes back: its place in the week, in which weeks, and between which days."""

    weekday: int
    start: int
    end: int
    session: WeekSession
    first_on: date  # on or after
    last_on: date  # on or before
    week: int = 0  # of the cycle, 0 first
    every_weeks: int = 1

    def falls_on(self, day: date, cycle: Cycle) -> bool:
        """Whether it takes place on a date, holidays aside."""
        week = cycle.night_number(day) // 7
        return (
            day.weekday() == self.weekday
            and max(self.first_on, cycle.starts_on) <= day <= min(self.last_on, cycle.ends_on - timedelta(days=1))
            and week >= self.week
            and (week - self.week) % self.every_weeks == 0
        )


@dataclass(frozen=True, slots=True)
class DatedSession:
    """A session on its date, for calendars and first pages."""

    on: date
    start: int
    end: int
    session: WeekSession


def week_of_enrolment(plan: Plan, enrolment_id: int, *, monday: date | None = None, today: date | None = None) -> Week:
    """A resident's week: classes, education, individual counselling, only within the stay."""
    return _week(plan, slots_of_enrolment(plan, enrolment_id), monday, today)


def week_of_staff(plan: Plan, staff_id: int, *, monday: date | None = None, today: date | None = None) -> Week:
    """A member of staff's week: what they teach and whom they counsel."""
    return _week(plan, slots_of_staff(plan, staff_id), monday, today)


def week_of_group(plan: Plan, group_id: int, *, monday: date | None = None, today: date | None = None) -> Week:
    """A class's or education group's week."""
    return _week(plan, _meetings(plan, PlanMeeting.group_id == group_id), monday, today)


def week_of_venue(plan: Plan, venue_id: int, *, monday: date | None = None, today: date | None = None) -> Week:
    """A venue's week, for its door."""
    return _week(plan, _meetings(plan, PlanMeeting.venue_id == venue_id), monday, today)


def slots_of_enrolment(plan: Plan, enrolment_id: int) -> list[Slot]:
    """A resident's sessions."""
    enrolment = db.session.scalars(
        select(Enrolment).where(Enrolment.id == enrolment_id).options(joinedload(Enrolment.stay))
    ).one()
    seats = select(PlanSeat.group_id).where(PlanSeat.plan_id == plan.id, PlanSeat.enrolment_id == enrolment_id)
    slots = _meetings(plan, PlanMeeting.group_id.in_(seats))
    slots += [
        _appointment(plan.cycle, a, _("Individual counselling"), a.staff.full_name)
        for a in _appointments(plan, PlanAppointment.enrolment_id == enrolment_id)
    ]
    stay = enrolment.stay
    return [_within_stay(slot, stay) for slot in slots]


def slots_of_staff(plan: Plan, staff_id: int) -> list[Slot]:
    """A member of staff's sessions; appointments carry the resident's name."""
    slots = _meetings(plan, PlanMeeting.instructor_id == staff_id)
    for a in _appointments(plan, PlanAppointment.staff_id == staff_id):
        stay = a.enrolment.stay
        slot = _appointment(plan.cycle, a, stay.resident.full_name, "")
        slots.append(_within_stay(slot, stay))
    return slots


def _within_stay(slot: Slot, stay: Stay) -> Slot:
    return replace(slot, first_on=stay.arrives_on, last_on=stay.leaves_on - timedelta(days=1))


def dated_sessions(plan: Plan, slots: Iterable[Slot], first: date, last: date) -> list[DatedSession]:
    """Everything that takes place from ``first`` to ``last``, in order; nothing on holidays."""
    free = holidays_between(plan.residence_id, first, last)
    found = [
        DatedSession(day, slot.start, slot.end, slot.session)
        for day in _days(first, last)
        if day not in free
        for slot in slots
        if slot.falls_on(day, plan.cycle)
    ]
    return sorted(found, key=lambda s: (s.on, s.start, s.session.title))


def holidays_between(residence_id: int, first: date, last: date) -> dict[date, str]:
    """The house's days without sessions, by date."""
    rows = db.session.scalars(
        select(Holiday)
        .where(Holiday.residence_id == residence_id, Holiday.on.between(first, last))
        .order_by(Holiday.on)
    )
    return {row.on: row.name for row in rows}


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def group_title(group: TeachingGroup) -> str:
    """What a class is called in a timetable: its subject and code."""
    subject = group.trade.name if group.trade else group.programme
    return f"{subject} ({group.code})"


def _meetings(plan: Plan, condition: ColumnElement[bool]) -> list[Slot]:
    rows = db.session.scalars(
        select(PlanMeeting)
        .where(PlanMeeting.plan_id == plan.id, condition)
        .options(
            joinedload(PlanMeeting.group).joinedload(TeachingGroup.trade),
            joinedload(PlanMeeting.venue),
            joinedload(PlanMeeting.instructor),
        )
        .order_by(PlanMeeting.weekday, PlanMeeting.start_minute, PlanMeeting.id)
    )
    return [_meeting(plan.cycle, row) for row in rows]


def _meeting(cycle: Cycle, row: PlanMeeting) -> Slot:
    session = WeekSession(
        title=group_title(row.group),
        place=row.venue.name if row.venue else "",
        person=row.instructor.full_name if row.instructor else "",
        kind="class" if row.group.trade_id is not None else "education",
    )
    return Slot(row.weekday, row.start_minute, row.end_minute, session, cycle.starts_on, cycle.ends_on)


def _appointments(plan: Plan, condition: ColumnElement[bool]) -> Sequence[PlanAppointment]:
    return db.session.scalars(
        select(PlanAppointment)
        .where(PlanAppointment.plan_id == plan.id, condition)
        .options(
            joinedload(PlanAppointment.staff),
            joinedload(PlanAppointment.enrolment).joinedload(Enrolment.stay).joinedload(Stay.resident),
        )
        .order_by(PlanAppointment.weekday, PlanAppointment.start_minute, PlanAppointment.week, PlanAppointment.id)
    ).all()


def _appointment(cycle: Cycle, row: PlanAppointment, title: str, person: str) -> Slot:
    session = WeekSession(title=title, person=person, kind="appointment", start=row.start_minute, end=row.end_minute)
    return Slot(
        row.weekday,
        row.start_minute,
        row.end_minute,
        session,
        cycle.starts_on,
        cycle.ends_on,
        week=row.week,
        every_weeks=row.every_weeks,
    )


def rotation_words(week: int, every_weeks: int) -> str:
    """In which weeks of the cycle an appointment falls, for the pattern that shows all of them."""
    if every_weeks <= 1:
        return ""
    if every_weeks == 2:
        return _("weeks 2, 4, 6 …") if week % 2 else _("weeks 1, 3, 5 …")
    return _("every %(count)s weeks from week %(week)s on", count=every_weeks, week=week + 1)


def _week(plan: Plan, slots: Sequence[Slot], monday: date | None, today: date | None) -> Week:
    blocks = db.session.scalars(
        select(GridBlock)
        .where(GridBlock.residence_id == plan.residence_id)
        .order_by(GridBlock.weekday, GridBlock.start_minute)
    ).all()
    free = holidays_between(plan.residence_id, monday, monday + timedelta(days=6)) if monday else {}
    days = []
    for weekday in range(7):
        day = monday + timedelta(days=weekday) if monday else None
        own = [block for block in blocks if block.weekday == weekday]
        if day is None:
            sessions = [_with_rotation(slot) for slot in slots if slot.weekday == weekday]
        else:
            sessions = [slot for slot in slots if day not in free and slot.falls_on(day, plan.cycle)]
        days.append(
            WeekDay(
                weekday=weekday,
                label=weekday_name(weekday),
                blocks=_fill(own, sessions),
                date=day,
                is_today=day is not None and day == today,
                holiday=free.get(day) if day else None,
            )
        )
    return Week(tuple(days))


def _with_rotation(slot: Slot) -> Slot:
    return replace(slot, session=replace(slot.session, note=rotation_words(slot.week, slot.every_weeks)))


def _fill(blocks: Sequence[GridBlock], slots: Sequence[Slot]) -> tuple[Block, ...]:
    """The day's blocks with their sessions; a session that fits no block (the grid changed since) gets one of its
    own, since it still takes place."""
    filled = []
    placed: set[int] = set()
    for block in blocks:
        inside = []
        if block.kind is BlockKind.ACTIVITY:
            inside = [i for i, s in enumerate(slots) if s.start < block.end_minute and block.start_minute < s.end]
        placed.update(inside)
        filled.append(
            Block(
                block.start_minute,
                block.end_minute,
                block.name,
                block.kind.value,
                tuple(slots[i].session for i in inside),
            )
        )
    stray = [s for i, s in enumerate(slots) if i not in placed]
    filled += [Block(s.start, s.end, "", "activity", (s.session,)) for s in stray]
    return tuple(sorted(filled, key=lambda b: (b.start, b.end)))
