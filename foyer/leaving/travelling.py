"""What goes along when a resident moves to another house: copied row by row, closed by default.

Only tables that ``TRAVELS`` names travel. What a house did (plans, classes, attendance), what was said in confidence
(counselling), what was agreed with this house alone (consent) and what was merely sent (letters) stays with the house
whose it is: docs/decisions/0035. Rows are copied, not moved, because both houses answer for what they knew.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ForeignKey, inspect, select
from sqlalchemy.orm import Mapper

from foyer.database import Base, HouseRow, db
from foyer.records import flush
from foyer.residents.models import Resident, Stay

# By table. A name without a table does nothing; tests/leaving/test_transfers.py holds the list against the tables.
TRAVELS: frozenset[str] = frozenset(
    {
        "aftercare_contacts",
        "aftercare_tries",
        "assessment_scores",
        "assessments",
        "attachments",
        "case_conferences",
        "conference_participants",
        "earned_certificates",
        "exit_items",
        "exits",
        "legal_cases",
        "own_answers",
        "plan_reviews",
        "ppks_marks",
        "reentries",
        "relatives",
        "rpi_agreements",
        "school_steps",
        "schoolings",
        "service_goals",
        "service_plans",
        "service_steps",
        "stage_reviews",
        "stage_steps",
    }
)
_OWN = {"id", "residence_id", "version"}

Ids = dict[str, dict[int, int]]  # by table: the old row's id to the copy's


def copy_person(resident: Resident, residence_id: int) -> Resident:
    """The person's own row in another house, without the account."""
    values = _values(resident, _OWN | {"user_id"})
    copy = Resident(residence_id=residence_id, **values)
    db.session.add(copy)
    flush()
    return copy


def copy_stays(resident: Resident, copy: Resident, sender: str) -> dict[int, int]:
    """The stays so far, as stays elsewhere: the receiving house's file tells them, its beds do not."""
    ids = {}
    for stay in resident.stays:
        values = _values(stay, _OWN | {"resident_id"})
        values["elsewhere"] = stay.elsewhere or sender
        row = Stay(residence_id=copy.residence_id, resident_id=copy.id, **values)
        db.session.add(row)
        flush()
        ids[stay.id] = row.id
    return ids


def copy_records(resident: Resident, copy: Resident, stays: Mapping[int, int]) -> dict[str, int]:
    """Copy every travelling record; gives how many of which table."""
    ids: Ids = {"residents": {resident.id: copy.id}, "stays": dict(stays)}
    counts = {}
    for mapper in travelling():
        made = _copy_table(mapper, resident, copy, ids)
        if made:
            counts[mapper.local_table.description] = made
    return counts


def travelling() -> list[Mapper[Any]]:
    """The mappers of all travelling tables, those on which others stand first."""
    by_table = {mapper.local_table: mapper for mapper in Base.registry.mappers}
    return [by_table[table] for table in Base.metadata.sorted_tables if table.name in TRAVELS and table in by_table]


def _copy_table(mapper: Mapper[Any], resident: Resident, copy: Resident, ids: Ids) -> int:
    kind = mapper.class_
    rows = db.session.scalars(select(kind).where(kind.resident_id == resident.id).order_by(kind.id)).all()
    known = ids.setdefault(mapper.local_table.description, {})
    for row in rows:
        values = _led(mapper, _values(row, _OWN), ids)
        if values is None:
            continue
        made = kind(residence_id=copy.residence_id, **values)
        db.session.add(made)
        flush()
        known[row.id] = made.id
    return len(known)


def _led(mapper: Mapper[Any], values: dict[str, Any], ids: Ids) -> dict[str, Any] | None:
    """The values with every link to a row of the old house led to its copy, or cut; None where a needed one is not
    there."""
    for attribute in mapper.column_attrs:
        column = attribute.columns[0]
        target = _house_table(column.foreign_keys)
        if target is None or attribute.key not in values or values[attribute.key] is None:
            continue
        led = ids.get(target, {}).get(values[attribute.key])
        if led is None and not column.nullable:
            return None
        values[attribute.key] = led
    return values


def _house_table(keys: Iterable[ForeignKey]) -> str | None:
    """The table of a house that a column points to."""
    house_tables = {m.local_table.description for m in Base.registry.mappers if issubclass(m.class_, HouseRow)}
    return next((str(key.column.table.name) for key in keys if key.column.table.name in house_tables), None)


def _values(row: Any, without: set[str]) -> dict[str, Any]:
    """Every column of a row by attribute; what is encrypted comes out and goes in again encrypted."""
    return {a.key: getattr(row, a.key) for a in inspect(row).mapper.column_attrs if a.key not in without}
