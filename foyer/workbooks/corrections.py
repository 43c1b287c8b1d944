"""The workbook of what waits: the same sheets and headings, only the rows that did not come in, what is wrong marked.

Corrected and imported again, it brings in what waited; nothing else needs to be in it.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from foyer.workbooks.problems import Problem, Severity
from foyer.workbooks.reading import Cell
from foyer.workbooks.tables import Table
from foyer.workbooks.text import clean_text

_WRONG = PatternFill("solid", fgColor="FDE2B8")
_HEAD = Font(bold=True)
_WRAP = Alignment(wrap_text=True, vertical="top")


def corrections_workbook(
    tables: Iterable[Table],
    problems: Iterable[Problem],
    waiting: set[tuple[str, int]],
    *,
    heading: str,
    sentence: Callable[[Problem], str],
) -> bytes | None:
    """The file's bytes, or None when nothing waits. ``heading`` names the extra column."""
    book = Workbook()
    assert book.active is not None
    book.remove(book.active)
    of_row: dict[tuple[str, int], list[Problem]] = {}
    for problem in problems:
        if problem.severity is not Severity.NOTE and problem.row is not None:
            of_row.setdefault((problem.sheet, problem.row), []).append(problem)
    for table in tables:
        rows = [row.number for row in table.rows if (table.sheet.name, row.number) in waiting]
        if rows:
            _write_table(book, table, rows, of_row, heading, sentence)
    if not book.worksheets:
        return None
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _write_table(
    book: Workbook,
    table: Table,
    rows: list[int],
    problems: dict[tuple[str, int], list[Problem]],
    heading: str,
    sentence: Callable[[Problem], str],
) -> None:
    sheet = table.sheet
    title = _title(sheet.name)
    target = book[title] if title in book.sheetnames else book.create_sheet(title)
    offset = target.max_row + 1 if target.max_row > 1 else 0
    first, last = table.place
    top = first if offset else min(sheet.rows)  # a second table of the sheet brings only its headings
    shift = offset + 1 - top if offset else 0
    extra = max(column for row in (first, last, *rows) for column in sheet.rows.get(row, {1: None})) + 1
    for number in range(top, last + 1):
        _write_row(target, number + shift, sheet.rows.get(number, {}), bold=True)
    for merged_top, left, bottom, right in sheet.merges:
        if top <= merged_top and bottom <= last:
            target.merge_cells(None, merged_top + shift, left, bottom + shift, right)
    _write(target.cell(last + shift, extra), heading).font = _HEAD
    for step, number in enumerate(rows, start=1):
        _write_row(target, last + shift + step, sheet.rows[number])
        found = problems.get((sheet.name, number), [])
        for problem in found:
            if problem.cell:
                column = "".join(filter(str.isalpha, problem.cell))
                target[f"{column}{last + shift + step}"].fill = _WRONG
        explained = _write(target.cell(last + shift + step, extra), "\n".join(sentence(p) for p in found))
        explained.alignment = _WRAP
    _fit(target, extra)


def _title(name: str) -> str:
    """A name that a sheet may have; a table that came as text may be called otherwise."""
    return re.sub(r"[*?:/\\\[\]\x00-\x1f]", " ", name)[:31].strip("' ") or "1"


def _write_row(target: Any, number: int, cells: dict[int, Cell], *, bold: bool = False) -> None:
    for column, cell in cells.items():
        written = _write(target.cell(number, column), cell.value)
        if bold:
            written.font = _HEAD


def _write(cell: Any, value: object) -> Any:
    """A value as it was; a text that a spreadsheet would run as a formula stays a text."""
    if isinstance(value, str):
        cell.value = "".join(char for char in value if char >= " " or char in "\n\t")
        cell.data_type = "s"
        cell.quotePrefix = value[:1] in ("=", "+", "-", "@", "\t", "\r")
    else:
        cell.value = value
        if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) >= 1e11:
            cell.number_format = "0"  # identity numbers typed as numbers
        if isinstance(value, date) and not isinstance(value, datetime):
            cell.number_format = "yyyy-mm-dd"
        elif isinstance(value, datetime):
            cell.number_format = "dd/mm/yyyy"
    return cell


def _fit(target: Any, extra: int) -> None:
    for column in range(1, extra):
        texts = [clean_text(cell.value) for cell in target[get_column_letter(column)]]
        width = min(32, max(map(len, texts[1:]), default=8) + 2)
        target.column_dimensions[get_column_letter(column)].width = max(8, width)
    target.column_dimensions[get_column_letter(extra)].width = 70
