"""Who is where in a plan, and where they were in the plan that it is compared with: one query for all of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import Date, Integer, ScalarSelect, Select, cast, func, literal, null, select, union_all
from sqlalchemy.orm import aliased

from foyer.cycles.models import Choice, Enrolment, Plan, PlanCaseload, PlanLodging, PlanSeat, PlanState
from foyer.database import db


class Part(StrEnum):
    """What a row of ``list_placed`` tells."""

    SEAT = "seat"  # of a class or an education group
    COUNSELLOR = "counsellor"
    BED = "bed"
    CHOICE = "choice"  # a trade that was wished, in no plan


@dataclass(frozen=True, slots=True)
class Placed:
    """One row: a resident's seat, counsellor, bed or wish."""

    part: Part
    is_before: bool  # of the plan compared with
    enrolment_id: int
    target_id: int  # group, member of staff, room, trade
    figure: int | None  # which choice a seat is, the bed's number, the wish's rank
    from_on: date | None  # beds: nights [from_on, until_on)
    until_on: date | None


def list_placed(plan: Plan) -> list[Placed]:
    """Every seat, counsellor and bed of the plan and of the one it is compared with, and every wish of its cycle. A
    draft is compared with the cycle's published plan, else with the plan that it was made from; other plans with none.
    """
    wishes = (
        select(
            literal(Part.CHOICE.value),
            literal(plan.id),
            Choice.enrolment_id,
            Choice.trade_id,
            Choice.rank,
            cast(null(), Date),
            cast(null(), Date),
        )
        .join(Enrolment, Enrolment.id == Choice.enrolment_id)
        .where(Enrolment.cycle_id == plan.cycle_id)
    )
    beds = _rows(plan, PlanLodging, Part.BED, PlanLodging.room_id, PlanLodging.bed)
    seats = _rows(plan, PlanSeat, Part.SEAT, PlanSeat.group_id, PlanSeat.choice_rank)
    cases = _rows(plan, PlanCaseload, Part.COUNSELLOR, PlanCaseload.staff_id, cast(null(), Integer))
    rows: Any = db.session.execute(union_all(beds, seats, cases, wishes))
    return [Placed(Part(row[0]), row[1] != plan.id, *row[2:]) for row in rows]


def _rows(plan: Plan, model: Any, part: Part, target: Any, figure: Any) -> Select[Any]:
    is_bed = model is PlanLodging
    return select(
        literal(part.value).label("part"),
        model.plan_id,
        model.enrolment_id,
        target,
        figure,
        PlanLodging.from_on if is_bed else cast(null(), Date),
        PlanLodging.until_on if is_bed else cast(null(), Date),
    ).where(model.plan_id.in_([plan.id, _compared(plan)] if plan.state is PlanState.DRAFT else [plan.id]))


def _compared(plan: Plan) -> ScalarSelect[Any]:
    """The id of the plan that a draft is compared with, asked within the same statement."""
    other = aliased(Plan)
    published = select(other.id).where(other.cycle_id == plan.cycle_id, other.state == PlanState.PUBLISHED)
    return select(func.coalesce(published.scalar_subquery(), plan.parent_id)).scalar_subquery()
