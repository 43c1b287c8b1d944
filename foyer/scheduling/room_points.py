"""Wishes about rooms that are counted night by night, from lodgings alone: features wished for, and mixed rooms.

With the features as ``foyer.scheduling.families.pas`` names them, these are the terms of patient admission scheduling
(Demeester, Souffriau, De Causmaecker and Vanden Berghe 2010, Artificial Intelligence in Medicine 48:61-70).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Iterator

from foyer.scheduling.index import Index
from foyer.scheduling.plan import Lodging, Plan, Term
from foyer.scheduling.problem import Resident, Room


def terms(index: Index, plan: Plan) -> Iterator[Term]:
    """The points of wishes for features, and of people whose gender is the fewer in a room on a night."""
    hurt = points = 0
    for lodging in plan.lodgings:
        resident, room = index.residents[lodging.resident], index.rooms[lodging.room]
        lost = wish_points(resident, room, lodging.arrives, lodging.leaves)
        hurt, points = hurt + (lost > 0), points + lost
    yield Term("room_wish", hurt, points)
    fewer = people_fewer(index, plan.lodgings, index.mixed)
    points = sum(index.mixed[room] * count for (room, _), count in fewer.items())
    yield Term("mixed_room", sum(fewer.values()), points)


def wish_points(resident: Resident, room: Room, arrives: int, leaves: int) -> int:
    """Points for the features wished for that the room lacks, on the nights from ``arrives`` to before ``leaves``."""
    features = set(room.features)
    points = sum(points * (leaves - arrives) for feature, points in resident.room_wishes if feature not in features)
    for feature, each, start, end in resident.dated_room_wishes:
        if feature not in features:
            points += each * max(0, min(end, leaves) - max(start, arrives))
    return points


def people_fewer(index: Index, lodgings: Iterable[Lodging], rooms: Container[str]) -> dict[tuple[str, int], int]:
    """By room and night, how many people are of the gender that is fewer there; of these rooms those that anybody of
    either gender lives in."""
    present = {gender: Counter[tuple[str, int]]() for gender in ("female", "male")}
    for lodging in (x for x in lodgings if x.room in rooms):
        nights = range(lodging.arrives, lodging.leaves)
        present[index.residents[lodging.resident].gender].update((lodging.room, night) for night in nights)
    women, men = present["female"], present["male"]
    return {key: min(women[key], men[key]) for key in women.keys() & men.keys()}
