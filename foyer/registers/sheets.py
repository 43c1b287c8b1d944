"""A register as a table for a spreadsheet. On paper and in files whoever is restricted has initials."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext

from foyer.formatting import clock
from foyer.residents.naming import name_for
from foyer.words import words

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_csv(key: str, rows: Sequence[Any], zone: ZoneInfo) -> bytes:
    """The lines of a register, the oldest first, as UTF-8 with the mark by which spreadsheets know it."""
    columns = _COLUMNS[key]()
    out = io.StringIO()
    table = csv.writer(out)
    common = _common()
    table.writerow([gettext("Day"), gettext("Time"), *(label for label, _value in [*columns, *common])])
    for row in reversed(rows):
        at = row.at.astimezone(zone)
        values = [value(row, zone) for _label, value in [*columns, *common]]
        table.writerow([at.date().isoformat(), clock(at.hour * 60 + at.minute), *(_safe(value) for value in values)])
    return out.getvalue().encode("utf-8-sig")


def _safe(value: Any) -> str:
    """Text that a spreadsheet does not take for a formula."""
    text = str(value or "")
    return f"'{text}" if text.startswith(_FORMULA) else text


def _time(moment: Any, zone: ZoneInfo) -> str:
    if moment is None:
        return ""
    there = moment.astimezone(zone)
    return f"{there.date().isoformat()} {clock(there.hour * 60 + there.minute)}"


def _yes(value: bool) -> str:
    return gettext("yes") if value else ""


Column = tuple[str, Callable[[Any, ZoneInfo], Any]]


def _resident() -> Column:
    return gettext("Resident"), lambda row, _zone: name_for(row.resident, False)


def _staff(label: str) -> Column:
    return label, lambda row, _zone: row.staff.full_name if row.staff else ""


def _common() -> list[Column]:
    return [
        (gettext("Note"), lambda row, _zone: row.note),
        (gettext("Written down by"), lambda row, _zone: row.written_by.display_name),
        (gettext("Struck through because"), lambda row, _zone: row.struck_why),
    ]


_COLUMNS: dict[str, Callable[[], list[Column]]] = {
    "visits": lambda: [
        _resident(),
        (gettext("Visitor"), lambda row, _zone: row.visitor),
        (
            gettext("Relation"),
            lambda row, _zone: words(row.relative.relation) if row.relative else row.relation,
        ),
        (gettext("Showed an identity card"), lambda row, _zone: _yes(row.is_identified)),
        (gettext("Was turned away"), lambda row, _zone: _yes(row.is_turned_away)),
        (gettext("Left at"), lambda row, zone: _time(row.left_at, zone)),
        _staff(gettext("Received by")),
    ],
    "medicines": lambda: [
        _resident(),
        (gettext("Medicine"), lambda row, _zone: row.medicine),
        (gettext("Dose"), lambda row, _zone: row.dose),
        (gettext("What became of it"), lambda row, _zone: words(row.outcome)),
        _staff(gettext("Given or offered by")),
    ],
    "valuables": lambda: [
        _resident(),
        (gettext("Thing"), lambda row, _zone: row.thing),
        (gettext("Where it is kept"), lambda row, _zone: row.kept_where),
        (gettext("Handing in"), lambda row, _zone: words(row.in_acknowledged)),
        (gettext("Handed back"), lambda row, zone: _time(row.back_at, zone)),
        (gettext("To whom"), lambda row, _zone: row.back_to),
        (gettext("Handing back"), lambda row, _zone: words(row.back_acknowledged)),
    ],
    "duty": lambda: [
        (gettext("Until"), lambda row, zone: _time(row.until_at, zone)),
        (gettext("Where or which shift"), lambda row, _zone: row.post),
        _staff(gettext("Really on duty")),
        (gettext("Planned"), lambda row, _zone: row.planned.full_name if row.planned else ""),
    ],
}
