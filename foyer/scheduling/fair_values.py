"""Level L3 counted from a plan alone: ranks, losses, luck and the largest caseload (docs/engine.md, section 5).

The stages minimise the same; ``check`` counts them again with these functions.
"""

from __future__ import annotations

from collections import Counter, defaultdict

from foyer.scheduling.choices import CHOSEN
from foyer.scheduling.index import Index
from foyer.scheduling.plan import Plan
from foyer.scheduling.problem import TeachingGroup

Got = dict[str, list[TeachingGroup]]  # resident -> groups


def fair_value(index: Index, plan: Plan, name: str) -> float:
    """One level, in people or load, by a stage's name for it: ``unlisted``, ``choice_3`` (places at that rank),
    ``lost_26`` (residents who lose so many points or more), ``luck``, ``largest_caseload``. Raises ValueError for any
    other name."""
    got: Got = defaultdict(list)
    for seat in plan.seats:
        got[seat.resident].append(index.groups[seat.group])
    word, _, number = name.partition("_")
    if name == "largest_caseload":
        return _largest_caseload(index, plan)
    if name == "luck":
        return sum(r.luck * index.choices.loss(r, got[r.id]) for r in index.problem.residents if r.luck)
    if name == "unlisted":
        return _at_rank(index, got, len(index.problem.weights.choice))
    if word == "choice" and number.isdigit():
        return _at_rank(index, got, int(number) - 1)
    if word == "lost" and number.isdigit():
        return _losing(index, got, max(1, int(number)))
    raise ValueError(name)


def _largest_caseload(index: Index, plan: Plan) -> int:
    loads: Counter[str] = Counter()
    for case in plan.caseloads:
        loads[case.counsellor] += index.residents[case.resident].case_weight
    return max(loads.values(), default=0)


def _at_rank(index: Index, got: Got, rank: int) -> int:
    """Places at this rank, 0 for the first choice; whatever is further down counts as unlisted."""
    worst = len(index.problem.weights.choice)
    count = 0
    for resident in index.problem.residents:
        for group in got[resident.id]:
            if group.kind in CHOSEN and index.choices.has_wishes(resident, group.kind):
                own = index.choices.rank(resident, group.subject, group.kind)
                count += (worst if own is None else min(own, worst)) == rank
    return count


def _losing(index: Index, got: Got, points: int) -> int:
    """How many of those who are to get places lose so many points or more."""
    choices = index.choices
    people = [r for r in index.problem.residents if any(choices.places(r, kind) for kind in CHOSEN)]
    return sum(choices.loss(r, got[r.id]) + choices.behind[r.id] >= points for r in people)
