"""Dealing things to places with capacities, one by one, each along the cheapest chain of moves.

Successive shortest paths for a transportation problem: with unit weights and no enemies the result is the cheapest for
the items placed. Enemies and weights are looked at along the chain, so with them it is merely good.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping, Sequence

Move = tuple[float, str]  # what it costs more, and who moves


class Dealing:
    """``capacity`` of each place; ``enemies`` never share a place."""

    def __init__(self, capacity: Mapping[str, int], enemies: Mapping[str, Iterable[str]]) -> None:
        self.capacity = dict(capacity)
        self.load = dict.fromkeys(capacity, 0)
        self.members: dict[str, set[str]] = {place: set() for place in capacity}
        self.place: dict[str, str] = {}
        self._enemies = {item: frozenset(others) for item, others in enemies.items()}
        self._options: dict[str, dict[str, float]] = {}
        self._weight: dict[str, int] = {}
        self._moves: dict[str, dict[str, Move]] = {}

    def add(self, item: str, options: Mapping[str, float], weight: int = 1) -> bool:
        """Find the item a place among its options (place to cost), moving others where that costs least. False: none
        was found."""
        self._options[item], self._weight[item] = dict(options), weight
        cost: dict[str, float] = {p: c for p, c in options.items() if p in self.capacity and self._likes(item, p)}
        order = {p: i for i, p in enumerate(options)}
        before: dict[str, tuple[str, str]] = {}  # place -> (place that somebody leaves for it, who)
        heap = [(c, order[p], p) for p, c in cost.items()]
        heapq.heapify(heap)
        settled: set[str] = set()
        while heap:
            _, _, place = heapq.heappop(heap)
            if place in settled:
                continue
            settled.add(place)
            mover = before[place][1] if place in before else item
            if self.load[place] + self._weight[mover] <= self.capacity[place]:
                return self._apply(item, place, before)
            for other, (more, who) in self._moves_from(place).items():
                if other not in settled and cost[place] + more < cost.get(other, float("inf")):
                    cost[other], before[other] = cost[place] + more, (place, who)
                    heapq.heappush(heap, (cost[other], order.setdefault(other, len(order)), other))
        return False

    def remove(self, item: str) -> None:
        """The item leaves its place."""
        place = self.place.pop(item)
        self.members[place].discard(item)
        self.load[place] -= self._weight[item]
        self._moves.pop(place, None)

    def close(self, place: str) -> list[str]:
        """Nobody may use the place any more; those who did, in their order."""
        out = sorted(self.members[place])
        for item in out:
            self.remove(item)
        del self.capacity[place], self.load[place], self.members[place]
        self._moves.clear()
        return out

    def again(self, item: str) -> bool:
        """Add an item that was removed, with the options it had."""
        return self.add(item, self._options[item], self._weight[item])

    def pull(self, place: str, givers: Iterable[str]) -> bool:
        """Bring the item into the place that costs least, from one of the places that can give somebody away."""
        found = min(
            (
                (more, who)
                for giver in givers
                for other, (more, who) in self._moves_from(giver).items()
                if other == place
            ),
            default=None,
        )
        if found is None:
            return False
        self._put(found[1], place)
        return True

    def _likes(self, item: str, place: str) -> bool:
        return not self._enemies.get(item, frozenset()) & self.members[place]

    def _moves_from(self, place: str) -> Mapping[str, Move]:
        """The cheapest move from the place to each other."""
        if place not in self._moves:
            best: dict[str, Move] = {}
            for item in sorted(self.members[place]):
                options = self._options[item]
                for other, cost in options.items():
                    if other != place and other in self.capacity:
                        more = cost - options[place]
                        if (other not in best or more < best[other][0]) and self._likes(item, other):
                            best[other] = (more, item)
            self._moves[place] = best
        return self._moves[place]

    def _apply(self, item: str, last: str, before: Mapping[str, tuple[str, str]]) -> bool:
        """Move everybody along the chain, from its end; undone where weights or enemies forbid it after all."""
        done: list[tuple[str, str]] = []
        place: str = last
        while place in before:
            left, who = before[place]
            if not self._can(who, place):
                self._undo(done)
                return False
            self._put(who, place)
            done.append((who, left))
            place = left
        if not self._can(item, place):
            self._undo(done)
            return False
        self._put(item, place)
        return True

    def _can(self, item: str, place: str) -> bool:
        return self.load[place] + self._weight[item] <= self.capacity[place] and self._likes(item, place)

    def _undo(self, done: Sequence[tuple[str, str]]) -> None:
        for who, left in reversed(done):
            self._put(who, left)

    def _put(self, item: str, place: str) -> None:
        if item in self.place:
            self.remove(item)
        self.place[item] = place
        self.members[place].add(item)
        self.load[place] += self._weight[item]
        self._moves.pop(place, None)
