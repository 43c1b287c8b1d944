"""Level L7: what is interchangeable goes by lowest id.

Two residents, or two rooms, venues or people on the staff, are interchangeable where the problem tells them apart by
their ids alone. Exchanging them throughout a plan changes no rule and no point. Among them the lower id gets what comes
first: of residents the earlier group, of rooms and staff the resident with the lowest id, of instructors and venues the
earlier meeting. So two people who sort the same lists get the same plan.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import replace
from typing import Any, Protocol, TypeVar

from foyer.scheduling.plan import Plan
from foyer.scheduling.problem import Problem

Names = dict[str, str]  # id -> the id that takes its place


class _Thing(Protocol):
    @property
    def id(self) -> str: ...


T = TypeVar("T", bound=_Thing)
R = TypeVar("R")


def by_lowest_id(problem: Problem, plan: Plan) -> Plan:
    """The same plan, as good in every other level, with interchangeable things in order of id."""
    for kind in KINDS:
        plan = _renamed(plan, *kind(problem, plan))
    return plan


def out_of_order(problem: Problem, plan: Plan) -> int:
    """How many residents, rooms, staff and venues have what another with their right to it should have."""
    count = 0
    for kind in KINDS:
        field, names = kind(problem, plan)
        count += sum(a != b for a, b in names.items())
        plan = _renamed(plan, field, names)
    return count


def _renamed(plan: Plan, field: str, names: Names) -> Plan:
    """The plan with these ids exchanged wherever a row has such a field, its rows in their order."""
    if all(a == b for a, b in names.items()):
        return plan
    changes: dict[str, Any] = {}
    for part in ("seats", "caseloads", "lodgings", "meetings", "appointments", "unmet"):
        rows = getattr(plan, part)
        if rows and hasattr(rows[0], field):
            changes[part] = tuple(replace(row, **{field: names.get(old := getattr(row, field), old)}) for row in rows)
    return replace(plan, **changes)


def _in_order(
    things: Iterable[T], named: Iterable[str], has: Mapping[str, Any], like: Callable[[T], Hashable]
) -> Names:
    """For each set of interchangeable things: the lower id for the thing that has what comes first; with nothing last.
    ``named`` are ids of which something else in the problem speaks: those stay as they are."""
    special = set(named)
    alike: dict[Hashable, list[str]] = defaultdict(list)
    for thing in things:
        if thing.id not in special:
            alike[like(thing)].append(thing.id)
    names: Names = {}
    for ids in alike.values():
        holders = sorted(ids, key=lambda i: (i not in has, has.get(i, ()), i))
        names.update(zip(holders, sorted(ids), strict=True))
    return names


def _but_id(thing: Any) -> Hashable:
    found: Hashable = replace(thing, id="")
    return found


def _residents(problem: Problem, plan: Plan) -> tuple[str, Names]:
    named = [r for apart in problem.apart for r in (apart.a, apart.b)]
    named += [r for together in problem.together for r in (together.a, together.b)]
    named += [pin.resident for pin in problem.pins]
    named += [pin.resident for pin in problem.appointment_pins]
    parts: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for seat in plan.seats:
        parts[seat.resident].append((0, seat.group))
    for case in plan.caseloads:
        parts[case.resident].append((1, case.counsellor))
    for stay in plan.lodgings:
        parts[stay.resident].append((2, stay.room, stay.arrives, stay.bed))
    for item in plan.appointments:
        parts[item.resident].append((3, item.week, item.period, item.start))
    has = {resident: tuple(sorted(own)) for resident, own in parts.items()}
    return "resident", _in_order(problem.residents, named, has, _but_id)


def _rooms(problem: Problem, plan: Plan) -> tuple[str, Names]:
    named = [pin.target for pin in problem.pins if pin.kind == "room"]
    named += [r.previous_room for r in problem.residents if r.previous_room]
    has = _first((x.room, (x.resident, x.arrives)) for x in plan.lodgings)
    return "room", _in_order(problem.rooms, named, has, _but_id)


def _counsellors(problem: Problem, plan: Plan) -> tuple[str, Names]:
    named = [pin.target for pin in problem.pins if pin.kind == "counsellor"]
    named += [r.previous_counsellor for r in problem.residents if r.previous_counsellor]
    has = _first((x.counsellor, (x.resident,)) for x in plan.caseloads)
    return "counsellor", _in_order(problem.counsellors, named, has, _but_id)


def _instructors(problem: Problem, plan: Plan) -> tuple[str, Names]:
    named = [pin.instructor for pin in problem.meeting_pins if pin.instructor]
    teaches = _members((g.id, i) for g in problem.groups for i in g.instructors)
    has = _first((m.instructor, _when(problem, m.periods, m.group)) for m in plan.meetings if m.instructor)
    return "instructor", _in_order(problem.instructors, named, has, lambda i: (_but_id(i), teaches[i.id]))


def _venues(problem: Problem, plan: Plan) -> tuple[str, Names]:
    named = [pin.venue for pin in problem.meeting_pins if pin.venue]
    serves = _members((g.id, v) for g in problem.groups for v in g.venues)
    has = _first((m.venue, _when(problem, m.periods, m.group)) for m in plan.meetings if m.venue)
    return "venue", _in_order(problem.venues, named, has, lambda v: (_but_id(v), serves[v.id]))


def _first(rows: Iterable[tuple[str, R]]) -> dict[str, R]:
    """The first that each has."""
    first: dict[str, Any] = {}
    for name, what in rows:
        first[name] = min(first.get(name, what), what)
    return first


def _members(rows: Iterable[tuple[str, str]]) -> dict[str, frozenset[tuple[str, int]]]:
    """For each member, the groups that name it."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for group, member in rows:
        found[member][group] += 1
    return defaultdict(frozenset, {member: frozenset(groups.items()) for member, groups in found.items()})


def _when(problem: Problem, periods: tuple[str, ...], group: str) -> tuple[int, str]:
    order = {period.id: i for i, period in enumerate(problem.periods)}
    return order[periods[0]], group


KINDS: tuple[Callable[[Problem, Plan], tuple[str, Names]], ...] = (
    _residents,
    _rooms,
    _counsellors,
    _instructors,
    _venues,
)
