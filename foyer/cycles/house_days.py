"""What the house's calendar says about dates: no sessions on holidays, other hours on the dates of a variant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from foyer.database import db
from foyer.residences.models import DayVariant, Holiday
from foyer.residences.variants import BlockChange, Hours, changes_of, moved


@dataclass(frozen=True)
class HouseDays:
    """The dates on which the weekly pattern does not hold as it is."""

    holidays: Mapping[date, str]
    variants: Sequence[tuple[DayVariant, tuple[BlockChange, ...]]] = ()

    def changes_on(self, day: date) -> tuple[BlockChange, ...]:
        """What becomes of the usual blocks on a day."""
        return next((changes for variant, changes in self.variants if variant.covers(day)), ())

    def variant_on(self, day: date) -> DayVariant | None:
        """The variant whose hours hold on a day."""
        return next((variant for variant, _changes in self.variants if variant.covers(day)), None)

    def hours_on(self, day: date, kind: str, hours: Hours) -> list[Hours]:
        """When a session of this kind, of these hours in the pattern, takes place on a day: its stretches, usually one;
        none on a holiday or where a variant lets it fall out."""
        if day in self.holidays:
            return []
        variant = self.variant_on(day)
        if variant is None:
            return [hours]
        return [] if kind in variant.omits else moved(self.changes_on(day), day.weekday(), hours)


def house_days(residence_id: int, first: date, last: date) -> HouseDays:
    """The house's calendar from ``first`` to ``last``. Two queries."""
    variants = db.session.scalars(
        select(DayVariant)
        .where(DayVariant.residence_id == residence_id, DayVariant.from_on <= last, DayVariant.to_on >= first)
        .order_by(DayVariant.from_on)
    )
    return HouseDays(
        holidays_between(residence_id, first, last), [(variant, changes_of(variant)) for variant in variants]
    )


def holidays_between(residence_id: int, first: date, last: date) -> dict[date, str]:
    """The house's days without sessions, by date."""
    rows = db.session.scalars(
        select(Holiday)
        .where(Holiday.residence_id == residence_id, Holiday.on.between(first, last))
        .order_by(Holiday.on)
    )
    return {row.on: row.name for row in rows}
