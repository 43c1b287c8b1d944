"""Counsellors of the first plan: each at most the mean where that is possible."""

from __future__ import annotations

from collections.abc import Callable

from foyer.scheduling.index import Index
from foyer.scheduling.plan import Caseload
from foyer.scheduling.problem import Counsellor, Resident
from foyer.scheduling.quick.dealing import Dealing
from foyer.scheduling.quick.seats import enemies_of
from foyer.scheduling.score import leaves_counsellor


def deal_cases(index: Index, tick: Callable[[], None]) -> tuple[Caseload, ...]:
    """A counsellor for as many residents as possible. ``tick`` may raise to stop."""
    most = {c.id: _most(index, c) for c in index.problem.counsellors}
    dealing = Dealing({k: min(m, index.mean_load) for k, m in most.items()}, enemies_of(index.apart["counsellor"]))
    pins = index.pinned("counsellor")
    left = []
    for resident in sorted(index.counselled, key=lambda r: (r.id not in pins, -r.case_weight)):
        tick()
        own = pins.get(resident.id)
        options = {
            c.id: _cost(index, resident, c)
            for c in index.problem.counsellors
            if (not own or c.id in own) and index.may_counsel(c, resident)
        }
        if not dealing.add(resident.id, options, resident.case_weight):
            left.append(resident.id)
    dealing.capacity.update(most)
    for name in left:
        dealing.again(name)
    return tuple(Caseload(r, k) for r, k in dealing.place.items())


def _most(index: Index, counsellor: Counsellor) -> int:
    """The capacity, and no more than there are hours for."""
    return min(counsellor.capacity, index.slots_a_rotation(counsellor)) if index.periods else counsellor.capacity


def _cost(index: Index, resident: Resident, counsellor: Counsellor) -> float:
    weights = index.problem.weights
    other_gender = resident.same_gender_counsellor and counsellor.gender != resident.gender
    return (
        weights.other_counsellor * leaves_counsellor(index, resident.id, counsellor.id)
        + weights.other_gender_counsellor * other_gender
        + weights.skill_missing * index.missing_skills(resident, counsellor)
    )
