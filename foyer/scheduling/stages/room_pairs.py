"""Pairs kept together or apart in rooms and houses (H7, s4), as rows of the rooms stage.

Pairs are followed one by one among residents who are otherwise counted by kind. A house is a property of a family of
rooms, so rows about houses are exact. Rows about one room look at families and bands: necessary, and exact where the
family is one room. What they leave open the dealing settles: pairs that the program holds together or apart are dealt
so, or all rooms are followed one by one. Of residents who may move, each two spans that share a night are such a pair.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from foyer.scheduling.pairs import Bond, common_nights, weeks_of
from foyer.scheduling.problem import Resident, Scope
from foyer.scheduling.program import Entry

if TYPE_CHECKING:
    from foyer.scheduling.stages.room_program import Family, RoomProgram

Pair = tuple[str, str]
Off = list[Entry]  # the variable that gives a wish up, with -1; empty for a rule


class RoomPairs:
    """The rows about pairs in one program of rooms, and what its solution says about them."""

    def __init__(self, made: RoomProgram) -> None:
        self._made = made
        self._kind = made.kind_of
        self.costs: list[Entry] = []
        self._together: list[tuple[Pair, Off]] = []
        self._apart: list[tuple[Pair, Off]] = []
        self._houses: dict[str, list[Family]] = defaultdict(list)
        for family in made.families:
            self._houses[family.sample.house].append(family)
        self._rooms()
        self._wings()

    def together(self, values: Sequence[int]) -> list[Pair]:
        """The pairs that share a room in this solution, once dealt."""
        kept = [pair for pair, off in self._together if not any(values[x] for x, _ in off)]
        return [pair for pair in kept if not any(values[self._out(r)] for r in pair)]

    def apart(self, values: Sequence[int]) -> list[Pair]:
        """The pairs that share no room in this solution, once dealt."""
        return [pair for pair, off in self._apart if not any(values[x] for x, _ in off)]

    def _rooms(self) -> None:
        for pair, off in self._bonds_apart("room"):
            self._other_rooms(pair, off)
        for pair, off in self._bonds_together("room"):
            self._same_room(pair, off)

    def _wings(self) -> None:
        for pair, off in self._bonds_apart("house"):
            self._other_houses(pair, off)
        for pair, off in self._bonds_together("house"):
            for families in self._houses.values():
                self._follow(pair, families, self._made.bands, off)

    def _bonds_apart(self, scope: Scope) -> Iterator[tuple[Pair, Off]]:
        """Pairs to be kept apart, rules first, each with what gives it up."""
        yield from ((pair, []) for pair in self._made.index.apart[scope] if set(pair) <= self._kind.keys())
        for bond in self._made.spans.whole.pairs.apart_wishes[scope]:
            pairs = list(self._made.spans.meeting(bond.a, bond.b, bond.until))
            if len(pairs) == 1:
                yield (pairs[0][0].id, pairs[0][1].id), self._off(bond.points or 0)
            else:
                yield from self._by_week(bond, pairs)

    def _by_week(self, bond: Bond, pairs: Sequence[tuple[Resident, Resident]]) -> Iterator[tuple[Pair, Off]]:
        """A week counts once, whichever spans of the two share it."""
        weeks = [weeks_of(common_nights(a, b, bond.until)) for a, b in pairs]
        every = set().union(*weeks)
        price = {week: self._off((bond.points or 0) / len(every)) for week in sorted(every)}
        for (a, b), own in zip(pairs, weeks, strict=True):
            off = self._off(0)
            for week in own:
                self._made.program.row([(off[0][0], 1), *price[week]], high=0)
            yield (a.id, b.id), off

    def _bonds_together(self, scope: Scope) -> Iterator[tuple[Pair, Off]]:
        """Pairs to be kept together; parted on any night is parted."""
        spans = self._made.spans
        for bond in spans.whole.pairs.together[scope]:
            off = [] if bond.points is None else self._off(bond.points)
            for a, b in spans.meeting(bond.a, bond.b, bond.until):
                yield (a.id, b.id), off

    def _off(self, points: float) -> Off:
        """The variable that gives a wish up, at its price."""
        variable = self._made.program.relief()
        self.costs.append((variable, points))
        return [(variable, -1)]

    def _out(self, resident: str) -> int:
        return self._made.unmet[self._kind[resident].number]

    def _places(self, resident: str, families: Iterable[Family], bands: Iterable[int]) -> list[Entry]:
        """The variables that put the resident into these families' rooms of these bands."""
        kind = self._kind[resident]
        own = [family for family in families if family.number in kind.families]
        return [(x, 1) for band in bands for family in own for x in self._made.places(kind, family, band)]

    def _other_rooms(self, pair: Pair, off: Off) -> None:
        """Both in one band of a family only where that band has two rooms or more."""
        made = self._made
        self._apart.append((pair, off))
        for family in made.families:
            for band in made.bands:
                places = [entry for r in pair for entry in self._places(r, [family], [band])]
                made.program.row([*places, *((x, -1) for x in made.rooms_with(family, band)), *off], high=0)
            if len(family.rooms) == 1:
                both = [entry for r in pair for entry in self._places(r, [family], made.bands)]
                made.program.row([*both, *off], high=1)

    def _same_room(self, pair: Pair, off: Off) -> None:
        """Both in one band of one family, which the dealing makes one room."""
        made = self._made
        self._together.append((pair, off))
        for family in made.families:
            for band in made.bands:
                self._follow(pair, [family], [band], off)
            if family.sample.beds < len(pair):
                for one, other in (pair, pair[::-1]):
                    made.program.row([*self._places(one, [family], made.bands), (self._out(other), -1), *off], high=0)

    def _other_houses(self, pair: Pair, off: Off) -> None:
        for families in self._houses.values():
            both = [entry for r in pair for entry in self._places(r, families, self._made.bands)]
            self._made.program.row([*both, *off], high=1)

    def _follow(self, pair: Pair, families: Sequence[Family], bands: Sequence[int], off: Off) -> None:
        """Where one is, the other is too, or is without a room."""
        for one, other in (pair, pair[::-1]):
            there = [(x, -1) for x, _ in self._places(other, families, bands)]
            here = self._places(one, families, bands)
            if here:
                self._made.program.row([*here, *there, (self._out(other), -1), *off], high=0)
