"""The checker: every hard rule, counted again from the plan alone. It knows no solver.

It guards the tests, the engine's own results and what people change by hand. ``check`` lists all violations;
codes, not sentences. The rules are those of docs/engine.md, section 3.
"""

from __future__ import annotations

from foyer.scheduling.checker import (
    appointments,
    conflicts,
    counsel,
    history,
    lodging,
    pins,
    placement,
    references,
    timetable,
    totals,
)
from foyer.scheduling.index import Index
from foyer.scheduling.plan import Outcome, Plan, Violation
from foyer.scheduling.problem import Problem
from foyer.scheduling.remaining import as_of

RULES = (placement, counsel, lodging, timetable, conflicts, appointments, pins, totals)


def check(problem: Problem, plan: Plan) -> tuple[Violation, ...]:
    """Every broken rule. A plan without a result (infeasible, or stopped before anything was found) breaks
    none."""
    if plan.outcome is Outcome.INFEASIBLE and not (plan.seats or plan.caseloads or plan.lodgings):
        return references.hash_matches(problem, plan)
    index = Index(problem)
    broken = [*references.hash_matches(problem, plan), *references.unknown(index, plan)]
    broken += history.violations(index, plan)
    if any(v.rule in ("unknown_id", "has_left") for v in broken):
        return tuple(broken)
    index, plan = as_of(index, plan)
    for rule in RULES:
        broken.extend(rule.violations(index, plan))
    return tuple(broken)
