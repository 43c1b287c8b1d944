"""Somebody comes back: a new stay of the same person; what was before stays and is offered again. Services flush."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from foyer.accounts.models import User
from foyer.caseload.models import Assignment, ServiceStage
from foyer.caseload.returns import Back, enrol_again, register_return
from foyer.caseload.stages import reach
from foyer.cycles.models import Cycle, CycleState, Enrolment
from foyer.database import db
from foyer.errors import FoyerError
from foyer.leaving.aftercare import drop_due_contacts
from foyer.leaving.models import Exit, Reentry
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
    counsellor; contact that was due after the exit falls away, and aftercare ends. The new stay begins at stage 1 of
    independence. Raises StillHere, NeverHere, ReasonMissing, StayOrderWrong, StaysOverlap."""
    last = max(resident.stays, key=lambda stay: stay.arrives_on, default=None)
    if last is None:
        raise NeverHere
    if last.leaves_on > wanted.arrives_on:
        raise StillHere
    if not wanted.reason.strip():
        raise ReasonMissing
    back = Back(
        resident,
        _new_stay(resident, last, wanted),
        before=last,
        reason=wanted.reason.strip(),
        actor=actor,
        today=today,
        counsellor=wanted.counsellor,
    )
    note_return(back)
    for cycle in db.session.scalars(select(Cycle).where(Cycle.state != CycleState.CLOSED)).all():
        if back.stay.arrives_on < cycle.ends_on and back.stay.leaves_on > cycle.starts_on:
            enrol_again(back, cycle)
    if wanted.counsellor is not None:
        assign_until_plan(resident, wanted.counsellor, wanted.arrives_on)
    reach(resident, ServiceStage.APPROACH, on=today, stay=back.stay)
    flush()
    return back.stay


def note_return(back: Back) -> None:
    """Write down that somebody came back. Contact that was due after the exit falls away, and whoever stayed in touch
    no longer answers for the resident: the new stay has a counsellor of its own."""
    db.session.add(
        Reentry(
            residence_id=back.resident.residence_id,
            resident_id=back.resident.id,
            stay_id=back.stay.id,
            previous_stay_id=back.before.id,
            reason=back.reason or None,
            counsellor_id=back.counsellor.id if back.counsellor else None,
            decided_on=back.today,
            decided_by_id=back.actor.id,
        )
    )
    drop_due_contacts(back.resident.id, reason=back.reason)
    _end_aftercare(back)


register_return(note_return)


def _end_aftercare(back: Back) -> None:
    """The assignments that exits made hold until the day before the arrival."""
    by_exit = select(Exit.id).where(
        Exit.resident_id == Assignment.resident_id,
        Exit.aftercare_staff_id == Assignment.staff_id,
        Exit.leaves_on == Assignment.from_on,
    )
    rows = db.session.scalars(
        select(Assignment).where(
            Assignment.resident_id == back.resident.id, Assignment.until_on.is_(None), by_exit.exists()
        )
    )
    for row in rows:
        row.until_on = max(row.from_on, back.stay.arrives_on - timedelta(days=1))
    flush()


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


def assign_until_plan(resident: Resident, counsellor: Staff, from_on: date) -> None:
    """The chosen counsellor answers for the resident from the arrival on, until a plan says who does."""
    standing = db.session.scalars(
        select(Assignment).where(Assignment.resident_id == resident.id, Assignment.staff_id == counsellor.id)
    ).all()
    if any(not row.until_plan and (row.until_on is None or row.until_on > from_on) for row in standing):
        return
    same_day = next((row for row in standing if row.from_on == from_on), None)
    if same_day is not None:
        same_day.until_on, same_day.until_plan = None, True
        return
    own = {"residence_id": resident.residence_id, "resident_id": resident.id, "staff_id": counsellor.id}
    db.session.add(Assignment(**own, from_on=from_on, until_plan=True))
