"""What was done to one resident in a draft by hand: those of its steps that concern this resident, and nobody else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from foyer.accounts.models import User
from foyer.cycles.acts import VERB_OF
from foyer.cycles.models import Plan, PlanStep
from foyer.cycles.studio import ActLine
from foyer.cycles.wish_words import moment_words
from foyer.cycles.words.acts import act_words
from foyer.cycles.words.names import HouseNames
from foyer.database import db
from foyer.residences.models import Residence


def steps_about(plan: Plan, resident: str, names: HouseNames) -> tuple[ActLine, ...]:
    """The steps that stand, newest first, each told as far as it is about this resident. ``resident``: as the engine
    knows the enrolment."""
    if not plan.step:
        return ()
    rows = db.session.execute(
        select(PlanStep, User.display_name)
        .outerjoin(User, User.id == PlanStep.made_by_id)
        .where(PlanStep.plan_id == plan.id, PlanStep.number <= plan.step)
        .order_by(PlanStep.number.desc())
    ).all()
    zone = db.session.get_one(Residence, plan.residence_id).time_zone
    return tuple(
        ActLine(who or "", moment_words(step.made_at, zone), act_words(VERB_OF[step.action], own, names))
        for step, who in rows
        if (own := _own(step.detail, resident))
    )


def _own(detail: Mapping[str, Any], resident: str) -> dict[str, Any]:
    """The part of a step's detail that is about the resident; empty where nothing is."""
    found = {name: [row for row in detail.get(name, ()) if row[1] == resident] for name in ("changes", "pins")}
    return {name: rows for name, rows in found.items() if rows}
