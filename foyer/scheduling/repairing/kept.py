"""What of a published plan still means something in the house as it is now, and which parts of it still hold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from types import ModuleType

from foyer.scheduling.checker import (
    RULES,
    appointments,
    conflicts,
    counsel,
    lodging,
    pins,
    placement,
    timetable,
    totals,
)
from foyer.scheduling.pipeline import Draft
from foyer.scheduling.plan import Caseload, Lodging, Meeting, Outcome, Plan, Seat, Unmet, Violation
from foyer.scheduling.remaining import RestIndex, lodgings_from

PART_OF = {
    placement: "seats",
    counsel: "counsellors",
    lodging: "rooms",
    timetable: "times",
    conflicts: "times",
    appointments: "appointments",
}
PARTS = tuple(dict.fromkeys(PART_OF.values()))
PART_OF_PIN = {"counsellor": "counsellors", "room": "rooms"} | dict.fromkeys(
    ("class", "education", "elective", "closed", "opened"), "seats"
)


@dataclass(frozen=True, slots=True)
class Kept:
    """The published plan reduced to what exists: people, groups, rooms and staff of ``index``, which is the house from
    the repair's night on. ``broken`` are the rules that this reduced plan breaks there, by part."""

    index: RestIndex
    published: Plan
    plan: Plan  # its unmet needs are those open now
    known: frozenset[str]  # residents that the published plan speaks of
    broken: dict[str, tuple[Violation, ...]]

    def was_unmet(self, need: Unmet) -> bool:
        """Whether the published plan left this need open already."""
        return need in self.published.unmet

    def holds(self, part: str) -> bool:
        """Whether the part breaks no rule as it is."""
        return not self.broken[part]


def keep(index: RestIndex, published: Plan) -> Kept:
    """``index``: the house from the repair's night on."""
    draft = Draft(
        index,
        seats=tuple(_seats(index, published)),
        caseloads=tuple(_caseloads(index, published)),
        lodgings=tuple(_lodgings(index, published)),
        meetings=tuple(_meetings(index, published)),
    )
    counsellor = {c.resident: c.counsellor for c in draft.caseloads}
    draft.appointments = tuple(
        a for a in published.appointments if counsellor.get(a.resident) == a.counsellor and a.period in index.periods
    )
    plan = Plan(
        Outcome.FEASIBLE,
        "",
        seats=draft.seats,
        caseloads=draft.caseloads,
        lodgings=draft.lodgings,
        meetings=draft.meetings,
        appointments=draft.appointments,
        unmet=draft.unmet(),
    )
    rows = (published.seats, published.caseloads, published.lodgings, published.appointments, published.unmet)
    known = frozenset(row.resident for part in rows for row in part)
    return Kept(index, published, plan, known, _broken(index, plan))


def _seats(index: RestIndex, plan: Plan) -> Iterable[Seat]:
    for seat in plan.seats:
        resident, group = index.residents.get(seat.resident), index.groups.get(seat.group)
        if resident and group and _is_needed(index, seat):
            yield seat


def _is_needed(index: RestIndex, seat: Seat) -> bool:
    resident, group = index.residents[seat.resident], index.groups[seat.group]
    if group.kind == "vocational":
        return resident.needs_vocational
    return group.subject in resident.education if group.kind == "education" else resident.electives > 0


def _caseloads(index: RestIndex, plan: Plan) -> Iterable[Caseload]:
    here = {r.id for r in index.counselled}
    return (c for c in plan.caseloads if c.resident in here and c.counsellor in index.counsellors)


def _lodgings(index: RestIndex, plan: Plan) -> Iterable[Lodging]:
    """The nights still to come. Where a stay grew at either end, its first and last lodging grow with it."""
    own: dict[str, list[Lodging]] = {}
    for row in plan.lodgings:
        if row.resident in index.residents and index.residents[row.resident].needs_room:
            own.setdefault(row.resident, []).append(row)
    for name, lodgings in own.items():
        resident = index.residents[name]
        lodgings.sort(key=lambda x: x.arrives)
        lodgings[0] = replace(lodgings[0], arrives=min(lodgings[0].arrives, resident.arrives))
        lodgings[-1] = replace(lodgings[-1], leaves=max(lodgings[-1].leaves, resident.leaves))
        for row in lodgings_from(lodgings, resident.arrives):
            if row.arrives < resident.leaves and row.room in index.rooms:
                yield replace(row, leaves=min(row.leaves, resident.leaves))


def _meetings(index: RestIndex, plan: Plan) -> Iterable[Meeting]:
    """Meetings of groups that still exist; without a venue or instructor who does not."""
    for m in plan.meetings:
        if m.group in index.groups and set(m.periods) <= set(index.periods):
            venue = m.venue if m.venue in index.venues else None
            yield replace(m, venue=venue, instructor=m.instructor if m.instructor in index.instructors else None)


def _broken(index: RestIndex, plan: Plan) -> dict[str, tuple[Violation, ...]]:
    """The checker's verdict part by part. A rule that belongs to no part makes every part doubtful."""
    broken: dict[str, list[Violation]] = {part: [] for part in PARTS}
    for rule in RULES:
        if rule is totals:
            continue
        for violation in rule.violations(index, plan):
            for part in _parts_of(index, rule, violation):
                broken[part].append(violation)
    return {part: tuple(found) for part, found in broken.items()}


def _parts_of(index: RestIndex, rule: ModuleType, violation: Violation) -> tuple[str, ...]:
    if rule is pins:
        other = "times" if violation.who[0] in index.groups else "appointments"
        return (PART_OF_PIN.get(violation.when, other),)
    return (PART_OF[rule],) if rule in PART_OF else PARTS
