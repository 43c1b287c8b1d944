"""The annealing's inner loop, compiled with Numba: millions of moves a second where plain Python makes thousands.

Imported only when a week is searched, since Numba takes about 100 MB and a second to load. The compiled code is kept
beside this file or in the user's cache where one can be written, otherwise it is compiled anew (some seconds).

Numbers stand for things: a *lesson* is one meeting of a group, a *slot* a period, a *row* a conflict group that counts
lone lessons. Points are whole numbers (``Board.scale`` steps are a point).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numba import njit

FREE, CLOSED = -1, -2  # what ``Hands.at`` holds where no lesson is
CLASHES, POINTS, BEST, ACCEPTED, MOVES = range(5)  # places in ``Hands.totals``
EASE = 6  # of each weight: what a move's uncounted part hardly ever gains; beyond it a clashing move is given up early
SAME_SLOT, SAME_VENUE, ANY_VENUE = 20, 40, 95  # of 100 moves: below the first only the venue changes, and so on

Array = Any  # of numpy, whose types Numba infers


class Board(NamedTuple):
    """What never changes during a search."""

    group_of: Array  # lesson
    open_slots: Array  # group, i -> slot
    open_count: Array  # group
    is_open: Array  # group, slot
    venues: Array  # group, i -> venue, cheapest first
    near_count: Array  # group: how many of them cost little
    venue_count: Array  # group: how many are allowed
    venue_cost: Array  # group, venue
    start_cost: Array  # group, slot
    clash: Array  # group, group
    rivals: Array  # group, i -> group that must not meet at the same time, itself included
    rival_count: Array  # group
    rows: Array  # group, i -> row
    row_count: Array  # group
    before: Array  # slot -> slot right before in its run, or -1
    after: Array  # slot -> slot right after, or -1
    day: Array  # slot
    wished_days: Array  # group
    fewer_days: int
    alone: int
    further: int
    clash_weight: int


class Hands(NamedTuple):
    """What a search changes: a timetable and what is counted along with it."""

    slot: Array  # lesson
    venue: Array  # lesson
    at: Array  # slot, venue -> lesson, FREE or CLOSED
    busy: Array  # group, slot: lessons of its rivals then
    taken: Array  # row, slot: its lessons then
    on_day: Array  # group, day: its lessons
    days: Array  # group: days on which it has lessons
    in_venue: Array  # group, venue: its lessons
    totals: Array
    best_slot: Array  # of the best timetable without a clash
    best_venue: Array
    seed: Array


def compiled(function: Callable[..., Any]) -> Any:
    """Compiled without the interpreter's lock; kept on disk where that is possible."""
    try:
        return njit(nogil=True, cache=True)(function)
    except RuntimeError:  # no place to keep it: a read-only installation without a home
        return njit(nogil=True)(function)


@compiled
def random_bits(seed: Array) -> Any:
    """Marsaglia's xorshift with 64 bits."""
    x = seed[0]
    x ^= x << np.uint64(13)
    x ^= x >> np.uint64(7)
    x ^= x << np.uint64(17)
    seed[0] = x
    return x


@compiled
def below(seed: Array, limit: int) -> Any:
    """A random whole number from 0 to limit - 1."""
    return np.int64(((random_bits(seed) >> np.uint64(32)) * np.uint64(limit)) >> np.uint64(32))


@compiled
def unit(seed: Array) -> Any:
    """A random number above 0, at most 1."""
    return (np.float64(random_bits(seed) >> np.uint64(11)) + 1.0) * (1.0 / 9007199254740993.0)


@compiled
def turned(board: Board, hands: Hands, row: int, slot: int) -> Any:
    """How many lone slots a row has more with a lesson in the slot than without."""
    left, right = board.before[slot], board.after[slot]
    has_left = left >= 0 and hands.taken[row, left] > 0
    has_right = right >= 0 and hands.taken[row, right] > 0
    more = 0 if has_left or has_right else 1
    if has_left:
        further = board.before[left]
        if further < 0 or hands.taken[row, further] == 0:
            more -= 1
    if has_right:
        further = board.after[right]
        if further < 0 or hands.taken[row, further] == 0:
            more -= 1
    return more


@compiled
def shift(board: Board, hands: Hands, group: int, source: int, target: int) -> Any:
    """Take one of the group's lessons from a slot to another in ``taken``; how many lone slots there are more then."""
    more = 0
    for i in range(board.row_count[group]):
        row = board.rows[group, i]
        hands.taken[row, source] -= 1
        if hands.taken[row, source] == 0:
            more -= turned(board, hands, row, source)
        if hands.taken[row, target] == 0:
            more += turned(board, hands, row, target)
        hands.taken[row, target] += 1
    return more


@compiled
def unshift(board: Board, hands: Hands, group: int, source: int, target: int) -> None:
    for i in range(board.row_count[group]):
        row = board.rows[group, i]
        hands.taken[row, source] += 1
        hands.taken[row, target] -= 1


@compiled
def day_change(board: Board, hands: Hands, group: int, source: int, target: int) -> Any:
    """Points for days below those wished, where a lesson goes from a slot to another."""
    one, other = board.day[source], board.day[target]
    if one == other:
        return 0
    days = hands.days[group]
    after = days - (hands.on_day[group, one] == 1) + (hands.on_day[group, other] == 0)
    wished = board.wished_days[group]
    return board.fewer_days * (max(0, wished - after) - max(0, wished - days))


@compiled
def venue_change(board: Board, hands: Hands, group: int, source: int, target: int) -> Any:
    """Points for seats, size and further venues, where a lesson goes from a venue to another."""
    if source == target:
        return 0
    more = board.venue_cost[group, target] - board.venue_cost[group, source]
    if hands.in_venue[group, source] == 1:
        more -= board.further
    if hands.in_venue[group, target] == 0:
        more += board.further
    return more


@compiled
def clash_change(board: Board, hands: Hands, one: int, other: int, source: int, target: int) -> Any:
    """Clashes more, where ``one`` goes from source to target and ``other``, if any, the opposite way."""
    more = hands.busy[one, target] - hands.busy[one, source] + 1
    if other >= 0:
        more += hands.busy[other, source] - hands.busy[other, target] + 1
        if board.clash[one, other]:
            more -= 2
    return more


@compiled
def move_group(board: Board, hands: Hands, group: int, source: int, target: int) -> None:
    """Count one of the group's lessons in another slot (``taken`` apart)."""
    one, other = board.day[source], board.day[target]
    hands.on_day[group, one] -= 1
    if hands.on_day[group, one] == 0:
        hands.days[group] -= 1
    if hands.on_day[group, other] == 0:
        hands.days[group] += 1
    hands.on_day[group, other] += 1
    for i in range(board.rival_count[group]):
        rival = board.rivals[group, i]
        hands.busy[rival, source] -= 1
        hands.busy[rival, target] += 1


@compiled
def put(hands: Hands, group: int, lesson: int, slot: int, venue: int) -> None:
    """Record where a lesson is now."""
    hands.in_venue[group, hands.venue[lesson]] -= 1
    hands.in_venue[group, venue] += 1
    hands.slot[lesson] = slot
    hands.venue[lesson] = venue
    hands.at[slot, venue] = lesson


@compiled
def drawn(board: Board, hands: Hands, group: int, slot: int, venue: int) -> Any:
    """A random target for a lesson of the group."""
    kind = below(hands.seed, 100)
    if kind >= SAME_SLOT:
        slot = board.open_slots[group, below(hands.seed, board.open_count[group])]
        if kind < SAME_VENUE:
            return slot, venue
    count = board.near_count[group] if kind < ANY_VENUE else board.venue_count[group]
    return slot, board.venues[group, below(hands.seed, count)]


@compiled
def allowed(board: Board, hands: Hands, group: int, other: int, source: Any, target: Any) -> bool:
    """Whether the lesson may go to the target and the one that is there may take its place."""
    held = hands.at[target[0], target[1]]
    if held == CLOSED or (source[0] == target[0] and source[1] == target[1]) or group == other:
        return False
    return other < 0 or (board.is_open[other, source[0]] and board.venue_cost[other, source[1]] >= 0)


@compiled
def step(board: Board, hands: Hands, limit: float) -> None:
    """One move: a lesson goes to another slot or venue, and a lesson that is there takes its place. It is made where
    the weighed clashes and the points rise by at most the limit."""
    lesson = below(hands.seed, board.group_of.shape[0])
    group = board.group_of[lesson]
    slot, venue = hands.slot[lesson], hands.venue[lesson]
    to_slot, to_venue = drawn(board, hands, group, slot, venue)
    held = hands.at[to_slot, to_venue]
    other = board.group_of[held] if held >= 0 else -1
    if not allowed(board, hands, group, other, (slot, venue), (to_slot, to_venue)):
        return
    clashes = clash_change(board, hands, group, other, slot, to_slot) if slot != to_slot else 0
    ease = EASE * (board.alone + board.fewer_days + board.further)
    if clashes * board.clash_weight > limit + ease:
        return
    more = venue_change(board, hands, group, venue, to_venue)
    more += board.start_cost[group, to_slot] - board.start_cost[group, slot]
    if other >= 0:
        more += venue_change(board, hands, other, to_venue, venue)
        more += board.start_cost[other, slot] - board.start_cost[other, to_slot]
    if slot != to_slot and not change_slot(board, hands, group, other, slot, to_slot, limit, clashes, more):
        return
    if slot == to_slot:
        if more > limit:
            return
        hands.totals[POINTS] += more
    hands.at[slot, venue] = FREE
    put(hands, group, lesson, to_slot, to_venue)
    if other >= 0:
        put(hands, other, held, slot, venue)
    hands.totals[ACCEPTED] += 1


@compiled
def change_slot(
    board: Board, hands: Hands, group: int, other: int, slot: int, to_slot: int, limit: float, clashes: int, more: int
) -> bool:
    """Weigh a move between two slots, and count it where it is made."""
    more += day_change(board, hands, group, slot, to_slot)
    if other >= 0:
        more += day_change(board, hands, other, to_slot, slot)
    weighed = more + clashes * board.clash_weight
    if weighed > limit + board.alone * 3 * (board.row_count[group] + (board.row_count[other] if other >= 0 else 0)):
        return False
    lone = shift(board, hands, group, slot, to_slot)
    if other >= 0:
        lone += shift(board, hands, other, to_slot, slot)
    if weighed + lone * board.alone > limit:
        unshift(board, hands, group, slot, to_slot)
        if other >= 0:
            unshift(board, hands, other, to_slot, slot)
        return False
    move_group(board, hands, group, slot, to_slot)
    if other >= 0:
        move_group(board, hands, other, to_slot, slot)
    hands.totals[CLASHES] += clashes
    hands.totals[POINTS] += more + lone * board.alone
    return True


@compiled
def anneal(board: Board, hands: Hands, temperature: float, moves: int) -> None:
    """So many moves at one temperature (Metropolis); the best timetable without a clash is kept."""
    for _ in range(moves):
        step(board, hands, -temperature * math.log(unit(hands.seed)))
        if hands.totals[CLASHES] == 0 and hands.totals[POINTS] < hands.totals[BEST]:
            hands.totals[BEST] = hands.totals[POINTS]
            hands.best_slot[:] = hands.slot
            hands.best_venue[:] = hands.venue
    hands.totals[MOVES] += moves
