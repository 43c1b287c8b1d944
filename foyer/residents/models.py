from __future__ import annotations

from datetime import date
from enum import StrEnum

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    and_,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from foyer.audit.trail import Audited
from foyer.database import EncryptedChoice, EncryptedJson, EncryptedText, HouseRow, Model, Versioned, choice_column
from foyer.residences.models import Gender


class NikState(StrEnum):
    """Whether the resident has an identity number. ``none_yet`` is a state with a task, not an error."""

    GIVEN = "given"
    NONE_YET = "none_yet"


class IdentityCard(StrEnum):
    """Which identity card the resident holds: KIA below 17, KTP from then on."""

    NONE_YET = "none_yet"
    KIA = "kia"
    KTP = "ktp"


class DtsenStatus(StrEnum):
    """Where the national social data (DTSEN, Inpres 4/2025) stand for the resident. Nothing is ever ranked by it."""

    PROPOSED = "proposed"
    VERIFIED = "verified"
    NOT_LISTED = "not_listed"


class EducationLevel(StrEnum):
    """Last education. Ordered: see ``education_rank``."""

    SD_UNFINISHED = "sd_unfinished"
    SD = "sd"
    SMP = "smp"
    SMA_10 = "sma_10"
    SMA_11 = "sma_11"
    SMK = "smk"
    SMA = "sma"


def education_rank(level: EducationLevel) -> int:
    """Years' order of the levels, for rules such as "at least SMP"."""
    return list(EducationLevel).index(level)


class Resident(Versioned, Audited, HouseRow, Model):
    """The person. One person, many stays; ``residence_id`` is the house that holds the file now."""

    __tablename__ = "residents"
    __table_args__ = (
        Index("ix_residents_residence_id_name_key", "residence_id", "name_key"),
        UniqueConstraint("residence_id", "nik_digest"),
    )
    __audit_hidden__ = frozenset(
        {"nik", "nik_digest", "religion", "identity_card", "family_card", "home_address", "dtsen", "restriction_reason"}
    )
    __audit_resident__ = "id"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), unique=True)
    full_name: Mapped[str] = mapped_column(String(200))
    name_key: Mapped[str] = mapped_column(String(200))
    gender: Mapped[Gender] = mapped_column(choice_column(Gender))
    born_on: Mapped[date]
    birth_place: Mapped[str] = mapped_column(String(120), default="")
    religion: Mapped[str] = mapped_column(EncryptedText, default="")
    nik: Mapped[str | None] = mapped_column(EncryptedText)
    nik_digest: Mapped[str | None] = mapped_column(String(64))
    nik_state: Mapped[NikState] = mapped_column(choice_column(NikState), default=NikState.NONE_YET)
    merged_into_id: Mapped[int | None] = mapped_column(
        ForeignKey("residents.id"), index=True
    )  # out of sight, see merges
    is_restricted: Mapped[bool] = mapped_column(default=False, server_default=false())  # see ``naming.name_for``

    restriction_reason: Mapped[str | None] = mapped_column(EncryptedText)
    called: Mapped[str] = mapped_column(String(60), default="", server_default="")  # what people call the resident
    identity_card: Mapped[IdentityCard | None] = mapped_column(EncryptedChoice(IdentityCard))
    family_card: Mapped[str | None] = mapped_column(EncryptedText)  # number of the KK
    home_address: Mapped[str | None] = mapped_column(EncryptedText)
    dtsen: Mapped[DtsenStatus | None] = mapped_column(EncryptedChoice(DtsenStatus))

    destroyed_on: Mapped[date | None]  # the period was over: nothing of the person is left, see leaving.destroying

    stays: Mapped[list[Stay]] = relationship(back_populates="resident", order_by="Stay.arrives_on")

    @property
    def is_in_sight(self) -> bool:
        """Whether there is a file to open: not merged into another one, not destroyed."""
        return self.merged_into_id is None and self.destroyed_on is None


def in_sight() -> ColumnElement[bool]:
    """Of a query: files that can be opened, as ``Resident.is_in_sight``."""
    return and_(Resident.merged_into_id.is_(None), Resident.destroyed_on.is_(None))


class Stay(Versioned, Audited, HouseRow, Model):
    """A resident's time in the house, ``[arrives_on, leaves_on)``, and the facts that the planner needs."""

    __tablename__ = "stays"
    __table_args__ = (
        CheckConstraint("arrives_on < leaves_on", name="order"),
        CheckConstraint("independence_stage BETWEEN 1 AND 4", name="independence_stage"),
        UniqueConstraint("resident_id", "arrives_on"),
    )
    __audit_hidden__ = frozenset({"needs"})  # health and criminal law: the trail can never forget them
    __audit_resident__ = "resident_id"

    id: Mapped[int] = mapped_column(primary_key=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id"), index=True)
    arrives_on: Mapped[date]
    leaves_on: Mapped[date]  # planned; the leaving day is not a night
    independence_stage: Mapped[int] = mapped_column(default=1)
    education_level: Mapped[EducationLevel] = mapped_column(choice_column(EducationLevel))
    # Codes: trauma, abh, addiction, family, wheelchair.
    needs: Mapped[list[str]] = mapped_column(EncryptedJson, default=list)
    # Hours of the week outside the house: [weekday, start_minute, end_minute], for instance formal school.
    outside_hours: Mapped[list[list[int]]] = mapped_column(JSON, default=list)
    # The other house in which this stay was: known here from a transfer, in no bed and no cycle of this house.
    elsewhere: Mapped[str | None] = mapped_column(String(200))

    resident: Mapped[Resident] = relationship(back_populates="stays")


class KeepApart(Versioned, Audited, HouseRow, Model):
    """Two residents whom the plan keeps apart; the reason is encrypted. ``resident_a_id`` is the lower."""

    __tablename__ = "keep_apart_pairs"
    __table_args__ = (
        CheckConstraint("resident_a_id < resident_b_id", name="order"),
        UniqueConstraint("resident_a_id", "resident_b_id"),
    )
    __audit_hidden__ = frozenset({"reason"})

    id: Mapped[int] = mapped_column(primary_key=True)
    resident_a_id: Mapped[int] = mapped_column(ForeignKey("residents.id"))
    resident_b_id: Mapped[int] = mapped_column(ForeignKey("residents.id"))
    in_room: Mapped[bool] = mapped_column(default=True)
    in_class: Mapped[bool] = mapped_column(default=False)
    until_on: Mapped[date | None]  # last day apart; None: no end
    reason: Mapped[str | None] = mapped_column(EncryptedText)

    resident_a: Mapped[Resident] = relationship(foreign_keys=[resident_a_id])
    resident_b: Mapped[Resident] = relationship(foreign_keys=[resident_b_id])
