"""The demonstration house's workbook: exactly its planted problems, each at its cell."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from foyer.workbooks.corrections import corrections_workbook
from foyer.workbooks.problems import Severity
from foyer.workbooks.reading import read_book
from foyer.workbooks.understanding import Understanding
from foyer.workbooks.weektimes import When
from tests.workbooks.books import read, taruna


@pytest.fixture(scope="module")
def found() -> Understanding:
    return read(taruna())


def test_every_sheet_and_column_is_recognised(found):
    assert [(table.sheet.name, table.kind, len(table.rows)) for table in found.tables] == [
        ("Warga Binaan", "residents", 113),
        ("Peksos", "counsellors", 10),
        ("Instruktur", "instructors", 11),
        ("Kelas", "classes", 11),
        ("Pendidikan", "education", 5),
        ("Kamar", "rooms", 36),
        ("Pisah", "pairs", 11),
        ("Hari", "grid", 72),
    ]
    assert found.questions == []
    assert found.ignored == []


def test_exactly_the_planted_errors_are_reported_each_at_its_cell(found):
    errors = [(p.code, p.sheet, p.row, p.cell) for p in found.of(Severity.ERROR)]
    assert errors == [
        ("unknown_trade", "Warga Binaan", 11, "K11"),
        ("impossible_date", "Warga Binaan", 19, "E19"),
        ("missing_gender", "Warga Binaan", 26, "F26"),
        ("age_outside", "Warga Binaan", 35, "E35"),
        ("duplicate_row", "Warga Binaan", 116, "B116"),
    ]


def test_identity_numbers_only_warn(found):
    warnings = found.of(Severity.WARNING)
    assert Counter(p.code for p in warnings) == {"nik_length": 5, "nik_birth_date": 2}
    assert {p.cell for p in warnings} == {"C14", "C30", "C32", "C35", "C75", "C76", "C115"}
    missing = found.of(Severity.NOTE)
    assert {p.code for p in missing} == {"nik_missing"}
    assert len(missing) == 10


def test_a_pair_waits_for_the_resident_it_names_and_is_no_error(found):
    assert [(p.code, p.sheet, p.cell) for p in found.of(Severity.WAITS)] == [("pair_waits", "Pisah", "B4")]


def test_good_rows_come_in_with_all_they_say(found):
    assert len(found.residents) == 108
    assert len(found.pairs) == 10
    by_name = {row.name: row for row in found.residents}
    eja = by_name["Eja Novitasari"]
    assert (eja.birth_date, eja.gender, eja.level) == (date(2008, 11, 7), "male", "sd")
    assert eja.choices == ("Servis Telepon Seluler", "Pengelasan", "Komputer dan Desain")
    hardana = by_name["Hardana Kuswoyo"]
    assert hardana.outside == (When((0, 1, 2, 3, 4), 0, 720),)
    assert hardana.leaves_on == date(2027, 3, 1)
    assert hardana.previous_counsellor == "Lili Hidayat"
    assert by_name["Mutia Tarihoran"].birth_date == date(2010, 10, 4)
    assert by_name["Mutia Tarihoran"].same_gender_counsellor
    assert by_name["Mahesa Wacana"].needs == ("wheelchair",)
    assert by_name["Vicky Sihotang"].nik is None


def test_the_houses_facts_are_understood(found):
    rooms = {row.code: row for row in found.rooms}
    assert rooms["A8"].note.outage == "atap bocor"
    assert rooms["D1"].note.accessible
    assert rooms["D1"].policy == "same"
    assert rooms["M1"].note.stage == 4
    assert [code for code, row in rooms.items() if row.note.reserve] == ["S1"]
    cooling = next(row for row in found.classes if row.code == "AC-1")
    assert (cooling.meetings, cooling.minutes, cooling.requirement.minimum_level) == (5, 180, "smp")
    group = next(row for row in found.education if row.code == "PC-2")
    assert group.levels == ("smp", "sma_10", "sma_11")
    assert group.parts == ("evening", "late_afternoon")
    assert sum(row.is_activity for row in found.grid) == 30
    assert len(found.catalogue.trades) == 9


def test_the_corrections_workbook_holds_what_waits_and_nothing_else(found):
    data = corrections_workbook(
        found.tables, found.problems, found.waiting, heading="Yang perlu diperbaiki", sentence=lambda p: p.code
    )
    assert data is not None
    book = read_book(data)
    assert [sheet.name for sheet in book.sheets] == ["Warga Binaan", "Pisah"]
    residents = book.sheets[0]
    assert residents.rows[3][20].value == "Yang perlu diperbaiki"
    assert [residents.rows[row][1].value for row in sorted(residents.rows) if row > 3] == [8, 16, 23, 32, 113]
    assert residents.rows[7][3].value == 3174013005094211


def test_the_corrections_workbook_is_understood_again(found):
    data = corrections_workbook(
        found.tables, found.problems, found.waiting, heading="What to correct", sentence=lambda p: p.code
    )
    assert data is not None
    again = read(data, trades=found.catalogue.trades, counsellors=tuple(row.name for row in found.staff))
    assert again.questions == []
    assert {p.code for p in again.of(Severity.ERROR)} == {
        "unknown_trade", "impossible_date", "missing_gender", "age_outside", "pair_unknown_person"
    } - ({"pair_unknown_person"})  # fmt: skip
