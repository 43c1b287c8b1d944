from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint, false, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from foyer.audit.trail import Audited
from foyer.database import HouseRow, Model, Versioned, choice_column
from foyer.residences.terms import TERMS


class Gender(StrEnum):
    FEMALE = "female"
    MALE = "male"


class ResidentWord(StrEnum):
    """The house's own word for the youths who live in it."""

    WARGA_BINAAN = "warga_binaan"
    PENERIMA_MANFAAT = "penerima_manfaat"
    PENGHUNI = "penghuni"


class StaffKind(StrEnum):
    MANAGER = "manager"
    COUNSELLOR = "counsellor"
    INSTRUCTOR = "instructor"
    TUTOR = "tutor"
    CARER = "carer"
    OTHER = "other"


class RoomPolicy(StrEnum):
    """Who may live in a room. ``same``: one gender on any night, whichever it is."""

    FEMALE = "female"
    MALE = "male"
    SAME = "same"


class BlockKind(StrEnum):
    ACTIVITY = "activity"
    PROTECTED = "protected"


class VariantKind(StrEnum):
    """Why the house keeps other hours on some dates."""

    RAMADAN = "ramadan"
    EXAMS = "exams"
    OTHER = "other"


def _own_word(term: str) -> Any:
    """What a house says for a term, as a field of the house: kept among its ``words``."""

    def read(house: Residence) -> str:
        return (house.words or {}).get(term, TERMS[term].usual)

    def choose(house: Residence, word: str) -> None:
        house.words = {**(house.words or {}), term: word}

    return property(read, choose)


class Residence(Versioned, Audited, Model):
    """A house: the tenant. Every row that belongs to it carries its id."""

    __tablename__ = "residences"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    time_zone: Mapped[str] = mapped_column(String(60), default="Asia/Jakarta")
    resident_word: Mapped[ResidentWord] = mapped_column(choice_column(ResidentWord), default=ResidentWord.WARGA_BINAAN)
    youngest_age: Mapped[int] = mapped_column(default=15)
    oldest_age: Mapped[int] = mapped_column(default=21)
    appointment_minutes: Mapped[int] = mapped_column(default=45)
    appointment_every_weeks: Mapped[int] = mapped_column(default=2)
    weights: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # changed weights of wishes, by name
    words: Mapped[dict[str, str]] = mapped_column(JSON, default=dict, server_default="{}")  # own ones, by term
    facilities: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")  # see residences.minimum
    accommodations: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")  # see .accommodating
    registers: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")  # kept: keys of books.BOOKS
    needs_approval: Mapped[bool] = mapped_column(
        default=False, server_default=false()
    )  # a second person before publishing
    # How long the house may take to stop a use after consent was taken back, and where that is written: the law is
    # known to us at second hand (UU 27/2022, three times twenty-four hours), so both are the house's to correct.
    withdrawal_hours: Mapped[int] = mapped_column(default=72, server_default="72")
    withdrawal_source: Mapped[str] = mapped_column(String(200), default="UU 27/2022", server_default="UU 27/2022")
    # How long the house may take to answer what somebody asks about the own file, and where that is written.
    answer_hours: Mapped[int] = mapped_column(default=72, server_default="72")
    answer_source: Mapped[str] = mapped_column(String(200), default="UU 27/2022", server_default="UU 27/2022")
    # What the privacy page says: who answers for the data before the law, and who is asked about them. "": not named.
    responsible: Mapped[str] = mapped_column(String(200), default="", server_default="")
    privacy_officer: Mapped[str] = mapped_column(String(200), default="", server_default="")
    privacy_contact: Mapped[str] = mapped_column(String(300), default="", server_default="")

    english_resident_word = _own_word("english_resident_word")
    counsellor_word = _own_word("counsellor_word")
    instructor_word = _own_word("instructor_word")
    cycle_word = _own_word("cycle_word")
    wing_word = _own_word("wing_word")
    house_word = _own_word("house_word")


class Staff(Versioned, Audited, HouseRow, Model):
    __tablename__ = "staff"
    __table_args__ = (UniqueConstraint("residence_id", "kind", "name_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), unique=True)
    full_name: Mapped[str] = mapped_column(String(200))
    name_key: Mapped[str] = mapped_column(String(200))  # folded, to match names across sheets
    kind: Mapped[StaffKind] = mapped_column(choice_column(StaffKind))
    gender: Mapped[Gender | None] = mapped_column(choice_column(Gender))
    skills: Mapped[list[str]] = mapped_column(JSON, default=list)  # codes: trauma, abh, addiction, family, ...
    most_residents: Mapped[int | None]  # caseload at most, counsellors only
    is_active: Mapped[bool] = mapped_column(default=True)

    unavailabilities: Mapped[list[StaffUnavailability]] = relationship(
        back_populates="staff", cascade="all, delete-orphan", order_by="StaffUnavailability.weekday"
    )
    trades: Mapped[list[InstructorTrade]] = relationship(cascade="all, delete-orphan", order_by="InstructorTrade.id")


class StaffUnavailability(Audited, HouseRow, Model):
    """Hours of the week in which a member of staff is not to be had, in minutes after midnight."""

    __tablename__ = "staff_unavailabilities"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("start_minute < end_minute", name="order"),
        UniqueConstraint("staff_id", "weekday", "start_minute"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    weekday: Mapped[int]
    start_minute: Mapped[int] = mapped_column(default=0)
    end_minute: Mapped[int] = mapped_column(default=1440)

    staff: Mapped[Staff] = relationship(back_populates="unavailabilities")


class Trade(Versioned, Audited, HouseRow, Model):
    """A vocational skill that the house teaches. ``aliases`` are other spellings, folded; ``description`` is what
    residents read before they choose, in the house's own words."""

    __tablename__ = "trades"
    __table_args__ = (UniqueConstraint("residence_id", "name_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    name_key: Mapped[str] = mapped_column(String(120))
    aliases: Mapped[list[str]] = mapped_column(JSON, default=list)
    description: Mapped[str] = mapped_column(String(400), default="", server_default="")
    is_active: Mapped[bool] = mapped_column(default=True, server_default=true())  # taught at present


class InstructorTrade(Audited, HouseRow, Model):
    """A trade that an instructor is qualified to teach, until the certificate's last day (None: no end)."""

    __tablename__ = "instructor_trades"
    __table_args__ = (UniqueConstraint("staff_id", "trade_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    trade_id: Mapped[int] = mapped_column(ForeignKey("trades.id"))
    until_on: Mapped[date | None]

    trade: Mapped[Trade] = relationship()

    def holds_on(self, day: date) -> bool:
        """Whether the qualification is valid on a day."""
        return self.until_on is None or day <= self.until_on


class Room(Versioned, Audited, HouseRow, Model):
    __tablename__ = "rooms"
    __table_args__ = (
        UniqueConstraint("residence_id", "code"),
        CheckConstraint("beds BETWEEN 1 AND 60", name="beds"),
        CheckConstraint("minimum_stage BETWEEN 1 AND 4", name="minimum_stage"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40))
    wing: Mapped[str] = mapped_column(String(80), default="")
    beds: Mapped[int]
    policy: Mapped[RoomPolicy] = mapped_column(choice_column(RoomPolicy))
    minimum_stage: Mapped[int] = mapped_column(default=1)
    is_accessible: Mapped[bool] = mapped_column(default=False)
    is_reserve: Mapped[bool] = mapped_column(default=False)  # sick room: planned only when nothing else is left
    ended_on: Mapped[date | None]  # the house gave it up: nobody sleeps there from this night on; what was stays

    outages: Mapped[list[RoomOutage]] = relationship(
        back_populates="room", cascade="all, delete-orphan", order_by="RoomOutage.from_on"
    )

    def is_ended(self, night: date) -> bool:
        """Whether the house has given the room up by a night."""
        return self.ended_on is not None and self.ended_on <= night

    def is_shut(self, night: date) -> bool:
        """Whether nobody can sleep there on a night: given up, or out of service."""
        return self.is_ended(night) or any(outage.holds_on(night) for outage in self.outages)


class RoomOutage(Audited, HouseRow, Model):
    """Nights ``[from_on, until_on)`` on which a room is out of service; no end: until somebody ends it."""

    __tablename__ = "room_outages"
    __table_args__ = (CheckConstraint("until_on IS NULL OR from_on IS NULL OR from_on < until_on", name="order"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("rooms.id"))
    from_on: Mapped[date | None]
    until_on: Mapped[date | None]
    reason: Mapped[str] = mapped_column(String(300), default="")

    room: Mapped[Room] = relationship(back_populates="outages")

    def holds_on(self, night: date) -> bool:
        """Whether the room is out of service on a night."""
        return (self.from_on is None or self.from_on <= night) and (self.until_on is None or night < self.until_on)


class Venue(Versioned, Audited, HouseRow, Model):
    """A workshop, classroom, kitchen: where a group meets."""

    __tablename__ = "venues"
    __table_args__ = (UniqueConstraint("residence_id", "name_key"),)
    __audit_hidden__ = frozenset({"calendar_token_digest"})

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    name_key: Mapped[str] = mapped_column(String(120))
    seats: Mapped[int | None]
    is_active: Mapped[bool] = mapped_column(default=True, server_default=true())  # in use at present
    calendar_token_digest: Mapped[str | None] = mapped_column(String(64), unique=True)  # of its calendar address


class GridBlock(Versioned, Audited, HouseRow, Model):
    """One block of the house's day. Protected blocks (prayer, meals, rest) stay free of sessions."""

    __tablename__ = "grid_blocks"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("start_minute >= 0 AND start_minute < end_minute AND end_minute <= 1440", name="order"),
        UniqueConstraint("residence_id", "weekday", "start_minute"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    weekday: Mapped[int]
    start_minute: Mapped[int]
    end_minute: Mapped[int]
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[BlockKind] = mapped_column(choice_column(BlockKind))


class Holiday(Versioned, Audited, HouseRow, Model):
    """A day without sessions. Seeded from the public calendar; rows are the house's to change."""

    __tablename__ = "holidays"
    __table_args__ = (UniqueConstraint("residence_id", "on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    on: Mapped[date]
    name: Mapped[str] = mapped_column(String(200))


class DayVariant(Versioned, Audited, HouseRow, Model):
    """Dates on which the house keeps other hours: Ramadan, exam weeks. ``hours`` say block by block what becomes of the
    usual day: {"days": weekdays, "usual": [start, end] or None for a block that only these dates have, "hours": [start,
    end] or None where it falls out, "name": its name on these dates or ""}, in minutes after midnight. A block that no
    entry names stays as usual. ``omits``: kinds of sessions that fall out (class, education, appointment)."""

    __tablename__ = "day_variants"
    __table_args__ = (CheckConstraint("from_on <= to_on", name="order"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[VariantKind] = mapped_column(choice_column(VariantKind))
    name: Mapped[str] = mapped_column(String(120))
    from_on: Mapped[date]
    to_on: Mapped[date]  # the last day
    hours: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    omits: Mapped[list[str]] = mapped_column(JSON, default=list)

    def covers(self, day: date) -> bool:
        return self.from_on <= day <= self.to_on
