"""Two relaxations of a week whose costs are disjoint, so that their bounds add up.

*Times without venues*: of the venues only their number is kept. Days below those wished (s10), lone meetings (s11) and
disliked starts are counted, for all of the week or for a part of it (``Part``): other parts are left out with all that
only they need, and the bounds of parts that share no cost add up too.

*Venues without times*: how many meetings of each group are in each venue. Seats (s9), size (s16), further venues (s12)
are counted.

Splitting the objective so is due to Cacchiani, Caprara, Roberti and Toth 2013, "A new lower bound for curriculum-based
course timetabling"; their parts are ours for the whole week.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from foyer.scheduling.index import Index
from foyer.scheduling.stages.week_search.layout import Names

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

    from foyer.scheduling.stages.week_search.kernel import Board


@dataclass(frozen=True, slots=True)
class Part:
    """Which costs a model counts: lone meetings of these rows, days and starts of these groups."""

    rows: frozenset[int]
    groups: frozenset[int]


@dataclass(frozen=True, slots=True)
class Times:
    """A week's times, ready to be modelled. ``members``: the groups of each row."""

    index: Index
    board: Board
    names: Names
    members: tuple[tuple[int, ...], ...]
    cliques: tuple[tuple[int, ...], ...]
    free: tuple[int, ...]  # venues open at each slot

    def groups_of(self, part: Part) -> frozenset[int]:
        """All groups that the part's costs depend on."""
        return part.groups.union(*(self.members[row] for row in part.rows))


def times_of(index: Index, board: Board, names: Names) -> Times:
    number = {g.id: i for i, g in enumerate(names.groups)}
    counting = [c for c in index.problem.conflicts if c.counts_alone]
    members = tuple(tuple(sorted(number[g] for g in c.groups if g in number)) for c in counting)
    closed = [set(venue.unavailable) for venue in index.problem.venues]
    free = tuple(sum(slot not in own for own in closed) for slot in names.slots)
    return Times(index, board, names, members, tuple(_cliques(board, members)), free)


def _cliques(board: Board, members: Sequence[Sequence[int]]) -> list[tuple[int, ...]]:
    """Sets of groups of which at most one meets at a time, none within another: the rows, and what covers the other
    clashes, grown one by one."""
    import numpy as np

    left = board.clash.copy()
    found = {tuple(row) for row in members if len(row) > 1}
    for row in found:
        left[np.ix_(row, row)] = False
    for a, b in np.argwhere(np.triu(left, 1)):
        if left[a, b]:
            grown = [int(a), int(b)]
            for g in range(left.shape[0]):
                if g not in grown and all(board.clash[g, member] for member in grown):
                    grown.append(g)
            found.add(tuple(sorted(grown)))
            left[np.ix_(grown, grown)] = False
    return _widest(found)


def _widest(sets: Collection[tuple[int, ...]]) -> list[tuple[int, ...]]:
    own = {s: set(s) for s in sets if len(s) > 1}
    return sorted(s for s in own if not any(own[s] < other for other in own.values()))


def times_model(times: Times, part: Part, least: int) -> cp_model.CpModel:
    """The part's model. ``least``: known to cost so many steps of points at least."""
    from ortools.sat.python import cp_model

    made = _Model(cp_model.CpModel(), times, {}, [])
    groups = times.groups_of(part)
    for g in sorted(groups):
        made.place(g)
    for clique in _widest({tuple(g for g in clique if g in groups) for clique in times.cliques}):
        for s in range(len(times.names.slots)):
            if len(made.at(clique, s)) > 1:
                made.model.add_at_most_one(made.at(clique, s))
    for s, free in enumerate(times.free):
        if len(made.at(groups, s)) > free:
            made.model.add(sum(made.at(groups, s)) <= free)
    for g in sorted(part.groups):
        made.count_group(g)
    for row in sorted(part.rows):
        made.count_row(times.members[row])
    made.model.minimize(sum(made.cost))
    if least and made.cost:
        made.model.add(sum(made.cost) >= least)
    return made.model


@dataclass(frozen=True, slots=True)
class _Model:
    model: cp_model.CpModel
    times: Times
    x: dict[tuple[int, int], Any]  # group, slot
    cost: list[Any]

    def at(self, groups: Collection[int], slot: int) -> list[Any]:
        return [self.x[g, slot] for g in sorted(groups) if (g, slot) in self.x]

    def place(self, g: int) -> None:
        board, group = self.times.board, self.times.names.groups[g]
        for slot in board.open_slots[g, : board.open_count[g]]:
            self.x[g, int(slot)] = self.model.new_bool_var(f"{group.id} {slot}")
        self.model.add(sum(x for (h, _), x in self.x.items() if h == g) == group.meetings)

    def count_group(self, g: int) -> None:
        """Days below those wished, and starts that are disliked."""
        board = self.times.board
        own = [(s, x) for (h, s), x in self.x.items() if h == g]
        self.cost.extend(int(board.start_cost[g, s]) * x for s, x in own if board.start_cost[g, s])
        wished = int(board.wished_days[g])
        if wished < 2 or not board.fewer_days:
            return  # whoever meets at all meets on one day
        used = []
        for day in sorted({int(board.day[s]) for s, _ in own}):
            used.append(self.model.new_bool_var("day"))
            self.model.add(used[-1] <= sum(x for s, x in own if board.day[s] == day))
        missing = self.model.new_int_var(0, wished, "missing")
        self.model.add(missing >= wished - sum(used))
        self.cost.append(int(board.fewer_days) * missing)

    def count_row(self, row: Sequence[int]) -> None:
        board = self.times.board
        for s in range(len(self.times.names.slots)) if board.alone else ():
            here = self.at(row, s)
            beside = [x for n in (board.before[s], board.after[s]) if n >= 0 for x in self.at(row, int(n))]
            if here:
                alone = self.model.new_bool_var("alone")
                self.model.add(alone >= sum(here) - sum(beside))
                self.cost.append(int(board.alone) * alone)


def venues_model(index: Index, board: Board, names: Names) -> cp_model.CpModel:
    """How many meetings of each group are in each venue, at the least cost."""
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    load: list[list[Any]] = [[] for _ in names.venues]
    cost: list[Any] = []
    for g, group in enumerate(names.groups):
        used = []
        held = []
        for v in board.venues[g, : board.venue_count[g]]:
            held.append(model.new_int_var(0, group.meetings, f"{group.id} {v}"))
            used.append(model.new_bool_var(""))
            model.add(held[-1] <= group.meetings * used[-1])
            load[v].append(held[-1])
            cost.append(int(board.venue_cost[g, v]) * held[-1])
        model.add(sum(held) == group.meetings)
        cost.append(int(board.further) * (sum(used) - 1))
        model.add(sum(used) >= 1)
    for v, venue in enumerate(index.problem.venues):
        model.add(sum(load[v]) <= sum(slot not in venue.unavailable for slot in names.slots))
    model.minimize(sum(cost))
    return model
