"""Which rooms to look at together: those whose people could change places at little cost, around a room that costs more
than the relaxation says it must."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from random import Random

from foyer.scheduling.stages.room_search.case import NOWHERE, Assignment, Case
from foyer.scheduling.stages.room_search.part import Part

CHEAPEST = 3  # people who decide how near two rooms are
STEPS = 4  # in so many steps a part grows to its size


class Neighbours:
    """Picks parts, by the relaxation's prices (by person, each room's)."""

    def __init__(self, case: Case, prices: Sequence[dict[int, float]]) -> None:
        self._case = case
        count = len(case.rooms)
        self._prices = [[max(0.0, own.get(j, math.inf)) for j in range(count)] for own in prices]
        finite = sorted(p for own in self._prices for p in own if 0 < p < math.inf)
        self._unit = finite[len(finite) // 10] if finite else 1.0  # a small price: the size of the noise

    def part(self, rooms: Assignment, size: int, taken: Collection[int], random: Random) -> Part | None:
        """A part of about so many rooms, none of them ``taken``; None where all are."""
        free = [j for j in range(len(self._case.rooms)) if j not in taken]
        if not free:
            return None
        members: dict[int, list[int]] = {}
        for i, j in enumerate(rooms):
            members.setdefault(j, []).append(i)
        excess = [self._unit + sum(self._price(i, j) for i in members.get(j, ())) for j in free]
        waiting = [i for i in members.get(NOWHERE, ()) if self._case.options[i]]
        chosen = random.choices(free, weights=excess)
        if waiting and random.random() < 0.5:  # somebody without a room: begin where he might live
            wanted = self._prices[random.choice(waiting)]
            chosen = [min(free, key=lambda j: (wanted[j], random.random()))]
        step = max(1, size // STEPS)
        while len(chosen) < min(size, len(free)):
            near = self._near(chosen, free, members, random)
            chosen += near[: min(step, size - len(chosen))]
        people = [i for j in chosen for i in members.get(j, ())]
        people += [i for i in waiting if any(j in self._case.options[i] for j in chosen)]
        return Part(tuple(chosen), tuple(sorted(people)))

    def _price(self, person: int, room: int) -> float:
        price = self._prices[person][room]
        return price if price < math.inf else 0.0

    def _near(
        self, chosen: Sequence[int], free: Sequence[int], members: dict[int, list[int]], random: Random
    ) -> list[int]:
        """The free rooms not chosen yet, nearest first."""
        inside = [self._prices[i] for j in chosen for i in members.get(j, ())]
        distance = {}
        for j in free:
            if j not in chosen:
                there = _mean_of_least([own[j] for own in inside])
                back = _mean_of_least([min(self._prices[i][c] for c in chosen) for i in members.get(j, ())])
                distance[j] = there + back + self._unit * random.expovariate(1)
        return sorted(distance, key=lambda j: (distance[j], j))

    def is_near(self, person: int, room: int, most: float) -> bool:
        """Whether the room costs the person at most so much more than the relaxation's best."""
        return self._prices[person][room] <= most


def _mean_of_least(values: list[float]) -> float:
    finite = sorted(v for v in values if v < math.inf)[:CHEAPEST]
    return sum(finite) / len(finite) if finite else 0.0
