"""What residents may demand within hours, one by one: the list behind the manager's tasks (``figures.Clock``)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select

from foyer.caseload.desk import Desk
from foyer.database import db
from foyer.own.models import CorrectionRequest, CorrectionState
from foyer.residents.consent import Consent
from foyer.residents.models import Resident, in_sight
from foyer.words import words


@dataclass(frozen=True)
class Demand:
    """Something that somebody may demand by a moment; ``url``: where it is done."""

    resident: Resident
    words: str
    ends_at: datetime
    url: str


def demands_of(desk: Desk) -> list[Demand]:
    """Every consent that was taken back and is not written down as stopped, and every request about a file that is not
    answered; what ends first comes first. Two queries."""
    stops = db.session.execute(
        select(Consent, Resident)
        .join(Resident, Resident.id == Consent.resident_id)
        .where(in_sight(), Consent.withdrawn_at.is_not(None), Consent.stopped_at.is_(None))
    )
    asked = db.session.execute(
        select(CorrectionRequest, Resident)
        .join(Resident, Resident.id == CorrectionRequest.resident_id)
        .where(in_sight(), CorrectionRequest.state == CorrectionState.OPEN)
    )
    found = []
    for consent, resident in stops:
        if consent.stop_by is not None:
            said = _("See that data are no longer used: %(purpose)s", purpose=words(consent.purpose))
            url = url_for("residents.consent", resident_id=resident.id)
            found.append(Demand(resident, said, consent.stop_by, url))
    within = timedelta(hours=desk.residence.answer_hours)
    for request, resident in asked:
        url = url_for("own.corrections", resident_id=resident.id)
        found.append(Demand(resident, _("Answer a request about the own file"), request.asked_at + within, url))
    return sorted(found, key=lambda one: (one.ends_at, one.resident.id))
