"""Break-glass: who has no right to the notes about a resident but must read them asks, with a reason; a second person
decides; for some hours the notes lie open to that one person; and everybody who wrote them is told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import joinedload

from foyer.accounts.models import Role, User
from foyer.caseload.desk import Desk
from foyer.caseload.models import Supervision
from foyer.caseload.notices import tell
from foyer.counselling.models import NoteOpening
from foyer.counselling.notes import WrittenNote, authors_about, opened_notes
from foyer.database import db
from foyer.errors import FoyerError, NotAllowed, NotFound, expect_version
from foyer.records import change_record, flush
from foyer.residences.models import Staff
from foyer.residents.models import Resident

ASKED, OPENED, GRANTED, REFUSED = "opening_asked", "notes_opened", "opening_granted", "opening_refused"


class NothingToOpen(FoyerError):
    """Nobody else has written about this resident."""


class AskedAlready(FoyerError):
    """The actor's earlier question is not decided, or its time is not over."""


class NobodyToDecide(FoyerError):
    """The house has no second person who could decide."""


class Decided(FoyerError):
    """Somebody has decided already."""


def ask(desk: Desk, resident: Resident, *, reason: str, hours: int) -> NoteOpening:
    """Ask to read the notes about a resident. Whoever may decide is told. Raises NothingToOpen, AskedAlready,
    NobodyToDecide."""
    if not set(authors_about(resident.id)) - {desk.actor.id}:
        raise NothingToOpen()
    if running_opening(desk, resident.id) is not None:
        raise AskedAlready()
    deciding = _deciding(desk, resident.id) - {desk.actor.id}
    if not deciding:
        raise NobodyToDecide()
    opening = NoteOpening(
        residence_id=desk.residence.id,
        resident_id=resident.id,
        asked_by_id=desk.actor.id,
        asked_at=desk.now,
        reason=reason,
        hours=hours,
    )
    db.session.add(opening)
    flush()
    tell(deciding, ASKED, opening.id)
    return opening


def _deciding(desk: Desk, resident_id: int) -> set[int]:
    """Who may decide about the notes of a resident: managers, those who wrote them, and their named supervisors."""
    authors = set(authors_about(resident_id))
    managers = select(User.id).where(
        User.role == Role.MANAGER, User.is_enabled.is_(True), User.residence_id == desk.residence.id
    )
    supervising = (
        select(Staff.user_id)
        .join(Supervision, Supervision.supervisor_id == Staff.id)
        .where(
            Staff.user_id.is_not(None),
            Supervision.from_on <= desk.today,
            or_(Supervision.until_on.is_(None), Supervision.until_on >= desk.today),
            Supervision.staff_id.in_(select(Staff.id).where(Staff.user_id.in_(authors))),
        )
    )
    enabled = select(User.id).where(User.id.in_(authors), User.is_enabled.is_(True))
    found = [*db.session.scalars(managers), *db.session.scalars(supervising), *db.session.scalars(enabled)]
    return {user_id for user_id in found if user_id is not None}


def may_decide(desk: Desk, opening: NoteOpening) -> bool:
    """Whether the actor is a second person for this question."""
    return opening.asked_by_id != desk.actor.id and desk.actor.id in _deciding(desk, opening.resident_id)


def get_opening(desk: Desk, opening_id: int) -> NoteOpening:
    """The question with this id, for who asked, who may decide and who wrote. Raises NotFound for everybody else."""
    found = db.session.scalar(
        select(NoteOpening)
        .where(NoteOpening.id == opening_id)
        .options(joinedload(NoteOpening.resident), joinedload(NoteOpening.asked_by), joinedload(NoteOpening.decided_by))
    )
    if found is None or not (found.asked_by_id == desk.actor.id or may_decide(desk, found)):
        raise NotFound("opening")
    return found


def decide(desk: Desk, opening: NoteOpening, *, is_granted: bool, version: int | None) -> None:
    """Open the notes from now on for the hours asked for, or do not. Who asked is told, and of an opening everybody who
    wrote. Raises NotAllowed for who asked, Decided, Stale."""
    if not may_decide(desk, opening):
        raise NotAllowed("a second person decides")
    if opening.decided_at is not None:
        raise Decided()
    expect_version(opening, version)
    now = desk.now
    until = now + timedelta(hours=opening.hours) if is_granted else None
    change_record(opening, {"decided_by_id": desk.actor.id, "decided_at": now, "until_at": until})
    tell({opening.asked_by_id}, GRANTED if is_granted else REFUSED, opening.id)
    if is_granted:
        tell(set(authors_about(opening.resident_id)) - {opening.asked_by_id}, OPENED, opening.id)


def close(desk: Desk, opening: NoteOpening) -> None:
    """Who read is done before the time is over, or a second person ends it. Raises NotAllowed."""
    if opening.asked_by_id != desk.actor.id and not may_decide(desk, opening):
        raise NotAllowed("not involved")
    if is_open(desk, opening):
        change_record(opening, {"until_at": desk.now})


def is_open(desk: Desk, opening: NoteOpening) -> bool:
    """Whether the notes lie open right now."""
    return opening.until_at is not None and desk.now < opening.until_at


def running_opening(desk: Desk, resident_id: int) -> NoteOpening | None:
    """The actor's question about a resident that waits for a decision, or whose time is not over."""
    return db.session.scalar(
        select(NoteOpening)
        .where(
            NoteOpening.resident_id == resident_id,
            NoteOpening.asked_by_id == desk.actor.id,
            or_(
                NoteOpening.decided_at.is_(None),
                and_(NoteOpening.until_at.is_not(None), NoteOpening.until_at > desk.now),
            ),
        )
        .order_by(NoteOpening.id.desc())
    )


def read_opened(desk: Desk, opening: NoteOpening) -> list[WrittenNote]:
    """The notes, for who asked, while they lie open; the reading is written down. Raises NotAllowed."""
    if opening.asked_by_id != desk.actor.id or not is_open(desk, opening):
        raise NotAllowed("not open to you")
    return opened_notes(opening.resident_id)


def openings_of(resident_id: int) -> Sequence[NoteOpening]:
    """Who asked to read the notes about a resident, newest first."""
    return db.session.scalars(
        select(NoteOpening)
        .where(NoteOpening.resident_id == resident_id)
        .options(joinedload(NoteOpening.asked_by), joinedload(NoteOpening.decided_by))
        .order_by(NoteOpening.id.desc())
    ).all()
