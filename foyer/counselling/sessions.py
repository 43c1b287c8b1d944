"""Counselling sessions: begun from the timetable or put down by hand, with who came and what comes next."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, func, select
from sqlalchemy.orm import joinedload, load_only, selectinload

from foyer.caseload.desk import Desk
from foyer.caseload.mine import own_resident_ids
from foyer.caseload.sections import stay_that_counts
from foyer.counselling.agenda import Appointment, find_appointment
from foyer.counselling.models import (
    CAME,
    CounsellingNote,
    CounsellingSession,
    Presence,
    SessionAttendance,
    SessionKind,
    SessionMode,
    SessionRelative,
)
from foyer.database import db, utc_now
from foyer.errors import FoyerError, NotAllowed, NotFound, expect_version
from foyer.records import change_record, flush, touch
from foyer.residents.family import Relative, relatives_of
from foyer.residents.models import Resident

PAGE_SIZE = 40


class InFuture(FoyerError):
    """A session is put down once it begins, not before."""


class HoursWrong(FoyerError):
    """A session ends after it begins."""


class TimeTaken(FoyerError):
    """The counsellor has put down another session at the same time."""


class NobodyThere(FoyerError):
    """A session needs somebody: one resident, or for a group at least two."""


class HasNotes(FoyerError):
    """Something is written about the session, so it took place."""


def begin(desk: Desk, *, enrolment_id: int, on: date, start: int) -> CounsellingSession:
    """The session of an appointment in the published timetable, own or of a colleague whom one stands in for. A second
    time gives the same one. Raises NotFound where there is no such appointment, InFuture, TimeTaken."""
    appointment = find_appointment(desk, enrolment_id, on, start)
    if appointment.session_id is not None:
        return db.session.get_one(CounsellingSession, appointment.session_id)
    return _begun(desk, appointment)


def _begun(desk: Desk, appointment: Appointment) -> CounsellingSession:
    return _put_down(
        desk,
        [appointment.resident],
        kind=SessionKind.INDIVIDUAL,
        mode=SessionMode.IN_PERSON,
        on=appointment.on,
        start=appointment.start,
        end=appointment.end,
        from_timetable=True,
    )


def put_down(
    desk: Desk,
    resident_ids: Iterable[int],
    *,
    kind: SessionKind,
    mode: SessionMode,
    on: date,
    start: int,
    end: int,
) -> CounsellingSession:
    """A session that the timetable does not know, with residents of the actor's caseload. Raises NotFound for anybody
    else, NobodyThere, InFuture, HoursWrong, TimeTaken."""
    wanted = set(resident_ids)
    found = db.session.scalars(
        select(Resident)
        .where(Resident.id.in_(wanted), Resident.id.in_(own_resident_ids(desk)))
        .options(selectinload(Resident.stays))
        .order_by(Resident.name_key, Resident.id)
    ).all()
    if len(found) != len(wanted):
        raise NotFound("resident")
    if len(found) < (2 if kind is SessionKind.GROUP else 1):
        raise NobodyThere()
    return _put_down(desk, found, kind=kind, mode=mode, on=on, start=start, end=end)


def _put_down(
    desk: Desk,
    residents: Sequence[Resident],
    *,
    kind: SessionKind,
    mode: SessionMode,
    on: date,
    start: int,
    end: int,
    from_timetable: bool = False,
) -> CounsellingSession:
    if desk.staff is None:
        raise NotAllowed("only staff counsel")
    if on > desk.today:
        raise InFuture()
    if start >= end:
        raise HoursWrong()
    if _at(desk.staff.id, on, start) is not None:
        raise TimeTaken()
    house = desk.residence.id
    session = CounsellingSession(
        residence_id=house,
        staff_id=desk.staff.id,
        kind=kind,
        mode=mode,
        held_on=on,
        start_minute=start,
        end_minute=end,
        from_timetable=from_timetable,
    )
    for resident in residents:
        stay = stay_that_counts(resident, desk)
        session.attendances.append(
            SessionAttendance(residence_id=house, resident_id=resident.id, stay_id=stay.id if stay else None)
        )
    db.session.add(session)
    flush()
    return session


def _at(staff_id: int, on: date, start: int) -> int | None:
    return db.session.scalar(
        select(CounsellingSession.id).where(
            CounsellingSession.staff_id == staff_id,
            CounsellingSession.held_on == on,
            CounsellingSession.start_minute == start,
            CounsellingSession.withdrawn_at.is_(None),
        )
    )


@dataclass(frozen=True)
class Mark:
    """What is put down about one resident in a session."""

    presence: Presence
    next_step: str = ""
    next_on: date | None = None


def mark(
    desk: Desk,
    session: CounsellingSession,
    marks: Mapping[int, Mark],
    *,
    mode: SessionMode,
    version: int | None,
    relative_ids: Collection[int] | None = None,
) -> None:
    """Who came (by resident id), how one met, and what comes next; by the one who led it. ``relative_ids``: who of the
    family took part, of those that ``family_for`` gives; None leaves it as it is. Raises NotAllowed, Stale."""
    _expect_leader(desk, session)
    expect_version(session, version)
    for attendance in session.attendances:
        given = marks[attendance.resident_id]
        values: dict[str, Any] = {
            "presence": given.presence,
            "next_step": given.next_step or None,
            "next_on": given.next_on,
        }
        if given.next_on != attendance.next_on:
            values["next_done_on"] = None
        change_record(attendance, values)
    if relative_ids is not None:
        _name_relatives(session, set(relative_ids))
    touch(session)  # two people saving at once must notice, also where only people or notes differ
    change_record(session, {"mode": mode})


def _name_relatives(session: CounsellingSession, wanted: set[int]) -> None:
    """Who is ticked now took part; who is not any more is removed, and kept for the trail."""
    attendance = session.attendances[0]
    known = {one.id for one in family_for(session)}
    rows = {row.relative_id: row for row in _relative_rows(session)}
    for id_, row in rows.items():
        if (id_ in wanted) is (row.removed_at is not None):
            row.removed_at = None if id_ in wanted else utc_now()
    own = {"residence_id": session.residence_id, "resident_id": attendance.resident_id, "attendance_id": attendance.id}
    db.session.add_all(SessionRelative(**own, relative_id=id_) for id_ in sorted((wanted & known) - set(rows)))


def _relative_rows(session: CounsellingSession) -> Sequence[SessionRelative]:
    return db.session.scalars(
        select(SessionRelative)
        .where(SessionRelative.attendance_id.in_([each.id for each in session.attendances]))
        .options(joinedload(SessionRelative.relative))
        .order_by(SessionRelative.id)
    ).all()


def relatives_in(session: CounsellingSession) -> list[Relative]:
    """Who of the family took part in a family session; who may read the names is the caller's business. One query."""
    if session.kind is not SessionKind.FAMILY:
        return []
    return [row.relative for row in _relative_rows(session) if row.removed_at is None]


def family_for(session: CounsellingSession) -> list[Relative]:
    """Who of the family can be ticked: whoever may turn up, and those who are ticked already. Two queries."""
    if session.kind is not SessionKind.FAMILY:
        return []
    there = {one.id for one in relatives_in(session)}
    family = relatives_of(session.attendances[0].resident_id)
    return [one for one in family if one.may_turn_up or one.id in there]


def finish_step(desk: Desk, attendance: SessionAttendance) -> None:
    """The next step is done, today. A second time changes nothing."""
    if attendance.next_done_on is None:
        change_record(attendance, {"next_done_on": desk.today})


def withdraw(desk: Desk, session: CounsellingSession, *, version: int | None) -> None:
    """The session was put down by mistake: it stays in the trail and counts nowhere. Raises NotAllowed, HasNotes,
    Stale."""
    _expect_leader(desk, session)
    expect_version(session, version)
    if db.session.scalar(select(func.count(CounsellingNote.id)).where(CounsellingNote.session_id == session.id)):
        raise HasNotes()
    change_record(session, {"withdrawn_at": desk.now})


def _expect_leader(desk: Desk, session: CounsellingSession) -> None:
    if session.staff_id != desk.staff_id:
        raise NotAllowed("only who led the session")


def get_session(session_id: int) -> CounsellingSession:
    """A session of the house with its people. Raises NotFound; who may see it is the caller's business."""
    found = db.session.scalar(
        select(CounsellingSession)
        .where(CounsellingSession.id == session_id)
        .options(
            joinedload(CounsellingSession.staff),
            selectinload(CounsellingSession.attendances).joinedload(SessionAttendance.resident),
        )
    )
    if found is None:
        raise NotFound("session")
    return found


@dataclass(frozen=True)
class SessionPage:
    """A page of a list of sessions, newest first."""

    rows: Sequence[Any]  # SessionAttendance of a resident, CounsellingSession of a counsellor
    total: int
    page: int
    pages: int


def sessions_of_resident(resident_id: int, page: int = 1) -> SessionPage:
    """The sessions of one resident that were not withdrawn, newest first. Two queries."""
    query = (
        select(SessionAttendance)
        .join(SessionAttendance.session)
        .where(SessionAttendance.resident_id == resident_id, CounsellingSession.withdrawn_at.is_(None))
    )
    total = db.session.scalar(query.with_only_columns(func.count(SessionAttendance.id))) or 0
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(max(1, page), pages)
    rows = db.session.scalars(
        query.options(joinedload(SessionAttendance.session).joinedload(CounsellingSession.staff))
        .order_by(CounsellingSession.held_on.desc(), CounsellingSession.start_minute.desc(), SessionAttendance.id)
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    ).all()
    return SessionPage(rows, total, page, pages)


def last_met(resident_id: Any, *conditions: ColumnElement[bool]) -> ScalarSelect[date]:
    """The day of the last session to which the resident of another query came, as a column for that query; of those
    sessions only for which the conditions hold. Read backwards from an index: one or two rows a resident."""
    return (
        select(SessionAttendance.held_on)
        .join(SessionAttendance.session)
        .where(
            SessionAttendance.resident_id == resident_id,
            SessionAttendance.presence.in_(CAME),
            CounsellingSession.withdrawn_at.is_(None),
            *conditions,
        )
        .order_by(SessionAttendance.held_on.desc())
        .limit(1)
        .scalar_subquery()
    )


def sessions_of_staff(staff_id: int, page: int = 1) -> SessionPage:
    """The sessions that somebody led and that were not withdrawn, newest first, with their people. Three queries."""
    query = select(CounsellingSession).where(
        CounsellingSession.staff_id == staff_id, CounsellingSession.withdrawn_at.is_(None)
    )
    total = db.session.scalar(query.with_only_columns(func.count(CounsellingSession.id))) or 0
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(max(1, page), pages)
    rows = db.session.scalars(
        query.options(
            selectinload(CounsellingSession.attendances).options(  # who was there, not what was agreed
                load_only(SessionAttendance.resident_id),
                joinedload(SessionAttendance.resident).load_only(Resident.full_name, Resident.is_restricted),
            )
        )
        .order_by(
            CounsellingSession.held_on.desc(), CounsellingSession.start_minute.desc(), CounsellingSession.id.desc()
        )
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    ).all()
    return SessionPage(rows, total, page, pages)
