"""Stage 5: when each open group meets, where and with whom (H8 to H12; wishes s13, s14).

A Boolean per group and start pattern. Residents with the same groups and the same unavailable periods form
one conflict group: at any time at most one of its groups meets. Gaps and single periods of their days are
weighed by their number.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from foyer.scheduling.cpsat import search
from foyer.scheduling.index import Index
from foyer.scheduling.plan import Caseload, Level, Meeting, Seat
from foyer.scheduling.problem import StartPattern, TeachingGroup
from foyer.scheduling.run import Run

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

STAGE = "times"
TIME_SHARE = 0.35  # of the whole run's limit, at most
Crowd = tuple[tuple[str, ...], tuple[str, ...]]  # groups, unavailable periods


@dataclass(frozen=True, slots=True)
class Timetable:
    """What the stage decided. ``is_impossible``: proven that these seats allow no timetable."""

    meetings: tuple[Meeting, ...]
    levels: tuple[Level, ...]
    is_impossible: bool = False


@dataclass(slots=True)
class Week:
    """The model of a week. ``start`` maps a group's pattern to its Boolean, ``held`` also to a venue or
    instructor."""

    index: Index
    model: cp_model.CpModel
    start: dict[tuple[str, int], Any] = field(default_factory=dict)
    held: dict[tuple[str, int, str, str], Any] = field(default_factory=dict)
    cost: list[Any] = field(default_factory=list)

    def covering(self, group: str, period: str) -> list[Any]:
        """The Booleans of the group's patterns that take the period; at most one is true."""
        return [x for (g, i), x in self.start.items() if g == group and period in self.pattern(g, i).periods]

    def pattern(self, group: str, number: int) -> StartPattern:
        return self.index.groups[group].patterns[number]


def crowds_of(index: Index, seats: Sequence[Seat]) -> Counter[Crowd]:
    """How many residents share the same groups and the same unavailable periods."""
    groups: dict[str, list[str]] = defaultdict(list)
    for seat in seats:
        groups[seat.resident].append(seat.group)
    return Counter(
        (tuple(sorted(own)), tuple(sorted(set(index.residents[r].unavailable)))) for r, own in groups.items()
    )


def set_times(run: Run, seats: Sequence[Seat], caseloads: Sequence[Caseload]) -> Timetable:
    """Solve the stage for these seats."""
    from ortools.sat.python import cp_model

    index = run.index
    week = Week(index, cp_model.CpModel())
    sizes = Counter(seat.group for seat in seats)
    crowds = crowds_of(index, seats)
    for group in index.problem.groups:
        if sizes[group.id]:
            blocked = {p for groups, unavailable in crowds if group.id in groups for p in unavailable}
            if not _meetings(week, group, sizes[group.id], blocked):
                return Timetable((), (), is_impossible=True)
    _exclusive(week)
    _crowds_meet_once(week, crowds)
    _room_for_appointments(week, seats, caseloads)
    _wishes(week, crowds)
    found = search(run, STAGE, week.model, seconds=run.limits.seconds * TIME_SHARE)
    if not found.is_feasible:
        return Timetable((), (), is_impossible=found.is_proven)
    bound = max(0.0, round(found.bound, 2))
    level = Level("times", found.objective, bound, "optimal" if found.is_proven else "feasible", "CP-SAT")
    return Timetable(_read(week, found.value), (level,))


# Hard rules


def _meetings(week: Week, group: TeachingGroup, size: int, blocked: set[str]) -> bool:
    """As many starts as meetings, at most so many a day, none overlapping (H8, H12). False: not enough
    patterns."""
    usable = {p.periods for p in week.index.usable_patterns(group)}
    by_day: dict[int, list[Any]] = defaultdict(list)
    by_period: dict[str, list[Any]] = defaultdict(list)
    for i, pattern in enumerate(group.patterns):
        if pattern.periods not in usable or blocked.intersection(pattern.periods):
            continue
        start = week.model.new_bool_var(f"{group.id} {i}")
        if not _held(week, group, i, start, size):
            continue
        week.start[group.id, i] = start
        by_day[week.index.periods[pattern.periods[0]].day].append(start)
        for period in pattern.periods:
            by_period[period].append(start)
    starts = [x for day in by_day.values() for x in day]
    if len(starts) < group.meetings:
        return False
    week.model.add(sum(starts) == group.meetings)
    for day in by_day.values():
        week.model.add(sum(day) <= group.most_per_day)
    for booleans in by_period.values():
        if len(booleans) > 1:
            week.model.add_at_most_one(booleans)
    return True


def _held(week: Week, group: TeachingGroup, i: int, start: Any, size: int) -> bool:
    """Where it starts, one free and fitting venue and one qualified instructor hold it (H8, H9). False:
    nobody can."""
    index, periods = week.index, set(group.patterns[i].periods)
    large = [v for v in group.venues if (seats := index.venues[v].seats) is None or seats >= size]
    for kind, needed, names, things in (
        ("venue", group.venues, large, index.venues),
        ("instructor", group.instructors, group.instructors, index.instructors),
    ):
        if not needed:
            continue
        free = [n for n in dict.fromkeys(names) if not periods.intersection(things[n].unavailable)]  # type: ignore[index]
        if not free:
            return False
        held = [start] if len(free) == 1 else [week.model.new_bool_var(f"{group.id} {i} {n}") for n in free]
        week.held.update({(group.id, i, kind, n): x for n, x in zip(free, held, strict=True)})
        if len(free) > 1:
            week.model.add(sum(held) == start)
    return True


def _exclusive(week: Week) -> None:
    """No venue or instructor holds two meetings at once; no instructor more periods than allowed (H8, H9)."""
    at: dict[tuple[str, str, str], list[Any]] = defaultdict(list)
    load: dict[str, list[Any]] = defaultdict(list)
    for (group, i, kind, name), held in week.held.items():
        periods = week.pattern(group, i).periods
        for period in periods:
            at[kind, name, period].append(held)
        if kind == "instructor":
            load[name].append(len(periods) * held)
    for booleans in at.values():
        if len(booleans) > 1:
            week.model.add_at_most_one(booleans)
    for name, periods_held in load.items():
        most = week.index.instructors[name].most_periods
        if most is not None:
            week.model.add(sum(periods_held) <= most)


def _crowds_meet_once(week: Week, crowds: Mapping[Crowd, int]) -> None:
    """At any time at most one meeting of a resident's groups (H10, H11)."""
    for groups in {groups for groups, _ in crowds if len(groups) > 1}:
        for period in week.index.periods:
            booleans = [x for group in groups for x in week.covering(group, period)]
            if len(booleans) > 1:
                week.model.add_at_most_one(booleans)


def _room_for_appointments(week: Week, seats: Sequence[Seat], caseloads: Sequence[Caseload]) -> None:
    """Every resident keeps a period in which he and his counsellor are free, where there can be one (H10).
    Necessary, not sufficient; short of it the appointments stage would have to leave somebody out."""
    index = week.index
    groups: dict[str, list[str]] = defaultdict(list)
    for seat in seats:
        groups[seat.resident].append(seat.group)
    pairs = {
        (tuple(sorted(groups[c.resident])), index.residents[c.resident].unavailable, c.counsellor) for c in caseloads
    }
    for own, unavailable, counsellor in sorted(pairs):
        blocked = {*unavailable, *index.counsellors[counsellor].unavailable}
        free = [p for p in index.periods if p not in blocked and index.slots(p)]
        if free and own:
            taken = [x for p in free for group in own for x in week.covering(group, p)]
            week.model.add(sum(taken) <= len(free) - 1)


# Wishes


def _wishes(week: Week, crowds: Mapping[Crowd, int]) -> None:
    for (group, i), start in week.start.items():
        if week.pattern(group, i).penalty:
            week.cost.append(week.pattern(group, i).penalty * start)
    for (groups, unavailable), people in sorted(crowds.items()):
        for day in week.index.days.values():
            _day(week, groups, set(unavailable), day, people)
    week.model.minimize(sum(week.cost))


def _day(week: Week, groups: tuple[str, ...], unavailable: set[str], day: tuple[str, ...], people: int) -> None:
    """The gaps and the single period of one crowd's day (score.day_shape): a free period with something
    before and something after it is a gap; a period with nothing before and nothing after it stands
    alone."""
    weights = week.index.problem.weights
    taken: list[Any] = [
        1 if p in unavailable else sum(x for group in groups for x in week.covering(group, p)) for p in day
    ]
    if all(isinstance(t, int) for t in taken) and len(unavailable.intersection(day)) < 2:
        return
    before, after = _running(week, taken), _running(week, taken[::-1])[::-1]
    for i, period in enumerate(day):
        if period in unavailable:
            continue
        if weights.gap and 0 < i < len(day) - 1:
            gap = week.model.new_bool_var("gap")
            week.model.add(gap >= before[i] + after[i] - 1 - taken[i])
            week.cost.append(people * weights.gap * gap)
        if weights.single_period and not isinstance(taken[i], int):
            single = week.model.new_bool_var("single")
            week.model.add(single >= taken[i] - before[i] - after[i])
            week.cost.append(people * weights.single_period * single)


def _running(week: Week, taken: Sequence[Any]) -> list[Any]:
    """For each period, whether something lies before it: a Boolean equal to the maximum of those before."""
    running: list[Any] = [0]
    for earlier in taken[:-1]:
        previous = running[-1]
        if isinstance(earlier, int) and isinstance(previous, int):
            running.append(max(earlier, previous))
            continue
        if 1 in (x for x in (earlier, previous) if isinstance(x, int)):
            running.append(1)
            continue
        some = week.model.new_bool_var("some")
        week.model.add(some >= earlier)
        week.model.add(some >= previous)
        week.model.add(some <= earlier + previous)
        running.append(some)
    return running


def _read(week: Week, value: Any) -> tuple[Meeting, ...]:
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
