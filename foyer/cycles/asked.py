"""What a run was asked to plan: the house as it is today, with the weights and the decisions of its parameters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from foyer.cycles.models import Plan
from foyer.cycles.opened import opened
from foyer.cycles.pins import pinned_problem
from foyer.cycles.planning import build_problem
from foyer.cycles.queries import get_cycle
from foyer.cycles.weighing import weighed, weighed_like
from foyer.database import db
from foyer.scheduling.problem import Problem


def problem_asked(asked: Mapping[str, Any]) -> Problem:
    """The problem of a run with these parameters (see ``services.generate_plan``)."""
    problem = build_problem(get_cycle(int(asked["cycle_id"])))
    parent = parent_asked(asked)
    if "weights" in asked:
        problem = weighed(problem, asked["weights"])
    elif parent is not None:
        problem = weighed_like(problem, opened(parent).problem)
    return pinned_problem(problem, asked.get("pins", ()))


def parent_asked(asked: Mapping[str, Any]) -> Plan | None:
    """The plan that the draft is made from; it may have been thrown away meanwhile."""
    return db.session.scalar(select(Plan).where(Plan.id == asked.get("parent_id")))
