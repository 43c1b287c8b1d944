"""Workbooks for tests: the demonstration house's, and any made from plain rows."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from importlib import resources
from typing import Any

from openpyxl import Workbook, load_workbook

from foyer.workbooks.context import House
from foyer.workbooks.reading import read_book
from foyer.workbooks.recognising import Answers
from foyer.workbooks.understanding import Understanding, understand

START = date(2027, 1, 4)
TODAY = date(2026, 11, 22)

RESIDENT_HEAD = ["Nama", "Tgl Lahir", "L/P", "Pendidikan Terakhir"]


def taruna() -> bytes:
    """The invented house's planning workbook."""
    return (resources.files("foyer") / "demo" / "taruna-2027-1.xlsx").read_bytes()


@lru_cache(maxsize=1)
def small() -> bytes:
    """The same house cut down, where a test needs no more: twelve residents (No 8 waits), six rooms, one day."""
    book = load_workbook(io.BytesIO(taruna()))
    for name, last in (("Warga Binaan", 15), ("Kamar", 9), ("Hari", 15)):
        sheet = book[name]
        sheet.delete_rows(last + 1, sheet.max_row - last)
    del book["Pisah"]
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def workbook(sheets: Mapping[str, Sequence[Sequence[Any]]], merges: Mapping[str, Sequence[str]] | None = None) -> bytes:
    """An .xlsx with these rows."""
    book = Workbook()
    assert book.active is not None
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        for area in (merges or {}).get(name, ()):
            sheet.merge_cells(area)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def house(**overrides: Any) -> House:
    return House(**{"starts_on": START, "today": TODAY, **overrides})


def read(data: bytes, answers: Answers | None = None, **overrides: Any) -> Understanding:
    return understand(read_book(data, "workbook.xlsx"), house(**overrides), answers)
