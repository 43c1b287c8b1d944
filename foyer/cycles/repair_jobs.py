"""The job that repairs the published plan: the house as it is from a day on, the fewest changes, checked, a draft.

Imported by the worker only, since it loads the solver.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from datetime import date
from typing import Any

from foyer.cycles.asked import facts_asked, problem_to_repair, request_asked
from foyer.cycles.jobs import _limits
from foyer.cycles.opened import opened
from foyer.cycles.pinning import is_held
from foyer.cycles.pins import pinned_problem
from foyer.cycles.queries import get_plan
from foyer.cycles.repairs import store_repaired
from foyer.jobs.context import JobContext, JobFailed
from foyer.scheduling import check
from foyer.scheduling.engine import engine_name
from foyer.scheduling.files import problem_hash
from foyer.scheduling.plan import UNFINISHED, Outcome, Plan, Progress
from foyer.scheduling.problem import Problem
from foyer.scheduling.relaxing.mending import newly_open
from foyer.scheduling.repairing import Repaired, repair
from foyer.scheduling.validation import faults_of


def repair_cycle(context: JobContext) -> dict[str, Any]:
    """Repair the plan of the run's parameters. The result says how it ended and names the draft, if there is one."""
    asked = context.parameters
    published = get_plan(int(asked["plan_id"]))
    was, pins = opened(published), list(published.pins)
    facts = facts_asked(asked)
    problem, request = problem_to_repair(asked, facts, published), request_asked(asked, facts.cycle)
    context.let_go()
    if faults_of(problem):
        raise JobFailed("problem_contradicts_itself")
    context.note(input_hash=problem_hash(problem), versions={"engine": engine_name()})

    def report(news: Progress) -> None:
        context.report({"stage": news.stage, "done": news.done, "seconds": news.seconds})

    def work(house: Problem) -> Repaired:
        return repair(house, was.answer, request, _limits(context), report, context.should_stop)

    repaired, given_up = work(problem), False
    if pins and repaired.plan.outcome is Outcome.INFEASIBLE:  # what has happened is stronger than what was wished
        freed = pinned_problem(problem, ())
        again = work(freed)
        if again.plan.outcome is not Outcome.INFEASIBLE:
            problem, repaired, given_up = freed, again, True
            pins = [row for row in pins if is_held(freed, again.plan, row)]
    return {**_outcome(context, problem, repaired, pins, was.answer), "pins_given_up": given_up}


def _outcome(
    context: JobContext, problem: Problem, repaired: Repaired, pins: list[dict[str, str]], was: Plan
) -> dict[str, Any]:
    plan = repaired.plan
    result: dict[str, Any] = {"outcome": plan.outcome.value, "seconds": plan.seconds}
    if plan.outcome is Outcome.INFEASIBLE:
        return {**result, "shortages": [asdict(shortage) for shortage in plan.shortages]}
    if plan.outcome in UNFINISHED:
        return result
    broken = check(problem, plan)
    if broken:
        return {**result, "violations": dict(Counter(violation.rule for violation in broken))}
    row = store_repaired(
        problem,
        plan,
        cycle_id=int(context.parameters["cycle_id"]),
        parent_id=int(context.parameters["plan_id"]),
        from_on=date.fromisoformat(context.parameters["from_on"]),
        actor_id=context.actor_id,
        pins=pins,
    )
    return {
        **result,
        "plan_id": row.id,
        "unmet": len(plan.unmet),
        "newly_open": len(newly_open(was, plan).unmet),
        "changes": len(repaired.changes),
    }
