"""Where somebody of the staff stands when asking for a file."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from flask import g
from flask_login import current_user
from sqlalchemy import Integer, bindparam

from foyer.accounts.models import Role, User
from foyer.cycles.models import Plan
from foyer.cycles.queries import current_versions
from foyer.cycles.versions import Versions
from foyer.database import db
from foyer.residences.models import Residence, Staff
from foyer.residences.services import now_in, staff_of, today_in


@dataclass(frozen=True)
class Desk:
    """Where somebody stands: the house, its day, the published plan that concerns it in all its versions, and who one
    is (``staff`` is None for residents and for accounts that are nobody's)."""

    actor: User
    residence: Residence
    today: date
    versions: Versions | None
    staff: Staff | None
    relations: dict[int, Any] = field(default_factory=dict, compare=False)  # what ``rights.relation_to`` found

    @property
    def role(self) -> Role:
        return self.actor.role

    @property
    def plan(self) -> Plan | None:
        """The version in force today."""
        return self.versions.on(self.today) if self.versions else None

    @property
    def plan_id(self) -> int:
        """The version in force today; an id that none has where there is none."""
        return self.plan.id if self.plan else -1

    @property
    def staff_id(self) -> int:
        """Who one is in the house; an id that nobody has where one is nobody."""
        return self.staff.id if self.staff else -1

    @property
    def is_staffed(self) -> bool:
        """Whether one is somebody of the staff."""
        return self.staff is not None

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


@dataclass(frozen=True)
class AnyDesk:
    """A desk of which only the role and the day are known: for statements that are put together once and asked for many
    (``foyer.database.Prepared``). Who sits there and which plan holds are named when it is asked: ``names_of``."""

    role: Role
    today: date
    is_staffed: bool
    staff_id: Any = field(default=bindparam("desk_staff_id", type_=Integer), compare=False)
    plan_id: Any = field(default=bindparam("desk_plan_id", type_=Integer), compare=False)

    @classmethod
    def like(cls, desk: Desk) -> AnyDesk:
        return cls(desk.role, desk.today, desk.is_staffed)


SomeDesk = Desk | AnyDesk


def names_of(desk: Desk) -> dict[str, int]:
    """The values of what a statement for ``AnyDesk`` leaves open."""
    return {"desk_staff_id": desk.staff_id, "desk_plan_id": desk.plan_id}


def desk_of(actor: User, residence_id: int) -> Desk:
    """The desk of an account, today."""
    residence = db.session.get_one(Residence, residence_id)
    today = today_in(residence)
    return Desk(actor, residence, today, current_versions(residence_id, today), staff_of(actor.id))


def desk_here() -> Desk:
    """The desk of whoever asks for this page; made once in a request."""
    if "desk" not in g:
        g.desk = desk_of(current_user, g.residence_id)
    found: Desk = g.desk
    return found
