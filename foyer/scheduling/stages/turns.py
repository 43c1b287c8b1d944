"""Times and seats by turns: a week for the seats, then the seats that suit that week best, and so on.

Which of several sections or groups of one subject somebody joins costs nothing in seats, but decides gaps. A week for
given seats is hard to find, seats for a given week are a transportation problem; each turn is no worse than the last.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from foyer.scheduling.checker import conflicts, timetable
from foyer.scheduling.index import Index
from foyer.scheduling.plan import Caseload, Meeting, Outcome, Plan, Seat
from foyer.scheduling.run import Run
from foyer.scheduling.stages.alignment import suit_week
from foyer.scheduling.stages.times import TIME_SHARE, Timetable, set_times
from foyer.scheduling.stages.week_sweep import points_of_week, swept

TURN_SHARE = 0.05  # of the whole run's limit, for the times of one turn
TURNS = 6
LEAST_SECONDS = 1.0  # for another turn
SEARCHED_MOST = 250  # residents: in larger houses sweeps come before the search
SWEEP_TURNS = 40
SWEEP_SHARE = 0.6  # of the time for the week
PATIENCE = 3  # turns without gain: among equal weeks each may lead on to a better one
Begun = tuple[tuple[Seat, ...], tuple[Meeting, ...]]
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
    if _is_large(run) and _stands(run.index, seats, hint):
        seats, hint = _swept_by_turns(run, (seats, tuple(hint)), caseloads, improved)
    week = set_times(run, seats, caseloads, hint, share=TURN_SHARE)
    if not week.levels:
        return seats, week if week.is_impossible else set_times(run, seats, caseloads, hint)
    if _points(week) and not _is_large(run):
        seats, week = _swept_from_both(run, (seats, week), caseloads, hint, improved)
    improved(seats, week.meetings)
    seats, week = _searched_by_turns(run, seats, week, caseloads, improved)
    if run.budget() > LEAST_SECONDS and any(level.status != "optimal" for level in week.levels):
        last = set_times(run, seats, caseloads, week.meetings, share=TIME_SHARE / 2)
        week = last if last.levels and _points(last) <= _points(week) else week
    return seats, week


def _searched_by_turns(
    run: Run, seats: tuple[Seat, ...], week: Timetable, caseloads: Sequence[Caseload], improved: Improved
) -> tuple[tuple[Seat, ...], Timetable]:
    """Seats that suit the week, and a week for those, until that gains nothing."""
    for _ in range(TURNS):
        if not _points(week) or run.budget() < LEAST_SECONDS:
            break
        others = suit_week(run, seats, week.meetings)
        begin = week.meetings
        if _is_large(run):
            begin = swept(run.index, others, caseloads, begin, run.limits.seed, run.check_stop)
        better = set_times(run, others, caseloads, begin, share=TURN_SHARE)
        if not better.levels or _points(better) > _points(week):
            break
        stands = _points(better) == _points(week)
        seats, week = others, better
        improved(seats, week.meetings)
        if stands:
            break
    return seats, week


def _is_large(run: Run) -> bool:
    """Whether a search finds little in the time of a turn, and sweeps far more."""
    return len(run.index.residents) > SEARCHED_MOST


def _stands(index: Index, seats: Sequence[Seat], meetings: Sequence[Meeting]) -> bool:
    """Whether the week keeps every rule with these seats."""
    trial = Plan(Outcome.FEASIBLE, "", seats=tuple(seats), meetings=tuple(meetings))
    return not any(v for rule in (timetable, conflicts) for v in rule.violations(index, trial))


def _swept_from_both(
    run: Run,
    found: tuple[tuple[Seat, ...], Timetable],
    caseloads: Sequence[Caseload],
    hint: Sequence[Meeting],
    improved: Improved,
) -> tuple[tuple[Seat, ...], Timetable]:
    """The better of two ends of sweeps: from the week that was searched, and from the one to begin with."""
    seats, week = found
    begun: list[Begun] = [(seats, week.meetings)]
    others = suit_week(run, seats, hint) if hint else seats
    if _stands(run.index, others, hint):
        begun.append((others, tuple(hint)))
    ends = [_swept_by_turns(run, each, caseloads, improved) for each in begun]
    seats, meetings = min(ends, key=lambda end: points_of_week(run.index, *end))
    better = set_times(run, seats, caseloads, meetings, share=TURN_SHARE)
    return (seats, better) if better.levels and _points(better) < _points(week) else found


def _swept_by_turns(run: Run, begun: Begun, caseloads: Sequence[Caseload], improved: Improved) -> Begun:
    """Sweeps over the week and seats that suit it, by turns, until several turns in a row gain nothing."""
    seats, meetings = begun
    enough = run.budget() * (1 - SWEEP_SHARE)
    best, idle = points_of_week(run.index, seats, meetings), 0
    for turn in range(SWEEP_TURNS):
        if not best or idle == PATIENCE or run.budget() < enough:
            break
        others = suit_week(run, seats, meetings) if turn else seats
        week = swept(run.index, others, caseloads, meetings, run.limits.seed + turn, run.check_stop)
        points = points_of_week(run.index, others, week)
        idle = 0 if points < best else idle + 1
        if points <= best:
            seats, meetings, best = others, week, points
            if not idle:
                improved(seats, meetings)
    return seats, meetings


def _points(week: Timetable) -> float:
    return sum(level.value for level in week.levels)
