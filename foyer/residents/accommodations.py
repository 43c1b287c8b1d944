"""What a resident with a disability needs to take part (*akomodasi yang layak*): what to do, confirmed by a person on
a day. Health data: encrypted, read by the team; those who teach the resident now read what is marked for them, as
something to do and never as a disability."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Select, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from foyer.accounts.models import User
from foyer.audit.trail import Audited
from foyer.database import EncryptedText, HouseRow, Model, Versioned, db
from foyer.errors import FoyerError
from foyer.records import change_record, flush
from foyer.residences.accommodating import AccommodationKind, accommodation_words
from foyer.residents.models import Resident


class Accommodation(Versioned, Audited, HouseRow, Model):
    """One thing to do for one resident. ``what``: an entry of the house's list or own words; ``how``: more about it,
    for the same readers. It holds until ``ended_on``."""

    __tablename__ = "accommodations"
    __table_args__ = (CheckConstraint("ended_on IS NULL OR ended_on >= from_on", name="order"),)
    __audit_resident__ = "resident_id"
    __audit_hidden__ = frozenset({"what", "how", "end_reason"})

    id: Mapped[int] = mapped_column(primary_key=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id"), index=True)
    what: Mapped[str] = mapped_column(EncryptedText)
    how: Mapped[str | None] = mapped_column(EncryptedText)
    is_for_class: Mapped[bool]  # those who teach the resident read it
    from_on: Mapped[date]
    confirmed_on: Mapped[date]
    confirmed_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    ended_on: Mapped[date | None]
    end_reason: Mapped[str | None] = mapped_column(EncryptedText)

    confirmed_by: Mapped[User] = relationship()

    @property
    def words(self) -> str:
        """What to do, as one sentence."""
        said = accommodation_words(self.what)
        return f"{said}: {self.how}" if self.how else said


class WhatMissing(FoyerError):
    """Neither an entry of the list nor own words say what to do."""


class AlreadyWritten(FoyerError):
    """The same holds for this resident already."""


class AccommodationEnded(FoyerError):
    """It does not hold any more."""


class EndBeforeStart(FoyerError):
    """It cannot end before it began."""


def accommodations_of(resident_id: int) -> Sequence[Accommodation]:
    """Everything that was written down for a resident, what holds first. One query."""
    found = db.session.scalars(
        select(Accommodation)
        .where(Accommodation.resident_id == resident_id)
        .options(joinedload(Accommodation.confirmed_by))
        .order_by(Accommodation.from_on, Accommodation.id)
    ).all()
    return sorted(found, key=lambda row: row.ended_on is not None)


def for_teachers(resident_ids: Collection[int], taught: Select[int] | None) -> dict[int, list[Accommodation]]:
    """What holds for these residents and is marked for those who teach; ``taught``: only residents of this query, None
    for somebody who answers for all. One query."""
    query = select(Accommodation).where(
        Accommodation.resident_id.in_(resident_ids),
        Accommodation.is_for_class.is_(True),
        Accommodation.ended_on.is_(None),
    )
    if taught is not None:
        query = query.where(Accommodation.resident_id.in_(taught))
    found: dict[int, list[Accommodation]] = defaultdict(list)
    for row in db.session.scalars(query.order_by(Accommodation.from_on, Accommodation.id)):
        found[row.resident_id].append(row)
    return found


def need_large_print(resident_ids: Collection[int] | Select[int]) -> set[int]:
    """Those of the residents whose own papers are printed large. One query: what is needed is encrypted, so that it is
    looked through here."""
    rows = db.session.execute(
        select(Accommodation.resident_id, Accommodation.what).where(
            Accommodation.resident_id.in_(resident_ids), Accommodation.ended_on.is_(None)
        )
    )
    return {resident_id for resident_id, what in rows if what == AccommodationKind.LARGE_PRINT}


def write_accommodation(resident: Resident, values: Mapping[str, Any], *, on: date, actor: User) -> Accommodation:
    """Write down what a resident needs; ``values``: what, how, is_for_class. That is its first confirmation. Raises
    WhatMissing, AlreadyWritten."""
    _expect_new(resident.id, values["what"], 0)
    row = Accommodation(
        residence_id=resident.residence_id,
        resident_id=resident.id,
        from_on=on,
        confirmed_on=on,
        confirmed_by_id=actor.id,
        **values,
    )
    db.session.add(row)
    flush()
    return row


def confirm_accommodation(
    row: Accommodation, values: Mapping[str, Any], *, on: date, actor: User, version: int | None
) -> None:
    """Correct it, or leave it as it is: either way somebody looked, and it is right on this day. Raises WhatMissing,
    AlreadyWritten, AccommodationEnded, Stale."""
    if row.ended_on is not None:
        raise AccommodationEnded
    _expect_new(row.resident_id, values["what"], row.id)
    change_record(row, {**values, "confirmed_on": on, "confirmed_by_id": actor.id}, version=version)


def end_accommodation(row: Accommodation, *, on: date, reason: str, version: int | None) -> None:
    """It is needed no more; it stays to be read. Raises AccommodationEnded, EndBeforeStart, Stale."""
    if row.ended_on is not None:
        raise AccommodationEnded
    if on < row.from_on:
        raise EndBeforeStart
    change_record(row, {"ended_on": on, "end_reason": reason.strip() or None}, version=version)


def _expect_new(resident_id: int, what: str, but: int) -> None:
    if not what.strip():
        raise WhatMissing
    others = (row for row in accommodations_of(resident_id) if row.id != but and row.ended_on is None)
    if any(row.what == what for row in others):
        raise AlreadyWritten
