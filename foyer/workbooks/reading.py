"""Opens a file somebody uploaded and hands out its cells, or says in one word why it cannot.

Nothing in the file is trusted: sizes are bounded before anything is unpacked, XML is read without entities, macros and
formulas are never run (the value the program last saved is read instead).
"""

from __future__ import annotations

import csv
import io
import re
import warnings
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.xml import DEFUSEDXML, LXML

MOST_BYTES = 10 * 1024 * 1024
MOST_UNPACKED = 60 * 1024 * 1024
MOST_ENTRIES = 1000
MOST_SHEETS = 60
MOST_ROWS = 20_000
MOST_COLUMNS = 200
MOST_CELLS = 400_000
MOST_TEXT = 4_000  # letters of one cell

_ENCODING = re.compile(rb"""\s*(?:\xef\xbb\xbf)?<\?xml[^>]*?encoding\s*=\s*["']([^"']*)""")
_MERGE = re.compile(rb"""<(?:[\w.-]+:)?mergeCell\s[^>]*?\bref\s*=\s*["']([^"']*)""")
_CELL = re.compile(rb"<(?:[\w.-]+:)?c[\s/>]")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class Unreadable(Exception):
    """The file is no workbook that can be read; ``code`` says why (see messages.UNREADABLE)."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's value; ``trouble`` is set where the value could not be had (a formula never calculated, #REF!)."""

    value: object
    trouble: str | None = None


@dataclass
class Sheet:
    name: str
    rows: dict[int, dict[int, Cell]]  # only what is filled in; numbers start at 1
    merges: tuple[tuple[int, int, int, int], ...] = ()  # first row, first column, last row, last column
    hidden: bool = False
    epoch: int = 1900
    _corner: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        for top, left, bottom, right in self.merges:
            for row in range(top, min(bottom, top + MOST_ROWS) + 1):
                for column in range(left, min(right, left + MOST_COLUMNS) + 1):
                    self._corner[row, column] = (top, left)

    def cell(self, row: int, column: int) -> Cell | None:
        return self.rows.get(row, {}).get(column)

    def spread(self, row: int, column: int) -> Cell | None:
        """The cell, or the one whose merged area covers it."""
        top, left = self._corner.get((row, column), (row, column))
        return self.cell(top, left)

    def merged_with(self, row: int, column: int) -> tuple[int, int]:
        """Where the merged area that covers the cell begins; the cell itself when it is not merged."""
        return self._corner.get((row, column), (row, column))


@dataclass(frozen=True)
class Book:
    sheets: tuple[Sheet, ...]


def address(row: int, column: int) -> str:
    """ "E19" """
    return f"{get_column_letter(column)}{row}"


def read_book(data: bytes, filename: str = "") -> Book:
    """The workbook's sheets. Raises ``Unreadable``."""
    if not data:
        raise Unreadable("empty_file")
    if len(data) > MOST_BYTES:
        raise Unreadable("too_large", most=MOST_BYTES // 1024 // 1024)
    if data.startswith(_OLE):
        locked = "EncryptedPackage".encode("utf-16-le") in data
        raise Unreadable("locked" if locked else "old_format")
    if data.startswith(b"PK"):
        book = _read_xlsx(data)
    elif filename.lower().endswith((".csv", ".tsv", ".txt")):
        book = Book((_read_csv(data, filename),))
    else:
        raise Unreadable("not_a_workbook")
    if not any(sheet.rows for sheet in book.sheets):
        raise Unreadable("no_content")
    return book


def _read_xlsx(data: bytes) -> Book:
    has_formulas = _inspect_archive(data)
    if not (DEFUSEDXML or LXML):  # pragma: no cover - a broken installation
        raise Unreadable("unsafe")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(io.BytesIO(data), data_only=True, keep_links=False)
            formulas = None
            if has_formulas:
                formulas = openpyxl.load_workbook(io.BytesIO(data), data_only=False, keep_links=False)
    except Exception as error:  # openpyxl raises whatever its parsers meet
        raise Unreadable("damaged") from error
    if len(book.worksheets) > MOST_SHEETS:
        raise Unreadable("too_many_cells")
    epoch = 1904 if book.epoch == CALENDAR_MAC_1904 else 1900
    return Book(tuple(_sheet(ws, formulas[ws.title] if formulas else None, epoch) for ws in book.worksheets))


def _inspect_archive(data: bytes) -> bool:
    """Refuses what would unpack to too much or is no workbook; answers whether there are formulas."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
                raise Unreadable("unpacks_too_large")
            if any(entry.flag_bits & 1 for entry in entries):
                raise Unreadable("locked")
            names = {entry.filename for entry in entries}
            if "xl/workbook.bin" in names:
                raise Unreadable("old_format")
            if "xl/workbook.xml" not in names:
                raise Unreadable("not_a_workbook")
            return _inspect_parts(archive, entries)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError) as error:
        raise Unreadable("damaged") from error
    except zipfile.zlib.error as error:  # type: ignore[attr-defined]
        raise Unreadable("damaged") from error


def _inspect_parts(archive: zipfile.ZipFile, entries: Iterable[zipfile.ZipInfo]) -> bool:
    has_formulas = False
    merged = 0
    for entry in entries:
        part = archive.read(entry)
        merged += _merged_cells(part)
        if merged > MOST_CELLS or sum(1 for _ in _CELL.finditer(part)) > MOST_CELLS:
            raise Unreadable("too_many_cells")
        if not entry.filename.endswith((".xml", ".rels")):
            continue
        if not _is_plain(part):
            raise Unreadable("unsafe")
        if b"<!DOCTYPE" in part or b"<!ENTITY" in part:
            raise Unreadable("unsafe")
        if entry.filename.startswith("xl/worksheets/"):
            has_formulas = has_formulas or b"<f>" in part or b"<f " in part
    return has_formulas


def _is_plain(part: bytes) -> bool:
    """Whether the bytes say what the parser will read: in another encoding these looks would find nothing."""
    if part.startswith((b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<", b"\x00\x00")):
        return False
    said = _ENCODING.match(part[:300])
    return said is None or said[1].lower() in (b"utf-8", b"us-ascii", b"iso-8859-1", b"windows-1252")


def _merged_cells(part: bytes) -> int:
    """How many cells the part's merged areas cover: the library makes every one of them, and one short line can merge
    a whole sheet, 17 thousand million cells."""
    return sum(_cells_of(area[1]) for area in _MERGE.finditer(part))


def _cells_of(area: bytes) -> int:
    try:
        left, top, right, bottom = range_boundaries(area.decode("ascii"))
        return (int(right or 0) - int(left or 0) + 1) * (int(bottom or 0) - int(top or 0) + 1)
    except (ValueError, TypeError):
        raise Unreadable("damaged") from None


def _sheet(worksheet: Any, formulas: Any, epoch: int) -> Sheet:
    rows: dict[int, dict[int, Cell]] = {}
    # _cells holds only the cells that exist; iter_rows would make up every cell of a sheet with one value far away.
    for (row, column), cell in sorted(worksheet._cells.items()):
        if row > MOST_ROWS or column > MOST_COLUMNS:
            continue
        found = _cell(cell, formulas[cell.coordinate] if formulas is not None else None)
        if found is not None:
            rows.setdefault(row, {})[column] = found
    merges = tuple((area.min_row, area.min_col, area.max_row, area.max_col) for area in worksheet.merged_cells.ranges)
    return Sheet(worksheet.title, rows, merges, worksheet.sheet_state != "visible", epoch)


def _cell(cell: Any, formula: Any) -> Cell | None:
    value = cell.value
    if value is None:
        if formula is not None and formula.data_type == "f":
            return Cell(None, "formula_without_value")
        return None
    if cell.data_type == "e":
        return Cell(str(value), "cell_error")
    if isinstance(value, str):
        if not value.strip():
            return None
        value = value[:MOST_TEXT]
    return Cell(value)


def _read_csv(data: bytes, filename: str) -> Sheet:
    text = _decode(data)
    if "\x00" in text:
        raise Unreadable("not_a_workbook")
    head = text[:4096]
    delimiter = max(";,\t", key=head.count)
    rows: dict[int, dict[int, Cell]] = {}
    try:
        for number, values in enumerate(csv.reader(io.StringIO(text), delimiter=delimiter), start=1):
            if number > MOST_ROWS:
                raise Unreadable("too_many_cells")
            filled = {
                column: Cell(value[:MOST_TEXT])
                for column, value in enumerate(values[:MOST_COLUMNS], start=1)
                if value.strip()
            }
            if filled:
                rows[number] = filled
    except csv.Error as error:
        raise Unreadable("damaged") from error
    return Sheet(PurePath(filename).stem, rows)


def _decode(data: bytes) -> str:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable("not_a_workbook")
