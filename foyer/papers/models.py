from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from foyer.accounts.models import User
from foyer.audit.trail import Audited
from foyer.database import (
    EncryptedBytes,
    EncryptedText,
    HouseRow,
    Model,
    UtcDateTime,
    Versioned,
    choice_column,
    utc_now,
)
from foyer.residents.models import Resident


class PaperKind(StrEnum):
    """The documents that a house issues about a resident."""

    SOCIAL_REPORT = "social_report"  # laporan sosial
    PROGRESS = "progress"  # rapor perkembangan
    REFERRAL = "referral"  # surat rujukan
    LEAVE = "leave"  # surat izin
    CERTIFICATE = "certificate"  # sertifikat


class PaperSettings(Versioned, Audited, HouseRow, Model):
    """What stands on every document of a house: letterhead, who signs, how numbers are written."""

    __tablename__ = "paper_settings"
    __table_args__ = (UniqueConstraint("residence_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    authority: Mapped[str] = mapped_column(String(200), default="")
    address: Mapped[str] = mapped_column(String(300), default="")
    place: Mapped[str] = mapped_column(String(80), default="")
    signer_name: Mapped[str] = mapped_column(String(200), default="")
    signer_title: Mapped[str] = mapped_column(String(120), default="")
    signer_number: Mapped[str] = mapped_column(String(40), default="")  # NIP
    number_pattern: Mapped[str] = mapped_column(String(120), default="")  # empty: the usual one


class PaperTemplate(Audited, HouseRow, Model):
    """A house's own template of one kind of document. A new upload ends the one before it; none is ever overwritten,
    because issued documents name the template that they were made from."""

    __tablename__ = "paper_templates"
    __table_args__ = (UniqueConstraint("residence_id", "kind", "number"),)
    __audit_hidden__ = frozenset({"content"})

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[PaperKind] = mapped_column(choice_column(PaperKind))
    number: Mapped[int]  # 1, 2, 3 within the kind
    filename: Mapped[str] = mapped_column(String(200))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    uploaded_by: Mapped[User | None] = relationship()


class IssuedPaper(Versioned, Audited, HouseRow, Model):
    """A document as it was issued: its number in the house's register, and both files, encrypted. It is never changed
    nor deleted; one that was wrong is withdrawn, with the reason, and keeps its number."""

    __tablename__ = "issued_papers"
    __table_args__ = (
        UniqueConstraint("residence_id", "year", "sequence"),
        CheckConstraint("sequence >= 1", name="sequence"),
        Index("ix_issued_papers_resident_id", "resident_id"),
    )
    __audit_resident__ = "resident_id"
    __audit_hidden__ = frozenset({"addressee", "typed", "docx", "pdf", "withdrawn_reason"})

    id: Mapped[int] = mapped_column(primary_key=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id"))
    stay_id: Mapped[int | None] = mapped_column(ForeignKey("stays.id"))
    kind: Mapped[PaperKind] = mapped_column(choice_column(PaperKind))
    year: Mapped[int]
    sequence: Mapped[int]  # 1, 2, 3 within the year, over all kinds
    number_text: Mapped[str] = mapped_column(String(120))  # nomor surat, as it stands on the document
    issued_on: Mapped[date]
    issued_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    signer: Mapped[str] = mapped_column(String(200), default="")
    addressee: Mapped[str | None] = mapped_column(EncryptedText)
    typed: Mapped[str] = mapped_column(EncryptedText, deferred=True)  # what the writer added, JSON
    has_full_name: Mapped[bool] = mapped_column(default=True)  # a restricted resident's: initials otherwise
    template_id: Mapped[int | None] = mapped_column(ForeignKey("paper_templates.id"))  # None: the built-in one
    docx: Mapped[bytes] = mapped_column(EncryptedBytes, deferred=True)
    pdf: Mapped[bytes] = mapped_column(EncryptedBytes, deferred=True)
    withdrawn_on: Mapped[date | None]
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    withdrawn_reason: Mapped[str | None] = mapped_column(EncryptedText)

    resident: Mapped[Resident] = relationship()
    issued_by: Mapped[User | None] = relationship(foreign_keys=[issued_by_id])
    withdrawn_by: Mapped[User | None] = relationship(foreign_keys=[withdrawn_by_id])
