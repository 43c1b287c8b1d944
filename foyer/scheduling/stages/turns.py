"""Times and seats by turns: a week for the seats, then the seats that suit that week best, and so on.

Which of several sections or groups of one subject somebody joins costs nothing in seats, but decides gaps. A week for
given seats is hard to find, seats for a given week are a transportation problem; each turn is no worse than the last.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from foyer.scheduling.plan import Caseload, Meeting, Seat
from foyer.scheduling.run import Run
from foyer.scheduling.stages.alignment import suit_week
from foyer.scheduling.stages.times import TIME_SHARE, Timetable, set_times

TURN_SHARE = 0.05  # of the whole run's limit, for the times of one turn
TURNS = 6
LEAST_SECONDS = 1.0  # for another turn
Improved = Callable[[tuple[Seat, ...], tuple[Meeting, ...]], None]


def set_times_by_turns(
    run: Run, seats: Sequence[Seat], caseloads: Sequence[Caseload], hint: Sequence[Meeting], improved: Improved
) -> tuple[tuple[Seat, ...], Timetable]:
    """The seats and the week that were best together. ``hint`` is a week to begin with; ``improved`` hears
    of each better one. The bound holds for the seats
    returned. Where no week was found, the seats as they were."""
    seats = tuple(seats)
    if not seats:  # nobody's seat could be changed for a better week
        return seats, set_times(run, seats, caseloads, hint)
    week = set_times(run, seats, caseloads, hint, share=TURN_SHARE)
    if not week.levels:
        return seats, week if week.is_impossible else set_times(run, seats, caseloads, hint)
    improved(seats, week.meetings)
    for _ in range(TURNS):
        if not _points(week) or run.budget() < LEAST_SECONDS:
            break
        others = suit_week(run, seats, week.meetings)
        better = set_times(run, others, caseloads, week.meetings, share=TURN_SHARE)
        if not better.levels or _points(better) > _points(week):
            break
        stands = _points(better) == _points(week)
        seats, week = others, better
        improved(seats, week.meetings)
        if stands:
            break
    if run.budget() > LEAST_SECONDS and any(level.status != "optimal" for level in week.levels):
        last = set_times(run, seats, caseloads, week.meetings, share=TIME_SHARE / 2)
        week = last if last.levels and _points(last) <= _points(week) else week
    return seats, week


def _points(week: Timetable) -> float:
    return sum(level.value for level in week.levels)
