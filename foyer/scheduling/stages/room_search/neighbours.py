"""Which rooms to look at together: those whose people could change places at little cost, around a room that costs more
than the relaxation says it must."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from random import Random
from typing import Any

import numpy as np

from foyer.scheduling.stages.room_search.case import NOWHERE, Assignment, Case
from foyer.scheduling.stages.room_search.part import Part
from foyer.scheduling.stages.room_search.relaxation import Prices

CHEAPEST = 3  # people who decide how near two rooms are
STEPS = 4  # in so many steps a part grows to its size
SMALL_PRICE = 0.1  # the quantile of prices that is the size of the noise


class Neighbours:
    """Picks parts, by the relaxation's prices."""

    def __init__(self, case: Case, prices: Prices) -> None:
        self._case = case
        self._prices = np.maximum(prices, 0.0)
        some = self._prices[(self._prices > 0) & (self._prices < math.inf)]
        self._unit = float(np.quantile(some, SMALL_PRICE)) if some.size else 1.0

    def part(self, rooms: Assignment, size: int, taken: Collection[int], random: Random) -> Part | None:
        """A part of about so many rooms, none of them ``taken``; None where all are."""
        free = [j for j in range(len(self._case.rooms)) if j not in taken]
        if not free:
            return None
        members: dict[int, list[int]] = {}
        for i, j in enumerate(rooms):
            members.setdefault(j, []).append(i)
        excess = [sum(self._unit + self._price(i, j) for i in members.get(j, ())) for j in free]
        waiting = [i for i in members.get(NOWHERE, ()) if self._case.options[i]]
        chosen = random.choices(free, weights=excess if any(excess) else None)
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
        price = float(self._prices[person, room])
        return price if price < math.inf else 0.0

    def _near(
        self, chosen: Sequence[int], free: Sequence[int], members: dict[int, list[int]], random: Random
    ) -> list[int]:
        """The free rooms not chosen yet, nearest first: by what it would cost people to change places."""
        inside = [i for j in chosen for i in members.get(j, ())]
        there = _mean_of_least(self._prices[inside])
        back = self._prices[:, chosen].min(axis=1)
        distance = {}
        for j in free:
            if j not in chosen:
                own = members.get(j)  # where nobody lives, nobody needs to come back
                backwards = _mean_of_least(back[own, None])[0] if own else there[j]
                distance[j] = float(there[j] + backwards) + self._unit * random.expovariate(1)
        return sorted(distance, key=lambda j: (distance[j], j))

    def near(self, person: int, part: Part, most: float) -> list[int]:
        """The part's rooms that cost the person at most so much more than the relaxation's best."""
        return [j for j in part.rooms if self._prices[person, j] <= most]


def _mean_of_least(prices: Prices) -> Any:
    """By column, the mean of the few least that are finite; 0 where there are none."""
    least = np.sort(prices, axis=0)[:CHEAPEST]
    is_finite = np.isfinite(least)
    return np.where(is_finite, least, 0.0).sum(axis=0) / np.maximum(1, is_finite.sum(axis=0))
