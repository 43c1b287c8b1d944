"""A first assignment in a fraction of a second, without any solver: something is in hand on the slowest machine."""

from __future__ import annotations

from foyer.scheduling.stages.room_search.case import NOWHERE, Assignment, Case

Count = list[list[list[int]]]  # by room, span and gender: who is present


def greedy(case: Case) -> Assignment:
    """Everybody, in the order of arrivals, to the room that costs least with those who are there already. Ages apart
    are not counted."""
    count: Count = [[[0, 0] for _ in case.spans] for _ in case.rooms]
    rooms: Assignment = [NOWHERE] * len(case.people)
    for i in sorted(range(len(rooms)), key=lambda i: (i not in case.pinned, case.stays[i].start, -case.stays[i].stop)):
        kept_off = {rooms[k] for k in case.enemies.get(i, ())}
        rooms[i] = _cheapest(case, count, i, kept_off)
        if rooms[i] != NOWHERE:
            for span in case.stays[i]:
                count[rooms[i]][span][case.women[i]] += 1
    return rooms


def _cheapest(case: Case, count: Count, person: int, kept_off: set[int]) -> int:
    best, least = NOWHERE, float("inf")
    for j, points in sorted(case.options[person].items(), key=lambda option: option[1]):
        if points >= least:
            break
        if j not in kept_off:
            more = points + _mixed(case, count, person, j)
            if more < least:
                best, least = j, more
    return best


def _mixed(case: Case, count: Count, person: int, room: int) -> float:
    """What the person costs there for sharing with the other gender; infinite where there is no bed."""
    each, gender, points = case.rooms[room], case.women[person], 0.0
    for span in case.stays[person]:
        own, others = count[room][span][gender], count[room][span][not gender]
        if own + others >= each.beds or (others and each.policy == "same"):
            return float("inf")
        if own < others:
            points += each.mixed * case.spans[span].nights
    return points
