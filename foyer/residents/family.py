"""Family and guardians: who they are, how to reach them, and whether reaching them is safe for the resident."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column

from foyer.audit.trail import Audited
from foyer.database import EncryptedText, HouseRow, Model, Versioned, choice_column, db
from foyer.errors import FoyerError
from foyer.records import change_record, flush
from foyer.residents.models import Resident


class Relation(StrEnum):
    """What somebody is to the resident."""

    FATHER = "father"
    MOTHER = "mother"
    STEP_PARENT = "step_parent"
    GRANDPARENT = "grandparent"
    SIBLING = "sibling"
    AUNT_OR_UNCLE = "aunt_or_uncle"
    FOSTER_PARENT = "foster_parent"
    INSTITUTION = "institution"  # another house or an office that holds guardianship
    OTHER = "other"


class ContactSafety(StrEnum):
    """Whether the house may reach out to somebody: a call to the wrong person can put a young person in danger."""

    SAFE = "safe"
    ASK_FIRST = "ask_first"  # ask the resident each time
    NOT_SAFE = "not_safe"


class Relative(Versioned, Audited, HouseRow, Model):
    """Somebody of a resident's family, or a guardian. Ended, never deleted; names and numbers are encrypted."""

    __tablename__ = "relatives"
    __audit_resident__ = "resident_id"
    __audit_hidden__ = frozenset({"full_name", "phone", "address", "note", "safety_reason", "end_reason"})

    id: Mapped[int] = mapped_column(primary_key=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id"), index=True)
    relation: Mapped[Relation] = mapped_column(choice_column(Relation))
    is_guardian: Mapped[bool] = mapped_column(default=False)
    full_name: Mapped[str] = mapped_column(EncryptedText)
    phone: Mapped[str | None] = mapped_column(EncryptedText)
    address: Mapped[str | None] = mapped_column(EncryptedText)
    note: Mapped[str | None] = mapped_column(EncryptedText)
    safety: Mapped[ContactSafety] = mapped_column(choice_column(ContactSafety))
    safety_reason: Mapped[str | None] = mapped_column(EncryptedText)
    ended_on: Mapped[date | None]  # no longer part of the family or guardian from this day on
    end_reason: Mapped[str | None] = mapped_column(EncryptedText)

    @property
    def may_be_asked(self) -> bool:
        """Whether this person may decide for a minor: a guardian today whom it is not dangerous to reach."""
        return self.is_guardian and self.ended_on is None and self.safety is not ContactSafety.NOT_SAFE

    @property
    def may_turn_up(self) -> bool:
        """Whether the house must know this person at the door: family today, or family no more but not free to come: a
        stepfather after the divorce is no less dangerous."""
        return self.ended_on is None or self.safety is not ContactSafety.SAFE


class SafetyReasonMissing(FoyerError):
    """Whoever is not safe to reach, or only after asking, needs a reason for the next colleague to read."""


class EndReasonMissing(FoyerError):
    """Ending an entry needs a reason."""


def relatives_of(resident_id: int) -> Sequence[Relative]:
    """Family and guardians, guardians first, ended ones last."""
    found = db.session.scalars(select(Relative).where(Relative.resident_id == resident_id)).all()
    order = list(Relation)
    return sorted(found, key=lambda one: (one.ended_on is not None, not one.is_guardian, order.index(one.relation)))


def add_relative(resident: Resident, values: Mapping[str, Any]) -> Relative:
    """Add somebody of the family. Raises SafetyReasonMissing."""
    _needs_reason(values)
    relative = Relative(residence_id=resident.residence_id, resident_id=resident.id, **values)
    db.session.add(relative)
    flush()
    return relative


def change_relative(relative: Relative, values: Mapping[str, Any], *, version: int | None) -> None:
    """Change what is known about somebody of the family. Raises SafetyReasonMissing, Stale."""
    _needs_reason(values)
    change_record(relative, values, version=version)


def end_relative(relative: Relative, *, on: date, reason: str, version: int | None) -> None:
    """Say that somebody no longer is guardian or family, from this day on. Raises EndReasonMissing, Stale."""
    if not reason.strip():
        raise EndReasonMissing
    change_record(relative, {"ended_on": on, "end_reason": reason.strip()}, version=version)


def _needs_reason(values: Mapping[str, Any]) -> None:
    if values["safety"] is not ContactSafety.SAFE and not (values.get("safety_reason") or "").strip():
        raise SafetyReasonMissing
