"""The model of a week, common to the times stage and to the joint model: starts, venues, instructors (H8, H9, H12)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from foyer.scheduling import weeks
from foyer.scheduling.index import Index
from foyer.scheduling.plan import Meeting
from foyer.scheduling.problem import StartPattern, TeachingGroup, Weeks

if TYPE_CHECKING:
    from ortools.sat.python import cp_model


Held = tuple[Weeks, Any]  # in which weeks something is held, and its Boolean or sum


@dataclass(slots=True)
class Week:
    """The model of a week. ``start`` maps a group's pattern to its Boolean, ``held`` also to a venue or
    instructor."""

    index: Index
    model: cp_model.CpModel
    start: dict[tuple[str, int], Any] = field(default_factory=dict)
    held: dict[tuple[str, int, str, str], Any] = field(default_factory=dict)
    cost: list[tuple[float, Any]] = field(default_factory=list)  # points and what they are counted for
    _covering: dict[tuple[str, str], list[Any]] = field(default_factory=lambda: defaultdict(list))

    def add_start(self, group: str, number: int, start: Any) -> None:
        self.start[group, number] = start
        for period in self.pattern(group, number).periods:
            self._covering[group, period].append(start)

    def covering(self, group: str, period: str) -> list[Any]:
        """The Booleans of the group's patterns that take the period; at most one is true."""
        return self._covering[group, period]

    def pattern(self, group: str, number: int) -> StartPattern:
        return self.index.groups[group].patterns[number]


def add_group(week: Week, group: TeachingGroup, *, blocked: Collection[str], size: Any, opened: Any = 1) -> bool:
    """The group's meetings outside the blocked periods. ``size`` and ``opened`` are numbers, or expressions of a joint
    model. False: there are not enough patterns."""
    usable = {p.periods for p in week.index.usable_patterns(group)}
    by_day: dict[int, list[Any]] = defaultdict(list)
    by_period: dict[str, list[Any]] = defaultdict(list)
    for i, pattern in enumerate(group.patterns):
        if pattern.periods not in usable or set(blocked).intersection(pattern.periods):
            continue
        start = week.model.new_bool_var(f"{group.id} {i}")
        if not _held(week, group, i, start, size):
            continue
        week.add_start(group.id, i, start)
        by_day[week.index.periods[pattern.periods[0]].day].append(start)
        for period in pattern.periods:
            by_period[period].append(start)
    starts = [x for day in by_day.values() for x in day]
    if isinstance(opened, int) and not _can_meet(week, group, len(starts)):
        return False
    week.model.add(sum(starts) == group.meetings * opened)
    _spread(week, group, by_day)
    for booleans in by_period.values():
        if len(booleans) > 1:
            week.model.add_at_most_one(booleans)
    for pin in week.index.pins.meetings.get(group.id, ()):
        week.model.add(sum(_starts_at(week, group, pin.periods)) == opened)
    return True


def _can_meet(week: Week, group: TeachingGroup, starts: int) -> bool:
    """Whether enough starts are left, and one for each pinned meeting (H8, H13)."""
    pins = week.index.pins.meetings.get(group.id, ())
    return starts >= group.meetings and all(_starts_at(week, group, pin.periods) for pin in pins)


def _starts_at(week: Week, group: TeachingGroup, periods: tuple[str, ...]) -> list[Any]:
    return [
        week.start[group.id, i]
        for i, pattern in enumerate(group.patterns)
        if pattern.periods == periods and (group.id, i) in week.start
    ]


def _spread(week: Week, group: TeachingGroup, by_day: Mapping[int, list[Any]]) -> None:
    """Not too many meetings in a day, and days far enough apart: in so many days running at most one (H12)."""
    for day in by_day.values():
        if len(day) > group.most_per_day:
            week.model.add(sum(day) <= group.most_per_day)
    for first in by_day if group.days_between else ():
        near = [x for day, starts in by_day.items() if 0 <= day - first < group.days_between for x in starts]
        week.model.add_at_most_one(near)


def _held(week: Week, group: TeachingGroup, i: int, start: Any, size: Any) -> bool:
    """Where it starts, one free and fitting venue and one qualified instructor hold it (H8, H9). False:
    nobody can."""
    index, periods = week.index, set(group.patterns[i].periods)
    fits = [v for v in group.venues if not isinstance(size, int) or index.has_room_for(v, index.people(group, size))]
    pin = index.pins.of_meeting(group.id, group.patterns[i].periods)
    for kind, needed, names, things, set_to in (
        ("venue", group.venues, fits, index.venues, pin and pin.venue),
        ("instructor", group.instructors, group.instructors, index.instructors, pin and pin.instructor),
    ):
        if not needed:
            continue
        fitting = [n for n in dict.fromkeys(names) if set_to in (None, n)]
        free = [n for n in fitting if not periods.intersection(things[n].unavailable)]  # type: ignore[index]
        if not free:
            return False
        held = [start] if len(free) == 1 else [week.model.new_bool_var(f"{group.id} {i} {n}") for n in free]
        week.held.update({(group.id, i, kind, n): x for n, x in zip(free, held, strict=True)})
        if len(free) > 1:
            week.model.add(sum(held) == start)
        if kind == "venue" and not isinstance(size, int) and index.problem.weights.seat_short is None:
            for name, chosen in zip(free, held, strict=True):
                week.model.add(size <= _seats(index, name, group)).only_enforce_if(chosen)
    return True


def _seats(index: Index, venue: str, group: TeachingGroup) -> int:
    """How many residents find a seat there besides those from outside."""
    seats = index.venues[venue].seats
    return group.maximum if seats is None else seats - group.headcount


def exclusive(week: Week) -> None:
    """No venue or instructor holds two meetings at once; no instructor more periods than allowed (H8, H9)."""
    at: dict[tuple[str, str, str], list[Held]] = defaultdict(list)
    load: dict[str, list[Held]] = defaultdict(list)
    for (group, i, kind, name), held in week.held.items():
        periods, when = week.pattern(group, i).periods, week.index.groups[group].weeks
        for period in periods:
            at[kind, name, period].append((when, held))
        if kind == "instructor":
            load[name].append((when, len(periods) * held))
    for meetings in at.values():
        for booleans in by_week(meetings):
            if len(booleans) > 1:
                week.model.add_at_most_one(booleans)
    for name, meetings in load.items():
        most = week.index.instructors[name].most_periods
        for periods_held in by_week(meetings) if most is not None else ():
            week.model.add(sum(periods_held) <= most)


def by_week(things: Collection[Held]) -> Iterator[list[Any]]:
    """What happens in one week: in each kind of week, where some of it happens every other week."""
    for kind in weeks.kinds(when for when, _ in things):
        yield [thing for when, thing in things if weeks.at_once(when, kind)]


def used_by_group(week: Week, kind: str) -> dict[str, list[Any]]:
    """A Boolean for each venue or instructor that a group may use, for groups that have a choice."""
    by_holder: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for (group, _, held_kind, name), held in sorted(week.held.items()):
        if held_kind == kind:
            by_holder[group, name].append(held)
    options = Counter(group for group, _ in by_holder)
    used: dict[str, list[Any]] = defaultdict(list)
    for (group, name), booleans in by_holder.items():
        if options[group] > 1:
            used[group].append(week.model.new_bool_var(f"{group} {name}"))
            week.model.add_max_equality(used[group][-1], booleans)
    return used


def read(week: Week, value: Any) -> tuple[Meeting, ...]:
    meetings = []
    for (group, i), start in week.start.items():
        if value(start):
            chosen: dict[str, str] = {}
            for (g, j, kind, name), held in week.held.items():
                if (g, j) == (group, i) and value(held):
                    chosen[kind] = name
            pattern = week.pattern(group, i)
            meetings.append(Meeting(group, pattern.periods, chosen.get("venue"), chosen.get("instructor")))
    return tuple(meetings)
