"""The search: a relaxation for its bound and prices, a first assignment near it, then part after part solved exactly.

Two things go on at the same time where there are two workers: one makes the first assignment while the other raises the
bound; then both improve parts that share no room. With one worker they follow each other, and every limit is a count,
so that a run repeats exactly.
"""

from __future__ import annotations

import math
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from foyer.scheduling.linear import Limit, minimise_once
from foyer.scheduling.run import Incumbent
from foyer.scheduling.stages.room_search.case import NOWHERE, Assignment, Case, Worth, is_sound, worth
from foyer.scheduling.stages.room_search.neighbours import Neighbours
from foyer.scheduling.stages.room_search.part import Part, solve_part
from foyer.scheduling.stages.room_search.relaxation import Columns, Relaxation, rounded
from foyer.scheduling.stages.room_search.start import dive

COLUMNS = 24  # rooms per person on average in the programs over all people
WIDE = 3  # times so many where genders are settled
START_SHARE, BOUND_SHARE, PROOF_SHARE = 0.45, 0.35, 0.25  # of the time
PROOF_COLUMNS, PROOF_ROUNDS = 20000, 4
PART_SECONDS, PART_NODES = 2.5, 40
FIRST_SIZE, LEAST_SIZE = 8.0, 3.0  # rooms of a part
GROWTH, SHRINKAGE = 1.05, 0.85
PATIENCE = 40  # parts without an improvement, after which one worker gives up
STALL = 2e-4  # a smaller growth of the bound, relative, is none
POLL_SECONDS = 0.02
OVERTIME = 0.5  # seconds that a solver may take beyond its time before it is left behind
SMALL = 4000  # columns: a problem so small is solved as one part


@dataclass(frozen=True, slots=True)
class Effort:
    """``until`` is a moment of the monotonic clock."""

    until: float
    workers: int
    seed: int

    @property
    def left(self) -> float:
        return self.until - time.monotonic()


@dataclass(frozen=True, slots=True)
class Outcome:
    """``bound`` is in heavy points (``case.heavy`` for each unplaced point), rounded up to what a plan can cost."""

    rooms: Assignment
    worth: Worth
    bound: int


class RoomSearch:
    """One search. ``stop`` may be called from any thread: the search ends with what it has."""

    def __init__(self, case: Case, effort: Effort, incumbent: Incumbent) -> None:
        self._case, self._effort, self._incumbent = case, effort, incumbent
        self._workers = 1 if effort.workers == 1 else max(2, min(effort.workers, os.cpu_count() or 2))
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._rooms: Assignment = [NOWHERE] * len(case.people)
        self._worth = worth(case, self._rooms)
        self._bound = 0
        self._taken: set[int] = set()
        self._size = FIRST_SIZE
        self._failures = 0
        self._prices: list[dict[int, float]] = []
        self._priced_from = 0.0  # a plan costs at least this, and each of its prices more
        self._neighbours: Neighbours | None = None
        self._threads: list[threading.Thread] = []
        self._errors: list[BaseException] = []

    def stop(self) -> None:
        self._stopping.set()

    def begin_with(self, rooms: Assignment) -> None:
        """Take an assignment as the first; it is left out if it breaks a rule."""
        self._take(rooms)

    def run(self) -> Outcome:
        """Search until the bound is reached, the time is over or somebody stops it. Solvers cannot be interrupted:
        those still at work then are left behind, and ``unfinished`` names their threads."""
        self._at_once(self._work)
        if self._errors:
            raise self._errors[0]
        with self._lock:
            return Outcome(list(self._rooms), self._worth, self._bound)

    @property
    def unfinished(self) -> list[threading.Thread]:
        return [thread for thread in self._threads if thread.is_alive()]

    def _work(self) -> None:
        case = self._case
        if self._is_over():
            return
        if sum(len(own) for own in case.options) <= SMALL:
            self._solve_whole(Part(tuple(range(len(case.rooms))), tuple(range(len(case.people)))))
        else:
            self._search()

    # What is in hand

    def _heavy(self, value: Worth) -> int:
        return self._case.heavy * value.unplaced + value.points

    def _take(self, rooms: Assignment) -> bool:
        """Keep an assignment that is no worse than the one in hand; whether it is better."""
        value = worth(self._case, rooms)
        if self._worth < value or not is_sound(self._case, rooms):
            return False
        is_better = value < self._worth
        self._rooms, self._worth = rooms, value
        if is_better:
            self._incumbent.tell(value.points + value.unplaced, None)
        return is_better

    def _raise(self, bound: float) -> None:
        """Keep a bound that is higher than the one in hand."""
        if not math.isfinite(bound):
            return  # the solver had no time for any
        with self._lock:
            self._bound = min(max(self._bound, rounded(self._case, bound)), self._heavy(self._worth))
            if not self._worth.unplaced:
                self._incumbent.tell(None, self._bound)

    def _know(self, prices: list[dict[int, float]], bound: float) -> None:
        """Keep prices, and the bound that they belong to."""
        if not self._prices or bound >= self._priced_from:
            self._prices, self._priced_from = prices, bound
        self._raise(bound)

    def _is_over(self) -> bool:
        return self._stopping.is_set() or self._effort.left <= 0 or self._bound >= self._heavy(self._worth)

    # The parts of the search

    def _solve_whole(self, whole: Part) -> None:
        limit = Limit(self._effort.left, gap=self._case.unit - 0.5, seed=self._effort.seed)
        found = solve_part(self._case, whole, self._rooms, lambda i, j: True, limit)
        if found.rooms:
            self._take([found.rooms[i] for i in range(len(self._rooms))])
        self._raise(self._heavy(self._worth) if found.is_optimal else found.bound)

    def _search(self) -> None:
        case, seed = self._case, self._effort.seed
        relaxation = Relaxation(case, [list(own) for own in case.options])
        if not relaxation.solve(self._effort.left, seed):
            return  # not even that: what is in hand is nobody anywhere, and a bound of 0
        prices = relaxation.prices()
        self._know(prices, relaxation.proven(prices))
        near, wide = nearest(prices, COLUMNS), nearest(prices, COLUMNS * WIDE)
        total = self._effort.left
        until = time.monotonic() + START_SHARE * total
        self._in_turn(
            lambda: self._begin(near, wide, until),
            lambda: self._tighten(near, time.monotonic() + BOUND_SHARE * total),
        )
        self._neighbours = Neighbours(case, self._prices)
        prove_at = self._effort.until - PROOF_SHARE * total
        if self._workers == 1:
            self._improver(0, self._effort.until)()
        else:
            works = [self._improver(n, self._effort.until) for n in range(1, self._workers)]
            self._at_once(lambda: self._improve_and_prove(prove_at), *works)

    def _at_once(self, *works: Callable[[], None]) -> None:
        """Do the works, each in a thread of its own; return when all have ended, or when the search is to stop."""

        def guarded(work: Callable[[], None]) -> None:
            try:
                work()
            except BaseException as error:  # handed to who called ``run``
                self._errors.append(error)
                self.stop()

        threads = [threading.Thread(target=guarded, args=(work,), daemon=True, name="foyer-rooms") for work in works]
        self._threads += threads
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            threads[0].join(POLL_SECONDS)
            threads = [thread for thread in threads if thread.is_alive()]
            if self._stopping.is_set() or self._effort.left < -OVERTIME:
                self.stop()
                return

    def _in_turn(self, *works: Callable[[], None]) -> None:
        """The same at the same time where there is more than one worker, else one after the other."""
        if self._workers > 1:
            self._at_once(*works)
            return
        for work in works:
            work()

    def _begin(self, near: Columns, wide: Columns, until: float) -> None:
        rooms = dive(self._case, near, wide, until, self._effort.seed, self._is_over)
        with self._lock:
            self._take(rooms)

    def _tighten(self, near: Columns, until: float) -> None:
        """Rounds of cuts, until the bound stalls."""
        relaxation = Relaxation(self._case, near)
        before, stalled = -1.0, 0
        while stalled < 2 and not self._is_over() and relaxation.solve(until - time.monotonic(), self._effort.seed):
            prices = relaxation.prices()
            bound = relaxation.proven(prices)
            self._know(prices, bound)
            stalled = stalled + 1 if bound < before + STALL * abs(before) else 0
            before = max(before, bound)
            if not relaxation.tighten():
                break

    def _improve_and_prove(self, prove_at: float) -> None:
        self._improver(0, prove_at)()
        self._prove()
        self._improver(0, self._effort.until)()

    def _prove(self) -> None:
        """The bound with whole genders, over the columns that a better plan could use, if they are few enough."""
        gap = self._heavy(self._worth) - self._priced_from
        columns = [[j for j, price in own.items() if price <= gap] for own in self._prices]
        if self._is_over() or sum(map(len, columns)) > PROOF_COLUMNS:
            return
        relaxation = Relaxation(self._case, columns)
        for _ in range(PROOF_ROUNDS):
            if not relaxation.solve(self._effort.left, self._effort.seed) or not relaxation.tighten():
                break
        self._raise(minimise_once(relaxation.program, Limit(self._effort.left, seed=self._effort.seed)).bound)

    def _improver(self, number: int, until: float) -> Callable[[], None]:
        random = Random(self._effort.seed * 1000 + number)

        def work() -> None:
            assert self._neighbours is not None
            while not self._is_over() and time.monotonic() < until and (self._workers > 1 or self._failures < PATIENCE):
                with self._lock:
                    part = self._neighbours.part(self._rooms, round(self._size), self._taken, random)
                    rooms = list(self._rooms)
                    if part is not None:
                        self._taken.update(part.rooms)
                if part is None:
                    time.sleep(0.01)
                    continue
                self._improve(part, rooms)

        return work

    def _improve(self, part: Part, rooms: Assignment) -> None:
        assert self._neighbours is not None
        is_near = self._neighbours.is_near
        room_left = self._heavy(self._worth) - self._bound
        seconds = self._effort.left if self._workers == 1 else min(PART_SECONDS, self._effort.left)
        limit = Limit(seconds, PART_NODES if self._workers == 1 else None, self._case.unit - 0.5, self._effort.seed)
        found = solve_part(self._case, part, rooms, lambda i, j: is_near(i, j, room_left), limit)
        with self._lock:
            self._taken.difference_update(part.rooms)
            self._size = max(LEAST_SIZE, self._size * (GROWTH if found.is_optimal else SHRINKAGE))
            self._size = min(self._size, len(self._case.rooms))
            changed = list(self._rooms)
            for i, j in found.rooms.items():
                changed[i] = j
            self._failures = 0 if found.rooms and self._take(changed) else self._failures + 1


def nearest(prices: list[dict[int, float]], average: int) -> Columns:
    """By person the rooms below one price, which is such that the average person has so many; at least the cheapest."""
    every = sorted(price for own in prices for price in own.values())
    most = every[min(len(every) - 1, average * len(prices))] if every else 0.0
    return [[j for j, price in own.items() if price <= most or price == min(own.values())] for own in prices]
