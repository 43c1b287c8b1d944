"""Pins that cannot be kept (H13): they name what the rules forbid, contradict each other, or are too many."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from foyer.scheduling.index import Index
from foyer.scheduling.plan import Shortage
from foyer.scheduling.problem import Pin

SEATS = ("class", "education", "elective")


def shortages(index: Index) -> Iterator[Shortage]:
    for pin in dict.fromkeys(index.problem.pins):
        if not _is_possible(index, pin):
            yield Shortage("pin_impossible", (("kind", pin.kind), ("target", pin.target)), (pin.resident,))
    yield from _contradictions(index)
    yield from _apart(index)
    yield from _too_many(index)


def _is_possible(index: Index, pin: Pin) -> bool:
    resident = index.residents[pin.resident]
    if pin.kind == "room":
        return resident.needs_room and index.may_lodge(resident, index.rooms[pin.target])
    if pin.kind == "counsellor":
        return resident.needs_counsellor and index.may_counsel(index.counsellors[pin.target], resident)
    group = index.groups[pin.target]
    if pin.kind == "elective":
        needed = resident.electives > 0
    else:
        needed = resident.needs_vocational if pin.kind == "class" else group.subject in resident.education
    return needed and index.is_eligible(group, resident)


def _contradictions(index: Index) -> Iterator[Shortage]:
    """Two targets pinned for one need of one resident."""
    targets: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for pin in index.problem.pins:
        subject = index.groups[pin.target].subject if pin.kind in ("education", "elective") else ""
        targets[pin.resident, pin.kind, subject].add(pin.target)
    for (resident, kind, _), names in targets.items():
        if len(names) > 1:
            yield Shortage("pins_contradict", (("kind", kind), ("targets", ", ".join(sorted(names)))), (resident,))
    for resident, own in index.pinned("elective").items():
        if len(own) > index.residents[resident].electives > 0:
            values = (("kind", "elective"), ("targets", ", ".join(sorted(own))))
            yield Shortage("pins_contradict", values, (resident,))


def _apart(index: Index) -> Iterator[Shortage]:
    """Both of a pair kept apart pinned to the same place."""
    pinned = {(p.resident, p.target) for p in index.problem.pins}
    for scope, kinds in (("room", ("room",)), ("class", SEATS), ("counsellor", ("counsellor",))):
        targets = {p.target for p in index.problem.pins if p.kind in kinds}
        for a, b in index.apart[scope]:  # type: ignore[index]
            for target in sorted(targets):
                if (a, target) in pinned and (b, target) in pinned:
                    yield Shortage("pins_apart", (("scope", scope), ("target", target)), (a, b))


def _too_many(index: Index) -> Iterator[Shortage]:
    """More pinned to a group, a counsellor or, on one night, a room than it holds."""
    unique = list(dict.fromkeys(index.problem.pins))
    for target, people in _by_target(unique, SEATS).items():
        yield from _over("class", target, len(people), index.seats(index.groups[target]), people)
    for target, people in _by_target(unique, ("counsellor",)).items():
        load = sum(index.residents[r].case_weight for r in people)
        yield from _over("counsellor", target, load, index.counsellors[target].capacity, people)
    for target, people in _by_target(unique, ("room",)).items():
        stays = [index.residents[r] for r in people]
        nights = Counter(n for r in stays for n in {s.arrives for s in stays} if r.arrives <= n < r.leaves)
        yield from _over("room", target, max(nights.values()), index.rooms[target].beds, people)


def _by_target(pins: list[Pin], kinds: tuple[str, ...]) -> dict[str, list[str]]:
    people: dict[str, list[str]] = defaultdict(list)
    for pin in pins:
        if pin.kind in kinds:
            people[pin.target].append(pin.resident)
    return people


def _over(kind: str, target: str, needed: int, free: int, people: list[str]) -> Iterator[Shortage]:
    if needed > free:
        figures: tuple[tuple[str, str | int], ...] = (("needed", needed), ("free", free))
        yield Shortage("pins_exceed", (("kind", kind), ("target", target), *figures), tuple(people))
