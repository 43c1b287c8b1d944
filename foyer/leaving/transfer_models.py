"""A resident moves to another house: one row in each house, so that neither sees the other's."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from foyer.audit.trail import Audited
from foyer.database import EncryptedText, HouseRow, Model, UtcDateTime, Versioned, choice_column
from foyer.residences.models import Gender
from foyer.residents.models import Resident, Stay


class TransferState(StrEnum):
    OFFERED = "offered"
    AGREED = "agreed"  # the other house says yes; the resident still lives in the first
    ACCEPTED = "accepted"  # arrived
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class TransferOffer(Versioned, Audited, HouseRow, Model):
    """The sending house's side. ``travelled``: after acceptance, how many records of which table went along."""

    __tablename__ = "transfer_offers"
    __table_args__ = (
        Index(
            "uq_transfer_offers_stay_id_standing",
            "stay_id",
            unique=True,
            sqlite_where=text("state IN ('offered', 'agreed', 'accepted')"),
            postgresql_where=text("state IN ('offered', 'agreed', 'accepted')"),
        ),
    )
    __audit_hidden__ = frozenset({"letter", "answer"})
    __audit_resident__ = "resident_id"

    id: Mapped[int] = mapped_column(primary_key=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id"), index=True)
    stay_id: Mapped[int] = mapped_column(ForeignKey("stays.id"))
    to_residence_id: Mapped[int] = mapped_column(ForeignKey("residences.id"))
    to_name: Mapped[str] = mapped_column(String(200))
    moves_on: Mapped[date]
    letter: Mapped[str | None] = mapped_column(EncryptedText)  # why, and what the other house must know
    state: Mapped[TransferState] = mapped_column(choice_column(TransferState), default=TransferState.OFFERED)
    offered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    offered_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answer: Mapped[str | None] = mapped_column(EncryptedText)
    travelled: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    resident: Mapped[Resident] = relationship()
    stay: Mapped[Stay] = relationship()


class TransferArrival(Versioned, Audited, HouseRow, Model):
    """The receiving house's side: before it accepts only what it needs to decide."""

    __tablename__ = "transfer_arrivals"
    __table_args__ = (
        UniqueConstraint("offer_id"),
        CheckConstraint("(state = 'accepted') = (resident_id IS NOT NULL)", name="accepted"),
    )
    __audit_hidden__ = frozenset({"full_name", "letter", "answer"})
    __audit_resident__ = "resident_id"

    id: Mapped[int] = mapped_column(primary_key=True)
    offer_id: Mapped[int] = mapped_column(ForeignKey("transfer_offers.id"))
    from_residence_id: Mapped[int] = mapped_column(ForeignKey("residences.id"))
    from_name: Mapped[str] = mapped_column(String(200))
    full_name: Mapped[str] = mapped_column(EncryptedText)
    gender: Mapped[Gender] = mapped_column(choice_column(Gender))
    born_on: Mapped[date]
    moves_on: Mapped[date]
    letter: Mapped[str | None] = mapped_column(EncryptedText)
    state: Mapped[TransferState] = mapped_column(choice_column(TransferState), default=TransferState.OFFERED)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    answer: Mapped[str | None] = mapped_column(EncryptedText)
    resident_id: Mapped[int | None] = mapped_column(ForeignKey("residents.id"))  # the file here, once accepted

    resident: Mapped[Resident | None] = relationship()
