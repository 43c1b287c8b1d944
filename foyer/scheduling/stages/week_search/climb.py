"""Annealing in threads of its own: cooled by the clock, or by the number of moves where a run is to be repeatable."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from foyer.scheduling.run import POLL_SECONDS, Incumbent
from foyer.scheduling.stages.week_search.layout import NOTHING, Names

if TYPE_CHECKING:
    from foyer.scheduling.stages.week_search.kernel import Board, Hands

HOT = 0.4  # of what a lesson costs that is alone in all its rows: most such moves are taken
LEAST_HOT, COLD = 2.0, 0.13  # points: at COLD hardly a point more is taken
CHUNK = 20_000  # moves between two looks at the clock: a few milliseconds, so that a cancelled run ends at once


@dataclass(slots=True)
class Race:
    """What the threads of a search share: the best timetable, the proven bound, and whether to stop. In steps of
    points."""

    scale: int
    incumbent: Incumbent
    best: int | None = None
    slots: Sequence[int] = ()
    venues: Sequence[int] = ()
    bound: float = 0.0  # no week costs less than nothing
    stopping: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def found(self, points: int, slots: Sequence[int], venues: Sequence[int]) -> None:
        with self._lock:
            if self.best is None or points < self.best:
                self.best, self.slots, self.venues = points, tuple(slots), tuple(venues)
        self._tell()

    def proven(self, bound: float) -> None:
        with self._lock:
            self.bound = max(self.bound, bound)
        self._tell()

    def _tell(self) -> None:
        value = None if self.best is None else self.best / self.scale
        self.incumbent.tell(value, self.bound / self.scale)

    @property
    def is_over(self) -> bool:
        """Nothing is left to be found, or somebody asked to stop."""
        return self.stopping.is_set() or (self.best is not None and self.best <= self.bound)


Share = Callable[[int], float]  # of the way from hot to cold, after so many moves; 1 and more: the end


def by_clock(seconds: float) -> Share:
    started = time.monotonic()
    return lambda moves: (time.monotonic() - started) / max(seconds, 0.001)


def by_moves(total: int) -> Share:
    return lambda moves: moves / max(total, 1)


def compiled_in_time(race: Race) -> bool:
    """Compile the kernel, some seconds of work where no earlier run left it on disk. False: stopped before it was done;
    the compiler cannot be interrupted and is left behind."""
    from foyer.scheduling.stages.week_search.kernel import warm_up

    thread = threading.Thread(target=warm_up, daemon=True, name="foyer-compiling")
    thread.start()
    while thread.is_alive() and not race.is_over:
        thread.join(POLL_SECONDS)
    return not race.is_over


def climb(race: Race, names: Names, board: Board, hands: Hands, share: Share) -> None:
    """Cool down once, and tell the race of every better timetable."""
    from foyer.scheduling.stages.week_search.kernel import BEST, MOVES, anneal

    known = NOTHING
    cold = names.scale * COLD
    hot = max(names.scale * LEAST_HOT, HOT * board.alone * float(board.row_count[board.group_of].mean()))
    while not race.is_over:
        gone = share(int(hands.totals[MOVES]))
        if gone >= 1.0:
            return
        anneal(board, hands, hot * (cold / hot) ** gone, CHUNK)
        if hands.totals[BEST] < known:
            known = int(hands.totals[BEST])
            race.found(known, hands.best_slot.tolist(), hands.best_venue.tolist())
