"""The week of the first plan: meetings set one by one; where one is in the way of another, it gives way and is set
again later (iterative forward search; after T. Mueller, Constraint-based timetabling, 2005). What gave way often is
avoided more and more, so the search does not go round in circles.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from foyer.scheduling.index import Index
from foyer.scheduling.plan import Meeting, Seat
from foyer.scheduling.problem import TeachingGroup

ROUNDS = 60  # steps for each meeting, at most
MOST_STEPS = 20_000


@dataclass(frozen=True, slots=True)
class _Start:
    """Where a meeting may lie: its periods as bits, and who and what may hold it."""

    group: str
    number: int
    periods: tuple[str, ...]
    bits: int
    day: int
    penalty: int
    venues: tuple[str, ...]  # ("",) where none is needed
    instructors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Set:
    """A meeting that is set."""

    start: _Start
    venue: str
    instructor: str


class _Board:
    def __init__(self, index: Index, seats: Sequence[Seat], seed: int) -> None:
        self.index = index
        self.random = random.Random(seed)
        self.bit = {p.id: 1 << i for i, p in enumerate(index.problem.periods)}
        self.sizes = Counter(s.group for s in seats)
        self.groups = [g for g in index.problem.groups if index.meets(g, self.sizes[g.id])]
        self.near = _neighbours(index, seats, {g.id for g in self.groups})
        away = _away(index, seats)
        self.starts = {g.id: self._starts(g, away[g.id]) for g in self.groups}
        self.meetings: dict[str, list[_Set]] = {g.id: [] for g in self.groups}
        self.busy: dict[str, int] = dict.fromkeys(self.starts, 0)
        self.holder_busy: dict[tuple[str, str], int] = defaultdict(int)
        self.load: Counter[str] = Counter()  # periods of each instructor
        self.gave_way: Counter[tuple[str, int]] = Counter()
        self.pinned = {(g.id, p.periods) for g in self.groups for p in index.pins.meetings.get(g.id, ())}

    def _starts(self, group: TeachingGroup, away: set[str]) -> list[_Start]:
        starts = []
        usable = {p.periods for p in self.index.usable_patterns(group)}
        for i, pattern in enumerate(group.patterns):
            if pattern.periods not in usable or away.intersection(pattern.periods):
                continue
            venues, instructors = self._holders(group, pattern.periods)
            if venues and instructors:
                bits = sum(self.bit[p] for p in pattern.periods)
                day = self.index.periods[pattern.periods[0]].day
                starts.append(_Start(group.id, i, pattern.periods, bits, day, pattern.penalty, venues, instructors))
        return starts

    def _holders(self, group: TeachingGroup, periods: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The venues and the instructors that are available then, those pinned alone."""
        index = self.index
        people = index.people(group, self.sizes[group.id])
        pin = index.pins.of_meeting(group.id, periods)
        venues = tuple(
            v
            for v in dict.fromkeys(group.venues)
            if (pin is None or pin.venue in (None, v))
            and index.has_room_for(v, people)
            and not set(periods).intersection(index.venues[v].unavailable)
        )
        staff = tuple(
            i
            for i in dict.fromkeys(group.instructors)
            if (pin is None or pin.instructor in (None, i))
            and not set(periods).intersection(index.instructors[i].unavailable)
        )
        return venues if group.venues else ("",), staff if group.instructors else ("",)

    def is_pinned(self, meeting: _Set) -> bool:
        return (meeting.start.group, meeting.start.periods) in self.pinned

    def missing(self) -> list[TeachingGroup]:
        return [g for g in self.groups if len(self.meetings[g.id]) < g.meetings]

    def place(self, meeting: _Set) -> None:
        group, bits = meeting.start.group, meeting.start.bits
        self.meetings[group].append(meeting)
        self.busy[group] |= bits
        self.load[meeting.instructor] += len(meeting.start.periods)
        for holder in _held(meeting):
            self.holder_busy[holder] |= bits

    def remove(self, meeting: _Set) -> None:
        group, bits = meeting.start.group, meeting.start.bits
        self.meetings[group].remove(meeting)
        self.busy[group] &= ~bits
        self.load[meeting.instructor] -= len(meeting.start.periods)
        for holder in _held(meeting):
            self.holder_busy[holder] &= ~bits
        self.gave_way[group, meeting.start.number] += 1


def _held(meeting: _Set) -> list[tuple[str, str]]:
    pairs = (("venue", meeting.venue), ("instructor", meeting.instructor))
    return [pair for pair in pairs if pair[1]]


def set_week(index: Index, seats: Sequence[Seat], seed: int, tick: Callable[[], None]) -> tuple[Meeting, ...] | None:
    """All meetings of the groups with seats taken; None where none were found. ``tick`` may raise to stop."""
    board = _Board(index, seats, seed)
    if not _pins(board):
        return None
    steps = min(MOST_STEPS, ROUNDS * sum(g.meetings for g in board.groups))
    while missing := board.missing():
        tick()
        steps -= 1
        if steps < 0 or not _step(board, missing):
            return None
    return tuple(
        Meeting(m.start.group, m.start.periods, m.venue or None, m.instructor or None)
        for group in board.groups
        for m in board.meetings[group.id]
    )


def _pins(board: _Board) -> bool:
    """Set the meetings that people set (H13); they never give way. False: one has no venue or instructor."""
    starts = {(s.group, s.periods): s for starts in board.starts.values() for s in starts}
    for pin in sorted(board.pinned):
        if pin not in starts:
            return False
        board.place(_cheapest(board, starts[pin])[0])
    return True


def _step(board: _Board, missing: Sequence[TeachingGroup]) -> bool:
    """Set one meeting of the group with the least choice; what is in its way goes. False: it has no place at all."""
    group = min(missing, key=lambda g: (len(board.starts[g.id]) - g.meetings, -g.meetings, g.id))
    options = [s for s in board.starts[group.id] if _own_allow(board, group, s)]
    best: tuple[float, float, list[_Set], _Set] | None = None
    for start in options:
        meeting, out = _cheapest(board, start)
        if any(board.is_pinned(o) for o in out):
            continue
        cost = sum(1 + board.gave_way[o.start.group, o.start.number] for o in out)
        key = (cost, start.penalty + board.random.random())
        if best is None or key < best[:2]:
            best = (*key, out, meeting)
    if best is None:
        own = [m for m in board.meetings[group.id] if not board.is_pinned(m)]
        if own:
            board.remove(board.random.choice(own))
        return bool(own)
    for other in best[2]:
        board.remove(other)
    board.place(best[3])
    return True


def _own_allow(board: _Board, group: TeachingGroup, start: _Start) -> bool:
    """The group's own meetings: none at once, not too many a day (H12)."""
    if board.busy[group.id] & start.bits:
        return False
    days = [m.start.day for m in board.meetings[group.id]]
    return days.count(start.day) < group.most_per_day and all(abs(d - start.day) >= group.days_between for d in days)


def _cheapest(board: _Board, start: _Start) -> tuple[_Set, list[_Set]]:
    """The meeting with the venue and the instructor that are in fewest others' use, and the meetings in its way."""
    out: dict[int, _Set] = {}
    for near in board.near[start.group]:
        if board.busy[near] & start.bits:
            out.update((id(m), m) for m in board.meetings[near] if m.start.bits & start.bits)
    chosen = []
    for kind, names in (("venue", start.venues), ("instructor", start.instructors)):
        held = [
            (len(users), i, name, users) for i, name in enumerate(names) for users in [_users(board, start, kind, name)]
        ]
        _, _, name, users = min(held)
        chosen.append(name)
        out.update((id(m), m) for m in users)
    return _Set(start, chosen[0], chosen[1]), list(out.values())


def _users(board: _Board, start: _Start, kind: str, name: str) -> list[_Set]:
    """The meetings that hold the venue or the instructor then; for an instructor with enough periods also another."""
    if not name:
        return []
    users = []
    if board.holder_busy[kind, name] & start.bits:
        users = [m for m in _by(board, kind, name) if m.start.bits & start.bits]
    if kind == "instructor":
        most = board.index.instructors[name].most_periods
        freed = sum(len(m.start.periods) for m in users)
        if most is not None and board.load[name] - freed + len(start.periods) > most:
            users += [m for m in _by(board, kind, name) if m not in users][:1]
    return users


def _by(board: _Board, kind: str, name: str) -> Iterable[_Set]:
    for meetings in board.meetings.values():
        for m in meetings:
            if (m.venue if kind == "venue" else m.instructor) == name:
                yield m


def _neighbours(index: Index, seats: Sequence[Seat], opened: set[str]) -> dict[str, list[str]]:
    """The groups that never meet while this one does: they share a resident, or a conflict group holds both (H11),
    and some week belongs to both."""
    near: dict[str, set[str]] = defaultdict(set)
    own: dict[str, list[str]] = defaultdict(list)
    for seat in seats:
        own[seat.resident].append(seat.group)
    together = {tuple(sorted(groups)) for groups in own.values()}
    together |= {tuple(sorted(opened.intersection(c.groups))) for c in index.problem.conflicts}
    for groups in together:
        for a, b in combinations(groups, 2):
            if index.share_weeks(index.groups[a].weeks, index.groups[b].weeks):
                near[a].add(b)
                near[b].add(a)
    return {g: sorted(near[g]) for g in opened}


def _away(index: Index, seats: Sequence[Seat]) -> dict[str, set[str]]:
    """The periods in which somebody of the group is away."""
    away: dict[str, set[str]] = defaultdict(set)
    for seat in seats:
        away[seat.group].update(index.away(index.residents[seat.resident], index.groups[seat.group].weeks))
    return away
