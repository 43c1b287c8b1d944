"""The annealing of rooms, compiled with Numba: about a million chains of moves a second (see ``week_search.kernel``).

A *chain* begins with one person who goes to another room. Whoever is then too many there goes to the room just left, or
sometimes to a third; and so on, until every room has room enough. In some chains everybody of the other gender must
leave too, so that a room passes from the women to the men, or back, in one step. The chain's change of points
decides whether it is kept.

Nowhere is the room after the last: it has beds for all, at the price of the nights without a room.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from foyer.scheduling.stages.compiled import Array, below, compiled, unit

FORBIDDEN = 1 << 30  # the price of a room that does not suit: more than any sum of points
SETTLED, STUCK = -1, -2  # instead of a person who must leave
POINTS, BEST, ACCEPTED, LENGTH = range(4)  # places in ``Hands.totals``; LENGTH is the present chain's
PARTING = 0.3  # of the chains part women and men
ELSEWHERE = 0.1  # of those who must leave go to a third room
LONGEST = 8  # people in a chain


class Board(NamedTuple):
    """What never changes."""

    cost: Array  # person, room
    near: Array  # person, i -> room, cheapest first
    near_count: Array  # person
    cheapest: Array  # person: the least cost
    first: Array  # person: the stay's first span
    last: Array  # person: the span after the stay
    woman: Array  # person: 1 or 0
    enemies: Array  # person, i -> person who must not share a room
    enemy_count: Array  # person
    beds: Array  # room
    mixed: Array  # room: points a night for each of the fewer gender
    nights: Array  # span


class Hands(NamedTuple):
    """What the annealing changes: an assignment and what is counted along with it."""

    room: Array  # person
    count: Array  # room, span, gender
    members: Array  # room, i -> person
    size: Array  # room
    place: Array  # person: where among the room's members
    best: Array  # the cheapest assignment seen, by person
    chain: Array  # i -> person
    left: Array  # i -> the room that this person of the chain left
    totals: Array
    seed: Array


@compiled
def leave(board: Board, hands: Hands, person: int) -> Any:
    """Take the person out of the room; the change of points."""
    room, gender = hands.room[person], board.woman[person]
    points, mixed = -board.cost[person, room], board.mixed[room]
    for span in range(board.first[person], board.last[person]):
        hands.count[room, span, gender] -= 1
        if mixed and hands.count[room, span, gender] < hands.count[room, span, 1 - gender]:
            points -= mixed * board.nights[span]
    last = hands.size[room] - 1
    other = hands.members[room, last]
    hands.members[room, hands.place[person]] = other
    hands.place[other] = hands.place[person]
    hands.size[room] = last
    return points


@compiled
def enter(board: Board, hands: Hands, person: int, room: int) -> Any:
    """Put the person, who is in no room, in this one; the change of points."""
    gender = board.woman[person]
    points, mixed = board.cost[person, room], board.mixed[room]
    for span in range(board.first[person], board.last[person]):
        if mixed and hands.count[room, span, gender] < hands.count[room, span, 1 - gender]:
            points += mixed * board.nights[span]
        hands.count[room, span, gender] += 1
    hands.members[room, hands.size[room]] = person
    hands.place[person] = hands.size[room]
    hands.size[room] += 1
    hands.room[person] = room
    return points


@compiled
def suits(board: Board, hands: Hands, person: int, room: int) -> bool:
    """Whether the room has a bed for the whole stay, and none of the person's enemies."""
    for span in range(board.first[person], board.last[person]):
        if hands.count[room, span, 0] + hands.count[room, span, 1] >= board.beds[room]:
            return False
    for k in range(board.enemy_count[person]):
        if hands.room[board.enemies[person, k]] == room:
            return False
    return True


@compiled
def keep(hands: Hands) -> None:
    """Keep the present assignment as the best."""
    hands.totals[BEST] = hands.totals[POINTS]
    for person in range(hands.room.size):
        hands.best[person] = hands.room[person]


@compiled
def fill(board: Board, hands: Hands, order: Array) -> None:
    """Everybody in this order to the cheapest room that is left."""
    nowhere = board.cost.shape[1] - 1
    points = 0
    for person in order:
        best, least = nowhere, board.cost[person, nowhere]
        for room in range(nowhere):
            if board.cost[person, room] < least and suits(board, hands, person, room):
                more = enter(board, hands, person, room)
                leave(board, hands, person)
                if more < least:
                    best, least = room, more
        points += enter(board, hands, person, best)
    hands.totals[POINTS] = points
    keep(hands)


@compiled
def settle(board: Board, hands: Hands, rooms: Array) -> None:
    """Everybody to the room named."""
    points = 0
    for person in range(rooms.size):
        points += enter(board, hands, person, rooms[person])
    hands.totals[POINTS] = points
    keep(hands)


@compiled
def in_chain(hands: Hands, person: int) -> bool:
    for k in range(hands.totals[LENGTH]):
        if hands.chain[k] == person:
            return True
    return False


@compiled
def meet(board: Board, one: int, other: int) -> Any:
    return board.first[one] < board.last[other] and board.first[other] < board.last[one]


@compiled
def crowded(board: Board, hands: Hands, person: int, room: int) -> Any:
    """The first span of the person's stay on which the room has too few beds, or -1."""
    for span in range(board.first[person], board.last[person]):
        if hands.count[room, span, 0] + hands.count[room, span, 1] > board.beds[room]:
            return span
    return -1


@compiled
def stranger(board: Board, hands: Hands, person: int, room: int) -> Any:
    """Somebody of the other gender who meets the person in the room."""
    size = hands.size[room]
    start = below(hands.seed, size)
    for k in range(size):
        other = hands.members[room, (start + k) % size]
        if board.woman[other] != board.woman[person] and meet(board, person, other):
            return other
    return SETTLED


@compiled
def who_leaves(board: Board, hands: Hands, person: int, room: int, is_parting: bool) -> Any:
    """Somebody who must leave the room since this person came; SETTLED if nobody, STUCK if only people who moved."""
    other = SETTLED
    for k in range(board.enemy_count[person]):
        if hands.room[board.enemies[person, k]] == room:
            other = board.enemies[person, k]
    if other == SETTLED and is_parting and board.mixed[room] > 0:
        other = stranger(board, hands, person, room)
    if other != SETTLED:
        return STUCK if in_chain(hands, other) else other
    full = crowded(board, hands, person, room)
    if full < 0:
        return SETTLED
    size = hands.size[room]
    start = below(hands.seed, size)
    for k in range(size):
        other = hands.members[room, (start + k) % size]
        if board.first[other] <= full < board.last[other] and not in_chain(hands, other):
            return other
    return STUCK


@compiled
def follow(board: Board, hands: Hands, person: int, room: int, is_parting: bool, limit: float) -> Any:
    """Make the chain in which the person goes to the room; its change of points, FORBIDDEN if it came to no end."""
    chain, left, totals = hands.chain, hands.left, hands.totals
    nowhere, home = board.cost.shape[1] - 1, hands.room[person]
    chain[0], left[0], totals[LENGTH] = person, home, 1
    points = leave(board, hands, person) + enter(board, hands, person, room)
    head = 0
    while head < totals[LENGTH]:
        here = hands.room[chain[head]]
        other = SETTLED if here == nowhere else who_leaves(board, hands, chain[head], here, is_parting)
        if other == SETTLED:
            head += 1
            continue
        if other == STUCK or totals[LENGTH] >= LONGEST:
            return FORBIDDEN
        if points + board.cheapest[other] - board.cost[other, here] > limit:
            return FORBIDDEN  # it would hardly be kept
        to = home if here == room else room
        if board.near_count[other] and unit(hands.seed) < ELSEWHERE:
            to = board.near[other, below(hands.seed, board.near_count[other])]
        if to == here or board.cost[other, to] >= FORBIDDEN:
            return FORBIDDEN
        chain[totals[LENGTH]], left[totals[LENGTH]] = other, here
        totals[LENGTH] += 1
        points += leave(board, hands, other) + enter(board, hands, other, to)
    return points


@compiled
def undo(board: Board, hands: Hands) -> None:
    for k in range(hands.totals[LENGTH] - 1, -1, -1):
        leave(board, hands, hands.chain[k])
        enter(board, hands, hands.chain[k], hands.left[k])


@compiled
def relief(board: Board, hands: Hands, person: int) -> Any:
    """By how many points fewer people would live with the other gender if the person left."""
    room, gender = hands.room[person], board.woman[person]
    points, mixed = 0, board.mixed[room]
    if mixed:
        for span in range(board.first[person], board.last[person]):
            if hands.count[room, span, gender] <= hands.count[room, span, 1 - gender]:
                points += mixed * board.nights[span]
    return points


@compiled
def within(board: Board, person: int, most: float) -> Any:
    """How many of the rooms that suit the person cost at most so much."""
    low, high = 0, board.near_count[person]
    while low < high:
        middle = (low + high) // 2
        if board.cost[person, board.near[person, middle]] <= most:
            low = middle + 1
        else:
            high = middle
    return low


@compiled
def regret(board: Board, hands: Hands, person: int) -> Any:
    """What the person's room costs more than the cheapest."""
    return board.cost[person, hands.room[person]] - board.cheapest[person]


@compiled
def anneal(board: Board, hands: Hands, heat: float, tries: int) -> None:
    """So many chains at one temperature (points). Of two people the one who pays more goes. What a chain may cost is
    drawn first, so that it begins with a room that is cheap enough."""
    people, totals, seed = board.cost.shape[0], hands.totals, hands.seed
    for _ in range(tries):
        person, other = below(seed, people), below(seed, people)
        if regret(board, hands, other) > regret(board, hands, person):
            person = other
        limit = -heat * math.log(unit(seed))
        here = hands.room[person]
        most = board.cost[person, here] + relief(board, hands, person) + limit
        count = within(board, person, most)
        room = board.near[person, below(seed, count)] if count else here
        if room == here:
            continue
        more = follow(board, hands, person, room, unit(seed) < PARTING, limit)
        if more > limit:
            undo(board, hands)
            continue
        totals[POINTS] += more
        totals[ACCEPTED] += 1
        if totals[POINTS] < totals[BEST]:
            keep(hands)
