"""The relaxed rooms stage: residents may be split between rooms. Its value is a bound, its prices guide the search.

The relaxation is solved on a part of the columns (who may live where). For the columns left out, everybody's least
reduced cost is added where it is negative: each has exactly one place, so this is the bound of the Lagrangian
relaxation and holds for all columns, whatever was left out.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from foyer.scheduling.linear import Limit, Linear, Solved, minimise_once
from foyer.scheduling.stages.room_search.case import Case
from foyer.scheduling.stages.room_search.rows import Shared, cuts, room_rows

Columns = Sequence[Sequence[int]]  # by person: the rooms in consideration
TOLERANCE = 1e-4


@dataclass(slots=True)
class Relaxation:
    """The program over some columns. Its values are heavy points: unplaced points times ``case.heavy``, plus all other
    points. The first rows are the people's, in their order."""

    case: Case
    columns: Columns
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
            made = room_rows(program, case, j, places, tight=False)
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

    def prices(self) -> list[dict[int, float]]:
        """By person, each room's reduced cost: a plan with it costs at least so many points more than the bound.
        Columns outside the program are priced by beds alone: what the rows about genders and pairs would add is never
        negative, so the price is at most the true one."""
        assert self.solved is not None
        rows, reduced = self.solved.prices, self.solved.reduced
        load = {key: rows[row] for key, row in self.beds.items() if rows[row]}
        found: list[dict[int, float]] = []
        for i, options in enumerate(self.case.options):
            own, stay = self.places[i], self.case.stays[i]
            found.append(
                {
                    j: max(0.0, reduced[own[j]])
                    if j in own
                    else points - rows[i] - sum(load.get((j, span), 0.0) for span in stay)
                    for j, points in options.items()
                }
            )
        return found

    def proven(self, prices: Sequence[dict[int, float]]) -> float:
        """The bound for all columns, from the last solution and its prices."""
        assert self.solved is not None
        return self.solved.bound + sum(min(0.0, min(own.values(), default=0.0)) for own in prices)


def rounded(case: Case, bound: float) -> int:
    """A bound in whole points: no plan's points lie between it and the next multiple of the unit."""
    return case.unit * math.ceil((bound - TOLERANCE * max(1.0, abs(bound) / 1000)) / case.unit)
