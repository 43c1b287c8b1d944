"""Notes of counselling: who may read a body, and how one is written and amended.

A body is for its author and for the author's named supervisor. Nobody else reads it: not the manager, not the
administrator, not a colleague who stands in. Who must, asks for it (``foyer.counselling.openings``). This module is the
one place that reads bodies from the database.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import joinedload

from foyer.audit.services import record_readings
from foyer.caseload.desk import Desk
from foyer.caseload.mine import supervised_staff_ids
from foyer.counselling.models import CounsellingNote, CounsellingSession, SessionAttendance
from foyer.database import db
from foyer.errors import FoyerError, NotAllowed
from foyer.records import flush
from foyer.residences.models import Staff

LONGEST = 20_000  # characters of one note


class NothingWritten(FoyerError):
    """A note without words."""


class NotInSession(FoyerError):
    """A note about somebody who was not in the session."""


@dataclass(frozen=True)
class WrittenNote:
    """A note with what was added to it later, in order of time."""

    first: CounsellingNote
    amendments: tuple[CounsellingNote, ...]


def write_note(
    desk: Desk, session: CounsellingSession, attendance: SessionAttendance | None, *, body: str
) -> CounsellingNote:
    """Write about a session that the actor led: about one resident, or about the group. What the actor wrote there
    before stays as it is; this amends it. Raises NotAllowed, NotInSession, NothingWritten."""
    if session.staff_id != desk.staff_id:
        raise NotAllowed("only who led the session")
    if attendance is not None and attendance.session_id != session.id:
        raise NotInSession()
    if not body.strip():
        raise NothingWritten()
    resident_id = attendance.resident_id if attendance else None
    note = CounsellingNote(
        residence_id=session.residence_id,
        session_id=session.id,
        resident_id=resident_id,
        stay_id=attendance.stay_id if attendance else None,
        author_id=desk.actor.id,
        amends_id=_first_of(session.id, resident_id, desk.actor.id),
        written_at=desk.now,
        body=body.strip(),
    )
    db.session.add(note)
    flush()
    return note


def _first_of(session_id: int, resident_id: int | None, author_id: int) -> int | None:
    about = CounsellingNote.resident_id == resident_id if resident_id else CounsellingNote.resident_id.is_(None)
    return db.session.scalar(
        select(func.min(CounsellingNote.id)).where(
            CounsellingNote.session_id == session_id, CounsellingNote.author_id == author_id, about
        )
    )


def _readable(desk: Desk) -> ColumnElement[bool]:
    """Of one's own hand, or of the hand of somebody whose named supervisor one is today."""
    supervised = select(Staff.user_id).where(Staff.id.in_(supervised_staff_ids(desk)))
    return or_(CounsellingNote.author_id == desk.actor.id, CounsellingNote.author_id.in_(supervised))


def notes_of_session(desk: Desk, session: CounsellingSession) -> list[WrittenNote]:
    """What the actor may read about a session, the reading written down; nothing for everybody else."""
    return _read(CounsellingNote.session_id == session.id, _readable(desk))


def notes_of_resident(desk: Desk, resident_id: int) -> list[WrittenNote]:
    """What the actor may read about a resident, newest session first, the reading written down."""
    return _read(CounsellingNote.resident_id == resident_id, _readable(desk))


def opened_notes(resident_id: int) -> list[WrittenNote]:
    """Every note about a resident, the reading written down. For ``openings.read_opened`` only, which knows who may."""
    return _read(CounsellingNote.resident_id == resident_id)


def _read(*conditions: ColumnElement[bool]) -> list[WrittenNote]:
    rows = db.session.scalars(
        select(CounsellingNote)
        .join(CounsellingNote.session)
        .where(*conditions)
        .options(
            joinedload(CounsellingNote.session).joinedload(CounsellingSession.staff),
            joinedload(CounsellingNote.author),
            joinedload(CounsellingNote.resident),
        )
        .order_by(CounsellingSession.held_on.desc(), CounsellingSession.id.desc(), CounsellingNote.id)
    ).all()
    record_readings(_about_whom(rows))
    later: dict[int, list[CounsellingNote]] = {}
    for row in rows:
        if row.amends_id is not None:
            later.setdefault(row.amends_id, []).append(row)
    return [WrittenNote(row, tuple(later.get(row.id, ()))) for row in rows if row.amends_id is None]


def _about_whom(rows: Sequence[CounsellingNote]) -> Iterator[tuple[CounsellingNote, int]]:
    """Whom these notes are about, each with one of them: a note about a group is about everybody who was in it."""
    of_session = {row.session_id: row for row in rows if row.resident_id is None}
    found = {row.resident_id: row for row in reversed(rows) if row.resident_id is not None}
    if of_session:
        came = select(SessionAttendance.session_id, SessionAttendance.resident_id)
        for session_id, resident_id in db.session.execute(came.where(SessionAttendance.session_id.in_(of_session))):
            found.setdefault(resident_id, of_session[session_id])
    yield from ((row, resident_id) for resident_id, row in found.items())


def authors_about(resident_id: int) -> Sequence[int]:
    """The accounts that wrote notes about a resident; no body is read."""
    return db.session.scalars(
        select(CounsellingNote.author_id).where(CounsellingNote.resident_id == resident_id).distinct()
    ).all()


def may_read_some(desk: Desk, resident_id: int) -> bool:
    """Whether there is anything about the resident that the actor may read; no body is read."""
    return (
        db.session.scalar(
            select(CounsellingNote.id).where(CounsellingNote.resident_id == resident_id, _readable(desk)).limit(1)
        )
        is not None
    )


def written_sessions(session_ids: Sequence[int]) -> set[int]:
    """Which of these sessions have a note; no body is read."""
    return set(
        db.session.scalars(
            select(CounsellingNote.session_id).where(CounsellingNote.session_id.in_(session_ids)).distinct()
        )
    )
