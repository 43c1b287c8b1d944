"""What the registers hold. An entry is never changed in what it says and never deleted: it is struck through, with the
reason, and written anew. What comes later (who left, what was handed back) is added to it once."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, false
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from foyer.accounts.models import User
from foyer.audit.trail import Audited
from foyer.database import EncryptedChoice, EncryptedText, HouseRow, Model, UtcDateTime, choice_column
from foyer.residences.models import Staff
from foyer.residents.family import Relative
from foyer.residents.models import Resident


class MedicineOutcome(StrEnum):
    """What became of a dose."""

    GIVEN = "given"
    REFUSED = "refused"
    LEFT = "left"  # not taken: away, asleep, forgotten


class Acknowledged(StrEnum):
    """How the resident said that it is so."""

    OWN = "own"  # on the own page
    PAPER = "paper"  # signed on the printed sheet, says whoever wrote it down


class Entry:
    """A line of a register: when it happened, who wrote it down, and by whom and why it was struck through."""

    at: Mapped[datetime] = mapped_column(UtcDateTime)
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    note: Mapped[str | None] = mapped_column(EncryptedText)
    struck_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    struck_why: Mapped[str | None] = mapped_column(EncryptedText)

    @declared_attr
    @classmethod
    def written_by_id(cls) -> Mapped[int]:
        return mapped_column(ForeignKey("users.id"))

    @declared_attr
    @classmethod
    def struck_by_id(cls) -> Mapped[int | None]:
        return mapped_column(ForeignKey("users.id"))

    @declared_attr
    @classmethod
    def written_by(cls) -> Mapped[User]:
        return relationship(foreign_keys=f"{cls.__name__}.written_by_id")

    @declared_attr
    @classmethod
    def struck_by(cls) -> Mapped[User | None]:
        return relationship(foreign_keys=f"{cls.__name__}.struck_by_id")


class AboutResident(Entry):
    """A line about one resident."""

    @declared_attr
    @classmethod
    def resident_id(cls) -> Mapped[int]:
        return mapped_column(ForeignKey("residents.id"), index=True)

    @declared_attr
    @classmethod
    def resident(cls) -> Mapped[Resident]:
        return relationship()


def _table_args(name: str, *more: Any) -> tuple[Any, ...]:
    return (
        Index(f"ix_{name}_residence_id_at", "residence_id", "at"),
        CheckConstraint("(struck_at IS NULL) = (struck_by_id IS NULL)", name="struck"),
        *more,
    )


class Visit(AboutResident, Audited, HouseRow, Model):
    """Somebody came to see a resident: of the recorded family, or somebody else. Whoever was turned away stands here as
    well."""

    __tablename__ = "visits"
    __table_args__ = _table_args("visits", CheckConstraint("left_at IS NULL OR left_at >= at", name="order"))
    __audit_resident__ = "resident_id"
    __audit_hidden__ = frozenset({"visitor", "relation", "note", "struck_why"})

    id: Mapped[int] = mapped_column(primary_key=True)
    relative_id: Mapped[int | None] = mapped_column(ForeignKey("relatives.id"))
    visitor: Mapped[str] = mapped_column(EncryptedText)
    relation: Mapped[str | None] = mapped_column(EncryptedText)  # in words, of whoever is not of the recorded family
    is_identified: Mapped[bool] = mapped_column(default=False)  # showed a card with name and picture
    is_turned_away: Mapped[bool] = mapped_column(default=False)
    left_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))  # who received the visitor

    relative: Mapped[Relative | None] = relationship()
    staff: Mapped[Staff | None] = relationship()


class MedicineDose(AboutResident, Audited, HouseRow, Model):
    """A dose of a medicine that was due, and what became of it: health data, encrypted."""

    __tablename__ = "medicine_doses"
    __table_args__ = _table_args("medicine_doses")
    __audit_resident__ = "resident_id"
    __audit_hidden__ = frozenset({"medicine", "dose", "outcome", "note", "struck_why"})

    id: Mapped[int] = mapped_column(primary_key=True)
    medicine: Mapped[str] = mapped_column(EncryptedText)
    dose: Mapped[str] = mapped_column(EncryptedText)
    outcome: Mapped[MedicineOutcome | None] = mapped_column(EncryptedChoice(MedicineOutcome))  # None: erased
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))  # who gave or offered it

    staff: Mapped[Staff | None] = relationship()


class Valuable(AboutResident, Audited, HouseRow, Model):
    """A thing that a resident hands in to be kept, until it is handed back; both sides say so both times."""

    __tablename__ = "valuables"
    __table_args__ = _table_args(
        "valuables",
        CheckConstraint("back_at IS NULL OR back_at >= at", name="order"),
        CheckConstraint("(back_at IS NULL) = (back_by_id IS NULL)", name="back"),
    )
    __audit_resident__ = "resident_id"
    __audit_hidden__ = frozenset({"thing", "kept_where", "back_to", "note", "struck_why"})

    id: Mapped[int] = mapped_column(primary_key=True)
    thing: Mapped[str] = mapped_column(EncryptedText)
    kept_where: Mapped[str | None] = mapped_column(EncryptedText)
    in_acknowledged: Mapped[Acknowledged | None] = mapped_column(choice_column(Acknowledged, "in_acknowledged"))
    back_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    back_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    back_to: Mapped[str | None] = mapped_column(EncryptedText)  # somebody else than the resident
    back_acknowledged: Mapped[Acknowledged | None] = mapped_column(choice_column(Acknowledged, "back_acknowledged"))

    # Of a resident who moves to another house of ours: a line in each house, this one's and the other's. Who sends says
    # that it went (``back_at``), who receives that it came (``received_at``); ``other_side_at``: the other house did.
    is_from_other: Mapped[bool] = mapped_column(default=False, server_default=false())  # the line of who receives
    other_house: Mapped[str | None] = mapped_column(String(200))
    other_house_id: Mapped[int | None] = mapped_column(ForeignKey("residences.id"))
    other_line_id: Mapped[int | None] = mapped_column(ForeignKey("valuables.id"))
    other_side_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    received_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    received_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    back_by: Mapped[User | None] = relationship(foreign_keys=[back_by_id])

    @property
    def is_awaited(self) -> bool:
        """Whether the other house still has it, as far as this one knows."""
        return self.is_from_other and self.received_at is None


class Duty(Entry, Audited, HouseRow, Model):
    """Who was really on duty from ``at`` until ``until_at``, and who had been planned."""

    __tablename__ = "duties"
    __table_args__ = _table_args("duties", CheckConstraint("until_at > at", name="order"))
    __audit_hidden__ = frozenset({"note", "struck_why"})

    id: Mapped[int] = mapped_column(primary_key=True)
    until_at: Mapped[datetime] = mapped_column(UtcDateTime)
    post: Mapped[str] = mapped_column(String(120), default="")  # wing, gate, night
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    planned_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))  # None: nobody was

    staff: Mapped[Staff] = relationship(foreign_keys=[staff_id])
    planned: Mapped[Staff | None] = relationship(foreign_keys=[planned_id])
