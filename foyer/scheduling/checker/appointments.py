"""Individual counselling: everybody's turn, and nobody in two places (H10)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import combinations

from foyer.scheduling.index import Index
from foyer.scheduling.plan import Appointment, Plan, Violation
from foyer.scheduling.weeks import Busy, at_once


def violations(index: Index, plan: Plan) -> Iterator[Violation]:
    yield from _needs(index, plan)
    meetings = _meeting_periods(index, plan)
    for item in plan.appointments:
        yield from _each(index, item, meetings)
    yield from _counsellors(plan)


def _needs(index: Index, plan: Plan) -> Iterator[Violation]:
    """Each resident has one appointment in the rotation, with his counsellor, or is listed as unmet."""
    counsellor = {c.resident: c.counsellor for c in plan.caseloads}
    met = Counter(a.resident for a in plan.appointments)
    unmet = {u.resident for u in plan.unmet if u.need == "appointment"}
    for resident in index.residents:
        if not index.residents[resident].needs_counsellor:
            if met[resident] or resident in unmet:
                yield Violation("appointment_not_needed", (resident,))
        elif met[resident] > 1:
            yield Violation("appointment_twice", (resident,))
        elif not met[resident] and resident not in unmet:
            yield Violation("appointment_missing", (resident,))
        elif met[resident] and resident in unmet:
            yield Violation("unmet_untrue", (resident,))
    for item in plan.appointments:
        if counsellor.get(item.resident) != item.counsellor:
            yield Violation("appointment_counsellor", (item.resident, item.counsellor))


def _meeting_periods(index: Index, plan: Plan) -> dict[str, set[Busy]]:
    """The periods in which each resident has a meeting, and in which weeks."""
    groups: dict[str, set[Busy]] = defaultdict(set)
    for meeting in plan.meetings:
        groups[meeting.group].update((p, index.groups[meeting.group].weeks) for p in meeting.periods)
    taken: dict[str, set[Busy]] = defaultdict(set)
    for seat in plan.seats:
        taken[seat.resident] |= groups[seat.group]
    return taken


def _each(index: Index, item: Appointment, meetings: dict[str, set[Busy]]) -> Iterator[Violation]:
    """It lasts as long as it should, lies within its period and the rotation, and both are free."""
    who, rules = (item.resident, item.counsellor), index.problem.appointments
    period = index.periods[item.period]
    if item.end - item.start != rules.minutes or not period.start <= item.start < item.end <= period.end:
        yield Violation("appointment_time", who, item.period)
    if item.week not in index.weeks_of(index.residents[item.resident]):
        yield Violation("appointment_week", who, str(item.week))
    if item.period in index.residents[item.resident].unavailable:
        yield Violation("resident_unavailable", (item.resident,), item.period)
    if item.period in index.counsellors[item.counsellor].unavailable:
        yield Violation("counsellor_unavailable", (item.counsellor,), item.period)
    rhythm = index.rhythm(item.week)
    if any(item.period == period and at_once(rhythm, meeting) for period, meeting in meetings[item.resident]):
        yield Violation("resident_twice", (item.resident,), item.period)


def _counsellors(plan: Plan) -> Iterator[Violation]:
    """A counsellor sees one resident at a time."""
    held: dict[tuple[str, int, str], list[Appointment]] = defaultdict(list)
    for item in plan.appointments:
        held[item.counsellor, item.week, item.period].append(item)
    for (counsellor, _, period), items in sorted(held.items()):
        for a, b in combinations(items, 2):
            if a.start < b.end and b.start < a.end:
                yield Violation("counsellor_twice_at_once", (counsellor, a.resident, b.resident), period)
