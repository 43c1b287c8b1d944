"""A repaired plan's past: whom its week no longer concerns, and who slept where until then (H14)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import combinations

from foyer.scheduling.index import Index
from foyer.scheduling.plan import Lodging, Plan, Violation

TOLERANCE = 0.01  # points


def violations(index: Index, plan: Plan) -> Iterator[Violation]:
    yield from _gone(index, plan)
    yield from _past_seats(index, plan)
    if plan.from_night > 0:
        yield from _overlaps(plan.lodgings, lambda x: x.resident, "room_twice")
        yield from _overlaps(plan.lodgings, lambda x: f"{x.room} {x.bed}", "bed_twice")
    yield from _level(plan)


def _gone(index: Index, plan: Plan) -> Iterator[Violation]:
    """Nobody who left before the plan's first night has a place in it; nobody sleeps here before or after the stay."""
    if plan.from_night <= 0:
        return
    named = {x.resident for rows in (plan.seats, plan.caseloads, plan.appointments, plan.unmet) for x in rows}
    for name in sorted(named & set(index.residents)):
        if index.residents[name].leaves <= plan.from_night:
            yield Violation("has_left", (name,))
    for lodging in plan.lodgings:
        resident = index.residents.get(lodging.resident)
        if resident and not resident.arrives <= lodging.arrives < lodging.leaves <= resident.leaves:
            yield Violation("room_nights", (lodging.resident,))


def _past_seats(index: Index, plan: Plan) -> Iterator[Violation]:
    """Only those who have left are counted besides, each once in a group that admits them (H2)."""
    seen = set()
    for seat in plan.past_seats:
        resident, group = index.residents.get(seat.resident), index.groups.get(seat.group)
        if resident is None or group is None:
            continue  # reported as unknown
        if resident.leaves > plan.from_night or seat in seen or not index.admits(group, resident):
            yield Violation("past_seat", (seat.resident, seat.group))
        seen.add(seat)


def _overlaps(lodgings: Iterable[Lodging], key: Callable[[Lodging], str], rule: str) -> Iterator[Violation]:
    """Two lodgings of one person, or in one bed, on the same night, the nights before the repair among them."""
    own: dict[str, list[Lodging]] = defaultdict(list)
    for lodging in lodgings:
        own[key(lodging)].append(lodging)
    for held in own.values():
        for a, b in combinations(held, 2):
            if a.arrives < b.leaves and b.arrives < a.leaves:
                who = (a.resident,) if a.resident == b.resident else (a.room, a.resident, b.resident)
                yield Violation(rule, who, str(max(a.arrives, b.arrives)))


def _level(plan: Plan) -> Iterator[Violation]:
    """The points of the second level are those of the changes listed (s15)."""
    points = sum(change.points for change in plan.changes)
    for level in plan.levels:
        if level.name == "L2" and abs(level.value - points) > TOLERANCE:
            yield Violation("level", ("L2",))
        if level.name == "L2" and level.bound is not None and level.bound > level.value + TOLERANCE:
            yield Violation("bound", ("L2",))
