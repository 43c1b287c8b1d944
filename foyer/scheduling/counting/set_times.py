"""Pins on openings, meetings and appointments that cannot be kept (H13)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from itertools import combinations

from foyer.scheduling import weeks
from foyer.scheduling.index import Index
from foyer.scheduling.plan import Shortage
from foyer.scheduling.problem import AppointmentPin, MeetingPin, Period


def shortages(index: Index) -> Iterator[Shortage]:
    yield from _openings(index)
    yield from _set_twice(index)
    for pins in index.pins.meetings.values():
        yield from _group(index, pins)
    pinned = [pin for pins in index.pins.meetings.values() for pin in pins]
    for a, b in combinations(pinned, 2):
        yield from _shared(index, a, b)
    yield from _appointments(index)
    yield from _crowded(index)


def _impossible(kind: str, target: str, residents: tuple[str, ...] = ()) -> Shortage:
    return Shortage("pin_impossible", (("kind", kind), ("target", target)), residents)


def _contradiction(kind: str, targets: Collection[str], residents: tuple[str, ...] = ()) -> Shortage:
    return Shortage("pins_contradict", (("kind", kind), ("targets", ", ".join(sorted(targets)))), residents)


def _openings(index: Index) -> Iterator[Shortage]:
    """A group closed that is mandatory, that another pin opens, or that has a meeting set."""
    for name in sorted(index.pins.closed):
        if index.groups[name].mandatory:
            yield _impossible("opening", name)
        if name in index.pins.opened or name in index.pins.meetings:
            yield _contradiction("opening", {name})


def _set_twice(index: Index) -> Iterator[Shortage]:
    """One meeting with two venues or two instructors."""
    named: dict[tuple[str, tuple[str, ...], str], set[str]] = defaultdict(set)
    for pin in index.problem.meeting_pins:
        for kind, name in (("venue", pin.venue), ("instructor", pin.instructor)):
            if name is not None:
                named[pin.group, pin.periods, kind].add(name)
    for (_, _, kind), names in named.items():
        if len(names) > 1:
            yield _contradiction(kind, names)


def _group(index: Index, pins: Sequence[MeetingPin]) -> Iterator[Shortage]:
    """Meetings of one group: each must be possible by itself, and all together a part of its week."""
    group = index.groups[pins[0].group]
    for pin in pins:
        if not _is_possible(index, pin):
            yield _impossible("meeting", group.id)
    spans = [(blocks[0].day, blocks[0].start, blocks[-1].end) for p in pins if (blocks := _blocks(index, p))]
    overlap = any(a[0] == b[0] and a[1] < b[2] and b[1] < a[2] for a, b in combinations(spans, 2))
    near = any(abs(a[0] - b[0]) < group.days_between for a, b in combinations(spans, 2))
    crowded = max(Counter(day for day, _, _ in spans).values()) > group.most_per_day
    if overlap or near or crowded or len(pins) > group.meetings:
        yield _contradiction("meeting", {group.id})


def _blocks(index: Index, pin: MeetingPin) -> list[Period]:
    return [index.periods[p] for p in pin.periods]


def _is_possible(index: Index, pin: MeetingPin) -> bool:
    """Whether the group, a venue and an instructor that the pin allows are available then (H8, H9)."""
    group, periods = index.groups[pin.group], set(pin.periods)
    if periods & set(group.unavailable):
        return False
    for set_to, fitting, things in (
        (pin.venue, group.venues, index.venues),
        (pin.instructor, group.instructors, index.instructors),
    ):
        names = [n for n in fitting if set_to in (None, n)]
        free = [n for n in names if not periods & set(things[n].unavailable)]  # type: ignore[index]
        if (fitting or set_to) and not free:
            return False
    return True


def _shared(index: Index, a: MeetingPin, b: MeetingPin) -> Iterator[Shortage]:
    """Two groups' meetings at one time: in the only venue or with the only instructor of both, or with a resident who
    is pinned to both."""
    one, other = index.groups[a.group], index.groups[b.group]
    if one.id == other.id or not set(a.periods) & set(b.periods) or not weeks.at_once(one.weeks, other.weeks):
        return
    targets = {one.id, other.id}
    venues = [{a.venue} if a.venue else set(one.venues), {b.venue} if b.venue else set(other.venues)]
    staff = [
        {a.instructor} if a.instructor else set(one.instructors),
        {b.instructor} if b.instructor else set(other.instructors),
    ]
    for kind, (first, second) in (("venue", venues), ("instructor", staff)):
        if len(first) == 1 and first == second:
            yield _contradiction(kind, targets)
    both = _pinned_to(index, one.id) & _pinned_to(index, other.id)
    if both:
        yield _contradiction("meeting", targets, tuple(sorted(both)))


def _pinned_to(index: Index, group: str) -> set[str]:
    return {p.resident for p in index.problem.pins if p.target == group and p.kind not in ("counsellor", "room")}


def _appointments(index: Index) -> Iterator[Shortage]:
    """Appointments of a resident who needs none, at a time when he is away, in a week outside the stay, or at two
    times."""
    by_resident: dict[str, list[AppointmentPin]] = defaultdict(list)
    for pin in index.problem.appointment_pins:
        by_resident[pin.resident].append(pin)
    for name, pins in by_resident.items():
        resident = index.residents[name]
        if len({p.period for p in pins}) > 1 or len({p.week for p in pins} - {None}) > 1:
            yield _contradiction("appointment", {p.period for p in pins}, (name,))
        for pin in pins:
            outside = pin.week is not None and pin.week not in index.weeks_of(resident)
            if (
                not resident.needs_counsellor
                or outside
                or pin.period in resident.unavailable
                or not index.slots(pin.period)
            ):
                yield _impossible("appointment", pin.period, (name,))


def _crowded(index: Index) -> Iterator[Shortage]:
    """More appointments pinned into one period of a counsellor than it has slots in the weeks they may take."""
    given = {r: targets[0] for r, targets in index.pinned("counsellor").items()}
    held: dict[tuple[str, str], list[str]] = defaultdict(list)
    for name, pin in index.pins.appointments.items():
        if name in given:
            held[given[name], pin.period].append(name)
    for (counsellor, period), people in sorted(held.items()):
        for among in index.week_sets:
            own = [r for r in people if set(index.appointment_weeks(index.residents[r])) <= among]
            free = len(among) * len(index.slots(period))
            if len(own) > free:
                figures: tuple[tuple[str, str | int], ...] = (("needed", len(own)), ("free", free))
                yield Shortage(
                    "pins_exceed", (("kind", "counsellor"), ("target", counsellor), *figures), tuple(sorted(own))
                )
                break
