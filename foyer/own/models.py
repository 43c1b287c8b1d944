from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from foyer.audit.trail import Audited
from foyer.database import EncryptedText, HouseRow, Model, UtcDateTime, Versioned, choice_column, utc_now


class CorrectionState(StrEnum):
    OPEN = "open"
    CORRECTED = "corrected"
    DECLINED = "declined"  # with a reason, and the resident may object


class CorrectionRequest(Versioned, Audited, HouseRow, Model):
    """A resident says that something in the file is wrong (UU 27/2022 art. 6), and what became of it."""

    __tablename__ = "correction_requests"
    __table_args__ = (CheckConstraint("(state = 'open') = (answered_at IS NULL)", name="answered"),)
    __audit_resident__ = "resident_id"
    __audit_hidden__ = frozenset({"wrong", "answer"})

    id: Mapped[int] = mapped_column(primary_key=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id"), index=True)
    wrong: Mapped[str] = mapped_column(EncryptedText)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    state: Mapped[CorrectionState] = mapped_column(choice_column(CorrectionState), default=CorrectionState.OPEN)
    answer: Mapped[str | None] = mapped_column(EncryptedText)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
