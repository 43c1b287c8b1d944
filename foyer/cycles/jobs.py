"""The job that plans a cycle: build the problem, solve it, check the answer, keep it as a draft. It never publishes.

Imported by the worker only, since it loads the solver.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

from flask import current_app

from foyer.cycles.asked import parent_asked, problem_asked
from foyer.cycles.labels import NO_GAP
from foyer.cycles.models import Plan as Row
from foyer.cycles.models import PlanOrigin
from foyer.cycles.pins import standing_pins
from foyer.cycles.planning import store_plan
from foyer.cycles.progress import undecided_points
from foyer.cycles.queries import get_cycle
from foyer.database import db
from foyer.jobs.context import JobContext, JobFailed
from foyer.scheduling import check, solve
from foyer.scheduling.engine import engine_name
from foyer.scheduling.files import problem_hash
from foyer.scheduling.plan import Limits, Outcome, Plan, Progress
from foyer.scheduling.problem import Problem
from foyer.scheduling.validation import faults_of

KEPT = (Outcome.OPTIMAL, Outcome.FEASIBLE, Outcome.CANCELLED, Outcome.OUT_OF_TIME)


def plan_cycle(context: JobContext) -> dict[str, Any]:
    """Make the draft that the run's parameters describe (see ``services.generate_plan``). The result says how it ended
    and names the draft, if there is one."""
    problem = problem_asked(context.parameters)
    context.let_go()
    if faults_of(problem):
        raise JobFailed("problem_contradicts_itself")
    context.note(input_hash=problem_hash(problem), versions={"engine": engine_name()})
    plan = solve(problem, _limits(context), _Watch(context, undecided_points(problem)), context.should_stop)
    return _outcome(context, problem, plan)


def _limits(context: JobContext) -> Limits:
    settings = current_app.config["FOYER"]
    asked = context.parameters
    return Limits(
        seconds=float(asked.get("seconds", settings.solver_seconds)),
        workers=int(asked.get("workers", settings.solver_workers)),
        seed=context.seed,
    )


def _outcome(context: JobContext, problem: Problem, plan: Plan) -> dict[str, Any]:
    result: dict[str, Any] = {"outcome": plan.outcome.value, "seconds": plan.seconds}
    if plan.outcome is Outcome.INFEASIBLE:
        return {**result, "shortages": [asdict(shortage) for shortage in plan.shortages]}
    if not _is_whole(problem, plan):
        return result
    broken = check(problem, plan)
    if broken:
        return {**result, "violations": dict(Counter(violation.rule for violation in broken))}
    if plan.outcome is Outcome.CANCELLED:
        context.keep_although_cancelled()
    row = _stored(context, problem, plan)
    return {**result, "plan_id": row.id, "unmet": len(plan.unmet)}


def _stored(context: JobContext, problem: Problem, plan: Plan) -> Row:
    asked = context.parameters
    parent = parent_asked(asked)
    row = store_plan(
        get_cycle(int(asked["cycle_id"])),
        problem,
        plan,
        created_by_id=context.actor_id,
        name=asked.get("name", ""),
        origin=PlanOrigin(asked.get("origin", PlanOrigin.GENERATED)),
        parent_id=parent.id if parent else None,
        pins=standing_pins(problem, asked.get("pins", ())),
    )
    db.session.flush()
    return row


def _is_whole(problem: Problem, plan: Plan) -> bool:
    """Whether an answer can be lived by: a run that ended early counts only if every stage came to an answer and
    nobody is left without anything because of the hurry."""
    if plan.outcome in (Outcome.OPTIMAL, Outcome.FEASIBLE):
        return True
    return plan.outcome in KEPT and not plan.unmet and bool(plan.meetings)


@dataclass
class _Watch:
    """Hands the engine's progress to the run's row: where it is, how good, and which parts are proven. ``undecided``
    are the points of the parts still to come, so that the score of the whole falls while the bound rises."""

    context: JobContext
    undecided: dict[str, float]
    parts: list[dict[str, Any]] = field(default_factory=list)
    gap: float = 0.0
    bound: float = 0.0
    decided: dict[str, float | None] = field(default_factory=dict)

    def __call__(self, news: Progress) -> None:
        if news.status == "finished":
            self._tick_off(news)
        self.bound = max(self.bound, news.bound or 0.0)
        score = self._whole_score(news)
        self.context.report(
            {
                "stage": news.stage,
                "status": news.status,
                "done": news.done,
                "score": score,
                "bound": self.bound,
                "decided": self.decided,
                "seconds": news.seconds,
                "parts": list(self.parts),
            },
            (news.seconds, score, self.bound),
        )

    def _whole_score(self, news: Progress) -> float:
        in_hand = news.stage if news.status == "improved" and news.score is not None else None
        return (news.score or 0.0) + sum(points for part, points in self.undecided.items() if part != in_hand)

    def _tick_off(self, news: Progress) -> None:
        """A part is proven when it leaves the gap between score and bound as it was. Parts are revised together later:
        where the whole has reached its bound, no part of it can be better."""
        gap = (news.score or 0.0) - (news.bound or 0.0)
        self.parts.append({"name": news.stage, "proven": gap <= self.gap + NO_GAP})
        if gap <= NO_GAP:
            self.parts = [{**part, "proven": True} for part in self.parts]
        self.gap = gap
        self.decided = {"score": news.score, "bound": news.bound}
        self.undecided.pop(news.stage, None)
