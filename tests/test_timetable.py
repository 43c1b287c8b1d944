"""How a week becomes the rows of a table."""

from __future__ import annotations

from foyer.timetable import Block, Week, WeekDay, WeekSession, rows
from tests.components.sample import week


def day(weekday: int, *blocks: Block) -> WeekDay:
    return WeekDay(weekday=weekday, label=str(weekday), blocks=blocks)


MORNING = Block(480, 600, "Kegiatan")
NOON = Block(720, 780, "Ibadah", "protected")


def test_equal_days_give_one_row_for_each_block() -> None:
    table = rows(Week((day(0, MORNING, NOON), day(1, MORNING, NOON))))
    assert [(row.start, row.end) for row in table] == [(480, 600), (720, 780)]


def test_rows_run_from_morning_to_night_whatever_the_order_given() -> None:
    table = rows(Week((day(0, NOON, MORNING),)))
    assert [row.start for row in table] == [480, 720]


def test_neighbouring_days_share_one_protected_band() -> None:
    [row] = rows(Week((day(0, NOON), day(1, NOON), day(2, NOON))))
    assert [cell.span for cell in row.cells] == [3]
    assert row.is_protected


def test_activities_are_never_joined() -> None:
    [row] = rows(Week((day(0, MORNING), day(1, MORNING))))
    assert [cell.span for cell in row.cells] == [1, 1]
    assert not row.is_protected


def test_a_protected_block_with_a_session_in_it_stays_a_cell_of_its_own() -> None:
    duty = Block(720, 780, "Ibadah", "protected", (WeekSession("Jaga dapur"),))
    [row] = rows(Week((day(0, NOON), day(1, duty), day(2, NOON))))
    assert [cell.span for cell in row.cells] == [1, 1, 1]


def test_fridays_longer_prayer_sits_in_the_row_of_the_other_days_and_says_its_own_hours() -> None:
    friday = Block(690, 795, "Ibadah", "protected")
    [row] = rows(Week((day(0, NOON), day(1, NOON), day(4, friday))))
    assert (row.start, row.end) == (720, 780)
    assert [(cell.span, cell.own_hours) for cell in row.cells] == [(2, False), (1, True)]


def test_sessions_with_their_own_hours_do_not_repeat_those_of_their_block() -> None:
    timed = WeekSession("Konseling", start=480, end=525)
    late = Block(510, 600, "Kegiatan", sessions=(timed,))
    untimed = Block(510, 600, "Kegiatan", sessions=(timed, WeekSession("Kelas")))
    [row] = rows(Week((day(0, MORNING), day(1, MORNING), day(2, MORNING), day(3, late), day(4, untimed))))
    assert [cell.own_hours for cell in row.cells] == [False, False, False, True, True]
    assert [cell.says_own_hours for cell in row.cells] == [False, False, False, False, True]


def test_a_block_that_overlaps_nothing_gets_a_row_of_its_own() -> None:
    table = rows(Week((day(0, MORNING), day(1, MORNING, Block(1170, 1260, "Malam")))))
    assert [row.start for row in table] == [480, 1170]
    assert table[1].cells[0].block is None


def test_two_short_blocks_against_a_long_one_lose_nothing() -> None:
    long = Block(480, 720, "Kegiatan")
    short = (Block(480, 600, "Kegiatan"), Block(615, 720, "Kegiatan"))
    table = rows(Week((day(0, *short), day(1, *short), day(2, long))))
    shown = [cell.block for row in table for cell in row.cells if cell.block]
    assert sorted(b.start for b in shown) == [480, 480, 480, 615, 615]


def test_every_block_of_a_real_week_is_shown_exactly_once() -> None:
    given = week()
    shown = sum(cell.span for row in given.rows for cell in row.cells if cell.block)
    assert shown == sum(len(one.blocks) for one in given.days)
    assert all(sum(cell.span for cell in row.cells) == len(given.days) for row in given.rows)


def test_a_week_without_days_has_no_rows() -> None:
    assert rows(Week(())) == []
