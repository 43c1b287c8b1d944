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

STRANGE = ("unknown_id", "has_left")  # where one of these is broken, nothing else can be counted
RULES = (placement, counsel, lodging, timetable, conflicts, appointments, pins, totals)


def check(problem: Problem, plan: Plan) -> tuple[Violation, ...]:
    """Every broken rule. A plan without a result (infeasible, or stopped before anything was found) breaks
    none."""
    return checked(Index(problem), plan)


def checked(index: Index, plan: Plan) -> tuple[Violation, ...]:
    """``check`` in the index of the problem: for many plans of one house."""
    parts = (plan.seats, plan.caseloads, plan.lodgings, plan.meetings, plan.appointments)
    other_problem = references.hash_matches(index.problem, plan)
    if plan.outcome is Outcome.INFEASIBLE and not any(parts):
        return other_problem
    broken = [*other_problem, *history.violations(index, plan), *strangers(index, plan)]
    if any(v.rule in STRANGE for v in broken):
        return tuple(dict.fromkeys(broken))
    index, plan = as_of(index, plan)
    for rule in RULES:
        broken.extend(rule.violations(index, plan))
    return tuple(broken)


def strangers(index: Index, plan: Plan) -> tuple[Violation, ...]:
    """Whom and what the plan speaks of though the problem does not have it, from the plan's first night on."""
    left = (v for v in history.violations(index, plan) if v.rule == "has_left")
    return (*references.unknown(index, plan), *references.nights(index, plan), *left)
