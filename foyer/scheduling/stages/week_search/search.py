"""The search of a week: annealing and a bound beside each other, in two threads."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from foyer.scheduling.index import Index
from foyer.scheduling.plan import Level, Meeting
from foyer.scheduling.run import Incumbent, Run
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
BOUND_SHARE = 0.4  # of it, in which the second thread looks for a bound before it anneals too
PATIENCE = 0.05  # seconds
MOST_ROUNDS, ROUND_SECONDS = 5, 12.0  # attempts of a thread at most, and how long each is at least
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
    return meetings, Level("times", value, bound, status, "annealing, bound by CP-SAT")  # type: ignore[arg-type]


class _Search:
    """Arrays and threads of one search."""

    def __init__(self, run: Run, race: Race) -> None:
        self.names: Names = layout.names_of(run.index)
        self._run, self._race = run, race
        self._bounding = Bounding(run.index, race, run.limits)
        self._failed: list[BaseException] = []
        self._ended = threading.Event()

    def stop(self) -> None:
        """End the search; asked for again and again, since a solver that is just about to begin does not hear it."""
        self._race.stopping.set()
        self._bounding.stop()
        while not self._ended.wait(PATIENCE):
            self._bounding.stop()

    def go(self) -> None:
        try:
            self._both()
        finally:
            self._ended.set()

    def _both(self) -> None:
        board = layout.board_of(self._run.index, self.names)
        if self._run.limits.workers == 1:
            seconds = self._run.limits.seconds * END_SHARE
            moves = round(seconds * (1 - BOUND_SHARE) * MOVES_A_SECOND)
            self._climbs(board, 0, seconds, lambda rounds: by_moves(moves // rounds))
            self._bounding.run(board, self.names, seconds * BOUND_SHARE)
            return
        seconds = self._run.remaining() * END_SHARE
        other = threading.Thread(target=self._guarded, args=(board, seconds), daemon=True)
        other.start()
        self._climbs(board, 0, seconds, lambda rounds: by_clock(seconds / rounds))
        self._race.stopping.set()
        while other.is_alive():
            self._bounding.stop()
            other.join(PATIENCE)
        if self._failed:
            raise self._failed[0]

    def _guarded(self, board: Board, seconds: float) -> None:
        try:
            started = self._run.seconds()
            self._bounding.run(board, self.names, seconds * BOUND_SHARE)
            left = seconds - (self._run.seconds() - started)
            self._climbs(board, 1, left, lambda rounds: by_clock(left / rounds))
        except BaseException as error:  # handed to the thread that waits
            self._failed.append(error)

    def _climbs(self, board: Board, thread: int, seconds: float, share: Callable[[int], Share]) -> None:
        """Several times from the beginning: annealing ends far better or worse by chance, so that the best of some
        shorter attempts beats a single long one."""
        rounds = min(MOST_ROUNDS, max(1, int(seconds / ROUND_SECONDS)))
        for number in range(rounds):
            self._climb(board, thread * MOST_ROUNDS + number, share(rounds))

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
