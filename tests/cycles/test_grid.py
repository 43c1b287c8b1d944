from __future__ import annotations

from foyer.cycles.grid import overlapped, patterns_of, periods_of
from foyer.residences.models import BlockKind, GridBlock
from tests.cycles.house import DAY


def blocks(*days: int) -> list[GridBlock]:
    return [
        GridBlock(id=100 * day + n, weekday=day, start_minute=start, end_minute=end, name=name, kind=kind)
        for day in days
        for n, (start, end, name, kind) in enumerate(DAY)
    ]


def hours(patterns, periods):
    by_id = {p.id: p for p in periods}
    return [(by_id[p.periods[0]].start, by_id[p.periods[-1]].end) for p in patterns]


def test_only_activities_become_periods_and_protected_blocks_end_a_run():
    periods = periods_of(blocks(0, 1))
    assert [(p.start, p.run) for p in periods if p.day == 0] == [(480, 1), (615, 1), (795, 2), (930, 2), (1170, 3)]
    assert {p.run for p in periods if p.day == 1} == {4, 5, 6}


def test_a_break_longer_than_half_an_hour_ends_a_run():
    day = [(480, 540), (571, 630), (660, 700)]
    grid = [
        GridBlock(id=n, weekday=0, start_minute=a, end_minute=b, name="", kind=BlockKind.ACTIVITY)
        for n, (a, b) in enumerate(day)
    ]
    assert [p.run for p in periods_of(grid)] == [1, 2, 2]


def test_a_three_hour_class_takes_the_morning_or_the_afternoon_and_never_crosses_lunch():
    periods = periods_of(blocks(0))
    assert hours(patterns_of(periods, minutes=180, parts=[]), periods) == [(480, 720), (795, 1020)]


def test_an_hour_and_a_half_fits_every_single_block_that_is_long_enough():
    periods = periods_of(blocks(0))
    assert len(patterns_of(periods, minutes=90, parts=[])) == 5
    assert hours(patterns_of(periods, minutes=110, parts=[]), periods) == [(480, 600), (795, 1020)]


def test_education_in_the_evening_or_late_afternoon_finds_those_blocks_only():
    periods = periods_of(blocks(0))
    assert hours(patterns_of(periods, minutes=None, parts=["evening", "late_afternoon"]), periods) == [
        (930, 1020),
        (1170, 1260),
    ]
    assert hours(patterns_of(periods, minutes=None, parts=["morning"]), periods) == [(480, 600), (615, 720)]
    assert hours(patterns_of(periods, minutes=None, parts=["afternoon"]), periods) == [(795, 900), (930, 1020)]


def test_hours_outside_take_every_period_they_touch():
    periods = periods_of(blocks(0, 1))
    by_id = {p.id: p for p in periods}
    taken = overlapped(periods, [(1, 599, 616)])
    assert [(by_id[p].day, by_id[p].start) for p in taken] == [(1, 480), (1, 615)]
    assert overlapped(periods, [(0, 600, 615)]) == ()
