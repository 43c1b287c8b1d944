"""What counsellors and instructors see first: today, then their people. One definition for each figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from foyer.cycles.collecting import WishCollection
from foyer.cycles.house_days import HouseDays, house_days
from foyer.cycles.models import (
    Cycle,
    GroupKind,
    Plan,
    PlanLodging,
    PlanSeat,
    TeachingGroup,
)
from foyer.cycles.queries import caseload_of, groups_of_instructor, members_of_group
from foyer.cycles.weeks import DatedSession, Slot, appointments_of_staff, sessions_on
from foyer.cycles.wish_queries import list_wishers, open_collections
from foyer.database import db
from foyer.errors import NotFound
from foyer.residents.models import Resident, Stay
from foyer.today.services import Person


@dataclass(frozen=True)
class CaseloadRow:
    """One resident of a caseload: what the counsellor needs at a glance."""

    resident: Resident
    stay: Stay
    class_code: str | None
    room_code: str | None
    next_appointment: DatedSession | None


@dataclass(frozen=True)
class TaughtGroup:
    group: TeachingGroup
    members: int


def caseload_rows(person: Person) -> list[CaseloadRow]:
    """The counsellor's residents, by name, in a fixed number of queries."""
    if person.plan is None or person.staff is None:
        return []
    loads = caseload_of(person.plan, person.staff.id)
    ids = [load.enrolment_id for load in loads]
    classes, rooms = _classes(person.plan, ids), _rooms(person.plan, ids, person.first_day)
    appointments = _next_appointments(person)
    return [
        CaseloadRow(
            resident=load.enrolment.stay.resident,
            stay=load.enrolment.stay,
            class_code=classes.get(load.enrolment_id),
            room_code=rooms.get(load.enrolment_id),
            next_appointment=appointments.get(load.enrolment_id),
        )
        for load in loads
    ]


def wishes_missing(person: Person) -> list[tuple[WishCollection, int]]:
    """The collections that are open today, with how many of the counsellor's residents have not chosen."""
    if person.staff is None:
        return []
    return [
        (asked, len(list_wishers(asked.cycle, person.plan, counsellor_id=person.staff.id)))
        for asked in open_collections(person.residence.id, person.today)
    ]


def taught_groups(person: Person) -> list[TaughtGroup]:
    """The classes of an instructor or tutor, with how many sit in each."""
    if person.plan is None or person.staff is None:
        return []
    groups = groups_of_instructor(person.plan, person.staff.id)
    counts = db.session.execute(
        select(PlanSeat.group_id, func.count(PlanSeat.id))
        .where(PlanSeat.plan_id == person.plan.id, PlanSeat.group_id.in_([group.id for group in groups]))
        .group_by(PlanSeat.group_id)
    )
    members = {group_id: count for group_id, count in counts}  # noqa: C416  rows are no pairs to dict()
    return [TaughtGroup(group, members.get(group.id, 0)) for group in groups]


def taught_group(person: Person, group_id: int) -> tuple[TeachingGroup, Sequence[PlanSeat]]:
    """A class of one's own and who sits in it. Raises NotFound for classes of others."""
    own = next((taught.group for taught in taught_groups(person) if taught.group.id == group_id), None)
    if own is None or person.plan is None:
        raise NotFound("group")
    return own, members_of_group(person.plan, group_id)


def _classes(plan: Plan, enrolment_ids: Sequence[int]) -> dict[int, str]:
    rows = db.session.execute(
        select(PlanSeat.enrolment_id, TeachingGroup.code)
        .join(PlanSeat.group)
        .where(
            PlanSeat.plan_id == plan.id,
            PlanSeat.enrolment_id.in_(enrolment_ids),
            TeachingGroup.kind == GroupKind.VOCATIONAL,
        )
    )
    return {enrolment_id: code for enrolment_id, code in rows}  # noqa: C416


def _rooms(plan: Plan, enrolment_ids: Sequence[int], night: date) -> dict[int, str]:
    """The room of the night, or the first one for those who have not arrived."""
    lodgings = db.session.scalars(
        select(PlanLodging)
        .where(
            PlanLodging.plan_id == plan.id, PlanLodging.enrolment_id.in_(enrolment_ids), PlanLodging.until_on > night
        )
        .options(joinedload(PlanLodging.room))
        .order_by(PlanLodging.from_on.desc())
    )
    return {lodging.enrolment_id: lodging.room.code for lodging in lodgings}


def _next_appointments(person: Person) -> dict[int, DatedSession]:
    """For each enrolment the next appointment that still lies ahead."""
    if person.versions is None or person.staff is None:
        return {}
    cycle = person.versions.cycle
    calendar = house_days(cycle.residence_id, person.first_day, cycle.ends_on)
    found: dict[int, DatedSession] = {}
    for enrolment_id, slot in appointments_of_staff(person.versions, person.staff.id):
        session = _first_ahead(slot, person, cycle, calendar)
        earlier = found.get(enrolment_id)
        if session is not None and (earlier is None or (session.on, session.start) < (earlier.on, earlier.start)):
            found[enrolment_id] = session
    return found


def _first_ahead(slot: Slot, person: Person, cycle: Cycle, calendar: HouseDays) -> DatedSession | None:
    """When a slot takes place next."""
    days = (person.first_day + timedelta(days=n) for n in range((cycle.ends_on - person.first_day).days))
    ahead = (
        session
        for day in days
        if slot.falls_on(day, cycle)
        for session in sessions_on(slot, day, calendar)
        if day != person.today or session.end > person.minute
    )
    return next(ahead, None)
