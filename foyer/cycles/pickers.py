"""Whose week can be looked at in a plan."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from foyer.cycles.models import Enrolment, Plan, PlanAppointment, PlanCaseload, PlanMeeting, PlanSeat, TeachingGroup
from foyer.cycles.weeks import (
    Slot,
    group_title,
    slots_of_enrolment,
    slots_of_group,
    slots_of_staff,
    slots_of_venue,
    week_of,
)
from foyer.database import db
from foyer.names import name_key
from foyer.residences.models import Staff, Venue
from foyer.residents.models import Resident, Stay
from foyer.residents.naming import outside_name
from foyer.timetable import Door, Week


@dataclass(frozen=True, slots=True)
class Pick:
    kind: str  # group, resident, counsellor, instructor, venue
    id: int
    name: str
    paper: str = ""  # as it is printed, where that is not the name

    @property
    def key(self) -> str:
        return f"{self.kind}-{self.id}"


_SLOTS = {
    "group": slots_of_group,
    "resident": slots_of_enrolment,
    "counsellor": slots_of_staff,
    "instructor": slots_of_staff,
    "venue": slots_of_venue,
}


def week_of_pick(plan: Plan, pick: Pick, door: Callable[[Slot], Door]) -> Week:
    """The weekly pattern of whoever or whatever was picked. ``door``: where a session can be asked about."""
    slots = _SLOTS[pick.kind](plan, pick.id)
    return week_of(plan, [replace(slot, session=replace(slot.session, door=door(slot))) for slot in slots])


def picks_of(plan: Plan) -> dict[str, list[Pick]]:
    """Everybody and everything with a week in the plan, by kind and name; four queries."""
    return {"group": _groups(plan), "resident": _residents(plan), **_staff(plan), "venue": _venues(plan)}


def matching(picks: dict[str, list[Pick]], wanted: str) -> dict[str, list[Pick]]:
    """Those whose name has every word that is looked for; where a name is exactly that, only those of that name."""
    words, whole = name_key(wanted).split(), name_key(wanted)
    exact = {kind: [p for p in those if name_key(p.name) == whole] for kind, those in picks.items()}
    if any(exact.values()):
        return exact
    return {kind: [p for p in those if all(w in name_key(p.name) for w in words)] for kind, those in picks.items()}


def _groups(plan: Plan) -> list[Pick]:
    meeting = select(PlanMeeting.group_id).where(PlanMeeting.plan_id == plan.id)
    rows = db.session.scalars(
        select(TeachingGroup)
        .where(TeachingGroup.id.in_(meeting))
        .options(joinedload(TeachingGroup.trade))
        .order_by(TeachingGroup.kind.desc(), TeachingGroup.code)
    )
    return [Pick("group", row.id, group_title(row)) for row in rows]


def _residents(plan: Plan) -> list[Pick]:
    seated = select(PlanSeat.enrolment_id).where(PlanSeat.plan_id == plan.id)
    booked = select(PlanAppointment.enrolment_id).where(PlanAppointment.plan_id == plan.id)
    rows = db.session.execute(
        select(Enrolment.id, Resident.full_name, outside_name())
        .join(Stay, Stay.id == Enrolment.stay_id)
        .join(Resident, Resident.id == Stay.resident_id)
        .where(Enrolment.id.in_(seated.union(booked)))
        .order_by(Resident.name_key, Enrolment.id)
    )
    return [Pick("resident", id_, name, paper) for id_, name, paper in rows]


def _staff(plan: Plan) -> dict[str, list[Pick]]:
    counsels = Staff.id.in_(select(PlanCaseload.staff_id).where(PlanCaseload.plan_id == plan.id))
    teaching = select(PlanMeeting.instructor_id).where(PlanMeeting.plan_id == plan.id)
    teaches = Staff.id.in_(teaching.where(PlanMeeting.instructor_id.is_not(None)))
    rows = db.session.execute(
        select(Staff.id, Staff.full_name, counsels, teaches).where(or_(counsels, teaches)).order_by(Staff.name_key)
    ).all()
    return {
        kind: [Pick(kind, row[0], row[1]) for row in rows if row[at]]
        for kind, at in (("counsellor", 2), ("instructor", 3))
    }


def _venues(plan: Plan) -> list[Pick]:
    used = select(PlanMeeting.venue_id).where(PlanMeeting.plan_id == plan.id, PlanMeeting.venue_id.is_not(None))
    rows = db.session.execute(select(Venue.id, Venue.name).where(Venue.id.in_(used)).order_by(Venue.name_key))
    return [Pick("venue", id_, name) for id_, name in rows]
