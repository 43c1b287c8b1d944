"""Rooms by annealing: a good assignment within seconds, before any program is solved."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from foyer.scheduling.stages.room_search.case import NOWHERE, Assignment, Case, Columns

if TYPE_CHECKING:
    from foyer.scheduling.stages.room_search.kernel import Board, Hands

NEAR = 40  # rooms that a person tries before there are prices, the cheapest
CHUNK = 20_000  # chains between two looks at the clock
HOT_SHARE = 0.12  # of the chains change the points for the worse and are kept, at the beginning
WARMER = 1.25  # steps in which that temperature is found
COOLING = 30.0  # the first temperature is so many times the last
SAMPLE = 30  # chains per person that measure a temperature

Share = Callable[[int], float]  # of the annealing that is over after so many chains, 1 at the end


def by_clock(until: float) -> Share:
    """The share of the time up to a moment of the monotonic clock."""
    started = time.monotonic()
    return lambda tries: (time.monotonic() - started) / max(until - started, 0.001)


def by_tries(total: int) -> Share:
    return lambda tries: tries / max(total, 1)


def warm_up(case: Case) -> None:
    """Compile the kernel where no earlier run left it on disk: some seconds of work."""
    from foyer.scheduling.stages.room_search.kernel import anneal, fill

    board = board_of(case)
    hands = hands_of(board, np.random.default_rng(0))
    fill(board, hands, np.arange(0))
    anneal(board, hands, 1.0, 0)


class Annealing:
    """Anneals one case again and again, each time with other random numbers."""

    def __init__(self, case: Case, seed: int, is_over: Callable[[], bool]) -> None:
        self._case, self._is_over = case, is_over
        self._board = board_of(case)
        self._seed = np.random.default_rng(seed)
        self._hot = 0.0

    def look_at(self, columns: Columns) -> None:
        """Let everybody try these rooms only."""
        self._board = only(self._board, columns)

    def from_nobody(self, share: Share) -> Assignment:
        """Everybody to the cheapest room left, in the order of arrivals; then cool down from hot."""
        from foyer.scheduling.stages.room_search.kernel import fill

        hands = hands_of(self._board, self._seed)
        fill(self._board, hands, np.lexsort((-self._board.last, self._board.first)))
        self._hot = _hot(self._board, hands, self._is_over)
        return self._cooled(hands, self._hot, share)

    def from_assignment(self, rooms: Assignment, warmth: float, share: Share) -> Assignment:
        """Cool down from a share of the first temperature; ``from_nobody`` has to be called before."""
        from foyer.scheduling.stages.room_search.kernel import settle

        hands = hands_of(self._board, self._seed)
        nowhere = len(self._case.rooms)
        settle(self._board, hands, np.array([nowhere if room == NOWHERE else room for room in rooms]))
        return self._cooled(hands, warmth * self._hot, share)

    def _cooled(self, hands: Hands, hot: float, share: Share) -> Assignment:
        """The last assignment: the coldest. Ages are not counted; genders may share a ``same`` room where that was
        not to be avoided."""
        from foyer.scheduling.stages.room_search.kernel import anneal

        cold = self._hot / COOLING
        tries = 0
        while not self._is_over():
            gone = share(tries)
            if gone >= 1.0:
                break
            anneal(self._board, hands, hot * (cold / hot) ** gone, CHUNK)
            tries += CHUNK
        nowhere = len(self._case.rooms)
        return [NOWHERE if room == nowhere else room for room in hands.room.tolist()]


def _hot(board: Board, hands: Hands, is_over: Callable[[], bool]) -> float:
    """The temperature at which enough chains for the worse are kept. Chains that cost nothing are kept at any."""
    least = 0.5
    plain = _kept(board, hands, least)
    heat = least
    while not is_over() and _kept(board, hands, heat) < plain + HOT_SHARE and heat < board.cost.max():
        heat *= WARMER
    return heat


def _kept(board: Board, hands: Hands, heat: float) -> float:
    from foyer.scheduling.stages.room_search.kernel import ACCEPTED, anneal

    tries = SAMPLE * len(board.first)
    anneal(board, hands, heat, tries)
    before = int(hands.totals[ACCEPTED])
    anneal(board, hands, heat, tries)
    return (int(hands.totals[ACCEPTED]) - before) / tries


def board_of(case: Case) -> Board:
    """Of equally cheap rooms, others are near for everybody."""
    from foyer.scheduling.stages.room_search.kernel import FORBIDDEN, Board

    people, rooms = len(case.people), len(case.rooms)
    cost = np.full((people, rooms + 1), FORBIDDEN, np.int32)
    for i, own in enumerate(case.options):
        for j, points in own.items():
            cost[i, j] = points
        if i not in case.pinned or not own:
            cost[i, rooms] = case.heavy * case.unplaced[i]
    dearest = int(cost[cost < FORBIDDEN].max(initial=0))
    each = list(case.rooms)
    mixed = [_mixed(case, j, dearest) for j in range(rooms)] + [0]
    noise = np.random.default_rng(0).random((people, rooms))
    near = np.lexsort((noise, cost[:, :rooms]))[:, :NEAR]
    enemies = [sorted(case.enemies.get(i, ())) for i in range(people)]
    widest = max([1, *map(len, enemies)])
    return Board(
        cost=cost,
        near=near.astype(np.int32),
        near_count=np.minimum((cost[:, :rooms] < FORBIDDEN).sum(axis=1), NEAR),
        cheapest=cost.min(axis=1),
        first=np.array([stay.start for stay in case.stays]),
        last=np.array([stay.stop for stay in case.stays]),
        woman=np.array(case.women, np.int64),
        enemies=np.array([own + [-1] * (widest - len(own)) for own in enemies]),
        enemy_count=np.array([len(own) for own in enemies]),
        beds=np.array([room.beds for room in each] + [people]),
        mixed=np.array(mixed),
        nights=np.array([span.nights for span in case.spans]),
    )


def only(board: Board, columns: Columns) -> Board:
    """The board with these rooms near, the cheapest first; of equally cheap ones, others for everybody."""
    noise = np.random.default_rng(0)
    near = np.zeros((len(columns), max([1, *map(len, columns)])), np.int32)
    for i, own in enumerate(columns):
        rooms = np.array(own, np.int32)
        near[i, : len(own)] = rooms[np.lexsort((noise.random(len(own)), board.cost[i, rooms]))]
    return board._replace(near=near, near_count=np.array([len(own) for own in columns]))


def _mixed(case: Case, room: int, dearest: int) -> int:
    """Points a night: what the room says, or more than any room's price where genders must not share it."""
    if not case.is_split(room):
        return 0
    return 1 + dearest if case.rooms[room].policy == "same" else case.rooms[room].mixed


def hands_of(board: Board, seed: np.random.Generator) -> Hands:
    from foyer.scheduling.stages.room_search.kernel import LONGEST, Hands

    people, rooms = board.cost.shape
    return Hands(
        room=np.full(people, rooms - 1, np.int64),
        count=np.zeros((rooms, len(board.nights), 2), np.int16),
        members=np.zeros((rooms, people), np.int32),
        size=np.zeros(rooms, np.int64),
        place=np.zeros(people, np.int64),
        best=np.zeros(people, np.int64),
        chain=np.zeros(LONGEST, np.int64),
        left=np.zeros(LONGEST, np.int64),
        totals=np.zeros(4, np.int64),
        seed=seed.integers(1, 2**63, size=1, dtype=np.uint64),
    )
