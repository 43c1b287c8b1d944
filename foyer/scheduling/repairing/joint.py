"""Seats and week of a repair in one model: where the seats that cost least do not fit the week as it is.

All seats and all starts are free, each at the price of what it changes. So its optimum bounds every repair, and its
week is one in which the seats can be had at that price; the stages then decide the rest in it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from foyer.scheduling.cpsat import search, spoken
from foyer.scheduling.plan import Meeting, Seat
from foyer.scheduling.repairing.kept import Kept
from foyer.scheduling.repairing.parts import Part
from foyer.scheduling.repairing.request import RepairRequest
from foyer.scheduling.repairing.times import STAGE, Setting, costs_in
from foyer.scheduling.run import Run
from foyer.scheduling.stages.joint import link
from foyer.scheduling.stages.seating import Seating
from foyer.scheduling.stages.week import Week, read
from foyer.scheduling.stages.week_wishes import conflicts_meet_once

TIME_SHARE = 0.12  # of the remaining time; with one worker that is several times as long by the clock


@dataclass(frozen=True, slots=True)
class Start:
    """A repair in hand: its seats and week, the points of its first level, and of its changes of seats and week."""

    seats: Sequence[Seat]
    meetings: Sequence[Meeting]
    lost: float
    points: float


@dataclass(frozen=True, slots=True)
class Found:
    """The better week (without meetings, where no group opens), or None where none was found; what seats and week lose
    and cost at least. ``least`` holds where the first level is at ``lost``."""

    meetings: tuple[Meeting, ...] | None = None
    lost: float = 0.0
    least: float = 0.0
    is_impossible: bool = False


def joint_week(
    run: Run,
    kept: Kept,
    request: RepairRequest,
    parts: Sequence[tuple[Part, Seating]],
    start: Start | None,
) -> Found:
    """The week in which seats and week together lose least, then change least."""
    from ortools.sat.python import cp_model

    week = Week(kept.index, cp_model.CpModel())
    variables = [spoken(week.model, part.program) for part, _ in parts]
    seats = {pair: xs[x] for (_, made), xs in zip(parts, variables, strict=True) for pair, x in made.seat.items()}
    opened = {g: xs[x] for (_, made), xs in zip(parts, variables, strict=True) for g, x in made.opened.items()}
    link(week, seats, opened)
    conflicts_meet_once(week)
    costs = costs_in(week, kept, Setting((), (), ()), opened)
    lost: list[Any] = []
    for (part, _), xs in zip(parts, variables, strict=True):
        costs.points += [m.points * xs[m.variable] for m in part.moved]
        costs.moved += [xs[m.variable] for m in part.moved]
        new = [x for x in part.lost if request.place_unplaced or not kept.was_unmet(x.need)]
        lost += [round(x.points) * xs[x.variable] for x in new]
    if request.most_changes is not None:
        week.model.add(sum(costs.moved) <= request.most_changes)
    return _solved(run, week, seats, (sum(lost), sum(costs.points)), start)


def _solved(
    run: Run, week: Week, seats: dict[tuple[str, str], Any], goal: tuple[Any, Any], start: Start | None
) -> Found:
    """Both levels in one sum: no change outweighs a need."""
    most = 100_000
    week.model.minimize(most * goal[0] + goal[1])
    if start:
        _hint(week, seats, start)
        week.model.add(most * goal[0] + goal[1] <= round(most * start.lost + start.points))
    found = search(run, STAGE, week.model, seconds=run.remaining() * TIME_SHARE)
    bound = math.ceil(found.bound - 1e-6) if found.is_feasible else 0
    if not found.is_feasible:
        return Found(is_impossible=found.is_proven)
    lost, points = found.value(goal[0]), found.value(goal[1])
    if found.is_proven:
        return Found(read(week, found.value), float(lost), float(points))
    least = max(0, bound - most * lost)
    return Found(read(week, found.value), float(bound // most), float(min(least, points)))


def _hint(week: Week, seats: dict[tuple[str, str], Any], start: Start) -> None:
    seated = {(s.resident, s.group) for s in start.seats}
    for pair, x in seats.items():
        week.model.add_hint(x, pair in seated)
    starts = {(m.group, m.periods) for m in start.meetings}
    for (group, i), x in week.start.items():
        week.model.add_hint(x, (group, week.pattern(group, i).periods) in starts)
