"""What every page of a draft says about the changes to it: whether a step can be undone, what is pinned, and what
others did meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import exists, select

from foyer.accounts.models import User
from foyer.cycles.acts import VERB_OF, Act
from foyer.cycles.models import Plan, PlanState, PlanStep
from foyer.cycles.opened import opened
from foyer.cycles.plan_names import names_in
from foyer.cycles.wish_words import moment_words
from foyer.cycles.words.acts import act_words, pin_words
from foyer.cycles.words.names import HouseNames
from foyer.database import db
from foyer.residences.models import Residence


@dataclass(frozen=True, slots=True)
class ActLine:
    """One act in words: who, when on the house's clock, what."""

    who: str
    at: str
    words: str


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step of the draft. ``is_done``: it was not undone since."""

    number: int
    line: ActLine
    is_done: bool


@dataclass(frozen=True, slots=True)
class PinLine:
    """One pin: as the form has it, and in words."""

    fields: dict[str, str]
    words: str


@dataclass(frozen=True, slots=True)
class StudioBar:
    """What the bar above the pages of a draft offers."""

    can_undo: bool
    can_redo: bool
    steps: int
    pins: int


def studio_bar(plan: Plan) -> StudioBar | None:
    """The bar of a draft; None for a plan that cannot be changed by hand. At most one query."""
    if plan.state is not PlanState.DRAFT:
        return None
    return StudioBar(plan.step > 0, can_redo(plan), plan.step, len(plan.pins))


def can_redo(plan: Plan) -> bool:
    """Whether a step was undone that can be done again."""
    later = select(PlanStep.id).where(PlanStep.plan_id == plan.id, PlanStep.number == plan.step + 1)
    return bool(db.session.scalar(select(exists(later))))


def act_lines(plan: Plan, acts: Sequence[Act]) -> list[ActLine]:
    """The acts in words, in their order. For managers: they name residents."""
    if not acts:
        return []
    names, zone = _names(plan), _time_zone(plan)
    return [ActLine(a.actor, moment_words(a.at, zone), act_words(a.verb, a.detail, names)) for a in acts]


def step_lines(plan: Plan) -> list[StepLine]:
    """The draft's steps in words, newest first, those that were undone among them."""
    rows = db.session.execute(
        select(PlanStep, User.display_name)
        .outerjoin(User, User.id == PlanStep.made_by_id)
        .where(PlanStep.plan_id == plan.id)
        .order_by(PlanStep.number.desc())
    ).all()
    names, zone = _names(plan), _time_zone(plan)
    return [
        StepLine(
            step.number,
            ActLine(who or "", moment_words(step.made_at, zone), act_words(VERB_OF[step.action], step.detail, names)),
            step.number <= plan.step,
        )
        for step, who in rows
    ]


def pin_lines(plan: Plan) -> list[PinLine]:
    """What is pinned in the draft, in words, in their order."""
    names = _names(plan)
    lines = [
        PinLine(
            {"enrolment": row["resident"], "kind": row["kind"], "target": row["target"]},
            pin_words(row["kind"], row["resident"], row["target"], names),
        )
        for row in plan.pins
    ]
    return sorted(lines, key=lambda line: line.words)


def _names(plan: Plan) -> HouseNames:
    return names_in(plan, opened(plan).problem)


def _time_zone(plan: Plan) -> str:
    return db.session.get_one(Residence, plan.residence_id).time_zone
