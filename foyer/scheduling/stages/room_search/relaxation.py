"""The relaxed rooms stage: residents may be split between rooms. Its value is a bound, its prices guide the search.

The relaxation is solved on a part of the columns (who may live where). Everybody has exactly one place, so that the sum
of everybody's least reduced cost over all columns completes the bound: it is the Lagrangian relaxation's, and holds
whatever was left out.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from foyer.scheduling.linear import Limit, Linear, Solved, minimise_once
from foyer.scheduling.stages.room_search.case import Case, Columns
from foyer.scheduling.stages.room_search.rows import Shared, cuts, room_rows

Prices = Any  # an array by person and room; infinite where the room does not suit
TOLERANCE, EPSILON = 1e-4, 1e-6
ADDED = 6  # columns per person and round, at most


@dataclass(slots=True)
class Relaxation:
    """The program over some columns. Its values are heavy points: unplaced points times ``case.heavy``, plus all other
    points. The first rows are the people's, in their order. ``plain``: without the rows about genders, which cost
    nothing before there are cuts."""

    case: Case
    columns: Columns
    plain: bool = False
    solved: Solved | None = None
    program: Linear = field(default_factory=Linear)
    places: list[dict[int, int]] = field(default_factory=list)  # by person: room to variable
    nowhere: list[int | None] = field(default_factory=list)
    shared: list[Shared] = field(default_factory=list)
    first_cut: int = 0  # the rows from here on are cuts
    beds: dict[tuple[int, int], int] = field(default_factory=dict)  # room and span: the row that counts the beds

    def __post_init__(self) -> None:
        case, program = self.case, self.program
        by_room: list[dict[int, int]] = [{} for _ in case.rooms]
        for i, rooms in enumerate(self.columns):
            own = {j: program.variable(0, 1, case.options[i][j], whole=True) for j in rooms}
            out = None
            if i not in case.pinned or not own:
                out = program.variable(0, 1, case.heavy * case.unplaced[i], whole=True)
            self.places.append(own)
            self.nowhere.append(out)
            entries = [(x, 1.0) for x in own.values()] + ([] if out is None else [(out, 1.0)])
            program.row(entries, low=1, high=1)
            for j, x in own.items():
                by_room[j][i] = x
        for j, places in enumerate(by_room):
            made = room_rows(program, case, j, places, plain=self.plain)
            self.shared += made.shared
            self.beds.update({(j, span): row for span, row in made.beds.items()})
        self.first_cut = len(program.rows)

    def solve(self, seconds: float, seed: int) -> bool:
        """Solve as it stands; False where it is infeasible or the time did not suffice."""
        solved = minimise_once(self.program, Limit(seconds, seed=seed), relaxed=True)
        if not solved.is_optimal:
            return False
        self.solved = solved
        return True

    def tighten(self) -> int:
        """Add the rows that the last solution hurts, and drop those added before that it does not need; how many."""
        assert self.solved is not None
        rows, prices = self.program.rows, self.solved.prices
        rows[self.first_cut :] = [row for n, row in enumerate(rows[self.first_cut :], self.first_cut) if prices[n]]
        found = [cut for shared in self.shared for cut in cuts(shared, self.solved.values)]
        for entries, high in found:
            self.program.row(entries, high=high)
        return len(found)

    def proven(self) -> tuple[Prices, float]:
        """Prices, and a bound for all columns: a plan with a column costs at least its price more than the bound.

        Everybody has exactly one place, so that the bound is the rows' part of the solver's own plus everybody's least
        reduced cost, whatever columns were left out. Those are priced by the rows for beds and genders that they would
        be part of. What other rows would add is never negative, so the price is at most the true one."""
        assert self.solved is not None
        reduced, due = np.array(self.solved.reduced), self.solved.prices[: len(self.case.people)]
        first, last = [stay.start for stay in self.case.stays], [stay.stop for stay in self.case.stays]
        women, men = (load[:, last] - load[:, first] for load in self._loads())
        load = np.where(np.array(self.case.women), women, men)
        prices = self.case.table - np.array(due)[:, None] - load.T
        least, counted = np.full(len(self.places), math.inf), 0.0
        for i, (own, out) in enumerate(zip(self.places, self.nowhere, strict=True)):
            own_prices = reduced[list(own.values())]
            prices[i, list(own)] = own_prices
            counted += own_prices[own_prices < 0].sum()
            if out is not None:
                least[i] = reduced[out]
                counted += min(0.0, reduced[out])
        least = np.minimum(least, prices.min(axis=1, initial=math.inf))
        return prices - least[:, None], self.solved.bound + float(least.sum() - counted)

    def missing(self, prices: Prices) -> list[list[int]]:
        """By person, a few columns outside that are cheaper than all inside: with them the relaxation may cost less."""
        least = np.array([min((prices[i, j] for j in own), default=math.inf) for i, own in enumerate(self.places)])
        order = np.argsort(prices, axis=1, kind="stable")[:, :ADDED]
        return [[j for j in own if prices[i, j] < least[i] - EPSILON] for i, own in enumerate(order.tolist())]

    def extend(self, columns: Columns) -> None:
        """Let everybody have these columns too. They are no part of the cuts, which hold without them."""
        rows = self.program.rows
        shared = {(each.room, each.span): each for each in self.shared}
        for i, more in enumerate(columns):
            for j in more:
                x = self.places[i][j] = self.program.variable(0, 1, self.case.options[i][j], whole=True)
                rows[i][2].append((x, 1.0))
                for key in ((j, span) for span in self.case.stays[i]):
                    if key in self.beds:
                        rows[self.beds[key]][2].append((x, 1.0))
                    if key in shared:
                        shared[key].add(i, x, is_woman=self.case.women[i], rows=rows)

    def _loads(self) -> tuple[Prices, Prices]:
        """For a woman and for a man, by room and span: what all the spans before charge."""
        assert self.solved is not None
        rows, shape = self.solved.prices, (len(self.case.rooms), len(self.case.spans) + 1)
        women, men = np.zeros(shape), np.zeros(shape)
        for (room, span), row in self.beds.items():
            women[room, span + 1] += rows[row]
            men[room, span + 1] += rows[row]
        for shared in self.shared:
            women[shared.room, shared.span + 1] += rows[shared.women_row]
            men[shared.room, shared.span + 1] += rows[shared.men_row]
        return women.cumsum(axis=1), men.cumsum(axis=1)


def rounded(case: Case, bound: float) -> int:
    """A bound in whole points: no plan's points lie between it and the next multiple of the unit."""
    return case.unit * math.ceil((bound - TOLERANCE * max(1.0, abs(bound) / 1000)) / case.unit)
