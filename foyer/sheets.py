"""Tables as sheets of a workbook. Text is text: a cell that looks like a formula, or like a number, is neither."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDEST = 60  # characters


def empty_book() -> Workbook:
    """A workbook without the sheet that it usually begins with."""
    book = Workbook()
    assert book.active is not None
    book.remove(book.active)
    return book


def fill(sheet: Worksheet, head: Sequence[str], rows: Iterable[Sequence[str | int]]) -> None:
    """Head and rows, the head bold and always in sight, columns as wide as what stands in them."""
    widths = [len(text) for text in head]
    for number, row in enumerate((head, *rows), start=1):
        for column, value in enumerate(row, start=1):
            cell = sheet.cell(number, column)
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if number == 1:
                cell.font = Font(bold=True)
            widths[column - 1] = max(widths[column - 1], len(str(value)))
    for column, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = min(width + 3, WIDEST)
    sheet.freeze_panes = "A2"


def bytes_of(book: Workbook) -> bytes:
    """The file's bytes."""
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()
