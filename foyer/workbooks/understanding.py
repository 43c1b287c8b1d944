"""From tables to rows: every sheet in the order in which they need each other, then what only shows across rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from foyer.names import name_key
from foyer.workbooks.cells import RowReader
from foyer.workbooks.context import House, Names
from foyer.workbooks.crosschecks import (
    check_duplicate_names,
    check_duplicates,
    check_grid,
    check_pairs,
)
from foyer.workbooks.house_sheets import (
    read_class,
    read_counsellor,
    read_education,
    read_grid,
    read_instructor,
    read_pair,
    read_room,
)
from foyer.workbooks.problems import Problem, Severity
from foyer.workbooks.reading import Book
from foyer.workbooks.recognising import Answers, Question
from foyer.workbooks.residents_sheet import read_resident
from foyer.workbooks.rows import ClassRow, EducationRow, GridRow, PairRow, ResidentRow, RoomRow, Row, StaffRow
from foyer.workbooks.tables import Table, find_tables
from foyer.workbooks.text import proper_name
from foyer.workbooks.trades import Catalogue, TradeName
from foyer.workbooks.vocabulary import KINDS, NEEDED_COLUMNS


@dataclass
class Understanding:
    """All that a workbook says: the rows that may come in, the rows that wait, every problem, every question."""

    tables: list[Table] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    catalogue: Catalogue = field(default_factory=lambda: Catalogue(()))
    residents: list[ResidentRow] = field(default_factory=list)
    staff: list[StaffRow] = field(default_factory=list)
    classes: list[ClassRow] = field(default_factory=list)
    education: list[EducationRow] = field(default_factory=list)
    rooms: list[RoomRow] = field(default_factory=list)
    pairs: list[PairRow] = field(default_factory=list)
    grid: list[GridRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    waiting: set[tuple[str, int]] = field(default_factory=set)  # (sheet, row)
    pair_people: dict[tuple[str, int], tuple[ResidentRow | str, ResidentRow | str]] = field(default_factory=dict)

    def of(self, severity: Severity) -> list[Problem]:
        return [problem for problem in self.problems if problem.severity is severity]

    @property
    def rows(self) -> Iterator[Row]:
        for group in (self.staff, self.rooms, self.classes, self.education, self.grid, self.residents, self.pairs):
            yield from group


def understand(book: Book, house: House, answers: Answers | None = None) -> Understanding:
    """Read the workbook as far as it is recognised."""
    found = find_tables(book, answers)
    result = Understanding(found.tables, found.questions, found.ignored)
    whole = [table for table in found.tables if not _lacks_columns(table, result)]
    by_kind = {kind: [table for table in whole if table.kind == kind] for kind in KINDS}
    result.catalogue = build_catalogue(by_kind["classes"], by_kind["instructors"], house)
    counsellors, instructors = _known_staff(by_kind, house)
    catalogue = result.catalogue
    reads = {
        "counsellors": _read(by_kind["counsellors"], read_counsellor),
        "instructors": _read(by_kind["instructors"], lambda reader: read_instructor(reader, catalogue)),
        "classes": _read(by_kind["classes"], lambda reader: read_class(reader, catalogue, instructors)),
        "education": _read(by_kind["education"], read_education),
        "rooms": _read(by_kind["rooms"], read_room),
        "residents": _read(by_kind["residents"], lambda reader: read_resident(reader, house, catalogue, counsellors)),
        "pairs": _read(by_kind["pairs"], read_pair),
    }
    grid = [(reader, read_grid(reader, house)) for reader in _readers(by_kind["grid"])]
    check_duplicate_names(reads)
    check_duplicates(reads["residents"])
    check_grid(grid)
    result.pair_people = check_pairs(reads["pairs"], reads["residents"], house)
    _collect(result, reads, grid)
    return result


def _lacks_columns(table: Table, result: Understanding) -> bool:
    """Without these columns no row of the sheet can come in: said once, not on every row."""
    missing = [group[0] for group in NEEDED_COLUMNS[table.kind] if not table.meanings & set(group)]
    sheet = table.sheet.name
    for wanted in missing:
        result.problems.append(
            Problem(Severity.ERROR, "column_missing", sheet, table.place[1], None, {"wanted": wanted})
        )
    if missing:
        result.waiting.update((sheet, row.number) for row in table.rows)
    return bool(missing)


def _readers(tables: list[Table]) -> list[RowReader]:
    return [RowReader(table, row) for table in tables for row in table.rows]


def _read(tables: list[Table], read: Callable[[RowReader], Row]) -> list[tuple[RowReader, Row]]:
    return [(reader, read(reader)) for reader in _readers(tables)]


def build_catalogue(classes: list[Table], instructors: list[Table], house: House) -> Catalogue:
    """The house's trades: those it has, those of the class sheet with their class codes, else the instructors'."""
    names: dict[str, set[str]] = {}
    known = Catalogue(house.trades)
    for reader in _readers(classes):
        typed = reader.text("trade")
        if not typed:
            continue
        name = _same_trade(known, typed) or next((n for n in names if name_key(n) == name_key(typed)), typed)
        code = reader.text("code")
        names.setdefault(name, set()).update({code, code.split("-")[0].rstrip("0123456789 ")} if code else set())
    if not names and not house.trades:
        names = {reader.text("trades"): set() for reader in _readers(instructors) if reader.text("trades")}
    for trade in house.trades:
        names.setdefault(trade.name, set()).update(trade.aliases)
    return Catalogue(tuple(TradeName(name, tuple(sorted(filter(None, codes)))) for name, codes in names.items()))


def _same_trade(known: Catalogue, typed: str) -> str | None:
    """A class sheet may name a trade that the house already has, in the same words; likeness is not enough here."""
    return next((name for name in known.names if name_key(name) == name_key(typed)), None)


def _known_staff(by_kind: dict[str, list[Table]], house: House) -> tuple[Names, Names]:
    """Names on the staff sheets count even where their row waits: what refers to them is not wrong."""
    result = []
    for kind, before in (("counsellors", house.counsellors), ("instructors", house.instructors)):
        names = Names()
        for name in before:
            names.add(name)
        for reader in _readers(by_kind[kind]):
            if reader.text("name"):
                names.add(proper_name(reader.text("name")))
        result.append(names)
    return result[0], result[1]


def _collect(
    result: Understanding, reads: dict[str, list[tuple[RowReader, Row]]], grid: list[tuple[RowReader, list[GridRow]]]
) -> None:
    groups: dict[str, list[Any]] = {
        "counsellors": result.staff,
        "instructors": result.staff,
        "classes": result.classes,
        "education": result.education,
        "rooms": result.rooms,
        "residents": result.residents,
        "pairs": result.pairs,
    }
    readers = [reader for reader, _rows in grid]
    for kind, pairs in reads.items():
        for reader, row in pairs:
            readers.append(reader)
            if not reader.waits:
                groups[kind].append(row)
    for reader, rows in grid:
        if not reader.waits:
            result.grid += rows
    for reader in readers:
        result.problems += reader.problems
        if reader.waits:
            result.waiting.add((reader.table.sheet.name, reader.row.number))
    order = {sheet: index for index, sheet in enumerate(dict.fromkeys(table.sheet.name for table in result.tables))}
    result.problems.sort(key=lambda problem: (order.get(problem.sheet, 99), problem.row or 0))
