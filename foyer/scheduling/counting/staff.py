"""Counsellors: caseloads and hours (H3, H10)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from foyer.scheduling.counting.flow import hall_sets
from foyer.scheduling.index import Index
from foyer.scheduling.plan import Shortage
from foyer.scheduling.problem import Resident

Suited = tuple[str, ...]  # counsellors whom a resident may have


def shortages(index: Index) -> Iterator[Shortage]:
    residents, counsellors = index.counselled, index.problem.counsellors
    yield from _capacity(index)
    if not index.problem.periods:
        return
    slots = sum(index.slots_a_rotation(c) for c in counsellors)
    if len(residents) > slots:
        weeks = index.problem.appointments.every_weeks
        yield Shortage("appointment_slots", (("weeks", weeks), ("needed", len(residents)), ("free", slots)))
    for resident in residents:
        suited = [c for c in counsellors if index.suits(c, resident)]
        if suited and not any(index.may_counsel(c, resident) for c in suited):
            yield Shortage("counsellor_hours", (("resident", resident.id),), (resident.id,))
    for a, b in index.apart["counsellor"]:
        if len(counsellors) == 1:
            yield Shortage("counsellor_apart", (("counsellor", counsellors[0].id),), (a, b))


def _capacity(index: Index) -> Iterator[Shortage]:
    """More case weights than capacity: in the whole house, or among the counsellors that some residents must choose
    from. Case weights may be split here, so what is missing is truly missing."""
    alike: dict[Suited, list[Resident]] = defaultdict(list)
    for resident in index.counselled:
        alike[tuple(c.id for c in index.problem.counsellors if index.suits(c, resident))].append(resident)
    for resident in alike.pop((), []) if index.problem.counsellors else ():
        yield Shortage("counsellor_unsuited", (("resident", resident.id),), (resident.id,))
    sets = hall_sets(
        {suited: sum(r.case_weight for r in people) for suited, people in alike.items()},
        {c.id: c.capacity for c in index.problem.counsellors},
        {suited: suited for suited in alike},
    )
    for hall in sets:
        figures: tuple[tuple[str, str | int], ...] = (("needed", hall.needed), ("free", hall.free))
        if len(hall.servers) == len(index.counsellors):
            yield Shortage("counsellor_capacity", figures)
        else:
            names: tuple[tuple[str, str | int], ...] = (("counsellors", ", ".join(sorted(hall.servers))),)
            concerned = sorted(r.id for suited in hall.demands for r in alike[suited])
            yield Shortage("counsellor_suited", (*names, *figures), tuple(concerned))
