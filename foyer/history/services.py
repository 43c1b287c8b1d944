"""The trail of one resident, read from the append-only entries of this house."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext
from sqlalchemy import Enum, Select, func, select
from sqlalchemy.orm import Mapper

from foyer.accounts.models import Role, User
from foyer.audit.models import AuditEntry
from foyer.audit.trail import HIDDEN
from foyer.caseload.desk import Desk
from foyer.database import Base, db
from foyer.formatting import short_date
from foyer.history.subjects import FIELDS, OTHER_SUBJECT, OTHER_VERB, SILENT, STAFF_FIELDS, SUBJECTS, VERBS
from foyer.residences.models import Staff
from foyer.residents.models import Resident
from foyer.words import words

PAGE_SIZE = 50
READING = ("read", "exported")  # whoever took a copy has read what is in it
_LONGEST = 120


@dataclass(frozen=True)
class Change:
    """One field: its label, and the old and new value as people read them (none: only that it changed)."""

    label: str
    old: str | None
    new: str | None


@dataclass(frozen=True)
class Line:
    """One act: when, who, what with which record; ``others`` counts details without a name."""

    at: datetime
    who: str
    role: str
    verb: str
    subject: str
    changes: Sequence[Change] = ()
    others: int = 0


@dataclass
class Reading:
    """Who opened a file on a day, how often, and which parts of it."""

    day: date
    who: str
    role: str
    times: int = 0
    parts: list[str] = field(default_factory=list)


def trail_of(desk: Desk, resident: Resident, what: str, page: int) -> tuple[list[Line], int, int, int]:
    """A page of what was done with a file, newest first: ``what`` is ``changes``, ``reads`` or ``all``. Lines, how many
    in all, the page, how many pages. Three queries."""
    query = _entries(desk, resident, what)
    total = db.session.scalar(select(func.count()).select_from(query.with_only_columns(AuditEntry.id).subquery())) or 0
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(max(1, page), pages)
    rows = db.session.execute(
        query.order_by(AuditEntry.at.desc(), AuditEntry.id.desc()).limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)
    ).all()
    names = _staff_names(entry for entry, _name, _role in rows)
    zone = ZoneInfo(desk.residence.time_zone)
    return [_line(entry, name, role, names, zone) for entry, name, role in rows], total, page, pages


def readers_of(desk: Desk, resident: Resident, *, days: int = 200) -> list[Reading]:
    """Who opened the file, by day and person, newest first; the resident's own readings are left out. One query."""
    rows = db.session.execute(
        _entries(desk, resident, "reads")
        .where(AuditEntry.actor_id != resident.user_id if resident.user_id else AuditEntry.actor_id.is_not(None))
        .order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
        .limit(days * 10)
    )
    zone = ZoneInfo(desk.residence.time_zone)
    found: dict[tuple[date, int | None], Reading] = {}
    for entry, name, role in rows:
        day = entry.at.astimezone(zone).date()
        reading = found.setdefault((day, entry.actor_id), Reading(day, name or "–", _role(role)))
        reading.times += 1
        part = _subject(entry.subject_type)
        if part not in reading.parts:
            reading.parts.append(part)
    return list(found.values())[:days]


def _entries(desk: Desk, resident: Resident, what: str) -> Select[AuditEntry, str, Role]:
    query = (
        select(AuditEntry, User.display_name, User.role)
        .outerjoin(User, User.id == AuditEntry.actor_id)
        .where(AuditEntry.resident_id == resident.id, AuditEntry.residence_id == desk.residence.id)
    )
    if what == "reads":
        return query.where(AuditEntry.verb.in_(READING))
    return query.where(AuditEntry.verb.not_in(READING)) if what == "changes" else query


def _line(entry: AuditEntry, name: str | None, role: Role | None, staff: dict[int, str], zone: ZoneInfo) -> Line:
    columns = _columns().get(entry.subject_type, {})
    changes, others = [], 0
    for key, (old, new) in entry.changes.items() if entry.changes else ():
        if key in SILENT or (key.endswith("_id") and key not in STAFF_FIELDS):
            continue
        label = FIELDS.get(key)
        if label is None:
            others += 1
        elif HIDDEN in (old, new):
            changes.append(Change(str(label), None, None))
        else:
            changes.append(Change(str(label), _shown(key, old, columns, staff), _shown(key, new, columns, staff)))
    return Line(
        entry.at.astimezone(zone),
        name or gettext("Foyer itself"),
        _role(role),
        str(VERBS.get(entry.verb, OTHER_VERB)),
        _subject(entry.subject_type),
        changes,
        others,
    )


def _shown(key: str, value: Any, columns: dict[str, Any], staff: dict[int, str]) -> str | None:
    """A value of the trail as a person reads it."""
    if value in (None, "", [], {}):
        return "–"
    if key in STAFF_FIELDS:
        return staff.get(int(value), "–")
    if isinstance(value, bool):
        return str(gettext("yes") if value else gettext("no"))
    kind: Any = getattr(columns.get(key), "enum_class", None)
    if kind is not None:
        return str(words(kind(value))) if value in {member.value for member in kind} else None
    if isinstance(value, list | dict):
        return None
    if key.endswith(("_on", "_at")):
        return short_date(datetime.fromisoformat(str(value)).date())
    text = str(value)
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"


def _staff_names(entries: Iterable[AuditEntry]) -> dict[int, str]:
    ids = {
        value
        for entry in entries
        for key, pair in (entry.changes or {}).items()
        if key in STAFF_FIELDS
        for value in pair
        if isinstance(value, int)
    }
    if not ids:
        return {}
    rows = db.session.execute(select(Staff.id, Staff.full_name).where(Staff.id.in_(ids)))
    return {id_: name for id_, name in rows}  # noqa: C416  rows are no pairs to dict()


def _columns() -> dict[str, dict[str, Enum]]:
    """The enumerations behind the columns of every model, by class and field."""
    if not _KNOWN:
        mapper: Mapper[Any]
        for mapper in Base.registry.mappers:
            for attribute in mapper.column_attrs:
                kind = attribute.columns[0].type
                if isinstance(kind, Enum):
                    _KNOWN[mapper.class_.__name__][attribute.key] = kind
    return _KNOWN


_KNOWN: dict[str, dict[str, Enum]] = defaultdict(dict)


def _subject(subject_type: str) -> str:
    return str(SUBJECTS.get(subject_type, OTHER_SUBJECT))


def _role(role: Role | None) -> str:
    return words(role) if role else ""
