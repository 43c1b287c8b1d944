"""Dealing the stays of a pool of alike rooms to the rooms, and numbering the beds (H4, H7)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from foyer.scheduling.index import Index
from foyer.scheduling.plan import Lodging
from foyer.scheduling.problem import Resident, Room
from foyer.scheduling.program import Program, goal, minimise
from foyer.scheduling.run import Run
from foyer.scheduling.spans import Stay


@dataclass(slots=True)
class Pool:
    """Alike rooms and the stays they must hold: ``fixed`` names the room of those who keep theirs."""

    key: tuple[int, int]
    rooms: tuple[Room, ...]
    free: list[Resident] = field(default_factory=list)
    fixed: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Agreed:
    """The pairs that the program holds together in a room, and apart (H7, s4)."""

    together: tuple[tuple[str, str], ...] = ()
    apart: tuple[tuple[str, str], ...] = ()


def deal(run: Run, index: Index, pool: Pool, agreed: Agreed) -> dict[str, str] | None:
    """A room for each stay of the pool. By interval colouring where it settles the matter, else by a small
    search; None where pairs or rooms kept make it impossible. ``index`` has the pool's residents."""
    rooms = _coloured(index, pool, agreed)
    return rooms if rooms is not None else _searched(run, index, pool, agreed)


def _coloured(index: Index, pool: Pool, agreed: Agreed) -> dict[str, str] | None:
    """Stays in order of arrival, each to the room with most free beds that allows it."""
    rooms = dict(pool.fixed)
    friends, enemies = _partners(agreed.together), _partners(agreed.apart)
    stays: dict[str, list[Resident]] = defaultdict(list)
    for name, kept in pool.fixed.items():
        stays[kept].append(index.residents[name])
    for resident in sorted(pool.free, key=lambda r: (r.arrives, -r.leaves, r.id)):
        theirs = {rooms[name] for name in friends.get(resident.id, ()) if name in rooms}
        allowed = [m for m in pool.rooms if theirs <= {m.id} and not _holds(stays[m.id], enemies.get(resident.id, ()))]
        fitting = [m for m in allowed if _fits(resident, stays[m.id], m)]
        if not fitting:
            return None
        # rooms for either gender are filled one by one, so that some stay free for the other
        room = min(fitting, key=lambda m: (len(stays[m.id]) * (-1 if m.policy == "same" else 1), m.id))
        stays[room.id].append(resident)
        rooms[resident.id] = room.id
    parted = any(rooms.get(a) != rooms.get(b) for a, b in agreed.together)  # none of them is in another pool
    shared = any(a in rooms and rooms[a] == rooms.get(b) for a, b in agreed.apart)
    return None if parted or shared else rooms


def _holds(stays: list[Resident], people: Collection[str]) -> bool:
    return any(other.id in people for other in stays)


def _fits(resident: Resident, stays: list[Resident], room: Room) -> bool:
    others = [o for o in stays if o.arrives < resident.leaves and resident.arrives < o.leaves]
    nights = {resident.arrives, *(o.arrives for o in others if o.arrives > resident.arrives)}
    full = any(sum(o.arrives <= night < o.leaves for o in others) >= room.beds for night in nights)
    mixed = room.policy != "any" and any(o.gender != resident.gender for o in others)
    return not full and not mixed


def _partners(pairs: Iterable[tuple[str, str]]) -> Mapping[str, set[str]]:
    partners: dict[str, set[str]] = defaultdict(set)
    for a, b in pairs:
        partners[a].add(b)
        partners[b].add(a)
    return partners


def _searched(run: Run, index: Index, pool: Pool, agreed: Agreed) -> dict[str, str] | None:
    """The same as a program: one room each; on every arrival night the beds, and one gender; pairs as agreed."""
    program = Program()
    people = [*pool.free, *(index.residents[r] for r in pool.fixed)]
    place = {(r.id, m.id): program.integer() for r in people for m in pool.rooms}
    for resident in people:
        program.row([(place[resident.id, m.id], 1) for m in pool.rooms], low=1, high=1)
        if resident.id in pool.fixed:
            program.fix(place[resident.id, pool.fixed[resident.id]], 1)
    for room in pool.rooms:
        for night in sorted({r.arrives for r in people}):
            present = [r for r in people if r.arrives <= night < r.leaves]
            if room.policy == "any":
                program.row([(place[r.id, room.id], 1) for r in present], high=room.beds)
                continue
            womens = program.integer()
            for gender, sign, most in (("female", -room.beds, 0), ("male", room.beds, room.beds)):
                own = [(place[r.id, room.id], 1) for r in present if r.gender == gender]
                program.row([*own, (womens, sign)], high=most)
        _as_agreed(program, {r.id: place[r.id, room.id] for r in people}, agreed)
    answer = minimise(run, "rooms", program, [goal("any", [], in_points=False)])
    if not answer.is_feasible:
        return None
    return {resident: room for (resident, room), x in place.items() if answer.values[x]}


def _as_agreed(program: Program, here: Mapping[str, int], agreed: Agreed) -> None:
    """In one room, whose places are ``here``: both of a pair or neither; not both."""
    for a, b in agreed.together:
        if a in here and b in here:
            program.row([(here[a], 1), (here[b], -1)], low=0, high=0)
    for a, b in agreed.apart:
        if a in here and b in here:
            program.row([(here[a], 1), (here[b], 1)], high=1)


def number_beds(index: Index, rooms: Mapping[str, str]) -> tuple[Lodging, ...]:
    """Beds for residents who are in one room for their whole stay."""
    people = ((index.residents[name], room) for name, room in rooms.items())
    return number_beds_of(index, (Stay(r.id, room, r.arrives, r.leaves) for r, room in people))


def number_beds_of(index: Index, stays: Iterable[Stay]) -> tuple[Lodging, ...]:
    """Beds within each room: each stay, in order of arrival, takes the lowest bed that is free. Raises ValueError where
    none is."""
    by_room: dict[str, list[Stay]] = defaultdict(list)
    for stay in stays:
        by_room[stay.room].append(stay)
    lodgings = []
    for room, own in by_room.items():
        free_from: dict[int, int] = dict.fromkeys(range(1, index.rooms[room].beds + 1), 0)
        for stay in sorted(own, key=lambda s: (s.arrives, s.resident)):
            bed = min(bed for bed, night in free_from.items() if night <= stay.arrives)
            free_from[bed] = stay.leaves
            lodgings.append(Lodging(stay.resident, room, bed, stay.arrives, stay.leaves))
    return tuple(sorted(lodgings, key=lambda x: (x.room, x.arrives, x.bed)))
