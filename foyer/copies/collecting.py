"""A resident's records as they go into a copy: for the machine as plain values, for people in words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext
from sqlalchemy import inspect, select

from foyer.accounts.models import User
from foyer.caseload.desk import Desk
from foyer.caseload.rights import Part
from foyer.copies.labels import LABELS
from foyer.copies.sources import SOURCES, Audience, Source
from foyer.counselling.models import CounsellingSession
from foyer.cycles.models import Cycle
from foyer.database import EncryptedBytes, db
from foyer.formatting import short_date
from foyer.history.fields import SILENT
from foyer.history.subjects import OTHER_SUBJECT, SUBJECTS
from foyer.incidents import labels as _incident_labels  # noqa: F401  the words
from foyer.incidents.models import Incident, IncidentKind, IncidentState, Seriousness
from foyer.intake.models import Agency
from foyer.leaving.aftercare_models import WarningSign
from foyer.residences.accommodating import accommodation_words
from foyer.residences.labels import need_words
from foyer.residences.models import Residence, Staff, Trade
from foyer.residents.accommodations import Accommodation
from foyer.residents.family import Relative
from foyer.residents.models import Resident
from foyer.residents.person_labels import kind_words
from foyer.residents.ppks import PpksMark
from foyer.training.models import ClassRegister
from foyer.training.progress_models import Competency
from foyer.words import words

_NEVER = frozenset({"id", "residence_id", "resident_id", "version", "digest", "travelled", "template_id"}) | SILENT


@dataclass(frozen=True)
class Happened:
    """An incident as a copy tells of it: the day and what it was, nobody else and no words of whoever wrote it down."""

    on: date
    kind: IncidentKind
    seriousness: Seriousness
    state: IncidentState


def _happened(row: Incident) -> Happened:
    zone = ZoneInfo(db.session.get_one(Residence, row.residence_id).time_zone)
    return Happened(row.happened_at.astimezone(zone).date(), row.kind, row.seriousness, row.state)


# What a foreign key is shown as.
_NAMES: dict[str, Callable[[Any], Any]] = {
    "agencies": lambda row: row.name,
    "class_registers": lambda row: row.held_on,
    "competencies": lambda row: row.title,
    "counselling_sessions": lambda row: row.held_on,
    "cycles": lambda row: row.starts_on,
    "incidents": _happened,
    "relatives": lambda row: row.full_name,
    "residences": lambda row: row.name,
    "staff": lambda row: row.full_name,
    "trades": lambda row: row.name,
    "users": lambda row: row.display_name,
}
_NAMED = {kind.__tablename__: kind for kind in (
    Agency, ClassRegister, Competency, CounsellingSession, Cycle, Incident, Relative, Residence, Staff, Trade, User
)}  # fmt: skip


@dataclass
class Record:
    """One record: ``values`` for the machine by column, ``lines`` for people as label and words."""

    kind: str
    title: str
    values: dict[str, Any]
    lines: list[tuple[str, str]]
    below: list[Record] = field(default_factory=list)

    def plain(self) -> dict[str, Any]:
        """The record and those below it, as JSON knows them."""
        found = {"record": self.kind, **self.values}
        return {**found, "below": [each.plain() for each in self.below]} if self.below else found


def collect(desk: Desk, resident: Resident, parts: Iterable[Part], audience: Audience) -> dict[Part, list[Record]]:
    """The records of these parts, in the order of ``Part`` and of ``SOURCES``. One query for each kind of record, and
    one for each kind of thing that they name."""
    wanted = frozenset(parts)
    chosen = [source for source in SOURCES if source.part in wanted]
    rows = {source: _rows(source, resident, audience) for source in chosen}
    names = _names(row for found in rows.values() for row in found)
    made: dict[tuple[str, int], Record] = {}
    found: dict[Part, list[Record]] = {part: [] for part in Part if part in wanted}
    for source in chosen:
        if not _columns(source, audience):
            continue  # all that it says is about others
        for row in rows[source]:
            record = _record(row, source, audience, names)
            above = made.get((_above(source), getattr(row, source.under))) if source.under else None
            if source.under and above is None:
                continue  # of a record that this reader does not get
            (found[source.part] if above is None else above.below).append(record)
            if not source.only:
                made[(row.__tablename__, row.id)] = record
    return found


def _rows(source: Source, resident: Resident, audience: Audience) -> list[Any]:
    model = source.model
    if model is Resident:
        return [resident]
    query = select(model).where(model.resident_id == resident.id).order_by(model.id)
    if source.where is not None:
        query = query.where(source.where)
    if audience is Audience.OWN and source.own is not None:
        query = query.where(source.own)
    return list(db.session.scalars(query).unique())


def _above(source: Source) -> str:
    return _target(source.model, source.under or "") or ""


def _target(model: type[Any], column: str) -> str | None:
    keys = list(model.__table__.columns[column].foreign_keys) if column in model.__table__.columns else []
    keys = [key for key in keys if key.column.name == "id"]  # keys of several columns name their row once
    return keys[0].column.table.name if keys else None


def _columns(source: Source, audience: Audience) -> list[str]:
    left = set(_NEVER) | ({source.under} if source.under else set())
    left |= source.others if audience is Audience.RESIDENT else set()
    left |= source.others | source.own_hidden if audience is Audience.OWN else set()
    names = []
    for attribute in inspect(source.model).column_attrs:
        column, key = attribute.columns[0], attribute.key
        is_open = key in source.only if source.only else True
        if not is_open or key in left or isinstance(column.type, EncryptedBytes):
            continue
        if column.foreign_keys and _target(source.model, key) not in _NAMES:
            continue
        names.append(key)
    return names


def _names(rows: Iterable[Any]) -> dict[tuple[str, int], Any]:
    """What is behind the foreign keys of these rows."""
    ids: dict[str, set[int]] = defaultdict(set)
    for row in rows:
        for column in type(row).__table__.columns:
            target = _target(type(row), column.name)
            if target in _NAMES and isinstance(value := getattr(row, column.name), int):
                ids[str(target)].add(value)
    found: dict[tuple[str, int], Any] = {}
    for table, wanted in ids.items():
        kind: Any = _NAMED[table]
        for each in db.session.scalars(select(kind).where(kind.id.in_(wanted))).unique():
            found[(table, each.id)] = _NAMES[table](each)
    return found


def _record(row: Any, source: Source, audience: Audience, names: dict[tuple[str, int], Any]) -> Record:
    values: dict[str, Any] = {}
    lines: list[tuple[str, str]] = []
    for key in _columns(source, audience):
        value = getattr(row, key)
        target = _target(source.model, key)
        if target and value is not None:
            value = names.get((target, value))
        if value in (None, "", [], {}):
            continue
        values[key] = _plain(value)
        if key in LABELS:
            lines.append((str(LABELS[key]), _shown(row, key, value)))
    title = str(SUBJECTS.get(type(row).__name__, OTHER_SUBJECT))
    return Record(row.__tablename__, title, values, lines)


def _plain(value: Any) -> Any:
    if isinstance(value, Happened):
        return {name: _plain(part) for name, part in vars(value).items()}
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value


def _shown(row: Any, key: str, value: Any) -> str:
    """A value as the reader reads it."""
    if isinstance(value, bool):
        return str(gettext("yes") if value else gettext("no"))
    if isinstance(value, datetime):
        return short_date(value.date())
    if isinstance(value, date):
        return short_date(value)
    if isinstance(value, Happened):
        return f"{short_date(value.on)}: " + "; ".join(
            words(each) for each in (value.kind, value.seriousness, value.state)
        )
    if key == "needs":
        return ", ".join(str(need_words(code)) for code in value)
    if key == "signs":
        return ", ".join(words(WarningSign(code)) for code in value)
    if isinstance(row, PpksMark) and key == "code":
        return kind_words(value)  # a name of the house's own stands in its own line
    if isinstance(row, Accommodation) and key == "what":
        return accommodation_words(value)
    if isinstance(value, list):
        return ", ".join(str(each) for each in value)
    return words(value)
