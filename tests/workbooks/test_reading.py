"""Files that are no workbooks, and workbooks that want something else."""

from __future__ import annotations

import contextlib
import io
import struct
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from foyer.workbooks import reading
from foyer.workbooks.messages import UNREADABLE
from foyer.workbooks.reading import Unreadable, read_book
from tests.workbooks.books import RESIDENT_HEAD, read, taruna, workbook


def _zip(**parts: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return target.getvalue()


def _repacked(data: bytes, part: str, change: bytes, to: bytes) -> bytes:
    source, target = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry in source.infolist():
            content = source.read(entry)
            archive.writestr(entry.filename, content.replace(change, to) if entry.filename == part else content)
    return target.getvalue()


OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
BAD_FILES = {
    "empty_file": b"",
    "old_format": OLD,
    "locked": OLD + "EncryptedPackage".encode("utf-16-le"),
    "not_a_workbook": b"%PDF-1.7 something else",
    "damaged": b"PK\x03\x04 cut off",
    "too_large": b"PK" + bytes(reading.MOST_BYTES),
    "unpacks_too_large": _zip(**{f"xl__{n}.xml": bytes(21 * 1024 * 1024) for n in range(3)}),
}


@pytest.mark.parametrize("code", BAD_FILES)
def test_a_file_that_cannot_be_opened_is_answered_with_its_reason(code):
    with pytest.raises(Unreadable) as caught:
        read_book(BAD_FILES[code], "plan.xlsx")
    assert caught.value.code == code
    assert code in UNREADABLE


def test_a_word_document_is_not_a_workbook():
    with pytest.raises(Unreadable, match="not_a_workbook"):
        read_book(_zip(**{"word__document.xml": b"<w/>", "[Content_Types].xml": b"<Types/>"}))


def test_a_claimed_size_is_not_believed_but_bounded():
    """An entry that says it is small and is not, and one that says it is enormous."""
    data = bytearray(taruna())
    at = data.index(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", 3_000_000_000)
    with pytest.raises(Unreadable, match="unpacks_too_large"):
        read_book(bytes(data))


def test_entities_are_refused():
    part = "xl/worksheets/sheet1.xml"
    bad = _repacked(taruna(), part, b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet')
    with pytest.raises(Unreadable, match="unsafe"):
        read_book(bad)


def test_one_line_that_merges_a_whole_sheet_is_refused_before_it_is_made():
    part = "xl/worksheets/sheet1.xml"
    merges = b'<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    with pytest.raises(Unreadable, match="too_many_cells"):
        read_book(_repacked(workbook({"Kosong": [["a"]]}), part, b"</sheetData>", b"</sheetData>" + merges))


@pytest.mark.parametrize("encoding", ["utf-16", "cp037"])
def test_a_part_in_an_encoding_that_hides_what_it_says_is_refused(encoding):
    part = "xl/worksheets/sheet1.xml"
    said = f'<?xml version="1.0" encoding="{encoding}"?>'.encode("utf-16" if encoding == "utf-16" else "ascii")
    with pytest.raises(Unreadable, match="unsafe"):
        read_book(_repacked(workbook({"Kosong": [["a"]]}), part, b"<worksheet", said + b"<worksheet"))


def test_a_workbook_without_a_filled_cell_says_so():
    with pytest.raises(Unreadable, match="no_content"):
        read_book(workbook({"Kosong": []}))


@given(cut=st.integers(0, 60_000), change=st.binary(min_size=1, max_size=20))
@settings(max_examples=40, deadline=None)
def test_a_workbook_with_any_bytes_changed_is_read_or_refused(cut, change):
    data = bytearray(taruna())
    at = cut % len(data)
    data[at : at + len(change)] = change
    with contextlib.suppress(Unreadable):
        read_book(bytes(data), "plan.xlsx")


@given(data=st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data):
    for name in ("plan.xlsx", "plan.csv"):
        with contextlib.suppress(Unreadable):
            read_book(data, name)


def test_a_formula_is_read_by_the_value_that_was_saved():
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Warga Binaan"
    sheet.append(RESIDENT_HEAD)
    sheet.append(["Ani Lestari", "=DATE(2010,3,26)", "P", "SMP"])
    target = io.BytesIO()
    book.save(target)
    unsaved = read(target.getvalue())
    assert [(p.code, p.cell) for p in unsaved.problems] == [("formula_without_value", "B2")]
    calculated = _repacked(target.getvalue(), "xl/worksheets/sheet1.xml", b"<v />", b"<v>40263</v>")
    calculated = _repacked(calculated, "xl/worksheets/sheet1.xml", b"<v></v>", b"<v>40263</v>")
    found = read(calculated)
    assert [str(row.birth_date) for row in found.residents] == ["2010-03-26"]


def test_a_cell_far_away_costs_nothing():
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Nama", "L/P"])
    sheet["XFD1048576"] = "far"
    target = io.BytesIO()
    book.save(target)
    assert list(read_book(target.getvalue()).sheets[0].rows) == [1]


def test_a_table_saved_as_text_is_read():
    text = "Nama;Tgl Lahir;L/P;Pendidikan Terakhir\nAni Lestari;26/03/2010;P;SMP\n"
    found = reading.read_book(text.encode(), "Warga Binaan.csv")
    assert found.sheets[0].name == "Warga Binaan"
    assert found.sheets[0].rows[2][2].value == "26/03/2010"
