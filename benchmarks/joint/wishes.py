"""Wishes of groups, venues and conflict groups (s9 to s12, s16), and the conflict groups themselves (H8, H11)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.joint.base import Joint, Literal
from foyer.scheduling.problem import ConflictGroup, TeachingGroup


def add_wishes(joint: Joint, meets: Mapping[tuple[str, str], Sequence[Literal]]) -> None:
    """``meets`` has the starts that cover a group's period."""
    for group in joint.index.problem.groups:
        _seats(joint, group)
        _days(joint, group)
        _venues(joint, group)
    for conflict in joint.index.problem.conflicts:
        for period in joint.index.periods:
            joint.model.add_at_most_one(start for g in conflict.groups for start in meets.get((g, period), ()))
        if conflict.counts_alone:
            _alone(joint, conflict, meets)


def _places(joint: Joint, group: TeachingGroup) -> dict[str, list[Literal]]:
    """The literals of the group's meetings by venue."""
    found: dict[str, list[Literal]] = defaultdict(list)
    for (g, _, venue), literal in joint.place.items():
        if g == group.id:
            found[venue].append(literal)
    return found


def _seats(joint: Joint, group: TeachingGroup) -> None:
    """A seat for everybody, or points for each one short; points for much too large a venue."""
    index, weights = joint.index, joint.index.problem.weights
    people: Any = group.headcount + sum(seat for (_, g), seat in joint.seat.items() if g == group.id)
    most = group.headcount + group.maximum
    for venue, literals in _places(joint, group).items():
        size = index.venues[venue].seats
        if size is None:
            continue
        for literal in literals:
            if weights.seat_short is None:
                joint.model.add(people <= size).only_enforce_if(literal)
            elif most > size:
                short = joint.model.new_int_var(0, most - size, "")
                joint.model.add(short >= people - size).only_enforce_if(literal)
                joint.pay(weights.seat_short, short)
            if weights.large_venue:
                large = joint.boolean()
                joint.model.add(2 * people >= size).only_enforce_if(literal, ~large)
                joint.pay(weights.large_venue, large)


def _days(joint: Joint, group: TeachingGroup) -> None:
    if not group.wished_days:
        return
    by_day: dict[int, list[Literal]] = defaultdict(list)
    for (g, number), start in joint.start.items():
        if g == group.id:
            by_day[joint.index.periods[group.patterns[number].periods[0]].day].append(start)
    used = sum(joint.any_of(starts) for starts in by_day.values())
    wished = group.wished_days * joint.opens[group.id]
    joint.pay(joint.index.problem.weights.fewer_days, joint.above(wished - used, group.wished_days))


def _venues(joint: Joint, group: TeachingGroup) -> None:
    places = _places(joint, group)
    if len(places) > 1:
        used = sum(joint.any_of(literals) for literals in places.values())
        joint.pay(joint.index.problem.weights.further_venue, joint.above(used - 1, len(places)))


def _alone(joint: Joint, conflict: ConflictGroup, meets: Mapping[tuple[str, str], Sequence[Literal]]) -> None:
    """A meeting with none of the conflict group right before or after it."""
    for (g, number), start in joint.start.items():
        if g in conflict.groups:
            beside = joint.index.beside(joint.index.groups[g].patterns[number].periods)
            near = [s for other in conflict.groups for p in beside for s in meets.get((other, p), ())]
            alone = joint.boolean()
            joint.model.add_bool_or(~start, alone, *near)
            joint.pay(joint.index.problem.weights.lecture_alone, alone)
