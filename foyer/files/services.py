"""Who may see which file, and changing what depends on a cycle: the wishes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from foyer.accounts.models import Role, User
from foyer.cycles.models import Choice, Cycle, Enrolment, Plan, PlanCaseload
from foyer.cycles.queries import current_published_plan
from foyer.database import db
from foyer.errors import FoyerError, NotFound, expect_version
from foyer.records import change_record, flush, touch
from foyer.residences.models import Residence, Staff
from foyer.residences.services import today_in
from foyer.residents.models import Resident, Stay


class ChoiceTwice(FoyerError):
    """The same trade stands at two ranks."""


class ChoiceGap(FoyerError):
    """A rank is empty while a later one is not."""


@dataclass(frozen=True)
class Desk:
    """Where somebody of the staff stands: the house, its day, the published plan that concerns it, and who one is."""

    actor: User
    residence: Residence
    today: date
    plan: Plan | None
    staff: Staff | None

    @property
    def first_day(self) -> date:
        """Today, or where the plan lies in the future or the past, its first or last day."""
        if self.plan is None:
            return self.today
        cycle = self.plan.cycle
        return min(max(self.today, cycle.starts_on), cycle.night(cycle.nights - 1))


def desk_of(actor: User, residence_id: int) -> Desk:
    """The desk of somebody of the staff, today."""
    residence = db.session.get_one(Residence, residence_id)
    today = today_in(residence)
    staff = db.session.scalar(select(Staff).where(Staff.user_id == actor.id, Staff.is_active.is_(True)))
    return Desk(actor, residence, today, current_published_plan(residence_id, today), staff)


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


def change_wishes(
    enrolment: Enrolment,
    *,
    trade_ids: Sequence[int | None],
    previous_counsellor_id: int | None,
    wants_same_gender_counsellor: bool,
    version: int | None,
) -> None:
    """Set the ranked trades (first best) and the wishes about the counsellor. Raises ChoiceTwice, ChoiceGap, Stale."""
    expect_version(enrolment, version)
    ranked = list(trade_ids)
    while ranked and ranked[-1] is None:
        ranked.pop()
    if None in ranked:
        raise ChoiceGap
    if len(set(ranked)) < len(ranked):
        raise ChoiceTwice
    wanted = [trade_id for trade_id in ranked if trade_id is not None]
    if wanted != [choice.trade_id for choice in enrolment.choices]:
        touch(enrolment)
        enrolment.choices.clear()
        flush()  # the old ranks must be free before the new ones take them
        for rank, trade_id in enumerate(wanted, start=1):
            enrolment.choices.append(Choice(residence_id=enrolment.residence_id, rank=rank, trade_id=trade_id))
    values = {
        "previous_counsellor_id": previous_counsellor_id,
        "wants_same_gender_counsellor": wants_same_gender_counsellor,
    }
    change_record(enrolment, values)


def monday_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def age_on(born_on: date, day: date) -> int:
    """Whole years on a day."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))
