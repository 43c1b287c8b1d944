"""New times where the published ones cannot be kept: as few meetings as possible move, then the points of times."""

from __future__ import annotations

from collections.abc import Sequence

from foyer.scheduling.cpsat import search
from foyer.scheduling.index import Index
from foyer.scheduling.plan import Caseload, Limits, Meeting, Seat, keep_quiet, never_stop
from foyer.scheduling.run import Run, Stopped
from foyer.scheduling.stages.times import minimise_points, week_of
from foyer.scheduling.stages.week import read

LIMITS = Limits(seconds=10.0, workers=1)
SECONDS = 4.0  # deterministic: the search repeats


def retimed(
    index: Index, published: Sequence[Meeting], seats: Sequence[Seat], caseloads: Sequence[Caseload]
) -> tuple[tuple[Meeting, ...], bool] | None:
    """Meetings for these seats with the fewest moved, and whether fewer are proven impossible. None: found none."""
    run = Run(index, LIMITS, keep_quiet, never_stop, stages=1)
    for cases in (caseloads, ()):  # an hour kept free for each counsellor, if there can be
        week = week_of(index, seats, cases)
        if week is None:
            return None
        held = {(m.group, m.periods) for m in published}
        moved = []
        for (group, i), start in week.start.items():
            stays = (group, week.pattern(group, i).periods) in held
            week.model.add_hint(start, stays)
            if not stays:
                moved.append(start)
        try:
            week.model.minimize(sum(moved))
            first = search(run, "times", week.model, seconds=SECONDS)
            if not first.is_feasible:
                continue
            week.model.add(sum(moved) <= round(first.objective))
            minimise_points(week)
            second = search(run, "times", week.model, seconds=SECONDS)
        except Stopped:
            return None
        best = second if second.is_feasible else first
        return _with_places(read(week, best.value), published), first.is_proven
    return None


def _with_places(meetings: Sequence[Meeting], published: Sequence[Meeting]) -> tuple[Meeting, ...]:
    """In the order of the published meetings, the new ones behind."""
    order = {(m.group, m.periods): i for i, m in enumerate(published)}
    return tuple(sorted(meetings, key=lambda m: (order.get((m.group, m.periods), len(order)), m.group, m.periods)))
