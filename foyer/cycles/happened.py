"""What has happened since a plan was published: its problem beside the house as it is now, in sentences.

The facts are compared, not a diary of who entered what: so a room closed on the page of rooms is told here like one
closed from the page of repairs, and what was taken back is told no more.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask_babel import gettext as _

from foyer.cycles.house import HouseFacts
from foyer.cycles.models import Plan
from foyer.cycles.opened import opened
from foyer.cycles.planning import problem_of
from foyer.cycles.words.names import HouseNames, listed, names_of, whole
from foyer.formatting import short_date
from foyer.scheduling.problem import KeepApart, Problem, Resident, Room, TeachingGroup


@dataclass(frozen=True, slots=True)
class Happening:
    """One fact that the published plan does not know, and the first day on which it matters."""

    text: str
    on: date


def happened(plan: Plan, facts: HouseFacts, today: date) -> tuple[Happening, ...]:
    """What the published plan does not know from today on, by date. What holds only from a later day on (somebody is
    away, a class closes) is found by looking at the house on that day. No query but for the plan's own text."""
    first = max(today, plan.from_on or facts.cycle.starts_on, facts.cycle.starts_on)
    names = names_of(facts)
    before = opened(plan).problem
    found: dict[str, Happening] = {}
    for day in _days(facts, first):
        for thing in facts_between(before, problem_of(replace(facts, on=day)), names, facts.cycle.night_number(day)):
            found.setdefault(thing.text, replace(thing, on=max(day, thing.on)))
    return tuple(sorted(found.values(), key=lambda thing: (thing.on, thing.text)))


def facts_between(before: Problem, now: Problem, names: HouseNames, night: int) -> list[Happening]:
    """What of the house differs between two problems from a night on; weights and pins aside."""
    return [Happening(text, on) for text, on in _told(before, now, names, night)]


def _days(facts: HouseFacts, first: date) -> list[date]:
    """The first day and every later one on which an interruption begins or ends."""
    edges = {edge for row in facts.interruptions for edge in (row.from_on, row.until_on) if edge is not None}
    return sorted({first, *(day for day in edges if first < day < facts.cycle.ends_on)})


Told = Iterator[tuple[str, date]]


def _told(before: Problem, now: Problem, names: HouseNames, night: int) -> Told:
    if before == now:
        return
    yield from _residents(before, now, names, night)
    yield from _rooms(before, now, names, night)
    yield from _groups(before, now, names, night)
    yield from _staff(before, now, names, night)
    yield from _venues(before, now, names, night)
    yield from _pairs(before, now, names, night)
    yield from _rest(before, now, names, night)


def _by_id(rows: Sequence[Any]) -> dict[str, Any]:
    return {row.id: row for row in rows}


def _residents(before: Problem, now: Problem, names: HouseNames, night: int) -> Told:
    old, new = _by_id(before.residents), _by_id(now.residents)
    for id_ in sorted(old.keys() | new.keys(), key=int):
        was, is_ = old.get(id_), new.get(id_)
        if all(r is None or r.leaves <= night for r in (was, is_)):
            continue
        who = names.resident(id_)
        if is_ is None:
            yield _("%(who)s is not in this cycle any more.", who=whole(who)), names.day(night)
        elif was is None:
            day = names.day(is_.arrives)
            yield _("%(who)s arrives on %(day)s.", who=who, day=short_date(day)), day
        else:
            yield from _resident(was, is_, who, names, night)


def _resident(was: Resident, is_: Resident, who: str, names: HouseNames, night: int) -> Told:
    if was.leaves != is_.leaves:
        then, planned = names.day(is_.leaves), names.day(was.leaves)
        text = _("%(who)s leaves on %(day)s, not on %(planned)s.", who=who, day=_d(then), planned=_d(planned))
        yield text, min(then, planned)
    if was.arrives != is_.arrives and max(was.arrives, is_.arrives) > night:
        then, planned = names.day(is_.arrives), names.day(was.arrives)
        text = _("%(who)s arrives on %(day)s, not on %(planned)s.", who=who, day=_d(then), planned=_d(planned))
        yield text, min(then, planned)
    yield from _hours(was, is_, who, names, night)
    same = {
        "arrives": 0,
        "leaves": 1,
        "unavailable": (),
        "choices": (),
        "luck": 0,
        "previous_counsellor": None,
        "previous_room": None,
    }
    if replace(was, **same) != replace(is_, **same):  # type: ignore[arg-type]
        yield _("What the plan must know about %(who)s has changed.", who=who), names.day(night)


def _d(day: date) -> str:
    return short_date(day)


def _hours(was: Any, is_: Any, who: str, names: HouseNames, night: int) -> Told:
    """Hours of the week in which somebody or something is not to be had any more, or is again."""
    lost = [p for p in is_.unavailable if p not in was.unavailable]
    back = [p for p in was.unavailable if p not in is_.unavailable]
    if lost and len(is_.unavailable) == len(names.periods):
        yield _("%(who)s is not there any more, all week.", who=whole(who)), names.day(night)
    elif lost:
        yield _("%(who)s is not there on %(hours)s.", who=whole(who), hours=names.hours(lost)), names.day(night)
    if back and len(was.unavailable) == len(names.periods):
        yield _("%(who)s is there again.", who=whole(who)), names.day(night)
    elif back:
        yield _("%(who)s is there again on %(hours)s.", who=whole(who), hours=names.hours(back)), names.day(night)


def _rooms(before: Problem, now: Problem, names: HouseNames, night: int) -> Told:
    old, new = _by_id(before.rooms), _by_id(now.rooms)
    for id_ in sorted(old.keys() | new.keys(), key=int):
        was, is_, what = old.get(id_), new.get(id_), whole(names.room(id_))
        if was is None:
            yield _("%(what)s is new.", what=what), names.day(night)
        elif is_ is None:
            yield _("%(what)s is not there any more.", what=what), names.day(night)
        else:
            yield from _room(was, is_, what, names, night)


def _room(was: Room, is_: Room, what: str, names: HouseNames, night: int) -> Told:
    def nights(room: Room) -> set[int]:
        return {n for first, until in room.closed for n in range(max(first, night), until)}

    shut, opened_ = nights(is_) - nights(was), nights(was) - nights(is_)
    if shut:
        spans = listed(names.nights(first, until) for first, until in _spans(shut))
        yield _("%(what)s is out of service %(nights)s.", what=what, nights=spans), names.day(min(shut))
    if opened_:
        spans = listed(names.nights(first, until) for first, until in _spans(opened_))
        yield _("%(what)s is in service again %(nights)s.", what=what, nights=spans), names.day(min(opened_))
    if replace(was, closed=()) != replace(is_, closed=()):
        yield _("%(what)s was changed: beds, or who may live there.", what=what), names.day(night)


def _spans(nights: set[int]) -> Iterator[tuple[int, int]]:
    ordered = sorted(nights)
    first = previous = ordered[0]
    for n in ordered[1:]:
        if n != previous + 1:
            yield first, previous + 1
            first = n
        previous = n
    yield first, previous + 1


@dataclass(frozen=True, slots=True)
class _Elsewhere:
    """Who and which places are told of by themselves: what follows for their groups is said there."""

    staff: frozenset[str]
    venues: frozenset[str]


def _elsewhere(before: Problem, now: Problem) -> _Elsewhere:
    def other(old: Sequence[Any], new: Sequence[Any]) -> frozenset[str]:
        were = _by_id(old)
        return frozenset(row.id for row in new if row.id in were and row.unavailable != were[row.id].unavailable)

    return _Elsewhere(other(before.instructors, now.instructors), other(before.venues, now.venues))


def _instead(before: Problem, now: Problem, id_: str, kind: str, names: HouseNames) -> str:
    """Which groups somebody else teaches, or which meet elsewhere, because of one person or place."""
    old, parts = _by_id(before.groups), []
    for group in now.groups:
        were = getattr(old[group.id], kind) if group.id in old else ()
        are = getattr(group, kind)
        if were == are or id_ not in {*were, *are}:
            continue
        who = listed(names.instructor(i) if kind == "instructors" else names.venue(i) for i in are)
        parts.append(
            _("%(who)s teaches %(group)s.", who=who, group=names.group(group.id))
            if kind == "instructors"
            else _("%(group)s meets in %(where)s.", group=whole(names.group(group.id)), where=who)
        )
    return "".join(f" {part}" for part in parts)


def _groups(before: Problem, now: Problem, names: HouseNames, night: int) -> Told:
    old, new = _by_id(before.groups), _by_id(now.groups)
    day, elsewhere = names.day(night), _elsewhere(before, now)
    for id_ in sorted(old.keys() | new.keys(), key=int):
        was, is_, what = old.get(id_), new.get(id_), whole(names.group(id_))
        if was is None:
            yield _("%(what)s is offered.", what=what), day
        elif is_ is None:
            yield _("%(what)s is closed.", what=what), day
        else:
            yield from ((text, day) for text in _group(was, is_, what, names, elsewhere))


def _group(
    was: TeachingGroup, is_: TeachingGroup, what: str, names: HouseNames, elsewhere: _Elsewhere
) -> Iterator[str]:
    if was.instructors != is_.instructors and not elsewhere.staff & {*was.instructors, *is_.instructors}:
        who = listed(names.instructor(i) for i in is_.instructors)
        yield _("%(what)s is taught by %(who)s.", what=what, who=who) if who else _("%(what)s has no one.", what=what)
    if was.venues != is_.venues and not elsewhere.venues & {*was.venues, *is_.venues}:
        where = listed(names.venue(i) for i in is_.venues)
        yield _("%(what)s meets in %(where)s.", what=what, where=where or "–")
    if replace(was, instructors=(), venues=()) != replace(is_, instructors=(), venues=()):
        yield _("The size, the rules or the hours of %(what)s have changed.", what=what)


def _staff(before: Problem, now: Problem, names: HouseNames, night: int) -> Told:
    yield from _people(before.counsellors, now.counsellors, names, night)
    for text, day, id_ in _of_people(before.instructors, now.instructors, names, night):
        yield text + _instead(before, now, id_, "instructors", names), day


def _people(old: Sequence[Any], new: Sequence[Any], names: HouseNames, night: int) -> Told:
    yield from ((text, day) for text, day, _id in _of_people(old, new, names, night))


def _of_people(
    old: Sequence[Any], new: Sequence[Any], names: HouseNames, night: int
) -> Iterator[tuple[str, date, str]]:
    were, are = _by_id(old), _by_id(new)
    for id_ in sorted(were.keys() | are.keys(), key=int):
        was, is_, who = were.get(id_), are.get(id_), names.staff.get(id_) or whole(_("a member of staff"))
        if was is None:
            yield _("%(who)s works here now.", who=who), names.day(night), id_
        elif is_ is None:
            yield _("%(who)s does not work here any more.", who=who), names.day(night), id_
        else:
            yield from ((text, day, id_) for text, day in _hours(was, is_, who, names, night))
            if replace(was, unavailable=()) != replace(is_, unavailable=()):
                yield _("What the plan must know about %(who)s has changed.", who=who), names.day(night), id_


def _venues(before: Problem, now: Problem, names: HouseNames, night: int) -> Told:
    old, new = _by_id(before.venues), _by_id(now.venues)
    for id_ in sorted(old.keys() & new.keys(), key=int):
        was, is_, what = old[id_], new[id_], whole(names.venue(id_))
        if was.unavailable != is_.unavailable:
            text = _("%(what)s is closed.", what=what) if is_.unavailable else _("%(what)s is open again.", what=what)
            yield text + _instead(before, now, id_, "venues", names), names.day(night)
        if was.seats != is_.seats:
            yield _("%(what)s has another number of seats.", what=what), names.day(night)


def _pairs(before: Problem, now: Problem, names: HouseNames, night: int) -> Told:
    def apart(problem: Problem) -> dict[tuple[str, str], KeepApart]:
        here = {r.id for r in problem.residents if r.leaves > night}
        return {
            (pair.a, pair.b): pair
            for pair in problem.apart
            if {pair.a, pair.b} <= here and (pair.until is None or pair.until > night)
        }

    old, new = apart(before), apart(now)
    for a, b in sorted(old.keys() | new.keys()):
        one, other, day = names.resident(a), names.resident(b), names.day(night)
        is_ = new.get((a, b))
        if is_ is None:
            yield _("%(one)s and %(other)s need not be kept apart any more.", one=one, other=other), day
        elif old.get((a, b)) != is_:
            yield _("%(one)s and %(other)s must be kept apart.", one=one, other=other), day


def _rest(before: Problem, now: Problem, names: HouseNames, night: int) -> Told:
    day = names.day(night)
    if before.periods != now.periods:
        yield _("The hours of the house's day have changed."), day
    if before.appointments != now.appointments:
        yield _("The length of individual counselling, or how often it is, has changed."), day
