"""A week without residents as arrays: what the annealing's kernel works on, and its way back to meetings."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from foyer.scheduling.index import Index
from foyer.scheduling.plan import Meeting
from foyer.scheduling.problem import TeachingGroup

if TYPE_CHECKING:
    from foyer.scheduling.stages.week_search.kernel import Board, Hands

NEAR = 3  # points: venues that cost so little more than the cheapest are tried most often
CLASH_WEIGHT = 6  # times what a lesson can cost at a time: what a clash costs during the search
LONGEST_DAY = 60  # slots: those of a row are bits of one number
NOWHERE = -1  # cost of a venue that is not allowed
NOTHING = 2**62  # points of a best timetable that is not found yet


@dataclass(frozen=True, slots=True)
class Names:
    """What the numbers of the arrays stand for."""

    groups: tuple[TeachingGroup, ...]
    slots: tuple[str, ...]
    venues: tuple[str, ...]
    lessons: tuple[int, ...]  # the group of each meeting
    scale: int  # so many steps are a point


def is_searchable(index: Index) -> bool:
    """Whether the search knows every rule and wish of the week: nobody's own week to respect, meetings of one period,
    a place for each, at most one instructor each, and no order among meetings."""
    groups = [g for g in index.problem.groups if index.meets(g, 0) and g.meetings]
    return (
        not index.problem.residents
        and not index.problem.meeting_pins
        and bool(groups)
        and all(_is_simple(index, group) for group in groups)
        and all(i.most_periods is None for i in index.problem.instructors)
        and max(map(len, index.days.values())) <= LONGEST_DAY
    )


def _is_simple(index: Index, group: TeachingGroup) -> bool:
    busiest = max(map(len, index.days.values()))
    return (
        bool(group.venues)
        and len(set(group.instructors)) <= 1
        and all(len(p.periods) == 1 for p in group.patterns)
        and group.most_per_day >= min(busiest, group.meetings)
        and group.weeks == "all"
        and not group.follows
        and group.days_between <= 1
    )


def work_of(index: Index) -> int:
    """How many decisions the week's exact model would weigh: meetings by times by venues."""
    groups = [g for g in index.problem.groups if index.meets(g, 0)]
    return sum(g.meetings * len(g.patterns) * len(g.venues) for g in groups)


def names_of(index: Index) -> Names:
    groups = tuple(g for g in index.problem.groups if index.meets(g, 0) and g.meetings)
    weight = index.problem.weights.large_venue
    scale = next(s for s in (1, 10, 100) if s == 100 or float(weight * s).is_integer())
    return Names(
        groups,
        tuple(p for day in index.days.values() for p in day),
        tuple(v.id for v in index.problem.venues),
        tuple(i for i, g in enumerate(groups) for _ in range(g.meetings)),
        scale,
    )


def board_of(index: Index, names: Names) -> Board:
    """Everything that stays fixed."""
    import numpy as np

    from foyer.scheduling.stages.week_search.kernel import NUMBER, Board

    weights, scale = index.problem.weights, names.scale
    places = [_places(index, names, g) for g in names.groups]
    costs = np.array([[_venue_cost(index, names, g, v) for v in names.venues] for g in names.groups], NUMBER)
    order = [sorted((c, v) for v, c in enumerate(row) if c >= 0) for row in costs.tolist()]
    clash = _clashes(index, names)
    rows = _rows(index, names)
    is_open = np.zeros((len(names.groups), len(names.slots)), np.bool_)
    start = np.zeros((len(names.groups), len(names.slots)), NUMBER)
    for g, own in enumerate(places):
        for slot, penalty in own.items():
            is_open[g, slot], start[g, slot] = True, penalty * scale
    in_row = np.zeros((max(1, *(row + 1 for own in rows for row in own), 0), len(names.groups)), np.bool_)
    for g, own_rows in enumerate(rows):
        in_row[own_rows, g] = True
    chains = _chains(index, names)
    lonely = math.ceil(weights.lecture_alone * sum(map(len, rows)) / len(rows))  # in all its rows, on average
    return Board(
        group_of=np.array(names.lessons, NUMBER),
        open_slots=_padded([sorted(own) for own in places]),
        open_count=np.array([len(own) for own in places], NUMBER),
        is_open=is_open,
        venues=_padded([[v for _, v in row] for row in order]),
        near_count=np.array([sum(c <= row[0][0] + NEAR * scale for c, _ in row) for row in order], NUMBER),
        venue_count=np.array([len(row) for row in order], NUMBER),
        venue_cost=costs,
        start_cost=start,
        clash=clash,
        rivals=_padded([list(np.flatnonzero(row)) for row in clash]),
        rival_count=clash.sum(1).astype(NUMBER),
        rows=_padded(rows),
        row_count=np.array([len(own) for own in rows], NUMBER),
        in_row=in_row,
        chain=np.array([chain for chain, _ in chains], NUMBER),
        bit=np.array([bit for _, bit in chains], NUMBER),
        day=np.array(_days(index, names), NUMBER),
        wished_days=np.array([g.wished_days for g in names.groups], NUMBER),
        fewer_days=weights.fewer_days * scale,
        alone=weights.lecture_alone * scale,
        further=weights.further_venue * scale,
        clash_weight=CLASH_WEIGHT * scale * max(1, weights.fewer_days, weights.further_venue, lonely),
    )


def _padded(lists: Sequence[Sequence[int]]) -> Any:
    """Lists of different lengths as rows of one array."""
    import numpy as np

    from foyer.scheduling.stages.week_search.kernel import NUMBER

    made = np.zeros((len(lists), max(1, *map(len, lists)) if lists else 1), NUMBER)
    for i, own in enumerate(lists):
        made[i, : len(own)] = own
    return made


def _chains(index: Index, names: Names) -> list[tuple[int, int]]:
    """For each slot its chain, of slots that follow each other without a break, and its place in it."""
    made: list[tuple[int, int]] = []
    for slot in names.slots:
        chain, place = made[-1] if made else (-1, 0)
        follows = index.neighbours[slot][0] is not None
        made.append((chain, place + 1) if follows else (chain + 1, 0))
    return made


def _days(index: Index, names: Names) -> list[int]:
    number = {day: i for i, day in enumerate(index.days)}
    return [number[index.periods[slot].day] for slot in names.slots]


def _places(index: Index, names: Names, group: TeachingGroup) -> dict[int, int]:
    """The slots in which the group may meet, with the points for it. One instructor, if any: no choice is left."""
    number = {slot: i for i, slot in enumerate(names.slots)}
    return {number[p.periods[0]]: p.penalty for p in index.usable_patterns(group)}


def _venue_cost(index: Index, names: Names, group: TeachingGroup, venue: str) -> int:
    weights, people = index.problem.weights, index.people(group, 0)
    if venue not in group.venues or not index.has_room_for(venue, people):
        return NOWHERE
    short = (weights.seat_short or 0) * index.seats_short(venue, people)
    return round((short + weights.large_venue * index.is_too_large(venue, people)) * names.scale)


def _clashes(index: Index, names: Names) -> Any:
    """Which groups never meet at the same time: of one conflict group, or with the same instructor; and each with
    itself."""
    import numpy as np

    number = {g.id: i for i, g in enumerate(names.groups)}
    made = np.eye(len(names.groups), dtype=np.bool_)
    together = [[number[g] for g in conflict.groups if g in number] for conflict in index.problem.conflicts]
    for instructor in index.problem.instructors:
        together.append([i for i, g in enumerate(names.groups) if instructor.id in g.instructors])
    for own in together:
        made[np.ix_(own, own)] = True
    return made


def _rows(index: Index, names: Names) -> list[list[int]]:
    """For each group the conflict groups that count its lone meetings."""
    counting = [set(c.groups) for c in index.problem.conflicts if c.counts_alone]
    return [[k for k, own in enumerate(counting) if group.id in own] for group in names.groups]


def hands_of(index: Index, names: Names, board: Board, seed: int, placed: Sequence[tuple[int, int]]) -> Hands:
    """The state of a search that begins with each lesson at a (slot, venue)."""
    import numpy as np

    from foyer.scheduling.stages.week_search.kernel import BEST, CLASHES, CLOSED, COUNT, FREE, NUMBER, POINTS, Hands

    groups, slots, venues = len(names.groups), len(names.slots), len(names.venues)
    rows, chains = board.in_row.shape[0], int(board.chain[-1]) + 1
    hands = Hands(
        slot=np.array([s for s, _ in placed], NUMBER),
        venue=np.array([v for _, v in placed], NUMBER),
        at=np.full((slots, venues), FREE, NUMBER),
        busy=np.zeros((groups, slots), COUNT),
        taken=np.zeros((rows, slots), COUNT),
        mask=np.zeros((rows, chains), np.int64),
        on_day=np.zeros((groups, len(index.days)), COUNT),
        days=np.zeros(groups, COUNT),
        in_venue=np.zeros((groups, venues), COUNT),
        totals=np.zeros(5, np.int64),
        best_slot=np.array([s for s, _ in placed], NUMBER),
        best_venue=np.array([v for _, v in placed], NUMBER),
        seed=np.array([(seed * 0x9E3779B97F4A7C15 + 0x2545F4914F6CDD1D) % 2**64 or 1], np.uint64),
    )
    for v, name in enumerate(names.venues):
        closed = set(index.venues[name].unavailable)
        hands.at[[slot in closed for slot in names.slots], v] = CLOSED
    for lesson, (slot, venue) in enumerate(placed):
        group = names.lessons[lesson]
        own = board.rows[group, : board.row_count[group]]
        hands.at[slot, venue] = lesson
        hands.busy[board.rivals[group, : board.rival_count[group]], slot] += 1
        hands.taken[own, slot] += 1
        hands.mask[own, board.chain[slot]] |= 4 << int(board.bit[slot])
        hands.on_day[group, board.day[slot]] += 1
        hands.in_venue[group, venue] += 1
    hands.days[:] = (hands.on_day > 0).sum(1)
    hands.totals[CLASHES], hands.totals[POINTS] = counted(names, board, hands)
    hands.totals[BEST] = NOTHING if hands.totals[CLASHES] else hands.totals[POINTS]
    return hands


def counted(names: Names, board: Board, hands: Hands) -> tuple[int, int]:
    """Clashes and points of a state, counted anew."""
    import numpy as np

    group = np.array(names.lessons)
    clashes = int((hands.busy[group, hands.slot] - 1).sum()) // 2
    points = int(board.venue_cost[group, hands.venue].sum() + board.start_cost[group, hands.slot].sum())
    points += board.fewer_days * int(np.maximum(0, board.wished_days - hands.days).sum())
    points += board.further * int(((hands.in_venue > 0).sum(1) - 1).sum())
    taken = hands.taken > 0
    joined = taken[:, 1:] & taken[:, :-1] & (board.chain[1:] == board.chain[:-1])
    lone = taken.copy()
    lone[:, 1:] &= ~joined
    lone[:, :-1] &= ~joined
    return clashes, points + board.alone * int(lone.sum())


def meetings_of(index: Index, names: Names, slots: Sequence[int], venues: Sequence[int]) -> tuple[Meeting, ...]:
    """The timetable as meetings, in order of groups and time."""
    made = []
    for lesson, slot, venue in sorted(zip(names.lessons, slots, venues, strict=True)):
        group = names.groups[lesson]
        instructor = group.instructors[0] if group.instructors else None
        made.append(Meeting(group.id, (names.slots[slot],), names.venues[venue], instructor))
    return tuple(made)
