"""The search: a relaxation for its bound and prices, a first assignment, then better ones.

Two things go on at the same time where there are two workers: one makes the first assignment while the other raises the
bound; then both look for better assignments: by annealing (``climbing``) where there are many people and rooms, else
by parts solved exactly, which share no room. With one worker they follow each other, and every limit is a count, so
that a run repeats exactly.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from functools import partial
from random import Random

from foyer.scheduling.linear import Limit
from foyer.scheduling.run import Incumbent
from foyer.scheduling.stages.room_search.bounding import nearest, price, prove, tighten
from foyer.scheduling.stages.room_search.case import Assignment, Case, Columns
from foyer.scheduling.stages.room_search.greedy import greedy
from foyer.scheduling.stages.room_search.hand import Effort, Hand, Outcome
from foyer.scheduling.stages.room_search.neighbours import Neighbours
from foyer.scheduling.stages.room_search.part import Part, everything, solve_part
from foyer.scheduling.stages.room_search.pricing import unloaded
from foyer.scheduling.stages.room_search.start import dive

COLUMNS = 24  # rooms per person on average in the programs over all people
WIDE = 3  # times so many where genders are settled
START_SHARE, BOUND_SHARE, PROOF_SHARE = 0.45, 0.5, 0.25  # of the time
PART_SECONDS, PART_NODES = 2.5, 40
FIRST_SIZE, LEAST_SIZE = 8.0, 3.0  # rooms of a part
GROWTH, SHRINKAGE = 1.05, 0.85
PATIENCE = 40  # parts without an improvement, after which one worker gives up
POLL_SECONDS = 0.02
OVERTIME = 0.5  # seconds that a solver may take beyond its time before it is left behind
SMALL = 4000  # columns: a problem so small is solved as one part
MANY = 20_000  # columns: from here on the search anneals, which takes memory and a compiler


class RoomSearch:
    """One search. ``stop`` may be called from any thread: the search ends with what it has."""

    def __init__(self, case: Case, effort: Effort, incumbent: Incumbent) -> None:
        self._case, self._effort = case, effort
        self._workers = 1 if effort.workers == 1 else max(2, min(effort.workers, os.cpu_count() or 2))
        self._hand = Hand(case, effort, incumbent)
        self._lock = threading.Lock()
        self._taken: set[int] = set()
        self._size = FIRST_SIZE
        self._failures = 0
        self._neighbours: Neighbours | None = None
        self._threads: list[threading.Thread] = []
        self._errors: list[BaseException] = []

    def stop(self) -> None:
        self._hand.stop()

    def begin_with(self, rooms: Assignment) -> None:
        """Take an assignment as the first; it is left out if it breaks a rule."""
        self._hand.take(rooms)

    def run(self) -> Outcome:
        """Search until the bound is reached, the time is over or somebody stops it. Solvers cannot be interrupted:
        those still at work then are left behind, and ``unfinished`` names their threads."""
        self._at_once(self._work)
        if self._errors:
            raise self._errors[0]
        return self._hand.outcome()

    @property
    def unfinished(self) -> list[threading.Thread]:
        return [thread for thread in self._threads if thread.is_alive()]

    def _work(self) -> None:
        if self._hand.is_over():
            return
        columns = sum(map(len, self._case.options))
        if columns <= SMALL:
            self._solve_whole()
            return
        self._hand.take(greedy(self._case))
        self._hand.know(*unloaded(self._case))
        if columns >= MANY and len(self._case.bands) == 1:
            self._climb()
        else:
            self._search()

    def _solve_whole(self) -> None:
        limit = Limit(self._effort.left, gap=self._case.unit - 0.5, seed=self._effort.seed)
        found = solve_part(self._case, everything(self._case), self._hand.rooms, lambda i: self._case.options[i], limit)
        self._hand.change(found.rooms)
        if found.is_optimal:
            self._hand.prove_best()
        else:
            self._hand.prove(found.bound)

    def _climb(self) -> None:
        from foyer.scheduling.stages.room_search.climbing import Climb  # loads the compiler

        until = self._effort.until
        if self._workers == 1:
            self._bound(time.monotonic() + BOUND_SHARE * self._effort.left)
            Climb(self._hand, 0).run(until)
            return

        def bound_and_climb() -> None:
            self._bound(time.monotonic() + BOUND_SHARE * self._effort.left)
            climbs[0].run(until)

        climbs = [Climb(self._hand, number) for number in range(self._workers)]
        self._at_once(bound_and_climb, *(partial(climb.run, until) for climb in climbs[1:]))

    def _bound(self, until: float) -> None:
        price(self._hand, until)
        tighten(self._hand, nearest(self._hand.prices, COLUMNS), until)

    def _search(self) -> None:
        case, total = self._case, self._effort.left
        price(self._hand, self._effort.until)
        prices = self._hand.prices
        near, wide = nearest(prices, COLUMNS), nearest(prices, COLUMNS * WIDE)
        start_by = time.monotonic() + START_SHARE * total
        self._in_turn(lambda: self._begin(near, wide, start_by), lambda: tighten(self._hand, near, start_by))
        self._neighbours = Neighbours(case, self._hand.prices)
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
            if self._hand.is_stopped or self._effort.left < -OVERTIME:
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
        self._hand.take(dive(self._case, near, wide, until, self._effort.seed, self._hand.is_over))

    def _improve_and_prove(self, prove_at: float) -> None:
        self._improver(0, prove_at)()
        prove(self._hand)
        self._improver(0, self._effort.until)()

    def _improver(self, number: int, until: float) -> Callable[[], None]:
        random = Random(self._effort.seed * 1000 + number)
        is_one = self._workers == 1

        def work() -> None:
            assert self._neighbours is not None
            while not self._hand.is_over() and time.monotonic() < until and (not is_one or self._failures < PATIENCE):
                with self._lock:
                    rooms = self._hand.rooms
                    part = self._neighbours.part(rooms, round(self._size), self._taken, random)
                    if part is not None:
                        self._taken.update(part.rooms)
                if part is None:
                    time.sleep(0.01)
                    continue
                self._improve(part, rooms)

        return work

    def _improve(self, part: Part, rooms: Assignment) -> None:
        assert self._neighbours is not None
        near, gap = self._neighbours.near, self._hand.price_gap
        seconds = self._effort.left if self._workers == 1 else min(PART_SECONDS, self._effort.left)
        limit = Limit(seconds, PART_NODES if self._workers == 1 else None, self._case.unit - 0.5, self._effort.seed)
        found = solve_part(self._case, part, rooms, lambda i: near(i, part, gap), limit)
        with self._lock:
            self._taken.difference_update(part.rooms)
            self._size = max(LEAST_SIZE, self._size * (GROWTH if found.is_optimal else SHRINKAGE))
            self._size = min(self._size, len(self._case.rooms))
            self._failures = 0 if self._hand.change(found.rooms) else self._failures + 1
