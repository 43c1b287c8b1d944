"""The rooms stage by search: when it is used, and its answer as the stage's levels."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from foyer.scheduling.index import Index
from foyer.scheduling.linear import Limit, minimise_once
from foyer.scheduling.plan import Level, Lodging, Unmet
from foyer.scheduling.run import Incumbent, Run, leave_behind
from foyer.scheduling.stages.beds import number_beds
from foyer.scheduling.stages.room_search.case import NOWHERE, Case

if TYPE_CHECKING:
    from foyer.scheduling.stages.room_search.search import Outcome

STAGE = "rooms"
SHARE = 0.5  # of the remaining time, where other stages need time too
RESERVE, LEAST_RESERVE = 0.05, 0.5  # of the remaining time, and seconds, for ending

Answer = tuple[tuple[Lodging, ...], tuple[Unmet, ...], tuple[Level, ...]]


def is_for_search(index: Index) -> bool:
    """Whether the search takes the stage: it has no rows for pairs together, for wishes about pairs, or for houses, and
    moves nobody during a stay."""
    has_pairs = bool(index.pairs.in_rooms or index.apart["house"])
    has_wishes = any(r.room_wishes or r.dated_room_wishes for r in index.lodgers)
    is_mixed = any(room.policy == "any" for room in index.problem.rooms)
    may_move = any(r.transfers for r in index.lodgers)
    return not has_pairs and not may_move and (has_wishes or is_mixed)


def search_rooms(run: Run, first: Sequence[Lodging] = ()) -> Answer:
    """Solve the stage: lodgings, who has no room, and the levels. A run that is stopped gets the best found so far.
    ``first`` are lodgings to begin with."""
    from foyer.scheduling.stages.room_search.search import Effort, RoomSearch  # loads numpy

    run.check_stop()
    case = Case(run.index)
    if not case.people:
        return (), (), (Level("unplaced", 0, 0, "optimal", "counting"), Level("wishes", 0, 0, "optimal", "counting"))
    incumbent = Incumbent()
    search = RoomSearch(case, Effort(time.monotonic() + _seconds(run), run.limits.workers, run.limits.seed), incumbent)
    if first:
        search.begin_with(_numbered(case, first))
    found = run.wait_for(search.run, stage=STAGE, incumbent=incumbent, interrupt=search.stop)
    leave_behind(search.unfinished)
    rooms = {r.id: case.rooms[j].id for r, j in zip(case.people, found.rooms, strict=True) if j != NOWHERE}
    unmet = tuple(Unmet(r.id, "room") for r in case.people if r.id not in rooms)
    return number_beds(run.index, rooms), unmet, _levels(run, case, found)


def _seconds(run: Run) -> float:
    problem, left = run.index.problem, run.remaining()
    if problem.groups or problem.counsellors:
        return SHARE * left
    return left - max(LEAST_RESERVE, RESERVE * left)


def _numbered(case: Case, lodgings: Sequence[Lodging]) -> list[int]:
    rooms = {room.id: j for j, room in enumerate(case.rooms)}
    given = {x.resident: rooms[x.room] for x in lodgings if x.room in rooms}
    return [given.get(r.id, NOWHERE) for r in case.people]


def _levels(run: Run, case: Case, found: Outcome) -> tuple[Level, ...]:
    """The search's one sum as two levels. Its bound speaks of plans with so many unplaced nights as this one."""
    lost, points = found.worth.unplaced, found.worth.points
    if case.heavy >= case.decisive and found.bound == case.heavy * lost + points:
        least = lost  # the one sum is proven, and keeps the order of the levels
    else:
        least = _least_unplaced(run, case) if lost else 0
    bound = max(0, min(points, found.bound - case.heavy * lost))
    return (
        Level("unplaced", lost, min(lost, least), "optimal" if lost == least else "feasible", "HiGHS"),
        Level("wishes", points, bound, "optimal" if points == bound else "feasible", "HiGHS, search"),
    )


def _least_unplaced(run: Run, case: Case) -> int:
    """A bound for the points of unplaced nights, all other wishes aside."""
    from foyer.scheduling.stages.room_search.relaxation import Relaxation

    relaxation = Relaxation(case, [list(own) for own in case.options])
    for own in relaxation.places:
        for x in own.values():
            relaxation.program.cost[x] = 0.0
    for i, out in enumerate(relaxation.nowhere):
        if out is not None:
            relaxation.program.cost[out] = float(case.unplaced[i])
    seconds = max(0.5, min(10.0, run.limits.seconds / 10))
    solved = minimise_once(relaxation.program, Limit(seconds, seed=run.limits.seed), relaxed=True)
    return round(max(0.0, -(-(solved.bound - 1e-4) // 1))) if solved.is_optimal else 0
