"""What a problem must satisfy before it means anything: ids are unique, references exist, numbers make
sense.

A problem that fails here is a mistake of whoever wrote it, not a house that cannot be planned (see
``counting``).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from itertools import pairwise
from typing import Any

from foyer.scheduling.problem import MeetingPin, Problem, Resident, TeachingGroup

LARGEST = 10**9  # of any number: beyond, solvers that count in floating point would lose points
LARGEST_OF = {"nights": 36_500, "beds": 10_000, "age": 200, "electives": 1_000}  # what is counted one by one


@dataclass(frozen=True, slots=True)
class Fault:
    """One mistake and its place, for instance ``residents[3].choices[0]``."""

    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


class InvalidProblem(ValueError):
    """The problem contradicts itself; ``faults`` has every mistake with its place."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


def faults_of(problem: Problem) -> tuple[Fault, ...]:
    """Every mistake in the problem, in the order of its parts."""
    known = _Known(problem)
    return (
        *_duplicates(problem),
        *_sizes(problem),
        *_numbers(problem),
        *_periods(problem),
        *_residents(problem, known),
        *_rooms(problem),
        *_groups(problem, known),
        *_staff(problem, known),
        *_pairs(problem, known),
        *_pins(problem, known),
        *_conflicts(problem, known),
    )


class _Known:
    """The ids that references may name."""

    def __init__(self, problem: Problem) -> None:
        self.periods = {p.id for p in problem.periods}
        self.residents = {r.id for r in problem.residents}
        self.rooms = {r.id for r in problem.rooms}
        self.groups = {g.id: g for g in problem.groups}
        self.counsellors = {c.id for c in problem.counsellors}
        self.instructors = {i.id for i in problem.instructors}
        self.venues = {v.id for v in problem.venues}


def _duplicates(problem: Problem) -> Iterator[Fault]:
    parts = ("periods", "residents", "rooms", "groups", "counsellors", "instructors", "venues", "conflicts")
    for part in parts:
        seen: set[str] = set()
        for i, item in enumerate(getattr(problem, part)):
            if item.id in seen:
                yield Fault(f"{part}[{i}].id", f"{item.id!r} is used twice")
            seen.add(item.id)


def _sizes(thing: Any, place: str = "", name: str = "") -> Iterator[Fault]:
    """Numbers that no house has, wherever they stand; and floating point values that are no numbers."""
    if is_dataclass(thing):
        for field in fields(thing):
            yield from _sizes(getattr(thing, field.name), f"{place}.{field.name}".lstrip("."), field.name)
    elif isinstance(thing, tuple):
        for i, item in enumerate(thing):
            yield from _sizes(item, f"{place}[{i}]", name)
    elif isinstance(thing, int | float):
        most = LARGEST_OF.get(name, LARGEST)
        if not math.isfinite(thing) or abs(thing) > most:
            yield Fault(place, f"must be a number of at most {most}")


def _numbers(problem: Problem) -> Iterator[Fault]:
    if problem.nights < 1:
        yield Fault("nights", "must be at least 1")
    if problem.appointments.minutes < 1:
        yield Fault("appointments.minutes", "must be at least 1")
    if problem.appointments.every_weeks < 1:
        yield Fault("appointments.every_weeks", "must be at least 1")
    for name in type(problem.weights).__slots__:
        points = getattr(problem.weights, name)
        if any(p < 0 for p in (points if isinstance(points, tuple) else (points or 0,))):
            yield Fault(f"weights.{name}", "must not be negative")
    for name in type(problem.day_rules).__slots__:
        most = getattr(problem.day_rules, name)
        if most is not None and most < 1:
            yield Fault(f"day_rules.{name}", "must be at least 1")
    costs = (*problem.weights.choice, problem.weights.choice_unlisted)
    if list(costs) != sorted(costs):
        yield Fault("weights.choice", "a later choice must not cost less than an earlier one")


def _periods(problem: Problem) -> Iterator[Fault]:
    for i, period in enumerate(problem.periods):
        if not 0 <= period.day <= 6:
            yield Fault(f"periods[{i}].day", "must be 0 (Monday) to 6 (Sunday)")
        if not 0 <= period.start < period.end <= 24 * 60:
            yield Fault(f"periods[{i}]", "must start before it ends, within one day")
        for j, other in enumerate(problem.periods[:i]):
            if other.day == period.day and other.start < period.end and period.start < other.end:
                yield Fault(f"periods[{i}]", f"overlaps periods[{j}]")


def _unknown(place: str, names: Iterable[str], known: Iterable[str], what: str) -> Iterator[Fault]:
    for i, name in enumerate(names):
        if name not in known:
            yield Fault(f"{place}[{i}]", f"unknown {what} {name!r}")


def _residents(problem: Problem, known: _Known) -> Iterator[Fault]:
    for i, resident in enumerate(problem.residents):
        place = f"residents[{i}]"
        if not 0 <= resident.arrives < resident.leaves <= problem.nights:
            yield Fault(place, f"the stay must lie within nights 0 to {problem.nights} and last at least one")
        if not 1 <= resident.stage <= 4:
            yield Fault(f"{place}.stage", "must be 1 to 4")
        for name in ("age", "case_weight", "electives", "luck"):
            if getattr(resident, name) < 0:
                yield Fault(f"{place}.{name}", "must not be negative")
        for j, night in enumerate(resident.transfers):
            if not resident.arrives < night < resident.leaves:
                yield Fault(f"{place}.transfers[{j}]", "must be a night of the stay after the first")
        yield from _lists_of(resident, place)
        yield from _dated_wishes(resident, place)
        yield from _unknown(f"{place}.unavailable", resident.unavailable, known.periods, "period")
        yield from _unknown(f"{place}.barred", resident.barred, known.groups, "group")


def _lists_of(resident: Resident, place: str) -> Iterator[Fault]:
    for name in ("bids", "room_wishes"):
        pairs = getattr(resident, name)
        if len({key for key, _ in pairs}) < len(pairs):
            yield Fault(f"{place}.{name}", "names something twice")
        for j, (_, points) in enumerate(pairs):
            if points < 0:
                yield Fault(f"{place}.{name}[{j}]", "must not be negative")
    if resident.bids and resident.choices:
        yield Fault(f"{place}.bids", "must be empty where choices are ranked")
    for name in ("choices", "education", "skills_asked"):
        values = getattr(resident, name)
        if len(set(values)) < len(values):
            yield Fault(f"{place}.{name}", "names something twice")
    for j, (_, aptitude) in enumerate(resident.aptitude):
        if not 0 <= aptitude <= 1:
            yield Fault(f"{place}.aptitude[{j}]", "must be 0 to 1")


def _dated_wishes(resident: Resident, place: str) -> Iterator[Fault]:
    for j, (_, points, start, end) in enumerate(resident.dated_room_wishes):
        if points < 0 or not 0 <= start < end:
            yield Fault(f"{place}.dated_room_wishes[{j}]", "must have points of at least 0, and begin before it ends")


def _rooms(problem: Problem) -> Iterator[Fault]:
    for i, room in enumerate(problem.rooms):
        if room.beds < 0:
            yield Fault(f"rooms[{i}].beds", "must not be negative")
        if room.mixed < 0:
            yield Fault(f"rooms[{i}].mixed", "must not be negative")
        if room.mixed and room.policy != "any":
            yield Fault(f"rooms[{i}].mixed", "has a meaning only with the policy 'any'")
        for j, (start, end) in enumerate(room.closed):
            if not start < end:
                yield Fault(f"rooms[{i}].closed[{j}]", "must begin before it ends")


def _groups(problem: Problem, known: _Known) -> Iterator[Fault]:
    for i, group in enumerate(problem.groups):
        place = f"groups[{i}]"
        if not 0 <= group.minimum <= group.maximum:
            yield Fault(place, "the minimum must be between 0 and the maximum")
        if group.most_per_day < 1 or group.meetings < 0:
            yield Fault(place, "meetings must not be negative, and at least one a day must be allowed")
        yield from _unknown(f"{place}.venues", group.venues, known.venues, "venue")
        yield from _unknown(f"{place}.instructors", group.instructors, known.instructors, "instructor")
        yield from _unknown(f"{place}.unavailable", group.unavailable, known.periods, "period")
        for name in ("headcount", "wished_days", "days_between", "target", "open_points"):
            if (getattr(group, name) or 0) < 0:
                yield Fault(f"{place}.{name}", "must not be negative")
        for name in ("excludes", "follows"):
            yield from _unknown(f"{place}.{name}", getattr(group, name), set(known.groups) - {group.id}, "other group")
        yield from _patterns(problem, group, place, known)


def _patterns(problem: Problem, group: TeachingGroup, place: str, known: _Known) -> Iterator[Fault]:
    periods = {p.id: p for p in problem.periods}
    for j, pattern in enumerate(group.patterns):
        at = f"{place}.patterns[{j}]"
        unknown = list(_unknown(f"{at}.periods", pattern.periods, known.periods, "period"))
        yield from unknown
        if not pattern.periods:
            yield Fault(at, "needs at least one period")
        if pattern.penalty < 0:
            yield Fault(f"{at}.penalty", "must not be negative")
        if unknown:
            continue
        blocks = [periods[p] for p in pattern.periods]
        if any(a.day != b.day or a.run != b.run or a.end > b.start for a, b in pairwise(blocks)):
            yield Fault(at, "its periods must follow each other in one run of one day")


def _staff(problem: Problem, known: _Known) -> Iterator[Fault]:
    for part in ("counsellors", "instructors", "venues"):
        for i, item in enumerate(getattr(problem, part)):
            yield from _unknown(f"{part}[{i}].unavailable", item.unavailable, known.periods, "period")
    for i, venue in enumerate(problem.venues):
        if (venue.seats or 0) < 0:
            yield Fault(f"venues[{i}].seats", "must not be negative")
    for i, counsellor in enumerate(problem.counsellors):
        if counsellor.capacity < 0:
            yield Fault(f"counsellors[{i}].capacity", "must not be negative")
    for i, instructor in enumerate(problem.instructors):
        for name in ("most_periods", "most_residents"):
            if (getattr(instructor, name) or 0) < 0:
                yield Fault(f"instructors[{i}].{name}", "must not be negative")


def _pairs(problem: Problem, known: _Known) -> Iterator[Fault]:
    for part in ("apart", "together"):
        for i, pair in enumerate(getattr(problem, part)):
            yield from _unknown(f"{part}[{i}]", (pair.a, pair.b), known.residents, "resident")
            if pair.a == pair.b:
                yield Fault(f"{part}[{i}]", "names the same resident twice")
            if (pair.points or 0) < 0:
                yield Fault(f"{part}[{i}].points", "must not be negative")


GROUP_KIND_OF_PIN = {"class": "vocational", "education": "education", "elective": "elective"}


def _pins(problem: Problem, known: _Known) -> Iterator[Fault]:
    for i, pin in enumerate(problem.pins):
        if pin.resident not in known.residents:
            yield Fault(f"pins[{i}].resident", f"unknown resident {pin.resident!r}")
        targets: Iterable[str] = {"counsellor": known.counsellors, "room": known.rooms}.get(pin.kind, set(known.groups))
        if pin.target not in targets:
            yield Fault(f"pins[{i}].target", f"unknown {pin.kind} {pin.target!r}")
        elif pin.kind in GROUP_KIND_OF_PIN:
            kind = GROUP_KIND_OF_PIN[pin.kind]
            if known.groups[pin.target].kind != kind:
                yield Fault(f"pins[{i}].target", f"{pin.target!r} is not of kind {kind}")
    for i, opening in enumerate(problem.group_pins):
        yield from _unknown(f"group_pins[{i}].group", (opening.group,), known.groups, "group")
    for i, meeting in enumerate(problem.meeting_pins):
        yield from _meeting_pin(meeting, f"meeting_pins[{i}]", known)
    for i, appointment in enumerate(problem.appointment_pins):
        place = f"appointment_pins[{i}]"
        yield from _unknown(f"{place}.resident", (appointment.resident,), known.residents, "resident")
        yield from _unknown(f"{place}.period", (appointment.period,), known.periods, "period")
        if appointment.week is not None and not 0 <= appointment.week < problem.appointments.every_weeks:
            yield Fault(f"{place}.week", "must be a week of the rotation, 0 first")


def _meeting_pin(pin: MeetingPin, place: str, known: _Known) -> Iterator[Fault]:
    if pin.group not in known.groups:
        yield Fault(f"{place}.group", f"unknown group {pin.group!r}")
    elif pin.periods not in {p.periods for p in known.groups[pin.group].patterns}:
        yield Fault(f"{place}.periods", f"is none of the start patterns of {pin.group!r}")
    if pin.venue is not None and pin.venue not in known.venues:
        yield Fault(f"{place}.venue", f"unknown venue {pin.venue!r}")
    if pin.instructor is not None and pin.instructor not in known.instructors:
        yield Fault(f"{place}.instructor", f"unknown instructor {pin.instructor!r}")


def _conflicts(problem: Problem, known: _Known) -> Iterator[Fault]:
    for i, conflict in enumerate(problem.conflicts):
        yield from _unknown(f"conflicts[{i}].groups", conflict.groups, known.groups, "group")
        if len(set(conflict.groups)) < len(conflict.groups):
            yield Fault(f"conflicts[{i}].groups", "names something twice")
