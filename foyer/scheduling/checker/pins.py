"""Pins are kept (H13): on places, openings, meetings and appointments. A stopped plan may lack what no stage came to,
as long as it says so."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from foyer.scheduling.checker.naming import APPOINTMENT
from foyer.scheduling.index import Index
from foyer.scheduling.plan import UNFINISHED, Meeting, Plan, Violation
from foyer.scheduling.problem import MeetingPin


def violations(index: Index, plan: Plan) -> Iterator[Violation]:
    yield from _places(index, plan)
    yield from _openings(index, plan)
    if plan.outcome not in UNFINISHED or plan.meetings:
        yield from _meetings(index, plan)
    if plan.outcome not in UNFINISHED or plan.appointments:
        yield from _appointments(index, plan)


def _places(index: Index, plan: Plan) -> Iterator[Violation]:
    """Residents are in the groups and rooms, and with the counsellors, that people chose for them; in the room for the
    whole stay."""
    held = {("group", s.resident, s.group) for s in plan.seats}
    held |= {("counsellor", c.resident, c.counsellor) for c in plan.caseloads}
    rooms: dict[str, set[str]] = defaultdict(set)
    for lodging in plan.lodgings:
        rooms[lodging.resident].add(lodging.room)
    held |= {("room", resident, room) for resident, own in rooms.items() for room in own if len(own) == 1}
    undecided = {(u.resident, u.need) for u in plan.unmet} if plan.outcome in UNFINISHED else set()
    for pin in index.problem.pins:
        kind = pin.kind if pin.kind in ("counsellor", "room") else "group"
        if (kind, pin.resident, pin.target) not in held and (pin.resident, pin.kind) not in undecided:
            yield Violation("pin", (pin.resident, pin.target), pin.kind)


def _openings(index: Index, plan: Plan) -> Iterator[Violation]:
    """A closed group has nobody; an opened one as many as it needs."""
    sizes = Counter(s.group for s in plan.seats)
    for pin in index.problem.group_pins:
        group = index.groups[pin.group]
        if not pin.opens and sizes[group.id]:
            yield Violation("pin", (group.id,), "closed")
        if pin.opens and sizes[group.id] < group.minimum and (plan.outcome not in UNFINISHED or sizes[group.id]):
            yield Violation("pin", (group.id,), "opened")


def _meetings(index: Index, plan: Plan) -> Iterator[Violation]:
    """The group meets in the pinned periods, with the venue and the instructor that the pin names."""
    by_group: dict[str, list[Meeting]] = defaultdict(list)
    for meeting in plan.meetings:
        by_group[meeting.group].append(meeting)
    for pin in index.problem.meeting_pins:
        if not any(_keeps(meeting, pin) for meeting in by_group[pin.group]):
            who = (pin.group, *(name for name in (pin.venue, pin.instructor) if name is not None))
            yield Violation("pin", who, " ".join(pin.periods))


def _keeps(meeting: Meeting, pin: MeetingPin) -> bool:
    return (
        meeting.periods == pin.periods
        and pin.venue in (None, meeting.venue)
        and pin.instructor in (None, meeting.instructor)
    )


def _appointments(index: Index, plan: Plan) -> Iterator[Violation]:
    """The appointment lies in the pinned period and week."""
    held = {(a.resident, a.period, week) for a in plan.appointments for week in (None, a.week)}
    for pin in index.problem.appointment_pins:
        if (pin.resident, pin.period, pin.week) not in held:
            yield Violation("pin", (pin.resident,), APPOINTMENT + pin.period)
