"""What a run was asked to plan: the house as it is today, with the weights and the decisions of its parameters."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from foyer.cycles.house import HouseFacts, load_facts
from foyer.cycles.models import Cycle, Plan
from foyer.cycles.opened import opened
from foyer.cycles.pins import pinned_problem
from foyer.cycles.planning import build_problem, problem_of
from foyer.cycles.queries import get_cycle, get_plan
from foyer.cycles.weighing import weighed, weighed_like
from foyer.database import db
from foyer.scheduling.problem import Problem
from foyer.scheduling.repairing.request import RepairRequest


def problem_asked(asked: Mapping[str, Any]) -> Problem:
    """The problem of a run with these parameters (see ``services.generate_plan``)."""
    if is_repair(asked):
        return problem_to_repair(asked, facts_asked(asked), get_plan(int(asked["plan_id"])))
    problem = build_problem(get_cycle(int(asked["cycle_id"])))
    parent = parent_asked(asked)
    if "weights" in asked:
        problem = weighed(problem, asked["weights"])
    elif parent is not None:
        problem = weighed_like(problem, opened(parent).problem)
    return pinned_problem(problem, asked.get("pins", ()))


def is_repair(asked: Mapping[str, Any]) -> bool:
    """Whether the run was asked to repair a published plan (see ``repairs.start_repair``)."""
    return "from_on" in asked


def facts_asked(asked: Mapping[str, Any], cycle: Cycle | None = None) -> HouseFacts:
    """The house's rows for a run with these parameters: for a repair as they hold from its day on. ``cycle``: the
    run's, where it is at hand."""
    day = date.fromisoformat(asked["from_on"]) if is_repair(asked) else None
    return load_facts(cycle or get_cycle(int(asked["cycle_id"])), day)


def problem_to_repair(asked: Mapping[str, Any], facts: HouseFacts, published: Plan) -> Problem:
    """The house as it is from the repair's day on, weighed and pinned like the published plan; ``without_pins``: what
    has happened is stronger than what was pinned."""
    pins = () if asked.get("without_pins") else published.pins
    return pinned_problem(weighed_like(problem_of(facts), opened(published).problem), pins)


def request_asked(asked: Mapping[str, Any], cycle: Cycle) -> RepairRequest:
    """From which night on a repair may change something, and how much."""
    return RepairRequest(
        cycle.night_number(date.fromisoformat(asked["from_on"])),
        most_changes=asked.get("most_changes"),
        most_per_resident=asked.get("most_per_resident"),
        place_unplaced=bool(asked.get("place_unplaced")),
    )


def parent_asked(asked: Mapping[str, Any]) -> Plan | None:
    """The plan that the draft is made from; it may have been thrown away meanwhile."""
    return db.session.scalar(select(Plan).where(Plan.id == asked.get("parent_id")))
