"""The drafts of a cycle side by side: figures from the tables, a fixed number of queries however many there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from sqlalchemy import func, select
from sqlalchemy.orm import undefer

from foyer.cycles.models import Cycle, Enrolment, GroupKind, Plan, PlanCaseload, PlanSeat, PlanState, TeachingGroup
from foyer.cycles.presets import WeightField, differing
from foyer.cycles.problem_parts import weights_of
from foyer.cycles.standing import Since, changes_since
from foyer.database import db
from foyer.residences.models import Residence
from foyer.scheduling.files import read_plan, read_problem
from foyer.scheduling.index import Index
from foyer.scheduling.problem import Fairness, Weights
from foyer.scheduling.score import score_of, terms_of

SHOWN = (PlanState.DRAFT, PlanState.PUBLISHED)


@dataclass(frozen=True, slots=True)
class Draft:
    """One plan with its figures. ``score``: by the house's weights; ``is_own``: its own score counts otherwise.
    ``choices``: how many got which choice, None for none of them; ``spread``: the smallest and the largest caseload."""

    plan: Plan
    score: float
    is_own: bool
    fairness: Fairness
    weights: list[tuple[WeightField, int, int]]
    choices: dict[int | None, int]
    wished: int
    spread: tuple[int, int] | None
    since: Since = field(default_factory=Since)

    @property
    def firsts(self) -> int:
        return self.choices.get(1, 0)

    def times(self, *wishes: str) -> int:
        """How often these wishes are hurt."""
        return sum(term["count"] for term in self.plan.terms if term["wish"] in wishes)


def list_drafts(cycle: Cycle) -> list[Draft]:
    """The published plan, then the drafts, newest first."""
    plans = db.session.scalars(
        select(Plan)
        .where(Plan.cycle_id == cycle.id, Plan.state.in_(SHOWN))
        .options(undefer(Plan.problem), undefer(Plan.answer))
        .order_by(Plan.state != PlanState.PUBLISHED, Plan.number.desc())
    ).all()
    house = weights_of(db.session.get_one(Residence, cycle.residence_id).weights)
    choices, spreads, since = _choices(cycle), _spreads(cycle), changes_since(cycle, plans)
    wished = _wished(cycle)
    return [
        _draft(plan, house, choices[plan.id], wished, spreads.get(plan.id), since.get(plan.id, Since()))
        for plan in plans
    ]


def _draft(
    plan: Plan,
    house: Weights,
    choices: dict[int | None, int],
    wished: int,
    spread: tuple[int, int] | None,
    since: Since,
) -> Draft:
    weights, fairness = _weighing(plan.problem)
    is_own = weights != house
    score = score_by(plan.problem, plan.answer, house) if is_own else plan.score
    return Draft(plan, score, is_own, fairness, differing(weights, house), choices, wished, spread, since)


@lru_cache(maxsize=64)
def _weighing(problem: str) -> tuple[Weights, Fairness]:
    """What a stored problem weighs, and what it calls fair."""
    read = read_problem(problem)
    return read.weights, read.fairness


@lru_cache(maxsize=64)
def score_by(problem: str, answer: str, weights: Weights) -> float:
    """The points of a stored plan as these weights count it: they make plans of different weights comparable."""
    return score_of(terms_of(Index(replace(read_problem(problem), weights=weights)), read_plan(answer)))


def _choices(cycle: Cycle) -> dict[int, dict[int | None, int]]:
    """By plan: how many of those who chose got which choice."""
    chose = select(Enrolment.id).where(Enrolment.cycle_id == cycle.id, Enrolment.choices.any())
    rows = db.session.execute(
        select(PlanSeat.plan_id, PlanSeat.choice_rank, func.count(PlanSeat.id))
        .join(Plan, Plan.id == PlanSeat.plan_id)
        .join(TeachingGroup, TeachingGroup.id == PlanSeat.group_id)
        .where(
            Plan.cycle_id == cycle.id,
            Plan.state.in_(SHOWN),
            TeachingGroup.kind == GroupKind.VOCATIONAL,
            PlanSeat.enrolment_id.in_(chose),
        )
        .group_by(PlanSeat.plan_id, PlanSeat.choice_rank)
    )
    found: dict[int, dict[int | None, int]] = defaultdict(dict)
    for plan_id, rank, count in rows:
        found[plan_id][rank] = count
    return found


def _wished(cycle: Cycle) -> int:
    """How many residents of the cycle chose a class."""
    return (
        db.session.scalar(
            select(func.count(Enrolment.id)).where(Enrolment.cycle_id == cycle.id, Enrolment.choices.any())
        )
        or 0
    )


def _spreads(cycle: Cycle) -> dict[int, tuple[int, int]]:
    """By plan: the smallest and the largest caseload of those who have one."""
    loads = (
        select(PlanCaseload.plan_id, func.count(PlanCaseload.id).label("cases"))
        .join(Plan, Plan.id == PlanCaseload.plan_id)
        .where(Plan.cycle_id == cycle.id, Plan.state.in_(SHOWN))
        .group_by(PlanCaseload.plan_id, PlanCaseload.staff_id)
        .subquery()
    )
    rows = db.session.execute(
        select(loads.c.plan_id, func.min(loads.c.cases), func.max(loads.c.cases)).group_by(loads.c.plan_id)
    )
    return {plan_id: (least, most) for plan_id, least, most in rows}


def best_of(drafts: Sequence[Draft]) -> set[int]:
    """The plans with the fewest points by the house's weights, where there are several to choose from."""
    if len(drafts) < 2:
        return set()
    least = min(draft.score for draft in drafts)
    return {draft.plan.id for draft in drafts if draft.score <= least + 0.005}
