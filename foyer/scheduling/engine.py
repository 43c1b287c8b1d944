"""``solve``: the stages in order, and the plan they make together (docs/engine.md, section 6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version

from foyer.scheduling.best import largest_load, plan_of
from foyer.scheduling.counting import shortages
from foyer.scheduling.digest import problem_hash
from foyer.scheduling.freeing import free_at_once
from foyer.scheduling.index import Index
from foyer.scheduling.levels import plan_levels
from foyer.scheduling.pipeline import Draft, build
from foyer.scheduling.plan import (
    UNFINISHED,
    Limits,
    Outcome,
    Plan,
    ProgressHook,
    Stage,
    StopHook,
    keep_quiet,
    never_stop,
)
from foyer.scheduling.problem import Problem
from foyer.scheduling.run import Run, Stopped
from foyer.scheduling.score import STAGES, stage_points
from foyer.scheduling.stages.together import has_electives
from foyer.scheduling.ties import by_lowest_id
from foyer.scheduling.validation import InvalidProblem, faults_of

CENT = 0.01  # points: aptitudes are rounded to a hundredth
FIRST_PLAN = "first plan"  # how a stage's answer was obtained where its own could not be used


def solve(
    problem: Problem,
    limits: Limits | None = None,
    progress: ProgressHook = keep_quiet,
    stop: StopHook = never_stop,
) -> Plan:
    """Plan the cycle. Never raises for a house that cannot be planned: the outcome says so. Raises
    InvalidProblem for a problem that contradicts itself. Hooks are called from the calling thread."""
    faults = faults_of(problem)
    if faults:
        raise InvalidProblem(faults)
    free_at_once()
    limits = limits or Limits()
    index = Index(problem)
    run = Run(index, limits, progress, stop, stages=len(STAGES) - (not has_electives(index)))
    missing = shortages(problem)
    if missing:
        plan = Plan(Outcome.INFEASIBLE, problem_hash(problem), shortages=missing)
    else:
        plan = _planned(run)
    return replace(plan, seed=limits.seed, engine=engine_name(), seconds=round(run.seconds(), 3))


def _planned(run: Run) -> Plan:
    draft = Draft(run.index, floors=run.floors)
    try:
        outcome = build(run, draft)
    except Stopped as stopped:
        outcome = Outcome.CANCELLED if stopped.cancelled else Outcome.OUT_OF_TIME
    if outcome is Outcome.INFEASIBLE:
        return Plan(outcome, problem_hash(run.index.problem), shortages=draft.shortages)
    return finished(run.index, draft, outcome)


def finished(index: Index, draft: Draft, outcome: Outcome) -> Plan:
    """The draft as a plan: its needs left open, its points and bounds. Of a run that ended early the best complete
    plan, if there is one, beside the bounds of the stages that it follows and the floors of the others."""
    whole = draft.whole if draft.is_complete or draft.best is None else draft.best
    plan = by_lowest_id(index.problem, plan_of(index, whole, outcome, problem_hash(index.problem)))
    ended = {stage.name: stage for stage in draft.stages}
    others = set(draft.floors) - set(ended) if draft.best is not None else set()
    left = _departed(index, draft, plan)
    stages = tuple(
        _unfollowed(name, plan, draft.floors) if name in others else _answered(ended[name], plan, draft.floors, left)
        for name in STAGES
        if name in ended or name in others
    )
    bounds = [s.bound for s in stages if s.bound is not None and not s.conditional]
    is_whole = outcome not in UNFINISHED or draft.best is not None
    return replace(
        plan,
        stages=stages,
        levels=plan_levels(index, plan, stages),
        bound=round(sum(bounds), 2) if bounds and is_whole else None,
    )


def _departed(index: Index, draft: Draft, plan: Plan) -> frozenset[str]:
    """The stages whose answer the plan does not follow though it may cost the same: it is less fair."""
    fair = index.choices.fairness
    seats = ("classes", "electives") if fair(plan.seats) != fair(draft.seats) else ()
    cases = ("counsellors",) if largest_load(index, plan.caseloads) != largest_load(index, draft.caseloads) else ()
    return frozenset((*seats, *cases))


def _answered(stage: Stage, plan: Plan, floors: Mapping[str, float], departed: frozenset[str]) -> Stage:
    """The stage with its value in the plan. Where the plan took another answer than the stage's own, its levels are not
    the plan's, and its bound speaks of fairer plans: what holds is the floor."""
    value = stage_points(plan.terms, stage.name)
    if abs(value - stage.value) < CENT and stage.name not in departed:
        return replace(stage, value=value)
    return replace(_unfollowed(stage.name, plan, floors), seconds=stage.seconds)


def _unfollowed(name: str, plan: Plan, floors: Mapping[str, float]) -> Stage:
    """A stage that has not ended, or whose answer the plan does not follow."""
    value = stage_points(plan.terms, name)
    floor = floors.get(name)
    return Stage(name, value, None if floor is None else min(value, floor), "feasible", FIRST_PLAN, 0.0)


def engine_name() -> str:
    """The versions that made a plan."""
    return ", ".join(f"{name} {_version(name)}" for name in ("foyer", "ortools"))


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "?"
