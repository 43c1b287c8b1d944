"""What a search has in hand: the best assignment, the bound and the prices, for several threads at once."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass

from foyer.scheduling.run import Incumbent
from foyer.scheduling.stages.room_search.case import NOWHERE, Assignment, Case, Worth, is_sound, worth
from foyer.scheduling.stages.room_search.relaxation import Prices, rounded


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


class Hand:
    """Everything here may be called from any thread."""

    def __init__(self, case: Case, effort: Effort, incumbent: Incumbent) -> None:
        self.case, self.effort, self._incumbent = case, effort, incumbent
        self._lock = threading.RLock()
        self._stopping = threading.Event()
        self._rooms: Assignment = [NOWHERE] * len(case.people)
        self._worth = worth(case, self._rooms)
        self._bound = 0
        self.prices: Prices = None  # of the best relaxation so far
        self.has_prices = False  # those are a solved relaxation's
        self.priced_from = 0.0  # a plan costs at least this, and each of its prices more

    def stop(self) -> None:
        self._stopping.set()

    @property
    def is_stopped(self) -> bool:
        return self._stopping.is_set()

    def is_over(self) -> bool:
        return self._stopping.is_set() or self.effort.left <= 0 or self.gap <= 0

    @property
    def rooms(self) -> Assignment:
        with self._lock:
            return list(self._rooms)

    @property
    def gap(self) -> int:
        """Heavy points between the assignment and the bound."""
        return self._heavy(self._worth) - self._bound

    @property
    def price_gap(self) -> float:
        """No better plan has a column with a higher price."""
        return self._heavy(self._worth) - self.priced_from

    def outcome(self) -> Outcome:
        with self._lock:
            return Outcome(list(self._rooms), self._worth, self._bound)

    def _heavy(self, value: Worth) -> int:
        return self.case.heavy * value.unplaced + value.points

    def take(self, rooms: Assignment) -> bool:
        """Keep an assignment that is no worse than the one in hand; whether it is better."""
        with self._lock:
            value = worth(self.case, rooms)
            if self._worth < value or not is_sound(self.case, rooms):
                return False
            is_better = value < self._worth
            self._rooms, self._worth = list(rooms), value
            if is_better:
                self._incumbent.tell(value.points + value.unplaced, None)
            return is_better

    def change(self, places: Mapping[int, int]) -> bool:
        """The same with other rooms for some people."""
        with self._lock:
            return bool(places) and self.take([places.get(i, j) for i, j in enumerate(self._rooms)])

    def prove(self, bound: float) -> None:
        """Keep a bound that is higher than the one in hand."""
        if not math.isfinite(bound):
            return  # the solver had no time for any
        with self._lock:
            self._bound = min(max(self._bound, rounded(self.case, bound)), self._heavy(self._worth))
            if not self._worth.unplaced:
                self._incumbent.tell(None, self._bound)

    def prove_best(self) -> None:
        """Nothing is better than the assignment in hand."""
        self.prove(self._heavy(self._worth))

    def know(self, prices: Prices, bound: float) -> None:
        """Keep prices, and the bound that they belong to."""
        if self.prices is None or bound >= self.priced_from:
            self.prices, self.priced_from = prices, bound
        self.prove(bound)
