"""How long files are kept: what falls due by the house's own schedule, and what a legal hold keeps longer.

Nothing is destroyed here. The list says what the schedule says; destroying a file is an act of its own, by two people:
see ``destroying``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from foyer.accounts.models import User
from foyer.database import db
from foyer.errors import FoyerError, expect_version
from foyer.leaving.aftercare import months_after
from foyer.leaving.destruction_models import Destruction, DestructionState
from foyer.leaving.models import CountsFrom, LeavingRules, LegalHold
from foyer.records import change_record, flush
from foyer.residents.models import Resident, Stay, in_sight

PAGE_SIZE = 40


class ReasonMissing(FoyerError):
    """A hold is placed and lifted with a reason."""


class HeldAlready(FoyerError):
    """The file is held already."""


class NotHeld(FoyerError):
    """The file is not held."""


@dataclass(frozen=True)
class KeptFile:
    """A closed file: since when, until when it is kept (None: the house states no period), and the hold."""

    resident: Resident
    left_on: date
    keep_until: date | None
    hold: LegalHold | None
    is_proposed: bool = False  # to be destroyed, and waits for the second person

    def is_due(self, today: date) -> bool:
        """Whether its period is over and nothing holds it."""
        return self.hold is None and self.keep_until is not None and self.keep_until <= today


@dataclass(frozen=True)
class KeptPage:
    rows: Sequence[KeptFile]
    total: int
    page: int
    pages: int


def keep_until(rules: LeavingRules, resident: Resident, left_on: date) -> date | None:
    """The first day on which the schedule does not ask for the file any more."""
    if rules.keep_years is None:
        return None
    return months_after(resident.born_on if rules.keep_from is CountsFrom.BIRTH else left_on, 12 * rules.keep_years)


def list_kept(rules: LeavingRules, *, today: date, page: int) -> KeptPage:
    """The files of those who have left for good, in the order in which the schedule reaches them. Two queries."""
    left = (
        select(Stay.resident_id, func.max(Stay.leaves_on).label("left_on"))
        .group_by(Stay.resident_id)
        .having(func.max(Stay.leaves_on) <= today)
        .subquery()
    )
    first = Resident.born_on if rules.keep_from is CountsFrom.BIRTH else left.c.left_on
    query = (
        select(Resident, left.c.left_on, LegalHold, Destruction.id)
        .join(left, left.c.resident_id == Resident.id)
        .outerjoin(LegalHold, (LegalHold.resident_id == Resident.id) & LegalHold.lifted_on.is_(None))
        .outerjoin(
            Destruction,
            (Destruction.resident_id == Resident.id) & (Destruction.state == DestructionState.PROPOSED),
        )
        .where(in_sight())
    )
    total = db.session.scalar(select(func.count()).select_from(query.with_only_columns(Resident.id).subquery())) or 0
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(max(1, page), pages)
    found = db.session.execute(query.order_by(first, Resident.id).limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE))
    rows = [
        KeptFile(resident, day, keep_until(rules, resident, day), hold, proposed is not None)
        for resident, day, hold, proposed in found
    ]
    return KeptPage(rows, total, page, pages)


def standing_hold(resident_id: int) -> LegalHold | None:
    """The hold on a file."""
    return db.session.scalar(
        select(LegalHold).where(LegalHold.resident_id == resident_id, LegalHold.lifted_on.is_(None))
    )


def place_hold(resident: Resident, *, reason: str, today: date, actor: User) -> LegalHold:
    """Keep a file beyond its period. Raises ReasonMissing, HeldAlready."""
    if not reason.strip():
        raise ReasonMissing
    if standing_hold(resident.id) is not None:
        raise HeldAlready
    row = LegalHold(
        residence_id=resident.residence_id,
        resident_id=resident.id,
        reason=reason.strip(),
        placed_on=today,
        placed_by_id=actor.id,
    )
    db.session.add(row)
    flush()
    return row


def lift_hold(row: LegalHold, *, reason: str, today: date, actor: User, version: int | None) -> None:
    """The hold ends; the schedule counts again. Raises ReasonMissing, NotHeld, Stale."""
    expect_version(row, version)
    if row.lifted_on is not None:
        raise NotHeld
    if not reason.strip():
        raise ReasonMissing
    values = {"lifted_on": today, "lifted_by_id": actor.id, "lifted_reason": reason.strip()}
    change_record(row, values, version=version)
