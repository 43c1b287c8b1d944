"""``solve``: the stages in order, and the plan they make together (docs/engine.md, section 6)."""

from __future__ import annotations

from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version

from foyer.scheduling.counting import shortages
from foyer.scheduling.digest import problem_hash
from foyer.scheduling.index import Index
from foyer.scheduling.pipeline import Draft, build
from foyer.scheduling.plan import (
    UNFINISHED,
    Limits,
    Outcome,
    Plan,
    ProgressHook,
    StopHook,
    keep_quiet,
    never_stop,
)
from foyer.scheduling.problem import Problem
from foyer.scheduling.run import Run, Stopped
from foyer.scheduling.score import STAGES, score_of, stage_points, terms_of
from foyer.scheduling.validation import InvalidProblem, faults_of


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
    run = Run(Index(problem), limits, progress, stop, stages=len(STAGES))
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
    """The draft as a plan: its needs left open, its points and bounds."""
    plan = Plan(
        outcome,
        problem_hash(index.problem),
        seats=draft.seats,
        caseloads=draft.caseloads,
        lodgings=draft.lodgings,
        meetings=draft.meetings,
        appointments=draft.appointments,
        unmet=draft.unmet(),
    )
    terms = terms_of(index, plan)
    stages = tuple(replace(s, value=stage_points(terms, s.name)) for s in draft.stages)
    bounds = [s.bound for s in stages if s.bound is not None]
    return replace(
        plan,
        stages=stages,
        terms=terms,
        score=score_of(terms),
        bound=round(sum(bounds), 2) if outcome not in UNFINISHED and bounds else None,
    )


def engine_name() -> str:
    """The versions that made a plan."""
    return ", ".join(f"{name} {_version(name)}" for name in ("foyer", "ortools"))


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "?"
