from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from foyer.audit.trail import Audited
from foyer.database import EncryptedText, HouseRow, Model, UtcDateTime, Versioned, choice_column, utc_now


class UploadState(StrEnum):
    WAITING = "waiting"  # looked at, not imported yet
    IMPORTED = "imported"


class WorkbookUpload(Versioned, Audited, HouseRow, Model):
    """A workbook somebody handed in, and what became of it. The file itself is minors' data: it is kept encrypted, only
    until it is imported or has expired."""

    __tablename__ = "workbook_uploads"
    __table_args__ = (CheckConstraint("weeks BETWEEN 1 AND 53", name="weeks"),)
    __audit_hidden__ = frozenset({"content", "corrections"})

    id: Mapped[int] = mapped_column(primary_key=True)
    filename: Mapped[str] = mapped_column(String(200))
    digest: Mapped[str] = mapped_column(String(64))  # SHA-256 of the file
    content: Mapped[str | None] = mapped_column(EncryptedText)  # base64; None: imported, discarded or expired
    corrections: Mapped[str | None] = mapped_column(EncryptedText)  # base64 of the workbook of what waits
    starts_on: Mapped[date]  # the cycle it is for
    weeks: Mapped[int]
    state: Mapped[UploadState] = mapped_column(choice_column(UploadState), default=UploadState.WAITING)
    result: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # counts only
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    imported_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)


class MappingAbout(StrEnum):
    SHEET = "sheet"
    COLUMN = "column"


class WorkbookMapping(Audited, HouseRow, Model):
    """What the house said a sheet or a column means, so that it is asked only once."""

    __tablename__ = "workbook_mappings"
    __table_args__ = (UniqueConstraint("residence_id", "about", "signature"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    about: Mapped[MappingAbout] = mapped_column(choice_column(MappingAbout))
    signature: Mapped[str] = mapped_column(String(500))
    meaning: Mapped[str] = mapped_column(String(60))
