"""Where a resident fits best in a plan, and giving one of these placements to the resident.

Somebody who came after the plan was made is not in its problem: then the house as it is today is asked, with the plan
as it stands, and a placement becomes a new draft: the plan's copy with the resident in it. The plan itself stays.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256

from sqlalchemy import select

from foyer.cycles.asking import is_in
from foyer.cycles.changing import StaleDraft, rearrange
from foyer.cycles.models import CycleState, Enrolment, Plan, PlanOrigin
from foyer.cycles.pinning import studied
from foyer.cycles.pins import pinned_problem
from foyer.cycles.planning import build_problem, store_plan
from foyer.cycles.services import CycleClosed
from foyer.database import db
from foyer.scheduling import plan as engine
from foyer.scheduling import recommend
from foyer.scheduling.answers.forms import Placement, Recommendations
from foyer.scheduling.answers.viewing import ForeignPlan
from foyer.scheduling.answers.what_if import UnknownWish
from foyer.scheduling.files import problem_hash, write_plan
from foyer.scheduling.problem import Problem

MOST_MOVED = 3


@dataclass(frozen=True, slots=True)
class Recommended:
    """``problem``: what was asked about: the plan's own, or today's house where the resident ``is_new`` to the plan."""

    problem: Problem
    answer: Recommendations
    is_new: bool


def recommended(plan: Plan, enrolment: Enrolment, most_moved: int) -> Recommended | None:
    """The best placements with at most ``most_moved`` others moved. None where the house is no longer the one that the
    plan was made for, so that the plan cannot be completed."""
    is_new = not is_in(plan, enrolment)
    found = studied(plan)
    problem = pinned_problem(build_problem(plan.cycle), plan.pins) if is_new else found.problem
    try:
        answer = recommend(problem, found.answer, str(enrolment.id), most_moved)
    except (ForeignPlan, UnknownWish):
        return None
    return Recommended(problem, answer, is_new)


def place(
    *, plan: Plan, version: int | None, enrolment: Enrolment, key: str, most_moved: int, actor_id: int | None
) -> Plan:
    """Give the resident one of the recommended placements, the one with this ``key_of``: as one step of the draft, or
    to somebody new in a new draft. Gives the draft that has it. Raises CycleClosed, StaleDraft where there is no such
    placement any more, and for a resident of the plan as ``rearrange``."""
    if not is_in(plan, enrolment):
        return _take_in(plan, enrolment, key, most_moved, actor_id)
    detail = {"placement": [str(enrolment.id), key]}
    return rearrange(
        plan_id=plan.id,
        version=version,
        detail=detail,
        answer_of=lambda draft: _chosen(recommended(draft, enrolment, most_moved), key),
        actor_id=actor_id,
    )


def key_of(placement: Placement) -> str:
    """A word for what a placement changes: the same again as long as it can be had."""
    changes = sorted((c.kind, c.who, c.before or "", c.after or "") for c in placement.changes)
    return sha256(repr(changes).encode()).hexdigest()[:16]


def _chosen(found: Recommended | None, key: str) -> engine.Plan:
    answer = found.answer if found is not None else None
    placements = (*answer.placements, *filter(None, [answer.with_moves])) if answer is not None else ()
    chosen = next((placement.plan for placement in placements if key_of(placement) == key), None)
    if chosen is None:
        raise StaleDraft("Plan")
    return chosen


def _take_in(plan: Plan, enrolment: Enrolment, key: str, most_moved: int, actor_id: int | None) -> Plan:
    """A new draft: the plan with the resident placed. A second click finds the draft of the first."""
    if plan.cycle.state is CycleState.CLOSED:
        raise CycleClosed
    problem = build_problem(plan.cycle)
    answer = replace(_chosen(recommended(plan, enrolment, most_moved), key), problem_hash=problem_hash(problem))
    last = db.session.scalar(select(Plan).where(Plan.cycle_id == plan.cycle_id).order_by(Plan.number.desc()).limit(1))
    if last is not None and last.parent_id == plan.id and last.answer == write_plan(answer):
        return last
    return store_plan(
        plan.cycle,
        problem,
        answer,
        created_by_id=actor_id,
        origin=PlanOrigin.COPIED,
        parent_id=plan.id,
        pins=plan.pins,
    )
