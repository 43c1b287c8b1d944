"""The house from a night on: what a repaired plan is made for, judged by and scored on.

What has been is kept as it was; nobody can change it. So a repair looks at the rest of the cycle as a problem of its
own: who has left by then is not in it, everybody else's stay begins at that night at the earliest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from foyer.scheduling.index import Index
from foyer.scheduling.plan import Lodging, Plan, Seat
from foyer.scheduling.problem import Problem, Resident


def remaining(problem: Problem, night: int, past_seats: Iterable[Seat] = (), seats: Iterable[Seat] = ()) -> Problem:
    """The problem from ``night`` on. Nights keep their numbers. A group's minimum is met once by all who sat in it in
    this cycle (H2), so each past seat lowers what is left of it by one. ``seats`` are those that go on: a group that
    all have left has had what a person pinned for it."""
    if night <= 0:
        return problem
    people = tuple(_rest(r, night) for r in problem.residents if r.leaves > night)
    here = {r.id for r in people}
    gone = Counter(seat.group for seat in past_seats)
    left = gone.keys() - {seat.group for seat in seats if seat.resident in here}
    return replace(
        problem,
        residents=people,
        groups=tuple(replace(g, minimum=max(0, g.minimum - gone[g.id])) for g in problem.groups),
        apart=tuple(pair for pair in problem.apart if {pair.a, pair.b} <= here),
        together=tuple(pair for pair in problem.together if {pair.a, pair.b} <= here),
        pins=tuple(pin for pin in problem.pins if pin.resident in here),
        group_pins=tuple(pin for pin in problem.group_pins if not pin.opens or pin.group not in left),
        meeting_pins=tuple(pin for pin in problem.meeting_pins if pin.group not in left),
        appointment_pins=tuple(pin for pin in problem.appointment_pins if pin.resident in here),
    )


def _rest(resident: Resident, night: int) -> Resident:
    arrives = max(resident.arrives, night)
    return replace(resident, arrives=arrives, transfers=tuple(t for t in resident.transfers if t > arrives))


class RestIndex(Index):
    """The index of the rest of a cycle. The weeks of the rotation are those of the whole stay: whoever has had his last
    appointment keeps it."""

    def __init__(self, rest: Problem, whole: Problem) -> None:
        super().__init__(rest)
        self._stays = {r.id: r for r in whole.residents}

    def like(self, problem: Problem) -> RestIndex:
        found = RestIndex(problem, problem)
        found._stays = self._stays
        return found

    def weeks_of(self, resident: Resident) -> tuple[int, ...]:
        return super().weeks_of(self._stays[resident.id])

    def weeks_left(self, resident: Resident) -> tuple[int, ...]:
        """The weeks of the rotation that still come in the stay."""
        return super().weeks_of(resident)


def rest_index(problem: Problem, night: int, past_seats: Iterable[Seat] = (), seats: Iterable[Seat] = ()) -> RestIndex:
    """The house from ``night`` on (``remaining``)."""
    return RestIndex(remaining(problem, night, past_seats, seats), problem)


def lodgings_from(lodgings: Iterable[Lodging], night: int) -> tuple[Lodging, ...]:
    """The lodgings' nights from ``night`` on."""
    return tuple(replace(x, arrives=max(x.arrives, night)) for x in lodgings if x.leaves > night)


def as_of(index: Index, plan: Plan) -> tuple[Index, Plan]:
    """Problem and plan from the night on from which the plan holds, as if the cycle began then."""
    if plan.from_night <= 0:
        return index, plan
    rest = rest_index(index.problem, plan.from_night, plan.past_seats, plan.seats)
    lodgings = lodgings_from(plan.lodgings, plan.from_night)
    return rest, replace(plan, lodgings=lodgings, from_night=0, past_seats=())
