"""The levels L1 to L7 of a whole plan, put together from those of its stages (docs/engine.md, section 5)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

from foyer.scheduling.plan import Level, PlanLevel, Stage, Term
from foyer.scheduling.score import STAGE_OF

FAIR = "L3"  # its levels count people or load: the stages' own names behind a colon
IN_POINTS = ("L1", "L4", "L6", "L5")  # in their order: openings are decided with the seats, times follow
LEVEL_OF = {"unplaced": "L1", "wishes": "L4", "openings": "L6", "times": "L5"}  # a stage's level, by its name
WITHOUT = ("outside_gaps",)  # ties, which cost no points
FOLDED = "sum"  # of a fast draft: L3 to L6 in one


def level_of_term(wish: str) -> str:
    """The level that a term of the score belongs to."""
    if wish.startswith("unplaced_"):
        return "L1"
    if wish.startswith("open_") or wish.endswith("_size"):
        return "L6"
    return "L5" if STAGE_OF.get(wish) in ("times", "appointments") else "L4"


def points_by_level(terms: Iterable[Term]) -> dict[str, float]:
    """What the plan pays in each level that counts points."""
    points: dict[str, float] = dict.fromkeys(IN_POINTS, 0.0)
    for term in terms:
        points[level_of_term(term.wish)] += term.points
    return {name: round(value, 2) for name, value in points.items()}


def plan_levels(stages: Iterable[Stage], terms: Iterable[Term]) -> tuple[PlanLevel, ...]:
    """The plan's levels in their order. A level's bound is the sum of what the stages have proven for it; behind a
    level that a stage left unproven its later ones add nothing, since no plan costs less than nothing."""
    named: dict[str, list[tuple[Stage, Level, bool]]] = defaultdict(list)
    for stage in stages:
        for level, holds in _with_proof(stage):
            if level.name not in WITHOUT:
                named[_name(stage, level)].append((stage, level, holds))
    if any(name.endswith(FOLDED) for name in named):
        return ()  # L3 to L6 are one sum: the stages' own levels say what is proven
    points = points_by_level(terms)
    fair = [_put_together(n, sum(x.value for _, x, _ in own), own) for n, own in named.items() if n not in points]
    first, *others = (_put_together(name, points[name], named[name]) for name in IN_POINTS)
    return (first, *fair, *others)


def _with_proof(stage: Stage) -> Iterator[tuple[Level, bool]]:
    """A stage's levels, and whether all before each are proven: its bound presupposes them."""
    holds = True
    for level in stage.levels:
        yield level, holds
        holds = holds and level.status == "optimal"


def _name(stage: Stage, level: Level) -> str:
    if stage.name == "appointments" and level.name == "wishes":
        return "L5"
    return LEVEL_OF.get(level.name, f"{FAIR}:{level.name}")


def _put_together(name: str, value: float, own: list[tuple[Stage, Level, bool]]) -> PlanLevel:
    bound = min(value, round(sum(level.bound for _, level, holds in own if holds), 2))
    how = ", ".join(dict.fromkeys(level.how for _, level, _ in own if level.how))
    conditional = any(stage.conditional and level.bound > 0 for stage, level, _ in own)
    status = "optimal" if bound == value else "feasible"
    return PlanLevel(name, value, bound, status, how, conditional)  # type: ignore[arg-type]


def recounted(levels: Iterable[PlanLevel], terms: Iterable[Term]) -> tuple[PlanLevel, ...]:
    """The levels of a plan that somebody changed by hand, at what it pays now; their bounds stay."""
    levels = tuple(levels)
    if any(level.name == "L2" for level in levels):
        return levels  # a repair's, which leave aside what was open before
    points = points_by_level(terms)
    found = []
    for level in levels:
        value = points.get(level.name, level.value)
        status = level.status if value == level.value else "optimal" if value == level.bound else "feasible"
        found.append(replace(level, value=value, status=status))  # type: ignore[arg-type]
    return tuple(found)
