"""New times where the published ones cannot be kept: as few meetings as possible move, then the points of times."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from foyer.scheduling.answers.resolving import OutOfTime
from foyer.scheduling.cpsat import search
from foyer.scheduling.index import Index
from foyer.scheduling.plan import Caseload, Limits, Meeting, Seat, keep_quiet, never_stop
from foyer.scheduling.run import Run, Stopped
from foyer.scheduling.stages.times import minimise_points, week_of
from foyer.scheduling.stages.week import Week, read

LIMITS = Limits(seconds=10.0, workers=1)
SECONDS = 4.0  # deterministic: the search repeats


def retimed(
    index: Index, published: Sequence[Meeting], seats: Sequence[Seat], caseloads: Sequence[Caseload]
) -> tuple[tuple[Meeting, ...], bool] | None:
    """Meetings for these seats with the fewest moved, and whether fewer are proven impossible. None: shown to be
    impossible. Raises OutOfTime where neither was found: the limit is wall time, and the machine may be busy."""
    run = Run(index, LIMITS, keep_quiet, never_stop, stages=1)
    try:
        found, is_known = _only_the_new(run, published, seats, caseloads), True
        # an hour kept free for each counsellor, if there can be: without it there is more freedom, so what is
        # impossible then is impossible altogether
        for cases in (caseloads, ()):
            if found is None:
                found, is_known = _fewest_moved(run, published, seats, cases)
    except Stopped as stopped:
        raise OutOfTime from stopped
    if found is None and not is_known:
        raise OutOfTime
    return found


def _only_the_new(
    run: Run, published: Sequence[Meeting], seats: Sequence[Seat], caseloads: Sequence[Caseload]
) -> tuple[tuple[Meeting, ...], bool] | None:
    """All published meetings where they are, times only for groups that have none: fewer cannot move. None: that cannot
    be, or there are no such groups."""
    met, sizes = {m.group for m in published}, Counter(seat.group for seat in seats)
    new = [g.id for g in run.index.problem.groups if run.index.meets(g, sizes[g.id]) and g.meetings and g.id not in met]
    index = _held_to(run.index, published, new) if new else None
    week = None if index is None else week_of(index, seats, caseloads, new)
    if week is None:
        return None
    minimise_points(week)
    found = search(run, "times", week.model, seconds=SECONDS)
    return (_with_places(read(week, found.value), published), True) if found.is_feasible else None


def _held_to(index: Index, published: Sequence[Meeting], new: Collection[str]) -> Index | None:
    """The house in which all groups but these can only meet when they do, wherever and with whomever: a model of it has
    none of the starts that cannot be. None: a person wants one of them at another time."""
    held: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for meeting in published:
        held[meeting.group].add(meeting.periods)
    problem = index.problem
    if any(pin.group not in new and pin.periods not in held[pin.group] for pin in problem.meeting_pins):
        return None
    groups = (
        g if g.id in new else replace(g, patterns=tuple(p for p in g.patterns if p.periods in held[g.id]))
        for g in problem.groups
    )
    return index.like(replace(problem, groups=tuple(groups)))


def _fewest_moved(
    run: Run, published: Sequence[Meeting], seats: Sequence[Seat], caseloads: Sequence[Caseload]
) -> tuple[tuple[tuple[Meeting, ...], bool] | None, bool]:
    """The week as ``retimed`` gives it, and whether there being none is proven."""
    week = week_of(run.index, seats, caseloads)
    if week is None:
        return None, True
    moved = _moved(week, published)
    for at, start in week.start.items():
        week.model.add_hint(start, at not in moved)
    week.model.minimize(sum(moved.values()))
    first = search(run, "times", week.model, seconds=SECONDS)
    if not first.is_feasible:
        return None, first.is_proven
    week.model.add(sum(moved.values()) <= round(first.objective))
    minimise_points(week)
    second = search(run, "times", week.model, seconds=SECONDS)
    best = second if second.is_feasible else first
    return (_with_places(read(week, best.value), published), first.is_proven), True


def _moved(week: Week, published: Sequence[Meeting]) -> dict[tuple[str, int], Any]:
    """The starts that are not published."""
    held = {(m.group, m.periods) for m in published}
    return {at: x for at, x in week.start.items() if (at[0], week.pattern(*at).periods) not in held}


def _with_places(meetings: Sequence[Meeting], published: Sequence[Meeting]) -> tuple[Meeting, ...]:
    """In the order of the published meetings, the new ones behind."""
    order = {(m.group, m.periods): i for i, m in enumerate(published)}
    return tuple(sorted(meetings, key=lambda m: (order.get((m.group, m.periods), len(order)), m.group, m.periods)))
