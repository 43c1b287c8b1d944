"""The worst off first: lexicographic minimisation of how many people lose much.

For every value v that a loss can take, from the largest down, the number of people who lose at least v is minimised
with the numbers before it fixed: the leximin optimum, level by level, each with its bound.

What one person loses is a sum over the places that he takes. A threshold on such a sum is weak in the relaxation, so a
person's ways to reach each sum get a variable of their own (one for each choice of how many places of which cost), tied
to his places; a level then is a plain count of these. Where the ways are too many, a threshold variable is made for
each level instead. Numbers between two levels need no solver: counts only grow as v falls, so a plan in hand that
keeps the last count proves it.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from foyer.scheduling.plan import Level
from foyer.scheduling.program import Entry, Program, goal, minimise
from foyer.scheduling.run import Run

MOST_WAYS = 600  # of one person
MOST_WAYS_IN_ALL = 60_000
FEW_VALUES = 64  # up to so many, every value is tried in turn; more are searched by halving
SHARE = 0.3  # of the remaining time, for one solve

Ways = list[tuple[int, tuple[int, ...]]]  # (loss, how many places of each cost class)


@dataclass(frozen=True, slots=True)
class Part:
    """Places of which a person takes exactly ``places``, each variable with what it costs him."""

    places: int
    entries: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Loss:
    """What one person loses: the constant, and the costs of the places taken; known to be ``floor`` at least."""

    constant: int
    parts: tuple[Part, ...]
    floor: int = 0

    def at(self, values: Sequence[int]) -> int:
        return self.constant + sum(cost * values[v] for part in self.parts for v, cost in part.entries)


class _Person:
    """One person's loss in the program, and the count of him among those who lose at least v."""

    def __init__(self, program: Program, loss: Loss) -> None:
        self.program, self.loss = program, loss
        self._classes = [(n, cost, own) for n, part in enumerate(loss.parts) for cost, own in _by_cost(part)]
        self.sums = self._sums()
        self._ways: dict[tuple[int, tuple[int, ...]], int] = {}
        self._above: dict[int, int] = {}
        self._one: int | None = None

    def _sums(self) -> frozenset[int]:
        """Every loss that the places allow, the rules between people aside."""
        found = {self.loss.constant}
        for n, part in enumerate(self.loss.parts):
            reached: dict[int, set[int]] = {0: {0}}  # places taken -> sums
            for m, cost, own in self._classes:
                if m == n:
                    reached = _taken(reached, cost, _most(self.program, own, part.places), part.places)
            found = {a + b for a in found for b in reached.get(part.places, ())}
        return frozenset(s for s in found if s >= self.loss.floor)

    @property
    def is_simple(self) -> bool:
        """One place to take: its own variable tells what is lost."""
        return sum(part.places for part in self.loss.parts) <= 1

    def count_ways(self) -> int:
        """How many ways there are, or one more than the most allowed."""
        if self.is_simple:
            return 0
        return sum(1 for _, _ in zip(self._all_ways(), range(MOST_WAYS + 1), strict=False))

    def _all_ways(self) -> Iterator[tuple[int, ...]]:
        """How many places of each cost class, in all ways that fill the parts."""
        per_part = []
        for n, part in enumerate(self.loss.parts):
            most = [_most(self.program, own, part.places) for m, _, own in self._classes if m == n]
            per_part.append(_splits(part.places, most))
        if len(per_part) == 1:
            yield from per_part[0]
        else:
            for chosen in product(*per_part):
                yield tuple(count for counts in chosen for count in counts)

    def add_ways(self) -> None:
        for counts in self._all_ways():
            lost = self.loss.constant + sum(k * cost for k, (_, cost, _) in zip(counts, self._classes, strict=True))
            if lost >= self.loss.floor:
                self._ways[lost, counts] = self.program.integer()
        self.program.row([(x, 1) for x in self._ways.values()], low=1, high=1)
        for i, (_, _, own) in enumerate(self._classes):
            taken: list[Entry] = [(x, -counts[i]) for (_, counts), x in self._ways.items() if counts[i]]
            self.program.row([*((v, 1) for v in own), *taken], low=0, high=0)

    def losing(self, value: int) -> list[Entry]:
        """Entries whose sum is 1 where the person loses at least the value, else 0."""
        if value <= self.loss.floor:
            return [(self._always(), 1)]
        if self.is_simple:
            least = value - self.loss.constant
            return [(v, 1) for part in self.loss.parts for v, cost in part.entries if cost >= least]
        if self._ways:
            return [(x, 1) for (lost, _), x in self._ways.items() if lost >= value]
        return [(self._threshold(value), 1)] if max(self.sums) >= value else []

    def _always(self) -> int:
        if self._one is None:
            self._one = self.program.integer(1, 1)
        return self._one

    def _threshold(self, value: int) -> int:
        """A variable that must be 1 where the loss reaches the value; ordered along the values."""
        if value not in self._above:
            mark = self.program.integer()
            entries = [(v, cost) for part in self.loss.parts for v, cost in part.entries]
            beyond = max(self.sums) - value + 1
            self.program.row([*entries, (mark, -beyond)], high=value - 1 - self.loss.constant)
            for other, x in self._above.items():
                higher, lower = (x, mark) if other > value else (mark, x)
                self.program.row([(higher, 1), (lower, -1)], high=0)
            self._above[value] = mark
        return self._above[value]

    def complete(self, values: list[int]) -> None:
        """Set the person's own variables to what his places say."""
        lost = self.loss.at(values)
        counts = tuple(sum(values[v] for v in own) for _, _, own in self._classes)
        for key, x in self._ways.items():
            values[x] = int(key == (lost, counts))
        for value, x in self._above.items():
            values[x] = int(lost >= value)
        if self._one is not None:
            values[self._one] = 1


def _by_cost(part: Part) -> list[tuple[int, tuple[int, ...]]]:
    classes: dict[int, list[int]] = defaultdict(list)
    for variable, cost in part.entries:
        classes[cost].append(variable)
    return [(cost, tuple(own)) for cost, own in sorted(classes.items())]


def _most(program: Program, own: Sequence[int], places: int) -> int:
    return min(places, int(sum(program.high[v] for v in own)))


def _taken(reached: dict[int, set[int]], cost: int, most: int, places: int) -> dict[int, set[int]]:
    after: dict[int, set[int]] = defaultdict(set)
    for taken, sums in reached.items():
        for k in range(min(most, places - taken) + 1):
            after[taken + k] |= {s + k * cost for s in sums}
    return after


def _splits(places: int, most: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """The ways to take so many places out of classes that hold at most so many each."""
    if not most:
        if places == 0:
            yield ()
        return
    rest = sum(most[1:])
    for k in range(max(0, places - rest), min(places, most[0]) + 1):
        for others in _splits(places - k, most[1:]):
            yield (k, *others)


@dataclass(frozen=True, slots=True)
class Worst:
    """What was reached: the levels, the best values, and the rows that hold the levels (value of v, how many)."""

    levels: tuple[Level, ...]
    values: tuple[int, ...]


class Leximin:
    """The levels over a program whose other levels before are already rows of it."""

    def __init__(self, program: Program, losses: Sequence[Loss]) -> None:
        self.program = program
        self._people = [_Person(program, loss) for loss in losses]
        in_all = 0
        for person in sorted(self._people, key=lambda p: p.count_ways()):
            ways = person.count_ways()
            in_all += ways
            if 0 < ways <= MOST_WAYS and in_all <= MOST_WAYS_IN_ALL:
                person.add_ways()
        least = min((min(p.sums) for p in self._people), default=0)
        self._held: dict[int, int] = {}
        self.values_of_loss = sorted({s for p in self._people for s in p.sums if s > least}, reverse=True)

    def completed(self, values: Sequence[int]) -> tuple[int, ...]:
        """A solution of the program as it was, with the variables added since."""
        full = [*values[: len(self.program.low)], *([0] * (len(self.program.low) - len(values)))]
        for person in self._people:
            person.complete(full)
        return tuple(full)

    def losing(self, value: int) -> list[Entry]:
        return [entry for person in self._people for entry in person.losing(value)]

    def count(self, values: Sequence[int], value: int) -> int:
        """How many lose at least the value."""
        return sum(person.loss.at(values) >= value for person in self._people)

    def minimise(self, run: Run, stage: str, start: Sequence[int]) -> Worst:
        """All levels, from a solution on. Their counts become rows of the program."""
        values = self.completed(start)
        levels: list[Level] = []
        fixed, at = 0, 0
        while (at := self._rise(values, fixed, at)) < len(self.values_of_loss):
            level, values, at = self._level(run, stage, values, fixed, at)
            if level is None:
                break
            fixed = int(level.value)
            self._hold(at, fixed)
            values = self.completed(values)
            levels.append(level)
            at += 1
        self._hold(len(self.values_of_loss) - 1, fixed)
        return Worst(tuple(levels) or (Level("lost_0", 0.0, 0.0, "optimal", "counting"),), values)

    def _hold(self, at: int, count: int) -> None:
        """From now on no more than so many lose the value in place ``at``: proven, or the best found."""
        if at >= 0 and self._held.get(at) != count:
            self._held[at] = count
            self.program.row(self.losing(self.values_of_loss[at]), high=count)

    def _rise(self, values: Sequence[int], fixed: int, at: int) -> int:
        """The first value from ``at`` on that more people lose than the level before has; the levels up to it are
        proven by counting."""
        lost = sorted((person.loss.at(values) for person in self._people), reverse=True)
        if len(lost) <= fixed:
            return len(self.values_of_loss)
        while at < len(self.values_of_loss) and self.values_of_loss[at] > lost[fixed]:
            at += 1
        return at

    def _level(
        self, run: Run, stage: str, values: tuple[int, ...], fixed: int, at: int
    ) -> tuple[Level | None, tuple[int, ...], int]:
        """The first value that more than ``fixed`` people must lose, and how few they can be; None where no value is
        left. ``at`` is where the plan in hand has more; before it nothing is left to prove."""
        beyond: int | None = None  # a place where more than ``fixed`` are proven to be needed
        step = 0 if len(self.values_of_loss) <= FEW_VALUES else 1
        tried = at
        while at < len(self.values_of_loss):
            self._hold(at - 1, fixed)
            count, bound, found = self._fewest(run, stage, values, self.values_of_loss[tried])
            if count <= fixed:
                values = found
                at = self._rise(values, fixed, tried + 1)
                step *= 2
            elif tried == at:
                values = found
                status = "optimal" if bound == count else "feasible"
                name = f"lost_{self.values_of_loss[at]}"
                return Level(name, float(count), float(bound), status, "HiGHS"), values, at  # type: ignore[arg-type]
            elif bound > fixed:
                beyond = tried
            else:
                beyond, step = None, 0  # no answer within its time: go on from the plan in hand
            tried = at + step if beyond is None else (at + beyond) // 2
            tried = min(tried, len(self.values_of_loss) - 1)
        return None, values, at

    def _fewest(self, run: Run, stage: str, values: tuple[int, ...], value: int) -> tuple[int, int, tuple[int, ...]]:
        """How few can lose at least the value: count, bound, solution (the better of the one found and the given)."""
        entries = self.losing(value)
        values = self.completed(values)
        answer = minimise(run, stage, self.program, [goal("lost", entries, in_points=False)], share=SHARE, start=values)
        level = answer.levels[0]
        found = self.completed(answer.values)
        return self.count(found, value), math.ceil(level.bound - 1e-6), found
