"""A repaired plan against the published one, counted from both plans alone: the past untouched, the changes as listed.

``check`` judges a plan by the rules; ``check_repair`` judges whether it is a repair of that plan. It shares nothing
with the engine that made the list: it compares sets of facts, not rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from foyer.scheduling.plan import Lodging, Meeting, Plan, Violation
from foyer.scheduling.problem import Problem

OWN = ("class", "education", "elective")


def check_repair(problem: Problem, published: Plan, plan: Plan) -> tuple[Violation, ...]:
    """Every untruth about the difference between the two: the past rewritten, a change unlisted or invented, seats of
    the past that nobody had."""
    return tuple(
        v for part in (_past, _past_seats, _seats, _counsellors, _rooms, _times) for v in part(problem, published, plan)
    )


def _past(problem: Problem, published: Plan, plan: Plan) -> Iterator[Violation]:
    """Before the first night everybody slept where the published plan says, as far as he was here."""
    stays = {r.id: (r.arrives, min(r.leaves, plan.from_night)) for r in problem.residents}
    rooms = {m.id for m in problem.rooms}
    before, after = (_nights(p.lodgings, stays) for p in (published, plan))
    for resident, night, room, bed in sorted(before ^ after):
        if room in rooms:
            yield Violation("past_changed", (resident, room), f"{night} {bed}")


def _nights(lodgings: Iterable[Lodging], stays: dict[str, tuple[int, int]]) -> set[tuple[str, int, str, int]]:
    return {
        (x.resident, night, x.room, x.bed)
        for x in lodgings
        for night in range(
            max(x.arrives, stays.get(x.resident, (0, 0))[0]), min(x.leaves, stays.get(x.resident, (0, 0))[1])
        )
    }


def _past_seats(problem: Problem, published: Plan, plan: Plan) -> Iterator[Violation]:
    had = {*published.seats, *published.past_seats}
    for seat in plan.past_seats:
        if seat not in had:
            yield Violation("past_seat", (seat.resident, seat.group))


def _here(problem: Problem, plan: Plan) -> set[str]:
    return {r.id for r in problem.residents if r.leaves > plan.from_night}


def _unlisted(kind: str, facts: Iterable[tuple[str, str]], listed: Iterable[tuple[str, str]]) -> Iterator[Violation]:
    real, told = Counter(facts), Counter(listed)
    for who, what in sorted(((real - told) + (told - real)).elements()):
        yield Violation("changes", (who, what), kind)


def _seats(problem: Problem, published: Plan, plan: Plan) -> Iterator[Violation]:
    here = _here(problem, plan)
    old = {(s.resident, s.group) for s in published.seats if s.resident in here}
    new = {(s.resident, s.group) for s in plan.seats}
    own = [c for c in plan.changes if c.kind in OWN]
    yield from _unlisted("seat left", old - new, [(c.who, c.before) for c in own if c.before])
    yield from _unlisted("seat taken", new - old, [(c.who, c.after) for c in own if c.after])


def _counsellors(problem: Problem, published: Plan, plan: Plan) -> Iterator[Violation]:
    here = _here(problem, plan)
    old = {(c.resident, c.counsellor) for c in published.caseloads if c.resident in here}
    new = {(c.resident, c.counsellor) for c in plan.caseloads}
    own = [c for c in plan.changes if c.kind == "counsellor"]
    yield from _unlisted("counsellor left", old - new, [(c.who, c.before) for c in own if c.before])
    yield from _unlisted("counsellor taken", new - old, [(c.who, c.after) for c in own if c.after])


def _rooms(problem: Problem, published: Plan, plan: Plan) -> Iterator[Violation]:
    """Who sleeps elsewhere on some night to come on which he had a room."""
    stays = {r.id: (max(r.arrives, plan.from_night), r.leaves) for r in problem.residents if r.leaves > plan.from_night}
    old, new = ({(r, n): room for r, n, room, _ in _nights(p.lodgings, stays)} for p in (published, plan))
    moved = {r for (r, n), room in old.items() if new.get((r, n)) != room}
    listed = [c.who for c in plan.changes if c.kind == "room" and c.before is not None]
    yield from _unlisted("room", [(r, "room") for r in moved], [(r, "room") for r in listed])


def _times(problem: Problem, published: Plan, plan: Plan) -> Iterator[Violation]:
    groups = {m.group for m in published.meetings} & {m.group for m in plan.meetings}
    for kind, key in (("time", _hour), ("venue", _place), ("instructor", _teacher)):
        old, new = ({key(m) for m in p.meetings if m.group in groups} for p in (published, plan))
        if kind == "time":
            listed = [(c.who, c.before) for c in plan.changes if c.kind == kind and c.before]
            yield from _unlisted(kind, [(g, when) for g, when, _ in old - new], listed)
            continue
        same = {(g, when) for g, when, _ in old} & {(g, when) for g, when, _ in new}
        changed = [(g, when) for g, when, _ in new - old if (g, when) in same]
        listed = [(c.who, c.when) for c in plan.changes if c.kind == kind and (c.who, c.when) in same]
        yield from _unlisted(kind, changed, listed)


def _hour(m: Meeting) -> tuple[str, str, str | None]:
    return m.group, " ".join(m.periods), ""


def _place(m: Meeting) -> tuple[str, str, str | None]:
    return m.group, " ".join(m.periods), m.venue


def _teacher(m: Meeting) -> tuple[str, str, str | None]:
    return m.group, " ".join(m.periods), m.instructor
