"""Whatever people type, a workbook is read and answered; it never breaks the reading."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from foyer.workbooks.corrections import corrections_workbook
from foyer.workbooks.reading import Book, Cell, Sheet
from foyer.workbooks.understanding import understand
from foyer.workbooks.vocabulary import KINDS
from tests.workbooks.books import house

WORDS = st.sampled_from(
    [
        "Ani",
        "BUDI SANTOSO",
        "L",
        "P",
        "perempuan",
        "Sabtu",
        "Senin-Jumat pagi",
        "malam atau sore",
        "ya",
        "SMP",
        "SMA kelas 10",
        "31/02/2009",
        "26/03/2010",
        "3174010305094211",
        "Otomotif",
        "Las",
        "3 jam",
        "5 x 3 jam",
        "tahap 4",
        "kamar",
        "rusak: bocor",
        "07.30",
        "04.30-05.15",
        "Kegiatan",
        "Makan",
        "#REF!",
        "=1+1",
        "-",
        "Jumlah",
        "min. SMP",
        "Tebet, 30 Juli 2010",
    ]
)
VALUES = st.one_of(
    st.none(), WORDS, WORDS, st.text(max_size=15), st.integers(-5, 10**17), st.floats(), st.booleans(),
    st.dates(date(1990, 1, 1), date(2030, 1, 1)), st.datetimes(datetime(1990, 1, 1), datetime(2030, 1, 1)), st.times(),
)  # fmt: skip
HEADINGS = st.one_of(
    st.sampled_from(
        [phrase for kind in KINDS.values() for meaning in kind.columns.values() for phrase in meaning.phrases]
    ),
    st.text(max_size=10),
)


@st.composite
def sheets(draw: Any) -> Sheet:
    kind = draw(st.sampled_from(list(KINDS.values())))
    columns = [draw(st.sampled_from(meaning.phrases)) for meaning in kind.columns.values() if draw(st.booleans())]
    head = columns + draw(st.lists(HEADINGS, max_size=3))
    body = draw(st.lists(st.lists(VALUES, min_size=len(head), max_size=len(head)), max_size=5))
    name = draw(st.one_of(st.sampled_from(kind.names), st.text(max_size=8)))
    return sheet(name, [["Judul"], head, *body], draw(merges(len(head), len(body))))


@st.composite
def merges(draw: Any, wide: int, high: int) -> tuple[tuple[int, int, int, int], ...]:
    if not wide or not high or draw(st.booleans()):
        return ()
    top, left = draw(st.integers(1, high + 2)), draw(st.integers(1, wide))
    return ((top, left, draw(st.integers(top, high + 2)), draw(st.integers(left, wide))),)


def sheet(name: str, rows: Sequence[Sequence[Any]], areas: tuple[tuple[int, int, int, int], ...]) -> Sheet:
    cells: dict[int, dict[int, Cell]] = {}
    for number, row in enumerate(rows, start=1):
        filled: Mapping[int, Cell] = {
            at: Cell(value) for at, value in enumerate(row, start=1) if value not in (None, "")
        }
        if filled:
            cells[number] = dict(filled)
    return Sheet(name, cells, areas)


@given(st.lists(sheets(), min_size=1, max_size=4, unique_by=lambda one: one.name))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_any_sheets_are_understood_or_answered(found: list[Sheet]) -> None:
    result = understand(Book(tuple(found)), house())
    for row in result.residents:
        assert row.name
        assert row.birth_date
        assert row.gender
        assert row.level
        assert row.arrives_on is not None
        assert row.leaves_on is not None
        assert row.arrives_on < row.leaves_on
        assert set(row.choices) <= set(result.catalogue.names)
    for room in result.rooms:
        assert 1 <= room.beds <= 60
    for group in [*result.classes, *result.education]:
        assert 0 <= group.minimum <= group.maximum
        assert len(group.code) <= 40
    for block in result.grid:
        assert 0 <= block.start < block.end <= 1440
    came_in = {(row.source.sheet, row.source.row) for row in result.rows}
    assert not came_in & result.waiting
    corrections_workbook(
        result.tables, result.problems, result.waiting, heading="What to correct", sentence=lambda p: p.code
    )


def test_times_of_day_that_a_sheet_keeps_as_times() -> None:
    rows = [
        ["Hari", "Mulai", "Selesai", "Kegiatan"],
        ["Senin", time(8), time(10), "Kelas"],
        ["Senin", 0.5, 0.5625, "Makan"],
    ]
    result = understand(Book((sheet("Hari", rows, ()),)), house())
    assert [(row.start, row.end, row.is_activity) for row in result.grid] == [(480, 600, True), (720, 810, False)]
