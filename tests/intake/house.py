"""A house with a manager, two counsellors and a day of its own, for the tests of intake."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from foyer.accounts.models import Role
from foyer.caseload.desk import Desk
from foyer.caseload.models import Assignment
from foyer.intake.finding import search
from foyer.intake.models import Referral, ServiceLevel
from foyer.intake.referrals import NEW, register, wanted_of
from foyer.residences.models import Gender, Residence, Staff
from foyer.residents.models import Resident
from tests.cycles.house import saved
from tests.factories import make_residence, make_resident, make_staff, make_stay, make_user

TODAY = date(2027, 1, 13)
NIK = "3275060305092364"


@dataclass
class Office:
    """Who sits in the office of a house."""

    residence: Residence
    manager: Desk
    one: Desk
    other: Desk


def make_office() -> Office:
    residence = make_residence()
    manager = make_user(residence)
    desks = []
    for _ in range(2):
        staff = make_staff(residence)
        staff.user_id = make_user(residence, Role.COUNSELLOR).id
        desks.append((staff.user_id, staff))
    one, other = (_desk(residence, user_id, staff) for user_id, staff in desks)
    return Office(residence, Desk(manager, residence, TODAY, None, None), one, other)


def _desk(residence: Residence, user_id: int | None, staff: Staff) -> Desk:
    from foyer.accounts.models import User
    from foyer.database import db

    return Desk(db.session.get_one(User, user_id), residence, TODAY, None, staff)


def make_person(office: Office, of: Desk | None = None, *, stays: bool = True, **values: Any) -> Resident:
    """A resident, of a counsellor's caseload or of nobody's."""
    resident = make_resident(office.residence, **values)
    if stays:
        make_stay(resident)
    if of is not None and of.staff is not None:
        own = {"residence_id": office.residence.id, "resident_id": resident.id, "staff_id": of.staff.id}
        saved(Assignment(**own, from_on=date(2026, 1, 1)))
    return resident


def referral_values(**overrides: Any) -> dict[str, Any]:
    """What the form of a referral sends to the service."""
    return {
        "full_name": "Rizki Pratama",
        "gender": Gender.MALE,
        "born_on": date(2010, 3, 5),
        "nik": "",
        "education_level": None,
        "contact": "Paman, 0812 0000 0000",
        "is_restricted": False,
        "agency": "Dinas Sosial",
        "sender_name": "Ibu Sari",
        "sender_reference": "12/DS/2027",
        "received_on": TODAY,
        "answer_by": None,
        "level": ServiceLevel.SECONDARY,
        "reason": "Putus sekolah",
        "needs": ["family"],
        "responsible_id": None,
        **overrides,
    }


def make_referral(desk: Desk, **overrides: Any) -> Referral:
    """A referral that somebody registered after looking at everybody who was found."""
    values = referral_values(**overrides)
    return register(desk, values, seen=search(desk, wanted_of(values)).keys, known=NEW)
