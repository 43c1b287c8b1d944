"""What staff see in a resident: praise first, concerns as something to talk about. Worship is never among it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Select, case, select
from sqlalchemy.orm import joinedload

from foyer.database import db
from foyer.errors import FoyerError
from foyer.paging import Paged, cut_scalars
from foyer.records import flush
from foyer.residents.models import Resident, Stay
from foyer.training.progress_models import ConductArea, ConductNote, EarnedCertificate, Tone

PAGE_SIZE = 20  # notes


class SeenTooLate(FoyerError):
    """Nobody saw something tomorrow."""


class NothingShared(FoyerError):
    """It is shared already, or withdrawn."""


def notes_of(resident_id: int, *, shared_only: bool = False, most: int = 50) -> Sequence[ConductNote]:
    """The latest that was seen, praise first, then newest first; ``shared_only``: what the resident reads."""
    query = _notes(resident_id)
    return db.session.scalars(
        (query.where(ConductNote.is_shared.is_(True)) if shared_only else query).limit(most)
    ).all()


def notes_in_tone(resident_id: int, tone: Tone, page: int = 1) -> Paged[ConductNote]:
    """A page of the praise, or of the concerns, the newest first."""
    return cut_scalars(_notes(resident_id).where(ConductNote.tone == tone), page, PAGE_SIZE)


def shared_notes(resident_id: int, page: int = 1) -> Paged[ConductNote]:
    """A page of what the resident reads, praise first, then newest first."""
    return cut_scalars(_notes(resident_id).where(ConductNote.is_shared.is_(True)), page, PAGE_SIZE)


def _notes(resident_id: int) -> Select[ConductNote]:
    return (
        select(ConductNote)
        .where(ConductNote.resident_id == resident_id, ConductNote.withdrawn_at.is_(None))
        .options(joinedload(ConductNote.recorded_by))
        .order_by(
            case((ConductNote.tone == Tone.PRAISE, 0), else_=1), ConductNote.seen_on.desc(), ConductNote.id.desc()
        )
    )


def write_note(
    resident: Resident,
    stay: Stay,
    *,
    tone: Tone,
    area: ConductArea,
    seen_on: date,
    words: str,
    talked_over: bool,
    today: date,
    actor_id: int,
) -> ConductNote:
    """Write down what was seen. Praise is the resident's to read at once, a concern once it was talked over. Raises
    SeenTooLate."""
    if seen_on > today:
        raise SeenTooLate
    note = ConductNote(
        residence_id=resident.residence_id,
        resident_id=resident.id,
        stay_id=stay.id,
        tone=tone,
        area=area,
        seen_on=seen_on,
        words=words.strip(),
        is_shared=tone is Tone.PRAISE or talked_over,
        recorded_by_id=actor_id,
    )
    db.session.add(note)
    flush()
    return note


def share_note(note: ConductNote) -> None:
    """The concern was talked over with the resident, who may read it from now on. Raises NothingShared."""
    if note.is_shared or note.withdrawn_at is not None:
        raise NothingShared
    note.is_shared = True
    flush()


def certificates_of(resident_id: int) -> Sequence[EarnedCertificate]:
    """The certificates that a resident earned, newest first."""
    return db.session.scalars(
        select(EarnedCertificate)
        .where(EarnedCertificate.resident_id == resident_id, EarnedCertificate.withdrawn_at.is_(None))
        .order_by(EarnedCertificate.earned_on.desc(), EarnedCertificate.id.desc())
    ).all()


def add_certificate(
    resident: Resident,
    stay: Stay,
    *,
    title: str,
    issuer: str,
    number: str,
    earned_on: date,
    trade_id: int | None,
    today: date,
    actor_id: int,
) -> EarnedCertificate:
    """Write down a certificate that a resident earned, from whomever. Raises SeenTooLate."""
    if earned_on > today:
        raise SeenTooLate
    found = EarnedCertificate(
        residence_id=resident.residence_id,
        resident_id=resident.id,
        stay_id=stay.id,
        title=title.strip(),
        issuer=issuer.strip(),
        number=number.strip() or None,
        earned_on=earned_on,
        trade_id=trade_id,
        recorded_by_id=actor_id,
    )
    db.session.add(found)
    flush()
    return found
