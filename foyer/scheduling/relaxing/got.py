"""What residents get in the plan by which a way out was tried: told before somebody chooses a way."""

from __future__ import annotations

from collections.abc import Iterable

from foyer.scheduling.index import Index
from foyer.scheduling.plan import Plan
from foyer.scheduling.problem import Problem
from foyer.scheduling.relaxing.forms import Got, Relaxation

LEAVING_OPEN = ("need_unmet", "not_admitted")  # what somebody goes without


def got_in(problem: Problem, relaxations: Iterable[Relaxation], plan: Plan) -> Got:
    """Of ``plan``, which was made for ``problem``: the house with these relaxations."""
    index, ranks, unlisted = Index(problem), [0, 0, 0, 0], []
    for seat in plan.seats:
        group, resident = index.groups[seat.group], index.residents[seat.resident]
        if group.kind != "vocational" or not index.choices.has_wishes(resident, "vocational"):
            continue
        rank = index.choices.rank(resident, group.subject, "vocational")
        if rank is None:
            unlisted.append(resident.id)
        else:
            ranks[min(rank, 3)] += 1
    without = {who for r in relaxations if r.code in LEAVING_OPEN for who in r.residents}
    return Got((ranks[0], ranks[1], ranks[2], ranks[3]), tuple(sorted(unlisted)), tuple(sorted(without)))
