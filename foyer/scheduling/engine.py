"""``solve``: the stages in order, and the plan they make together (docs/engine.md, section 6)."""

from __future__ import annotations

from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version

from foyer.scheduling.best import plan_of
from foyer.scheduling.counting import shortages
from foyer.scheduling.digest import problem_hash
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
from foyer.scheduling.validation import InvalidProblem, faults_of

AFTERWARDS = ("times", "appointments", "electives")  # stages of which a bound may be missing: none is below zero
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
    draft = Draft(run.index)
    try:
        outcome = build(run, draft)
    except Stopped as stopped:
        outcome = Outcome.CANCELLED if stopped.cancelled else Outcome.OUT_OF_TIME
    if outcome is Outcome.INFEASIBLE:
        return Plan(outcome, problem_hash(run.index.problem), shortages=draft.shortages)
    return finished(run.index, draft, outcome)


def finished(index: Index, draft: Draft, outcome: Outcome) -> Plan:
    """The draft as a plan: its needs left open, its points and bounds. Of a run that ended early the best complete
    plan, if there is one, beside the bounds of the stages that ended."""
    whole = draft.whole if draft.is_complete or draft.best is None else draft.best
    plan = plan_of(index, whole, outcome, problem_hash(index.problem))
    stages = tuple(_answered(s, plan) for s in sorted(draft.stages, key=lambda s: STAGES.index(s.name)))
    bounds = [s.bound for s in stages if s.bound is not None and not s.conditional]
    return replace(
        plan,
        stages=stages,
        levels=plan_levels(stages, plan.terms),
        bound=round(sum(bounds), 2) if bounds and _is_certified(draft, outcome, stages) else None,
    )


def _is_certified(draft: Draft, outcome: Outcome, stages: tuple[Stage, ...]) -> bool:
    """Whether the stages' bounds speak of this plan: of a run that ended early, only if everything but times and
    appointments was decided, and the complete plan in hand follows all of it."""
    if outcome not in UNFINISHED:
        return True
    decided = {stage.name for stage in stages}
    follows = all(stage.how != FIRST_PLAN for stage in stages)
    return draft.best is not None and follows and decided.issuperset(set(STAGES) - set(AFTERWARDS))


def _answered(stage: Stage, plan: Plan) -> Stage:
    """The stage with its value in the plan. Where the plan took another answer than the stage's own, its bound is a
    bound still, but its levels are not the plan's."""
    value = stage_points(plan.terms, stage.name)
    if abs(value - stage.value) < CENT:
        return replace(stage, value=value)
    bound = None if stage.bound is None else min(stage.bound, value)
    return replace(stage, value=value, bound=bound, status="feasible", how=FIRST_PLAN, levels=())


def engine_name() -> str:
    """The versions that made a plan."""
    return ", ".join(f"{name} {_version(name)}" for name in ("foyer", "ortools"))


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "?"
