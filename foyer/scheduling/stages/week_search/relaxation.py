"""A lower bound of a week: its times without its venues.

Of the venues only numbers are kept: at any time no more groups meet than venues are open, and groups too many for the
large ones pay for the seats that the next smaller ones lack (Lach and Luebbecke 2012, "Curriculum based course
timetabling: new solutions to Udine benchmark instances", first stage). Every week costs at least what its times cost
here: further venues are left out, seats are counted at the least.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from foyer.scheduling.index import Index
from foyer.scheduling.stages.week_search.layout import Names

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

    from foyer.scheduling.stages.week_search.kernel import Board


@dataclass(slots=True)
class Relaxed:
    """The model; ``x`` maps (group, slot) to a Boolean. Costs are in steps of points."""

    index: Index
    board: Board
    names: Names
    model: cp_model.CpModel
    x: dict[tuple[int, int], Any]
    cost: list[Any]

    def at(self, groups: Sequence[int], slot: int) -> list[Any]:
        return [self.x[g, slot] for g in groups if (g, slot) in self.x]


def relaxed(index: Index, board: Board, names: Names, rows: Sequence[Sequence[int]]) -> Relaxed:
    """The model of a whole week; ``rows`` are the conflict groups that count lone meetings."""
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    x = {
        (g, int(slot)): model.new_bool_var(f"{group.id} {names.slots[slot]}")
        for g, group in enumerate(names.groups)
        for slot in board.open_slots[g, : board.open_count[g]]
    }
    made = Relaxed(index, board, names, model, x, [])
    for g, group in enumerate(names.groups):
        own = [x[g, s] for s in range(len(names.slots)) if (g, s) in x]
        model.add(sum(own) == group.meetings)
    for (g, s), here in x.items():
        if board.start_cost[g, s]:
            made.cost.append(int(board.start_cost[g, s]) * here)
    for groups in cliques(board, rows):
        for s in range(len(names.slots)):
            if len(made.at(groups, s)) > 1:
                model.add_at_most_one(made.at(groups, s))
    _days(made)
    for row in rows:
        _alone(made, row)
    _venues(made)
    model.minimize(sum(made.cost))
    return made


def cliques(board: Board, rows: Sequence[Sequence[int]]) -> list[tuple[int, ...]]:
    """Sets of groups of which at most one meets at a time, none within another: the rows, and what covers the other
    clashes, grown one by one."""
    import numpy as np

    clash = board.clash.copy()
    found = {tuple(sorted(row)) for row in rows if len(row) > 1}
    for row in found:
        clash[np.ix_(row, row)] = False
    for a, b in np.argwhere(np.triu(clash, 1)):
        if clash[a, b]:
            grown = [int(a), int(b)]
            for g in range(clash.shape[0]):
                if g not in grown and all(board.clash[g, member] for member in grown):
                    grown.append(g)
            found.add(tuple(sorted(grown)))
            clash[np.ix_(grown, grown)] = False
    sets = [set(own) for own in found]
    return sorted(own for own in found if not any(set(own) < other for other in sets))


def _days(made: Relaxed) -> None:
    board = made.board
    slots = range(len(made.names.slots))
    for g, group in enumerate(made.names.groups):
        wished = group.wished_days
        if wished < 2 or not board.fewer_days:
            continue
        used = []
        for day in sorted(set(board.day.tolist())):
            here = [made.x[g, s] for s in slots if board.day[s] == day and (g, s) in made.x]
            if here:
                used.append(made.model.new_bool_var("day"))
                made.model.add(used[-1] <= sum(here))
        missing = made.model.new_int_var(0, wished, "missing")
        made.model.add(missing >= wished - sum(used))
        made.cost.append(int(board.fewer_days) * missing)


def _alone(made: Relaxed, row: Sequence[int]) -> None:
    board = made.board
    for s in range(len(made.names.slots)) if board.alone else ():
        here = made.at(row, s)
        beside = [x for n in (board.before[s], board.after[s]) if n >= 0 for x in made.at(row, int(n))]
        if here:
            alone = made.model.new_bool_var("alone")
            made.model.add(alone >= sum(here) - sum(beside))
            made.cost.append(int(board.alone) * alone)


def _venues(made: Relaxed) -> None:
    """At each slot as many groups as open venues at most, and of those with more people than so many seats, as many
    as there are larger venues: whoever has none of these pays for the seats up to the next size (s9), or may not meet
    (H8)."""
    index, names = made.index, made.names
    everybody = range(len(names.groups))
    seats = [math.inf if (n := index.venues[v].seats) is None else n for v in names.venues]
    people = [index.people(g, 0) for g in names.groups]
    for s, slot in enumerate(names.slots):
        free = [seats[v] for v in range(len(seats)) if slot not in index.venues[names.venues[v]].unavailable]
        if len(made.at(everybody, s)) > len(free):
            made.model.add(sum(made.at(everybody, s)) <= len(free))
        _sizes(made, s, sorted(free), people)


def _sizes(made: Relaxed, slot: int, free: Sequence[float], people: Sequence[int]) -> None:
    weight = made.index.problem.weights.seat_short
    outside: dict[int, Any] = {}  # whether a group is in a venue of at most so many seats, by group
    sizes = sorted({n for n in free if n < math.inf})
    for i, size in enumerate(sizes):
        larger = sum(n > size for n in free)
        big = [g for g, count in enumerate(people) if count > size and (g, slot) in made.x]
        if weight is None:
            made.model.add(sum(made.at(big, slot)) <= larger)
            continue
        if len(big) > larger:
            outside = {g: _outside(made, made.x[g, slot], outside.get(g)) for g in big}
            made.model.add(sum(made.at(big, slot)) - sum(outside.values()) <= larger)
        for g, small in outside.items():
            upto = min(people[g], sizes[i + 1]) if i + 1 < len(sizes) else people[g]
            made.cost.append(max(0, weight * made.names.scale * int(upto - size)) * small)


def _outside(made: Relaxed, meets: Any, before: Any | None) -> Any:
    """Whether a group meets in none of the larger venues; so it does if it met in none of those larger than before."""
    small = made.model.new_bool_var("outside")
    made.model.add_implication(small, meets)
    if before is not None:
        made.model.add_implication(before, small)
    return small
