"""The rooms stage as numbers: who may live where at which price, on which nights.

People and rooms are numbered in the problem's order. Nights are gathered to *spans* in which nobody arrives or leaves:
what is true on one of them is true on all.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

from foyer.scheduling.index import Index
from foyer.scheduling.problem import Resident, Room
from foyer.scheduling.room_points import wish_points
from foyer.scheduling.score import moves, years_outside, years_outside_best_band

NOWHERE = -1
MOST_HEAVY = 10**6  # points: larger costs would drown in a solver's tolerances
Assignment = list[int]  # by person: a room, or NOWHERE
Columns = Sequence[Sequence[int]]  # by person: the rooms in consideration


@dataclass(frozen=True, slots=True)
class Span:
    """Nights [start, start + nights). ``is_peak``: somebody arrives, so that more may be present than before."""

    start: int
    nights: int
    is_peak: bool


class Case:
    """One problem's people, rooms and prices. ``options`` has, by person, each room that suits with its points."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self.people: tuple[Resident, ...] = index.lodgers
        self.rooms: tuple[Room, ...] = index.problem.rooms
        pins = index.pinned("room")
        self.options = tuple(self._options(r, pins.get(r.id)) for r in self.people)
        self.pinned = frozenset(i for i, r in enumerate(self.people) if r.id in pins)
        self.unplaced = tuple(index.problem.weights.unplaced_night * (r.leaves - r.arrives) for r in self.people)
        self.women = tuple(r.gender == "female" for r in self.people)
        self.spans, self.stays = _spans(self.people)
        number = {r.id: i for i, r in enumerate(self.people)}
        self.apart = tuple((number[a], number[b]) for a, b in index.apart["room"] if a in number and b in number)

    def _options(self, resident: Resident, own: Sequence[str] | None) -> dict[int, int]:
        return {
            j: self._points(resident, room)
            for j, room in enumerate(self.rooms)
            if (not own or room.id in own) and self.index.may_lodge(resident, room)
        }

    def _points(self, resident: Resident, room: Room) -> int:
        weights = self.index.problem.weights
        other_room, other_house = moves(self.index, resident.id, room.id)
        return (
            weights.other_room * other_room
            + weights.other_house * other_house
            + weights.reserve_room * room.reserve
            + wish_points(resident, room, resident.arrives, resident.leaves)
        )

    @cached_property
    def table(self) -> Any:
        """By person and room, the points as an array of floats; infinite where the room does not suit."""
        import numpy as np

        found = np.full((len(self.people), len(self.rooms)), math.inf)
        for i, own in enumerate(self.options):
            found[i, list(own)] = list(own.values())
        return found

    @cached_property
    def bands(self) -> tuple[int, ...]:
        """The age bands that a room may take; one where ages do not count."""
        return self.index.age_bands if self.index.problem.weights.age_apart else (0,)

    def age_points(self, person: int, band: int) -> int:
        weight = self.index.problem.weights.age_apart
        return weight * years_outside(self.people[person].age, band) if weight else 0

    @cached_property
    def heavy(self) -> int:
        """What a point of unplaced nights counts in one sum with other points. Where that keeps the numbers small
        enough for a solver, so much that no other points can outweigh it; else so much that one person's room cannot,
        and the order of the levels is kept by comparing assignments (``Worth``)."""
        if self.decisive * max(self.unplaced, default=0) <= MOST_HEAVY:
            return self.decisive
        dearest = max((max(own.values()) for own in self.options if own), default=0)
        return 2 + 2 * dearest // (math.gcd(*self.unplaced) or 1)

    @cached_property
    def decisive(self) -> int:
        """The least factor with which no other points can outweigh a point of unplaced nights."""
        mixed = sum(room.mixed * (room.beds // 2) * self.index.problem.nights for room in self.rooms)
        ages = sum(max((self.age_points(i, band) for band in self.bands), default=0) for i in range(len(self.people)))
        dearest = sum(max(own.values(), default=0) for own in self.options)
        return 1 + (dearest + mixed + ages) // (math.gcd(*self.unplaced) or 1)

    @cached_property
    def unit(self) -> int:
        """A number that divides every possible value of the points: bounds are rounded up to its next multiple."""
        if len(self.bands) > 1:
            return 1
        figures = {points for own in self.options for points in own.values()}
        return math.gcd(*figures, *(room.mixed for room in self.rooms), *self.unplaced) or 1

    def is_split(self, room: int) -> bool:
        """Whether genders matter among those who share the room."""
        each = self.rooms[room]
        return each.beds > 1 and (each.policy == "same" or each.mixed > 0)

    @cached_property
    def enemies(self) -> Mapping[int, frozenset[int]]:
        found: dict[int, set[int]] = defaultdict(set)
        for a, b in self.apart:
            found[a].add(b)
            found[b].add(a)
        return {i: frozenset(others) for i, others in found.items()}


def _spans(people: Sequence[Resident]) -> tuple[tuple[Span, ...], tuple[range, ...]]:
    """The spans in order, and each person's stay as a range of their numbers."""
    arrivals = {r.arrives for r in people}
    days = sorted(arrivals | {r.leaves for r in people})
    spans = tuple(Span(a, b - a, a in arrivals) for a, b in pairwise(days))
    number = {day: i for i, day in enumerate(days)}
    return spans, tuple(range(number[r.arrives], number[r.leaves]) for r in people)


@dataclass(frozen=True, slots=True)
class Worth:
    """Unplaced points before all other points."""

    unplaced: int
    points: int

    def __lt__(self, other: Worth) -> bool:
        return (self.unplaced, self.points) < (other.unplaced, other.points)


def worth(case: Case, rooms: Assignment) -> Worth:
    """What an assignment costs."""
    lost = sum(case.unplaced[i] for i, j in enumerate(rooms) if j == NOWHERE)
    points = sum(case.options[i][j] for i, j in enumerate(rooms) if j != NOWHERE)
    members: dict[int, list[int]] = defaultdict(list)
    for i, j in enumerate(rooms):
        if j != NOWHERE:
            members[j].append(i)
    return Worth(lost, points + sum(shared_points(case, j, own) for j, own in members.items()))


def shared_points(case: Case, room: int, members: Sequence[int]) -> int:
    """What people cost by sharing the room: ages apart, and genders mixed."""
    points = 0
    if len(case.bands) > 1:
        ages = [case.people[i].age for i in members]
        points += case.index.problem.weights.age_apart * years_outside_best_band(case.index, ages)
    if case.rooms[room].mixed:
        for span, (women, men) in genders(case, members).items():
            points += case.rooms[room].mixed * min(women, men) * case.spans[span].nights
    return points


def genders(case: Case, members: Sequence[int]) -> dict[int, tuple[int, int]]:
    """By span, how many women and men of the members are present."""
    count: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for i in members:
        for span in case.stays[i]:
            count[span][0 if case.women[i] else 1] += 1
    return {span: (women, men) for span, (women, men) in count.items()}


def is_sound(case: Case, rooms: Assignment) -> bool:
    """Whether an assignment keeps the rules: rooms that suit, beds, one gender, pairs apart."""
    if any(j != NOWHERE and j not in case.options[i] for i, j in enumerate(rooms)):
        return False
    if any(rooms[a] == rooms[b] != NOWHERE for a, b in case.apart):
        return False
    members: dict[int, list[int]] = defaultdict(list)
    for i, j in enumerate(rooms):
        members[j].append(i)
    members.pop(NOWHERE, None)
    for j, own in members.items():
        is_same = case.rooms[j].policy == "same"
        for women, men in genders(case, own).values():
            if women + men > case.rooms[j].beds or (is_same and women and men):
                return False
    return True
