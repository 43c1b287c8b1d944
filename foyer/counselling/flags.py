"""Flags: what the team should have in mind about a resident, with a priority and a last day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import case, select
from sqlalchemy.orm import defer, joinedload

from foyer.caseload.desk import Desk
from foyer.counselling.models import FlagKind, FlagPriority, ResidentFlag
from foyer.database import db
from foyer.errors import FoyerError, NotFound, expect_version
from foyer.records import change_record, flush
from foyer.residents.models import Resident, Stay

LONGEST_DAYS = 120  # a flag that nobody looks at again says nothing: one cycle at most

_ORDER = case({FlagPriority.HIGH: 0, FlagPriority.NORMAL: 1, FlagPriority.LOW: 2}, value=ResidentFlag.priority, else_=3)


class FlagTooLong(FoyerError):
    """A flag ends within ``LONGEST_DAYS`` of today, and not before."""


def set_flag(
    desk: Desk,
    resident: Resident,
    *,
    kind: FlagKind,
    priority: FlagPriority,
    text: str,
    until_on: date,
    stay: Stay | None = None,
) -> ResidentFlag:
    """Ask the team to have something in mind from today to a last day. Raises FlagTooLong."""
    _expect_span(desk, until_on)
    flag = ResidentFlag(
        residence_id=resident.residence_id,
        resident_id=resident.id,
        stay_id=stay.id if stay else None,
        kind=kind,
        priority=priority,
        text=text,
        from_on=desk.today,
        until_on=until_on,
        set_by_id=desk.actor.id,
    )
    db.session.add(flag)
    flush()
    return flag


def change_flag(
    desk: Desk, flag: ResidentFlag, *, priority: FlagPriority, text: str, until_on: date, version: int | None
) -> None:
    """Renew a flag, or say it better. Raises FlagTooLong, Stale."""
    _expect_span(desk, until_on)
    change_record(flag, {"priority": priority, "text": text, "until_on": until_on}, version=version)


def end_flag(desk: Desk, flag: ResidentFlag, *, version: int | None = None) -> None:
    """The flag is no longer needed. A second time changes nothing. Raises Stale."""
    expect_version(flag, version)
    if flag.ended_on is None:
        change_record(flag, {"ended_on": desk.today, "ended_by_id": desk.actor.id})


def _expect_span(desk: Desk, until_on: date) -> None:
    if not 0 <= (until_on - desk.today).days <= LONGEST_DAYS:
        raise FlagTooLong()


def get_flag(resident_id: int, flag_id: int) -> ResidentFlag:
    """A flag of this resident. Raises NotFound."""
    found = db.session.scalar(
        select(ResidentFlag).where(ResidentFlag.id == flag_id, ResidentFlag.resident_id == resident_id)
    )
    if found is None:
        raise NotFound("flag")
    return found


def flags_of(resident_id: int) -> Sequence[ResidentFlag]:
    """Every flag of a resident, those that hold first."""
    return db.session.scalars(
        select(ResidentFlag)
        .where(ResidentFlag.resident_id == resident_id)
        .options(joinedload(ResidentFlag.set_by))
        .order_by(ResidentFlag.ended_on.is_not(None), ResidentFlag.until_on.desc(), _ORDER, ResidentFlag.id.desc())
    ).all()


def holds(flag: ResidentFlag, today: date) -> bool:
    """Whether a flag counts on a day: begun, not over, not ended."""
    return flag.ended_on is None and flag.from_on <= today <= flag.until_on


def flags_today(desk: Desk, resident_ids: Any) -> dict[int, list[ResidentFlag]]:
    """The flags that hold today, by resident, the most important first; their texts are not read. One query."""
    rows = db.session.scalars(
        select(ResidentFlag)
        .options(defer(ResidentFlag.text))
        .where(
            ResidentFlag.resident_id.in_(resident_ids),
            ResidentFlag.ended_on.is_(None),
            ResidentFlag.from_on <= desk.today,
            ResidentFlag.until_on >= desk.today,
        )
        .order_by(_ORDER, ResidentFlag.until_on, ResidentFlag.id)
    )
    found: dict[int, list[ResidentFlag]] = defaultdict(list)
    for row in rows:
        found[row.resident_id].append(row)
    return found
