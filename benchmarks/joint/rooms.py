"""Rooms over the nights of the stays, one gender a night where the room asks for it (H4 to H7; s1, s5, ages)."""

from __future__ import annotations

from itertools import pairwise

from benchmarks.joint.base import Joint, Literal
from foyer.scheduling.index import Index
from foyer.scheduling.problem import Resident, Room
from foyer.scheduling.room_points import wish_points
from foyer.scheduling.score import moves, years_outside


def add_rooms(joint: Joint) -> None:
    """A room for each whole stay, beds counted on every night on which somebody arrives."""
    index, weights = joint.index, joint.index.problem.weights
    for resident in index.lodgers:
        ways = []
        for room in index.problem.rooms:
            if index.may_lodge(resident, room):
                lives = joint.room[resident.id, room.id] = joint.boolean()
                ways.append(lives)
                joint.pay(_points(index, resident, room), lives)
        nights = resident.leaves - resident.arrives
        joint.need(resident.id, "room", "", ways, weights.unplaced_night * nights)
    for room in index.problem.rooms:
        people = {r: lives for (r, m), lives in joint.room.items() if m == room.id}
        _nights(joint, room, people)
        _ages(joint, people)
        if room.mixed:
            _mixed(joint, room, people)
        for a, b in index.apart["room"]:
            joint.model.add_at_most_one(people[r] for r in (a, b) if r in people)
    for pin in index.problem.pins:
        if pin.kind == "room":
            joint.keep(joint.room, pin.resident, pin.target)


def _points(index: Index, resident: Resident, room: Room) -> float:
    """What it costs that this resident lives there, whoever else does."""
    weights = index.problem.weights
    other_room, other_house = moves(index, resident.id, room.id)
    points = weights.other_room * other_room + weights.other_house * other_house + weights.reserve_room * room.reserve
    return points + wish_points(resident, room, resident.arrives, resident.leaves)


def _nights(joint: Joint, room: Room, people: dict[str, Literal]) -> None:
    residents = [joint.index.residents[r] for r in people]
    for night in sorted({r.arrives for r in residents}):
        present = [r for r in residents if r.arrives <= night < r.leaves]
        joint.model.add(sum(people[r.id] for r in present) <= room.beds)
        if room.policy == "same":
            female = joint.boolean()
            for r in present:
                joint.model.add_implication(people[r.id], female if r.gender == "female" else ~female)


def _mixed(joint: Joint, room: Room, people: dict[str, Literal]) -> None:
    """Points a night for those of the gender that is fewer; nights between two arrivals or departures are alike."""
    residents = [joint.index.residents[r] for r in people]
    for first, last in pairwise(sorted({n for r in residents for n in (r.arrives, r.leaves)})):
        present = [r for r in residents if r.arrives <= first < r.leaves]
        women, men = (sum(people[r.id] for r in present if r.gender == g) for g in ("female", "male"))
        fewer, more_women = joint.model.new_int_var(0, room.beds // 2, ""), joint.boolean()
        joint.model.add(fewer >= men).only_enforce_if(more_women)
        joint.model.add(fewer >= women).only_enforce_if(~more_women)
        joint.pay(room.mixed * (last - first), fewer)


def _ages(joint: Joint, people: dict[str, Literal]) -> None:
    """Years outside the room's age band; the band is the room's to choose."""
    index, weight = joint.index, joint.index.problem.weights.age_apart
    if not people or not weight:
        return
    bands = {band: joint.boolean() for band in index.age_bands}
    joint.model.add_exactly_one(bands.values())
    for r, lives in people.items():
        years = {band: years_outside(index.residents[r].age, band) for band in bands}
        outside = joint.model.new_int_var(0, max(years.values()), "")
        for band, literal in bands.items():
            if years[band]:
                joint.model.add(outside >= years[band]).only_enforce_if(lives, literal)
        joint.pay(weight, outside)
