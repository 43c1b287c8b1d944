"""The tables in a sheet: where their headings are, what their columns mean, which rows are rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from foyer.workbooks.reading import Book, Cell, Sheet, address
from foyer.workbooks.recognising import (
    LOOK_AT,
    Answers,
    Column,
    Heading,
    Question,
    Verdict,
    assign,
    headings_of,
    judge,
    recognise_columns,
    sheet_signature,
)
from foyer.workbooks.text import clean_text, key
from foyer.workbooks.values import is_blank
from foyer.workbooks.vocabulary import IGNORE, KINDS, TOTALS


@dataclass(frozen=True, slots=True)
class TableCell:
    cell: Cell
    address: str
    column: Column


@dataclass(frozen=True)
class TableRow:
    number: int
    cells: tuple[TableCell, ...]  # filled in and recognised


@dataclass(frozen=True)
class Table:
    sheet: Sheet
    kind: str
    place: tuple[int, int]  # first and last row of the headings
    columns: tuple[Column, ...]
    rows: tuple[TableRow, ...]
    left_out: tuple[int, ...] = ()  # rows read as titles, totals or remarks

    @property
    def meanings(self) -> frozenset[str]:
        return frozenset(column.meaning for column in self.columns)

    def column_of(self, meaning: str) -> Column | None:
        return next((column for column in self.columns if column.meaning == meaning), None)

    @property
    def not_kept(self) -> tuple[str, ...]:
        """Headings that were recognised and are of no use to Foyer."""
        known = KINDS[self.kind].columns
        return tuple(c.heading for c in self.columns if c.meaning in known and not known[c.meaning].kept)


@dataclass
class Found:
    """All tables of a workbook, the questions that keep some from being read, and the sheets left out."""

    tables: list[Table] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)


def find_tables(book: Book, answers: Answers | None = None) -> Found:
    """Read every sheet's tables, as far as they are recognised."""
    found = Found()
    for sheet in book.sheets:
        _read_sheet(sheet, answers or Answers(), found)
    return found


def _read_sheet(sheet: Sheet, answers: Answers, found: Found) -> None:
    numbers = sorted(sheet.rows)
    if not numbers:
        return
    verdict = judge(sheet, numbers[:LOOK_AT], _titles(sheet, numbers[:LOOK_AT]))
    if verdict is None:
        found.ignored.append(sheet.name)
        return
    headings = headings_of(sheet, *verdict.place)
    signature = sheet_signature(sheet, headings)
    answer = answers.sheets.get(signature)
    kind = answer or verdict.kind
    if kind is None and not sheet.hidden and _has_body(sheet, verdict.place[1]):
        samples = tuple(heading.text for heading in headings)[:6]
        found.questions.append(Question("sheet", signature, sheet.name, samples=samples, suggestion=verdict.guess))
    if kind is None or kind == IGNORE or kind not in KINDS:
        found.ignored.append(sheet.name)
        return
    _read_stack(sheet, Verdict(verdict.place, kind, kind), answers, found)


def _titles(sheet: Sheet, rows: Iterable[int]) -> list[str]:
    """The sheet's name, then the first line that stands alone."""
    alone = (clean_text(next(iter(sheet.rows[row].values())).value) for row in rows if len(sheet.rows[row]) == 1)
    return [sheet.name, next(alone, "")]


def _has_body(sheet: Sheet, last_heading: int) -> bool:
    return any(row > last_heading for row in sheet.rows)


def _read_stack(sheet: Sheet, first: Verdict, answers: Answers, found: Found) -> None:
    """A table, and those that stand above and below it on the same sheet."""
    starts = sorted([first, *_other_tables(sheet, first)], key=lambda verdict: verdict.place)
    for index, verdict in enumerate(starts):
        stop = starts[index + 1].place[0] if index + 1 < len(starts) else max(sheet.rows) + 1
        table, questions = _read_table(sheet, verdict, stop, answers)
        found.tables.append(table)
        asked = {question.signature for question in found.questions}
        found.questions += [question for question in questions if question.signature not in asked]


def _other_tables(sheet: Sheet, first: Verdict) -> list[Verdict]:
    result = []
    own = {heading.key for heading in headings_of(sheet, *first.place)}
    for row in sorted(sheet.rows):
        near = first.place[0] - 1 <= row <= first.place[1] + 1
        if near or len(sheet.rows.get(row - 1, {})) > 1 or len(sheet.rows[row]) < 2:
            continue  # headings follow an empty row or a title
        headings = headings_of(sheet, row, row)
        if {heading.key for heading in headings} == own:
            continue  # the same headings again, on the next printed page
        title = clean_text(next(iter(sheet.rows[row - 1].values())).value) if row - 1 in sheet.rows else ""
        verdict = judge(sheet, [row], [title])
        if verdict and verdict.kind and verdict.place[0] == row:
            known = assign(headings, KINDS[verdict.kind])
            if len(known) >= max(2, 0.6 * len(headings)) and not any(
                isinstance(cell.value, int | float) for cell in sheet.rows[row].values()
            ):
                result.append(verdict)
    return result


def _read_table(sheet: Sheet, verdict: Verdict, stop: int, answers: Answers) -> tuple[Table, list[Question]]:
    assert verdict.kind is not None
    headings = headings_of(sheet, *verdict.place)
    body = [row for row in sorted(sheet.rows) if verdict.place[1] < row < stop]
    kept, left_out = _sort_rows(sheet, body, headings, verdict.place)
    values = _column_values(sheet, kept)
    columns, questions = recognise_columns(sheet, verdict.kind, headings, values, answers)
    rows = tuple(_table_row(sheet, row, columns, verdict.place[1]) for row in kept)
    table = Table(sheet, verdict.kind, verdict.place, tuple(columns), rows, tuple(left_out))
    return table, questions


def _column_values(sheet: Sheet, rows: list[int]) -> dict[int, list[object]]:
    values: dict[int, list[object]] = {}
    for row in rows:
        for column, cell in sheet.rows[row].items():
            if not is_blank(cell.value):
                values.setdefault(column, []).append(cell.value)
    return values


def _sort_rows(
    sheet: Sheet, body: list[int], headings: tuple[Heading, ...], place: tuple[int, int]
) -> tuple[list[int], list[int]]:
    """Rows of the table, and rows that only look like it: headings again, totals, remarks, signatures."""
    kept: list[int] = []
    left_out: list[int] = []
    names = {heading.key for heading in headings}
    for row in body:
        filled = [cell for cell in sheet.rows[row].values() if not is_blank(cell.value) or cell.trouble]
        words = [key(cell.value) for cell in filled]
        again = len(words) > 1 and set(words) <= names
        total = any(word in TOTALS or word.split(" ")[0] in TOTALS for word in words[:2] if word)
        if again or (total and len(filled) <= max(3, len(headings) // 2)):
            left_out.append(row)
        elif not filled:
            continue
        elif len(filled) == 1 and len(headings) > 2 and _stands_alone(sheet, row, place):
            left_out.append(row)
        else:
            kept.append(row)
    return kept, left_out


def _stands_alone(sheet: Sheet, row: int, place: tuple[int, int]) -> bool:
    """One filled cell: a remark if it is merged across columns or stands apart from the rows above."""
    column = next(column for column, cell in sheet.rows[row].items() if not is_blank(cell.value) or cell.trouble)
    merged = any(top == row and left == column and right > left for top, left, _bottom, right in sheet.merges)
    above = row - 1
    return merged or (above not in sheet.rows and above > place[1])


def _table_row(sheet: Sheet, row: int, columns: list[Column], last_heading: int) -> TableRow:
    cells = []
    for column in columns:
        if column.meaning == IGNORE:
            continue
        cell = sheet.cell(row, column.index)
        if cell is None:
            top, left = sheet.merged_with(row, column.index)
            if left == column.index and top > last_heading:
                cell = sheet.cell(top, left)  # one cell merged over several rows says the same for each
        if cell is not None:
            cells.append(TableCell(cell, address(row, column.index), column))
    return TableRow(row, tuple(cells))
