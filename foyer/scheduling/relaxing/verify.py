"""That a way out is one: nothing short any more, and a plan that keeps every other rule and meets every need."""

from __future__ import annotations

from dataclasses import replace

from foyer.scheduling.best import plan_of
from foyer.scheduling.checker import check
from foyer.scheduling.counting import shortages
from foyer.scheduling.digest import problem_hash
from foyer.scheduling.engine import solve
from foyer.scheduling.index import Index
from foyer.scheduling.plan import UNFINISHED, Outcome, Plan, StopHook, keep_quiet
from foyer.scheduling.problem import Problem
from foyer.scheduling.quick.whole import Decided, complete
from foyer.scheduling.run import Run
from foyer.scheduling.validation import faults_of

SHARE = 0.3  # of the remaining time, for one full search


class Verifier:
    """Looks for full plans within the run's time. Raises Stopped where the run is to end."""

    def __init__(self, run: Run, stop: StopHook) -> None:
        self.run, self.stop = run, stop

    def run_on(self, index: Index) -> Run:
        """A run on another problem within the time that is left."""
        self.run.check_stop()
        limits = replace(self.run.limits, seconds=max(0.5, self.run.remaining()))
        return Run(index, limits, keep_quiet, self.stop, stages=1)

    def full_plan(self, problem: Problem) -> Plan | None:
        """A plan that keeps every rule and meets every need: a quick one, or that of a full search. None where none was
        found in time, or there is none."""
        if faults_of(problem) or shortages(problem):
            return None
        index = Index(problem)
        whole = complete(index, Decided(), self.run.limits.seed, self.run.check_stop)
        plan = plan_of(index, whole, Outcome.FEASIBLE, problem_hash(problem)) if whole else None
        if plan is None or not is_full(problem, plan):
            plan = self.searched(problem)
        return plan if is_full(problem, plan) else None

    def searched(self, problem: Problem) -> Plan:
        """The engine's plan within a share of the time."""
        limits = replace(self.run.limits, seconds=max(0.5, self.run.remaining() * SHARE))
        plan = solve(problem, limits, stop=self.stop)
        self.run.check_stop()
        return plan


def is_full(problem: Problem, plan: Plan) -> bool:
    """Whether nothing is missing and nothing broken."""
    ended = plan.outcome is not Outcome.INFEASIBLE and plan.outcome not in UNFINISHED
    return ended and not plan.unmet and not check(problem, plan)
