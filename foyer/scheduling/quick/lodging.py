"""Rooms of the first plan: stays in order of arrival, each to the room where it costs least, and room is made by
moving one or two others where none is left.

The nights of a stay are the bits of a number; a room keeps, for each count of people, the nights on which so many are
there. Whether one more fits is then one operation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache

from foyer.scheduling.index import Index
from foyer.scheduling.problem import Resident, Room
from foyer.scheduling.quick.seats import enemies_of
from foyer.scheduling.room_points import wish_points
from foyer.scheduling.score import moves, years_outside_best_band

DEPTH = 2  # how many others may move to make room for one


class _House:
    """The rooms and who lives in them so far."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self.stays: dict[str, list[Resident]] = {room.id: [] for room in index.problem.rooms}
        self.room: dict[str, str] = {}
        self._enemies = enemies_of(index.apart["room"])
        self._house_enemies = enemies_of(index.apart["house"])
        self._full: dict[str, int] = dict.fromkeys(self.stays, 0)
        self._women: dict[str, int] = dict.fromkeys(self.stays, 0)
        self._men: dict[str, int] = dict.fromkeys(self.stays, 0)

        @cache
        def outside(ages: tuple[int, ...]) -> int:
            return years_outside_best_band(index, list(ages)) if ages else 0

        self._outside = outside

    def fits(self, resident: Resident, room: Room) -> bool:
        """Whether beds, gender and pairs kept apart let the resident in besides those there."""
        nights = _nights(resident)
        others = self._men if resident.gender == "female" else self._women
        if self._full[room.id] & nights or (room.policy == "same" and others[room.id] & nights):
            return False
        enemies = self._enemies.get(resident.id)
        if enemies and any(o.id in enemies for o in self.stays[room.id]):
            return False
        apart = self._house_enemies.get(resident.id, ())
        return not any(o in self.room and self.index.rooms[self.room[o]].house == room.house for o in apart)

    def cost(self, resident: Resident, room: Room) -> tuple[float, int, str]:
        """Points, then the beds that stay empty around the stay."""
        weights = self.index.problem.weights
        other_room, other_house = moves(self.index, resident.id, room.id)
        ages = tuple(sorted(o.age for o in self.stays[room.id]))
        apart = 0
        if weights.age_apart:
            apart = self._outside(tuple(sorted((*ages, resident.age)))) - self._outside(ages)
        points = (
            weights.other_room * other_room
            + weights.other_house * other_house
            + weights.reserve_room * room.reserve
            + weights.age_apart * apart
            + wish_points(resident, room, resident.arrives, resident.leaves)
        )
        taken = self._men[room.id] | self._women[room.id]
        return points, (_nights(resident) & ~taken).bit_count() * room.beds, room.id

    def put(self, resident: Resident, room: str) -> None:
        self.stays[room].append(resident)
        self.room[resident.id] = room
        self._count(room)

    def take(self, resident: Resident) -> str:
        room = self.room.pop(resident.id)
        self.stays[room].remove(resident)
        self._count(room)
        return room

    def _count(self, room: str) -> None:
        layers = [0] * self.index.rooms[room].beds
        women = men = 0
        for resident in self.stays[room]:
            nights = _nights(resident)
            women, men = (women | nights, men) if resident.gender == "female" else (women, men | nights)
            for i in range(len(layers)):
                layers[i], nights = layers[i] | nights, layers[i] & nights
        self._full[room] = layers[-1] if layers else -1
        self._women[room], self._men[room] = women, men


def deal_rooms(index: Index, tick: Callable[[], None], given: Mapping[str, str] | None = None) -> dict[str, str]:
    """A room for as many stays as possible: resident id to room id. ``given`` are rooms to begin with, which fit.
    ``tick`` may raise to stop."""
    house = _House(index)
    for name, room in (given or {}).items():
        house.put(index.residents[name], room)
    pins = index.pinned("room")
    fitting = {r.id: _fitting(index, r, pins.get(r.id)) for r in index.lodgers}
    few = len(index.problem.rooms) // 8
    order = sorted(
        index.lodgers,
        key=lambda r: (r.id not in pins, len(fitting[r.id]) > few, _moves_in(index, r), r.arrives, -r.leaves, r.id),
    )
    for resident in order:
        tick()
        if resident.id in house.room:
            continue
        if not _simply(house, resident, fitting[resident.id]):
            _by_moving(house, resident, fitting, DEPTH, set(pins), tick)
    return house.room


def _moves_in(index: Index, resident: Resident) -> bool:
    """Whether the resident has no room to stay in: those who have come first."""
    return resident.previous_room not in index.rooms


def _nights(resident: Resident) -> int:
    return (1 << resident.leaves) - (1 << resident.arrives)


def _fitting(index: Index, resident: Resident, own: Sequence[str] | None) -> list[Room]:
    return [m for m in index.problem.rooms if (not own or m.id in own) and index.may_lodge(resident, m)]


def _simply(house: _House, resident: Resident, rooms: Sequence[Room]) -> bool:
    free = [room for room in rooms if house.fits(resident, room)]
    if free:
        house.put(resident, min(free, key=lambda room: house.cost(resident, room)).id)
    return bool(free)


def _by_moving(
    house: _House,
    resident: Resident,
    fitting: dict[str, list[Room]],
    depth: int,
    still: set[str],
    tick: Callable[[], None],
) -> bool:
    """Somebody else moves out of a room, and finds another, by moving somebody if need be."""
    for room, other in _movable(house, fitting[resident.id], still):
        tick()
        house.take(other)
        if house.fits(resident, room):
            house.put(resident, room.id)
            placed = _simply(house, other, fitting[other.id])
            if not placed and depth > 1:
                placed = _by_moving(house, other, fitting, depth - 1, {*still, resident.id}, tick)
            if placed:
                return True
            house.take(resident)
        house.put(other, room.id)
    return False


def _movable(house: _House, rooms: Sequence[Room], still: set[str]) -> Iterator[tuple[Room, Resident]]:
    for room in rooms:
        for other in tuple(house.stays[room.id]):
            if other.id not in still:
                yield room, other
