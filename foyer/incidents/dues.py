"""What is due because of an incident: measures, and whoever must be told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from foyer.caseload.desk import Desk
from foyer.caseload.dues import Due, Naming, Residents, register_dues
from foyer.caseload.rights import Part
from foyer.incidents import labels as _labels  # noqa: F401  the words
from foyer.incidents.models import Incident, IncidentClock, IncidentMeasure, IncidentPerson, IncidentState
from foyer.questions import Question
from foyer.words import words


def open_measures(today: date, resident_ids: Residents) -> Question:
    """Measures that are not done, once for each involved resident."""
    return (
        select(
            IncidentPerson.resident_id, IncidentMeasure.due_on, IncidentMeasure.owner_id, IncidentMeasure.incident_id
        )
        .join(IncidentMeasure, IncidentMeasure.incident_id == IncidentPerson.incident_id)
        .join(Incident, Incident.id == IncidentPerson.incident_id)
        .where(
            IncidentPerson.resident_id.in_(resident_ids),
            IncidentPerson.withdrawn_at.is_(None),
            IncidentMeasure.done_at.is_(None),
            Incident.state != IncidentState.CLOSED,
        )
    )


def measures_due(desk: Desk, rows: Sequence[Any]) -> list[Due]:
    sentence = gettext("Measure after an incident")
    return [
        Due("measure", row.resident_id, row.due_on, sentence, _url(row.incident_id), owner_id=row.owner_id)
        for row in rows
    ]


def running_clocks(today: date, resident_ids: Residents) -> Question:
    """Who must still be told."""
    return (
        select(
            IncidentPerson.resident_id,
            IncidentClock.due_at,
            IncidentClock.party,
            IncidentClock.responsible_id,
            IncidentClock.incident_id,
        )
        .join(IncidentClock, IncidentClock.incident_id == IncidentPerson.incident_id)
        .where(
            IncidentPerson.resident_id.in_(resident_ids),
            IncidentPerson.withdrawn_at.is_(None),
            IncidentClock.stopped_at.is_(None),
        )
    )


def clocks_due(desk: Desk, rows: Sequence[Any]) -> list[Due]:
    found = []
    for row in rows:
        local = row.due_at.astimezone(desk.now.tzinfo)
        sentence = gettext("Incident: %(act)s by %(time)s", act=words(row.party), time=local.strftime("%H.%M"))
        due = Due(
            "incident", row.resident_id, local.date(), sentence, _url(row.incident_id), owner_id=row.responsible_id
        )
        found.append(due)
    return found


def _url(incident_id: int) -> str:
    return url_for("incidents.show", incident_id=incident_id)


_TELLS, _DOES = Naming("responsible_id", Part.INCIDENT), Naming("owner_id", Part.INCIDENT)
register_dues("incident", _l("Telling after an incident"), running_clocks, clocks_due, naming=_TELLS)
register_dues("measure", _l("Measures after an incident"), open_measures, measures_due, day="due_on", naming=_DOES)
