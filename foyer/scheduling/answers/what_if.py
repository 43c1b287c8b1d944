"""``what_if``: the cost of giving one resident something, and who would move.

First with the published times: exchange chains find the cheapest seats, caseloads or rooms, and only hours that no
longer fit are booked anew. Where the published times do not allow it, as few meetings as possible move. The answer
brings the whole plan as it would be, checked against every rule, and what is proven of its price.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace

from foyer.scheduling.answers import asked
from foyer.scheduling.answers.asked import Found
from foyer.scheduling.answers.barriers import obstacle
from foyer.scheduling.answers.editing import KINDS, changes_between, finished
from foyer.scheduling.answers.forms import LevelPrice, Price, Proof, WhatIf, Wish
from foyer.scheduling.answers.levels import Levels, wishes_between
from foyer.scheduling.answers.resolving import OutOfTime
from foyer.scheduling.answers.viewing import restored
from foyer.scheduling.answers.why import Case
from foyer.scheduling.checker import checked
from foyer.scheduling.index import Index
from foyer.scheduling.plan import Plan
from foyer.scheduling.problem import Problem

QUESTIONS: Mapping[str, Callable[[Case, Wish], Found]] = {
    "class": asked.seat,
    "education": asked.seat,
    "elective": asked.seat,
    "counsellor": asked.counsellor,
    "room": asked.room,
    "appointment": asked.appointment,
    "meeting": asked.meeting,
}
TIMES = (("times", "times"), ("appointments", "wishes"))  # levels that no price of a stage speaks of


class UnknownWish(ValueError):
    """The wish names something that the problem does not have; the message says what."""


def what_if(problem: Problem, plan: Plan, wish: Wish) -> WhatIf:
    """What it would cost to fulfil the wish, and who would move. Raises UnknownWish for a wish about things that the
    problem does not have, ForeignPlan for a plan of another problem."""
    started = time.monotonic()
    case = Case.of(problem, plan)
    known(case.index, wish)
    try:
        found = WhatIf(wish, "given") if is_given(case, wish) else _answer(case, wish, QUESTIONS[wish.kind](case, wish))
    except OutOfTime:
        found = WhatIf(wish, "not_found")
    return replace(found, seconds=round(time.monotonic() - started, 3))


def known(index: Index, wish: Wish) -> None:
    """Raise UnknownWish unless the problem has what the wish names."""
    if wish.resident not in index.residents:
        raise UnknownWish(f"no such resident: {wish.resident}")
    if wish.kind not in QUESTIONS:
        raise UnknownWish(f"no such kind: {wish.kind}")
    group, _, periods = wish.target.partition(":")
    week, _, period = wish.target.rpartition(":")
    in_rotation = not week or (week.isdecimal() and int(week) < index.problem.appointments.every_weeks)
    things: Mapping[str, bool] = {
        "class": wish.target in index.groups,
        "education": wish.target in index.groups,
        "elective": wish.target in index.groups,
        "counsellor": wish.target in index.counsellors,
        "room": wish.target in index.rooms,
        "appointment": period in index.periods and in_rotation,
        "meeting": group in index.groups and all(p in index.periods for p in periods.split(",")),
    }
    right = things[wish.kind] and (
        wish.kind not in ("class", "education", "elective") or KINDS[index.groups[wish.target].kind] == wish.kind
    )
    if not right:
        raise UnknownWish(f"no such {wish.kind}: {wish.target}")


def is_given(case: Case, wish: Wish) -> bool:
    """Whether the plan has it already."""
    booked = case.appointment.get(wish.resident)
    if wish.kind == "appointment":
        return booked is not None and wish.target in (booked.period, f"{booked.week}:{booked.period}")
    if wish.kind == "meeting":
        group, _, periods = wish.target.partition(":")
        meets = any((m.group, ",".join(m.periods)) == (group, periods) for m in case.plan.meetings)
        return meets and group in case.groups[wish.resident]
    held: set[str] = {  # of its kind: a room and a counsellor may have the same id
        "counsellor": {case.counsellor.get(wish.resident, "")},
        "room": {x.room for x in case.plan.lodgings if x.resident == wish.resident},
    }.get(wish.kind, set(case.groups[wish.resident]))
    return wish.target in held


def _answer(case: Case, wish: Wish, found: Found) -> WhatIf:
    """The answer for what was found: counted, checked, compared."""
    floor = found.floor.levels if found.floor is not None and found.floor.proof in ("exact", "at_least") else ()
    if found.plan is None:
        return WhatIf(wish, "impossible", obstacles=found.obstacles, floor=floor)
    after = finished(case.index, found.plan, since=case.plan)
    whole = restored(case.problem, case.published, after)
    broken = newly_broken(case, whole)
    if broken:
        rules = tuple(obstacle("would_break", rule=rule) for rule in broken)
        return WhatIf(wish, "impossible", obstacles=(*found.obstacles, *rules), floor=floor)
    levels = Levels(case.index, lambda: case.elective_program).between(case.plan, after)
    return WhatIf(
        wish,
        "possible",
        levels,
        wishes_between(case.plan, after),
        round(after.score - case.plan.score, 2),
        changes_between(case.index, case.plan, after),
        found.obstacles,
        _proof(levels, found),
        floor,
        whole,
    )


def newly_broken(case: Case, after: Plan) -> tuple[str, ...]:
    """The rules that the plan breaks and that held before."""
    broken = checked(case.whole, after)
    before = set(case.violations) if broken else set()
    return tuple(dict.fromkeys(v.rule for v in broken if v not in before))


def _proof(levels: tuple[LevelPrice, ...], found: Found) -> Proof:
    """Exact where the answer reaches the stage's proven price, and nothing but times changes besides."""
    price: Price | None = found.floor
    counted = {(x.stage, x.level): (x.before, x.after) for x in levels if (x.stage, x.level) not in TIMES}
    if price is not None and price.proof == "exact":
        proven = {(x.stage, x.level): (x.before, x.after) for x in price.levels}
        if counted == proven:
            return "exact"
    return found.proof
