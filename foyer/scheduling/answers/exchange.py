"""Exchange chains: the exact price of moving one person, in a stage where everybody takes one place.

A stage with fixed openings is a transportation problem: each person takes one bin, each bin takes from ``low`` to
``high`` people, costs belong to pairs and, convexly, to a bin's size. Its optimal plan has no improving cycle, and
after one more condition (this person in that bin) the new optimum differs by one cheapest chain: somebody leaves the
bin, takes the place of somebody else, and so on, until a bin has room or the hole is filled (Ahuja, Magnanti, Orlin,
*Network Flows*, 1993, ch. 9: successive shortest paths). All chains of a stage follow from shortest paths over the
bins, of which a house has few.

Costs are lexicographic: several levels in one whole number, each in its own digits (``Scale``), so that the chain is
the cheapest on every level at once. The last level counts people moved.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

DIGITS = 44  # bits of a level: totals of a house stay far below half of it
SPARE = "\0spare"  # the node of free capacity
NOWHERE = ""  # the bin of those without a place

Person = tuple[str, str]  # resident, and the subject where one resident has several needs of a stage
BinId = str
NOBODY: Person = ("", "")
Leaver = tuple[int, Person]  # what it costs, and who it is
Left = tuple[BinId, int]  # a bin, and how many may still move
Within = tuple[dict[Left, int], dict[Left, Left]]  # costs from there, and where its first step leads


class Scale:
    """Levels packed into one whole number, the most important in the highest digits."""

    def __init__(self, levels: int) -> None:
        self.levels = levels

    def pack(self, values: Sequence[int]) -> int:
        """Whole numbers, one for each level; missing ones are 0."""
        packed = 0
        for value in values:
            packed = (packed << DIGITS) + value
        return packed << DIGITS * (self.levels - len(values))

    def at(self, level: int, value: int) -> int:
        """One level's value, packed."""
        return value << DIGITS * (self.levels - 1 - level)

    def unpack(self, packed: int) -> tuple[int, ...]:
        half, values = 1 << (DIGITS - 1), []
        for _ in range(self.levels):
            digit = (packed + half) % (1 << DIGITS) - half
            values.append(digit)
            packed = (packed - digit) >> DIGITS
        return tuple(reversed(values))


@dataclass(frozen=True, slots=True)
class Bin:
    """A bin's limits; beyond ``free`` people, each one more costs ``beyond``."""

    low: int
    high: int
    free: int = 0
    beyond: int = 0

    def up(self, size: int) -> int | None:
        """The cost of one more."""
        return None if size >= self.high else self.beyond if size >= self.free else 0

    def down(self, size: int) -> int | None:
        """The cost of one fewer."""
        return None if size <= self.low else -self.beyond if size > self.free else 0


@dataclass(frozen=True, slots=True)
class Move:
    person: Person
    before: BinId
    after: BinId


@dataclass(frozen=True, slots=True)
class Chain:
    """What one forced change costs, and who moves: the person first."""

    cost: int
    moves: tuple[Move, ...]


@dataclass(frozen=True)
class Exchange:
    """One stage at one plan. ``costs`` has the pairs allowed; ``held`` may not move. Everybody in ``place`` is in a bin
    of ``bins``; a person whose present pair is not in ``costs`` must be moved by force first."""

    bins: Mapping[BinId, Bin]
    place: Mapping[Person, BinId]
    costs: Mapping[Person, Mapping[BinId, int]]
    held: frozenset[Person] = field(default_factory=frozenset)
    _ways: dict[str, tuple[dict[str, int], dict[str, str]]] = field(default_factory=dict, init=False, repr=False)
    _leaving: dict[BinId, dict[BinId, Leaver]] = field(default_factory=dict, init=False, repr=False)
    _within: dict[tuple[Person, int], Within] = field(default_factory=dict, init=False, repr=False)

    @cached_property
    def sizes(self) -> dict[BinId, int]:
        sizes = dict.fromkeys(self.bins, 0)
        for bin_id in self.place.values():
            sizes[bin_id] += 1
        return sizes

    @cached_property
    def members(self) -> dict[BinId, list[Person]]:
        members: dict[BinId, list[Person]] = {bin_id: [] for bin_id in self.bins}
        for person, bin_id in self.place.items():
            members[bin_id].append(person)
        return members

    def leaving(self, bin_id: BinId) -> dict[BinId, Leaver]:
        """The cheapest single move from the bin to each other one, and who makes it; of equals the lowest id."""
        if bin_id not in self._leaving:
            found: dict[BinId, Leaver] = {}
            for person in self.members[bin_id]:
                if person not in self.held:
                    costs = self.costs[person]
                    here = costs[bin_id]
                    for there, cost in costs.items():
                        best = found.get(there)
                        if best is None or (cost - here, person) < best:
                            found[there] = (cost - here, person)
            found.pop(bin_id, None)
            self._leaving[bin_id] = found
        return self._leaving[bin_id]

    @cached_property
    def arcs(self) -> dict[tuple[str, str], Leaver]:
        """The cheapest single move from bin to bin, and who makes it; a bin's free place, and its dispensable one."""
        arcs = {(here, there): found for here in self.bins for there, found in self.leaving(here).items()}
        for bin_id, limits in self.bins.items():
            up, down = limits.up(self.sizes[bin_id]), limits.down(self.sizes[bin_id])
            if up is not None:
                arcs[bin_id, SPARE] = (up, NOBODY)
            if down is not None:
                arcs[SPARE, bin_id] = (down, NOBODY)
        return arcs

    def ways_to(self, target: str) -> tuple[dict[str, int], dict[str, str]]:
        """From each bin the cost of the cheapest chain of moves that fills a hole in the target, and the bin to which
        its first move goes (Bellman, Ford). Only for settled places."""
        if target not in self._ways:
            far, onward, changed = {target: 0}, dict[str, str](), True
            while changed:
                changed = False
                for (a, b), (cost, _) in self.arcs.items():
                    if b in far and a != target and (a not in far or cost + far[b] < far[a]):
                        far[a], onward[a], changed = cost + far[b], b, True
            self._ways[target] = far, onward
        return self._ways[target]

    def settled(self) -> tuple[Exchange, int]:
        """The best places with these limits, and how much they cost more (less: negative): improving cycles of moves
        are carried out until there is none."""
        state, cost = self, 0
        while cycle := state._improving_cycle():
            moves = [Move(who, a, b) for a, b in cycle if (who := state.arcs[a, b][1]) != NOBODY]
            cost += sum(state.arcs[step][0] for step in cycle)
            state = state._moved(moves)
        return state, cost

    def _moved(
        self,
        moves: Sequence[Move],
        *,
        costs: Mapping[Person, Mapping[BinId, int]] | None = None,
        held: frozenset[Person] | None = None,
        other: Iterable[BinId] = (),
    ) -> Exchange:
        """The exchange after these moves, perhaps with other costs or more people held. ``other``: bins of whose people
        more is different than these moves. Who leaves any other bin is known already."""
        state = Exchange(
            self.bins,
            self.after(moves),
            self.costs if costs is None else costs,
            self.held if held is None else held,
        )
        touched = {*other, *(b for move in moves for b in (move.before, move.after))}
        state._leaving.update((b, found) for b, found in self._leaving.items() if b not in touched)
        return state

    def _improving_cycle(self) -> list[tuple[str, str]]:
        """The arcs of a cycle of negative cost, none where there is none (Bellman, Ford). As soon as a node lies on its
        own shortest way there is one."""
        far = dict.fromkeys([*self.bins, SPARE], 0)
        before: dict[str, str] = {}
        changed = True
        while changed:
            changed = False
            for (a, b), (cost, _) in self.arcs.items():
                if far[a] + cost < far[b]:
                    far[b], before[b], changed = far[a] + cost, a, True
            last = _on_its_own_way(before)
            if last is not None:
                cycle, node = [(before[last], last)], before[last]
                while node != last:
                    cycle.append((before[node], node))
                    node = before[node]
                return cycle
        return []

    def price(self, person: Person, target: BinId) -> int | None:
        """What it costs at least to have the person there, all others free to move. None: impossible. Only for
        settled places."""
        here = self.place[person]
        if target == here:
            return 0
        if person in self.held:
            return None
        cost = self.costs[person].get(target)
        far = self.ways_to(here)[0].get(target)
        return None if cost is None or far is None else cost - self.costs[person][here] + far

    def chain(self, person: Person, target: BinId) -> Chain | None:
        """The same with the moves."""
        cost = self.price(person, target)
        if cost is None:
            return None
        here = self.place[person]
        onward = self.ways_to(here)[1]
        moves = [Move(person, here, target)] if target != here else []
        node = target
        while node != here:
            following = onward[node]
            mover = self.arcs[node, following][1]
            if mover != NOBODY:
                moves.append(Move(mover, node, following))
            node = following
        return Chain(cost, tuple(moves))

    def within(self, person: Person, target: BinId, most: int) -> Chain | None:
        """The cheapest chain found in which at most so many others move: shortest paths by number of moves. Also at
        places that are not settled. None: found none."""
        here = self.place[person]
        if target == here or target not in self.costs[person]:
            return None
        far, onward = self._ways_within(person, most)
        if (target, most) not in far:
            return None
        moves, node = [Move(person, here, target)], (target, most)
        while node[0] != here:
            following = onward[node]
            if (mover := self.arcs[node[0], following[0]][1]) != NOBODY:
                moves.append(Move(mover, node[0], following[0]))
            node = following
        once = len({m.person for m in moves}) == len(moves)
        return (
            Chain(self.costs[person][target] - self.costs[person][here] + far[target, most], tuple(moves))
            if once
            else None
        )

    def _ways_within(self, person: Person, most: int) -> Within:
        """From each bin, for each number of others who may still move, the cost of the cheapest chain found that fills
        the hole that the person leaves, and its first step. One search serves all targets: it goes backwards from where
        the person is."""
        if (person, most) not in self._within:
            here = self.place[person]
            far: dict[Left, int] = {(here, left): 0 for left in range(most + 1)}
            onward: dict[Left, Left] = {}
            arcs = [(a, b, *arc) for (a, b), arc in self.arcs.items() if a != here and arc[1] != person]
            for _ in range((most + 1) * (len(self.bins) + 1)):
                changed = False
                for a, b, cost, mover in arcs:
                    for left in range(most + 1):
                        rest = (b, left - (mover != NOBODY))
                        if rest in far and cost + far[rest] < far.get((a, left), cost + far[rest] + 1):
                            far[a, left], onward[a, left], changed = cost + far[rest], rest, True
                if not changed:
                    break
            self._within[person, most] = far, onward
        return self._within[person, most]

    def after(self, moves: Iterable[Move]) -> dict[Person, BinId]:
        """Everybody's place after these moves."""
        return {**self.place, **{move.person: move.after for move in moves}}

    def forced(self, person: Person, target: BinId) -> tuple[Exchange, Chain] | None:
        """The stage at its new optimum with the person held there."""
        chain = self.chain(person, target)
        if chain is None:
            return None
        return self._moved(chain.moves, held=self.held | {person}, other=(self.place[person],)), chain

    def filled(self, bin_id: BinId, people: int) -> tuple[Exchange, int] | None:
        """The new optimum with at least so many people in the bin, and how much it costs more: one after the other
        comes along the cheapest chain. None: impossible. Only for settled places."""
        state, cost = self, 0
        while state.sizes[bin_id] < people:
            size = state.sizes[bin_id]
            state = state._limited(bin_id, size)
            far, onward = state.ways_to(bin_id)
            if SPARE not in far or state.bins[bin_id].high <= size:
                return None
            steps, node = [], SPARE
            while node != bin_id:
                steps.append((node, onward[node]))
                node = onward[node]
            cost += far[SPARE] + (state.bins[bin_id].up(size) or 0)
            moves = [Move(who, a, b) for a, b in steps if (who := state.arcs[a, b][1]) != NOBODY]
            state = state._moved(moves)
        return state._limited(bin_id, people), cost

    def _limited(self, bin_id: BinId, low: int) -> Exchange:
        """The same places, with at least so many people in the bin from now on."""
        state = Exchange({**self.bins, bin_id: replace(self.bins[bin_id], low=low)}, self.place, self.costs, self.held)
        state._leaving.update(self._leaving)
        return state

    def closed(self, bin_id: BinId, enough: int) -> int | None:
        """What it costs at least to have nobody in the bin, counted until it is more than ``enough``. None:
        impossible."""
        costs = {
            p: own if self.place[p] == bin_id else {b: c for b, c in own.items() if b != bin_id}
            for p, own in self.costs.items()
        }
        bins = {**self.bins, bin_id: replace(self.bins[bin_id], low=0)}
        state, total = Exchange(bins, self.place, costs, self.held), 0
        for b in self.bins:
            state._leaving[b] = {to: found for to, found in self.leaving(b).items() if to != bin_id}
        for person in sorted(p for p, b in self.place.items() if b == bin_id):
            found = state.barred(person, bin_id)
            if found is None:
                return None
            state, total = found[0], total + found[1].cost
            if total > enough:
                break
        return total

    def barred(self, person: Person, target: BinId) -> tuple[Exchange, Chain] | None:
        """The stage at its new optimum where the person may not take the target."""
        chains = [(Chain(0, ()), self.place[person])]
        if self.place[person] == target:
            if person in self.held:
                return None
            others = [b for b in self.costs[person] if b != target]
            chains = [(chain, b) for b in others if (chain := self.chain(person, b)) is not None]
        if not chains:
            return None
        best, _ = min(chains, key=lambda found: (found[0].cost, found[1]))
        costs = {**self.costs, person: {b: c for b, c in self.costs[person].items() if b != target}}
        return self._moved(best.moves, costs=costs, other=(self.place[person],)), best


def _on_its_own_way(before: Mapping[str, str]) -> str | None:
    """A node that one comes back to by going from node to node before it."""
    seen: dict[str, str] = {}  # from where it was first reached
    for begin in before:
        node = begin
        while node in before and node not in seen:
            seen[node] = begin
            node = before[node]
        if seen.get(node) == begin:
            return node
    return None


def differences(before: Mapping[Person, BinId], after: Mapping[Person, BinId]) -> tuple[Move, ...]:
    """Who is elsewhere, in order of id."""
    return tuple(Move(p, before[p], after[p]) for p in sorted(before) if before[p] != after[p])
