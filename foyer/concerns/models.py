from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Date, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from foyer.accounts.models import Role, User
from foyer.database import (
    EncryptedChoice,
    EncryptedText,
    Model,
    OfficeRow,
    UtcDateTime,
    Versioned,
    choice_column,
    utc_now,
)


class ConcernKind(StrEnum):
    """What somebody fears is being done."""

    SEXUAL = "sexual"  # UU 12/2022: starts the clock to the police
    PHYSICAL = "physical"
    EMOTIONAL = "emotional"
    NEGLECT = "neglect"
    EXPLOITATION = "exploitation"
    OTHER = "other"


class About(StrEnum):
    """Who is said to do it."""

    STAFF = "staff"
    RESIDENT = "resident"
    OFFICE = "office"
    OUTSIDE = "outside"
    UNKNOWN = "unknown"


class ConcernVerb(StrEnum):
    """What happened to a concern."""

    REPORTED = "reported"
    OPENED = "opened"
    TAKEN = "taken"
    HANDED = "handed"
    CLOCK_STARTED = "clock_started"
    POLICE = "police"
    STEP_SET = "step_set"
    STEP_DONE = "step_done"
    TOLD = "told"  # the reporter, by the office
    WROTE = "wrote"  # the reporter, to the office
    HELD = "held"
    LET_GO = "let_go"
    CLOSED = "closed"
    REOPENED = "reopened"


class SafeguardingConcern(Versioned, OfficeRow, Model):
    """A suspicion that somebody is harmed. It is the office's, not the house's, and therefore not in the house's trail:
    what happens to it is in its own (``ConcernEntry``). The database refuses to delete it, to change what was reported
    and to set its clock anew."""

    __tablename__ = "safeguarding_concerns"

    id: Mapped[int] = mapped_column(primary_key=True)
    receipt_digest: Mapped[str] = mapped_column(String(64), unique=True)
    kind: Mapped[ConcernKind] = mapped_column(EncryptedChoice(ConcernKind))
    about: Mapped[About] = mapped_column(EncryptedChoice(About))
    about_key: Mapped[str | None] = mapped_column(EncryptedText)  # staff-3 or user-4: the tables show no link
    about_name: Mapped[str | None] = mapped_column(EncryptedText)
    words: Mapped[str] = mapped_column(EncryptedText)
    reporter: Mapped[str | None] = mapped_column(EncryptedText)  # None: nobody knows, not even by id
    reporter_role: Mapped[Role | None] = mapped_column(EncryptedChoice(Role))
    reported_at: Mapped[datetime] = mapped_column(UtcDateTime)
    clock_started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # it counts from reported_at
    police_reference: Mapped[str | None] = mapped_column(EncryptedText)
    police_reported_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    handler_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    held_key: Mapped[str | None] = mapped_column(EncryptedText)  # user-5: the account suspended for its sake
    outcome: Mapped[str | None] = mapped_column(EncryptedText)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    handler: Mapped[User | None] = relationship(lazy="raise")

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


class ConcernStep(Versioned, OfficeRow, Model):
    """What somebody does about a concern, by when. The owner may be somebody of the house: then this task is all that
    the owner reads of it."""

    __tablename__ = "concern_steps"

    id: Mapped[int] = mapped_column(primary_key=True)
    concern_id: Mapped[int] = mapped_column(ForeignKey("safeguarding_concerns.id"), index=True)
    words: Mapped[str] = mapped_column(EncryptedText)
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    due_on: Mapped[date] = mapped_column(Date)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    result: Mapped[str | None] = mapped_column(EncryptedText)
    owner: Mapped[User] = relationship(lazy="raise")


class ConcernEntry(OfficeRow, Model):
    """A concern's own trail: who did or read what, and what was said between the office and the reporter. The database
    refuses to change or delete a row."""

    __tablename__ = "concern_entries"

    id: Mapped[int] = mapped_column(primary_key=True)
    concern_id: Mapped[int] = mapped_column(ForeignKey("safeguarding_concerns.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    verb: Mapped[ConcernVerb] = mapped_column(choice_column(ConcernVerb))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))  # None: the reporter
    words: Mapped[str | None] = mapped_column(EncryptedText)
    actor: Mapped[User | None] = relationship(lazy="raise")
