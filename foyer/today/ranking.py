"""Ranking by taps, without a script: the order travels in the address, each press gives the next order."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Ranking:
    """An order of trades, best first. ``moved`` is the trade that the last press was about; ``trouble`` says why it did
    nothing: full, twice, unknown."""

    order: tuple[int, ...]
    moved: int | None = None
    trouble: str = ""


def read_order(values: Sequence[str], known: Collection[int]) -> tuple[int, ...]:
    """The order that an address carries: known trades, each once."""
    ids = [int(value) for value in values if value.isdecimal()]
    return tuple(dict.fromkeys(trade_id for trade_id in ids if trade_id in known))


def press(order: tuple[int, ...], act: str, *, open_to: Collection[int], most: int) -> Ranking:
    """The order after a press of ``add-7``, ``up-7``, ``down-7`` or ``out-7``. Only trades in ``open_to`` can be added,
    up to ``most``; anything else leaves the order as it is."""
    verb, _, number = act.partition("-")
    trade_id = int(number) if number.isdecimal() else -1
    if verb == "add":
        trouble = _trouble(order, trade_id, open_to, most)
        return Ranking(order, trade_id, trouble) if trouble else Ranking((*order, trade_id), trade_id)
    if trade_id not in order:
        return Ranking(order)
    if verb == "out":
        return Ranking(tuple(other for other in order if other != trade_id), trade_id)
    at = order.index(trade_id)
    to = at + {"up": -1, "down": 1}.get(verb, 0)
    if not 0 <= to < len(order):
        return Ranking(order, trade_id)
    ranks = list(order)
    ranks[at], ranks[to] = ranks[to], ranks[at]
    return Ranking(tuple(ranks), trade_id)


def _trouble(order: tuple[int, ...], trade_id: int, open_to: Collection[int], most: int) -> str:
    if trade_id in order:
        return "twice"
    if trade_id not in open_to:
        return "unknown"
    return "full" if len(order) >= most else ""
