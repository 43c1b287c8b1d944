"""Sweeps over a week: one or two groups at a time get the best hours beside all others.

Given everybody else's hours, what a group's meetings cost adds up over the days. So its best hours are found exactly:
the cheapest choice for each day, and of these the cheapest sum with the right number of meetings. The same holds for
two groups at once. Sweep follows sweep until nothing gets better (block coordinate descent). Nothing is proven here;
with seats dealt anew between sweeps it finds in a second what a search for given seats does not reach at all.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product

from foyer.scheduling.index import Index
from foyer.scheduling.plan import Caseload, Meeting, Outcome, Plan, Seat
from foyer.scheduling.problem import DayRules, TeachingGroup
from foyer.scheduling.score import day_shape, stage_points, terms_of
from foyer.scheduling.stages.free_hours import hours_to_keep
from foyer.scheduling.stages.times import crowds_of

ROUNDS = 30  # sweeps, at most
IDLE = 3  # sweeps without gain; among equal weeks each may lead on to a better one
MOST_A_DAY = 2  # meetings of one group in a day: with more its hours are left alone
Counts = tuple[int, ...]
Chosen = tuple[Meeting, ...]
_Concerned = tuple[int, int, int, tuple[int, ...]]  # a crowd's other periods, absences, people; which groups it is in


@dataclass(frozen=True, slots=True)
class _Crowd:
    """Residents with the same groups and the same absences (as bits)."""

    groups: tuple[str, ...]
    away: int
    people: int


@dataclass(frozen=True, slots=True)
class _Option:
    """What a group may do on one day: its meetings, their periods as bits, their penalty."""

    meetings: Chosen
    bits: int
    penalty: int


def swept(
    index: Index,
    seats: Sequence[Seat],
    caseloads: Sequence[Caseload],
    meetings: Chosen,
    seed: int,
    tick: Callable[[], None],
) -> Chosen:
    """A week for these seats that costs no more than ``meetings``, which must keep every rule. ``tick`` may raise to
    stop."""
    if index.problem.day_rules != DayRules() or index.alternates:
        return meetings
    board = _Board(index, seats, caseloads, meetings, random.Random(seed))
    idle = 0
    for _ in range(ROUNDS):
        better = False
        for groups in board.blocks():
            tick()
            better = board.improve(groups) or better
        idle = 0 if better else idle + 1
        if idle == IDLE:
            break
    found = tuple(m for own in board.own.values() for m in own)
    return found if points_of_week(index, seats, found) <= points_of_week(index, seats, meetings) else meetings


def points_of_week(index: Index, seats: Sequence[Seat], meetings: Chosen) -> float:
    """What the week costs in the times stage."""
    return stage_points(terms_of(index, Plan(Outcome.FEASIBLE, "", seats=tuple(seats), meetings=meetings)), "times")


class _Board:
    def __init__(
        self,
        index: Index,
        seats: Sequence[Seat],
        caseloads: Sequence[Caseload],
        meetings: Sequence[Meeting],
        lot: random.Random,
    ) -> None:
        self.index, self.lot = index, lot
        self.bit = {p.id: 1 << i for i, p in enumerate(index.problem.periods)}
        self.own: dict[str, list[Meeting]] = defaultdict(list)
        self.busy: dict[str, int] = defaultdict(int)
        self.holding: dict[tuple[str, str], int] = defaultdict(int)
        self.sizes: dict[str, int] = defaultdict(int)
        for seat in seats:
            self.sizes[seat.group] += 1
        for meeting in meetings:
            self._set(meeting)
        crowds = crowds_of(index, seats)
        self.crowds: dict[str, list[_Crowd]] = defaultdict(list)
        self.beside: dict[str, set[str]] = defaultdict(set)  # groups that never meet at once with this one
        for (groups, away), people in sorted(crowds.items()):
            crowd = _Crowd(groups, self._bits(away), people)
            for group in groups:
                self.crowds[group].append(crowd)
        for together in [*(groups for groups, _ in crowds), *(c.groups for c in index.problem.conflicts)]:
            for a, b in combinations(together, 2):
                self.beside[a].add(b)
                self.beside[b].add(a)
        self.kept: dict[str, list[tuple[tuple[str, ...], int]]] = defaultdict(list)
        for groups, places in hours_to_keep(index, seats, caseloads):
            for group in groups:
                self.kept[group].append((groups, self._bits(p for p, _ in places)))
        self._points: dict[tuple[int, int, int], int] = {}
        self.days = [self._bits(day) for day in index.days.values()]
        self._day = list(index.days.values())

    def _bits(self, periods: Iterator[str] | Sequence[str]) -> int:
        return sum(self.bit[p] for p in set(periods))

    def _set(self, meeting: Meeting, *, out: bool = False) -> None:
        bits = self._bits(meeting.periods)
        sign = -1 if out else 1
        (self.own[meeting.group].remove if out else self.own[meeting.group].append)(meeting)
        self.busy[meeting.group] += sign * bits
        for holder in _holders(meeting):
            self.holding[holder] += sign * bits

    # Which groups move

    def blocks(self) -> list[tuple[TeachingGroup, ...]]:
        """Every group that may move, and every two that are in each other's way, in an order by lot."""
        free = [g for g in self.index.problem.groups if self.own.get(g.id) and self._may_move(g)]
        pairs = [(a, b) for a, b in combinations(free, 2) if b.id in self.beside[a.id] or _share(a, b)]
        blocks: list[tuple[TeachingGroup, ...]] = [*((g,) for g in free), *pairs]
        self.lot.shuffle(blocks)
        return blocks

    def _may_move(self, group: TeachingGroup) -> bool:
        index = self.index
        ordered = group.follows or any(group.id in other.follows for other in index.problem.groups)
        spread = group.days_between > 1 or group.most_per_day > MOST_A_DAY
        capped = len(group.instructors) > 1 and any(
            index.instructors[i].most_periods is not None for i in group.instructors
        )
        return not (ordered or spread or capped or group.id in index.pins.meetings)

    # The best hours of a block

    def improve(self, groups: tuple[TeachingGroup, ...]) -> bool:
        """Give the groups their best hours, others among equal ones; whether that is better."""
        before = [list(self.own[g.id]) for g in groups]
        self._put(before, out=True)
        concerned = self._concerned(groups)
        now = self._cost(groups, concerned, before)
        cost, chosen = self._best(groups, concerned)
        if chosen is not None and cost <= now:
            self._put(chosen)
            if self._hours_are_kept(groups):
                return cost < now
            self._put(chosen, out=True)
        self._put(before)
        return False

    def _put(self, meetings: Sequence[Sequence[Meeting]], *, out: bool = False) -> None:
        for own in meetings:
            for meeting in own:
                self._set(meeting, out=out)

    def _concerned(self, groups: tuple[TeachingGroup, ...]) -> list[_Concerned]:
        """The crowds of the groups, what else they do, and which of the groups are theirs."""
        crowds = {id(c): c for g in groups for c in self.crowds[g.id]}.values()
        names = [g.id for g in groups]
        return [
            (self._busy_of(c), c.away, c.people, tuple(i for i, name in enumerate(names) if name in c.groups))
            for c in crowds
        ]

    def _busy_of(self, crowd: _Crowd) -> int:
        busy = 0
        for group in crowd.groups:
            busy |= self.busy.get(group, 0)
        return busy

    def _hours_are_kept(self, groups: Sequence[TeachingGroup]) -> bool:
        for group in groups:
            for own, places in self.kept[group.id]:
                busy = 0
                for g in own:
                    busy |= self.busy.get(g, 0)
                if not places & ~busy:
                    return False
        return True

    def _cost(
        self,
        groups: Sequence[TeachingGroup],
        concerned: Sequence[_Concerned],
        meetings: Sequence[Sequence[Meeting]],
    ) -> int:
        bits = [self._bits([p for m in own for p in m.periods]) for own in meetings]
        penalties = {(g.id, p.periods): p.penalty for g in groups for p in g.patterns}
        total = sum(penalties[m.group, m.periods] for own in meetings for m in own)
        return total + sum(self._of_day(day, concerned, bits) for day in range(len(self.days)))

    def _of_day(self, day: int, concerned: Sequence[_Concerned], bits: Sequence[int]) -> int:
        """The points of a day for those concerned, where the groups have these periods."""
        total, mask = 0, self.days[day]
        for busy, away, people, own in concerned:
            for i in own:
                busy |= bits[i]
            key = (day, busy & mask, away & mask)
            points = self._points.get(key)
            total += people * (self._shape(*key) if points is None else points)
        return total

    def _shape(self, day: int, busy: int, away: int) -> int:
        """What such a day costs one resident."""
        periods = {p for p in self._day[day] if self.bit[p] & busy}
        absent = {p for p in self._day[day] if self.bit[p] & away}
        gaps, single = day_shape(self._day[day], periods, absent)
        weights = self.index.problem.weights
        points = self._points[day, busy, away] = weights.gap * gaps + weights.single_period * single
        return points

    def _best(
        self, groups: tuple[TeachingGroup, ...], concerned: Sequence[_Concerned]
    ) -> tuple[int, list[list[Meeting]] | None]:
        """The cheapest hours of the groups beside all others: day by day the cheapest ways to hold so many meetings of
        each."""
        each = [self._options(g) for g in groups]
        apart = len(groups) > 1 and (groups[1].id in self.beside[groups[0].id] or _share(groups[0], groups[1]))
        wanted = tuple(g.meetings for g in groups)
        best: dict[Counts, tuple[int, list[list[Meeting]]]] = {tuple(0 for _ in groups): (0, [[] for _ in groups])}
        for day in range(len(self.days)):
            ways = self._ways([own[day] for own in each], concerned, day, apart=apart)
            following: dict[Counts, tuple[int, list[list[Meeting]]]] = {}
            for counts, (cost, chosen) in best.items():
                for more, (points, options) in ways.items():
                    key = tuple(a + b for a, b in zip(counts, more, strict=True))
                    if any(k > w for k, w in zip(key, wanted, strict=True)):
                        continue
                    if key not in following or cost + points < following[key][0]:
                        joined = [[*a, *o.meetings] for a, o in zip(chosen, options, strict=True)]
                        following[key] = cost + points, joined
            best = following
        return best.get(wanted, (0, None))

    def _ways(
        self, options: Sequence[Sequence[_Option]], concerned: Sequence[_Concerned], day: int, *, apart: bool
    ) -> dict[Counts, tuple[int, tuple[_Option, ...]]]:
        """By numbers of meetings the cheapest way to hold them on this day."""
        ways: dict[Counts, tuple[int, tuple[_Option, ...]]] = {}
        for chosen in product(*options):
            if apart and chosen[0].bits & chosen[1].bits:
                continue
            cost = sum(o.penalty for o in chosen) + self._of_day(day, concerned, [o.bits for o in chosen])
            counts = tuple(len(o.meetings) for o in chosen)
            if counts not in ways or cost < ways[counts][0]:
                ways[counts] = cost, chosen
        return ways

    def _options(self, group: TeachingGroup) -> list[list[_Option]]:
        """For each day what the group may do beside the groups that are set."""
        forbidden = 0
        for crowd in self.crowds[group.id]:
            forbidden |= crowd.away | self._busy_of(crowd)
        for other in self.beside[group.id]:
            forbidden |= self.busy.get(other, 0)
        single: list[list[_Option]] = [[_Option((), 0, 0)] for _ in self.days]
        usable = {p.periods for p in self.index.usable_patterns(group)}
        for pattern in group.patterns:
            bits = self._bits(pattern.periods)
            if pattern.periods in usable and not bits & forbidden:
                day = next(i for i, mask in enumerate(self.days) if mask & bits)
                meeting = self._held(group, pattern.periods, bits)
                if meeting is not None:
                    single[day].append(_Option((meeting,), bits, pattern.penalty))
        if group.most_per_day > 1:
            for own in single:
                twos = [(a, b) for a, b in combinations(own[1:], 2) if not a.bits & b.bits]
                own += [_Option(a.meetings + b.meetings, a.bits | b.bits, a.penalty + b.penalty) for a, b in twos]
        for own in single:
            self.lot.shuffle(own)
        return single

    def _held(self, group: TeachingGroup, periods: tuple[str, ...], bits: int) -> Meeting | None:
        """The meeting with the first free venue and instructor; None where there are none."""
        index, people = self.index, self.index.people(group, self.sizes[group.id])
        venues = [v for v in group.venues if index.has_room_for(v, people)]
        venue = self._free("venue", venues, bits, index.venues) if group.venues else ""
        staff = self._free("instructor", group.instructors, bits, index.instructors) if group.instructors else ""
        return None if venue is None or staff is None else Meeting(group.id, periods, venue or None, staff or None)

    def _free(self, kind: str, names: Sequence[str], bits: int, things: object) -> str | None:
        for name in names:
            away = self._bits(things[name].unavailable)  # type: ignore[index]
            if not bits & (self.holding.get((kind, name), 0) | away):
                return name
        return None


def _holders(meeting: Meeting) -> list[tuple[str, str]]:
    pairs = (("venue", meeting.venue), ("instructor", meeting.instructor))
    return [(kind, name) for kind, name in pairs if name]


def _share(a: TeachingGroup, b: TeachingGroup) -> bool:
    """Whether the groups may need one venue or instructor."""
    return bool(set(a.venues) & set(b.venues) or set(a.instructors) & set(b.instructors))
