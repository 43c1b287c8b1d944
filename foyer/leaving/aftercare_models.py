"""Contacts after the exit, and the quick answer to signs that somebody is at risk again."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from foyer.accounts.models import User
from foyer.audit.trail import Audited
from foyer.database import EncryptedJson, EncryptedText, HouseRow, Model, UtcDateTime, Versioned, choice_column
from foyer.leaving.models import Exit
from foyer.residences.models import Staff
from foyer.residents.models import Resident


class ContactKind(StrEnum):
    VISIT = "visit"
    CALL = "call"
    FAMILY = "family"


class ContactState(StrEnum):
    DUE = "due"
    HELD = "held"
    UNREACHABLE = "unreachable"
    DROPPED = "dropped"  # came back, does not wish it, or another ground; with the reason


class Question(StrEnum):
    """The instrument of a contact: how the person fares."""

    HOME = "home"
    FAMILY = "family"
    OCCUPATION = "occupation"
    MONEY = "money"
    HEALTH = "health"
    COMPANY = "company"
    MOOD = "mood"
    SAFETY = "safety"


class Answer(StrEnum):
    WELL = "well"
    MIXED = "mixed"
    HARD = "hard"


class WarningSign(StrEnum):
    """Signs of renewed vulnerability (gejala kerentanan)."""

    NO_HOME = "no_home"
    NO_OCCUPATION = "no_occupation"
    NO_MONEY = "no_money"
    FAMILY_CONFLICT = "family_conflict"
    STREET = "street"
    SUBSTANCES = "substances"
    LAW = "law"
    NO_CONTACT = "no_contact"
    HEALTH = "health"
    EXPLOITED = "exploited"
    VIOLENCE = "violence"
    SELF_HARM = "self_harm"


URGENT = frozenset({WarningSign.EXPLOITED, WarningSign.VIOLENCE, WarningSign.SELF_HARM})


class ResponseOutcome(StrEnum):
    SAFE = "safe"
    HELP_ARRANGED = "help_arranged"
    REFERRED = "referred"
    CAME_BACK = "came_back"
    NOT_FOUND = "not_found"


class StepKind(StrEnum):
    OPENED = "opened"
    TRIED = "tried"  # the clock runs on
    REACHED = "reached"  # somebody spoke with the person: the clock stops
    HANDED_OVER = "handed_over"
    ESCALATED = "escalated"
    CLOSED = "closed"


class AftercareContact(Versioned, Audited, HouseRow, Model):
    """A contact that is due after an exit, or was made beside those. ``months`` after the leaving day; None: made
    without being due. ``answers``: question to answer; what was not spoken of is absent."""

    __tablename__ = "aftercare_contacts"
    __table_args__ = (
        UniqueConstraint("exit_id", "months"),
        Index("ix_aftercare_contacts_residence_id_state_due_on", "residence_id", "state", "due_on"),
        CheckConstraint("state <> 'held' OR (held_on IS NOT NULL AND kind IS NOT NULL)", name="held"),
    )
    __audit_hidden__ = frozenset({"answers", "account", "next_step", "reason"})
    __audit_resident__ = "resident_id"

    id: Mapped[int] = mapped_column(primary_key=True)
    exit_id: Mapped[int] = mapped_column(ForeignKey("exits.id"))
    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id"), index=True)
    stay_id: Mapped[int] = mapped_column(ForeignKey("stays.id"))
    months: Mapped[int | None]
    due_on: Mapped[date]
    state: Mapped[ContactState] = mapped_column(choice_column(ContactState), default=ContactState.DUE)
    held_on: Mapped[date | None]
    kind: Mapped[ContactKind | None] = mapped_column(choice_column(ContactKind))
    answers: Mapped[dict[str, str]] = mapped_column(EncryptedJson, default=dict)
    account: Mapped[str | None] = mapped_column(EncryptedText)
    next_step: Mapped[str | None] = mapped_column(EncryptedText)
    reason: Mapped[str | None] = mapped_column(EncryptedText)  # why it was dropped
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    exit: Mapped[Exit] = relationship()
    resident: Mapped[Resident] = relationship()
    by: Mapped[User | None] = relationship()
    tries: Mapped[list[AftercareTry]] = relationship(back_populates="contact", order_by="AftercareTry.id")


class AftercareTry(Audited, HouseRow, Model):
    """Nobody was reached on this day."""

    __tablename__ = "aftercare_tries"
    __table_args__ = (Index("ix_aftercare_tries_contact_id", "contact_id"),)
    __audit_hidden__ = frozenset({"note"})
    __audit_resident__ = "resident_id"

    id: Mapped[int] = mapped_column(primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("aftercare_contacts.id"))
    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id"), index=True)
    tried_on: Mapped[date]
    kind: Mapped[ContactKind] = mapped_column(choice_column(ContactKind))
    note: Mapped[str | None] = mapped_column(EncryptedText)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    contact: Mapped[AftercareContact] = relationship(back_populates="tries")


class RapidResponse(Versioned, Audited, HouseRow, Model):
    """Somebody must be reached by ``due_at`` (intervensi cepat). The clock is set once and never moved; it stops when
    somebody has spoken with the person. Not answered by then, it is the managers' as well."""

    __tablename__ = "rapid_responses"
    __table_args__ = (
        Index("ix_rapid_responses_residence_id_closed_at", "residence_id", "closed_at"),
        CheckConstraint("(closed_at IS NULL) = (outcome IS NULL)", name="closed"),
        CheckConstraint("opened_at < due_at", name="clock"),
    )
    __audit_hidden__ = frozenset({"signs", "account"})
    __audit_resident__ = "resident_id"

    id: Mapped[int] = mapped_column(primary_key=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id"), index=True)
    stay_id: Mapped[int | None] = mapped_column(ForeignKey("stays.id"))
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("aftercare_contacts.id"))
    signs: Mapped[list[str]] = mapped_column(EncryptedJson, default=list)
    account: Mapped[str | None] = mapped_column(EncryptedText)
    owner_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reached_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    escalated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # by hand, before the clock ran out
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[ResponseOutcome | None] = mapped_column(choice_column(ResponseOutcome))

    resident: Mapped[Resident] = relationship()
    owner: Mapped[Staff] = relationship()
    steps: Mapped[list[ResponseStep]] = relationship(back_populates="response", order_by="ResponseStep.id")

    def is_with_managers(self, now: datetime) -> bool:
        """Whether it is the managers' as well: asked for, or nobody was reached in time."""
        late = self.reached_at is None and now >= self.due_at
        return self.closed_at is None and (self.escalated_at is not None or late)


class ResponseStep(Audited, HouseRow, Model):
    """What was done about a warning sign; added to, never changed."""

    __tablename__ = "response_steps"
    __table_args__ = (Index("ix_response_steps_response_id", "response_id"),)
    __audit_hidden__ = frozenset({"note"})
    __audit_resident__ = "resident_id"

    id: Mapped[int] = mapped_column(primary_key=True)
    response_id: Mapped[int] = mapped_column(ForeignKey("rapid_responses.id"))
    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id"), index=True)
    kind: Mapped[StepKind] = mapped_column(choice_column(StepKind))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))  # to whom it was handed over
    note: Mapped[str | None] = mapped_column(EncryptedText)

    response: Mapped[RapidResponse] = relationship(back_populates="steps")
    by: Mapped[User | None] = relationship()
    staff: Mapped[Staff | None] = relationship()
