"""What a resident learns beside attendance: competencies, school, certificates, conduct, independence.

Nothing here is deleted: what was wrong is withdrawn with who and why, and stays to be read.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text, true
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from foyer.accounts.models import User
from foyer.audit.trail import Audited
from foyer.database import EncryptedJson, EncryptedText, HouseRow, Model, UtcDateTime, Versioned, choice_column, utc_now
from foyer.residences.models import Trade


class Programme(StrEnum):
    """Schooling beside the trade: the equivalency programmes and formal school."""

    PAKET_A = "paket_a"
    PAKET_B = "paket_b"
    PAKET_C = "paket_c"
    SCHOOL = "school"
    COURSE = "course"


class SchoolState(StrEnum):
    ENROLLED = "enrolled"
    STUDYING = "studying"
    EXAM = "exam"  # registered for the final examination
    PASSED = "passed"
    STOPPED = "stopped"


class Tone(StrEnum):
    """Praise comes first: it is the first answer of the form and the first in every list."""

    PRAISE = "praise"
    CONCERN = "concern"


class ConductArea(StrEnum):
    """What an observation is about. Worship is not among them, on purpose (domain: religious freedom)."""

    EFFORT = "effort"
    PUNCTUALITY = "punctuality"
    COOPERATION = "cooperation"
    RESPONSIBILITY = "responsibility"
    RESPECT = "respect"
    INITIATIVE = "initiative"
    SELF_CARE = "self_care"


class StageItemKind(StrEnum):
    CRITERION = "criterion"
    PRIVILEGE = "privilege"


class Recorded:
    """Who wrote a row, when; and if it turned out wrong, who withdrew it, when and why."""

    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_why: Mapped[str | None] = mapped_column(EncryptedText)

    @declared_attr
    @classmethod
    def recorded_by_id(cls) -> Mapped[int | None]:
        return mapped_column(ForeignKey("users.id"))

    @declared_attr
    @classmethod
    def withdrawn_by_id(cls) -> Mapped[int | None]:
        return mapped_column(ForeignKey("users.id"))

    @declared_attr
    @classmethod
    def recorded_by(cls) -> Mapped[User | None]:
        return relationship(User, foreign_keys=f"{cls.__name__}.recorded_by_id")


class AboutResident:
    """A row about a resident, in one stay."""

    @declared_attr
    @classmethod
    def resident_id(cls) -> Mapped[int]:
        return mapped_column(ForeignKey("residents.id"), index=True)

    @declared_attr
    @classmethod
    def stay_id(cls) -> Mapped[int]:
        return mapped_column(ForeignKey("stays.id"), index=True)


class Competency(Versioned, Audited, HouseRow, Model):
    """Something that whoever learns a trade in this house can do at the end; the house's own list, in its order."""

    __tablename__ = "competencies"
    __table_args__ = (UniqueConstraint("trade_id", "title"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    trade_id: Mapped[int] = mapped_column(ForeignKey("trades.id"))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(160))
    is_active: Mapped[bool] = mapped_column(default=True, server_default=true())

    trade: Mapped[Trade] = relationship()


class CompetencyCheck(Recorded, AboutResident, Audited, HouseRow, Model):
    """An instructor saw that a resident can do it."""

    __tablename__ = "competency_checks"
    __table_args__ = (
        Index(
            "uq_competency_checks_competency_id_standing",
            "competency_id",
            "resident_id",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )
    __audit_hidden__ = frozenset({"withdrawn_why"})
    __audit_resident__ = "resident_id"

    id: Mapped[int] = mapped_column(primary_key=True)
    competency_id: Mapped[int] = mapped_column(ForeignKey("competencies.id"))
    reached_on: Mapped[date]

    competency: Mapped[Competency] = relationship()


class Schooling(Versioned, Recorded, AboutResident, Audited, HouseRow, Model):
    """A school programme in which a resident takes part; how it went is in its steps."""

    __tablename__ = "schoolings"
    __audit_hidden__ = frozenset({"withdrawn_why"})
    __audit_resident__ = "resident_id"

    id: Mapped[int] = mapped_column(primary_key=True)
    programme: Mapped[Programme] = mapped_column(choice_column(Programme))
    provider: Mapped[str] = mapped_column(String(160), default="")  # PKBM, school
    grade: Mapped[str] = mapped_column(String(60), default="")  # class or semester, in the provider's words
    state: Mapped[SchoolState] = mapped_column(choice_column(SchoolState), default=SchoolState.ENROLLED)
    since_on: Mapped[date]

    steps: Mapped[list[SchoolStep]] = relationship(back_populates="schooling", order_by="SchoolStep.id")


class SchoolStep(Audited, HouseRow, AboutResident, Model):
    """Where a resident stood in a school programme from a day on. Added to, never changed."""

    __tablename__ = "school_steps"
    __audit_hidden__ = frozenset({"note"})
    __audit_resident__ = "resident_id"

    id: Mapped[int] = mapped_column(primary_key=True)
    schooling_id: Mapped[int] = mapped_column(ForeignKey("schoolings.id"), index=True)
    on: Mapped[date]
    state: Mapped[SchoolState] = mapped_column(choice_column(SchoolState))
    grade: Mapped[str] = mapped_column(String(60), default="")
    note: Mapped[str | None] = mapped_column(EncryptedText)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    schooling: Mapped[Schooling] = relationship(back_populates="steps")


class EarnedCertificate(Recorded, AboutResident, Audited, HouseRow, Model):
    """A certificate that a resident earned, from whomever. Carries no problem label: only what was learned."""

    __tablename__ = "earned_certificates"
    __audit_hidden__ = frozenset({"withdrawn_why", "number"})
    __audit_resident__ = "resident_id"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    issuer: Mapped[str] = mapped_column(String(160))
    number: Mapped[str | None] = mapped_column(EncryptedText)
    earned_on: Mapped[date]
    trade_id: Mapped[int | None] = mapped_column(ForeignKey("trades.id"))


class ConductNote(Recorded, AboutResident, Audited, HouseRow, Model):
    """What somebody of the staff saw in a resident: praise, or something to talk about. ``is_shared``: the resident
    reads it (praise always; a concern once it was talked over)."""

    __tablename__ = "conduct_notes"
    __table_args__ = (CheckConstraint("tone = 'concern' OR is_shared", name="praise_is_shared"),)
    __audit_hidden__ = frozenset({"withdrawn_why", "words"})
    __audit_resident__ = "resident_id"

    id: Mapped[int] = mapped_column(primary_key=True)
    tone: Mapped[Tone] = mapped_column(choice_column(Tone))
    area: Mapped[ConductArea] = mapped_column(choice_column(ConductArea))
    seen_on: Mapped[date]
    words: Mapped[str] = mapped_column(EncryptedText)
    is_shared: Mapped[bool]


class StageItem(Versioned, Audited, HouseRow, Model):
    """A line of the house's ladder of independence: what a stage asks, or what it allows."""

    __tablename__ = "stage_items"
    __table_args__ = (
        UniqueConstraint("residence_id", "stage", "kind", "title"),
        CheckConstraint("stage BETWEEN 1 AND 4", name="stage"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    stage: Mapped[int]
    kind: Mapped[StageItemKind] = mapped_column(choice_column(StageItemKind))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    is_active: Mapped[bool] = mapped_column(default=True, server_default=true())


class StageReview(Recorded, AboutResident, Audited, HouseRow, Model):
    """A look at a resident's independence stage: from, to, which criteria were met as they read that day
    ([{"title", "met"}]), the evidence, the resident's own words, and when to look again."""

    __tablename__ = "stage_reviews"
    __table_args__ = (
        CheckConstraint("stage_before BETWEEN 1 AND 4 AND stage_after BETWEEN 1 AND 4", name="stages"),
        CheckConstraint("stage_after - stage_before BETWEEN -1 AND 1", name="one_step"),
        CheckConstraint("review_on > held_on", name="order"),
    )
    __audit_hidden__ = frozenset({"withdrawn_why", "criteria", "evidence", "own_words"})
    __audit_resident__ = "resident_id"

    id: Mapped[int] = mapped_column(primary_key=True)
    held_on: Mapped[date]
    stage_before: Mapped[int]
    stage_after: Mapped[int]
    criteria: Mapped[list[dict[str, Any]]] = mapped_column(EncryptedJson, default=list)
    evidence: Mapped[str] = mapped_column(EncryptedText)
    own_words: Mapped[str | None] = mapped_column(EncryptedText)
    review_on: Mapped[date]
