"""Rooms in a repair: who sleeps where from the night on (H4 to H7, H13), with what is published worth keeping.

The rooms stage looks for the best way to house everybody; here nearly all stay, so each resident and room is followed
by itself, and ages apart count against the band that each room has now.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise, product

from foyer.scheduling.index import Index
from foyer.scheduling.pairs import common_nights, weeks_of
from foyer.scheduling.plan import Lodging, Unmet
from foyer.scheduling.problem import KeepApart, KeepTogether, Resident, Room
from foyer.scheduling.program import Entry, Program, goal
from foyer.scheduling.repairing.kept import Kept
from foyer.scheduling.repairing.parts import Joined, Lost, Part
from foyer.scheduling.room_points import wish_points
from foyer.scheduling.score import moves, years_outside

STAGE = "rooms"


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a stay that is spent in one room: up to the next night on which a move is allowed."""

    resident: Resident
    number: int
    arrives: int
    leaves: int

    def meets(self, other: Span, until: int | None) -> bool:
        end = min(self.leaves, other.leaves)
        return max(self.arrives, other.arrives) < (end if until is None else min(end, until))


@dataclass(slots=True)
class Rooms:
    """The meaning of the part's variables: for each resident the spans, for each span the rooms it may be in."""

    spans: dict[str, list[Span]] = field(default_factory=lambda: defaultdict(list))
    place: dict[Span, dict[str, int]] = field(default_factory=dict)
    unmet: dict[str, int] = field(default_factory=dict)
    moving: list[int] = field(default_factory=list)  # 1 where a resident changes room between two spans
    pairs: list[Entry] = field(default_factory=list)  # what wishes about pairs cost

    def sleeping_in(self, room: str) -> list[tuple[Span, int]]:
        return [(span, places[room]) for span, places in self.place.items() if room in places]


def room_part(kept: Kept) -> tuple[Part, Rooms]:
    index = kept.index
    part, made = Part(STAGE, Program()), Rooms()
    for resident in index.lodgers:
        _need(index, part, made, resident)
    for room in index.problem.rooms:
        _beds(part.program, made, room)
    for pair in index.problem.apart:
        if {pair.a, pair.b} <= set(made.unmet):
            _apart(index, part.program, made, pair)
    for both in index.problem.together:
        if {both.a, both.b} <= set(made.unmet):
            _together(index, part.program, made, both)
    _keep_rooms(kept, part, made)
    part.goals.append(goal("wishes", [*_wishes(kept, made), *made.pairs]))
    return part, made


# Rules


def _need(index: Index, part: Part, made: Rooms, resident: Resident) -> None:
    """One suitable room on each night of the stay, the pinned one if there is one; or none at all."""
    pins = index.pinned("room").get(resident.id)
    unmet = made.unmet[resident.id] = part.program.integer(0, 0 if pins else 1)
    nights = (resident.arrives, *resident.transfers, resident.leaves)
    for number, (start, end) in enumerate(pairwise(sorted(nights))):
        span = Span(resident, number, start, end)
        rooms = [m for m in index.problem.rooms if not pins or m.id in pins]
        only = _only(span)
        suitable = [m for m in rooms if index.may_lodge(only, m)]
        made.spans[resident.id].append(span)
        made.place[span] = {m.id: part.program.integer() for m in suitable}
        part.program.row([*((z, 1) for z in made.place[span].values()), (unmet, 1)], low=1, high=1)
    points = index.problem.weights.unplaced_night * (resident.leaves - resident.arrives)
    part.lost.append(Lost(Unmet(resident.id, "room"), unmet, points))
    for a, b in pairwise(made.spans[resident.id]):
        moving = part.program.integer()
        made.moving.append(moving)
        for room, z in made.place[a].items():
            other = made.place[b].get(room)
            part.program.row([(z, 1), (moving, -1), *([] if other is None else [(other, -1)])], high=0)


def _only(span: Span) -> Resident:
    """The resident as if he were here on the span's nights only."""
    return replace(span.resident, arrives=span.arrives, leaves=span.leaves, transfers=())


def _beds(program: Program, made: Rooms, room: Room) -> None:
    """On each night on which somebody may come, the beds; and one gender where that is the room's policy."""
    sleeping = made.sleeping_in(room.id)
    seen: set[frozenset[int]] = set()
    for night in sorted({span.arrives for span, _ in sleeping}):
        present = {z: span.resident.gender for span, z in sleeping if span.arrives <= night < span.leaves}
        if frozenset(present) in seen:
            continue
        seen.add(frozenset(present))
        if len(present) > room.beds:
            program.row([(z, 1) for z in present], high=room.beds)
        if room.policy == "same" and len(set(present.values())) > 1:
            womens = program.integer()
            program.row([*((z, 1) for z, g in present.items() if g == "female"), (womens, -room.beds)], high=0)
            program.row([*((z, 1) for z, g in present.items() if g == "male"), (womens, room.beds)], high=room.beds)


def _apart(index: Index, program: Program, made: Rooms, pair: KeepApart) -> None:
    """Not both in one place; a wish is paid for the weeks of each two spans that share one."""
    until = index.problem.nights if pair.until is None else pair.until
    for a, b in product(made.spans[pair.a], made.spans[pair.b]):
        if a.meets(b, until):
            weeks = weeks_of(common_nights(_only(a), _only(b), until))
            for scope in pair.scopes:
                off = _off(program, made, None if pair.points is None else pair.points * len(weeks))
                for places in _places(index, [scope], made, (a, b)):
                    program.row([*places, *off], high=1)


def _together(index: Index, program: Program, made: Rooms, pair: KeepTogether) -> None:
    """Whoever of the two has a place has it where the other has; a wish is paid once in each scope."""
    for scope in pair.scopes:
        off = _off(program, made, pair.points)
        for a, b in product(made.spans[pair.a], made.spans[pair.b]):
            if a.meets(b, None):
                ours, theirs = (list(_places(index, [scope], made, (span,))) for span in (a, b))
                for one, other in zip(ours, theirs, strict=True):
                    program.row([*one, *((z, -1) for z, _ in other), (made.unmet[pair.b], -1), *off], high=0)
                    program.row([*other, *((z, -1) for z, _ in one), (made.unmet[pair.a], -1), *off], high=0)


def _off(program: Program, made: Rooms, points: float | None) -> list[Entry]:
    """What gives a wish up, at its price; nothing for a rule."""
    if points is None:
        return []
    variable = program.relief()
    made.pairs.append((variable, points))
    return [(variable, -1)]


def _places(index: Index, scopes: Sequence[str], made: Rooms, spans: Sequence[Span]) -> Iterator[list[Entry]]:
    """For each room, and each house, the variables that put the spans there."""
    if "room" in scopes:
        for room in index.rooms:
            yield [(z, 1) for s in spans if (z := made.place[s].get(room)) is not None]
    if "house" in scopes:
        for house in sorted({m.house for m in index.problem.rooms}):
            yield [(z, 1) for s in spans for m, z in made.place[s].items() if index.rooms[m].house == house]


# What is published, and wishes


def _keep_rooms(kept: Kept, part: Part, made: Rooms) -> None:
    """A resident who had a room for some night to come keeps it where nothing else is decided for that night."""
    points = kept.index.problem.weights.change_room
    own: dict[str, list[Lodging]] = defaultdict(list)
    for lodging in kept.plan.lodgings:
        own[lodging.resident].append(lodging)
    had = {x.resident for x in kept.published.lodgings if x.resident in kept.index.residents}
    for resident in sorted(had):
        variables = [
            made.place[span].get(x.room)
            for x in own[resident]
            for span in made.spans.get(resident, ())
            if x.arrives < span.leaves and span.arrives < x.leaves
        ]
        part.keep(resident, "room", variables or [None], points)


def _wishes(kept: Kept, made: Rooms) -> Iterator[Entry]:
    index, weights = kept.index, kept.index.problem.weights
    bands = _bands(kept)
    for span, places in made.place.items():
        resident = span.resident
        for name, z in places.items():
            room = index.rooms[name]
            moved, other_house = moves(index, resident.id, name)
            yield (
                z,
                weights.other_room * moved
                + weights.other_house * other_house
                + weights.reserve_room * room.reserve
                + weights.age_apart * (years_outside(resident.age, bands[name]) if name in bands else 0)
                + wish_points(resident, room, span.arrives, span.leaves),
            )
    yield from ((moving, weights.transfer) for moving in made.moving)


def _bands(kept: Kept) -> dict[str, int]:
    """The best age band of those who live in each room as published."""
    ages: dict[str, list[int]] = defaultdict(list)
    for lodging in kept.plan.lodgings:
        ages[lodging.room].append(kept.index.residents[lodging.resident].age)
    bands = kept.index.age_bands
    return {room: min(bands, key=lambda b: sum(years_outside(a, b) for a in own)) for room, own in ages.items()}


# Beds


def lodgings_in(kept: Kept, joined: Joined, part: Part, made: Rooms, values: Sequence[int]) -> tuple[Lodging, ...]:
    """Rooms and beds from the repair's night on. Who slept there the night before keeps the bed; who comes takes the
    published one if it is free, else the first that is: at each arrival fewer people than beds are there."""
    own = joined.values_of(part, values)
    rooms: dict[str, list[tuple[int, int, str]]] = defaultdict(list)  # room -> (arrives, leaves, resident)
    for name, spans in made.spans.items():
        runs: list[tuple[int, int, str]] = []
        for span in spans:
            room = next((m for m, z in made.place[span].items() if own[z]), None)
            if room and runs and runs[-1][2] == room and runs[-1][1] == span.arrives:
                runs[-1] = (runs[-1][0], span.leaves, room)
            elif room:
                runs.append((span.arrives, span.leaves, room))
        for arrives, leaves, room in runs:
            rooms[room].append((arrives, leaves, name))
    return tuple(x for room, stays in sorted(rooms.items()) for x in _bedded(kept, room, stays))


def _bedded(kept: Kept, room: str, stays: Iterable[tuple[int, int, str]]) -> Iterator[Lodging]:
    published = {x.resident: x for x in kept.published.lodgings if x.room == room}
    free_from = dict.fromkeys(range(1, kept.index.rooms[room].beds + 1), 0)

    def urgency(stay: tuple[int, int, str]) -> tuple[int, bool, int, str]:
        old = published.get(stay[2])
        return (stay[0], old is None, 0 if old is None else old.arrives, stay[2])

    for arrives, leaves, name in sorted(stays, key=urgency):
        free = [bed for bed, night in free_from.items() if night <= arrives]
        wanted = published[name].bed if name in published else 0
        spoken_for = {x.bed for x in published.values() if x.arrives < leaves and arrives < x.leaves}
        bed = wanted if wanted in free else min(free, key=lambda b: (b in spoken_for, b))
        free_from[bed] = leaves
        yield Lodging(name, room, bed, arrives, leaves)
