"""``verdict``: a change made by hand, exactly as it is: which rules it breaks, what it costs, and the best way to mend
it. Nothing else is moved, but the resident's appointment goes along to a new counsellor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from foyer.scheduling.answers.editing import KINDS, finished, relodged
from foyer.scheduling.answers.forms import Verdict, Wish
from foyer.scheduling.answers.levels import wishes_between
from foyer.scheduling.answers.viewing import restored
from foyer.scheduling.answers.what_if import UnknownWish, known, what_if
from foyer.scheduling.answers.why import Case
from foyer.scheduling.checker import checked
from foyer.scheduling.index import Index
from foyer.scheduling.plan import Appointment, Caseload, Meeting, Plan, Seat
from foyer.scheduling.problem import Problem


def verdict(problem: Problem, plan: Plan, change: Wish, *, repair: bool = True) -> Verdict:
    """What the change does to the plan. ``repair``: where it breaks a rule, also look for the cheapest plan that keeps
    it. Raises UnknownWish for a change to things that the problem does not have, ForeignPlan for a plan of
    another problem."""
    case = Case.of(problem, plan)
    index, now = case.index, case.plan
    known(index, change)
    before, after = finished(index, now), edited(index, now, change)
    old, new = (checked(case.whole, restored(problem, plan, each)) for each in (before, after))
    broken = tuple(v for v in new if v not in old)
    better = what_if(problem, plan, change) if broken and repair else None
    return Verdict(
        change,
        broken,
        tuple(v for v in old if v not in new),
        round(after.score - before.score, 2),
        wishes_between(before, after),
        better,
    )


def edited(index: Index, plan: Plan, change: Wish) -> Plan:
    """The plan with this change and nothing else, counted anew."""
    return finished(index, EDITS[change.kind](index, plan, change), since=plan)


def _seat(index: Index, plan: Plan, change: Wish) -> Plan:
    """The new group instead of the one for the same need."""
    group = index.groups[change.target]

    def gives_way(seat: Seat) -> bool:
        own = index.groups[seat.group]
        same = KINDS[own.kind] == change.kind and (change.kind == "class" or own.subject == group.subject)
        return seat.resident == change.resident and same

    kept = tuple(s for s in plan.seats if not gives_way(s))
    return replace(plan, seats=(*kept, Seat(change.resident, change.target)))


def _elective(index: Index, plan: Plan, change: Wish) -> Plan:
    """The group besides, or instead of the one worth least where every wanted place is taken."""
    person = index.residents[change.resident]
    own = [s for s in plan.seats if s.resident == person.id and index.groups[s.group].kind == "elective"]
    own.sort(key=lambda s: (index.choices.seat_points(person, index.groups[s.group].subject, "elective"), s.group))
    gives_way = own[-1:] if len(own) >= person.electives else []
    kept = tuple(s for s in plan.seats if s not in gives_way)
    return replace(plan, seats=(*kept, Seat(change.resident, change.target)))


def _counsellor(index: Index, plan: Plan, change: Wish) -> Plan:
    kept = tuple(c for c in plan.caseloads if c.resident != change.resident)
    return replace(
        plan,
        caseloads=(*kept, Caseload(change.resident, change.target)),
        appointments=tuple(
            replace(a, counsellor=change.target) if a.resident == change.resident else a for a in plan.appointments
        ),
    )


def _room(index: Index, plan: Plan, change: Wish) -> Plan:
    return replace(plan, lodgings=relodged(index, plan, {change.resident: change.target}))


def _appointment(index: Index, plan: Plan, change: Wish) -> Plan:
    """In the first week and slot that is free of others, or else the first of all."""
    week, _, period = change.target.rpartition(":")
    own = next((c.counsellor for c in plan.caseloads if c.resident == change.resident), None)
    weeks = [int(week)] if week else index.weeks_of(index.residents[change.resident])
    others = tuple(a for a in plan.appointments if a.resident != change.resident)
    slots = [(w, *slot) for w in weeks for slot in index.slots(period)]
    if own is None or not slots:
        return replace(plan, appointments=others)
    used = {(a.week, a.start) for a in others if (a.counsellor, a.period) == (own, period)}
    w, start, end = next((s for s in slots if s[:2] not in used), slots[0])
    return replace(plan, appointments=(*others, Appointment(change.resident, own, w, period, start, end)))


def _meeting(index: Index, plan: Plan, change: Wish) -> Plan:
    """The meeting that is named moves there, else the group's of the same day, or else its first."""
    group, _, listed = change.target.partition(":")
    periods = tuple(listed.split(","))
    own = [m for m in plan.meetings if m.group == group]
    if not own:
        return plan
    if change.instead:
        moved = next((m for m in own if ",".join(m.periods) == change.instead), None)
        if moved is None:
            raise UnknownWish(f"no such meeting: {group}:{change.instead}")
    else:
        moved = next((m for m in own if _day(index, m.periods) == _day(index, periods)), own[0])
    return replace(plan, meetings=tuple(_at(m, periods) if m is moved else m for m in plan.meetings))


def _at(meeting: Meeting, periods: tuple[str, ...]) -> Meeting:
    return replace(meeting, periods=periods)


def _day(index: Index, periods: Sequence[str]) -> int:
    return index.periods[periods[0]].day


EDITS = {
    "class": _seat,
    "education": _seat,
    "elective": _elective,
    "counsellor": _counsellor,
    "room": _room,
    "appointment": _appointment,
    "meeting": _meeting,
}
