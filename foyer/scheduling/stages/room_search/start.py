"""A first assignment near the relaxation: which room is whose gender is decided bit by bit, the clearest first.

Once genders are settled, what is left is nearly a transportation problem: its relaxation is nearly whole.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from foyer.scheduling.linear import Limit
from foyer.scheduling.stages.room_search.case import NOWHERE, Assignment, Case, Columns, is_sound
from foyer.scheduling.stages.room_search.part import HALF, solve_settled
from foyer.scheduling.stages.room_search.relaxation import Relaxation
from foyer.scheduling.stages.room_search.rows import Shared

SHARE = 0.3  # of the undecided, each time
LEAST = 16  # undecided rooms and spans at once, at least
OPEN = 40  # so few are left to the last program
PREPARED = 2  # rounds of cuts before the first decision
FILL_SHARE = 0.3  # of the time, for the last program


def dive(case: Case, columns: Columns, wide: Columns, until: float, seed: int, stop: Callable[[], bool]) -> Assignment:
    """An assignment, found before the moment ``until`` of the monotonic clock; everybody nowhere if there was no time.
    Genders are decided over ``columns``, places then over those of ``wide`` that suit the genders."""
    began = time.monotonic()
    decided_by = until - FILL_SHARE * (until - began)
    relaxation = Relaxation(case, columns)
    undecided = list(relaxation.shared)
    rounds = 0
    while len(undecided) > OPEN and not stop():
        is_in_time = relaxation.solve(decided_by - time.monotonic(), seed)
        if relaxation.solved is None:
            return [NOWHERE] * len(case.people)
        rounds += 1
        relaxation.tighten()
        if rounds > PREPARED or not is_in_time:
            share = SHARE if is_in_time else 1.0
            _decide(relaxation, undecided, max(LEAST, round(share * len(undecided))))
    still = {(s.room, s.span) for s in undecided}
    womens = {
        (s.room, s.span): relaxation.program.low[s.womens] > HALF
        for s in relaxation.shared
        if (s.room, s.span) not in still
    }
    return _filled(case, wide, womens, until - time.monotonic(), seed)


def _decide(relaxation: Relaxation, undecided: list[Shared], count: int) -> None:
    """Settle so many of the undecided, the clearest first, as the last solution leans."""
    assert relaxation.solved is not None
    values = relaxation.solved.values
    undecided.sort(key=lambda shared: -abs(values[shared.womens] - HALF))
    for shared in undecided[:count]:
        relaxation.program.fix(shared.womens, float(values[shared.womens] >= HALF))
    del undecided[:count]


def _filled(case: Case, columns: Columns, womens: dict[tuple[int, int], bool], seconds: float, seed: int) -> Assignment:
    """Everybody's place where each room and span with a decided gender takes that gender only."""
    nobody = [NOWHERE] * len(case.people)
    limit = Limit(max(1.0, seconds), gap=case.unit - HALF, seed=seed)
    found = solve_settled(case, columns, nobody, womens, limit)
    rooms = [found.rooms.get(i, NOWHERE) for i in range(len(case.people))]
    return rooms if is_sound(case, rooms) else nobody
