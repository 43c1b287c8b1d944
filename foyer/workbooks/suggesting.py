"""Which cycle a workbook is for, from its title and the dates on which residents arrive and leave."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from foyer.workbooks.reading import Book
from foyer.workbooks.tables import Table
from foyer.workbooks.text import clean_text, key
from foyer.workbooks.values import BadValue, parse_date
from foyer.workbooks.vocabulary import RANKS

USUAL_WEEKS = 17
_CYCLE = re.compile(r"\b(?:siklus|cycle|angkatan|periode)\s+(?:ke\s+)?(\w+)\b")
_YEAR = re.compile(r"\b(20\d\d)\b")


@dataclass(frozen=True, slots=True)
class Suggestion:
    starts_on: date
    weeks: int
    number: int | None = None  # "SIKLUS II"
    is_certain: bool = False  # dates of arrival said so


def suggest_cycle(book: Book, tables: Iterable[Table], *, today: date) -> Suggestion:
    """The day on which most residents arrive, moved to its Monday; else what the title says; else the next Monday."""
    number, year = _from_titles(book)
    rows = [table for table in tables if table.kind == "residents"]
    arrivals = _dates(rows, "arrives_on")
    if not arrivals:
        first = date(year, {1: 1, 2: 5, 3: 9}.get(number or 1, 1), 1) if year else today + timedelta(days=1)
        return Suggestion(_monday_from(first), USUAL_WEEKS, number)
    usual = Counter(sorted(arrivals)).most_common(1)[0][0]
    starts_on = usual - timedelta(days=usual.weekday())
    leaves = [day for day in _dates(rows, "leaves_on") if day > starts_on]
    nights = (max(leaves) - starts_on).days if leaves else 0
    weeks = -(-nights // 7)
    return Suggestion(starts_on, weeks if 4 <= weeks <= 30 else USUAL_WEEKS, number, True)


def _monday_from(day: date) -> date:
    return day + timedelta(days=-day.weekday() % 7)


def _dates(tables: Iterable[Table], meaning: str) -> list[date]:
    found = []
    for table in tables:
        for row in table.rows:
            for cell in row.cells:
                if cell.column.meaning != meaning:
                    continue
                try:
                    day = parse_date(cell.cell.value, epoch=table.sheet.epoch)
                except BadValue:
                    continue
                if day:
                    found.append(day)
    return found


def _from_titles(book: Book) -> tuple[int | None, int | None]:
    number = year = None
    for sheet in book.sheets:
        lines = [clean_text(cell.value) for row in sorted(sheet.rows)[:3] for cell in sheet.rows[row].values()]
        for text in map(key, [sheet.name, *lines]):
            found = _CYCLE.search(text)
            if found and number is None and found[1] in RANKS and RANKS[found[1]] <= 3:
                number = RANKS[found[1]]
                said = _YEAR.search(text)
                year = int(said[1]) if said else year
    return number, year
