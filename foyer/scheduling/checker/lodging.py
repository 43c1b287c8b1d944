"""Rooms and beds over the nights (H4 to H7). A stay is half-open: nobody sleeps on the day of
leaving."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import combinations, pairwise, product

from foyer.scheduling.index import Index
from foyer.scheduling.plan import Lodging, Plan, Violation
from foyer.scheduling.problem import Room, Scope


def violations(index: Index, plan: Plan) -> Iterator[Violation]:
    yield from _needs(index, plan)
    by_room: dict[str, list[Lodging]] = defaultdict(list)
    for lodging in plan.lodgings:
        by_room[lodging.room].append(lodging)
    for room_id, lodgings in by_room.items():
        yield from _fits(index, index.rooms[room_id], lodgings)
        yield from _nights(index, index.rooms[room_id], lodgings)
    yield from _apart(index, plan)
    yield from _together(index, plan)


def _needs(index: Index, plan: Plan) -> Iterator[Violation]:
    """One room for the whole stay, parted only where a transfer is allowed, or listed as unmet (H4)."""
    found: dict[str, list[Lodging]] = defaultdict(list)
    for lodging in plan.lodgings:
        found[lodging.resident].append(lodging)
    unmet = {u.resident for u in plan.unmet if u.need == "room"}
    for resident in index.problem.residents:
        own = sorted(found[resident.id], key=lambda x: (x.arrives, x.leaves))
        if not resident.needs_room:
            if own:
                yield Violation("room_not_needed", (resident.id,))
        elif any(a.leaves != b.arrives or b.arrives not in resident.transfers for a, b in pairwise(own)):
            yield Violation("room_twice", (resident.id,))
        elif own and (own[0].arrives, own[-1].leaves) != (resident.arrives, resident.leaves):
            yield Violation("room_nights", (resident.id,))
        if resident.id in unmet and (own or not resident.needs_room):
            yield Violation("unmet_untrue", (resident.id,))
        if not own and resident.id not in unmet and resident.needs_room:
            yield Violation("room_missing", (resident.id,))


def _fits(index: Index, room: Room, lodgings: list[Lodging]) -> Iterator[Violation]:
    """The room's fixed gender, features, stage and closed nights suit everybody in it (H5, H6)."""
    for lodging in lodgings:
        resident = index.residents[lodging.resident]
        who = (resident.id, room.id)
        if room.policy not in ("same", "any", resident.gender):
            yield Violation("room_gender", who)
        if not set(resident.room_features) <= set(room.features):
            yield Violation("room_features", who)
        if resident.stage < room.minimum_stage:
            yield Violation("room_stage", who)
        if any(start < lodging.leaves and lodging.arrives < end for start, end in room.closed):
            yield Violation("room_closed", who)
        if not 1 <= lodging.bed <= room.beds:
            yield Violation("bed_number", who)


def _nights(index: Index, room: Room, lodgings: list[Lodging]) -> Iterator[Violation]:
    """No night with more sleepers than beds, or with two genders (H4, H5), and no bed held twice.
    It suffices to look at the nights on which somebody arrives: on others people only leave."""
    for night in sorted({lodging.arrives for lodging in lodgings}):
        present = [x for x in lodgings if x.arrives <= night < x.leaves]
        who = (room.id, *(x.resident for x in present))
        if len(present) > room.beds:
            yield Violation("room_capacity", who, str(night))
        if room.policy != "any" and len({index.residents[x.resident].gender for x in present}) > 1:
            yield Violation("room_one_gender", who, str(night))
    for a, b in combinations(lodgings, 2):
        if a.bed == b.bed and a.arrives < b.leaves and b.arrives < a.leaves:
            yield Violation("bed_twice", (room.id, a.resident, b.resident), str(max(a.arrives, b.arrives)))


def _apart(index: Index, plan: Plan) -> Iterator[Violation]:
    """Pairs kept apart share no room, or no house, on a night before they are free again (H7)."""
    own = _by_resident(plan)
    for pair in index.problem.apart:
        for scope, place in _places(index):
            if scope not in pair.scopes or pair.points is not None:
                continue
            until = index.problem.nights if pair.until is None else pair.until
            for a, b in product(own[pair.a], own[pair.b]):
                night = max(a.arrives, b.arrives)
                if place(a) == place(b) and night < min(a.leaves, b.leaves, until):
                    yield Violation(f"apart_{scope}", (pair.a, pair.b, place(a)), str(night))


def _together(index: Index, plan: Plan) -> Iterator[Violation]:
    """Pairs kept together share the room, or the house, on every night on which both have a room (H7)."""
    own = _by_resident(plan)
    for pair in index.problem.together:
        for scope, place in _places(index):
            for a, b in product(own[pair.a], own[pair.b]) if scope in pair.scopes and pair.points is None else ():
                night = max(a.arrives, b.arrives)
                if place(a) != place(b) and night < min(a.leaves, b.leaves):
                    yield Violation(f"together_{scope}", (pair.a, pair.b), str(night))


def _by_resident(plan: Plan) -> dict[str, list[Lodging]]:
    own: dict[str, list[Lodging]] = defaultdict(list)
    for lodging in plan.lodgings:
        own[lodging.resident].append(lodging)
    return own


def _places(index: Index) -> tuple[tuple[Scope, Callable[[Lodging], str]], ...]:
    """What a lodging is in: its room, its house."""
    return (("room", lambda x: x.room), ("house", lambda x: index.rooms[x.room].house))
