"""Proving how good a week can be at best, beside the search: by HiGHS, on relaxations of it from small to large."""

from __future__ import annotations

import datetime
import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from foyer.scheduling.index import Index
from foyer.scheduling.plan import Limits
from foyer.scheduling.program import SOLVER_SEED_LIMIT, Goal, in_solver_form, log_listener
from foyer.scheduling.stages.week_search.climb import Race
from foyer.scheduling.stages.week_search.layout import Names
from foyer.scheduling.stages.week_search.relaxation import Relaxed, days_relaxed, venues_relaxed, week_of, week_relaxed

if TYPE_CHECKING:
    from foyer.scheduling.stages.week_search.kernel import Board

VENUES_SHARE, DAYS_SHARE = 0.05, 0.1  # of the time at most; what is left is the week's
NODES_A_SECOND = 2  # of the search tree in a repeatable run, whatever the machine
SLACK = 4.0  # how many times its share a repeatable run may take by the clock


@dataclass(frozen=True, slots=True)
class _Told:
    """Tells the race of a relaxation's bounds, together with what others cost ``besides``."""

    race: Race
    goal: Goal
    besides: float

    def tell(self, value: float | None, bound: float | None) -> None:
        if bound is not None and 0 < bound < math.inf:
            self.race.proven(self.besides + self.goal.rounded_up(bound))


class Bounding:
    """Solves relaxations one after the other; every bound is told to the race. HiGHS cannot be interrupted, it ends at
    its own limit."""

    def __init__(self, index: Index, race: Race, limits: Limits) -> None:
        self._index, self._race, self._limits = index, race, limits

    def run(self, board: Board, names: Names, seconds: float) -> None:
        """Venues and days, whose costs are apart from each other, then the week, which counts both."""
        ends = time.monotonic() + seconds
        week = week_of(self._index, board, names)
        venues = self._least(venues_relaxed(week), seconds * VENUES_SHARE, 0.0)
        self._least(days_relaxed(week), seconds * DAYS_SHARE, venues)
        rest = (1 - VENUES_SHARE - DAYS_SHARE) * seconds
        self._least(week_relaxed(week), rest if self._is_repeatable else ends - time.monotonic(), 0.0)

    @property
    def _is_repeatable(self) -> bool:
        return self._limits.workers == 1

    def _least(self, relaxed: Relaxed, seconds: float, besides: float) -> float:
        """What the relaxation costs at least, as far as it is proven within the seconds; with what others cost
        ``besides``, it is told to the race as it rises."""
        from ortools.math_opt.python import mathopt

        if self._race.is_over or seconds <= 0:
            return 0.0
        goal = relaxed.goal
        model = mathopt.Model.from_model_proto(in_solver_form(relaxed.program, relaxed.program.rows, goal))
        parameters = mathopt.SolveParameters(
            time_limit=datetime.timedelta(seconds=seconds * (SLACK if self._is_repeatable else 1.0)),
            node_limit=round(seconds * NODES_A_SECOND) if self._is_repeatable else None,
            relative_gap_tolerance=0.0,
            absolute_gap_tolerance=0.001,
            random_seed=self._limits.seed % SOLVER_SEED_LIMIT,
        )
        told = _Told(self._race, goal, besides)
        result = mathopt.solve(model, mathopt.SolverType.HIGHS, params=parameters, msg_cb=log_listener(told, 0.0))
        bound = result.termination.objective_bounds.dual_bound
        told.tell(None, bound)
        return goal.rounded_up(bound) if 0 < bound < math.inf else 0.0
