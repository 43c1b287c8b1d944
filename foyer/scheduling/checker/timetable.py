"""The week: meetings, venues, instructors, and that nobody is in two places (H8 to H12)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from itertools import combinations, pairwise

from foyer.scheduling.index import Index
from foyer.scheduling.plan import UNFINISHED, Meeting, Plan, Violation
from foyer.scheduling.problem import TeachingGroup, Weeks
from foyer.scheduling.weeks import at_once, kinds


def violations(index: Index, plan: Plan) -> Iterator[Violation]:
    meetings: dict[str, list[Meeting]] = defaultdict(list)
    for meeting in plan.meetings:
        meetings[meeting.group].append(meeting)
    sizes = Counter(s.group for s in plan.seats)
    for group in index.problem.groups:
        if index.meets(group, sizes[group.id]) and not (plan.outcome in UNFINISHED and not plan.meetings):
            yield from _count(index, group, meetings[group.id])
        yield from _each(index, group, meetings[group.id], sizes[group.id])
    yield from _double(index, plan)
    yield from _residents(index, plan, meetings)
    yield from _order(index, meetings)
    yield from _instructor_load(index, plan)


def _count(index: Index, group: TeachingGroup, meetings: list[Meeting]) -> Iterator[Violation]:
    """An open group has exactly its weekly meetings, not more in a day than allowed, on days far enough apart (H8,
    H12)."""
    if len(meetings) != group.meetings:
        yield Violation("meeting_count", (group.id,))
    per_day = Counter(index.periods[m.periods[0]].day for m in meetings if m.periods)
    for day, count in sorted(per_day.items()):
        if count > group.most_per_day:
            yield Violation("meetings_in_day", (group.id,), str(day))
    for day, later in pairwise(sorted(index.periods[m.periods[0]].day for m in meetings if m.periods)):
        if later - day < group.days_between:
            yield Violation("days_between", (group.id,), str(later))


def _each(index: Index, group: TeachingGroup, meetings: list[Meeting], size: int) -> Iterator[Violation]:
    """Each meeting lies in an allowed pattern, in a fitting venue, with a qualified instructor, all
    available."""
    allowed = {p.periods for p in group.patterns}
    for meeting in meetings:
        when = " ".join(meeting.periods)
        if meeting.periods not in allowed:
            yield Violation("meeting_pattern", (group.id,), when)
        if set(meeting.periods) & set(group.unavailable):
            yield Violation("group_unavailable", (group.id,), when)
        yield from _venue(index, group, meeting, size, when)
        yield from _instructor(index, group, meeting, when)


def _venue(index: Index, group: TeachingGroup, meeting: Meeting, size: int, when: str) -> Iterator[Violation]:
    if meeting.venue is None:
        if group.venues:
            yield Violation("venue_missing", (group.id,), when)
        return
    venue = index.venues[meeting.venue]
    if venue.id not in group.venues:
        yield Violation("venue_unfit", (group.id, venue.id), when)
    if not index.has_room_for(venue.id, index.people(group, size)):
        yield Violation("venue_seats", (group.id, venue.id), when)
    if set(meeting.periods) & set(venue.unavailable):
        yield Violation("venue_unavailable", (group.id, venue.id), when)


def _instructor(index: Index, group: TeachingGroup, meeting: Meeting, when: str) -> Iterator[Violation]:
    if meeting.instructor is None:
        if group.instructors:
            yield Violation("instructor_missing", (group.id,), when)
        return
    instructor = index.instructors[meeting.instructor]
    if instructor.id not in group.instructors:
        yield Violation("instructor_unqualified", (group.id, instructor.id), when)
    if set(meeting.periods) & set(instructor.unavailable):
        yield Violation("instructor_unavailable", (group.id, instructor.id), when)


def _double(index: Index, plan: Plan) -> Iterator[Violation]:
    """No venue, instructor or group has two meetings at one time in one week (H8, H9)."""
    taken: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for meeting in plan.meetings:
        for kind, id_ in (
            ("venue", meeting.venue),
            ("instructor", meeting.instructor),
            ("group", meeting.group),
        ):
            for period in meeting.periods:
                if id_ is not None:
                    taken[kind, id_, period].append(meeting.group)
    for (kind, id_, period), groups in sorted(taken.items()):
        if any(at_once(index.groups[a].weeks, index.groups[b].weeks) for a, b in combinations(groups, 2)):
            yield Violation(f"{kind}_twice", (id_, *groups), period)


def _residents(index: Index, plan: Plan, meetings: dict[str, list[Meeting]]) -> Iterator[Violation]:
    """No resident has two meetings at one time, or one while unavailable (H10, H11); or a day that is too full, or too
    long without a break (H12)."""
    own: dict[str, list[TeachingGroup]] = defaultdict(list)
    for seat in plan.seats:
        own[seat.resident].append(index.groups[seat.group])
    for resident, groups in own.items():
        periods = {p for g in groups for m in meetings[g.id] for p in m.periods}
        for period in sorted(periods.intersection(index.residents[resident].unavailable)):
            yield Violation("resident_unavailable", (resident,), period)
        found: set[Violation] = set()
        for kind in kinds(g.weeks for g in groups):
            here = [g for g in groups if at_once(g.weeks, kind)]
            taken = Counter(p for g in here for m in meetings[g.id] for p in m.periods)
            found.update(Violation("resident_twice", (resident,), p) for p, count in taken.items() if count > 1)
            found.update(_full_days(index, resident, taken))
        yield from sorted(found, key=lambda v: (v.rule, v.when))


def _full_days(index: Index, resident: str, taken: Collection[str]) -> Iterator[Violation]:
    """Too many meeting periods in a day; too many of one run with none left out between them."""
    rules = index.problem.day_rules
    if rules.most_periods is None and rules.most_in_a_row is None:
        return
    for number, day in index.days.items():
        if rules.most_periods is not None and sum(p in taken for p in day) > rules.most_periods:
            yield Violation("day_periods", (resident,), str(number))
        length, run = 0, None
        for period in day:
            length = 0 if period not in taken else length + 1 if index.periods[period].run == run else 1
            run = index.periods[period].run
            if rules.most_in_a_row is not None and length > rules.most_in_a_row:
                yield Violation("day_in_a_row", (resident,), period)


def _order(index: Index, meetings: dict[str, list[Meeting]]) -> Iterator[Violation]:
    """A group's first meeting of the week begins after the first of each group that it follows has ended, where they
    meet in the same weeks (H12)."""
    for group in index.problem.groups:
        for other in (index.groups[name] for name in group.follows):
            if meetings[group.id] and meetings[other.id] and at_once(group.weeks, other.weeks):
                begins = min(_at(index, m.periods[0], "start") for m in meetings[group.id])
                ended = min(_at(index, m.periods[-1], "end") for m in meetings[other.id])
                if begins < ended:
                    yield Violation("follows", (group.id, other.id))


def _at(index: Index, period: str, edge: str) -> tuple[int, int]:
    return index.periods[period].day, getattr(index.periods[period], edge)


def _instructor_load(index: Index, plan: Plan) -> Iterator[Violation]:
    """No instructor teaches more periods in any week than allowed (H9)."""
    load: dict[str, list[tuple[Weeks, int]]] = defaultdict(list)
    for meeting in plan.meetings:
        if meeting.instructor is not None:
            load[meeting.instructor].append((index.groups[meeting.group].weeks, len(meeting.periods)))
    for instructor in index.problem.instructors:
        held = load[instructor.id]
        most = max(sum(n for when, n in held if at_once(when, kind)) for kind in kinds(when for when, _ in held))
        if instructor.most_periods is not None and most > instructor.most_periods:
            yield Violation("instructor_load", (instructor.id,))
