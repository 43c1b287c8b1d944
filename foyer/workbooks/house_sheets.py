"""Rows about the house: staff, classes, education groups, rooms, keep-apart pairs, the daily grid."""

from __future__ import annotations

from foyer.workbooks.cells import RowReader
from foyer.workbooks.context import House, Names
from foyer.workbooks.levels import parse_levels
from foyer.workbooks.notes import Requirement, parse_block, parse_needs, parse_requirement, parse_room_note
from foyer.workbooks.problems import Severity
from foyer.workbooks.rows import ClassRow, EducationRow, GridRow, PairRow, RoomRow, StaffRow
from foyer.workbooks.text import clean_text, key, proper_name
from foyer.workbooks.trades import Catalogue, split_trades
from foyer.workbooks.values import BadValue, is_blank, parse_gender, parse_room_policy, parse_scopes
from foyer.workbooks.weektimes import (
    parse_days,
    parse_duration,
    parse_meetings,
    parse_time,
    parse_time_range,
    parse_when,
    parts_of,
)

USUAL_CASELOAD = 12
USUAL_MEETINGS = {"classes": 5, "education": 3}


def _named(reader: RowReader, meaning: str = "name") -> str:
    name = proper_name(reader.words(meaning, 200))
    if not name:
        reader.error("missing_name", meaning)
    return name


def _staff(reader: RowReader, kind: str) -> StaffRow:
    row = StaffRow(reader.source("name"), reader.table.meanings, kind)
    row.name = _named(reader)
    row.gender = reader.get("gender", parse_gender, severity=Severity.WARNING)
    row.unavailable = reader.get("unavailable", parse_when, severity=Severity.WARNING) or ()
    return row


def read_counsellor(reader: RowReader) -> StaffRow:
    row = _staff(reader, "counsellor")
    if row.gender is None and not reader.text("gender"):
        reader.error("missing_gender", "gender")
    codes, unknown = parse_needs(reader.raw("skills", Severity.WARNING))
    if unknown:
        reader.warn("skill_not_known", "skills", words=", ".join(unknown))
    row.skills = codes
    row.caseload = reader.number("caseload", 1, 100, default=USUAL_CASELOAD)
    return row


def read_instructor(reader: RowReader, catalogue: Catalogue) -> StaffRow:
    row = _staff(reader, "instructor")
    found = []
    typed = reader.text("trades")
    whole = catalogue.match(typed).name
    for text in [typed] if whole else split_trades(typed):
        match = catalogue.match(text)
        if match.name:
            found.append(match.name)
        else:
            reader.warn("instructor_trade_unknown", "trades", value=text, trades=match.candidates or catalogue.names)
    row.trades = tuple(dict.fromkeys(found))
    return row


def _sizes(reader: RowReader) -> tuple[int, int]:
    minimum = reader.number("minimum", 0, 500, default=0) or 0
    maximum = reader.number("maximum", 1, 500, missing="missing_maximum") or 0
    if maximum and minimum > maximum:
        reader.error("minimum_above_maximum", "minimum", minimum=minimum, maximum=maximum)
    return minimum, maximum


def _week(reader: RowReader) -> tuple[int, int | None]:
    """Meetings a week and minutes of each; one cell may say both ("5 x 3 jam")."""
    meetings = reader.get("meetings", parse_meetings)
    minutes = reader.get("length", parse_duration)
    count = meetings[0] if meetings else USUAL_MEETINGS[reader.table.kind]
    return count, minutes or (meetings[1] if meetings else None)


def read_class(reader: RowReader, catalogue: Catalogue, instructors: Names) -> ClassRow:
    row = ClassRow(reader.source("code"), reader.table.meanings)
    row.code = reader.words("code", 40)
    typed = reader.text("trade")
    row.trade = catalogue.match(typed).name or "" if typed else ""
    if not row.trade:
        reader.error("missing_trade", "trade")
    if not row.code:
        reader.error("missing_code", "code")
    row.minimum, row.maximum = _sizes(reader)
    row.venue = reader.words("venue", 120)
    row.instructor = _instructor(reader, instructors)
    row.meetings, row.minutes = _week(reader)
    row.requirement = _requirement(reader)
    return row


def _instructor(reader: RowReader, instructors: Names) -> str:
    name = reader.text("instructor")
    if not name:
        return ""
    found = instructors.find(name)
    if len(found) != 1:
        reader.error("unknown_instructor" if not found else "ambiguous_name", "instructor")
        return ""
    return found[0]


def _requirement(reader: RowReader) -> Requirement | None:
    found = reader.get("requirement", parse_requirement)
    if found and (found.minimum_age or found.genders):
        reader.error("requirement_not_understood", "requirement")  # only schooling can be asked for so far
    return found


def read_education(reader: RowReader) -> EducationRow:
    row = EducationRow(reader.source("code"), reader.table.meanings)
    row.programme = reader.words("programme", 120)
    row.code = reader.words("code", 40) or row.programme[:40]
    if not row.programme:
        reader.error("missing_programme", "programme")
    row.levels = reader.get("levels", parse_levels) or ()
    row.minimum, row.maximum = _sizes(reader)
    row.tutor = proper_name(reader.words("tutor", 200))
    row.meetings, row.minutes = _week(reader)
    when = reader.get("when", parse_when, severity=Severity.WARNING)
    row.parts = parts_of(when) if when else ()
    row.venue = reader.words("venue", 120)
    return row


def read_room(reader: RowReader) -> RoomRow:
    row = RoomRow(reader.source("room"), reader.table.meanings)
    row.code = reader.words("room", 40)
    if not row.code:
        reader.error("missing_room", "room")
    row.wing = reader.words("wing", 80)
    row.policy = reader.get("policy", parse_room_policy, missing="missing_policy") or "same"
    row.beds = reader.number("beds", 1, 60, missing="missing_beds") or 0
    row.note = parse_room_note(reader.raw("notes", Severity.WARNING), row.wing)
    if row.note.unknown:
        reader.warn("room_note_not_understood", "notes", words=row.note.unknown)
    return row


def read_pair(reader: RowReader) -> PairRow:
    """A keep-apart pair; who the two are is found out once all residents are known."""
    row = PairRow(reader.source("a"), reader.table.meanings)
    row.a, row.b = reader.words("a", 200), reader.words("b", 200)
    for name, meaning in ((row.a, "a"), (row.b, "b")):
        if not name:
            reader.error("missing_name", meaning)
    row.scopes = reader.get("scope", parse_scopes) or ()
    if not row.scopes and not reader.text("scope"):
        if reader.has("scope"):
            reader.error("missing_scope", "scope")
        row.scopes = ("room", "class")
    row.until = reader.date("until")
    row.reason = reader.words("reason", 2000)
    return row


def read_grid(reader: RowReader, house: House) -> list[GridRow]:
    """Blocks of the day; one row may stand for several days, or hold one cell per day of the week."""
    span = _span(reader)
    if span is None:
        return []
    weekdays = reader.cells("weekday")
    if weekdays and not reader.has("day"):
        return [
            row for cell in weekdays for row in _grid_rows(reader, _days_of(cell.column.heading), span, cell.cell.value)
        ]
    days = reader.get("day", parse_days, missing="missing_day")
    name = reader.text("activity")
    if not name:
        reader.error("missing_activity", "activity")
        return []
    return _grid_rows(reader, days or (), span, name)


def _span(reader: RowReader) -> tuple[int, int] | None:
    if not reader.has("start"):
        return reader.get("span", parse_time_range, missing="missing_time")
    start = reader.get("start", parse_time, missing="missing_time")
    end = reader.get("end", parse_time, missing="missing_time")
    if start is None or end is None:
        return None
    if end <= start:
        reader.error("ends_before_start", "end")
        return None
    return start, end


def _days_of(heading: str) -> tuple[int, ...]:
    try:
        return parse_days(heading) or ()
    except BadValue:
        return ()


def _grid_rows(reader: RowReader, days: tuple[int, ...], span: tuple[int, int], name: object) -> list[GridRow]:
    if is_blank(name):
        return []
    said, sure = parse_block(" ".join((clean_text(name), key(reader.text("kind")))))
    if not sure:
        reader.warn("block_assumed_protected", "activity", value=clean_text(name))
    source = reader.source("day" if reader.has("day") else "span")
    return [GridRow(source, reader.table.meanings, day, span[0], span[1], clean_text(name)[:120], said) for day in days]
