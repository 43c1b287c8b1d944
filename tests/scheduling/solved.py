"""What tests of rules have in common: a village with one thing changed, solved, and its plan checked."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from foyer.scheduling import check, shortages, solve
from foyer.scheduling.plan import Limits, Outcome, Plan
from foyer.scheduling.problem import Problem
from foyer.scheduling.validation import faults_of
from tests.scheduling.village import rules, village

REPEATABLE = Limits(seconds=60, workers=1, seed=1)


def changed(problem: Problem, part: str, name: str, **changes: Any) -> Problem:
    """The problem with one thing of that part changed."""
    things = tuple(replace(x, **changes) if x.id == name else x for x in getattr(problem, part))
    assert things != getattr(problem, part)
    return replace(problem, **{part: things})


def person(name: str, problem: Problem | None = None, **changes: Any) -> Problem:
    return changed(problem or village(), "residents", name, **changes)


def group(name: str, problem: Problem | None = None, **changes: Any) -> Problem:
    return changed(problem or village(), "groups", name, **changes)


def planned(problem: Problem) -> Plan:
    """A finished plan that passes the checker."""
    assert faults_of(problem) == ()
    plan = solve(problem, REPEATABLE)
    assert plan.outcome in (Outcome.OPTIMAL, Outcome.FEASIBLE), plan.shortages
    assert check(problem, plan) == ()
    return plan


def broken(problem: Problem, plan: Plan) -> set[str]:
    """The rules that a plan made by hand breaks."""
    return rules(check(problem, plan))


def short(problem: Problem) -> set[str]:
    """What counting proves to be missing; the engine must then say that there is no plan."""
    found = {s.code for s in shortages(problem)}
    assert (solve(problem, REPEATABLE).outcome is Outcome.INFEASIBLE) == bool(found)
    return found


def group_of(plan: Plan, resident: str) -> set[str]:
    return {s.group for s in plan.seats if s.resident == resident}


def counsellor_of(plan: Plan, resident: str) -> str:
    return next(c.counsellor for c in plan.caseloads if c.resident == resident)


def room_of(plan: Plan, resident: str) -> str:
    return next(x.room for x in plan.lodgings if x.resident == resident)


def points(plan: Plan, wish: str) -> float:
    return sum(t.points for t in plan.terms if t.wish == wish)
