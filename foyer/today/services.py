"""Secret calendar addresses: a person's own, and those of a class or a place, which managers look after; only a digest
of the secret is kept."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from foyer.accounts.models import Role, User
from foyer.cycles.models import Enrolment, Plan, TeachingGroup
from foyer.cycles.queries import current_versions, enrolment_of_resident
from foyer.cycles.versions import Versions
from foyer.cycles.weeks import Slot, slots_of_enrolment, slots_of_staff
from foyer.database import db, house_scope
from foyer.errors import NotFound
from foyer.residences.models import Residence, Staff, Venue
from foyer.residences.services import now_in, staff_of
from foyer.residents.models import Resident

WITH_CALENDAR = (Role.RESIDENT, Role.COUNSELLOR, Role.INSTRUCTOR)


def renew_calendar(owner: User | TeachingGroup | Venue) -> str:
    """A new secret for the calendar address of a person, a class or a place; an earlier one stops working. Gives the
    secret, once."""
    token = secrets.token_urlsafe(24)
    owner.calendar_token_digest = digest_of(token)
    db.session.flush()
    return token


def revoke_calendar(owner: User | TeachingGroup | Venue) -> None:
    """The calendar address stops working."""
    owner.calendar_token_digest = None
    db.session.flush()


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def owner_of_calendar(token: str) -> User:
    """Whose calendar address this is. Raises NotFound for a wrong one and for an account that is closed."""
    user = db.session.scalar(select(User).where(User.calendar_token_digest == digest_of(token)))
    if user is None or not user.is_active or user.role not in WITH_CALENDAR:
        raise NotFound("calendar")
    return user


def class_or_place_of_calendar(token: str) -> TeachingGroup | Venue | None:
    """The class or the place whose calendar address this is, of whatever house: whoever asks has signed in to none."""
    digest = digest_of(token)
    with house_scope(*db.session.scalars(select(Residence.id))):
        group = db.session.scalar(
            select(TeachingGroup)
            .where(TeachingGroup.calendar_token_digest == digest)
            .options(joinedload(TeachingGroup.trade))
        )
        return group or db.session.scalar(select(Venue).where(Venue.calendar_token_digest == digest))


def class_or_place(kind: str, id_: int) -> TeachingGroup | Venue:
    """A class ("group") or a place ("venue") of the house. Raises NotFound."""
    if kind == "venue":
        found: TeachingGroup | Venue | None = db.session.scalar(select(Venue).where(Venue.id == id_))
    else:
        query = select(TeachingGroup).where(TeachingGroup.id == id_).options(joinedload(TeachingGroup.trade))
        found = db.session.scalar(query)
    if found is None:
        raise NotFound(kind)
    return found


@dataclass(frozen=True)
class Person:
    """Somebody with a week: the account, who it is in the house, the published plan that concerns today in all its
    versions, and its sessions."""

    user: User
    residence: Residence
    now: datetime  # on the clock of the house
    staff: Staff | None = None
    resident: Resident | None = None
    versions: Versions | None = None
    enrolment: Enrolment | None = None

    @property
    def today(self) -> date:
        return self.now.date()

    @property
    def minute(self) -> int:
        return self.now.hour * 60 + self.now.minute

    @property
    def plan(self) -> Plan | None:
        """The version in force today (on the first day while the cycle has not begun)."""
        return self.versions.on(self.today) if self.versions else None

    @property
    def first_day(self) -> date:
        """Today, or the plan's first day while it has not begun, or its last when it is over."""
        if self.versions is None:
            return self.today
        cycle = self.versions.cycle
        return min(max(self.today, cycle.starts_on), cycle.night(cycle.nights - 1))

    def slots(self) -> list[Slot]:
        """The person's sessions in what is published, each on the days of the version that has it."""
        if self.versions is None:
            return []
        if self.staff is not None:
            return slots_of_staff(self.versions, self.staff.id)
        return slots_of_enrolment(self.versions, self.enrolment.id) if self.enrolment else []


def person_of(user: User, residence_id: int) -> Person:
    """Who somebody is in the house, today."""
    residence = db.session.get_one(Residence, residence_id)
    now = now_in(residence)
    versions = current_versions(residence_id, now.date())
    if user.role is Role.RESIDENT:
        resident = db.session.scalar(select(Resident).where(Resident.user_id == user.id))
        enrolment = enrolment_of_resident(versions.cycle.id, resident.id) if versions and resident else None
        return Person(user, residence, now, resident=resident, versions=versions, enrolment=enrolment)
    return Person(user, residence, now, staff=staff_of(user.id), versions=versions)
