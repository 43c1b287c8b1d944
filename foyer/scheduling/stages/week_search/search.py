"""The search of a week: annealing and a bound beside each other, in two threads."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from foyer.scheduling.index import Index
from foyer.scheduling.plan import Level, Meeting
from foyer.scheduling.run import Incumbent, Run, leave_behind
from foyer.scheduling.stages.week_search import layout
from foyer.scheduling.stages.week_search.bounding import Bounding
from foyer.scheduling.stages.week_search.climb import Race, Share, by_clock, by_moves, climb, compiled_in_time
from foyer.scheduling.stages.week_search.layout import Names
from foyer.scheduling.stages.week_search.opening import first_places

if TYPE_CHECKING:
    from foyer.scheduling.stages.week_search.kernel import Board

STAGE = "times"
LEAST_WORK = 8_000  # meetings x times x venues from which on the exact model is left to smaller weeks
END_SHARE = 0.98  # of the remaining time; the rest is for reading the result
BOUND_SHARE = 0.3  # of it, in which the second thread looks for a bound before it anneals too
PATIENCE = 0.01  # seconds
ROUND_SECONDS = 12.0  # how long a thread's first attempt is at least, where there is time for it
MOST_ROUNDS = 32  # of a thread: their number grows with the logarithm of the time
MOVES_A_SECOND = 1_000_000  # of a repeatable run, whatever the machine


def is_for_search(index: Index) -> bool:
    return layout.work_of(index) >= LEAST_WORK and layout.is_searchable(index)


def search_week(run: Run) -> tuple[tuple[Meeting, ...], Level] | None:
    """The best week found within the remaining time, and its proven bound. None where no timetable without a clash was
    found. Cancelling keeps the best."""
    incumbent = Incumbent()
    race = Race(layout.names_of(run.index).scale, incumbent)
    search = _Search(run, race)
    run.wait_for(search.go, stage=STAGE, incumbent=incumbent, interrupt=search.stop)
    if race.best is None:
        return None
    value, bound = race.best / race.scale, min(race.best, race.bound) / race.scale
    status = "optimal" if bound == value else "feasible"
    meetings = layout.meetings_of(run.index, search.names, race.slots, race.venues)
    return meetings, Level("times", value, bound, status, "annealing, bound by HiGHS")  # type: ignore[arg-type]


class _Search:
    """Arrays and threads of one search."""

    def __init__(self, run: Run, race: Race) -> None:
        self.names: Names = layout.names_of(run.index)
        self._run, self._race = run, race
        self._bounding = Bounding(run.index, race, run.limits)
        self._failed: list[BaseException] = []
        self._ended = threading.Event()

    def stop(self) -> None:
        """End the search, and wait until it has: its result is used."""
        self._race.stopping.set()
        self._ended.wait()

    def go(self) -> None:
        try:
            self._both()
        finally:
            self._ended.set()

    def _both(self) -> None:
        board = layout.board_of(self._run.index, self.names)
        if self._run.limits.workers == 1:
            seconds = self._run.limits.seconds * END_SHARE
            moves = seconds * (1 - BOUND_SHARE) * MOVES_A_SECOND
            self._climbs(board, 0, moves / MOVES_A_SECOND, lambda share: by_moves(round(moves * share)))
            self._await(self._aside(board, seconds * BOUND_SHARE, climbs=False))
            return
        seconds = self._run.remaining() * END_SHARE
        other = self._aside(board, seconds, climbs=True)
        self._climbs(board, 0, seconds, lambda share: by_clock(seconds * share))
        self._race.stopping.set()
        self._await(other)

    def _aside(self, board: Board, seconds: float, *, climbs: bool) -> threading.Thread:
        """Look for the bound in another thread, and let it anneal afterwards."""

        def work() -> None:
            try:
                started = self._run.seconds()
                self._bounding.run(board, self.names, seconds * BOUND_SHARE if climbs else seconds)
                left = seconds - (self._run.seconds() - started)
                if climbs:
                    self._climbs(board, 1, left, lambda share: by_clock(left * share))
            except BaseException as error:  # handed to the thread that waits
                self._failed.append(error)

        thread = threading.Thread(target=work, daemon=True, name="foyer-week")
        thread.start()
        return thread

    def _await(self, other: threading.Thread) -> None:
        """Until the thread has ended; once the search is over it is left behind where HiGHS holds it."""
        while other.is_alive() and not self._race.is_over:
            other.join(PATIENCE)
        other.join(PATIENCE)
        leave_behind([other])
        if self._failed:
            raise self._failed[0]

    def _climbs(self, board: Board, thread: int, seconds: float, share: Callable[[float], Share]) -> None:
        """Several times from the beginning, each time twice as long: the first soon has a good week, the last a very
        good one, and ends differ by chance."""
        rounds = max(1, int(math.log2(1 + seconds / ROUND_SECONDS)))
        for number in range(rounds):
            self._climb(board, thread * MOST_ROUNDS + number, share(2**number / (2**rounds - 1)))

    def _climb(self, board: Board, number: int, share: Share) -> None:
        if self._race.is_over:
            return
        seed = self._run.limits.seed * 1000 + number
        places = first_places(board, self.names, self._closed(), seed)
        if places is not None and compiled_in_time(self._race):
            hands = layout.hands_of(self._run.index, self.names, board, seed, places)
            climb(self._race, self.names, board, hands, share)

    def _closed(self) -> set[tuple[int, int]]:
        venues: Sequence[Any] = self._run.index.problem.venues
        return {
            (s, v)
            for v, venue in enumerate(venues)
            for s, slot in enumerate(self.names.slots)
            if slot in venue.unavailable
        }
