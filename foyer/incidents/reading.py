"""Who may read which incident, and whose names they see there. A manager reads all; a counsellor what concerns the own
or supervised residents, what is given to them, and what they reported; everybody else only what they reported."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.orm import joinedload, selectinload

from foyer.accounts.models import Role
from foyer.caseload.desk import Desk
from foyer.caseload.mine import own_resident_ids, supervised_resident_ids
from foyer.database import db
from foyer.errors import NotFound
from foyer.incidents.models import (
    Incident,
    IncidentClock,
    IncidentMeasure,
    IncidentPerson,
    IncidentState,
    IncidentStep,
)
from foyer.residents.models import Resident
from foyer.residents.naming import initials, name_for, paper_name

STAFF_ROLES = (Role.MANAGER, Role.COUNSELLOR, Role.INSTRUCTOR)  # who reports: everybody of the staff with a page


def is_manager(desk: Desk) -> bool:
    return desk.actor.role is Role.MANAGER


def readable(desk: Desk) -> ColumnElement[bool]:
    """The incidents that the actor may read, as a condition for a query."""
    if is_manager(desk):
        return true()
    mine = Incident.reported_by_id == desk.actor.id
    if desk.actor.role is not Role.COUNSELLOR:
        return mine
    about = select(IncidentPerson.incident_id).where(
        IncidentPerson.withdrawn_at.is_(None),
        or_(
            IncidentPerson.resident_id.in_(own_resident_ids(desk)),
            IncidentPerson.resident_id.in_(supervised_resident_ids(desk)),
        ),
    )
    return or_(mine, Incident.owner_id == desk.staff_id, Incident.id.in_(about))


def incident_for(desk: Desk, incident_id: int) -> Incident:
    """The incident with everything about it, as it is saved now. Raises NotFound."""
    found = db.session.scalar(
        select(Incident)
        .where(Incident.id == incident_id, readable(desk))
        .options(
            selectinload(Incident.people).joinedload(IncidentPerson.resident),
            selectinload(Incident.clocks).joinedload(IncidentClock.responsible),
            selectinload(Incident.measures).joinedload(IncidentMeasure.owner),
            selectinload(Incident.steps).options(joinedload(IncidentStep.by), joinedload(IncidentStep.staff)),
            joinedload(Incident.owner),
            joinedload(Incident.reported_by),
            joinedload(Incident.venue),
            joinedload(Incident.room),
        )
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound("incident")
    return found


@dataclass
class Standing:
    """What the actor is to one incident."""

    desk: Desk
    row: Incident

    @cached_property
    def own(self) -> frozenset[int]:
        """The involved residents whom the actor answers for; a manager answers for all."""
        if self.desk.actor.role is not Role.COUNSELLOR:
            return frozenset(one.resident_id for one in self.row.people if is_manager(self.desk))
        return self._among(own_resident_ids(self.desk))

    @cached_property
    def team(self) -> frozenset[int]:
        """The involved residents whom the actor knows by name: one's own, and those whom one supervises."""
        if self.desk.actor.role is not Role.COUNSELLOR:
            return self.own
        return self.own | self._among(supervised_resident_ids(self.desk))

    def _among(self, ids) -> frozenset[int]:  # type: ignore[no-untyped-def]
        involved = [one.resident_id for one in self.row.people]
        return frozenset(db.session.scalars(select(Resident.id).where(Resident.id.in_(involved), Resident.id.in_(ids))))

    @property
    def is_reporter(self) -> bool:
        return self.row.reported_by_id == self.desk.actor.id

    @property
    def may_handle(self) -> bool:
        """Whether the actor writes down measures and who was told, and proposes to close."""
        is_owner = self.row.owner_id == self.desk.staff_id
        return self.row.state is not IncidentState.CLOSED and (is_manager(self.desk) or is_owner or bool(self.own))

    @property
    def may_amend(self) -> bool:
        return self.may_handle or (self.is_reporter and self.row.state is not IncidentState.CLOSED)

    @property
    def may_decide(self) -> bool:
        return is_manager(self.desk)

    def name_of(self, person: IncidentPerson) -> str:
        """How the actor reads the name on a page: in full in the team, with initials for paper; whoever reported knows
        whom they named; else initials."""
        if person.resident_id in self.team:
            return paper_name(person.resident)
        if self.is_reporter:
            return name_for(person.resident, in_team=False)
        return initials(person.resident.full_name)
