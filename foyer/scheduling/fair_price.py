"""What fairness costs: the choices of one problem, best by the sum, by the profile of ranks and by leximin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import get_args

from foyer.scheduling.choices import CHOSEN
from foyer.scheduling.index import Index
from foyer.scheduling.plan import Level, Limits, ProgressHook, Seat, StopHook, keep_quiet, never_stop
from foyer.scheduling.problem import Fairness, Problem
from foyer.scheduling.run import Run, Stopped
from foyer.scheduling.stages.places import STAGE_OF_KIND
from foyer.scheduling.stages.together import fill_groups, kinds_tied

FAIRNESS: tuple[Fairness, ...] = ("none", *(f for f in get_args(Fairness) if f != "none"))
POINTS = ("wishes", "openings")  # the levels in points behind the unplaced


@dataclass(frozen=True, slots=True)
class FairWay:
    """Classes and electives under one idea of fairness, the week aside. ``points`` are those behind the unplaced:
    choices, aptitudes and openings; ``bound`` what no seats that are as fair can be below, None where fairness itself
    is not proven. ``losses``: each resident's, worst first. ``is_proven``: every level is."""

    fairness: Fairness
    unplaced: float
    points: float
    bound: float | None
    is_proven: bool
    levels: tuple[Level, ...]
    losses: tuple[int, ...]
    seats: tuple[Seat, ...]


@dataclass(frozen=True, slots=True)
class FairnessPrice:
    """The ways, the plain sum first."""

    ways: tuple[FairWay, ...]

    def price(self, way: FairWay) -> float:
        """The points that this fairness costs above the plain sum."""
        return round(way.points - self.ways[0].points, 2)


def price_of_fairness(
    problem: Problem, limits: Limits | None = None, progress: ProgressHook = keep_quiet, stop: StopHook = never_stop
) -> FairnessPrice:
    """Solve the choices three times over; ``limits`` are for all of it. Ways for which there are no seats, or no time,
    are left out. Raises Stopped where somebody cancels before the first."""
    limits = limits or Limits()
    ways: list[FairWay] = []
    left = limits.seconds
    for i, fairness in enumerate(FAIRNESS):
        own = replace(problem, fairness=fairness, fast_draft=False)
        share = replace(limits, seconds=left / (len(FAIRNESS) - i))
        run = Run(Index(own), share, progress, stop, stages=len(CHOSEN))
        try:
            found = _way(run, fairness)
        except Stopped as stopped:
            if stopped.cancelled and not ways:
                raise
            found = None
        ways += [found] if found else []
        left -= run.seconds()
    return FairnessPrice(tuple(ways))


def _way(run: Run, fairness: Fairness) -> FairWay | None:
    levels: list[Level] = []
    seats: list[Seat] = []
    for kinds in kinds_tied(run.index):
        if any(kind in CHOSEN for kind in kinds):
            run.start(STAGE_OF_KIND[kinds[0]])
            parts = fill_groups(run, kinds)
            if not all(part.levels for part in parts.values()):
                return None
            for kind in kinds:
                levels += parts[kind].levels
                seats += parts[kind].seats
    index = run.index
    got = {r.id: [index.groups[s.group] for s in seats if s.resident == r.id] for r in index.problem.residents}
    losses = sorted((index.choices.loss(r, got[r.id]) for r in index.problem.residents), reverse=True)
    in_points = [level for level in levels if level.name in POINTS]
    return FairWay(
        fairness,
        sum(level.value for level in levels if level.name == "unplaced"),
        round(sum(level.value for level in in_points), 2),
        round(sum(_bounds(levels)), 2) if _is_fair(levels) else None,
        all(level.status == "optimal" for level in levels),
        tuple(levels),
        tuple(losses),
        tuple(seats),
    )


def _is_fair(levels: Sequence[Level]) -> bool:
    """Whether all that comes before the points is proven."""
    return all(level.status == "optimal" for level in levels if level.name not in (*POINTS, "luck"))


def _bounds(levels: Sequence[Level]) -> list[float]:
    """The bounds of the points; openings only where the wishes before them are proven."""
    wishes = [level for level in levels if level.name == POINTS[0]]
    proven = all(level.status == "optimal" for level in wishes)
    return [level.bound for level in levels if level in wishes or (proven and level.name == POINTS[1])]
