"""Consent: for which purpose, by whom, on which ground, until when; and what follows when somebody takes it back.

UU 27/2022 (PDP) art. 25: a child's data need the consent of a parent or guardian; beside it the child is asked as well.
From the 18th birthday on the resident alone decides and is asked anew. Where no guardian is to be had, or the guardian
is the danger, the ground is another one (art. 20), with its reason: never a consent that nobody gave.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from foyer.audit.trail import Audited
from foyer.database import EncryptedText, HouseRow, Model, UtcDateTime, Versioned, choice_column, utc_now
from foyer.residents.family import Relation

ADULT = 18  # years


class Purpose(StrEnum):
    """What a resident's data are used for. Each is asked by itself."""

    CARE = "care"  # the file itself and the services of the house
    HEALTH = "health"  # told to Puskesmas, hospital, psychologist
    PARTNERS = "partners"  # told to schools, training places, employers
    PHOTO = "photo"  # a photo in the file
    PUBLICITY = "publicity"  # pictures and words in publications of the house
    SURVEY = "survey"  # surveys and studies
    DONORS = "donors"  # stories told to donors and companies


NEEDED = (Purpose.CARE, Purpose.HEALTH)  # may stand on another ground than consent; everything else may not


class Ground(StrEnum):
    """Why data may be used (UU 27/2022 art. 20)."""

    CONSENT = "consent"
    PUBLIC_DUTY = "public_duty"
    LEGAL_DUTY = "legal_duty"
    VITAL_INTEREST = "vital_interest"


class GivenBy(StrEnum):
    """Who answered."""

    GUARDIAN = "guardian"
    RESIDENT = "resident"
    NOBODY = "nobody"  # another ground than consent


class ConsentWay(StrEnum):
    """How the answer was given."""

    SIGNED = "signed"
    MESSAGE = "message"
    SPOKEN = "spoken"


class Consent(Versioned, Audited, HouseRow, Model):
    """One answer about one purpose. A new answer is a new row; the newest counts. ``stop_by``: by when the use must
    have ended after it was taken back."""

    __tablename__ = "consents"
    __table_args__ = (
        CheckConstraint("(ground = 'consent') = (given_by <> 'nobody')", name="somebody"),
        CheckConstraint("(withdrawn_at IS NULL) = (stop_by IS NULL)", name="withdrawal"),
        CheckConstraint("until_on IS NULL OR until_on >= given_on", name="order"),
        Index("ix_consents_resident_id_purpose", "resident_id", "purpose"),
    )
    __audit_resident__ = "resident_id"
    __audit_hidden__ = frozenset({"giver_name", "ground_reason", "withdrawn_by", "withdraw_note", "stop_note"})

    id: Mapped[int] = mapped_column(primary_key=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id"))
    purpose: Mapped[Purpose] = mapped_column(choice_column(Purpose))
    is_given: Mapped[bool]
    ground: Mapped[Ground] = mapped_column(choice_column(Ground), default=Ground.CONSENT)
    ground_reason: Mapped[str | None] = mapped_column(EncryptedText)
    given_by: Mapped[GivenBy] = mapped_column(choice_column(GivenBy))
    relative_id: Mapped[int | None] = mapped_column(ForeignKey("relatives.id"))
    giver_name: Mapped[str | None] = mapped_column(EncryptedText)  # as it was on that day
    relation: Mapped[Relation | None] = mapped_column(choice_column(Relation))
    way: Mapped[ConsentWay | None] = mapped_column(choice_column(ConsentWay))
    given_on: Mapped[date]
    until_on: Mapped[date | None]  # the last day on which it holds
    assents: Mapped[bool | None]  # whether the minor agrees; None: not a minor, or another ground
    proof_id: Mapped[int | None] = mapped_column(ForeignKey("attachments.id"))
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_by: Mapped[str | None] = mapped_column(EncryptedText)
    withdraw_note: Mapped[str | None] = mapped_column(EncryptedText)
    stop_by: Mapped[datetime | None] = mapped_column(UtcDateTime)
    stopped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    stopped_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    stop_note: Mapped[str | None] = mapped_column(EncryptedText)
