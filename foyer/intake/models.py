from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from foyer.audit.trail import Audited
from foyer.database import EncryptedJson, EncryptedText, HouseRow, Model, UtcDateTime, Versioned, choice_column, utc_now
from foyer.residences.models import Gender, Staff
from foyer.residents.models import EducationLevel, Resident, Stay


class AgencyKind(StrEnum):
    """What kind of sender or partner an agency is."""

    SOCIAL = "social"
    VILLAGE = "village"
    EDUCATION = "education"
    HEALTH = "health"
    POLICE = "police"
    CORRECTIONS = "corrections"
    REGISTRY = "registry"
    LABOUR = "labour"
    CARE_HOME = "care_home"
    COMMUNITY = "community"
    FAMILY = "family"
    OWN = "own"  # the house's own outreach
    OTHER = "other"


class ServiceLevel(StrEnum):
    """How far a service reaches: prevention, outreach to those at risk, response to those harmed."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    TERTIARY = "tertiary"


class ReferralState(StrEnum):
    """Where a referral stands. ``waiting`` is accepted with a place on the waiting list."""

    RECEIVED = "received"
    ACCEPTED = "accepted"
    WAITING = "waiting"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"  # by the sender, the family or the youth
    ADMITTED = "admitted"


OPEN = frozenset({ReferralState.RECEIVED, ReferralState.ACCEPTED, ReferralState.WAITING})
CLOSED = frozenset({ReferralState.REFUSED, ReferralState.WITHDRAWN})


class RefusalGround(StrEnum):
    """Why a referral is refused, as it is counted; the reason in words stands beside it."""

    AGE = "age"
    FULL = "full"
    OTHER_SERVICE = "other_service"
    NOT_WILLING = "not_willing"
    OUTSIDE_AREA = "outside_area"
    OTHER = "other"


class WaitsFor(StrEnum):
    """What somebody on the waiting list waits for."""

    BED = "bed"
    NEXT_CYCLE = "next_cycle"
    TRADE = "trade"
    PAPERS = "papers"
    HEALTH = "health"
    GUARDIAN = "guardian"
    OTHER = "other"


class AnswerKind(StrEnum):
    """What a sender is told."""

    RECEIPT = "receipt"
    DECISION = "decision"
    OUTCOME = "outcome"


class AnswerWay(StrEnum):
    """How it was told."""

    MESSENGER = "messenger"
    EMAIL = "email"
    LETTER = "letter"
    PHONE = "phone"
    IN_PERSON = "in_person"


class OutreachKind(StrEnum):
    """Where the house met somebody."""

    HOME = "home"
    STREET = "street"
    SCHOOL = "school"
    VILLAGE_OFFICE = "village_office"
    MEETING = "meeting"
    PHONE = "phone"
    ONLINE = "online"


class Agency(Versioned, Audited, HouseRow, Model):
    """Who refers youths to the house or receives its answer."""

    __tablename__ = "agencies"
    __table_args__ = (UniqueConstraint("residence_id", "name_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(160))
    name_key: Mapped[str] = mapped_column(String(160))
    kind: Mapped[AgencyKind] = mapped_column(choice_column(AgencyKind))
    contact: Mapped[str] = mapped_column(String(200), default="")  # of the office, not of a youth
    is_active: Mapped[bool] = mapped_column(default=True)


class Referral(Versioned, Audited, HouseRow, Model):
    """Somebody is sent, or comes, to the house. Until the admission there is no file of a resident: what is known of
    the person stands here. ``resident_id``: who it turned out to be, before or with the admission."""

    __tablename__ = "referrals"
    __table_args__ = (
        UniqueConstraint("residence_id", "year", "number"),
        CheckConstraint("state <> 'refused' OR ground IS NOT NULL", name="ground"),
        CheckConstraint("state <> 'waiting' OR (waits_for IS NOT NULL AND waits_since IS NOT NULL)", name="waiting"),
        CheckConstraint("state <> 'admitted' OR resident_id IS NOT NULL", name="admitted"),
        Index("ix_referrals_residence_id_state", "residence_id", "state"),
        Index("ix_referrals_residence_id_name_key", "residence_id", "name_key"),
    )
    __audit_resident__ = "resident_id"
    __audit_hidden__ = frozenset({"nik", "nik_digest", "reason", "needs", "contact", "decision_reason", "kept_because"})

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    number: Mapped[int]  # 1, 2, 3 within the year: the register's number, free of names
    resident_id: Mapped[int | None] = mapped_column(ForeignKey("residents.id"), index=True)
    stay_id: Mapped[int | None] = mapped_column(ForeignKey("stays.id"), index=True)  # that the admission began
    state: Mapped[ReferralState] = mapped_column(choice_column(ReferralState), default=ReferralState.RECEIVED)
    # Who is sent.
    full_name: Mapped[str] = mapped_column(String(200))
    name_key: Mapped[str] = mapped_column(String(200))
    gender: Mapped[Gender] = mapped_column(choice_column(Gender))
    born_on: Mapped[date | None]
    nik: Mapped[str | None] = mapped_column(EncryptedText)
    nik_digest: Mapped[str | None] = mapped_column(String(64), index=True)
    education_level: Mapped[EducationLevel | None] = mapped_column(choice_column(EducationLevel))
    contact: Mapped[str | None] = mapped_column(EncryptedText)  # how the youth or the family is reached
    is_restricted: Mapped[bool] = mapped_column(default=False, server_default=false())  # see Resident.is_restricted
    # Who sends, and why.
    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"), index=True)
    sender_name: Mapped[str] = mapped_column(String(160), default="")
    sender_reference: Mapped[str] = mapped_column(String(80), default="")  # number of the agency's letter
    received_on: Mapped[date]
    answer_by: Mapped[date | None]
    level: Mapped[ServiceLevel] = mapped_column(choice_column(ServiceLevel))
    reason: Mapped[str] = mapped_column(EncryptedText)
    needs: Mapped[list[str]] = mapped_column(EncryptedJson, default=list)  # codes as of Stay.needs
    responsible_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), index=True)
    # What was decided.
    decided_on: Mapped[date | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    ground: Mapped[RefusalGround | None] = mapped_column(choice_column(RefusalGround))
    decision_reason: Mapped[str | None] = mapped_column(EncryptedText)
    waits_for: Mapped[WaitsFor | None] = mapped_column(choice_column(WaitsFor))
    waits_since: Mapped[date | None]
    expected_on: Mapped[date | None]
    is_urgent: Mapped[bool] = mapped_column(default=False, server_default=false())
    registered_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    kept_because: Mapped[str | None] = mapped_column(EncryptedText)  # held beyond the period of keeping
    destroyed_on: Mapped[date | None]  # nobody's since: only what is counted is left

    agency: Mapped[Agency] = relationship()
    responsible: Mapped[Staff | None] = relationship()
    resident: Mapped[Resident | None] = relationship()
    stay: Mapped[Stay | None] = relationship()

    @property
    def code(self) -> str:
        """The number in the register, as it is quoted to the sender: R-2027-012."""
        return f"R-{self.year}-{self.number:03d}"


class ReferralAnswer(Audited, HouseRow, Model):
    """What the sender of a referral was told, word for word. Never changed; what was written down by mistake is taken
    back, and stands there as such."""

    __tablename__ = "referral_answers"
    __audit_resident__ = "resident_id"
    __audit_hidden__ = frozenset({"body"})

    id: Mapped[int] = mapped_column(primary_key=True)
    referral_id: Mapped[int] = mapped_column(ForeignKey("referrals.id"), index=True)
    resident_id: Mapped[int | None] = mapped_column(ForeignKey("residents.id"), index=True)
    kind: Mapped[AnswerKind] = mapped_column(choice_column(AnswerKind))
    way: Mapped[AnswerWay] = mapped_column(choice_column(AnswerWay))
    body: Mapped[str] = mapped_column(EncryptedText)
    sent_on: Mapped[date]
    sent_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    referral: Mapped[Referral] = relationship()


class OutreachContact(Versioned, Audited, HouseRow, Model):
    """Somebody of the house went out or was called: where, with whom, how many were reached; perhaps about one
    referral. ``next_on``: the next contact is due; done with ``closed_on``."""

    __tablename__ = "outreach_contacts"
    __table_args__ = (
        CheckConstraint("reached >= 0", name="reached"),
        Index("ix_outreach_contacts_residence_id_met_on", "residence_id", "met_on"),
    )
    __audit_resident__ = "resident_id"
    __audit_hidden__ = frozenset({"note"})

    id: Mapped[int] = mapped_column(primary_key=True)
    referral_id: Mapped[int | None] = mapped_column(ForeignKey("referrals.id"), index=True)
    resident_id: Mapped[int | None] = mapped_column(ForeignKey("residents.id"), index=True)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), index=True)
    met_on: Mapped[date]
    kind: Mapped[OutreachKind] = mapped_column(choice_column(OutreachKind))
    area: Mapped[str] = mapped_column(String(120), default="")  # kelurahan or desa
    partners: Mapped[str] = mapped_column(String(200), default="")  # village staff, school, ...
    reached: Mapped[int] = mapped_column(default=1)
    note: Mapped[str | None] = mapped_column(EncryptedText)
    next_on: Mapped[date | None]
    closed_on: Mapped[date | None]

    referral: Mapped[Referral | None] = relationship()
    staff: Mapped[Staff | None] = relationship()


class DistinctPair(Audited, HouseRow, Model):
    """Somebody looked: these two files are of two people. ``resident_id`` is the lower id."""

    __tablename__ = "distinct_pairs"
    __table_args__ = (
        UniqueConstraint("resident_id", "other_id"),
        CheckConstraint("resident_id < other_id", name="order"),
    )
    __audit_resident__ = "resident_id"

    id: Mapped[int] = mapped_column(primary_key=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id"))
    other_id: Mapped[int] = mapped_column(ForeignKey("residents.id"), index=True)
    said_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))


class Merge(Versioned, Audited, HouseRow, Model):
    """Two files of one person became one: ``resident_id`` holds everything now, ``gone_id`` is out of sight. ``moved``
    is what undoing needs: every changed value as JSON, see ``foyer.intake.merging``."""

    __tablename__ = "merges"
    __table_args__ = (CheckConstraint("resident_id <> gone_id", name="two_files"),)
    __audit_resident__ = "resident_id"
    __audit_hidden__ = frozenset({"reason", "moved"})

    id: Mapped[int] = mapped_column(primary_key=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id"), index=True)
    gone_id: Mapped[int] = mapped_column(ForeignKey("residents.id"), index=True)
    merged_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    merged_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    reason: Mapped[str | None] = mapped_column(EncryptedText)
    moved: Mapped[str] = mapped_column(EncryptedText)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    resident: Mapped[Resident] = relationship(foreign_keys=[resident_id])
    gone: Mapped[Resident] = relationship(foreign_keys=[gone_id])
