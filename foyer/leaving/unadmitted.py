"""Referrals and outreach of people who were never taken in: no file of a resident keeps them, and the house's schedule
reaches them by a period of their own. Tables are named, not imported: intake stands beside this package."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from foyer.database import Base, db
from foyer.leaving.aftercare import months_after
from foyer.leaving.models import LeavingRules

_CLOSED = ("refused", "withdrawn")


@dataclass(frozen=True)
class Reached:
    """What the schedule reaches: of referrals and of outreach that belongs to none, how many, and from the first day to
    the last on which they were received, decided or made (None: nothing is reached)."""

    referrals: int
    contacts: int
    first_on: date | None
    last_on: date | None

    def __bool__(self) -> bool:
        return bool(self.referrals or self.contacts)


def kept_since(rules: LeavingRules, today: date) -> date | None:
    """What was closed before this day is kept no longer; None where the house laid down no period."""
    return months_after(today, -12 * rules.referral_keep_years) if rules.referral_keep_years else None


def closed_before(before: date) -> ColumnElement[bool]:
    """Referrals closed before that day, about nobody who has a file; the held ones too."""
    rows = Base.metadata.tables["referrals"].c
    return and_(
        rows.resident_id.is_(None),
        rows.state.in_(_CLOSED),
        rows.decided_on < before,
        rows.destroyed_on.is_(None),
    )


def referrals_before(before: date) -> ColumnElement[bool]:
    """The same without those that are held."""
    return and_(closed_before(before), Base.metadata.tables["referrals"].c.kept_because.is_(None))


def contacts_before(before: date) -> ColumnElement[bool]:
    """Outreach about no referral and nobody who has a file, that waits for nothing and says something."""
    rows = Base.metadata.tables["outreach_contacts"].c
    return and_(
        rows.resident_id.is_(None),
        rows.referral_id.is_(None),
        rows.met_on < before,
        or_(rows.next_on.is_(None), rows.closed_on.is_not(None)),
        or_(rows.note.is_not(None), rows.partners != ""),
    )


def reached_before(residence_id: int, before: date) -> Reached:
    """What two people would destroy today. Two queries."""
    referrals, contacts = (Base.metadata.tables[name] for name in ("referrals", "outreach_contacts"))
    counted = _counted(referrals, referrals_before(before), residence_id, "received_on", "decided_on")
    met = _counted(contacts, contacts_before(before), residence_id, "met_on", "met_on")
    days = [day for day in (*counted[1:], *met[1:]) if day is not None]
    return Reached(counted[0], met[0], min(days, default=None), max(days, default=None))


def _counted(
    table: Any, which: ColumnElement[bool], residence_id: int, first: str, last: str
) -> tuple[int, date | None, date | None]:
    query = select(func.count(), func.min(table.c[first]), func.max(table.c[last]))
    row = db.session.execute(query.select_from(table).where(which, table.c.residence_id == residence_id)).one()
    return row[0], row[1], row[2]


def ids_before(residence_id: int, before: date) -> tuple[Sequence[int], Sequence[int]]:
    """The referrals and the outreach that belongs to none. Two queries."""
    found = []
    for name, which in (("referrals", referrals_before(before)), ("outreach_contacts", contacts_before(before))):
        table = Base.metadata.tables[name]
        query = select(table.c.id).where(which, table.c.residence_id == residence_id)
        found.append(db.session.connection().scalars(query).all())
    return found[0], found[1]
