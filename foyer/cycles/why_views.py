"""Why a resident has what a plan gives: asked of the engine on the stored problem and plan. For managers only."""

from __future__ import annotations

from flask import render_template
from sqlalchemy import literal, select, union_all
from sqlalchemy.orm import joinedload

from foyer.accounts.access import allow
from foyer.accounts.models import Role
from foyer.audit.services import record_read
from foyer.cycles.blueprint import pages
from foyer.cycles.models import Enrolment, Plan, TeachingGroup
from foyer.cycles.opened import opened
from foyer.cycles.queries import get_plan
from foyer.cycles.words.levels import points_explained
from foyer.cycles.words.names import HouseNames
from foyer.cycles.words.why import NeedWords, why_words
from foyer.database import db
from foyer.errors import NotFound
from foyer.residences.models import Room, Staff, Trade, Venue
from foyer.residents.models import Stay
from foyer.scheduling import explain
from foyer.scheduling.problem import Problem


@pages.get("/<int:cycle_id>/plans/<int:plan_id>/residents/<int:enrolment_id>/why")
@allow(Role.MANAGER)
def plan_why(cycle_id: int, plan_id: int, enrolment_id: int) -> str:
    """Need by need what was wished and got, and what stood in the way. It can tell of restricted needs, so that it was
    read is written down."""
    found = get_plan(plan_id, cycle_id)
    enrolment = _enrolment(enrolment_id, cycle_id)
    record_read(enrolment.stay, resident_id=enrolment.stay.resident_id)
    return render_template(
        "cycles/plan_why.html",
        cycle=found.cycle,
        plan=found,
        enrolment=enrolment,
        needs=_needs(found, enrolment),
        points_explained=points_explained(),
    )


def _enrolment(enrolment_id: int, cycle_id: int) -> Enrolment:
    found = db.session.scalar(
        select(Enrolment)
        .where(Enrolment.id == enrolment_id, Enrolment.cycle_id == cycle_id)
        .options(joinedload(Enrolment.stay).joinedload(Stay.resident))
    )
    if found is None:
        raise NotFound("enrolment")
    return found


def _needs(plan: Plan, enrolment: Enrolment) -> tuple[NeedWords, ...] | None:
    """None where the plan was made without this resident."""
    studied, who = opened(plan), str(enrolment.id)
    if all(resident.id != who for resident in studied.problem.residents):
        return None
    (explanation,) = explain(studied.problem, studied.answer, who).residents
    return why_words(explanation, _names(plan, enrolment, studied.problem))


def _names(plan: Plan, enrolment: Enrolment, problem: Problem) -> HouseNames:
    """The names that an explanation can need: of residents only the own; hours as they were in the problem."""
    known = _known(plan)
    return HouseNames(
        plan.cycle.night(0),
        residents={str(enrolment.id): enrolment.stay.resident.full_name},
        groups=known["groups"],
        rooms=known["rooms"],
        staff=known["staff"],
        venues=known["venues"],
        subjects=known["trades"],
        periods={period.id: period for period in problem.periods},
    )


def _known(plan: Plan) -> dict[str, dict[str, str]]:
    """Names by kind and id, in one query."""
    columns = {
        "groups": (TeachingGroup.id, TeachingGroup.code),
        "rooms": (Room.id, Room.code),
        "staff": (Staff.id, Staff.full_name),
        "venues": (Venue.id, Venue.name),
        "trades": (Trade.id, Trade.name),
    }
    parts = [
        select(literal(kind).label("kind"), id_, name.label("name")).where(id_.class_.residence_id == plan.residence_id)
        for kind, (id_, name) in columns.items()
    ]
    found: dict[str, dict[str, str]] = {kind: {} for kind in columns}
    for kind, id_, name in db.session.execute(union_all(*parts)):
        found[kind][str(id_)] = name
    return found
