"""What a manager types into the workbook of waiting rows: the five planted problems of the demonstration, mended."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

MENDED: dict[str, tuple[str, Any]] = {
    "Gaiman Purwanti": ("Pilihan 1", "Las"),  # was a trade that the house does not teach
    "Lasmanto Putra": ("Tgl Lahir", date(2008, 1, 11)),  # was 31/02/2009
    "Putu Najmudin": ("L/P", "L"),  # was empty
    "Catur Siregar": ("Tgl Lahir", date(2009, 5, 30)),  # was 2002
}


def _header_row(sheet: Worksheet) -> tuple[int, dict[str, int]]:
    for row in sheet.iter_rows(max_row=15):
        columns = {str(cell.value).strip(): cell.column for cell in row if cell.value}
        if "Nama Lengkap" in columns:
            return row[0].row, columns
    raise AssertionError("the workbook has no row of headings")


def mend(waiting: Path) -> bytes:
    """The workbook of waiting rows with every problem corrected and the duplicate taken out."""
    book = load_workbook(waiting)
    sheet = next(sheet for sheet in book if "Warga" in sheet.title)
    head, columns = _header_row(sheet)
    for row in range(sheet.max_row, head, -1):
        name = str(sheet.cell(row, columns["Nama Lengkap"]).value or "").strip()
        if name in MENDED:
            heading, value = MENDED[name]
            sheet.cell(row, columns[heading]).value = value
        elif name:
            sheet.delete_rows(row)
    out = BytesIO()
    book.save(out)
    return out.getvalue()
