"""Counsellors: caseloads and hours (H3, H10)."""

from __future__ import annotations

from collections.abc import Iterator

from foyer.scheduling.index import Index
from foyer.scheduling.plan import Shortage


def shortages(index: Index) -> Iterator[Shortage]:
    residents, counsellors = index.problem.residents, index.problem.counsellors
    needed = sum(r.case_weight for r in residents)
    free = sum(c.capacity for c in counsellors)
    if needed > free:
        yield Shortage("counsellor_capacity", (("needed", needed), ("free", free)))
    if not index.problem.periods:
        return
    slots = sum(index.slots_a_rotation(c) for c in counsellors)
    if len(residents) > slots:
        weeks = index.problem.appointments.every_weeks
        yield Shortage("appointment_slots", (("weeks", weeks), ("needed", len(residents)), ("free", slots)))
    for resident in residents:
        if counsellors and not any(index.may_counsel(c, resident) for c in counsellors):
            yield Shortage("counsellor_hours", (("resident", resident.id),), (resident.id,))
    for a, b in index.apart["counsellor"]:
        if len(counsellors) == 1:
            yield Shortage("counsellor_apart", (("counsellor", counsellors[0].id),), (a, b))
