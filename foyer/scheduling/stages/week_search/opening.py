"""A first timetable for the annealing: every lesson somewhere, clashes allowed, no venue held twice."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from foyer.scheduling.stages.week_search.layout import Names

if TYPE_CHECKING:
    from foyer.scheduling.stages.week_search.kernel import Board

TRIES = 20

Place = tuple[int, int]  # slot, venue


def first_places(board: Board, names: Names, closed: set[Place], seed: int) -> list[Place] | None:
    """A slot and venue for each lesson: those with the fewest places first, each where it clashes least and then costs
    least. None where some lesson finds no free venue in several orders."""
    draw = random.Random(seed)
    for _ in range(TRIES):
        found = _tried(board, names, closed, draw)
        if found is not None:
            return found
    return None


def _tried(board: Board, names: Names, closed: set[Place], draw: random.Random) -> list[Place] | None:
    taken = set(closed)
    busy = [[0] * len(names.slots) for _ in names.groups]
    placed: dict[int, Place] = {}
    freedom = [board.open_count[g] - 0.3 * board.rival_count[g] for g in range(len(names.groups))]
    for lesson in sorted(range(len(names.lessons)), key=lambda x: freedom[names.lessons[x]] + draw.random()):
        group = names.lessons[lesson]
        place = _cheapest(board, group, busy[group], taken, draw)
        if place is None:
            return None
        placed[lesson] = place
        taken.add(place)
        for rival in board.rivals[group, : board.rival_count[group]]:
            busy[rival][place[0]] += 1
    return [placed[lesson] for lesson in range(len(names.lessons))]


def _cheapest(board: Board, group: int, busy: list[int], taken: set[Place], draw: random.Random) -> Place | None:
    slots = [int(s) for s in board.open_slots[group, : board.open_count[group]]]
    for slot in sorted(slots, key=lambda s: (busy[s], draw.random())):
        for venue in board.venues[group, : board.venue_count[group]]:
            if (slot, int(venue)) not in taken:
                return slot, int(venue)
    return None
