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
def turned(taken: Array, before: Array, after: Array, row: int, slot: int) -> Any:
    """How many lone slots a row has more with a lesson in the slot than without."""
    left, right = before[slot], after[slot]
    has_left = left >= 0 and taken[row, left] > 0
    has_right = right >= 0 and taken[row, right] > 0
    more = 0 if has_left or has_right else 1
    if has_left and (before[left] < 0 or taken[row, before[left]] == 0):
        more -= 1
    if has_right and (after[right] < 0 or taken[row, after[right]] == 0):
        more -= 1
    return more


@compiled
def shift(
    taken: Array, rows: Array, row_count: Array, before: Array, after: Array, group: int, source: int, target: int
) -> Any:
    """Take one of the group's lessons from a slot to another in ``taken``; how many lone slots there are more then."""
    more = 0
    for i in range(row_count[group]):
        row = rows[group, i]
        taken[row, source] -= 1
        if taken[row, source] == 0:
            more -= turned(taken, before, after, row, source)
        if taken[row, target] == 0:
            more += turned(taken, before, after, row, target)
        taken[row, target] += 1
    return more


@compiled
def unshift(taken: Array, rows: Array, row_count: Array, group: int, source: int, target: int) -> None:
    for i in range(row_count[group]):
        row = rows[group, i]
        taken[row, source] += 1
        taken[row, target] -= 1


@compiled
def day_change(on_day: Array, days: Array, wished_days: Array, group: int, one: int, other: int) -> Any:
    """How many days more are missing, where one of the group's lessons goes from a day to another."""
    if one == other:
        return 0
    now = days[group]
    then = now
    if on_day[group, one] == 1:
        then -= 1
    if on_day[group, other] == 0:
        then += 1
    wished = wished_days[group]
    return max(0, wished - then) - max(0, wished - now)


@compiled
def further_change(in_venue: Array, group: int, source: int, target: int) -> Any:
    """How many venues more a group uses, where one of its lessons goes from a venue to another."""
    more = 0
    if source != target:
        if in_venue[group, source] == 1:
            more -= 1
        if in_venue[group, target] == 0:
            more += 1
    return more


@compiled
def move_group(
    on_day: Array,
    days: Array,
    busy: Array,
    rivals: Array,
    rival_count: Array,
    day: Array,
    group: int,
    source: int,
    target: int,
) -> None:
    """Count one of the group's lessons in another slot (``taken`` apart)."""
    one, other = day[source], day[target]
    on_day[group, one] -= 1
    if on_day[group, one] == 0:
        days[group] -= 1
    if on_day[group, other] == 0:
        days[group] += 1
    on_day[group, other] += 1
    for i in range(rival_count[group]):
        rival = rivals[group, i]
        busy[rival, source] -= 1
        busy[rival, target] += 1


def anneal(board: Board, hands: Hands, temperature: float, moves: int) -> None:
    """So many moves at one temperature (Metropolis); the best timetable without a clash is kept. A move: a lesson goes
    to another slot or venue, and a lesson that is there takes its place. It is made where the weighed clashes and the
    points rise by at most a limit drawn anew each time."""
    _anneal(*board, *hands, temperature, moves)


def warm_up() -> None:
    """Compile, by a search of one lesson that does not move."""
    one, flat, flags = np.zeros((1, 1), np.int64), np.zeros(1, np.int64), np.ones((1, 1), np.bool_)
    nowhere, counts = np.full(1, -1, np.int64), np.ones(1, np.int64)
    board = Board(
        flat, one, counts, flags, one, counts, counts, one, one, flags, one, counts, one, counts, nowhere, nowhere,
        flat, flat, 1, 1, 1, 1,
    )  # fmt: skip
    hands = Hands(
        flat, flat, one, one.copy(), one.copy(), one + 1, counts, one + 1, np.zeros(5, np.int64), flat, flat,
        np.ones(1, np.uint64),
    )  # fmt: skip
    anneal(board, hands, 1.0, 1)


# One function with plain arrays as arguments: tuples of arrays handed on to smaller functions cost ten times the time,
# since Numba counts their references at every call.
@compiled
def _anneal(  # noqa: C901
    group_of: Array,
    open_slots: Array,
    open_count: Array,
    is_open: Array,
    venues: Array,
    near_count: Array,
    venue_count: Array,
    venue_cost: Array,
    start_cost: Array,
    clash: Array,
    rivals: Array,
    rival_count: Array,
    rows: Array,
    row_count: Array,
    before: Array,
    after: Array,
    day: Array,
    wished_days: Array,
    fewer_days: int,
    alone: int,
    further: int,
    clash_weight: int,
    slot_of: Array,
    venue_of: Array,
    at: Array,
    busy: Array,
    taken: Array,
    on_day: Array,
    days: Array,
    in_venue: Array,
    totals: Array,
    best_slot: Array,
    best_venue: Array,
    seed: Array,
    temperature: float,
    moves: int,
) -> None:
    ease = EASE * (alone + fewer_days + further)
    for _ in range(moves):
        limit = -temperature * math.log(unit(seed))
        lesson = below(seed, group_of.shape[0])
        group, slot, venue = group_of[lesson], slot_of[lesson], venue_of[lesson]
        to_slot, to_venue = slot, venue
        kind = below(seed, 100)
        if kind >= SAME_SLOT:
            to_slot = open_slots[group, below(seed, open_count[group])]
        if kind < SAME_SLOT or kind >= SAME_VENUE:
            count = near_count[group] if kind < ANY_VENUE else venue_count[group]
            to_venue = venues[group, below(seed, count)]
        held = at[to_slot, to_venue]
        if held == CLOSED or held == lesson:
            continue
        other = -1
        if held >= 0:
            other = group_of[held]
            if other == group or not is_open[other, slot] or venue_cost[other, venue] < 0:
                continue
        clashes = 0
        if slot != to_slot:
            clashes = busy[group, to_slot] - busy[group, slot] + 1
            if other >= 0:
                clashes += busy[other, slot] - busy[other, to_slot] + 1
                if clash[group, other]:
                    clashes -= 2
            if clashes * clash_weight > limit + ease:
                continue
        more = venue_cost[group, to_venue] - venue_cost[group, venue] + start_cost[group, to_slot]
        more += further * further_change(in_venue, group, venue, to_venue) - start_cost[group, slot]
        if other >= 0:
            more += venue_cost[other, venue] - venue_cost[other, to_venue] + start_cost[other, slot]
            more += further * further_change(in_venue, other, to_venue, venue) - start_cost[other, to_slot]
        if slot != to_slot:
            more += fewer_days * day_change(on_day, days, wished_days, group, day[slot], day[to_slot])
            reach = row_count[group]
            if other >= 0:
                more += fewer_days * day_change(on_day, days, wished_days, other, day[to_slot], day[slot])
                reach += row_count[other]
            if more + clashes * clash_weight > limit + 3 * alone * reach:
                continue
            lone = shift(taken, rows, row_count, before, after, group, slot, to_slot)
            if other >= 0:
                lone += shift(taken, rows, row_count, before, after, other, to_slot, slot)
            more += alone * lone
            if more + clashes * clash_weight > limit:
                unshift(taken, rows, row_count, group, slot, to_slot)
                if other >= 0:
                    unshift(taken, rows, row_count, other, to_slot, slot)
                continue
            move_group(on_day, days, busy, rivals, rival_count, day, group, slot, to_slot)
            if other >= 0:
                move_group(on_day, days, busy, rivals, rival_count, day, other, to_slot, slot)
        elif more > limit:
            continue
        at[slot, venue] = held
        at[to_slot, to_venue] = lesson
        in_venue[group, venue] -= 1
        in_venue[group, to_venue] += 1
        slot_of[lesson], venue_of[lesson] = to_slot, to_venue
        if other >= 0:
            in_venue[other, to_venue] -= 1
            in_venue[other, venue] += 1
            slot_of[held], venue_of[held] = slot, venue
        totals[CLASHES] += clashes
        totals[POINTS] += more
        totals[ACCEPTED] += 1
        if totals[CLASHES] == 0 and totals[POINTS] < totals[BEST]:
            totals[BEST] = totals[POINTS]
            best_slot[:] = slot_of
            best_venue[:] = venue_of
    totals[MOVES] += moves
