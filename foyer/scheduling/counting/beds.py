"""Beds by gender and night (H4 to H6). Only nights on which somebody arrives can be the worst ones."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace

from foyer.scheduling.counting.flow import Hall, hall_sets
from foyer.scheduling.index import Index
from foyer.scheduling.plan import Shortage
from foyer.scheduling.problem import Gender, Resident
from foyer.scheduling.spans import by_span

GENDERS: tuple[Gender, ...] = ("female", "male")
Suits = tuple[str, ...]  # rooms in which a resident may lodge, all others aside


def shortages(index: Index) -> Iterator[Shortage]:
    """The worst night of each kind of shortage; nothing else about beds once one gender alone is short. Who may move
    needs on each night only a room that suits until the next night of transfer."""
    spans = by_span(index)
    index = spans.index
    suits = {r.id: tuple(m.id for m in index.problem.rooms if index.may_lodge(r, m)) for r in index.lodgers}
    nights = sorted({r.arrives for r in index.lodgers})
    worst: dict[object, Shortage] = {}
    for gender in GENDERS:
        people = [r for r in index.lodgers if r.gender == gender]
        for night in nights:
            present = [r for r in people if r.arrives <= night < r.leaves]
            for found in _short(index, gender, night, present, suits):
                _keep_worst(worst, (found.code, gender, dict(found.values).get("detail")), found)
    if not worst:
        for night in nights:
            for found in _same_rooms(index, night):
                _keep_worst(worst, found.code, found)
    names = {span.id: name for name, own in spans.own.items() for span in own}
    for found in worst.values():
        yield replace(found, residents=tuple(sorted(names[r] for r in found.residents)))


def _keep_worst(worst: dict[object, Shortage], key: object, found: Shortage) -> None:
    if key not in worst or _lack(found) > _lack(worst[key]):
        worst[key] = found


def _lack(shortage: Shortage) -> int:
    values = dict(shortage.values)
    return int(values["needed"]) - int(values["free"])


def _short(
    index: Index, gender: Gender, night: int, present: list[Resident], suits: dict[str, Suits]
) -> Iterator[Shortage]:
    alike: dict[Suits, list[Resident]] = defaultdict(list)
    for resident in present:
        alike[suits[resident.id]].append(resident)
    sets = hall_sets(
        {rooms: len(own) for rooms, own in alike.items()},
        {m.id: m.beds for m in index.problem.rooms},
        {rooms: rooms for rooms in alike},
    )
    for hall in sets:
        yield _named(index, gender, night, hall, [r for rooms in alike for r in alike[rooms] if rooms in hall.demands])


def _named(index: Index, gender: Gender, night: int, hall: Hall[Suits, str], people: list[Resident]) -> Shortage:
    """The shortage under the name of what makes beds scarce: a feature, the stage, or beds as such."""
    values: list[tuple[str, str | int]] = [("gender", gender), ("night", night)]
    features = set.intersection(*(set(r.room_features) for r in people))
    barred = [m for m in index.problem.rooms if m.policy in ("same", "any", gender) and m.id not in hall.servers]
    code = "beds"
    if hall.needed > hall.free + sum(m.beds for m in barred):
        pass  # too few beds even if every room suited everybody
    elif features:
        code = "beds_feature"
        values.append(("detail", ", ".join(sorted(features))))
    elif any(m.minimum_stage > max(r.stage for r in people) for m in barred):
        code = "beds_stage"
        values.append(("detail", max(r.stage for r in people)))
    elif any(m.closed for m in barred):
        code = "beds_closed"
    values += [("needed", hall.needed), ("free", hall.free)]
    return Shortage(code, tuple(values), tuple(sorted(r.id for r in people)))


def _same_rooms(index: Index, night: int) -> Iterator[Shortage]:
    """Rooms that take either gender, but one at a time: no way of sharing them out serves both."""
    present = [r for r in index.lodgers if r.arrives <= night < r.leaves]
    people = Counter(r.gender for r in present)
    rooms = [m for m in index.problem.rooms if not any(a <= night < b for a, b in m.closed)]
    fixed = {g: sum(m.beds for m in rooms if m.policy == g) for g in GENDERS}
    missing = {g: max(0, people[g] - fixed[g]) for g in GENDERS}
    shared = [m.beds for m in rooms if m.policy == "same"]
    mixed = sum(m.beds for m in rooms if m.policy == "any")
    sums = {0}
    for beds in shared:
        sums |= {s + beds for s in sums}
    needed = missing["female"] + missing["male"]
    most = mixed + max(min(s, missing["female"]) + min(sum(shared) - s, missing["male"]) for s in sums)
    if needed > most:
        yield Shortage("beds_same", (("night", night), ("needed", needed), ("free", most)))
