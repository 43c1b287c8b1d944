"""The exit of a stay, its checklist, coming back, and how long files are kept."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from foyer.accounts.models import User
from foyer.audit.trail import Audited
from foyer.cycles.decisions import Destination
from foyer.database import EncryptedText, HouseRow, Model, UtcDateTime, Versioned, choice_column
from foyer.residences.models import Staff
from foyer.residents.models import Resident, Stay

USUAL_MONTHS = (1, 3, 6, 12)


class ExitReason(StrEnum):
    """Why a stay ends."""

    COMPLETED = "completed"  # the goals are reached
    WORK = "work"
    SCHOOL = "school"
    FAMILY_ASKED = "family_asked"
    OWN_WISH = "own_wish"
    AGE = "age"
    TRANSFER = "transfer"
    WITHOUT_WORD = "without_word"  # gone without a goodbye
    DIED = "died"
    OTHER = "other"


SUDDEN = frozenset({ExitReason.WITHOUT_WORD, ExitReason.DIED})  # nothing could be prepared


class ExitState(StrEnum):
    PREPARING = "preparing"
    PROPOSED = "proposed"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"


class ExitItemKind(StrEnum):
    """What somebody needs who begins a life outside: nobody leaves without papers, a home or a contact."""

    IDENTITY_CARD = "identity_card"
    FAMILY_CARD = "family_card"
    SCHOOL_PAPERS = "school_papers"
    CERTIFICATES = "certificates"
    HEALTH_COVER = "health_cover"
    HOME = "home"
    TRUSTED_PERSON = "trusted_person"
    OCCUPATION = "occupation"
    SAVINGS = "savings"
    JOURNEY = "journey"
    BELONGINGS = "belongings"
    GOODBYE = "goodbye"


class ItemState(StrEnum):
    OPEN = "open"
    READY = "ready"
    NOT_NEEDED = "not_needed"  # with a reason


class CountsFrom(StrEnum):
    """From which day a file's period of keeping runs."""

    EXIT = "exit"
    BIRTH = "birth"


class LeavingRules(Versioned, Audited, HouseRow, Model):
    """The house's own rules for the time after: in which months contact is due, how fast somebody answers a warning
    sign, how long files are kept and which rule says so. No period is assumed: the law's is to be entered with its
    source (Permensos 11/2016 orders a schedule; its periods are the house's to look up)."""

    __tablename__ = "leaving_rules"
    __table_args__ = (
        UniqueConstraint("residence_id"),
        CheckConstraint("answer_hours BETWEEN 1 AND 336", name="answer_hours"),
        CheckConstraint("urgent_hours BETWEEN 1 AND 72", name="urgent_hours"),
        CheckConstraint("tries BETWEEN 1 AND 20", name="tries"),
        CheckConstraint("keep_years BETWEEN 1 AND 100", name="keep_years"),
        CheckConstraint("keep_years IS NULL OR keep_source <> ''", name="keep_source"),
        CheckConstraint("referral_keep_years BETWEEN 1 AND 100", name="referral_keep_years"),
        CheckConstraint("referral_keep_years IS NULL OR keep_source <> ''", name="referral_keep_source"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contact_months: Mapped[list[int]] = mapped_column(JSON, default=lambda: list(USUAL_MONTHS))
    tries: Mapped[int] = mapped_column(default=3)  # on so many days before somebody counts as not reached
    answer_hours: Mapped[int] = mapped_column(default=24)
    urgent_hours: Mapped[int] = mapped_column(default=4)
    keep_years: Mapped[int | None]
    keep_from: Mapped[CountsFrom] = mapped_column(choice_column(CountsFrom), default=CountsFrom.EXIT)
    keep_source: Mapped[str] = mapped_column(String(300), default="")
    referral_keep_years: Mapped[int | None]  # of people who were never taken in, from the decision on


class Exit(Versioned, Audited, HouseRow, Model):
    """The end of a stay as a decided step (terminasi): prepared, proposed by one person and approved by another.
    ``stay_until`` and ``decisions_before``: how the stay and the roll-over were before the approval, for withdrawing it
    (what ``cycles.rolling.put_back`` takes, by the id of the enrolment)."""

    __tablename__ = "exits"
    __table_args__ = (
        Index(
            "uq_exits_stay_id_standing",
            "stay_id",
            unique=True,
            sqlite_where=text("state <> 'withdrawn'"),
            postgresql_where=text("state <> 'withdrawn'"),
        ),
        Index("ix_exits_residence_id_state", "residence_id", "state"),
        CheckConstraint(
            "state <> 'approved' OR (proposed_by_id IS NOT NULL AND decided_by_id IS NOT NULL"
            " AND proposed_by_id <> decided_by_id)",
            name="second_person",
        ),
        CheckConstraint("state NOT IN ('proposed', 'approved') OR proposed_at IS NOT NULL", name="proposed"),
    )
    __audit_hidden__ = frozenset({"account", "destination_words", "gaps", "decision_words"})
    __audit_resident__ = "resident_id"

    id: Mapped[int] = mapped_column(primary_key=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id"), index=True)
    stay_id: Mapped[int] = mapped_column(ForeignKey("stays.id"), index=True)
    leaves_on: Mapped[date]  # the leaving day is not a night
    reason: Mapped[ExitReason] = mapped_column(choice_column(ExitReason))
    destination: Mapped[Destination] = mapped_column(choice_column(Destination), default=Destination.UNKNOWN)
    destination_words: Mapped[str | None] = mapped_column(EncryptedText)  # with whom, where, which telephone
    account: Mapped[str | None] = mapped_column(EncryptedText)  # how it came to this, and what was agreed
    gaps: Mapped[str | None] = mapped_column(EncryptedText)  # why it is proposed with open points
    aftercare_staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    stay_until: Mapped[date | None]  # when the stay was to end before the approval moved it
    decisions_before: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")
    state: Mapped[ExitState] = mapped_column(choice_column(ExitState), default=ExitState.PREPARING)
    proposed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decision_words: Mapped[str | None] = mapped_column(EncryptedText)
    toolkit: Mapped[str] = mapped_column(String(300), default="")  # what the starter toolkit holds
    toolkit_on: Mapped[date | None]
    toolkit_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    resident: Mapped[Resident] = relationship()
    stay: Mapped[Stay] = relationship()
    aftercare_staff: Mapped[Staff | None] = relationship()
    proposed_by: Mapped[User | None] = relationship(foreign_keys=[proposed_by_id])
    decided_by: Mapped[User | None] = relationship(foreign_keys=[decided_by_id])
    items: Mapped[list[ExitItem]] = relationship(back_populates="exit", order_by="ExitItem.id")


class ExitItem(Versioned, Audited, HouseRow, Model):
    """One point of the readiness checklist."""

    __tablename__ = "exit_items"
    __table_args__ = (UniqueConstraint("exit_id", "kind"),)
    __audit_hidden__ = frozenset({"note"})
    __audit_resident__ = "resident_id"

    id: Mapped[int] = mapped_column(primary_key=True)
    exit_id: Mapped[int] = mapped_column(ForeignKey("exits.id"))
    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id"), index=True)
    kind: Mapped[ExitItemKind] = mapped_column(choice_column(ExitItemKind))
    state: Mapped[ItemState] = mapped_column(choice_column(ItemState), default=ItemState.OPEN)
    note: Mapped[str | None] = mapped_column(EncryptedText)
    answered_on: Mapped[date | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    exit: Mapped[Exit] = relationship(back_populates="items")


class Reentry(Audited, HouseRow, Model):
    """Somebody came back: the new stay, the one before it, and what was decided."""

    __tablename__ = "reentries"
    __table_args__ = (UniqueConstraint("stay_id"),)
    __audit_hidden__ = frozenset({"reason"})
    __audit_resident__ = "resident_id"

    id: Mapped[int] = mapped_column(primary_key=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id"), index=True)
    stay_id: Mapped[int] = mapped_column(ForeignKey("stays.id"))
    previous_stay_id: Mapped[int] = mapped_column(ForeignKey("stays.id"))
    reason: Mapped[str | None] = mapped_column(EncryptedText)
    counsellor_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    decided_on: Mapped[date]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    counsellor: Mapped[Staff | None] = relationship()


class LegalHold(Versioned, Audited, HouseRow, Model):
    """A file that must be kept beyond its period: a court, an investigation, a request of the person."""

    __tablename__ = "legal_holds"
    __table_args__ = (
        CheckConstraint("lifted_on IS NULL OR placed_on <= lifted_on", name="order"),
        Index(
            "uq_legal_holds_resident_id_standing",
            "resident_id",
            unique=True,
            sqlite_where=text("lifted_on IS NULL"),
            postgresql_where=text("lifted_on IS NULL"),
        ),
    )
    __audit_hidden__ = frozenset({"reason", "lifted_reason"})
    __audit_resident__ = "resident_id"

    id: Mapped[int] = mapped_column(primary_key=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id"), index=True)
    reason: Mapped[str] = mapped_column(EncryptedText)
    placed_on: Mapped[date]
    placed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    lifted_on: Mapped[date | None]
    lifted_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    lifted_reason: Mapped[str | None] = mapped_column(EncryptedText)
