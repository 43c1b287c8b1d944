"""Somebody comes back: a new stay of the same person; what was before stays and is offered again. Services flush."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from foyer.accounts.models import User
from foyer.caseload.models import Assignment, ServiceStage
from foyer.caseload.stages import reach
from foyer.cycles.models import Choice, Cycle, CycleState, Enrolment
from foyer.database import db
from foyer.errors import FoyerError
from foyer.leaving.aftercare import drop_due_contacts
from foyer.leaving.models import Reentry
from foyer.records import flush
from foyer.residences.models import Staff
from foyer.residents.models import Resident, Stay
from foyer.residents.services import change_stay


class StillHere(FoyerError):
    """Whoever lives here, or is expected, does not come back."""


class NeverHere(FoyerError):
    """There is no earlier stay to come back from."""


class ReasonMissing(FoyerError):
    """Why somebody is taken in again is said in words."""


@dataclass(frozen=True)
class Return:
    """From when until when, why, and by whom the person wishes to be accompanied (None: whoever the plan gives)."""

    arrives_on: date
    leaves_on: date
    reason: str
    counsellor: Staff | None = None


def earlier_counsellors(resident: Resident) -> list[Staff]:
    """Who accompanied the resident before and still works here, the last first: the first to be asked again."""
    by_cycle = (
        select(Staff)
        .join(Enrolment, Enrolment.previous_counsellor_id == Staff.id)
        .join(Stay, Stay.id == Enrolment.stay_id)
        .where(Stay.resident_id == resident.id, Staff.is_active.is_(True))
        .order_by(Stay.arrives_on.desc())
    )
    assigned = (
        select(Staff)
        .join(Assignment, Assignment.staff_id == Staff.id)
        .where(Assignment.resident_id == resident.id, Staff.is_active.is_(True))
        .order_by(Assignment.from_on.desc())
    )
    found = [*db.session.scalars(assigned), *db.session.scalars(by_cycle)]
    return list({staff.id: staff for staff in found}.values())


def list_reentries(resident_id: int) -> list[Reentry]:
    """When the resident came back. One query."""
    query = select(Reentry).where(Reentry.resident_id == resident_id).options(joinedload(Reentry.counsellor))
    return list(db.session.scalars(query.order_by(Reentry.id)))


def come_back(resident: Resident, wanted: Return, *, today: date, actor: User) -> Stay:
    """Begin a new stay. The education, the needs and the hours outside are those of the last stay, to be confirmed by
    the assessment; in cycles that are not over the resident is enrolled with the earlier wishes and asks for the chosen
    counsellor; contact that was due after the exit falls away. The new stay begins at stage 1 of independence. Raises
    StillHere, NeverHere, ReasonMissing, StayOrderWrong, StaysOverlap."""
    last = max(resident.stays, key=lambda stay: stay.arrives_on, default=None)
    if last is None:
        raise NeverHere
    if last.leaves_on > wanted.arrives_on:
        raise StillHere
    if not wanted.reason.strip():
        raise ReasonMissing
    stay = _new_stay(resident, last, wanted)
    db.session.add(
        Reentry(
            residence_id=resident.residence_id,
            resident_id=resident.id,
            stay_id=stay.id,
            previous_stay_id=last.id,
            reason=wanted.reason.strip(),
            counsellor_id=wanted.counsellor.id if wanted.counsellor else None,
            decided_on=today,
            decided_by_id=actor.id,
        )
    )
    drop_due_contacts(resident.id, reason=wanted.reason.strip())
    _enrol(resident, stay, last, wanted)
    if wanted.counsellor is not None:
        _assign(resident, wanted)
    reach(resident, ServiceStage.APPROACH, on=today, stay=stay)
    flush()
    return stay


def _new_stay(resident: Resident, last: Stay, wanted: Return) -> Stay:
    stay = Stay(
        residence_id=resident.residence_id,
        resident_id=resident.id,
        arrives_on=wanted.arrives_on,
        leaves_on=wanted.leaves_on,
        education_level=last.education_level,
        needs=list(last.needs),
        outside_hours=[list(hours) for hours in last.outside_hours],
    )
    with db.session.no_autoflush:
        change_stay(stay, {}, version=None)
    db.session.add(stay)
    flush()
    return stay


def _enrol(resident: Resident, stay: Stay, last: Stay, wanted: Return) -> None:
    """Into every cycle that is not over and in which the new stay lies, with the wishes of the last one."""
    cycles = db.session.scalars(select(Cycle).where(Cycle.state != CycleState.CLOSED)).all()
    before = db.session.scalar(
        select(Enrolment)
        .where(Enrolment.stay_id == last.id)
        .options(selectinload(Enrolment.choices).joinedload(Choice.trade))
        .order_by(Enrolment.id.desc())
        .limit(1)
    )
    for cycle in cycles:
        if stay.arrives_on < cycle.ends_on and stay.leaves_on > cycle.starts_on:
            row = Enrolment(residence_id=resident.residence_id, cycle_id=cycle.id, stay_id=stay.id)
            row.previous_counsellor_id = wanted.counsellor.id if wanted.counsellor else None
            row.choices = _choices(before)
            row.wants_same_gender_counsellor = before.wants_same_gender_counsellor if before else False
            db.session.add(row)


def _choices(before: Enrolment | None) -> list[Choice]:
    """The earlier wishes, without trades that are not taught any more."""
    trades = [choice.trade for choice in before.choices if choice.trade.is_active] if before else []
    return [
        Choice(residence_id=trade.residence_id, rank=rank, trade_id=trade.id)
        for rank, trade in enumerate(trades, start=1)
    ]


def _assign(resident: Resident, wanted: Return) -> None:
    """The chosen counsellor answers for the resident at once, until a plan says who does."""
    assert wanted.counsellor is not None
    standing = db.session.scalars(
        select(Assignment).where(Assignment.resident_id == resident.id, Assignment.staff_id == wanted.counsellor.id)
    ).all()
    lasting = (row for row in standing if not row.until_plan or row.from_on == wanted.arrives_on)
    if not any(row.until_on is None or row.until_on >= wanted.arrives_on for row in lasting):
        db.session.add(
            Assignment(
                residence_id=resident.residence_id,
                resident_id=resident.id,
                staff_id=wanted.counsellor.id,
                from_on=wanted.arrives_on,
                until_plan=True,
            )
        )
