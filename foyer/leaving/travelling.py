"""What goes along when a resident moves to another house: copied row by row, closed by default.

Only tables that ``TRAVELS`` names travel. What a house did (plans, classes, attendance), what was said in confidence
(counselling), what was agreed with this house alone (consent) and what was merely sent (letters) stays with the house
whose it is; what of it the new house must know is told on a sheet (``telling``): docs/decisions/0035. Rows are copied,
not moved, because both houses answer for what they knew. What was under way there is over here: ``_AS_HISTORY`` says
how it is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ForeignKey, inspect, select
from sqlalchemy.orm import Mapper

from foyer.database import Base, HouseRow, db
from foyer.records import flush
from foyer.residents.models import NikState, Resident, Stay

# By table. A name without a table does nothing; tests/leaving/test_transfers.py holds the list against the tables.
TRAVELS: frozenset[str] = frozenset(
    {
        "accommodations",
        "aftercare_contacts",
        "aftercare_tries",
        "assessment_scores",
        "assessments",
        "attachments",
        "case_conferences",
        "conduct_notes",
        "conference_participants",
        "earned_certificates",
        "exit_items",
        "exits",
        "legal_cases",
        "medicine_doses",
        "own_answers",
        "plan_reviews",
        "ppks_marks",
        "reentries",
        "relatives",
        "resident_flags",
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


def copy_person(resident: Resident, residence_id: int, *, with_number: bool = True) -> Resident:
    """The person's own row in another house, without the account; without the identity number where somebody else has
    it there, until it is found out whose it is."""
    values = _values(resident, _OWN | {"user_id"})
    if not with_number:
        values |= {"nik": None, "nik_digest": None, "nik_state": NikState.NONE_YET}
    copy = Resident(residence_id=residence_id, **values)
    db.session.add(copy)
    flush()
    return copy


def copy_stays(resident: Resident, copy: Resident, sender: str) -> dict[int, int]:
    """The stays so far, as stays elsewhere: the receiving house's file tells them, its beds do not. A stay that the
    file tells already (its own, of somebody who comes back) is none anew, and nothing of it is copied."""
    ids = {}
    told = set(db.session.scalars(select(Stay.arrives_on).where(Stay.resident_id == copy.id)))
    for stay in resident.stays:
        if stay.arrives_on in told:
            continue
        values = _values(stay, _OWN | {"resident_id"})
        values["elsewhere"] = stay.elsewhere or sender
        row = Stay(residence_id=copy.residence_id, resident_id=copy.id, **values)
        db.session.add(row)
        flush()
        ids[stay.id] = row.id
    return ids


def copy_records(
    resident: Resident, copy: Resident, stays: Mapping[int, int], *, sender: str, on: date
) -> dict[str, int]:
    """Copy every travelling record of the house called ``sender`` as it stands ``on`` that day; gives how many of which
    table. What the receiving house has word for word, since it went along when somebody left it, is not made twice."""
    ids: Ids = {"residents": {resident.id: copy.id}, "stays": dict(stays)}
    counts = {}
    for mapper in travelling():
        made = _copy_table(mapper, resident, copy, ids, sender, on)
        if made:
            counts[mapper.local_table.description] = made
    return counts


def travelling() -> list[Mapper[Any]]:
    """The mappers of all travelling tables, those on which others stand first."""
    by_table = {mapper.local_table: mapper for mapper in Base.registry.mappers}
    return [by_table[table] for table in Base.metadata.sorted_tables if table.name in TRAVELS and table in by_table]


def _finished(row: Any, values: dict[str, Any], _sender: str, _on: date) -> dict[str, Any] | None:
    """One that was never finished is nobody's word; the new house begins its own."""
    return values if row.finished_at else None


def _over(row: Any, values: dict[str, Any], _sender: str, on: date) -> dict[str, Any]:
    """What both sides agreed to with the other house is over: the new house makes a plan of its own with them."""
    if row.state in ("agreed", "draft"):
        values |= {"state": type(row.state)("ended"), "ended_on": on}
    return values


def _by_others(row: Any, values: dict[str, Any], sender: str, _on: date) -> dict[str, Any]:
    """Who did it there is somebody from outside here."""
    if row.staff is not None:
        values |= {"doer": type(row.doer)("partner"), "title": f"{row.title} ({row.staff.full_name}, {sender})"}
    return values


def _as_guest(row: Any, values: dict[str, Any], sender: str, _on: date) -> dict[str, Any]:
    if row.staff is not None:
        values["guest"] = f"{row.staff.full_name}, {sender}"
    return values


def _with_decisions(row: Any, values: dict[str, Any], _sender: str, _on: date) -> dict[str, Any]:
    """Decisions name who does them, so they stay; what was decided is told."""
    lines = [f"{one.words} – {one.outcome}" if one.outcome else one.words for one in row.decisions]
    if lines:
        values["summary"] = "\n".join([*([row.summary] if row.summary else []), *lines])
    return values


def _still_needed(row: Any, values: dict[str, Any], sender: str, on: date) -> dict[str, Any] | None:
    """What keeps somebody safe or well is needed from the first night on; what else colleagues there had in mind was
    theirs. It keeps its last day: the new house is asked before it whether it still needs it."""
    is_needed = row.kind.value in _NEEDED_FLAGS and row.ended_on is None and row.until_on >= on
    return {**values, "text": f"{row.text} ({sender})"} if is_needed else None


def _still_given(row: Any, values: dict[str, Any], sender: str, on: date) -> dict[str, Any] | None:
    """What was given or offered in the last days before the move: the new house goes on with it, or asks a doctor. Each
    line says in which house it was."""
    if row.struck_at is not None or row.at.date() < on - STILL_GIVEN:
        return None
    return {**values, "note": f"{row.note} ({sender})" if row.note else f"({sender})"}


# A medicine with a line in so many days before the move is one that is still given.
STILL_GIVEN = timedelta(days=14)
# Kinds of flags that go along: foyer.counselling.models.FlagKind.
_NEEDED_FLAGS = frozenset({"safety", "health"})
# By table, how a record of the other house is told where it cannot be the same here; None: it is not.
_AS_HISTORY: dict[str, Callable[[Any, dict[str, Any], str, date], dict[str, Any] | None]] = {
    "assessments": _finished,
    "case_conferences": _with_decisions,
    "conference_participants": _as_guest,
    "medicine_doses": _still_given,
    "resident_flags": _still_needed,
    "service_plans": _over,
    "service_steps": _by_others,
}


def _copy_table(mapper: Mapper[Any], resident: Resident, copy: Resident, ids: Ids, sender: str, on: date) -> int:
    kind = mapper.class_
    told = _AS_HISTORY.get(mapper.local_table.description)
    rows = db.session.scalars(select(kind).where(kind.resident_id == resident.id).order_by(kind.id)).all()
    known = ids.setdefault(mapper.local_table.description, {})
    here = {
        _words_of(mapper, row): row.id for row in db.session.scalars(select(kind).where(kind.resident_id == copy.id))
    }
    made_anew = 0
    for row in rows:
        same = here.get(_words_of(mapper, row))
        if same is not None:
            known[row.id] = same
            continue
        values = _led(mapper, _values(row, _OWN), ids)
        if values is not None and told is not None:
            values = told(row, values, sender, on)
        if values is None:
            continue
        made = kind(residence_id=copy.residence_id, **values)
        db.session.add(made)
        flush()
        known[row.id] = made.id
        made_anew += 1
    return made_anew


def _words_of(mapper: Mapper[Any], row: Any) -> tuple[str, ...]:
    """Everything that a row says itself, without what it points to: the same in both houses for a copy."""
    return tuple(
        repr(getattr(row, attribute.key))
        for attribute in mapper.column_attrs
        if attribute.key not in _OWN and not attribute.columns[0].foreign_keys
    )


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
