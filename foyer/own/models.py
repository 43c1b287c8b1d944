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


class RequestKind(StrEnum):
    """What somebody asks of the house about the own file."""

    CORRECTION = "correction"  # something is wrong, or a copy of everything is wanted
    OBJECTION = "objection"  # a use is not wanted at all
    RESTRICTION = "restriction"  # a use pauses until a question about it is settled


class Processing(StrEnum):
    """The uses of data that somebody may object to without a consent to take back."""

    PLANNING = "planning"  # that a computer proposes class, room and counsellor
    SHARING = "sharing"  # that something is given to others outside the house
    KEEPING = "keeping"  # that something stands in the file
    OTHER = "other"


class CorrectionRequest(Versioned, Audited, HouseRow, Model):
    """A resident says that something in the file is wrong, or objects to a use of it (UU 27/2022), and what became of
    it. ``wrong``: in the resident's words; an objection needs none."""

    __tablename__ = "correction_requests"
    __table_args__ = (
        CheckConstraint("(state = 'open') = (answered_at IS NULL)", name="answered"),
        CheckConstraint("(kind = 'correction') = (about IS NULL)", name="about"),
    )
    __audit_resident__ = "resident_id"
    __audit_hidden__ = frozenset({"wrong", "answer"})

    id: Mapped[int] = mapped_column(primary_key=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id"), index=True)
    kind: Mapped[RequestKind] = mapped_column(
        choice_column(RequestKind), default=RequestKind.CORRECTION, server_default=RequestKind.CORRECTION.value
    )
    about: Mapped[Processing | None] = mapped_column(choice_column(Processing))
    wrong: Mapped[str] = mapped_column(EncryptedText)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    state: Mapped[CorrectionState] = mapped_column(choice_column(CorrectionState), default=CorrectionState.OPEN)
    answer: Mapped[str | None] = mapped_column(EncryptedText)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
