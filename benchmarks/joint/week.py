"""The week: meetings, venues, instructors, gaps in the residents' days, appointments (H8 to H12; s9 to s14)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from benchmarks.joint.base import Joint, Literal
from benchmarks.joint.wishes import add_wishes
from foyer.scheduling.problem import MeetingPin, Resident, TeachingGroup


@dataclass
class Week:
    """Who is taken when: literals by group, venue or instructor, and resident, each at a period."""

    group: dict[tuple[str, str], list[Literal]] = field(default_factory=lambda: defaultdict(list))
    staff: dict[tuple[str, str], list[Literal]] = field(default_factory=lambda: defaultdict(list))
    resident: dict[tuple[str, str], list[Literal]] = field(default_factory=lambda: defaultdict(list))


def add_week(joint: Joint) -> None:
    """Times for every open group, and an appointment for every resident."""
    week = Week()
    for group in joint.index.problem.groups:
        _meetings(joint, week, group)
    add_wishes(joint, week.group)
    for taken in (*week.group.values(), *week.staff.values()):
        joint.model.add_at_most_one(taken)
    _loads(joint)
    _residents(joint, week)
    _appointments(joint, week)
    for resident in joint.index.problem.residents:
        for day in joint.index.days.values():
            _day(joint, week, resident, day)


def _meetings(joint: Joint, week: Week, group: TeachingGroup) -> None:
    """As many starts as meetings where the group opens, not too many a day, days far enough apart, pins kept."""
    usable, per_day = set(joint.index.usable_patterns(group)), defaultdict(list)
    for number, pattern in enumerate(group.patterns):
        if pattern in usable:
            start = _start(joint, week, group, number)
            per_day[joint.index.periods[pattern.periods[0]].day].append(start)
    joint.model.add(sum(s for starts in per_day.values() for s in starts) == group.meetings * joint.opens[group.id])
    for starts in per_day.values():
        joint.model.add(sum(starts) <= group.most_per_day)
    for first in per_day if group.days_between else ():
        near = (s for day, starts in per_day.items() if 0 <= day - first < group.days_between for s in starts)
        joint.model.add_at_most_one(near)
    for pin in joint.index.problem.meeting_pins:
        if pin.group == group.id:
            _set(joint, pin)


def _start(joint: Joint, week: Week, group: TeachingGroup, number: int) -> Literal:
    """A meeting in this pattern, with one free venue and one free instructor."""
    index, pattern = joint.index, group.patterns[number]
    start = joint.start[group.id, number] = joint.boolean()
    joint.pay(pattern.penalty, start)
    for period in pattern.periods:
        week.group[group.id, period].append(start)
    for held, ids, things in (
        (joint.place, group.venues, index.venues),
        (joint.teacher, group.instructors, index.instructors),
    ):
        free = [i for i in ids if not set(pattern.periods) & set(things[i].unavailable)]
        chosen = {i: start if len(free) == 1 else joint.boolean() for i in free}
        if ids:
            joint.model.add(sum(chosen.values()) == start)
        for i, literal in chosen.items():
            held[group.id, number, i] = literal
            for period in pattern.periods:
                week.staff[i, period].append(literal)
    return start


def _set(joint: Joint, pin: MeetingPin) -> None:
    """A meeting that a person set, with its venue and instructor where named (H13)."""
    numbers = [n for n, p in enumerate(joint.index.groups[pin.group].patterns) if p.periods == pin.periods]
    joint.model.add_bool_or(joint.start[pin.group, n] for n in numbers if (pin.group, n) in joint.start)
    for held, target in ((joint.place, pin.venue), (joint.teacher, pin.instructor)):
        if target is not None:
            joint.model.add_bool_or(held[pin.group, n, target] for n in numbers if (pin.group, n, target) in held)


def _loads(joint: Joint) -> None:
    for instructor in joint.index.problem.instructors:
        if instructor.most_periods is not None:
            lengths = [
                len(joint.index.groups[g].patterns[number].periods) * literal
                for (g, number, i), literal in joint.teacher.items()
                if i == instructor.id
            ]
            joint.model.add(sum(lengths) <= instructor.most_periods)


def _residents(joint: Joint, week: Week) -> None:
    """A resident attends the meetings of his groups, one at a time and none while unavailable (H10)."""
    meets = {at: starts[0] if len(starts) == 1 else joint.any_of(starts) for at, starts in week.group.items() if starts}
    for (resident, group), seat in joint.seat.items():
        away = set(joint.index.residents[resident].unavailable)
        for period in joint.index.periods:
            now = meets.get((group, period))
            if now is not None and period in away:
                joint.model.add_implication(seat, ~now)
            elif now is not None:
                week.resident[resident, period].append(joint.both(seat, now))
    for taken in week.resident.values():
        joint.model.add_at_most_one(taken)


def _appointments(joint: Joint, week: Week) -> None:
    """One slot in the rotation with the own counsellor, who has as many as fit in the period."""
    index, evening = joint.index, joint.index.problem.weights.evening_appointment
    held: dict[tuple[str, int, str], list[Literal]] = defaultdict(list)
    for resident in index.counselled:
        ways: dict[str, list[Literal]] = defaultdict(list)
        for counsellor in (index.counsellors[k] for r, k in joint.case if r == resident.id):
            own = []
            blocked = {*resident.unavailable, *counsellor.unavailable}
            for number, period in ((w, p) for w in index.weeks_of(resident) for p in index.periods):
                if period in blocked or not index.slots(period):
                    continue
                slot = joint.slot[resident.id, counsellor.id, number, period] = joint.boolean()
                own.append(slot)
                ways[period].append(slot)
                held[counsellor.id, number, period].append(slot)
                joint.pay(evening * index.is_evening(period), slot)
            joint.model.add(sum(own) <= joint.case[resident.id, counsellor.id])
        for period, slots in ways.items():
            joint.model.add_at_most_one([*slots, *week.resident[resident.id, period]])
        every = [slot for slots in ways.values() for slot in slots]
        for pin in index.problem.appointment_pins:
            if pin.resident == resident.id:
                joint.model.add_bool_or(
                    slot
                    for (r, _, number, period), slot in joint.slot.items()
                    if (r, period) == (resident.id, pin.period) and pin.week in (None, number)
                )
        joint.need(resident.id, "appointment", "", every, index.problem.weights.unplaced_appointment)
    for (_, _, period), slots in held.items():
        joint.model.add(sum(slots) <= len(index.slots(period)))


def _day(joint: Joint, week: Week, resident: Resident, day: tuple[str, ...]) -> None:
    """Gaps between what a resident has on one day, and a single period alone (s13). Appointments do not count, nor do
    days of somebody without any group."""
    weights, away = joint.index.problem.weights, set(resident.unavailable)
    meets = {p: sum(week.resident[resident.id, p]) for p in day if week.resident[resident.id, p]}
    seats = [seat for (r, _), seat in joint.seat.items() if r == resident.id]
    if not seats or not (meets or away & set(day)):
        return
    taken = [1 if p in away else meets.get(p, 0) for p in day]
    before, after = ([joint.boolean() for _ in day] for _ in range(2))
    idle = ~joint.any_of(seats)
    for i, now in enumerate(taken):
        joint.model.add(before[i] >= now)
        joint.model.add(after[i] >= now)
        if i:
            joint.model.add(before[i] >= before[i - 1])
            joint.model.add(after[i - 1] >= after[i])
        gap = joint.boolean()
        joint.model.add(gap >= before[i] + after[i] - 1 - now - idle)
        joint.pay(weights.gap, gap)
    if meets and not away & set(day):
        several, alone = joint.boolean(), joint.boolean()
        joint.model.add(sum(meets.values()) >= 2).only_enforce_if(several)
        joint.model.add(sum(meets.values()) <= 0).only_enforce_if(~several, ~alone)
        joint.pay(weights.single_period, alone)
