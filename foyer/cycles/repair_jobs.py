"""The job that repairs the published plan: the house as it is from a day on, the fewest changes, checked, a draft.

Imported by the worker only, since it loads the solver.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from datetime import date
from typing import Any

from foyer.cycles.jobs import _limits
from foyer.cycles.models import Plan, PlanOrigin
from foyer.cycles.opened import opened
from foyer.cycles.planning import build_problem, store_plan
from foyer.cycles.queries import get_cycle, get_plan
from foyer.database import db
from foyer.jobs.context import JobContext, JobFailed
from foyer.scheduling import check
from foyer.scheduling.engine import engine_name
from foyer.scheduling.files import problem_hash
from foyer.scheduling.plan import UNFINISHED, Outcome, Progress
from foyer.scheduling.problem import Problem
from foyer.scheduling.repairing import Repaired, RepairRequest, repair
from foyer.scheduling.validation import faults_of


def repair_cycle(context: JobContext) -> dict[str, Any]:
    """Repair the plan of the run's parameters. The result says how it ended and names the draft, if there is one."""
    asked = context.parameters
    from_on = date.fromisoformat(asked["from_on"])
    cycle = get_cycle(int(asked["cycle_id"]))
    night = cycle.night_number(from_on)
    problem, before = build_problem(cycle, from_on), opened(get_plan(int(asked["plan_id"]))).answer
    context.let_go()
    if faults_of(problem):
        raise JobFailed("problem_contradicts_itself")
    context.note(input_hash=problem_hash(problem), versions={"engine": engine_name()})
    request = RepairRequest(
        night,
        most_changes=asked.get("most_changes"),
        most_per_resident=asked.get("most_per_resident"),
        place_unplaced=bool(asked.get("place_unplaced")),
    )

    def report(news: Progress) -> None:
        context.report({"stage": news.stage, "done": news.done, "seconds": news.seconds})

    repaired = repair(problem, before, request, _limits(context), report, context.should_stop)
    return _outcome(context, problem, repaired)


def _outcome(context: JobContext, problem: Problem, repaired: Repaired) -> dict[str, Any]:
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
    )
    return {**result, "plan_id": row.id, "unmet": len(plan.unmet), "changes": len(repaired.changes)}


def store_repaired(
    problem: Problem, plan: Any, *, cycle_id: int, parent_id: int, from_on: date, actor_id: int | None
) -> Plan:
    """Keep a checked repair as a draft of the cycle that holds from a day on. A repair before the cycle has begun
    holds for the whole of it."""
    cycle = get_cycle(cycle_id)
    row = store_plan(cycle, problem, plan, created_by_id=actor_id)
    row.origin, row.parent_id = PlanOrigin.REPAIRED, parent_id
    row.from_on = from_on if from_on > cycle.starts_on else None
    db.session.flush()
    return row
