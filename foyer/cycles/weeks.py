"""The week of a resident, a member of staff, a group or a venue, as ``foyer.timetable`` draws it.

Each function takes a plan (published or draft) and gives the weekly pattern, or with ``monday`` that calendar week:
dates, holidays without sessions, and only the appointments that fall into it. With ``Versions`` instead of a plan a
calendar week shows each day as the version in force that day has it. The words are the reader's, so call them inside a
request or a locale.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import joinedload

from foyer.cycles.house_days import HouseDays, house_days
from foyer.cycles.models import Cycle, Enrolment, PlanAppointment, PlanMeeting, PlanSeat, TeachingGroup
from foyer.cycles.versions import Span, Timetable, spans_of
from foyer.database import db
from foyer.formatting import weekday_name
from foyer.residences.models import BlockKind, GridBlock
from foyer.residences.variants import DayBlock, changed_blocks, usual_blocks
from foyer.residents.models import Stay
from foyer.residents.naming import name_for
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
    since: date | None = None  # the first day of the version that brought it; None: there from the cycle's start on
    group_id: int | None = None  # whose meeting it is
    enrolment_id: int | None = None  # whose hour of counselling it is

    @property
    def at(self) -> str:
        """Its day and start, as addresses have them."""
        return f"{self.weekday}-{self.start}"

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


def week_of_enrolment(
    source: Timetable, enrolment_id: int, *, monday: date | None = None, today: date | None = None
) -> Week:
    """A resident's week: classes, education, individual counselling, only within the stay."""
    return week_of(source, slots_of_enrolment(source, enrolment_id), monday, today)


def week_of_staff(source: Timetable, staff_id: int, *, monday: date | None = None, today: date | None = None) -> Week:
    """A member of staff's week: what they teach and whom they counsel."""
    return week_of(source, slots_of_staff(source, staff_id), monday, today)


def week_of_slots(
    source: Timetable, slots: Sequence[Slot], *, monday: date | None = None, today: date | None = None
) -> Week:
    """The week of somebody whose sessions are known already."""
    return week_of(source, slots, monday, today)


def week_of_group(source: Timetable, group_id: int, *, monday: date | None = None, today: date | None = None) -> Week:
    """A class's or education group's week."""
    return week_of(source, slots_of_group(source, group_id), monday, today)


def week_of_venue(source: Timetable, venue_id: int, *, monday: date | None = None, today: date | None = None) -> Week:
    """A venue's week, for its door."""
    return week_of(source, slots_of_venue(source, venue_id), monday, today)


def slots_of_group(source: Timetable, group_id: int) -> list[Slot]:
    """A class's or education group's meetings."""
    return _joined(_meetings(source, PlanMeeting.group_id == group_id))


def slots_of_venue(source: Timetable, venue_id: int) -> list[Slot]:
    """What takes place at a venue."""
    return _joined(_meetings(source, PlanMeeting.venue_id == venue_id))


def slots_of_enrolment(source: Timetable, enrolment_id: int) -> list[Slot]:
    """A resident's sessions."""
    enrolment = db.session.scalars(
        select(Enrolment).where(Enrolment.id == enrolment_id).options(joinedload(Enrolment.stay))
    ).one()
    seat = exists().where(
        PlanSeat.plan_id == PlanMeeting.plan_id,
        PlanSeat.group_id == PlanMeeting.group_id,
        PlanSeat.enrolment_id == enrolment_id,
    )
    slots = _meetings(source, seat)
    slots += [
        _appointment(span, a, _("Individual counselling"), a.staff.full_name)
        for span, a in _appointments(source, PlanAppointment.enrolment_id == enrolment_id)
    ]
    return _within_stay(_joined(slots), enrolment.stay)


def slots_of_staff(source: Timetable, staff_id: int) -> list[Slot]:
    """A member of staff's sessions; appointments carry the resident's name, of a restricted one the
    initials: weeks are printed and go into phones."""
    own = [slot for _enrolment, slot in appointments_of_staff(source, staff_id)]
    return _joined(_meetings(source, PlanMeeting.instructor_id == staff_id)) + own


def appointments_of_staff(source: Timetable, *staff_ids: int) -> list[tuple[Enrolment, Slot]]:
    """The appointments of these members of staff, each with the enrolment that it is for, its stay and its resident."""
    slots: dict[Enrolment, list[Slot]] = {}
    for span, a in _appointments(source, PlanAppointment.staff_id.in_(staff_ids)):
        name = name_for(a.enrolment.stay.resident, False)
        slots.setdefault(a.enrolment, []).append(_appointment(span, a, name, ""))
    return [(one, slot) for one, own in slots.items() for slot in _within_stay(_joined(own), one.stay)]


def slots_by_staff(source: Timetable, staff_ids: Collection[int]) -> list[tuple[int, Slot]]:
    """What these members of staff hold, each with whose it is: a session that the next version leaves as it is comes
    once for each. Two queries."""
    own = [
        (row.instructor_id or 0, slot) for row, slot in meetings_of(source, PlanMeeting.instructor_id.in_(staff_ids))
    ]
    for span, a in _appointments(source, PlanAppointment.staff_id.in_(staff_ids)):
        own += [(a.staff_id, slot) for slot in _within_stay([_appointment(span, a, "", "")], a.enrolment.stay)]
    return own


def _within_stay(slots: Iterable[Slot], stay: Stay) -> list[Slot]:
    """What of these takes place between arriving and leaving."""
    last = stay.leaves_on - timedelta(days=1)
    kept = (
        replace(slot, first_on=max(slot.first_on, stay.arrives_on), last_on=min(slot.last_on, last)) for slot in slots
    )
    return [slot for slot in kept if slot.first_on <= slot.last_on]


def _joined(slots: Iterable[Slot]) -> list[Slot]:
    """A session that the next version leaves as it is goes on as one."""
    found: dict[Slot, list[Slot]] = {}
    for slot in sorted(slots, key=lambda slot: (slot.weekday, slot.start, slot.first_on)):
        same = found.setdefault(replace(slot, first_on=date.min, last_on=date.min, since=None), [])
        if same and same[-1].last_on + timedelta(days=1) == slot.first_on:
            same[-1] = replace(same[-1], last_on=slot.last_on)
        else:
            same.append(slot)
    return [slot for same in found.values() for slot in same]


def dated_sessions(source: Timetable, slots: Iterable[Slot], first: date, last: date) -> list[DatedSession]:
    """Everything that takes place from ``first`` to ``last``, in order, with its true hours: nothing on holidays, and
    in Ramadan or exam weeks what the house keeps then."""
    calendar = house_days(source.residence_id, first, last)
    found = [
        session
        for day in _days(first, last)
        for slot in slots
        if slot.falls_on(day, source.cycle)
        for session in sessions_on(slot, day, calendar)
    ]
    return sorted(found, key=lambda s: (s.on, s.start, s.session.title))


def sessions_on(slot: Slot, day: date, calendar: HouseDays) -> list[DatedSession]:
    """A slot that falls on a day, as it takes place then: usually once, on a holiday not at all."""
    return [
        DatedSession(day, start, end, _at(slot.session, start, end))
        for start, end in calendar.hours_on(day, slot.session.kind, (slot.start, slot.end))
    ]


def _at(session: WeekSession, start: int, end: int) -> WeekSession:
    return session if session.start is None else replace(session, start=start, end=end)


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def group_title(group: TeachingGroup) -> str:
    """What a class is called in a timetable: its subject and code."""
    subject = group.trade.name if group.trade else group.programme
    return f"{subject} ({group.code})"


def meetings_of(source: Timetable, condition: ColumnElement[bool] | None = None) -> list[tuple[PlanMeeting, Slot]]:
    """The weekly meetings of a timetable, each with the days on which its version has it. One query."""
    spans = {span.plan.id: span for span in spans_of(source)}
    query = select(PlanMeeting).where(PlanMeeting.plan_id.in_(spans))
    rows = db.session.scalars(
        (query if condition is None else query.where(condition))
        .options(
            joinedload(PlanMeeting.group).joinedload(TeachingGroup.trade),
            joinedload(PlanMeeting.venue),
            joinedload(PlanMeeting.instructor),
        )
        .order_by(PlanMeeting.weekday, PlanMeeting.start_minute, PlanMeeting.id)
    )
    return [(row, _meeting(spans[row.plan_id], row)) for row in rows]


def _meetings(source: Timetable, condition: ColumnElement[bool]) -> list[Slot]:
    return [slot for _row, slot in meetings_of(source, condition)]


def _meeting(span: Span, row: PlanMeeting) -> Slot:
    session = WeekSession(
        title=group_title(row.group),
        place=row.venue.name if row.venue else "",
        person=row.instructor.full_name if row.instructor else "",
        kind="class" if row.group.trade_id is not None else "education",
    )
    return Slot(
        row.weekday,
        row.start_minute,
        row.end_minute,
        session,
        span.first_on,
        span.last_on,
        since=_since(span),
        group_id=row.group_id,
    )


def _since(span: Span) -> date | None:
    return span.first_on if span.first_on > span.plan.cycle.starts_on else None


def _appointments(source: Timetable, condition: ColumnElement[bool]) -> list[tuple[Span, PlanAppointment]]:
    spans = {span.plan.id: span for span in spans_of(source)}
    rows = db.session.scalars(
        select(PlanAppointment)
        .where(PlanAppointment.plan_id.in_(spans), condition)
        .options(
            joinedload(PlanAppointment.staff),
            joinedload(PlanAppointment.enrolment).joinedload(Enrolment.stay).joinedload(Stay.resident),
        )
        .order_by(PlanAppointment.weekday, PlanAppointment.start_minute, PlanAppointment.week, PlanAppointment.id)
    )
    return [(spans[row.plan_id], row) for row in rows]


def _appointment(span: Span, row: PlanAppointment, title: str, person: str) -> Slot:
    session = WeekSession(title=title, person=person, kind="appointment", start=row.start_minute, end=row.end_minute)
    return Slot(
        row.weekday,
        row.start_minute,
        row.end_minute,
        session,
        span.first_on,
        span.last_on,
        week=row.week,
        every_weeks=row.every_weeks,
        since=_since(span),
        enrolment_id=row.enrolment_id,
    )


def rotation_words(week: int, every_weeks: int) -> str:
    """In which weeks of the cycle an appointment falls, for the pattern that shows all of them."""
    if every_weeks <= 1:
        return ""
    if every_weeks == 2:
        return _("weeks 2, 4, 6 …") if week % 2 else _("weeks 1, 3, 5 …")
    return _("every %(count)s weeks from week %(week)s on", count=every_weeks, week=week + 1)


def week_of(source: Timetable, slots: Sequence[Slot], monday: date | None = None, today: date | None = None) -> Week:
    """These sessions in the house's blocks: the weekly pattern, or with ``monday`` that calendar week."""
    blocks = db.session.scalars(select(GridBlock).where(GridBlock.residence_id == source.residence_id)).all()
    if monday is None:
        return Week(tuple(_pattern_day(weekday, blocks, slots) for weekday in range(7)))
    days = [monday + timedelta(days=n) for n in range(7)]
    calendar = house_days(source.residence_id, days[0], days[-1])
    return Week(tuple(_dated_day(source.cycle, day, blocks, slots, calendar, today) for day in days))


def _pattern_day(weekday: int, blocks: Sequence[GridBlock], slots: Sequence[Slot]) -> WeekDay:
    own = [_with_rotation(slot) for slot in slots if slot.weekday == weekday]
    return WeekDay(weekday, weekday_name(weekday), _fill(usual_blocks(blocks, weekday), own))


def _dated_day(
    cycle: Cycle,
    day: date,
    blocks: Sequence[GridBlock],
    slots: Sequence[Slot],
    calendar: HouseDays,
    today: date | None,
) -> WeekDay:
    sessions = [
        replace(slot, start=dated.start, end=dated.end, session=dated.session)
        for slot in slots
        if slot.falls_on(day, cycle)
        for dated in sessions_on(slot, day, calendar)
    ]
    variant = calendar.variant_on(day)
    return WeekDay(
        weekday=day.weekday(),
        label=weekday_name(day.weekday()),
        blocks=_fill(changed_blocks(calendar.changes_on(day), blocks, day.weekday()), sessions),
        date=day,
        is_today=day == today,
        holiday=calendar.holidays.get(day),
        note=variant.name if variant else "",
    )


def _with_rotation(slot: Slot) -> Slot:
    return replace(slot, session=replace(slot.session, note=rotation_words(slot.week, slot.every_weeks)))


def _fill(blocks: Sequence[DayBlock], slots: Sequence[Slot]) -> tuple[Block, ...]:
    """The day's blocks with their sessions; a session that fits no block (the grid changed since) gets one of its
    own, since it still takes place."""
    filled = []
    placed: set[int] = set()
    for block in blocks:
        inside = []
        if block.kind is BlockKind.ACTIVITY:
            inside = [i for i, s in enumerate(slots) if s.start < block.end and block.start < s.end]
        placed.update(inside)
        filled.append(
            Block(block.start, block.end, block.name, block.kind.value, tuple(slots[i].session for i in inside))
        )
    stray = [s for i, s in enumerate(slots) if i not in placed]
    filled += [Block(s.start, s.end, "", "activity", (s.session,)) for s in stray]
    return tuple(sorted(filled, key=lambda b: (b.start, b.end)))
