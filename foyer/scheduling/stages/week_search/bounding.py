"""Proving how good a week can be at best, beside the search for it: from small parts of the week to larger ones."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from foyer.scheduling.cpsat import SLACK
from foyer.scheduling.index import Index
from foyer.scheduling.plan import Limits
from foyer.scheduling.stages.week_search.climb import Race
from foyer.scheduling.stages.week_search.layout import Names
from foyer.scheduling.stages.week_search.relaxation import Part, Times, times_model, times_of, venues_model

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

    from foyer.scheduling.stages.week_search.kernel import Board

VENUES_SHARE = 0.15  # of the time, for the venues at most
WORKERS = 4  # of CP-SAT: some look for bounds only


@dataclass(slots=True)
class Piece:
    """A part of the week and what it costs at least, in steps of points."""

    part: Part
    bound: int


class Bounding:
    """Solves relaxations one after the other; every bound is told to the race."""

    def __init__(self, index: Index, race: Race, limits: Limits) -> None:
        self._index, self._race, self._limits = index, race, limits
        self._solver: Any = None

    def stop(self) -> None:
        if self._solver is not None:
            self._solver.stop_search()

    def run(self, board: Board, names: Names, seconds: float) -> None:
        """The venues, then the times: single rows first, pairs of parts merged until the week is whole."""
        clock = _Clock(seconds, repeatable=self._limits.workers == 1)
        model = venues_model(self._index, board, names)
        venues = self._least(model, clock, seconds * VENUES_SHARE, lp=True)
        self._race.proven(venues)
        times = times_of(self._index, board, names)
        pieces = _rows_alone(times)
        rounds = math.ceil(math.log2(max(2, len(pieces)))) + 1
        merged = pieces
        for number in range(rounds):
            slice_ = clock.left() / (rounds - number)
            for i, piece in enumerate(merged):
                if self._race.is_over or clock.left() <= 0:
                    return
                limit = max(0.05, slice_ / (len(merged) - i))
                found = self._least(times_model(times, piece.part, piece.bound), clock, limit)
                slice_ -= clock.spent
                piece.bound = max(piece.bound, found)
                self._race.proven(venues + sum(p.bound for p in pieces))
            pieces, merged = _merged(times, pieces)

    def _least(self, model: cp_model.CpModel, clock: _Clock, seconds: float, *, lp: bool = False) -> int:
        """What the model costs at least, proven within the seconds. ``lp``: its linear relaxation is the way to it."""
        from ortools.sat.python import cp_model

        if self._race.is_over:
            return 0
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1 if clock.repeatable or lp else WORKERS
        solver.parameters.linearization_level = 2 if lp else 1
        solver.parameters.random_seed = self._limits.seed % (2**31 - 1)
        solver.parameters.max_time_in_seconds = seconds
        if clock.repeatable:
            solver.parameters.max_deterministic_time = seconds
            solver.parameters.max_time_in_seconds = seconds * SLACK
        self._solver = solver
        began = time.monotonic()
        status = solver.solve(model)
        clock.spend(time.monotonic() - began, solver)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE, cp_model.UNKNOWN):
            return 0
        bound = solver.best_objective_bound
        return max(0, math.ceil(bound - 1e-6)) if math.isfinite(bound) else 0


class _Clock:
    """Seconds that pass, or the solver's own deterministic time where a run is to be repeatable."""

    def __init__(self, seconds: float, *, repeatable: bool) -> None:
        self.repeatable = repeatable
        self.spent = 0.0  # by the last search
        self._ends = time.monotonic() + seconds
        self._left = seconds

    def left(self) -> float:
        return self._left if self.repeatable else self._ends - time.monotonic()

    def spend(self, seconds: float, solver: Any) -> None:
        self.spent = solver.response_proto.deterministic_time if self.repeatable else seconds
        self._left -= self.spent


def _rows_alone(times: Times) -> list[Piece]:
    """One piece for each row, with the days of the groups that no row before has; and one for each group in no row."""
    left = set(range(len(times.names.groups)))
    pieces = []
    for row, members in enumerate(times.members):
        own = frozenset(left.intersection(members))
        left -= own
        pieces.append(Piece(Part(frozenset((row,)), own), 0))
    pieces += [Piece(Part(frozenset(), frozenset((g,))), 0) for g in sorted(left)]
    return pieces


def _merged(times: Times, pieces: Sequence[Piece]) -> tuple[list[Piece], list[Piece]]:
    """Each piece with the one that it shares most groups with: all pieces then, and those that are new."""
    waiting = sorted(pieces, key=lambda p: (len(times.groups_of(p.part)), sorted(p.part.rows)))
    kept: list[Piece] = []
    new: list[Piece] = []
    while waiting:
        piece = waiting.pop(0)
        partner = max(waiting, key=lambda other: _likeness(times, piece, other), default=None)
        if partner is None:
            kept.append(piece)
            continue
        waiting.remove(partner)
        part = Part(piece.part.rows | partner.part.rows, piece.part.groups | partner.part.groups)
        new.append(Piece(part, piece.bound + partner.bound))
    return kept + new, new


def _likeness(times: Times, one: Piece, other: Piece) -> tuple[float, int]:
    a, b = times.groups_of(one.part), times.groups_of(other.part)
    return len(a & b) / max(1, len(a | b)), -len(b)
