"""The wishes of a week that concern groups, venues and conflict groups (s9 to s12, s16), counted from meetings alone.

With weights 1, 5, 2, 1 and no s16 they are the terms of curriculum-based course timetabling, formulation UD2 (Di
Gaspero, McCollum and Schaerf 2007, track 3 of the second International Timetabling Competition).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from foyer.scheduling.index import Index
from foyer.scheduling.plan import Meeting, Plan, Term
from foyer.scheduling.problem import ConflictGroup


def terms(index: Index, plan: Plan) -> Iterator[Term]:
    """The points of s9 to s12 and s16 in the plan."""
    weights = index.problem.weights
    sizes = Counter(seat.group for seat in plan.seats)
    meetings: dict[str, list[Meeting]] = defaultdict(list)
    for meeting in plan.meetings:
        meetings[meeting.group].append(meeting)
    short = large = further = fewer = 0
    for group_id, own in meetings.items():
        people = index.people(index.groups[group_id], sizes[group_id])
        venues = [m.venue for m in own if m.venue is not None]
        short += sum(index.seats_short(v, people) for v in venues)
        large += sum(index.is_too_large(v, people) for v in venues)
        further += max(0, len(set(venues)) - 1)
        days = {index.periods[p].day for m in own for p in m.periods}
        fewer += max(0, index.groups[group_id].wished_days - len(days))
    alone = sum(_alone(index, conflict, meetings) for conflict in index.problem.conflicts if conflict.counts_alone)
    if weights.seat_short is not None:
        yield Term("seat_short", short, weights.seat_short * short)
    yield Term("fewer_days", fewer, weights.fewer_days * fewer)
    yield Term("lecture_alone", alone, weights.lecture_alone * alone)
    yield Term("further_venue", further, weights.further_venue * further)
    yield Term("large_venue", large, round(weights.large_venue * large, 2))


def _alone(index: Index, conflict: ConflictGroup, meetings: Mapping[str, Sequence[Meeting]]) -> int:
    """How many of the conflict group's meetings have no other of them right before or after."""
    own = [m for group in conflict.groups for m in meetings.get(group, ())]
    taken: dict[str, set[str]] = defaultdict(set)
    for meeting in own:
        for period in meeting.periods:
            taken[period].add(index.groups[meeting.group].weeks)
    alone = 0
    for meeting in own:
        weeks = index.groups[meeting.group].weeks
        beside = {w for p in index.beside(meeting.periods) for w in taken[p]}
        alone += not any(index.share_weeks(weeks, other) for other in beside)
    return alone
