"""The levels L1 to L7 of a whole plan, put together from those of its stages (docs/engine.md, section 5)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from foyer.scheduling.fair_values import fair_value
from foyer.scheduling.index import Index
from foyer.scheduling.plan import Level, Plan, PlanLevel, Stage, Term
from foyer.scheduling.score import STAGE_OF
from foyer.scheduling.ties import out_of_order

FAIR = "L3"  # its levels count people or load: the stages' own names behind a colon
IN_POINTS = ("L1", "L4", "L6", "L5")  # in their order: openings are decided with the seats, times follow
LEVEL_OF = {"unplaced": "L1", "wishes": "L4", "openings": "L6", "times": "L5"}  # a stage's level, by its name
WITHOUT = ("outside_gaps",)  # ties, which cost no points
SUM = "sum"  # a stage's level of a fast draft: L3, L4 and L6 in one
TIES = "L7"  # things that are not in order of id among those that could be exchanged
FOLDED = "L3+L4+L6"  # the same of the whole plan


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


def values_of(index: Index, plan: Plan, names: Collection[str]) -> dict[str, float]:
    """What the plan, whose terms are counted, has in each level. Raises ValueError for a name that is none."""
    points = points_by_level(plan.terms)
    points[FOLDED] = round(points["L4"] + points["L6"], 2)
    if TIES in names:
        points[TIES] = out_of_order(index.problem, plan)
    return {name: points[name] if name in points else fair_value(index, plan, name.partition(":")[2]) for name in names}


def plan_levels(index: Index, plan: Plan, stages: Iterable[Stage]) -> tuple[PlanLevel, ...]:
    """The levels of a plan whose terms are counted, in their order. A level's bound is the sum of what the stages have
    proven for it; behind a level that a stage left unproven its later ones add nothing, since no plan costs less than
    nothing."""
    stages = tuple(stages)
    is_folded = any(level.name == SUM for stage in stages for level in stage.levels)
    named: dict[str, list[tuple[Stage, Level, bool]]] = defaultdict(list)
    for stage in stages:
        for level, holds in _with_proof(stage):
            if level.name not in WITHOUT:
                named[_name(stage, level, is_folded)].append((stage, level, holds))
    fair = [name for name in named if name.startswith(FAIR + ":")]
    order = ["L1", FOLDED, *fair, "L5", TIES] if is_folded else ["L1", *fair, "L4", "L6", "L5", TIES]
    values = values_of(index, plan, order)
    return tuple(_put_together(name, values[name], named[name]) for name in order)


def _with_proof(stage: Stage) -> Iterator[tuple[Level, bool]]:
    """A stage's levels, and whether all before each are proven: its bound presupposes them."""
    holds = True
    for level in stage.levels:
        yield level, holds
        holds = holds and level.status == "optimal"


def _name(stage: Stage, level: Level, is_folded: bool) -> str:
    if stage.name == "appointments" and level.name == "wishes":
        return "L5"
    if is_folded and level.name in (SUM, "wishes", "openings"):
        return FOLDED
    return LEVEL_OF.get(level.name, f"{FAIR}:{level.name}")


def _put_together(name: str, value: float, own: list[tuple[Stage, Level, bool]]) -> PlanLevel:
    bound = min(value, round(sum(level.bound for _, level, holds in own if holds), 2))
    how = ", ".join(dict.fromkeys(level.how for _, level, _ in own if level.how))
    conditional = any(stage.conditional and level.bound > 0 for stage, level, _ in own)
    status = "optimal" if bound == value else "feasible"
    return PlanLevel(name, value, bound, status, how, conditional)  # type: ignore[arg-type]


def recounted(index: Index, plan: Plan) -> tuple[PlanLevel, ...]:
    """The levels of a plan that somebody changed by hand, at what it has now, its terms counted; their bounds stay."""
    if any(level.name == "L2" for level in plan.levels):
        return plan.levels  # a repair's, which leave aside what was open before
    values = values_of(index, plan, [level.name for level in plan.levels])
    found = []
    for level in plan.levels:
        value = values[level.name]
        status = level.status if value == level.value else "optimal" if value == level.bound else "feasible"
        found.append(replace(level, value=value, status=status))  # type: ignore[arg-type]
    return tuple(found)
