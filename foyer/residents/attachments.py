"""A resident's documents and photo: small, previewed, encrypted in the database, withdrawn but never deleted."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, mapped_column, undefer

from foyer.accounts.models import User
from foyer.audit.trail import Audited
from foyer.database import (
    EncryptedBytes,
    EncryptedText,
    HouseRow,
    Model,
    UtcDateTime,
    Versioned,
    blind_index,
    choice_column,
    db,
    utc_now,
)
from foyer.errors import FoyerError, NotFound
from foyer.records import change_record, flush
from foyer.residents.consent import Purpose
from foyer.residents.consenting import may_use
from foyer.residents.models import Resident
from foyer.residents.pictures import Picture, shrink

LARGEST_PICTURE = 12 * 1024 * 1024  # as it comes from the phone; kept at a few hundred kilobytes
LARGEST_PDF = 3 * 1024 * 1024
MOST_FILES = 80  # of one resident
PAPER_PIXELS, PHOTO_PIXELS, PREVIEW_PIXELS = 1800, 800, 320


class AttachmentKind(StrEnum):
    """What a file is."""

    PHOTO = "photo"
    BIRTH_CERTIFICATE = "birth_certificate"
    IDENTITY_CARD = "identity_card"
    FAMILY_CARD = "family_card"
    SCHOOL = "school"
    HEALTH = "health"
    CONSENT = "consent"
    REFERRAL = "referral"
    COURT = "court"
    OTHER = "other"


class Attachment(Versioned, Audited, HouseRow, Model):
    """A file about a resident. ``content`` and ``preview`` are encrypted and only loaded where they are shown."""

    __tablename__ = "attachments"
    __table_args__ = (Index("ix_attachments_resident_id_kind", "resident_id", "kind"),)
    __audit_resident__ = "resident_id"
    __audit_hidden__ = frozenset({"title", "content", "preview", "digest", "withdraw_reason"})

    id: Mapped[int] = mapped_column(primary_key=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id"))
    stay_id: Mapped[int | None] = mapped_column(ForeignKey("stays.id"))
    kind: Mapped[AttachmentKind] = mapped_column(choice_column(AttachmentKind))
    title: Mapped[str] = mapped_column(EncryptedText)
    media_type: Mapped[str] = mapped_column(String(60))
    size: Mapped[int]  # bytes, as kept and before encryption
    digest: Mapped[str] = mapped_column(String(64))  # keyed: finds the same file again without decrypting
    content: Mapped[bytes] = mapped_column(EncryptedBytes, deferred=True)
    preview: Mapped[bytes | None] = mapped_column(EncryptedBytes, deferred=True)
    has_preview: Mapped[bool] = mapped_column(default=False)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdraw_reason: Mapped[str | None] = mapped_column(EncryptedText)

    @property
    def file_name(self) -> str:
        """A name for the download that says nothing about the resident: folders of downloads are read by others."""
        return (
            f"{self.kind.value.replace('_', '-')}-{self.id}.{'pdf' if self.media_type == 'application/pdf' else 'jpg'}"
        )


class FileTooLarge(FoyerError):
    """The file is larger than ``LARGEST_PICTURE`` or ``LARGEST_PDF``."""


class NeedsPicture(FoyerError):
    """A photo must be a picture."""


class PhotoNotAllowed(FoyerError):
    """A photo may be kept only while its use is consented to, and never of a restricted resident."""


class SameFile(FoyerError):
    """This file is in the resident's file already."""


class TooManyFiles(FoyerError):
    """The resident has ``MOST_FILES`` files; withdraw what is no longer needed."""


class WithdrawReasonMissing(FoyerError):
    """Taking a document out of use needs a reason."""


class AlreadyWithdrawn(FoyerError):
    """This document is out of use already."""


def attachments_of(resident_id: int) -> Sequence[Attachment]:
    """A resident's files without their bytes, newest first."""
    return db.session.scalars(
        select(Attachment)
        .where(Attachment.resident_id == resident_id)
        .order_by(Attachment.added_at.desc(), Attachment.id.desc())
    ).all()


def proofs_of(resident_id: int) -> list[Attachment]:
    """The resident's documents in use that can prove what somebody signed: all but photos, newest first."""
    found = attachments_of(resident_id)
    return [each for each in found if each.withdrawn_at is None and each.kind is not AttachmentKind.PHOTO]


def attachment_of(resident_id: int, attachment_id: int, *, whole: bool = False) -> Attachment:
    """One file of the resident; ``whole``: with its bytes. Raises NotFound, also for another resident's file."""
    query = select(Attachment).where(Attachment.id == attachment_id, Attachment.resident_id == resident_id)
    if whole:
        query = query.options(undefer(Attachment.content), undefer(Attachment.preview))
    found = db.session.scalar(query)
    if found is None:
        raise NotFound("attachment")
    return found


def may_show_photo(resident: Resident, today: date) -> bool:
    """Whether a photo may be kept and shown: with consent, and never of a restricted resident (UU 11/2012 art. 19)."""
    return not resident.is_restricted and may_use(resident, Purpose.PHOTO, today)


def add_attachment(
    resident: Resident,
    content: bytes,
    *,
    kind: AttachmentKind,
    title: str,
    actor: User,
    today: date,
    stay_id: int | None = None,
) -> Attachment:
    """Put a picture (made small) or a PDF into the resident's file. Raises PhotoNotAllowed, FileTooLarge, NotAPicture,
    PictureTooLarge, NeedsPicture, SameFile, TooManyFiles."""
    if kind is AttachmentKind.PHOTO and not may_show_photo(resident, today):
        raise PhotoNotAllowed
    digest = blind_index(hashlib.sha256(content).hexdigest())
    _check_room(resident.id, digest)
    kept, preview = _made_small(content, kind)
    attachment = Attachment(
        residence_id=resident.residence_id,
        resident_id=resident.id,
        stay_id=stay_id,
        kind=kind,
        title=title.strip(),
        media_type="image/jpeg" if preview else "application/pdf",
        size=len(kept),
        digest=digest,
        content=kept,
        preview=preview,
        has_preview=preview is not None,
        added_by_id=actor.id,
    )
    db.session.add(attachment)
    flush()
    return attachment


def withdraw_attachment(attachment: Attachment, *, reason: str, version: int | None) -> None:
    """Take a document out of use: it stays for the trail and is no longer shown. Raises AlreadyWithdrawn,
    WithdrawReasonMissing, Stale."""
    if attachment.withdrawn_at is not None:
        raise AlreadyWithdrawn
    if not reason.strip():
        raise WithdrawReasonMissing
    change_record(attachment, {"withdrawn_at": utc_now(), "withdraw_reason": reason.strip()}, version=version)


def _made_small(content: bytes, kind: AttachmentKind) -> tuple[bytes, bytes | None]:
    if content.startswith(b"%PDF-"):
        if kind is AttachmentKind.PHOTO:
            raise NeedsPicture
        if len(content) > LARGEST_PDF:
            raise FileTooLarge
        return content, None
    if len(content) > LARGEST_PICTURE:
        raise FileTooLarge
    picture: Picture = shrink(content, PHOTO_PIXELS if kind is AttachmentKind.PHOTO else PAPER_PIXELS)
    return picture.content, shrink(picture.content, PREVIEW_PIXELS).content


def _check_room(resident_id: int, digest: str) -> None:
    known = db.session.scalars(
        select(Attachment.digest).where(Attachment.resident_id == resident_id, Attachment.withdrawn_at.is_(None))
    ).all()
    if digest in known:
        raise SameFile
    if len(known) >= MOST_FILES:
        raise TooManyFiles
