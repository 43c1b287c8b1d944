"""One account for every role, tied to people whose pages have something to show."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from foyer.accounts.models import Role, User
from foyer.accounts.services import create_user, find_by_username, grant_house
from foyer.cycles.models import Enrolment, GroupKind, Plan, PlanCaseload, PlanSeat, TeachingGroup
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


def make_people(residence: Residence, plan: Plan) -> None:
    """A resident, that resident's counsellor, and the instructor of that resident's class: their pages belong
    together."""
    row = db.session.execute(
        select(Resident, PlanCaseload.staff_id, TeachingGroup.instructor_id)
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
            PlanSeat.choice_rank == 1,
        )
        .order_by(Resident.id)
        .limit(1)
    ).one()
    resident, counsellor_id, instructor_id = row
    _account_of(residence, "warga", resident, Role.RESIDENT)
    _account_of(residence, "peksos", db.session.get_one(Staff, counsellor_id), Role.COUNSELLOR)
    _account_of(residence, "instruktur", db.session.get_one(Staff, instructor_id), Role.INSTRUCTOR)


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
