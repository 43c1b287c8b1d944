"""A counsellor's appointments of the published timetable, each with the session that was put down for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from foyer.caseload.desk import Desk
from foyer.caseload.mine import covered_staff_ids
from foyer.counselling.models import CounsellingSession, SessionAttendance
from foyer.cycles.house_days import house_days
from foyer.cycles.weeks import appointments_of_staff, sessions_on
from foyer.database import db
from foyer.errors import NotFound
from foyer.residents.models import Resident

DAYS_BACK = 7
DAYS_AHEAD = 14


@dataclass(frozen=True)
class Appointment:
    """An appointment on its day; ``session_id`` of what was put down for it."""

    enrolment_id: int
    resident: Resident
    on: date
    start: int
    end: int
    session_id: int | None = None
    session_staff_id: int | None = None  # who put it down


@dataclass(frozen=True)
class Agenda:
    """The appointments around today, in order of time: ``day`` those of the next day that has any (usually today),
    ``ahead`` the next one of each resident, ``unwritten`` those of the last week for which nothing is put down."""

    on: date | None
    day: list[Appointment]
    ahead: dict[int, Appointment]
    unwritten: list[Appointment]


def agenda_of(desk: Desk, covered: Sequence[int] | None = None) -> Agenda:
    """The actor's agenda, with that of colleagues whom the actor stands in for today: ``covered``, where the page has
    asked for their ids."""
    first = desk.first_day
    found = _appointments(desk, desk.today - timedelta(days=DAYS_BACK), first + timedelta(days=DAYS_AHEAD), covered)
    minute = desk.now.hour * 60 + desk.now.minute
    coming = [each for each in found if each.on > desk.today or (each.on == desk.today and each.end > minute)]
    is_today = any(each.on == desk.today for each in found)
    on = desk.today if is_today else coming[0].on if coming else None
    ahead: dict[int, Appointment] = {}
    for each in coming:
        ahead.setdefault(each.resident.id, each)
    unwritten = [each for each in found if each.on < desk.today and each.session_id is None]
    return Agenda(on, [each for each in found if each.on == on], ahead, unwritten)


def find_appointment(desk: Desk, enrolment_id: int, on: date, start: int) -> Appointment:
    """The appointment of this place in the cycle at this time, if it is the actor's. Raises NotFound."""
    for each in _appointments(desk, on, on):
        if (each.enrolment_id, each.start) == (enrolment_id, start):
            return each
    raise NotFound("appointment")


def _appointments(desk: Desk, first: date, last: date, covered: Sequence[int] | None = None) -> list[Appointment]:
    """In a fixed number of queries."""
    if desk.versions is None or desk.staff is None:
        return []
    others = db.session.scalars(covered_staff_ids(desk)) if covered is None else covered
    staff_ids = [desk.staff.id, *others]
    cycle = desk.versions.cycle
    slots = appointments_of_staff(desk.versions, *staff_ids)
    calendar = house_days(desk.residence.id, first, last)
    kept = _put_down(first, last, {enrolment.stay.resident_id for enrolment, _slot in slots})
    found = []
    for enrolment, slot in slots:
        resident = enrolment.stay.resident
        for n in range((last - first).days + 1):
            day = first + timedelta(days=n)
            if slot.falls_on(day, cycle):
                for dated in sessions_on(slot, day, calendar):
                    known = kept.get((resident.id, day, dated.start), (None, None))
                    found.append(Appointment(enrolment.id, resident, day, dated.start, dated.end, *known))
    return sorted(found, key=lambda each: (each.on, each.start, each.resident.name_key))


def _put_down(first: date, last: date, resident_ids: set[int]) -> dict[tuple[int, date, int], tuple[int, int]]:
    rows = db.session.execute(
        select(
            SessionAttendance.resident_id,
            CounsellingSession.held_on,
            CounsellingSession.start_minute,
            CounsellingSession.id,
            CounsellingSession.staff_id,
        )
        .join(SessionAttendance.session)
        .where(
            CounsellingSession.held_on.between(first, last),
            CounsellingSession.withdrawn_at.is_(None),
            SessionAttendance.resident_id.in_(resident_ids),
        )
    )
    return {(resident_id, on, start): (id_, staff_id) for resident_id, on, start, id_, staff_id in rows}
