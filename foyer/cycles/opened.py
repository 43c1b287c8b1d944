"""A stored plan as the engine reads it. Reading a house's two files takes a tenth of a second, so the last few stay
read: pages that ask the engine again and again about the same draft need it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from foyer.cycles.models import Plan
from foyer.scheduling import plan as engine
from foyer.scheduling.files import read_plan, read_problem
from foyer.scheduling.problem import Problem

_problem = lru_cache(maxsize=8)(read_problem)
_answer = lru_cache(maxsize=16)(read_plan)


@dataclass(frozen=True, slots=True)
class Opened:
    """What was asked and what was answered. The same objects for the same texts: what is made of them can be kept by
    identity."""

    problem: Problem
    answer: engine.Plan


def opened(plan: Plan) -> Opened:
    """The plan's own problem and answer, ids only."""
    return Opened(_problem(plan.problem), _answer(plan.answer))
