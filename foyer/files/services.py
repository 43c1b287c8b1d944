"""Who may see which file, and who may enter whose wishes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from foyer.accounts.models import Role, User
from foyer.cycles.models import Choice, Cycle, Enrolment, Plan, PlanCaseload
from foyer.cycles.queries import current_versions
from foyer.cycles.versions import Versions
from foyer.cycles.wish_queries import counsellor_id_of
from foyer.database import db
from foyer.errors import NotFound
from foyer.residences.models import Residence, Staff
from foyer.residences.services import now_in, today_in
from foyer.residents.models import Resident, Stay


@dataclass(frozen=True)
class Desk:
    """Where somebody of the staff stands: the house, its day, the published plan that concerns it in all its versions,
    and who one is."""

    actor: User
    residence: Residence
    today: date
    versions: Versions | None
    staff: Staff | None

    @property
    def plan(self) -> Plan | None:
        """The version in force today."""
        return self.versions.on(self.today) if self.versions else None

    @property
    def staff_id(self) -> int:
        """Who one is in the house; an id that nobody has where one is nobody."""
        return self.staff.id if self.staff else -1

    @property
    def now(self) -> datetime:
        """The house's clock."""
        return now_in(self.residence)

    @property
    def first_day(self) -> date:
        """Today, or where the plan lies in the future or the past, its first or last day."""
        if self.versions is None:
            return self.today
        cycle = self.versions.cycle
        return min(max(self.today, cycle.starts_on), cycle.night(cycle.nights - 1))


def desk_of(actor: User, residence_id: int) -> Desk:
    """The desk of somebody of the staff, today."""
    residence = db.session.get_one(Residence, residence_id)
    today = today_in(residence)
    staff = db.session.scalar(select(Staff).where(Staff.user_id == actor.id, Staff.is_active.is_(True)))
    return Desk(actor, residence, today, current_versions(residence_id, today), staff)


def resident_for(desk: Desk, resident_id: int) -> Resident:
    """The file, if the actor may see it: a manager every one of the house, a counsellor those of the own published
    caseload. Raises NotFound for everything else, so that nobody learns who lives here."""
    query = select(Resident).where(Resident.id == resident_id).options(selectinload(Resident.stays))
    if desk.actor.role is not Role.MANAGER:
        if desk.actor.role is not Role.COUNSELLOR or desk.staff is None or desk.plan is None:
            raise NotFound("resident")
        own = (
            select(Stay.resident_id)
            .join(Enrolment, Enrolment.stay_id == Stay.id)
            .join(PlanCaseload, PlanCaseload.enrolment_id == Enrolment.id)
            .where(PlanCaseload.plan_id == desk.plan.id, PlanCaseload.staff_id == desk.staff.id)
        )
        query = query.where(Resident.id.in_(own))
    resident = db.session.scalar(query)
    if resident is None:
        raise NotFound("resident")
    return resident


def enrolment_for_wishes(desk: Desk, resident_id: int, enrolment_id: int) -> Enrolment:
    """A resident's place in a cycle with the wishes, if the actor may enter them: a manager every one of the house, a
    counsellor those whom ``counsellor_id_of`` gives. Raises NotFound for everything else."""
    query = (
        select(Enrolment)
        .join(Enrolment.stay)
        .where(Enrolment.id == enrolment_id, Stay.resident_id == resident_id)
        .options(
            contains_eager(Enrolment.stay).joinedload(Stay.resident),
            selectinload(Enrolment.choices).joinedload(Choice.trade),
        )
        .execution_options(populate_existing=True)
    )
    if desk.actor.role is not Role.MANAGER:
        loads, helper = counsellor_id_of(desk.plan)
        query = query.outerjoin(loads, loads.c.resident_id == Stay.resident_id).where(helper == desk.staff_id)
    found = db.session.scalar(query)
    if found is None:
        raise NotFound("enrolment")
    return found


def stay_on(resident: Resident, day: date) -> Stay | None:
    """The stay of a day, else the next one, else the last."""
    running = [stay for stay in resident.stays if stay.arrives_on <= day < stay.leaves_on]
    coming = [stay for stay in resident.stays if stay.arrives_on > day]
    return next(iter(running or coming or resident.stays[-1:]), None)


def enrolments_of(resident_id: int) -> Sequence[Enrolment]:
    """A resident's places in cycles, newest first, with choices."""
    return (
        db.session.scalars(
            select(Enrolment)
            .join(Enrolment.stay)
            .join(Cycle, Cycle.id == Enrolment.cycle_id)
            .where(Stay.resident_id == resident_id)
            .options(joinedload(Enrolment.stay), selectinload(Enrolment.choices).joinedload(Choice.trade))
            .order_by(Cycle.starts_on.desc(), Enrolment.id.desc())
        )
        .unique()
        .all()
    )


def monday_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def age_on(born_on: date, day: date) -> int:
    """Whole years on a day."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))
