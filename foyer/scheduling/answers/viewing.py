"""A plan as it is looked at: a repaired plan from the night on from which it holds, any other as a whole."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from foyer.scheduling.checker import strangers
from foyer.scheduling.digest import problem_hash
from foyer.scheduling.index import Index
from foyer.scheduling.plan import Lodging, Plan
from foyer.scheduling.problem import Problem
from foyer.scheduling.remaining import as_of


class ForeignPlan(ValueError):
    """The plan names residents, things or nights that the problem does not have; the message says which."""


_last: Index | None = None


def index_of(problem: Problem) -> Index:
    """The problem's index; the same again for as long as the same problem is asked about. What an index looks up, it
    keeps, and whoever asks about a draft asks several times."""
    global _last
    index = _last  # looked at once: another thread may ask about another problem meanwhile
    if index is None or index.problem is not problem:
        index = _last = Index(problem)
    return index


def seen(problem: Problem, plan: Plan) -> tuple[Index, Plan]:
    """Problem and plan from the night on from which the plan holds. Raises ForeignPlan where the plan is of another
    problem."""
    index = index_of(problem)
    strange = strangers(index, plan)
    if strange:
        names = dict.fromkeys(", ".join(v.who) for v in strange)
        raise ForeignPlan("a plan of another problem: it names " + ", ".join(names))
    return as_of(index, plan)


def restored(problem: Problem, plan: Plan, after: Plan, hashed: str = "") -> Plan:
    """What became of the plan that was looked at, with the nights before as they were."""
    after = replace(after, problem_hash=hashed or problem_hash(problem))
    if plan.from_night <= 0:
        return after
    return replace(
        after,
        from_night=plan.from_night,
        past_seats=plan.past_seats,
        lodgings=tuple(_joined(plan.lodgings, after.lodgings, plan.from_night)),
    )


def _joined(before: Iterable[Lodging], after: Iterable[Lodging], night: int) -> list[Lodging]:
    """The past of each stay before what follows; one lodging where the bed stays the same."""
    past = {(x.resident, x.room, x.bed): replace(x, leaves=min(x.leaves, night)) for x in before if x.arrives < night}
    found = []
    for x in after:
        own = past.get((x.resident, x.room, x.bed))
        if own is not None and own.leaves == x.arrives:
            del past[x.resident, x.room, x.bed]
            x = replace(x, arrives=own.arrives)
        found.append(x)
    return [*past.values(), *found]
