"""Proving how good a week can be at best, beside the search for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from foyer.scheduling.cpsat import SLACK
from foyer.scheduling.index import Index
from foyer.scheduling.plan import Limits
from foyer.scheduling.stages.week_search.climb import Race
from foyer.scheduling.stages.week_search.layout import Names
from foyer.scheduling.stages.week_search.relaxation import relaxed

if TYPE_CHECKING:
    from foyer.scheduling.stages.week_search.kernel import Board


class Bounding:
    """Minimises the relaxation; every bound that the solver proves is one of the week."""

    def __init__(self, index: Index, race: Race, limits: Limits) -> None:
        self._index, self._race, self._limits = index, race, limits
        self._solver: Any = None

    def stop(self) -> None:
        if self._solver is not None:
            self._solver.stop_search()

    def run(self, board: Board, names: Names, seconds: float) -> None:
        from ortools.sat.python import cp_model

        counting = [c for c in self._index.problem.conflicts if c.counts_alone]
        number = {g.id: i for i, g in enumerate(names.groups)}
        rows = [[number[g] for g in c.groups if g in number] for c in counting]
        made = relaxed(self._index, board, names, rows)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1 if self._limits.workers == 1 else 4
        solver.parameters.random_seed = self._limits.seed % (2**31 - 1)
        solver.parameters.max_time_in_seconds = seconds
        if self._limits.workers == 1:
            solver.parameters.max_deterministic_time = seconds
            solver.parameters.max_time_in_seconds = seconds * SLACK
        solver.best_bound_callback = self._race.proven
        self._solver = solver
        if self._race.is_over:
            return
        status = solver.solve(made.model)
        if status in (cp_model.OPTIMAL, cp_model.FEASIBLE, cp_model.UNKNOWN):
            self._race.proven(solver.best_objective_bound)
