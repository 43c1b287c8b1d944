"""Why each change of a repair had to be (output d): the rule that forbids what was published, told by the checker.

First what is simply gone; then the rules that the published plan itself breaks in the house as it is now; then, with
the one change undone in the repaired plan, the rule that this breaks there: the change follows from another. Reasons
name rules, rooms, groups and staff, never another resident.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from types import ModuleType

from foyer.scheduling.checker import appointments, conflicts, counsel, lodging, pins, placement, timetable
from foyer.scheduling.checker.naming import named
from foyer.scheduling.index import Index
from foyer.scheduling.plan import Caseload, Change, Meeting, Plan, Seat, Violation
from foyer.scheduling.repairing.kept import PART_OF, Kept

RULES_OF: dict[str, tuple[ModuleType, ...]] = {
    "class": (placement, pins, timetable, appointments),
    "education": (placement, pins, timetable, appointments),
    "elective": (placement, pins, timetable, appointments),
    "counsellor": (counsel, pins, appointments),
    "room": (lodging, pins),
    "bed": (lodging,),
    "appointment": (appointments, pins),
    "time": (timetable, conflicts, pins, appointments),
    "venue": (timetable, pins),
    "instructor": (timetable, pins),
}


def with_reasons(kept: Kept, plan: Plan, changes: Iterable[Change]) -> tuple[Change, ...]:
    """The changes, each with its reason. ``plan`` is the repaired one, cut to the repair's night (``as_of``)."""
    repaired = _Repaired(kept.index, plan)
    return tuple(_explained(kept, repaired, change) for change in changes)


class _Repaired:
    """The repaired plan, and the rules that it breaks by itself: what stays open, mostly."""

    def __init__(self, index: Index, plan: Plan) -> None:
        self.index, self.plan = index, plan
        self._broken: dict[ModuleType, set[Violation]] = {}

    def breaks(self, rule: ModuleType) -> set[Violation]:
        if rule not in self._broken:
            self._broken[rule] = set(rule.violations(self.index, self.plan))
        return self._broken[rule]


def _explained(kept: Kept, plan: _Repaired, change: Change) -> Change:
    for reason, values in _reasons(kept, plan, change):
        return replace(change, reason=reason, values=values)
    return replace(change, reason="chosen")  # a more important level asked for it


TOLD = ("group", "room", "counsellor", "instructor", "venue", "house")
Reason = tuple[str, tuple[tuple[str, str | int], ...]]


def _reasons(kept: Kept, plan: _Repaired, change: Change) -> Iterator[Reason]:
    if change.before is None:
        is_group = change.kind in ("time", "venue", "instructor")
        yield "needed" if is_group else "was_unmet" if change.who in kept.known else "arrived", ()
    yield from _gone(kept.index, change)
    if change.after is None and not _is_needed(kept.index, change):
        yield "not_needed", ()
    for violation in _direct(kept, change):
        yield violation.rule, _values(violation)
    for violation in _undone(kept, plan, change):
        yield "follows", (("rule", violation.rule), *_values(violation))


def _gone(index: Index, change: Change) -> Iterator[Reason]:
    homes = {
        "class": (index.groups, "group_gone"),
        "education": (index.groups, "group_gone"),
        "elective": (index.groups, "group_gone"),
        "counsellor": (index.counsellors, "counsellor_gone"),
        "room": (index.rooms, "room_gone"),
        "venue": (index.venues, "venue_gone"),
        "instructor": (index.instructors, "instructor_gone"),
    }
    if change.kind in homes:
        known, reason = homes[change.kind]
        if change.before not in known:  # type: ignore[operator]
            yield reason, ((change.kind, change.before or ""),)
    elif change.kind in ("time", "appointment") and not _periods(change) <= set(index.periods):
        yield "period_gone", ()


def _periods(change: Change) -> set[str]:
    """Those of a meeting, or of an appointment (``week period start``), as it was."""
    parts = (change.before or "").split()
    return set(parts[1:2] if change.kind == "appointment" else parts)


def _is_needed(index: Index, change: Change) -> bool:
    if change.kind in ("time", "venue", "instructor"):
        return True
    resident = index.residents[change.who]
    if change.kind not in ("class", "education", "elective"):
        return resident.needs_room if change.kind in ("room", "bed") else resident.needs_counsellor
    group = index.groups[change.before or ""]
    if group.kind == "elective":
        return resident.electives > 0
    return group.subject in resident.education if group.kind == "education" else resident.needs_vocational


def _direct(kept: Kept, change: Change) -> Iterator[Violation]:
    """The rules that what was published breaks now, by itself."""
    parts = [PART_OF[rule] for rule in RULES_OF[change.kind] if rule in PART_OF]
    for part in dict.fromkeys(parts):
        yield from (v for v in kept.broken[part] if _concerns(kept, change, v))


def _concerns(kept: Kept, change: Change, violation: Violation) -> bool:
    if violation.rule.endswith("_missing"):
        return False
    said = set(named(violation))
    if change.kind in ("time", "venue", "instructor"):
        periods = set((change.when or change.before or "").split())
        members = {("resident", s.resident) for s in kept.plan.seats if s.group == change.who}
        at = not violation.when or bool(periods & set(violation.when.split()))
        return at and bool({("group", change.who), *members} & said)
    own = ("resident", change.who)
    if change.kind in ("room", "bed", "appointment"):
        return own in said
    place = ("counsellor" if change.kind == "counsellor" else "group", change.before or "")
    members = {("resident", s.resident) for s in kept.plan.seats if s.group == change.before}
    clash = said == {own} and bool(violation.when) and own in members
    return clash or said == {place} or {own, place} <= said


def _undone(kept: Kept, plan: _Repaired, change: Change) -> Iterator[Violation]:
    """The rules that the repaired plan breaks with this one change undone."""
    trial = _revert(kept, plan.plan, change)
    for rule in RULES_OF[change.kind]:
        for violation in rule.violations(kept.index, trial):
            if violation not in plan.breaks(rule) and not violation.rule.endswith(("_missing", "unmet_untrue")):
                yield violation


def _revert(kept: Kept, plan: Plan, change: Change) -> Plan:
    who, before, after = change.who, change.before or "", change.after
    if change.kind in ("class", "education", "elective"):
        seats = tuple(s for s in plan.seats if s != Seat(who, after or ""))
        return replace(plan, seats=(*seats, Seat(who, before)))
    if change.kind == "counsellor":
        cases = tuple(c for c in plan.caseloads if c.resident != who)
        booked = tuple(a for a in plan.appointments if a.resident != who)
        return replace(plan, caseloads=(*cases, Caseload(who, before)), appointments=booked)
    if change.kind in ("room", "bed"):
        others = tuple(x for x in plan.lodgings if x.resident != who)
        return replace(plan, lodgings=(*others, *(x for x in kept.plan.lodgings if x.resident == who)))
    if change.kind == "appointment":
        booked = tuple(a for a in plan.appointments if a.resident != who)
        return replace(plan, appointments=(*booked, *(a for a in kept.plan.appointments if a.resident == who)))
    return replace(plan, meetings=tuple(_reverted(kept, change, plan.meetings)))


def _reverted(kept: Kept, change: Change, meetings: Iterable[Meeting]) -> Iterator[Meeting]:
    old = {m.periods: m for m in kept.plan.meetings if m.group == change.who}
    periods = tuple((change.when or change.before or "").split())
    for meeting in meetings:
        moved = tuple((change.after or "").split()) if change.kind == "time" else periods
        if meeting.group == change.who and meeting.periods == moved:
            if change.kind == "time":
                yield old.get(periods, meeting)
            elif change.kind == "venue":
                yield replace(meeting, venue=change.before)
            else:
                yield replace(meeting, instructor=change.before)
        else:
            yield meeting


def _values(violation: Violation) -> tuple[tuple[str, str | int], ...]:
    """What the rule speaks of: everything but residents."""
    things = tuple((kind, name) for kind, name in named(violation) if kind in TOLD)
    return (*things, *((("when", violation.when),) if violation.when else ()))
