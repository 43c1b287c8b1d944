"""A stage's own program read as a transportation problem, so that exchange chains can price it.

Nothing is stated twice: pairs, costs, limits and levels are those of the stage's program. What the reading cannot
hold as bins, pairs and limits (pairs kept apart, for instance) stays as a row that every answer is checked against; a
chain that breaks such a row is branched upon, so that the answer stays exact.

Two readings of one program: with the open groups as the plan has them, and *relaxed*, where every group may take
people without opening costs or minimum. A price that both readings agree on is exact, whatever groups would open.
"""

from __future__ import annotations

import heapq
import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count

from foyer.scheduling.answers.exchange import NOWHERE, Bin, BinId, Chain, Exchange, Person, Scale, differences
from foyer.scheduling.program import TOLERANCE, Entry, Goal, Program

HUNDREDTHS = 100  # points are counted to a hundredth
MOST_BRANCHES = 60  # of the search that keeps the rows outside the transportation problem
EVERYBODY = 10**6

Row = tuple[float, float, tuple[Entry, ...]]
Span = tuple[float, float]
Limits = tuple[dict[BinId, Bin], tuple[Row, ...], frozenset[int], bool, tuple[Row, ...]]


@dataclass(frozen=True)
class Assignment:
    """The variables of a program that say who takes what; ``others`` are the spans of all its other variables. Those
    in ``soft`` only measure what places cost together, such as a pair parted: they take the least value that rows
    allow."""

    variable: Mapping[tuple[Person, BinId], int]
    others: Mapping[int, Span]
    soft: frozenset[int] = frozenset()
    pair: Mapping[int, tuple[Person, BinId]] = field(init=False)
    _read: list[tuple[Program, Limits]] = field(default_factory=list, init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "pair", {v: pair for pair, v in self.variable.items()})

    def limits_of(self, program: Program) -> Limits:
        """What the program's rows say of these variables (``_limits``), which does not depend on the plan: a program
        that is read twice, steady the second time, is gone through once."""
        if not self._read or self._read[-1][0] is not program:
            self._read.append((program, _limits(program.rows, self)))
        return self._read[-1][1]


@dataclass(frozen=True)
class Transport:
    """The reading: an exchange at the plan's places, the levels that it counts, and the rows that it cannot hold.
    ``is_whole``: no level and no row was left out, so that what it calls possible is possible."""

    exchange: Exchange
    scale: Scale
    goals: tuple[Goal, ...]  # those counted, in order; the scale has one level more: people moved
    rows: tuple[Row, ...]
    assignment: Assignment
    is_whole: bool
    is_steady: bool = False
    soft_rows: tuple[Row, ...] = ()  # those that bind the soft variables

    def levels(self, cost: int) -> tuple[float, ...]:
        """A cost level by level, in the goals' units; the last is people moved."""
        levels = list(self.scale.unpack(cost))
        moved = levels.pop(1 if self.is_steady else -1)
        units = [_unit(goal) for goal in self.goals]
        return (*(value / unit for value, unit in zip(levels, units, strict=True)), moved)

    def side(self, place: Mapping[Person, BinId]) -> int:
        """What these places cost by the soft variables, packed as all costs are; never less than nothing."""
        if not self.assignment.soft:
            return 0
        chosen = {v for pair in place.items() if (v := self.assignment.variable.get(pair)) is not None}
        least: dict[int, int] = {}
        for low, high, entries in self.soft_rows:
            v, weight = next((v, c) for v, c in entries if v in self.assignment.soft)
            total = sum(c * self._value(u, chosen) for u, c in entries if u != v)
            need = (total - high) / -weight if weight < 0 else (low - total) / weight
            least[v] = max(least.get(v, 0), math.ceil(need - TOLERANCE))
        levels = [round(sum(c * least.get(v, 0) for v, c in g.entries) * _unit(g)) for g in self.goals]
        return self.scale.pack([*levels[:1], 0, *levels[1:]] if self.is_steady else levels)

    def _value(self, variable: int, chosen: set[int]) -> float:
        if variable in self.assignment.pair:
            return float(variable in chosen)
        return self.assignment.others[variable][0]

    def broken(self, place: Mapping[Person, BinId]) -> Row | None:
        """A row that these places break."""
        chosen = {v for pair in place.items() if (v := self.assignment.variable.get(pair)) is not None}
        for low, high, entries in self.rows:
            total = sum(c for v, c in entries if v in chosen)
            if not low - TOLERANCE <= total <= high + TOLERANCE:
                return low, high, entries
        return None

    @cached_property
    def leaves(self) -> tuple[tuple[int, Exchange], ...]:
        """The best places, rows left aside, parted by what the rows forbid until the best part keeps them all. Every
        plan lies in one of the parts; costs count from the plan in hand."""
        queue, done = _Queue(), []
        state, cost = self.exchange.settled()
        queue.add(cost, state)
        for _ in range(MOST_BRANCHES):
            if not queue:
                break
            cost, state = queue.take()
            row = self.broken(state.place)
            if row is None:
                done.append((cost, state))
                break
            for part, more in self._parts(state, row):
                queue.add(cost + more, part)
        return (*done, *queue.rest())

    @cached_property
    def is_best(self) -> bool:
        """Whether the plan in hand is proven the best of this reading."""
        return bool(self.leaves) and self.leaves[0][0] >= 0

    def floor(self, person: Person, target: BinId) -> int | None:
        """No plan of this reading has the person there for less; None: no plan has."""
        found = [cost + more for cost, leaf in self.leaves if (more := leaf.price(person, target)) is not None]
        return min(found, default=None)

    def cheapest(self, person: Person, target: BinId) -> tuple[Chain | None, bool]:
        """The cheapest way to have the person there, all rows kept, and whether it is proven the cheapest. None and
        proven: impossible."""
        queue = _Queue()
        for cost, leaf in self.leaves:
            if (more := leaf.price(person, target)) is not None:
                queue.add(cost + more, leaf)
        for _ in range(MOST_BRANCHES):
            if not queue:
                return None, True
            cost, state = queue.take()
            if state.place[person] != target or person not in state.held:
                forced = state.forced(person, target)
                if forced is None:
                    continue
                state = forced[0]
            row = self.broken(state.place)
            if row is None:
                return Chain(cost, differences(self.exchange.place, state.place)), True
            for part, more in self._parts(state, row):
                queue.add(cost + more, part)
        return None, False

    def _parts(self, state: Exchange, row: Row) -> list[tuple[Exchange, int]]:
        """The state mended in every way that a broken row can be: one of the pairs that are too many is barred, or one
        of those that would make up for it is forced."""
        _, high, entries = row
        total = sum(c for v, c in entries if self._is_taken(state, v))
        sign = 1 if total > high else -1
        found: list[tuple[Exchange, Chain] | None] = []
        for v, c in entries:
            person, bin_id = self.assignment.pair[v]
            if (c * sign > 0) == self._is_taken(state, v):
                found.append(state.barred(person, bin_id) if c * sign > 0 else state.forced(person, bin_id))
        return [(part[0], part[1].cost) for part in found if part is not None]

    def _is_taken(self, state: Exchange, variable: int) -> bool:
        person, bin_id = self.assignment.pair[variable]
        return state.place[person] == bin_id


class _Queue:
    """States by cost, then by age."""

    def __init__(self) -> None:
        self._heap: list[tuple[int, int, Exchange]] = []
        self._number = count()

    def __bool__(self) -> bool:
        return bool(self._heap)

    def add(self, cost: int, state: Exchange) -> None:
        heapq.heappush(self._heap, (cost, next(self._number), state))

    def take(self) -> tuple[int, Exchange]:
        cost, _, state = heapq.heappop(self._heap)
        return cost, state

    def rest(self) -> list[tuple[int, Exchange]]:
        return [(cost, state) for cost, _, state in sorted(self._heap, key=lambda found: found[:2])]


def read(
    program: Program,
    goals: Sequence[Goal],
    assignment: Assignment,
    place: Mapping[Person, BinId],
    *,
    steady: bool = False,
) -> Transport:
    """The program as a transportation problem at these places. ``steady``: as few as possible move, before all levels
    but the first; for a plan that is not the best of its stage."""
    counted = list(_counted(goals, assignment))
    scale = Scale(len(counted) + 1)
    limits, rows, shut, whole, soft_rows = assignment.limits_of(program)
    costs: dict[Person, dict[BinId, int]] = defaultdict(dict)
    at = [0, *range(2, len(counted) + 1)] if steady else list(range(len(counted)))  # where each level stands
    packed: dict[int, int] = defaultdict(int)
    for goal, level in zip(counted, at, strict=True):
        for v, c in goal.entries:
            packed[v] += scale.at(level, round(c * _unit(goal)))
    moved = scale.at(1 if steady else len(counted), 1)
    for (person, bin_id), v in assignment.variable.items():
        if program.high[v] >= 1 and v not in shut:
            costs[person][bin_id] = packed.get(v, 0) + (moved if place[person] != bin_id else 0)
    odd = {p for p, b in place.items() if b not in costs[p]}  # where a person overrode a rule: they stay
    for person in odd:
        costs[person][place[person]] = 0
    limits = {**{b: Bin(0, EVERYBODY) for b in place.values()}, **limits}
    exchange = Exchange(limits, dict(place), costs, frozenset(odd))
    whole = whole and not odd and len(counted) == len(goals)
    return Transport(exchange, scale, tuple(counted), rows, assignment, whole, steady, soft_rows)


def _unit(goal: Goal) -> int:
    return HUNDREDTHS if goal.in_points else 1


def _counted(goals: Sequence[Goal], assignment: Assignment) -> Iterator[Goal]:
    """The first goals that depend on who takes what and, besides, on things that are fixed."""
    for goal in goals:
        aside = assignment.soft | assignment.pair.keys()
        spans = [assignment.others[v] for v, _ in goal.entries if v not in aside]
        if any(low < high for low, high in spans):
            return
        yield goal


def _limits(given: Sequence[Row], assignment: Assignment) -> Limits:
    """The bins' limits, the rows over pairs that are neither limits nor needs, the pairs that a row forbids, whether
    every row was read in full, and the rows that bind soft variables, which are not among the others."""
    of_bin: dict[BinId, set[int]] = defaultdict(set)
    of_person: dict[Person, set[int]] = defaultdict(set)
    for (person, bin_id), v in assignment.variable.items():
        of_bin[bin_id].add(v)
        of_person[person].add(v)
    limits = {bin_id: (0.0, float(EVERYBODY)) for bin_id in of_bin}
    soft_rows, rows, shut, whole = [], [], set(), True
    for row in given:
        if assignment.soft and any(v in assignment.soft for v, _ in row[2]):
            soft_rows.append(row)
            continue
        own, low, high, exact = _without_others(assignment, *row)
        whole = whole and (exact or not own)
        if not own or _is_void(own, low, high):
            continue
        person, bin_id = assignment.pair[own[0][0]]
        alike = all(c == 1 for _, c in own)
        variables = {v for v, _ in own}
        if alike and variables == of_bin[bin_id] and bin_id != NOWHERE:
            limits[bin_id] = (max(limits[bin_id][0], low), min(limits[bin_id][1], high))
        elif len(own) == 1 and alike and high < 1:
            shut.add(own[0][0])
        elif not (alike and variables == of_person[person] and low == high == 1):
            rows.append((low, high, own))
    bins = {b: Bin(round(max(0.0, low)), round(min(EVERYBODY, high))) for b, (low, high) in limits.items()}
    return bins, tuple(rows), frozenset(shut), whole, tuple(soft_rows)


def _is_void(own: Sequence[Entry], low: float, high: float) -> bool:
    """Whether no choice of the pairs can break the row."""
    least = most = 0.0
    for _, c in own:
        if c > 0:
            most += c
        else:
            least += c
    return least >= low and most <= high


def _without_others(
    assignment: Assignment, low: float, high: float, entries: tuple[Entry, ...]
) -> tuple[tuple[Entry, ...], float, float, bool]:
    """The row over the pairs alone: what the other variables can add at least and at most goes to its sides. Exact
    where they are fixed, a relaxation otherwise."""
    others, pair = assignment.others, assignment.pair
    if all(v in pair for v, _ in entries):
        return entries, low, high, True
    exact, own = True, []
    for v, c in entries:
        if v in pair:
            own.append((v, c))
            continue
        least, most = others[v]
        a, b = (c * least, c * most) if c > 0 else (c * most, c * least)
        low, high, exact = low - b, high - a, exact and a == b
    return tuple(own), low, high, exact
