"""Each press gives the next order, and what cannot be is said, never done."""

from __future__ import annotations

import pytest

from foyer.today.ranking import press, read_order

OPEN = {1, 2, 3, 4}


def test_taps_rank_in_the_order_in_which_they_come() -> None:
    order: tuple[int, ...] = ()
    for trade in (3, 1, 2):
        order = press(order, f"add-{trade}", open_to=OPEN, most=3).order
    assert order == (3, 1, 2)


@pytest.mark.parametrize(
    ("act", "after"),
    [
        ("up-2", (2, 3, 1)),
        ("down-3", (2, 3, 1)),
        ("up-3", (3, 2, 1)),
        ("down-1", (3, 2, 1)),
        ("out-2", (3, 1)),
        ("out-4", (3, 2, 1)),
        ("up-9", (3, 2, 1)),
        ("sideways-2", (3, 2, 1)),
        ("up-two", (3, 2, 1)),
        ("", (3, 2, 1)),
    ],
)
def test_a_press_moves_one_trade_by_one_place_or_nothing(act: str, after: tuple[int, ...]) -> None:
    assert press((3, 2, 1), act, open_to=OPEN, most=3).order == after


@pytest.mark.parametrize(
    ("order", "act", "trouble"),
    [((3,), "add-3", "twice"), ((3,), "add-9", "unknown"), ((3, 2, 1), "add-4", "full"), ((3,), "add-x", "unknown")],
)
def test_what_cannot_be_added_is_named_and_the_order_stays(order: tuple[int, ...], act: str, trouble: str) -> None:
    found = press(order, act, open_to=OPEN, most=3)
    assert (found.order, found.trouble) == (order, trouble)


def test_an_address_gives_known_trades_once_each() -> None:
    assert read_order(["2", "2", "9", "-1", "two", "", "1"], OPEN) == (2, 1)
