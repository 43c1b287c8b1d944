"""Holds a workbook against the house: what would be created, changed, left alone.

Nothing is ever deleted because a workbook does not mention it, with one exception: the blocks of a day of the grid that
the workbook describes whole. Blank cells clear what is the house's to say (needs, school outside, choices), never an
identity number, a birthplace or a religion that is already known.
"""

from __future__ import annotations

from foyer.cycles.models import TeachingGroup
from foyer.names import name_key
from foyer.residences.models import GridBlock, Room, Staff, StaffKind
from foyer.workbooks.changes import Action, Change, Comparison, Facts, change_of
from foyer.workbooks.comparing_residents import compare_pairs, compare_residents
from foyer.workbooks.rows import ClassRow, EducationRow, GridRow, RoomRow, StaffRow
from foyer.workbooks.state import HouseState
from foyer.workbooks.trades import TradeName
from foyer.workbooks.understanding import Understanding
from foyer.workbooks.weektimes import hours_of

_STAFF_KINDS = {
    "counsellor": ("counsellors", StaffKind.COUNSELLOR),
    "instructor": ("instructors", StaffKind.INSTRUCTOR),
}


def compare(state: HouseState, found: Understanding) -> Comparison:
    """The dry run. Reads the house's rows from ``state`` only."""
    changes = [
        *_compare_cycle(state),
        *_compare_trades(state, found.catalogue.trades),
        *_compare_venues(state, found),
        *(_compare_staff(state, row) for row in found.staff),
        *_compare_tutors(state, found),
        *(_compare_room(state, row) for row in found.rooms),
        *_compare_grid(state, found),
        *(_compare_class(state, row) for row in found.classes),
        *(_compare_education(state, row) for row in found.education),
    ]
    people, warnings = compare_residents(state, found.residents)
    changes += people
    changes += compare_pairs(state, found, people)
    return Comparison(changes, [*found.problems, *warnings])


def _compare_cycle(state: HouseState) -> list[Change]:
    wanted: Facts = {"starts_on": state.starts_on, "weeks": state.weeks}
    if state.cycle is None:
        return [change_of("cycle", "", None, wanted, None, None)]
    current: Facts = {"starts_on": state.cycle.starts_on, "weeks": state.cycle.weeks}
    return [change_of("cycle", "", current, wanted, state.cycle, None)]


def _compare_trades(state: HouseState, trades: tuple[TradeName, ...]) -> list[Change]:
    changes = []
    for trade in trades:
        record = state.trades.get(name_key(trade.name))
        aliases = sorted({name_key(alias) for alias in trade.aliases} | set(record.aliases if record else ()))
        current: Facts | None = {"aliases": sorted(record.aliases)} if record else None
        changes.append(
            change_of("trades", record.name if record else trade.name, current, {"aliases": aliases}, record, None)
        )
    return changes


def _compare_venues(state: HouseState, found: Understanding) -> list[Change]:
    typed = [*(row.venue for row in found.classes), *(row.venue for row in found.education)]
    names = {name_key(name): name for name in typed if name}
    return [
        change_of("venues", name, {} if key in state.venues else None, {}, state.venues.get(key), None)
        for key, name in names.items()
    ]


def staff_facts(person: Staff) -> Facts:
    return {
        "gender": person.gender.value if person.gender else None,
        "skills": list(person.skills),
        "caseload": person.most_residents,
        "unavailable": sorted([one.weekday, one.start_minute, one.end_minute] for one in person.unavailabilities),
        "trades": sorted(own.trade.name for own in person.trades),
    }


def _compare_staff(state: HouseState, row: StaffRow) -> Change:
    kind, staff_kind = _STAFF_KINDS[row.kind]
    record = state.find_staff(staff_kind, row.name)
    wanted: Facts = {}
    if "gender" in row.said and (row.gender or record is None):
        wanted["gender"] = row.gender
    if row.kind == "counsellor":
        wanted |= {"skills": list(row.skills)} if "skills" in row.said else {}
        wanted |= {"caseload": row.caseload} if "caseload" in row.said or record is None else {}
    elif "trades" in row.said:
        wanted["trades"] = sorted(row.trades)
    if "unavailable" in row.said:
        wanted["unavailable"] = hours_of(row.unavailable)
    return change_of(
        kind,
        record.full_name if record else row.name,
        staff_facts(record) if record else None,
        wanted,
        record,
        row.source,
    )


def teacher_named(state: HouseState, name: str) -> Staff | None:
    """A tutor, or an instructor who also teaches a programme."""
    return state.find_staff(StaffKind.TUTOR, name) or state.find_staff(StaffKind.INSTRUCTOR, name)


def _compare_tutors(state: HouseState, found: Understanding) -> list[Change]:
    instructors = {name_key(row.name) for row in found.staff if row.kind == "instructor"}
    names = {name_key(row.tutor): row for row in found.education if row.tutor}
    changes = []
    for key, row in names.items():
        if key in instructors or (StaffKind.INSTRUCTOR, key) in state.staff:
            continue
        record = state.find_staff(StaffKind.TUTOR, row.tutor)
        label = record.full_name if record else row.tutor
        changes.append(change_of("tutors", label, {} if record else None, {}, record, row.source))
    return changes


def room_facts(room: Room) -> Facts:
    return {
        "wing": room.wing,
        "policy": room.policy.value,
        "beds": room.beds,
        "stage": room.minimum_stage,
        "accessible": room.is_accessible,
        "reserve": room.is_reserve,
    }


def _compare_room(state: HouseState, row: RoomRow) -> Change:
    record = state.rooms.get(row.code.casefold())
    wanted: Facts = {"policy": row.policy, "beds": row.beds}
    if "wing" in row.said:
        wanted["wing"] = row.wing
    if "notes" in row.said or record is None:
        wanted |= {"stage": row.note.stage, "accessible": row.note.accessible, "reserve": row.note.reserve}
    current = room_facts(record) if record else None
    if row.note.outage is not None:
        wanted["outage"] = [row.note.outage, row.note.outage_until]
        if current is not None:
            current["outage"] = (
                next(([one.reason, one.until_on] for one in record.outages if one.reason == row.note.outage), None)
                if record
                else None
            )
    return change_of("rooms", row.code, current, wanted, record, row.source)


def _compare_grid(state: HouseState, found: Understanding) -> list[Change]:
    changes: list[Change] = []
    for row in found.grid:
        record = state.blocks.get((row.day, row.start))
        changes.append(change_of("grid", row.name, block_facts(record) if record else None, _wanted_block(row), record,
                                 row.source))  # fmt: skip
    if not any(table.kind == "grid" and (table.sheet.name, line.number) in found.waiting
               for table in found.tables for line in table.rows):  # fmt: skip
        told = {(row.day, row.start) for row in found.grid}
        days = {row.day for row in found.grid}
        for place, block in sorted(state.blocks.items()):
            if place[0] in days and place not in told:
                changes.append(Change("grid", block.name, Action.REMOVE, (), block_facts(block), block))
    return changes


def _wanted_block(row: GridRow) -> Facts:
    return {"day": row.day, "start": row.start, "end": row.end, "activity": row.name, "is_activity": row.is_activity}


def block_facts(block: GridBlock) -> Facts:
    return {
        "day": block.weekday,
        "start": block.start_minute,
        "end": block.end_minute,
        "activity": block.name,
        "is_activity": block.kind.value == "activity",
    }


def group_facts(group: TeachingGroup) -> Facts:
    return {
        "trade": group.trade.name if group.trade else "",
        "programme": group.programme,
        "minimum": group.minimum,
        "maximum": group.maximum,
        "venue": group.venue.name if group.venue else "",
        "instructor": group.instructor.full_name if group.instructor else "",
        "meetings": group.meetings,
        "minutes": group.minutes,
        "requirement": group.minimum_level.value if group.minimum_level else None,
        "levels": list(group.levels),
        "parts": list(group.parts),
    }


def _known_venue(state: HouseState, name: str) -> str:
    record = state.venues.get(name_key(name))
    return record.name if record else name


def _compare_class(state: HouseState, row: ClassRow) -> Change:
    wanted: Facts = {"trade": row.trade, "maximum": row.maximum}
    said: Facts = {
        "minimum": row.minimum,
        "venue": _known_venue(state, row.venue),
        "instructor": _instructor_name(state, row.instructor),
        "meetings": row.meetings,
        "requirement": row.requirement.minimum_level if row.requirement else None,
    }
    return _compare_group(state, "classes", row, wanted, said)


def _instructor_name(state: HouseState, name: str) -> str:
    record = state.find_staff(StaffKind.INSTRUCTOR, name) if name else None
    return record.full_name if record else name


def _compare_education(state: HouseState, row: EducationRow) -> Change:
    wanted: Facts = {"programme": row.programme, "maximum": row.maximum}
    tutor = teacher_named(state, row.tutor) if row.tutor else None
    said: Facts = {
        "minimum": row.minimum,
        "venue": _known_venue(state, row.venue),
        "tutor": tutor.full_name if tutor else row.tutor,
        "meetings": row.meetings,
        "levels": list(row.levels),
        "when": list(row.parts),
    }
    return _compare_group(state, "education", row, wanted, said)


_FIELD_OF_COLUMN = {"tutor": "instructor", "when": "parts"}


def _compare_group(state: HouseState, kind: str, row: ClassRow | EducationRow, wanted: Facts, said: Facts) -> Change:
    """Only what the sheet has a column for is compared; a new group takes the usual values for the rest."""
    record = state.groups.get(row.code.casefold())
    for column, value in said.items():
        if record is None or column in row.said:
            wanted[_FIELD_OF_COLUMN.get(column, column)] = value
    if record is None or "length" in row.said or row.minutes is not None:
        wanted["minutes"] = row.minutes
    return change_of(kind, row.code, group_facts(record) if record else None, wanted, record, row.source)
