"""Beds of a night, wing by wing: taken, free, reserved, out of service."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from foyer.cycles.models import BedNight
from foyer.cycles.queries import HeldBed, beds_on
from foyer.database import db
from foyer.residences.models import Room
from foyer.residences.services import natural

RESERVED_DAYS = 14  # a bed that somebody takes within so many days is not free to give away


@dataclass(frozen=True)
class Bed:
    room: Room
    number: int
    state: str  # taken, free, reserved, out
    held: HeldBed | None = None
    label: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Wing:
    name: str
    beds: Sequence[Bed]
    url: str = ""
    note: str = ""


def beds_of_night(residence_id: int, night: date) -> list[Bed]:
    """Every bed of the house and how it stands on a night, in the order of wings and rooms. A room that the house has
    given up is left out, but for beds in which somebody still sleeps."""
    rooms = db.session.scalars(
        select(Room).where(Room.residence_id == residence_id).options(selectinload(Room.outages))
    ).all()
    held = {(bed.room_id, bed.bed): bed for bed in beds_on(residence_id, night)}
    soon = _soon(residence_id, night)
    return [
        _bed(room, number, night, held.get((room.id, number)), soon)
        for room in sorted(rooms, key=lambda room: (room.wing, natural(room.code)))
        for number in range(1, room.beds + 1)
        if not room.is_ended(night) or (room.id, number) in held
    ]


def count_beds(beds: Sequence[Bed]) -> dict[str, int]:
    """How many beds are in each state; ``total`` are those in service."""
    counts = {state: sum(bed.state == state for bed in beds) for state in ("taken", "free", "reserved", "out")}
    return {**counts, "total": len(beds) - counts["out"]}


def wings_of(beds: Sequence[Bed]) -> list[Wing]:
    names = dict.fromkeys(bed.room.wing for bed in beds)
    return [Wing(name, [bed for bed in beds if bed.room.wing == name]) for name in names]


def _bed(room: Room, number: int, night: date, held: HeldBed | None, soon: set[tuple[int, int]]) -> Bed:
    label = f"{room.code}.{number}"
    if held is not None:
        return Bed(room, number, "taken", held, label)
    for outage in room.outages:
        if outage.holds_on(night):
            return Bed(room, number, "out", None, label, outage.reason)
    return Bed(room, number, "reserved" if (room.id, number) in soon else "free", None, label)


def _soon(residence_id: int, night: date) -> set[tuple[int, int]]:
    rows = db.session.execute(
        select(BedNight.room_id, BedNight.bed)
        .where(
            BedNight.residence_id == residence_id,
            BedNight.night_on > night,
            BedNight.night_on <= night + timedelta(days=RESERVED_DAYS),
        )
        .distinct()
    )
    return {(room_id, bed) for room_id, bed in rows}
