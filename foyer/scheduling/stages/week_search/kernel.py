"""The annealing's inner loop, compiled with Numba: millions of moves a second where plain Python makes thousands.

Imported only when a week is searched, since Numba takes about 100 MB and a second to load. The compiled code is kept
beside this file or in the user's cache where one can be written, otherwise it is compiled anew (some seconds).

Numbers stand for things: a *lesson* is one meeting of a group, a *slot* a period, a *row* a conflict group that counts
lone lessons. Points are whole numbers (``Board.scale`` steps are a point).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from foyer.scheduling.stages.compiled import Array, below, compiled

FREE, CLOSED = -1, -2  # what ``Hands.at`` holds where no lesson is
CLASHES, POINTS, BEST, ACCEPTED, MOVES = range(5)  # places in ``Hands.totals``
EASE = 6  # of each weight: what a move's uncounted part hardly ever gains; beyond it a clashing move is given up early
SAME_SLOT, SAME_VENUE, ANY_VENUE, CHAIN = 18, 36, 86, 90  # of 100 moves: below the first only the venue changes, ...
DEAR = 2**30  # steps of points: more than any venue costs

NUMBER, COUNT = np.int32, np.int16  # small, so that a search stays within the processor's nearest memory


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
    in_row: Array  # row, group
    chain: Array  # slot -> number of its chain: slots that follow each other without a break
    bit: Array  # slot -> place in its chain
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
    mask: Array  # row, chain: a bit for each slot taken, that of place i being bit i + 2
    on_day: Array  # group, day: its lessons
    days: Array  # group: days on which it has lessons
    in_venue: Array  # group, venue: its lessons
    totals: Array
    best_slot: Array  # of the best timetable without a clash
    best_venue: Array
    seed: Array


def _lone_more() -> Array:
    """How many lone slots a row has more, once the slot in the middle of five is taken, for each way in which the four
    others are taken."""
    made = np.zeros(32, np.int64)
    for window in range(32):
        second_left, left, _, right, second_right = (window >> i & 1 for i in range(5))
        made[window] = (not left and not right) - (left and not second_left) - (right and not second_right)
    return made


LONE_MORE = _lone_more()
CURVE = 4096  # steps of the table of logarithms
LOGARITHMS = -np.log((np.arange(CURVE) + 0.5) / CURVE)


@compiled
def lone_change(
    taken: Array,
    mask: Array,
    rows: Array,
    row_count: Array,
    in_row: Array,
    chain: Array,
    bit: Array,
    group: int,
    other: int,
    source: int,
    target: int,
) -> Any:
    """How many lone slots more there are where one of the group's lessons goes from a slot to another, in the rows that
    the other group (-1: none), which goes the opposite way, is not in: in the others nothing changes."""
    more = 0
    one, two, place, to_place = chain[source], chain[target], bit[source], bit[target]
    for i in range(row_count[group]):
        row = rows[group, i]
        if other >= 0 and in_row[row, other]:
            continue
        here = mask[row, one]
        if taken[row, source] == 1:
            more -= LONE_MORE[(here >> place) & 31]
            here &= ~(4 << place)
        there = here if one == two else mask[row, two]
        if taken[row, target] == 0:
            more += LONE_MORE[(there >> to_place) & 31]
    return more


@compiled
def move_rows(
    taken: Array,
    mask: Array,
    rows: Array,
    row_count: Array,
    in_row: Array,
    chain: Array,
    bit: Array,
    group: int,
    other: int,
    source: int,
    target: int,
) -> None:
    """Count one of the group's lessons in another slot of its rows, those of the other group aside."""
    for i in range(row_count[group]):
        row = rows[group, i]
        if other >= 0 and in_row[row, other]:
            continue
        taken[row, source] -= 1
        if taken[row, source] == 0:
            mask[row, chain[source]] &= ~(4 << bit[source])
        taken[row, target] += 1
        mask[row, chain[target]] |= 4 << bit[target]


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
    """Count one of the group's lessons in another slot (its rows apart)."""
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


@compiled
def rival_in(at: Array, clash: Array, group_of: Array, group: int, slot: int) -> Any:
    """The venue of the first rival's lesson in the slot, or -1."""
    for venue in range(at.shape[1]):
        lesson = at[slot, venue]
        if lesson >= 0 and clash[group, group_of[lesson]]:
            return venue
    return -1


@compiled
def gather(
    at: Array, clash: Array, group_of: Array, is_open: Array, slot_of: Array, marks: Array, links: Array, two: int
) -> Any:
    """Complete the chain that begins with the lesson ``links[0]``, which is to go to slot two: the lessons of its slot
    and of slot two that are in each other's way and have to change sides (a Kempe chain). Gives their number, 0 where
    one of them may not."""
    one = slot_of[links[0]]
    count, done, is_possible = 1, 0, True
    marks[links[0]] = True
    while done < count and is_possible:
        group = group_of[links[done]]
        there = two if slot_of[links[done]] == one else one
        done += 1
        is_possible = is_open[group, there]
        for venue in range(at.shape[1]):
            rival = at[there, venue]
            if rival >= 0 and not marks[rival] and clash[group, group_of[rival]]:
                marks[rival] = True
                links[count] = rival
                count += 1
    for i in range(count):
        marks[links[i]] = False
    return count if is_possible else 0


@compiled
def home(
    at: Array, venues: Array, venue_count: Array, venue_cost: Array, in_venue: Array, further: int, group: int,
    slot: int, venue: int,
) -> Any:  # fmt: skip
    """A free venue for one of the group's lessons in a slot: that where it was, or else the cheapest; -1: none."""
    if at[slot, venue] == FREE:
        return venue
    found, least = -1, DEAR
    for i in range(venue_count[group]):
        other = venues[group, i]
        cost = venue_cost[group, other]
        if cost >= least:
            break
        if at[slot, other] == FREE:
            if in_venue[group, other] == 0:
                cost += further
            if cost < least:
                found, least = other, cost
    return found


@compiled
def carry(
    group_of: Array, venues: Array, venue_count: Array, venue_cost: Array, start_cost: Array, rivals: Array,
    rival_count: Array, rows: Array, row_count: Array, in_row: Array, chain: Array, bit: Array, day: Array,
    wished_days: Array, fewer_days: int, alone: int, further: int, slot_of: Array, venue_of: Array, at: Array,
    busy: Array, taken: Array, mask: Array, on_day: Array, days: Array, in_venue: Array, links: Array, homes: Array,
    count: int, both: int,
) -> Any:  # fmt: skip
    """Let the lessons of a chain change sides: each from its slot to the other one, ``both`` being the sum of the two;
    each keeps its venue (noted in ``homes``) if it can. Gives how many have changed sides before one found no venue,
    and by how much points and clashes rise."""
    for i in range(count):
        at[slot_of[links[i]], venue_of[links[i]]] = FREE
    more, clashes = 0, 0
    for i in range(count):
        lesson = links[i]
        group, here, venue = group_of[lesson], slot_of[lesson], venue_of[lesson]
        there = both - here
        to_venue = home(at, venues, venue_count, venue_cost, in_venue, further, group, there, venue)
        if to_venue < 0:
            return i, more, clashes
        homes[i] = venue
        more += further * further_change(in_venue, group, venue, to_venue)
        more += venue_cost[group, to_venue] - venue_cost[group, venue]
        more += start_cost[group, there] - start_cost[group, here]
        more += fewer_days * day_change(on_day, days, wished_days, group, day[here], day[there])
        more += alone * lone_change(taken, mask, rows, row_count, in_row, chain, bit, group, -1, here, there)
        clashes += busy[group, there] - busy[group, here] + 1
        move_group(on_day, days, busy, rivals, rival_count, day, group, here, there)
        move_rows(taken, mask, rows, row_count, in_row, chain, bit, group, -1, here, there)
        in_venue[group, venue] -= 1
        in_venue[group, to_venue] += 1
        at[there, to_venue] = lesson
        slot_of[lesson], venue_of[lesson] = there, to_venue
    return count, more, clashes


@compiled
def bring_back(
    group_of: Array, rivals: Array, rival_count: Array, rows: Array, row_count: Array, in_row: Array, chain: Array,
    bit: Array, day: Array, slot_of: Array, venue_of: Array, at: Array, busy: Array, taken: Array, mask: Array,
    on_day: Array, days: Array, in_venue: Array, links: Array, homes: Array, count: int, placed: int, both: int,
) -> None:  # fmt: skip
    """Undo what ``carry`` did: ``placed`` lessons of the chain have changed sides."""
    for i in range(placed):
        lesson = links[i]
        group, there, to_venue = group_of[lesson], slot_of[lesson], venue_of[lesson]
        at[there, to_venue] = FREE
        in_venue[group, to_venue] -= 1
        in_venue[group, homes[i]] += 1
        move_group(on_day, days, busy, rivals, rival_count, day, group, there, both - there)
        move_rows(taken, mask, rows, row_count, in_row, chain, bit, group, -1, there, both - there)
        slot_of[lesson], venue_of[lesson] = both - there, homes[i]
    for i in range(count):
        at[slot_of[links[i]], venue_of[links[i]]] = links[i]


# One function with plain arrays as variables: tuples of arrays handed on to smaller functions cost ten times the time,
# since Numba counts their references at every call.
@compiled
def anneal(board: Board, hands: Hands, temperature: float, moves: int) -> None:  # noqa: C901
    """So many moves at one temperature (Metropolis); the best timetable without a clash is kept.

    A move: a lesson goes to another slot or venue. A lesson that is there takes its place. Where exactly one lesson is
    in the way elsewhere in that slot, the two exchange their slots instead, and their venues where these are taken. One
    move of ten is a Kempe chain. A move is made where the weighed clashes and the points rise by at most a limit drawn
    anew each time."""
    (group_of, open_slots, open_count, is_open, venues, near_count, venue_count, venue_cost, start_cost, clash, rivals,
     rival_count, rows, row_count, in_row, chain, bit, day, wished_days, fewer_days, alone, further,
     clash_weight) = board  # fmt: skip
    slot_of, venue_of, at, busy, taken, mask, on_day, days, in_venue, totals, best_slot, best_venue, seed = hands
    ease = EASE * (alone + fewer_days + further)
    links, homes = np.empty(group_of.shape[0], np.int64), np.empty(group_of.shape[0], np.int64)
    marks = np.zeros(group_of.shape[0], np.bool_)
    for _ in range(moves):
        limit = temperature * LOGARITHMS[below(seed, CURVE)]
        lesson = below(seed, group_of.shape[0])
        group, slot, venue = group_of[lesson], slot_of[lesson], venue_of[lesson]
        to_slot, to_venue = slot, venue
        kind = below(seed, 100)
        if kind >= SAME_SLOT:
            to_slot = open_slots[group, below(seed, open_count[group])]
        if kind >= CHAIN:
            if slot == to_slot:
                continue
            links[0], both = lesson, slot + to_slot
            count = gather(at, clash, group_of, is_open, slot_of, marks, links, to_slot)
            if count == 0:
                continue
            placed, more, clashes = carry(
                group_of, venues, venue_count, venue_cost, start_cost, rivals, rival_count, rows, row_count, in_row,
                chain, bit, day, wished_days, fewer_days, alone, further, slot_of, venue_of, at, busy, taken, mask,
                on_day, days, in_venue, links, homes, count, both,
            )  # fmt: skip
            if placed < count or more + clashes * clash_weight > limit:
                bring_back(
                    group_of, rivals, rival_count, rows, row_count, in_row, chain, bit, day, slot_of, venue_of, at,
                    busy, taken, mask, on_day, days, in_venue, links, homes, count, placed, both,
                )  # fmt: skip
                continue
        else:
            if kind < SAME_SLOT or kind >= SAME_VENUE:
                count = near_count[group] if kind < ANY_VENUE else venue_count[group]
                to_venue = venues[group, below(seed, count)]
            held = at[to_slot, to_venue]
            if held == CLOSED or held == lesson:
                continue
            its_venue, back = to_venue, venue  # of the lesson in the way: where it is, where it goes
            clashes = 0
            if slot != to_slot:
                clashes = busy[group, to_slot] - busy[group, slot] + 1
                if busy[group, to_slot] == 1 and (held < 0 or not clash[group, group_of[held]]):
                    its_venue = rival_in(at, clash, group_of, group, to_slot)
                    if held >= 0:
                        to_venue = its_venue
                    held = at[to_slot, its_venue]
                    if at[slot, its_venue] == FREE:
                        back = its_venue
            other = -1
            if held >= 0:
                other = group_of[held]
                is_allowed = is_open[other, slot] and venue_cost[other, back] >= 0 and venue_cost[group, to_venue] >= 0
                if other == group or not is_allowed:
                    continue
            if slot != to_slot:
                if other >= 0:
                    clashes += busy[other, slot] - busy[other, to_slot] + 1
                    if clash[group, other]:
                        clashes -= 2
                if clashes * clash_weight > limit + ease:
                    continue
            more = venue_cost[group, to_venue] - venue_cost[group, venue] + start_cost[group, to_slot]
            more += further * further_change(in_venue, group, venue, to_venue) - start_cost[group, slot]
            if other >= 0:
                more += venue_cost[other, back] - venue_cost[other, its_venue] + start_cost[other, slot]
                more += further * further_change(in_venue, other, its_venue, back) - start_cost[other, to_slot]
            if slot != to_slot:
                more += fewer_days * day_change(on_day, days, wished_days, group, day[slot], day[to_slot])
                reach = row_count[group]
                if other >= 0:
                    more += fewer_days * day_change(on_day, days, wished_days, other, day[to_slot], day[slot])
                    reach += row_count[other]
                if more + clashes * clash_weight > limit + 3 * alone * reach:
                    continue
                more += alone * lone_change(
                    taken, mask, rows, row_count, in_row, chain, bit, group, other, slot, to_slot
                )  # fmt: skip
                if other >= 0:
                    more += alone * lone_change(
                        taken, mask, rows, row_count, in_row, chain, bit, other, group, to_slot, slot
                    )
            if more + clashes * clash_weight > limit:
                continue
            if slot != to_slot:
                move_group(on_day, days, busy, rivals, rival_count, day, group, slot, to_slot)
                move_rows(taken, mask, rows, row_count, in_row, chain, bit, group, other, slot, to_slot)
                if other >= 0:
                    move_group(on_day, days, busy, rivals, rival_count, day, other, to_slot, slot)
                    move_rows(taken, mask, rows, row_count, in_row, chain, bit, other, group, to_slot, slot)
            at[slot, venue] = FREE
            in_venue[group, venue] -= 1
            in_venue[group, to_venue] += 1
            slot_of[lesson], venue_of[lesson] = to_slot, to_venue
            if other >= 0:
                at[to_slot, its_venue] = FREE
                at[slot, back] = held
                in_venue[other, its_venue] -= 1
                in_venue[other, back] += 1
                slot_of[held], venue_of[held] = slot, back
            at[to_slot, to_venue] = lesson
        totals[CLASHES] += clashes
        totals[POINTS] += more
        totals[ACCEPTED] += 1
        if totals[CLASHES] == 0 and totals[POINTS] < totals[BEST]:
            totals[BEST] = totals[POINTS]
            best_slot[:] = slot_of
            best_venue[:] = venue_of
    totals[MOVES] += moves


def warm_up() -> None:
    """Compile, by a search of one lesson that does not move."""
    one, flat, flags = np.zeros((1, 1), NUMBER), np.zeros(1, NUMBER), np.ones((1, 1), np.bool_)
    counts = np.ones(1, NUMBER)
    board = Board(
        flat, one, counts, flags, one, counts, counts, one, one, flags, one, counts, one, counts, flags, flat, flat,
        flat, flat, 1, 1, 1, 1,
    )  # fmt: skip
    hands = Hands(
        flat, flat, one, one.astype(COUNT), one.astype(COUNT), np.zeros((1, 1), np.int64), one.astype(COUNT),
        counts.astype(COUNT), one.astype(COUNT), np.zeros(5, np.int64), flat.copy(), flat.copy(), np.ones(1, np.uint64),
    )  # fmt: skip
    anneal(board, hands, 1.0, 1)
