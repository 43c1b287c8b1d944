"""On the dates of a variant the blocks of the day move, and every session with its block."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foyer.residences.models import BlockKind, GridBlock
from foyer.residences.variants import BlockChange, changed_blocks, first_overlap, moved

MORNING = BlockChange((0,), (480, 600), (510, 600))  # 08.00–10.00 becomes 08.30–10.00
LATE = BlockChange((0,), (615, 720), (605, 690))  # 10.15–12.00 becomes 10.05–11.30
AFTERNOON = BlockChange((0,), (795, 900), None)
DAY = (MORNING, LATE, AFTERNOON)


@pytest.mark.parametrize(
    ("hours", "becomes"),
    [
        ((480, 600), [(510, 600)]),  # fills its block
        ((480, 720), [(510, 690)]),  # two blocks with a short break
        ((480, 525), [(510, 540)]),  # three eighths of the block, rounded to five minutes
        ((795, 900), []),  # its block falls out
        ((1170, 1260), [(1170, 1260)]),  # a block that no entry names
    ],
)
def test_a_session_moves_with_its_block(hours, becomes):
    assert moved(DAY, 0, hours) == becomes


def test_of_two_blocks_one_can_fall_out():
    assert moved((MORNING, BlockChange((0,), (615, 720), None)), 0, (480, 720)) == [(510, 600)]


def test_a_block_that_the_day_got_since_keeps_its_hours():
    assert moved((MORNING,), 0, (480, 720)) == [(510, 720)]
    assert moved((AFTERNOON,), 0, (795, 1020)) == [(900, 1020)]


def test_other_weekdays_stay_as_usual():
    assert moved(DAY, 4, (480, 600)) == [(480, 600)]


def test_a_session_over_two_blocks_is_parted_where_a_prayer_comes_between():
    prayer = BlockChange((0,), None, (590, 605), "Salat duha")
    short = BlockChange((0,), (480, 600), (480, 590))
    assert moved((short, LATE, prayer), 0, (480, 720)) == [(480, 590), (605, 690)]
    far = BlockChange((0,), (615, 720), (780, 885))
    assert moved((MORNING, far), 0, (480, 720)) == [(510, 600), (780, 885)]


def block(start: int, end: int, kind: BlockKind = BlockKind.ACTIVITY, weekday: int = 0) -> GridBlock:
    return GridBlock(weekday=weekday, start_minute=start, end_minute=end, name="Kegiatan", kind=kind)


def test_the_changed_day_has_the_moved_blocks_the_usual_ones_and_its_own():
    blocks = [block(480, 600), block(720, 780, BlockKind.PROTECTED), block(795, 900), block(480, 600, weekday=1)]
    sahur = BlockChange((0,), None, (210, 270), "Sahur")
    day = changed_blocks((*DAY, sahur), blocks, 0)
    assert [(b.start, b.end, b.name) for b in day] == [
        (210, 270, "Sahur"),
        (510, 600, "Kegiatan"),
        (720, 780, "Kegiatan"),
    ]
    assert day[0].kind is BlockKind.PROTECTED
    assert [(b.start, b.end) for b in changed_blocks(DAY, blocks, 1)] == [(480, 600)]


def test_an_overlap_names_both_blocks():
    blocks = [block(480, 600), block(615, 720)]
    wrong = changed_blocks((BlockChange((0,), (480, 600), (480, 640)),), blocks, 0)
    found = first_overlap(wrong)
    assert found is not None
    assert [(b.start, b.end) for b in found] == [(480, 640), (615, 720)]


@st.composite
def days(draw):
    """A usual day of some blocks, and the same number of blocks in the same order at other hours."""
    count = draw(st.integers(1, 5))
    edges = st.lists(st.integers(0, 288), min_size=2 * count, max_size=2 * count, unique=True)
    usual, new = sorted(draw(edges)), sorted(draw(edges))
    falls = draw(st.lists(st.booleans(), min_size=count, max_size=count))
    changes = []
    for n in range(count):
        hours = None if falls[n] else (5 * new[2 * n], 5 * new[2 * n + 1])
        changes.append(BlockChange((0,), (5 * usual[2 * n], 5 * usual[2 * n + 1]), hours))
    return changes


@given(days(), st.lists(st.integers(0, 288), min_size=2, max_size=8, unique=True))
def test_sessions_that_do_not_clash_in_the_pattern_do_not_clash_on_the_dates(changes, cuts):
    inside = [
        (max(a, usual[0]), min(b, usual[1]))
        for change in changes
        for usual in [change.usual]
        for a, b in pairwise(sorted(5 * cut for cut in cuts))
        if max(a, usual[0]) < min(b, usual[1])
    ]
    places = [place for session in inside for place in moved(changes, 0, session)]
    assert all(start < end for start, end in places)
    assert all(a[1] <= b[0] or b[1] <= a[0] for a, b in combinations(places, 2))
