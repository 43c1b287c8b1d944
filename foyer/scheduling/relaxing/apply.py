"""The problem with a rule made weaker: what a relaxation means, in the problem's own form."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import count
from typing import Any

from foyer.scheduling.problem import GroupPin, Problem, Resident, Room, TeachingGroup
from foyer.scheduling.relaxing.forms import Relaxation

EXTRA_HOUSE = "extra"
SECOND = "+"  # between a group's id and which one of its kind it is


def relaxed(problem: Problem, relaxations: Iterable[Relaxation]) -> Problem:
    """The problem after all the relaxations. Everything else stays as it is."""
    for each in relaxations:
        problem = _APPLY[each.code](problem, dict(each.values), each.residents)
    return problem


Values = dict[str, str | int]
Residents = tuple[str, ...]


def _changed(problem: Problem, part: str, name: object, change: Callable[[Any], Any]) -> Problem:
    things = tuple(change(t) if t.id == name else t for t in getattr(problem, part))
    return replace(problem, **{part: things})  # type: ignore[arg-type]


# Rooms


def _beds(problem: Problem, values: Values, residents: Residents) -> Problem:
    """So many beds more for one gender over some nights, in a room that suits everybody."""
    start, end = int(values["from"]), int(values["to"])
    closed = tuple((a, b) for a, b in ((0, start), (end, problem.nights)) if a < b)
    features = tuple(dict.fromkeys(f for m in problem.rooms for f in m.features))
    number = sum(m.house == EXTRA_HOUSE for m in problem.rooms) + 1
    rooms = tuple(
        Room(f"extra {number + i}", EXTRA_HOUSE, 1, values["gender"], features, closed=closed)  # type: ignore[arg-type]
        for i in range(int(values["amount"]))
    )
    return replace(problem, rooms=(*problem.rooms, *rooms))


def _room_reopened(problem: Problem, values: Values, residents: Residents) -> Problem:
    return _changed(problem, "rooms", values["room"], lambda m: replace(m, closed=()))


def _room_either_gender(problem: Problem, values: Values, residents: Residents) -> Problem:
    return _changed(problem, "rooms", values["room"], lambda m: replace(m, policy="same"))


def _room_stage(problem: Problem, values: Values, residents: Residents) -> Problem:
    return _changed(problem, "rooms", values["room"], lambda m: replace(m, minimum_stage=values["stage"]))


def _not_admitted(problem: Problem, values: Values, residents: Residents) -> Problem:
    gone = set(residents)
    return replace(
        problem,
        residents=tuple(r for r in problem.residents if r.id not in gone),
        apart=tuple(p for p in problem.apart if not gone & {p.a, p.b}),
        together=tuple(p for p in problem.together if not gone & {p.a, p.b}),
        pins=tuple(p for p in problem.pins if p.resident not in gone),
        appointment_pins=tuple(p for p in problem.appointment_pins if p.resident not in gone),
    )


# Groups


def _group_larger(problem: Problem, values: Values, residents: Residents) -> Problem:
    """Some more places, and chairs for them where its venues have too few."""
    amount, group = int(values["amount"]), next(g for g in problem.groups if g.id == values["group"])
    seats = [v.seats for v in problem.venues if v.id in group.venues]
    known = [s for s in seats if s is not None]
    now = group.maximum if len(known) < len(seats) or not known else min(group.maximum, max(known) - group.headcount)
    size = now + amount
    problem = _changed(problem, "groups", group.id, lambda g: replace(g, maximum=max(g.maximum, size)))
    if len(known) < len(seats) or not known or max(known) >= size + group.headcount:
        return problem
    largest = next(v.id for v in problem.venues if v.id in group.venues and v.seats == max(known))
    return _changed(problem, "venues", largest, lambda v: replace(v, seats=size + group.headcount))


def _group_smaller(problem: Problem, values: Values, residents: Residents) -> Problem:
    return _changed(problem, "groups", values["group"], lambda g: replace(g, minimum=values["minimum"]))


def _group_not_opened(problem: Problem, values: Values, residents: Residents) -> Problem:
    problem = _changed(problem, "groups", values["group"], lambda g: replace(g, mandatory=False))
    pins = tuple(p for p in problem.group_pins if p != GroupPin(str(values["group"]), True))
    return replace(problem, group_pins=pins)


def _group_opened(problem: Problem, values: Values, residents: Residents) -> Problem:
    """One more group like this one: the same rules, places and teachers, wherever the first is named."""
    known = {g.id for g in problem.groups}
    first = next(g for g in problem.groups if g.id == values["group"])
    new = next(id_ for n in count(2) if (id_ := f"{first.id}{SECOND}{n}") not in known)

    def too(names: tuple[str, ...]) -> tuple[str, ...]:
        return (*names, new) if first.id in names else names

    groups = (*problem.groups, replace(first, id=new, mandatory=False))
    return replace(
        problem,
        groups=tuple(replace(g, excludes=too(g.excludes)) for g in groups),
        conflicts=tuple(replace(c, groups=too(c.groups)) for c in problem.conflicts),
        residents=tuple(replace(r, barred=too(r.barred)) for r in problem.residents),
    )


def _group_admits(problem: Problem, values: Values, residents: Residents) -> Problem:
    """The group takes whoever is like these residents in level, age and gender, whatever it requires besides."""
    people = [r for r in problem.residents if r.id in residents]
    problem = _changed(problem, "groups", values["group"], lambda g: _admitting(g, people))
    return replace(problem, residents=tuple(_unbarred(r, str(values["group"]), residents) for r in problem.residents))


def _admitting(group: TeachingGroup, people: list[Resident]) -> TeachingGroup:
    oldest = max(r.age for r in people)
    return replace(
        group,
        levels=tuple(dict.fromkeys((*group.levels, *(r.level for r in people)))) if group.levels else (),
        genders=tuple(dict.fromkeys((*group.genders, *(r.gender for r in people)))) if group.genders else (),
        minimum_age=min(group.minimum_age, *(r.age for r in people)),
        maximum_age=None if group.maximum_age is None else max(group.maximum_age, oldest),
        requires=tuple(q for q in group.requires if all(q in r.qualifications for r in people)),
    )


def _unbarred(resident: Resident, group: str, residents: Residents) -> Resident:
    if resident.id not in residents:
        return resident
    return replace(resident, barred=tuple(g for g in resident.barred if g != group))


def _need_unmet(problem: Problem, values: Values, residents: Residents) -> Problem:
    def without(resident: Resident) -> Resident:
        if resident.id not in residents:
            return resident
        if values["need"] == "class":
            return replace(resident, needs_vocational=False)
        if values["need"] == "elective":
            return replace(resident, electives=max(0, resident.electives - int(values["amount"])))
        return replace(resident, education=tuple(s for s in resident.education if s != values["subject"]))

    return replace(problem, residents=tuple(without(r) for r in problem.residents))


# Staff and the week


def _capacity(problem: Problem, values: Values, residents: Residents) -> Problem:
    amount = int(values["amount"])
    return _changed(problem, "counsellors", values["counsellor"], lambda c: replace(c, capacity=c.capacity + amount))


def _counsellor_waived(problem: Problem, values: Values, residents: Residents) -> Problem:
    def free(resident: Resident) -> Resident:
        return replace(resident, counsellor_gender=None, counsellor_skills=())

    return replace(problem, residents=tuple(free(r) if r.id in residents else r for r in problem.residents))


def _rarer_appointments(problem: Problem, values: Values, residents: Residents) -> Problem:
    return replace(problem, appointments=replace(problem.appointments, every_weeks=int(values["weeks"])))


def _hours(problem: Problem, values: Values, residents: Residents) -> Problem:
    """Somebody, or something, is available in these periods after all."""
    periods = set(str(values["periods"]).split())

    def available(thing: Any) -> Any:
        return replace(thing, unavailable=tuple(p for p in thing.unavailable if p not in periods))

    part = {"resident": "residents", "group": "groups", "venue": "venues"}.get(
        str(values["kind"]), f"{values['kind']}s"
    )
    name = values.get("who") or (residents[0] if residents else "")
    return _changed(problem, part, name, available)


def _load(problem: Problem, values: Values, residents: Residents) -> Problem:
    return _changed(problem, "instructors", values["instructor"], lambda i: replace(i, most_periods=values["periods"]))


def _meetings_fewer(problem: Problem, values: Values, residents: Residents) -> Problem:
    return _changed(problem, "groups", values["group"], lambda g: replace(g, meetings=values["meetings"]))


def _day_more(problem: Problem, values: Values, residents: Residents) -> Problem:
    return _changed(problem, "groups", values["group"], lambda g: replace(g, most_per_day=values["meetings"]))


def _stand_in(problem: Problem, values: Values, residents: Residents) -> Problem:
    """Somebody else teaches what this instructor teaches."""

    def taught(group: TeachingGroup) -> TeachingGroup:
        names = (values["who"] if name == values["instructor"] else name for name in group.instructors)
        return replace(group, instructors=tuple(dict.fromkeys(map(str, names))))

    return replace(problem, groups=tuple(map(taught, problem.groups)))


# Pins and pairs


def _pin_released(problem: Problem, values: Values, residents: Residents) -> Problem:
    kind, target = values["kind"], values["target"]
    if kind in ("closed", "opened"):
        left = tuple(p for p in problem.group_pins if p != GroupPin(str(target), kind == "opened"))
        return replace(problem, group_pins=left)
    if kind == "meeting":
        periods = tuple(str(values["periods"]).split())
        kept = tuple(p for p in problem.meeting_pins if (p.group, p.periods) != (target, periods))
        return replace(problem, meeting_pins=kept)
    if kind == "appointment":
        return replace(
            problem, appointment_pins=tuple(p for p in problem.appointment_pins if p.resident not in residents)
        )
    pins = tuple(p for p in problem.pins if not (p.kind == kind and p.target == target and p.resident in residents))
    return replace(problem, pins=pins)


def _pair_lifted(problem: Problem, values: Values, residents: Residents) -> Problem:
    """The pair's hard rule is lifted in one scope, whichever way it is."""
    pair, scope = set(residents), values["scope"]

    def without(rules: tuple[Any, ...]) -> tuple[Any, ...]:
        found = []
        for rule in rules:
            if {rule.a, rule.b} == pair and rule.points is None:
                rule = replace(rule, scopes=tuple(s for s in rule.scopes if s != scope))
            if rule.scopes:
                found.append(rule)
        return tuple(found)

    return replace(problem, apart=without(problem.apart), together=without(problem.together))


_APPLY: dict[str, Callable[[Problem, Values, Residents], Problem]] = {
    "beds": _beds,
    "room_reopened": _room_reopened,
    "room_either_gender": _room_either_gender,
    "room_stage": _room_stage,
    "not_admitted": _not_admitted,
    "group_larger": _group_larger,
    "group_smaller": _group_smaller,
    "group_not_opened": _group_not_opened,
    "group_opened": _group_opened,
    "group_admits": _group_admits,
    "need_unmet": _need_unmet,
    "capacity": _capacity,
    "counsellor_waived": _counsellor_waived,
    "rarer_appointments": _rarer_appointments,
    "hours": _hours,
    "load": _load,
    "meetings_fewer": _meetings_fewer,
    "day_more": _day_more,
    "stand_in": _stand_in,
    "pin_released": _pin_released,
    "pair_lifted": _pair_lifted,
}
