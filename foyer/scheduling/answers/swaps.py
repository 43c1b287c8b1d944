"""``swaps``: everybody with whom a resident could change places, each as exactly that change: which rules it breaks and
what it costs. For a place that is full. Nobody else moves; where their hours of counselling no longer fit, the two get
others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from foyer.scheduling.answers.editing import KINDS, changes_between, finished, rebooked, relodged
from foyer.scheduling.answers.forms import Swap, Wish
from foyer.scheduling.answers.viewing import restored
from foyer.scheduling.answers.what_if import UnknownWish, known
from foyer.scheduling.answers.why import Case
from foyer.scheduling.checker import checked
from foyer.scheduling.index import Index
from foyer.scheduling.plan import Plan
from foyer.scheduling.problem import Problem


def swaps(problem: Problem, plan: Plan, wish: Wish) -> tuple[Swap, ...]:
    """Of those who have the target of the wish, each as somebody to change with, cheapest first, what breaks a rule
    last. Empty where the resident has nothing of the kind to give. Raises UnknownWish for a wish about things that the
    problem does not have or that are not changed by two, ForeignPlan for a plan of another problem."""
    case = Case.of(problem, plan)
    index, now = case.index, case.plan
    known(index, wish)
    if wish.kind not in HOLDERS:
        raise UnknownWish(f"nothing that two could change: {wish.kind}")
    before = finished(index, now)
    old = set(checked(case.whole, restored(problem, plan, before)))
    held = HOLDERS[wish.kind](index, now, wish.target)
    if wish.resident not in held or _has(held[wish.resident], wish.target):
        return ()
    others = [name for name, place in held.items() if name != wish.resident and _has(place, wish.target)]
    found = []
    for other in others:
        places = {wish.resident: held[other], other: held[wish.resident]}
        after = finished(index, EXCHANGES[wish.kind](index, now, places), since=now)
        if wish.kind != "appointment":
            after = _mended(index, before, after)
        made = restored(problem, plan, after)
        broken = tuple(v for v in checked(case.whole, made) if v not in old)
        points = round(after.score - before.score, 2)
        found.append(Swap(other, broken, points, changes_between(index, now, after), made))
    return tuple(sorted(found, key=lambda s: (bool(s.broken), s.points)))


def _has(place: str, target: str) -> bool:
    """An hour without a week is had in any week."""
    return place == target or place.rpartition(":")[2] == target


def _mended(index: Index, before: Plan, after: Plan) -> Plan:
    """The two changed with their hours of counselling put right, where that leaves nobody without one."""
    mended = finished(index, rebooked(index, after, others_move=False), since=after)
    return mended if len(mended.unmet) <= len(before.unmet) else after


# Who has what of a kind


def _held_seats(index: Index, plan: Plan, target: str) -> dict[str, str]:
    """The group that each resident has for the same need."""
    group = index.groups[target]
    return {
        s.resident: s.group
        for s in plan.seats
        if index.groups[s.group].kind == group.kind
        and (KINDS[group.kind] == "class" or index.groups[s.group].subject == group.subject)
    }


def _held_rooms(index: Index, plan: Plan, target: str) -> dict[str, str]:
    """Only of those who live in one room throughout."""
    rooms: dict[str, set[str]] = {}
    for lodging in plan.lodgings:
        rooms.setdefault(lodging.resident, set()).add(lodging.room)
    return {name: min(own) for name, own in rooms.items() if len(own) == 1}


HOLDERS: dict[str, Callable[[Index, Plan, str], dict[str, str]]] = {
    "class": _held_seats,
    "education": _held_seats,
    "counsellor": lambda index, plan, target: {c.resident: c.counsellor for c in plan.caseloads},
    "room": _held_rooms,
    "appointment": lambda index, plan, target: {a.resident: f"{a.week}:{a.period}" for a in plan.appointments},
}


# The change of the two: what each has then


def _seats(index: Index, plan: Plan, places: dict[str, str]) -> Plan:
    pair = set(places.values())
    return replace(
        plan,
        seats=tuple(
            replace(s, group=places[s.resident]) if s.resident in places and s.group in pair else s for s in plan.seats
        ),
    )


def _counsellors(index: Index, plan: Plan, places: dict[str, str]) -> Plan:
    return replace(
        plan,
        caseloads=tuple(replace(c, counsellor=places.get(c.resident, c.counsellor)) for c in plan.caseloads),
        appointments=tuple(replace(a, counsellor=places.get(a.resident, a.counsellor)) for a in plan.appointments),
    )


def _rooms(index: Index, plan: Plan, places: dict[str, str]) -> Plan:
    return replace(plan, lodgings=relodged(index, plan, places))


def _hours(index: Index, plan: Plan, places: dict[str, str]) -> Plan:
    """Each takes the other's hour to the minute, with the own counsellor."""
    one, other = (next(a for a in plan.appointments if a.resident == name) for name in places)
    changed = {
        a.resident: replace(a, week=b.week, period=b.period, start=b.start, end=b.end)
        for a, b in ((one, other), (other, one))
    }
    return replace(plan, appointments=tuple(changed.get(a.resident, a) for a in plan.appointments))


EXCHANGES: dict[str, Callable[[Index, Plan, dict[str, str]], Plan]] = {
    "class": _seats,
    "education": _seats,
    "counsellor": _counsellors,
    "room": _rooms,
    "appointment": _hours,
}
