"""The plan's own figures are true: terms, score, stage values, and no value below its proven bound."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from foyer.scheduling.index import Index
from foyer.scheduling.levels import values_of
from foyer.scheduling.plan import Outcome, Plan, Violation
from foyer.scheduling.score import STAGES, score_of, stage_points, terms_of

TOLERANCE = 0.01  # points: aptitudes are rounded to a hundredth


def violations(index: Index, plan: Plan) -> Iterator[Violation]:
    yield from _twice(plan)
    terms = terms_of(index, plan)
    stated = {t.wish: t for t in plan.terms}
    counted = {t.wish: t for t in terms}
    for wish in sorted(stated.keys() | counted.keys()):
        a, b = stated.get(wish), counted.get(wish)
        if a is None or b is None or a.count != b.count or abs(a.points - b.points) > TOLERANCE:
            yield Violation("term", (wish,))
    if abs(plan.score - score_of(terms)) > TOLERANCE:
        yield Violation("score", ())
    if plan.bound is not None and plan.bound > plan.score + TOLERANCE:
        yield Violation("bound", ())
    for stage in plan.stages:
        if stage.name in STAGES and abs(stage.value - stage_points(terms, stage.name)) > TOLERANCE:
            yield Violation("stage_value", (stage.name,))
        if stage.bound is not None and stage.bound > stage.value + TOLERANCE:
            yield Violation("bound", (stage.name,))
    if plan.outcome is Outcome.OPTIMAL and any(s.bound is not None and s.status != "optimal" for s in plan.stages):
        yield Violation("outcome", ())
    yield from _levels(index, replace(plan, terms=terms))


def _twice(plan: Plan) -> Iterator[Violation]:
    """Every figure and every open need is told once; several open places in electives are alike."""
    for rule, names in (
        ("term", [term.wish for term in plan.terms]),
        ("stage_value", [stage.name for stage in plan.stages]),
        ("level", [level.name for level in plan.levels]),
    ):
        yield from (Violation(rule, (name,), "twice") for name, count in Counter(names).items() if count > 1)
    for unmet, count in Counter(plan.unmet).items():
        if count > 1 and unmet.need != "elective":
            yield Violation("unmet_untrue", (unmet.resident,), unmet.need)


def _levels(index: Index, plan: Plan) -> Iterator[Violation]:
    """The whole plan's levels: points are those of the terms, ranks and loads those of seats and caseloads. No value
    lies below its bound, and what is called optimal is at it. A repair has levels of its own (``history``): the first
    leaves aside what was open before."""
    if any(level.name == "L2" for level in plan.levels):
        return
    for level in plan.levels:
        if abs(level.value - _counted(index, plan, level.name)) > TOLERANCE:
            yield Violation("level", (level.name,))
        bound = level.value if level.bound is None else level.bound
        if bound > level.value + TOLERANCE:
            yield Violation("bound", (level.name,))
        if level.status == "optimal" and bound < level.value - TOLERANCE:
            yield Violation("level", (level.name,), "status")


def _counted(index: Index, plan: Plan, name: str) -> float:
    """The plan's value in the level; never that of a level that does not exist."""
    try:
        return values_of(index, plan, (name,))[name]
    except ValueError:
        return float("inf")
