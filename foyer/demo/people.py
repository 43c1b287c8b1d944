"""One account for every role, tied to people whose pages have something to show."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from foyer.accounts.models import Role, User
from foyer.accounts.services import create_user, find_by_username, grant_house
from foyer.cycles.models import Enrolment, GroupKind, Plan, PlanAppointment, PlanCaseload, PlanSeat, TeachingGroup
from foyer.database import db
from foyer.residences.models import Residence, Staff
from foyer.residents.models import Resident, Stay

PASSWORD = "contoh-taruna-2027"  # printed: it opens nothing but invented data


@dataclass(frozen=True)
class SignIn:
    role: str
    username: str


SIGN_INS = (
    SignIn("Kepala panti (manager)", "kepala"),
    SignIn("Pekerja sosial (counsellor)", "peksos"),
    SignIn("Instruktur (instructor)", "instruktur"),
    SignIn("Warga binaan (resident)", "warga"),
    SignIn("Administrator (administrator)", "admin"),
    SignIn("Dinas sosial (office above the houses)", "dinas"),
)


def make_leaders(residence: Residence) -> User:
    """The manager, the administrator and the office, who need nobody's file. Gives the manager."""
    manager = _account(residence, "kepala", "Ratna Wulandari", Role.MANAGER)
    _account(residence, "admin", "Bayu Prasetyo", Role.ADMINISTRATOR)
    office = _account(None, "dinas", "Dinas Sosial (contoh)", Role.OFFICE)
    grant_house(office, residence.id)
    return manager


def make_people(residence: Residence, plan: Plan, day: date) -> None:
    """A resident, that resident's counsellor, and the instructor of that resident's class: their pages belong
    together. Chosen so that the day has something for each of them; left alone once they are there."""
    if find_by_username("warga") is not None:
        return
    candidates = db.session.execute(
        select(Resident, Enrolment.id, PlanCaseload.staff_id, TeachingGroup.instructor_id)
        .join(Stay, Stay.resident_id == Resident.id)
        .join(Enrolment, Enrolment.stay_id == Stay.id)
        .join(PlanCaseload, PlanCaseload.enrolment_id == Enrolment.id)
        .join(PlanSeat, PlanSeat.enrolment_id == Enrolment.id)
        .join(TeachingGroup, TeachingGroup.id == PlanSeat.group_id)
        .where(
            PlanCaseload.plan_id == plan.id,
            PlanSeat.plan_id == plan.id,
            TeachingGroup.kind == GroupKind.VOCATIONAL,
            TeachingGroup.instructor_id.is_not(None),
            Stay.arrives_on <= plan.cycle.starts_on,
        )
        .order_by(Resident.id)
    ).all()
    seen = _seen_on(plan, day)
    per_counsellor = Counter(seen.values())
    resident, _enrolment, counsellor_id, instructor_id = max(
        candidates, key=lambda row: (row[1] in seen, per_counsellor[row[2]])
    )
    _account_of(residence, "warga", resident, Role.RESIDENT)
    _account_of(residence, "peksos", db.session.get_one(Staff, counsellor_id), Role.COUNSELLOR)
    _account_of(residence, "instruktur", db.session.get_one(Staff, instructor_id), Role.INSTRUCTOR)


def _seen_on(plan: Plan, day: date) -> dict[int, int]:
    """Who has an appointment on this day: enrolment to counsellor."""
    week = (day - plan.cycle.starts_on).days // 7
    rows = db.session.scalars(
        select(PlanAppointment).where(PlanAppointment.plan_id == plan.id, PlanAppointment.weekday == day.weekday())
    )
    return {row.enrolment_id: row.staff_id for row in rows if (week - row.week) % row.every_weeks == 0}


def _account_of(residence: Residence, username: str, person: Resident | Staff, role: Role) -> None:
    person.user_id = _account(residence, username, person.full_name, role).id
    db.session.flush()


def _account(residence: Residence | None, username: str, display_name: str, role: Role) -> User:
    return find_by_username(username) or create_user(
        username=username,
        display_name=display_name,
        role=role,
        residence_id=residence.id if residence else None,
        password=PASSWORD,
    )
