"""Who of the staff is told of an incident, and who must see to it before a clock runs out. Services flush.

A warning is written when the clock begins, for the moment at which it becomes urgent: nobody has to look, and nothing
has to wake up. It is taken back once the clock stops.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from foyer.caseload.desk import Desk
from foyer.caseload.notices import forget, managers_of, tell, told_of
from foyer.database import db
from foyer.incidents.models import ClockFor, Incident, IncidentClock
from foyer.incidents.rules import rules_of
from foyer.residences.models import Staff

RUNS_OUT = {party: f"incident.clock.{party.value}" for party in ClockFor}  # notices


def warn_before(desk: Desk, row: Incident) -> None:
    """Managers and whoever is responsible are told so many hours before each running clock ends as the house's rules
    say; again where somebody else has become responsible."""
    ahead = timedelta(hours=rules_of(row.residence_id).warn_hours)
    managers = managers_of(row.residence_id)
    for clock in row.clocks:
        if clock.is_running:
            kind = RUNS_OUT[clock.party]
            tell((managers | _responsible(clock)) - told_of(kind, row.id), kind, row.id, at=clock.due_at - ahead)


def stop_warning(clock: IncidentClock) -> None:
    """The clock stopped: nobody is told any more that it runs out."""
    forget(RUNS_OUT[clock.party], clock.incident_id)


def _responsible(clock: IncidentClock) -> set[int]:
    query = select(Staff.user_id).where(Staff.id == clock.responsible_id, Staff.user_id.is_not(None))
    return {user_id for user_id in db.session.scalars(query) if user_id is not None}
