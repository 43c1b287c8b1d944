"""Workbooks of houses that arrange the same things differently."""

from __future__ import annotations

from datetime import date

import pytest

from foyer.workbooks.problems import Severity
from foyer.workbooks.recognising import Answers
from foyer.workbooks.trades import TradeName
from foyer.workbooks.weektimes import When
from tests.workbooks.books import read, workbook

ENGLISH = {
    "Read me": [["Sunrise House, planning for the spring cycle"]],
    "Bedrooms": [
        ["Sunrise House"],
        ["Capacity", "Remarks", "Floor", "Room number", "Boys or girls"],
        [3, None, "Ground", 101, "girls"],
        [3, "broken: no door; stage 2", "Ground", 102, "boys"],
        [2, "wheelchair accessible", "First", 201, "mixed"],
    ],
    "Who lives here": [
        ["Sunrise House: young people, cycle from 4 January 2027"],
        [],
        ["Personal", None, None, None, "Stay", None, "Choices", None, None, "Lucky colour", "Same-gender counsellor"],
        [
            "Full name",
            "Date of birth",
            "Gender",
            "Education level",
            "From date",
            "Planned departure",
            "First",
            "Second",
            "Third",
            None,
            None,
        ],
        [
            "NORA BAKER",
            "March 3, 2010",
            "F",
            "Junior high school",
            "04-Jan-2027",
            "2 May 2027",
            "Tailoring",
            "Cooking",
            None,
            "blue",
            "yes",
        ],
        ["Sam Field", 39876, "male", "grade 10", "2027-01-04", None, "cook", "wood work", "Sewing", "red", None],
        ["Tim Field", "5/6/2009", "m", "Primary", "11/1/2027", "2/5/2027", "Carpentry", None, None, "red", "no"],
    ],
    "Trainers": [
        ["Trainer", "Subjects", "Day off"],
        ["Ms Joy Reed", "Dressmaking", "Friday"],
        ["Al Stone", "Joinery", None],
        ["Pat Cook", "Cookery", "Mon - Wed mornings"],
    ],
    "Workshops": [
        ["Class name", "Class code", "Taught by", "Sessions per week", "Location", "At most", "At least"],
        ["Dressmaking", "SEW", "Joy Reed", "5 x 2 hours", "Room A", 10, 3],
        ["Joinery", "WOOD", "Al Stone", "5 x 3 hours", "Yard", "12", 4],
        ["Cookery", "COOK", "pat cook", 4, "Kitchen", 12, 4],
    ],
    "Case workers": [
        ["Max caseload", "Sex", "Name", "Expertise"],
        [12, "F", "Lee Moss", "trauma"],
        [10, "M", "Ray Hill", None],
    ],
    "Day plan": [
        ["Time", "Monday - Friday", "Saturday"],
        ["07.00-08.00", "Breakfast", "Breakfast"],
        ["08:00 - 10:00", "Activities", "Cleaning"],
        ["10.15-12.00", "Activities", None],
    ],
    "Keep apart": [
        ["Resident A", "Resident B", "Where", "Why", "Until"],
        ["Field, Sam", "Nora Baker", "room", "quarrel", None],
        ["Tim Field", "nora  baker", "both", None, "1/3/2027"],
    ],
}
MERGES = {"Who lives here": ["A3:D3", "E3:F3", "G3:I3", "J3:J4", "K3:K4"]}
IGNORING = {"residents|lucky colour": "ignore"}


def english() -> bytes:
    return workbook(ENGLISH, MERGES)


def test_english_sheets_in_any_order_are_recognised():
    found = read(english())
    assert {table.sheet.name: table.kind for table in found.tables} == {
        "Bedrooms": "rooms",
        "Who lives here": "residents",
        "Trainers": "instructors",
        "Workshops": "classes",
        "Case workers": "counsellors",
        "Day plan": "grid",
        "Keep apart": "pairs",
    }
    assert found.ignored == ["Read me"]


def test_what_is_not_recognised_is_asked_once():
    found = read(english())
    assert [(q.about, q.sheet, q.heading, q.signature, q.samples) for q in found.questions] == [
        ("column", "Who lives here", "Lucky colour", "residents|lucky colour", ("blue", "red"))
    ]
    assert read(english(), Answers(columns=IGNORING)).questions == []


def test_two_rows_of_headings_and_four_styles_of_dates_are_read():
    found = read(english(), Answers(columns=IGNORING))
    nora, sam, tim = found.residents
    assert (nora.name, nora.birth_date, nora.gender, nora.level) == ("Nora Baker", date(2010, 3, 3), "female", "smp")
    assert (nora.arrives_on, nora.leaves_on) == (date(2027, 1, 4), date(2027, 5, 2))
    assert nora.choices == ("Dressmaking", "Cookery")
    assert nora.same_gender_counsellor
    assert sam.choices == ("Cookery", "Joinery", "Dressmaking")
    assert (sam.birth_date, sam.level, sam.leaves_on) == (date(2009, 3, 4), "sma_10", date(2027, 5, 3))
    assert tim.birth_date == date(2009, 6, 5)
    assert tim.arrives_on == date(2027, 1, 11)


def test_an_english_house_is_understood_whole():
    found = read(english(), Answers(columns=IGNORING))
    assert [(p.code, p.cell) for p in found.of(Severity.ERROR)] == [("pair_unknown_person", "A2")]
    staff = {row.name: row for row in found.staff}
    assert staff["Ms Joy Reed"].trades == ("Dressmaking",)
    assert staff["Pat Cook"].unavailable == (When((0, 1, 2), 0, 720),)
    assert staff["Lee Moss"].skills == ("trauma",)
    classes = {row.code: row for row in found.classes}
    assert classes["SEW"].instructor == "Ms Joy Reed"
    assert (classes["SEW"].meetings, classes["SEW"].minutes) == (5, 120)
    rooms = {row.code: row for row in found.rooms}
    assert (rooms["102"].note.outage, rooms["102"].note.stage) == ("no door", 2)
    assert rooms["201"].note.accessible
    assert sum(row.is_activity for row in found.grid) == 10
    assert len(found.grid) == 17
    assert [row.scopes for row in found.pairs] == [("room", "class")]


def test_a_sheet_nobody_would_recognise_is_asked_about_and_remembered():
    data = workbook({"Blatt 7": [["Wer", "Wo", "Wann"], ["Nora", "Garten", "heute"], ["Sam", "Hof", "morgen"]]})
    question = read(data).questions[0]
    assert (question.about, question.sheet, question.samples) == ("sheet", "Blatt 7", ("Wer", "Wo", "Wann"))
    assert read(data, Answers(sheets={question.signature: "ignore"})).questions == []
    asked = read(data, Answers(sheets={question.signature: "pairs"})).questions
    assert [q.heading for q in asked] == ["Wer", "Wo", "Wann"]


def test_columns_without_useful_headings_are_known_by_their_contents():
    people = [[f"Remaja {n}", f"31750612030900{n:02}", "L", "12/03/2009", "SMP"] for n in range(10, 16)]
    data = workbook({"Warga Binaan": [["Nama", "Kolom X", "Kolom Y", "Kolom Z", "Pendidikan"], *people]})
    table = read(data).tables[0]
    assert [column.meaning for column in table.columns] == ["name", "nik", "gender", "birth_date", "level"]
    assert [column.by for column in table.columns] == ["heading", "contents", "contents", "contents", "heading"]


def test_titles_totals_repeated_headings_and_signatures_are_no_rows():
    head = ["No", "Nama", "Tgl Lahir", "L/P", "Pendidikan Terakhir"]
    data = workbook(
        {
            "Warga Binaan": [
                ["PANTI SOSIAL BINA REMAJA"],
                ["Siklus I"],
                [],
                head,
                ["WISMA ANGGREK"],
                [1, "Ani", "1/2/2009", "P", "SMP"],
                [],
                head,
                [2, "Budi", "1/3/2009", "L", "SD"],
                ["Jumlah", None, None, 2],
                [],
                [None, None, None, "Jakarta, 2 Januari 2027"],
            ]
        },
        {"Warga Binaan": ["A1:E1", "A2:E2", "A5:E5"]},
    )
    found = read(data)
    assert [row.name for row in found.residents] == ["Ani", "Budi"]
    assert found.problems == []
    assert found.tables[0].left_out == (5, 8, 10, 12)


def test_two_tables_on_one_sheet_and_cells_merged_downwards():
    data = workbook(
        {
            "Data panti": [
                ["PEKERJA SOSIAL"],
                ["Nama", "L/P", "Beban Maks"],
                ["Ani Lestari", "P", 12],
                [],
                ["KAMAR"],
                ["Wisma", "Kamar", "L/P", "Tempat Tidur"],
                ["Anggrek", "A1", "P", 4],
                [None, "A2", "P", 4],
            ]
        },
        {"Data panti": ["A7:A8"]},
    )
    found = read(data)
    assert [table.kind for table in found.tables] == ["counsellors", "rooms"]
    assert [(row.code, row.wing) for row in found.rooms] == [("A1", "Anggrek"), ("A2", "Anggrek")]


HEAD = [
    "Nama",
    "Tgl Lahir",
    "L/P",
    "Pendidikan Terakhir",
    "Tgl Masuk",
    "Rencana Keluar",
    "Pilihan 1",
    "Sekolah di Luar",
]
GOOD = ["Ani Lestari", "26/03/2010", "P", "SMP", "4/1/2027", "2/5/2027", "Las", None]


def _resident(**changes: object) -> list[object]:
    return [changes.get(name, value) for name, value in zip(HEAD, GOOD, strict=True)]


@pytest.mark.parametrize(
    ("changes", "code", "cell"),
    [
        ({"Rencana Keluar": "1/1/2027"}, "leaves_before_arrival", "F2"),
        ({"Tgl Masuk": "4/5/2027", "Rencana Keluar": "1/7/2027"}, "arrives_after_cycle", "E2"),
        ({"Tgl Masuk": "4/5/2026", "Rencana Keluar": "1/7/2026"}, "leaves_before_cycle", "F2"),
        ({"Sekolah di Luar": "kadang"}, "when_not_understood", "H2"),
        ({"Pendidikan Terakhir": "lulus"}, "level_not_understood", "D2"),
        ({"Pendidikan Terakhir": None}, "missing_level", "D2"),
        ({"Nama": None}, "missing_name", "A2"),
        ({"Tgl Lahir": None}, "missing_birth_date", "B2"),
        ({"L/P": "X"}, "unknown_gender", "C2"),
    ],
)
def test_a_residents_row_says_what_is_wrong_with_it(changes, code, cell):
    data = workbook({"Warga Binaan": [HEAD, _resident(**changes), *[_resident(Nama=f"Budi {n}") for n in range(6)]]})
    found = read(data, trades=(TradeName("Pengelasan"),))
    assert [(p.code, p.cell) for p in found.of(Severity.ERROR)] == [(code, cell)]
    assert len(found.residents) == 6


def test_the_houses_own_rows_are_checked_against_each_other():
    found = read(
        workbook(
            {
                "Kamar": [
                    ["Kamar", "L/P", "Tempat Tidur"],
                    ["A1", "P", 0],
                    ["A2", "P", 4],
                    ["a2", "L", 4],
                    ["A4", "?", 4],
                ],
                "Kelas": [
                    ["Kode", "Keterampilan", "Min", "Maks", "Instruktur"],
                    ["L1", "Las", 9, 4, "Budi"],
                    ["L2", "Las", 2, 4, "Cici"],
                ],
                "Instruktur": [["Nama", "Keterampilan"], ["Budi", "Las"], ["BUDI ", "Las"]],
                "Hari": [
                    ["Hari", "Mulai", "Selesai", "Kegiatan"],
                    ["Senin", "08:00", "10:00", "Kegiatan"],
                    ["Senin", "09:00", "11:00", "Kegiatan"],
                    ["Senin", "12:00", "11:00", "Makan"],
                    ["Senin", "13:00", "14:00", "Rapat"],
                    ["Kapan", "13:00", "14:00", "Makan"],
                ],
            }
        )
    )
    assert [(p.code, p.sheet, p.cell) for p in found.problems] == [
        ("number_out_of_range", "Kamar", "C2"),
        ("named_twice", "Kamar", "A4"),
        ("room_policy_not_understood", "Kamar", "B5"),
        ("minimum_above_maximum", "Kelas", "C2"),
        ("unknown_instructor", "Kelas", "E3"),
        ("named_twice", "Instruktur", "A3"),
        ("blocks_overlap", "Hari", "B3"),
        ("ends_before_start", "Hari", "C4"),
        ("block_assumed_protected", "Hari", "D5"),
        ("when_not_understood", "Hari", "A6"),
    ]


def test_a_sheet_without_a_needed_column_says_so_once():
    found = read(workbook({"Kamar": [["Kamar", "Wisma", "Tempat Tidur"], ["A1", "Anggrek", 4], ["A2", "Anggrek", 4]]}))
    assert [(p.code, p.values["wanted"]) for p in found.problems] == [("column_missing", "policy")]
    assert found.rooms == []
    assert found.waiting == {("Kamar", 2), ("Kamar", 3)}


def test_two_people_of_one_name_are_told_apart_by_their_birth_date():
    rows = [HEAD, _resident(), _resident(**{"Tgl Lahir": "1/1/2009"}), _resident(Nama="Budi")]
    pairs = [["Nama A", "Nama B", "Berlaku untuk"], ["Ani Lestari", "Budi", "kamar"]]
    found = read(workbook({"Warga Binaan": rows, "Pisah": pairs}), trades=(TradeName("Pengelasan"),))
    assert len(found.residents) == 3
    assert [(p.code, p.cell) for p in found.problems] == [("ambiguous_name", "A2")]
