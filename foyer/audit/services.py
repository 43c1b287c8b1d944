"""Verbs that the net of ``trail`` cannot see: reading, publishing, signing in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from foyer.audit.models import AuditEntry
from foyer.database import db, is_reading, utc_now

LOOKED_OVER = "looked_over"


def act_as(*, actor_id: int | None, residence_id: int | None) -> None:
    """From here on, changes in this session are the actor's, in that house."""
    db.session.info["actor_id"] = actor_id
    db.session.info["residence_id"] = residence_id


def record(
    verb: str,
    subject: Any,
    *,
    resident_id: int | None = None,
    changes: dict[str, Any] | None = None,
) -> None:
    """Write an act of the session's actor into the trail, within the caller's transaction."""
    db.session.add(_entry(verb, subject, resident_id, changes))


def record_reads(subject: Any, resident_ids: Iterable[int]) -> None:
    """As ``record_read``, where what was opened is about several residents: a line for each, written at once."""
    record_readings((subject, resident_id) for resident_id in resident_ids)


def record_readings(readings: Iterable[tuple[Any, int]]) -> None:
    """As ``record_reads``, each a record and the resident whom it is about."""
    _write_reads([_entry("read", subject, resident_id, None) for subject, resident_id in readings])


@dataclass(frozen=True)
class Caseload:
    """What the trail names when somebody saw residents with flags, needs and what is due for them."""

    residence_id: int


@dataclass(frozen=True)
class LettersRegister:
    """What the trail names when somebody saw for whom which letters were written."""

    residence_id: int


def record_looks(subject: Caseload | LettersRegister, resident_ids: Iterable[int], *, time_zone: str) -> None:
    """Write down that the session's actor saw these residents in a list that says more than names: once a day (the
    house's, by the clock) for each reader, list and resident, however often it is opened. At most two statements."""
    wanted = set(resident_ids)
    if not wanted:
        return
    since = utc_now().astimezone(ZoneInfo(time_zone)).replace(hour=0, minute=0, second=0)
    known = select(AuditEntry.resident_id).where(
        AuditEntry.resident_id.in_(wanted),
        AuditEntry.at >= since,
        AuditEntry.verb == LOOKED_OVER,
        AuditEntry.subject_type == type(subject).__name__,
        AuditEntry.actor_id == db.session.info.get("actor_id"),
    )
    new = sorted(wanted - set(db.session.scalars(known)))
    _write_reads([_entry(LOOKED_OVER, subject, resident_id, None) for resident_id in new])


def record_read(subject: Any, *, resident_id: int | None = None) -> None:
    """Write down that the session's actor opened a file; on a page that only reads, in a transaction of its own, since
    such pages commit nothing. A resident may ask to see who read the file (UU PDP 27/2022)."""
    _write_reads([_entry("read", subject, resident_id, None)])


def _write_reads(entries: Sequence[AuditEntry]) -> None:
    if not is_reading():
        db.session.add_all(entries)
        return
    if not entries:
        return
    names = [column.key for column in AuditEntry.__table__.columns if column.key not in ("id", "at")]
    now = utc_now()
    rows = [{**{name: getattr(entry, name) for name in names}, "at": now} for entry in entries]
    with db.engine.begin() as connection:  # deferred on SQLite: this insert takes the write lock, briefly
        connection.execute(AuditEntry.__table__.insert(), rows)  # type: ignore[attr-defined]


def _entry(verb: str, subject: Any, resident_id: int | None, changes: dict[str, Any] | None) -> AuditEntry:
    info = db.session.info
    attribute = getattr(subject, "__audit_resident__", None)
    if resident_id is None and attribute:
        resident_id = getattr(subject, attribute)
    return AuditEntry(
        residence_id=getattr(subject, "residence_id", None) or info.get("residence_id"),
        actor_id=info.get("actor_id"),
        verb=verb,
        subject_type=type(subject).__name__,
        subject_id=getattr(subject, "id", None),
        resident_id=resident_id,
        changes=changes or {},
    )
