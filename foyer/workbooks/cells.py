"""Reads one row's cells by meaning and collects what is wrong with each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date as Date
from typing import TypeVar

from foyer.workbooks.problems import Problem, Severity
from foyer.workbooks.reading import address
from foyer.workbooks.rows import Source
from foyer.workbooks.tables import Table, TableCell, TableRow
from foyer.workbooks.text import clean_text
from foyer.workbooks.values import BadValue, is_blank, parse_date, parse_int

T = TypeVar("T")


@dataclass
class RowReader:
    """``get`` and its friends answer None for what is blank or not understood; the latter leaves a problem."""

    table: Table
    row: TableRow
    problems: list[Problem] = field(default_factory=list)

    @property
    def waits(self) -> bool:
        return any(problem.severity in (Severity.ERROR, Severity.WAITS) for problem in self.problems)

    def source(self, naming: str) -> Source:
        return Source(self.table.sheet.name, self.row.number, self.address(naming), self.text("number"))

    def cell(self, meaning: str) -> TableCell | None:
        return next((cell for cell in self.row.cells if cell.column.meaning == meaning), None)

    def cells(self, meaning: str) -> list[TableCell]:
        return [cell for cell in self.row.cells if cell.column.meaning == meaning]

    def address(self, meaning: str) -> str:
        """Where the cell is, or would be."""
        column = self.table.column_of(meaning)
        if column is None:
            return address(self.row.number, self.table.columns[0].index if self.table.columns else 1)
        return address(self.row.number, column.index)

    def has(self, meaning: str) -> bool:
        return self.table.column_of(meaning) is not None

    def problem(
        self, severity: Severity, code: str, meaning: str = "", cell: str | None = None, **values: object
    ) -> None:
        place = cell or (self.address(meaning) if meaning else None)
        values.setdefault("value", self.text(meaning) if meaning else "")
        values.setdefault("own", self.text("number"))
        self.problems.append(Problem(severity, code, self.table.sheet.name, self.row.number, place, values))

    def error(self, code: str, meaning: str = "", cell: str | None = None, **values: object) -> None:
        self.problem(Severity.ERROR, code, meaning, cell, **values)

    def warn(self, code: str, meaning: str = "", cell: str | None = None, **values: object) -> None:
        self.problem(Severity.WARNING, code, meaning, cell, **values)

    def raw(self, meaning: str, severity: Severity = Severity.ERROR) -> object:
        cell = self.cell(meaning)
        if cell is None:
            return None
        if cell.cell.trouble:
            self.problem(severity, cell.cell.trouble, meaning, cell.address)
            return None
        return cell.cell.value

    def text(self, meaning: str) -> str:
        cell = self.cell(meaning)
        return "" if cell is None or cell.cell.trouble or is_blank(cell.cell.value) else clean_text(cell.cell.value)

    def get(
        self,
        meaning: str,
        parse: Callable[[object], T | None],
        *,
        missing: str | None = None,
        severity: Severity = Severity.ERROR,
    ) -> T | None:
        """The parsed value. A blank cell is a problem ``missing`` where that is named."""
        before = len(self.problems)
        value = self.raw(meaning, severity)
        if len(self.problems) > before:
            return None
        try:
            found = parse(value)
        except BadValue as bad:
            self.problem(severity, bad.code, meaning, heading=self.heading(meaning))
            return None
        if found is None and missing:
            self.problem(severity, missing, meaning, heading=self.heading(meaning))
        return found

    def heading(self, meaning: str) -> str:
        column = self.table.column_of(meaning)
        return column.heading if column else ""

    def date(self, meaning: str, *, missing: str | None = None) -> Date | None:
        epoch = self.table.sheet.epoch
        return self.get(meaning, lambda value: parse_date(value, epoch=epoch), missing=missing)

    def number(self, meaning: str, least: int, most: int, *, default: int | None = None,
               missing: str | None = None) -> int | None:  # fmt: skip
        """A whole number between two others."""
        found = self.get(meaning, parse_int, missing=missing)
        if found is None:
            return default
        if not least <= found <= most:
            self.error("number_out_of_range", meaning, heading=self.heading(meaning), least=least, most=most)
            return default
        return found

    def words(self, meaning: str, most: int) -> str:
        """A text that fits; longer ones are a problem, not cut."""
        found = self.text(meaning)
        if len(found) > most:
            self.error("text_too_long", meaning, heading=self.heading(meaning), most=most)
        return found
