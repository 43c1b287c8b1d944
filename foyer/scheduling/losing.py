"""What one person loses, inside a program: ways to fill his places, or marks where he loses much (``leximin``)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from foyer.scheduling.program import Entry, Program

MOST_WAYS = 600  # of one person


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


class Person:
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
    def least(self) -> int:
        return min(self.sums)

    @property
    def most(self) -> int:
        return max(self.sums)

    def at(self, values: Sequence[int]) -> int:
        return self.loss.at(values)

    def terms(self) -> tuple[int, list[tuple[int, int]]]:
        return self.loss.constant, [entry for part in self.loss.parts for entry in part.entries]

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
