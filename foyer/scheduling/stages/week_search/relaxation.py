"""Relaxations of a week: programs that every week satisfies, so that what they cost at least bounds every week.

*Days*: how many meetings each group has on each stretch of a day, not when. Days below those wished (s10) and meetings
that are alone because their row has no other that day (s11) are counted. Small and strong: what forces lone meetings is
mostly that groups spread over more days than their rows can fill with two.

*Venues*: how many meetings of each group are in each venue, not when: seats (s9), size (s16), further venues (s12).

*Week*: every meeting's time, all of the above, and the seats short at each time, as if each venue suited every group.

Days and venues share no cost, so their bounds add up, after Cacchiani, Caprara, Roberti and Toth 2013, "A new lower
bound for curriculum-based course timetabling". Counting seats by size only is due to Lach and Luebbecke 2012.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from foyer.scheduling.index import Index
from foyer.scheduling.program import Entry, Goal, Program, goal
from foyer.scheduling.stages.week_search.layout import Names

if TYPE_CHECKING:
    from foyer.scheduling.stages.week_search.kernel import Board


@dataclass(frozen=True, slots=True)
class Week:
    """A week, ready to be relaxed. Numbers stand for things as in the kernel."""

    index: Index
    board: Board
    names: Names
    open_slots: tuple[tuple[int, ...], ...]  # group
    rows: tuple[tuple[int, ...], ...]  # the groups of each row that counts lone meetings
    cliques: tuple[tuple[int, ...], ...]  # groups of which at most one meets at a time
    free: tuple[tuple[int, ...], ...]  # slot -> venues
    stretch: tuple[int, ...]  # slot -> its stretch: slots of a day that follow each other without a break
    day: tuple[int, ...]  # stretch -> its day

    def on(self, stretch: int, group: int) -> list[int]:
        return [s for s in self.open_slots[group] if self.stretch[s] == stretch]


@dataclass(slots=True)
class Relaxed:
    """A program, and the steps of points that it counts."""

    program: Program = field(default_factory=Program)
    cost: list[Entry] = field(default_factory=list)

    @property
    def goal(self) -> Goal:
        return goal("week", self.cost)

    def count(self, steps: int, high: float = 1) -> int:
        """A variable that costs so many steps each."""
        variable = self.program.integer(0, high)
        self.cost.append((variable, steps))
        return variable

    def at_least(self, variables: Iterable[int], others: Iterable[Entry], low: float = 0) -> None:
        """The variables' sum is at least that of the others, plus ``low``."""
        self.program.row([*((v, 1.0) for v in variables), *((v, -c) for v, c in others)], low=low)


def week_of(index: Index, board: Board, names: Names) -> Week:
    number = {g.id: i for i, g in enumerate(names.groups)}
    counting = [c for c in index.problem.conflicts if c.counts_alone]
    rows = tuple(tuple(sorted(number[g] for g in c.groups if g in number)) for c in counting)
    closed = [set(venue.unavailable) for venue in index.problem.venues]
    free = tuple(tuple(v for v, own in enumerate(closed) if slot not in own) for slot in names.slots)
    stretch = tuple(board.chain.tolist())
    return Week(
        index,
        board,
        names,
        tuple(tuple(own[:count].tolist()) for own, count in zip(board.open_slots, board.open_count, strict=True)),
        rows,
        tuple(_cliques(board, rows)),
        free,
        stretch,
        tuple(int(board.day[stretch.index(part)]) for part in range(stretch[-1] + 1)),
    )


def _cliques(board: Board, rows: Sequence[Sequence[int]]) -> list[tuple[int, ...]]:
    """Sets of groups of which at most one meets at a time, none within another: the rows, and what covers the other
    clashes, grown one by one."""
    import numpy as np

    left = board.clash.copy()
    found = {tuple(row) for row in rows if len(row) > 1}
    for row in found:
        left[np.ix_(row, row)] = False
    for a, b in np.argwhere(np.triu(left, 1)):
        if left[a, b]:
            grown = [int(a), int(b)]
            for g in range(left.shape[0]):
                if g not in grown and all(board.clash[g, member] for member in grown):
                    grown.append(g)
            found.add(tuple(sorted(grown)))
            left[np.ix_(grown, grown)] = False
    return _widest(found)


def _widest(sets: Collection[tuple[int, ...]]) -> list[tuple[int, ...]]:
    own = {s: set(s) for s in sets if len(s) > 1}
    return sorted(s for s in own if not any(own[s] < other for other in own.values()))


# Days


def days_relaxed(week: Week) -> Relaxed:
    """Meetings of each group on each stretch, as many as open slots allow."""
    made = Relaxed()
    held: dict[tuple[int, int], int] = {}
    for g, group in enumerate(week.names.groups):
        for part in range(len(week.day)):
            own = week.on(part, g)
            if own:
                held[g, part] = made.program.integer(0, min(group.meetings, len(own)))
                cheapest = min(int(week.board.start_cost[g, s]) for s in own)
                made.cost.append((held[g, part], cheapest))
        own_held = [v for (h, _), v in held.items() if h == g]
        made.program.row(((v, 1) for v in own_held), group.meetings, group.meetings)
    for part in range(len(week.day)):
        _within_slots(week, made, held, part)
    used = {g: _days_used(week, made, g, held) for g in range(len(week.names.groups))}
    for row in week.rows:
        for part in range(len(week.day)):
            own_part = [(g, held[g, part]) for g in row if (g, part) in held]
            if own_part:
                lone = made.count(week.board.alone, len(week.stretch))
                has_any = _used(made, ((v, made.program.high[v]) for _, v in own_part))
                made.at_least([*(v for _, v in own_part), lone], [(has_any, 2)])
                _used_with_days(week, made, row, part, has_any, used)
    return made


def _within_slots(week: Week, made: Relaxed, held: dict[tuple[int, int], int], part: int) -> None:
    """Groups that never meet at the same time have no more meetings than slots, and all together no more than free
    venues."""
    for clique in (*week.cliques, None):
        own = [(g, v) for (g, p), v in held.items() if p == part and (clique is None or g in clique)]
        slots = {s for g, _ in own for s in week.on(part, g)}
        high = len(slots) if clique else sum(len(week.free[s]) for s in slots)
        if sum(made.program.high[v] for _, v in own) > high:
            made.program.row(((v, 1) for _, v in own), high=high)


def _used(made: Relaxed, counts: Iterable[tuple[int, float]]) -> int:
    """1 where any of the counts, each with its largest value, is more than 0."""
    variable = made.program.integer()
    for count, most in counts:
        made.program.row([(variable, most), (count, -1)], low=0)
    return variable


def _days_used(week: Week, made: Relaxed, g: int, held: dict[tuple[int, int], int]) -> dict[int, int]:
    """For each day a variable that is at most 1 where the group meets then, else 0; days below those wished are
    counted. Empty where nothing is wished, or a single day, which there is in any case."""
    wished = int(week.board.wished_days[g])
    if wished < 2 or not week.board.fewer_days:
        return {}
    days: dict[int, int] = {}
    for day in sorted(set(week.day)):
        own = [held[g, part] for part, d in enumerate(week.day) if d == day and (g, part) in held]
        if own:
            days[day] = made.program.integer()
            made.at_least(own, [(days[day], 1)])
    missing = made.count(week.board.fewer_days, wished)
    made.at_least([missing, *days.values()], [], low=wished)
    return days


def _used_with_days(
    week: Week, made: Relaxed, row: Sequence[int], part: int, has_any: int, used: dict[int, dict[int, int]]
) -> None:
    """A stretch that makes up its day by itself is used where one of the row's groups has the day counted."""
    if week.day.count(week.day[part]) == 1:
        for g in row:
            if week.day[part] in used[g]:
                made.at_least([has_any], [(used[g][week.day[part]], 1)])


# Venues


def venues_relaxed(week: Week) -> Relaxed:
    """How many meetings of each group are in each venue."""
    made = Relaxed()
    _count_venues(week, made)
    return made


def _count_venues(week: Week, made: Relaxed) -> dict[tuple[int, int], int]:
    board, held = week.board, {}
    for g, group in enumerate(week.names.groups):
        used = []
        for v in board.venues[g, : board.venue_count[g]].tolist():
            held[g, v] = made.count(int(board.venue_cost[g, v]), group.meetings)
            used.append(made.count(board.further))
            made.program.row([(used[-1], group.meetings), (held[g, v], -1)], low=0)
        own = [v for (h, _), v in held.items() if h == g]
        made.program.row(((v, 1) for v in own), group.meetings, group.meetings)
        made.program.row(((v, 1) for v in used), low=1)
    first = made.program.integer(1, 1)  # each group's first venue is free
    made.cost.append((first, -board.further * len(week.names.groups)))
    for v in range(len(week.names.venues)):
        own = [x for (_, w), x in held.items() if w == v]
        made.program.row(((x, 1) for x in own), high=sum(v in free for free in week.free))
    return held


# The week


def week_relaxed(week: Week) -> Relaxed:
    """Every meeting's time; venues apart from times but for the seats short at each."""
    made = Relaxed()
    x: dict[tuple[int, int], int] = {}
    for g, group in enumerate(week.names.groups):
        for s in week.open_slots[g]:
            x[g, s] = made.count(int(week.board.start_cost[g, s]))
        made.program.row(((x[g, s], 1) for s in week.open_slots[g]), group.meetings, group.meetings)
    for s in range(len(week.stretch)):
        for clique in week.cliques:
            made.program.row(((x[g, s], 1) for g in clique if (g, s) in x), high=1)
        made.program.row(((v, 1) for (_, t), v in x.items() if t == s), high=len(week.free[s]))
    used = {g: _days_of_times(week, made, g, x) for g in range(len(week.names.groups))}
    for row in week.rows if week.board.alone else ():
        _count_lone(week, made, row, x, used)
    _count_seats(week, made, x, _count_venues(week, made))
    return made


def _days_of_times(week: Week, made: Relaxed, g: int, x: dict[tuple[int, int], int]) -> dict[int, int]:
    """As ``_days_used``, each slot for itself."""
    wished = int(week.board.wished_days[g])
    if wished < 2 or not week.board.fewer_days:
        return {}
    days: dict[int, int] = {}
    for s in week.open_slots[g]:
        days.setdefault(week.day[week.stretch[s]], -1)
    for day in days:
        days[day] = made.program.integer()
        made.at_least([x[g, s] for s in week.open_slots[g] if week.day[week.stretch[s]] == day], [(days[day], 1)])
    missing = made.count(week.board.fewer_days, wished)
    made.at_least([missing, *days.values()], [], low=wished)
    return days


def _count_lone(
    week: Week, made: Relaxed, row: Sequence[int], x: dict[tuple[int, int], int], used: dict[int, dict[int, int]]
) -> None:
    """A slot with nothing beside it is alone. And, much stronger where slots are taken by halves: a stretch in use has
    two meetings or one that is alone."""
    for part in range(len(week.day)):
        here = {s: [x[g, s] for g in row if (g, s) in x] for s, p in enumerate(week.stretch) if p == part}
        here = {s: own for s, own in here.items() if own}
        if not here:
            continue
        lone = {s: made.count(week.board.alone) for s in here}
        has_any = made.program.integer()
        for s, own in here.items():
            beside = [v for n in (s - 1, s + 1) for v in here.get(n, ())]
            made.at_least([lone[s], *beside], ((v, 1) for v in own))
            made.at_least([has_any], ((v, 1) for v in own))
        made.at_least([*(v for own in here.values() for v in own), *lone.values()], [(has_any, 2)])
        _used_with_days(week, made, row, part, has_any, used)


def _count_seats(week: Week, made: Relaxed, x: dict[tuple[int, int], int], held: dict[tuple[int, int], int]) -> None:
    """Between two sizes next to each other no group and no venue lies. At each time the groups above that have no
    venue above lack the seats between; over the week those are at most what the venues of the groups show."""
    index = week.index
    if not index.problem.weights.seat_short:
        return
    people = [index.people(group, 0) for group in week.names.groups]
    seats = [venue.seats for venue in index.problem.venues]
    known = {s for s in seats if s is not None}
    sizes = sorted(s for s in {*people, *known} if known and min(known) <= s < max(people))
    for size in sizes:
        groups = [g for g, own in enumerate(people) if own > size]
        small = {v for v, own in enumerate(seats) if own is not None and own <= size}
        short = [
            _short_at(made, [x[g, s] for g in groups if (g, s) in x], sum(v not in small for v in free))
            for s, free in enumerate(week.free)
        ]
        shown = [v for (g, w), v in held.items() if g in groups and w in small]
        made.at_least(shown, ((v, 1) for v in short if v is not None))


def _short_at(made: Relaxed, meetings: Sequence[int], venues: int) -> int | None:
    """How many of the meetings at one time find none of so many venues; None: all do."""
    if len(meetings) <= venues:
        return None
    short = made.program.integer(0, len(meetings))
    made.at_least([short], ((v, 1) for v in meetings), low=-venues)
    return short
