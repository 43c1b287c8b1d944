"""The job that looks for ways out of an impossible run. Imported by the worker only, since it loads the solver."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from foyer.cycles.asked import is_repair, problem_asked, request_asked
from foyer.cycles.jobs import _limits
from foyer.cycles.opened import opened
from foyer.cycles.queries import get_cycle, get_plan
from foyer.jobs.context import JobContext, JobFailed
from foyer.scheduling.engine import engine_name
from foyer.scheduling.files import problem_hash
from foyer.scheduling.plan import Progress
from foyer.scheduling.relaxing import ways_out, ways_to_repair
from foyer.scheduling.validation import faults_of

SECONDS = 90.0  # at most; what is in hand by then is told


def find_ways(context: JobContext) -> dict[str, Any]:
    """Look for ways out of the run that the parameters name, in the house as it is now. A search that is stopped keeps
    what it found."""
    asked = context.parameters["asked"]
    problem = problem_asked(asked)
    published = opened(get_plan(int(asked["plan_id"]))).answer if is_repair(asked) else None
    request = request_asked(asked, get_cycle(int(asked["cycle_id"]))) if is_repair(asked) else None
    context.let_go()
    if faults_of(problem):
        raise JobFailed("problem_contradicts_itself")
    context.note(input_hash=problem_hash(problem), versions={"engine": engine_name()})

    def report(news: Progress) -> None:
        context.report({"stage": news.stage, "seconds": news.seconds})

    limits = replace(_limits(context), seconds=SECONDS)
    if published is not None and request is not None:
        found = ways_to_repair(problem, published, request, limits, report, context.should_stop)
    else:
        found = ways_out(problem, limits, report, context.should_stop)
    context.keep_although_cancelled()
    return {"answer": asdict(found), "ways": len(found.ways)}
