"""Within how many hours this house tells whom."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from foyer.database import db
from foyer.errors import expect_version
from foyer.incidents.models import ClockFor, IncidentRules
from foyer.records import change_record, flush

DATA_SOURCE = "UU 27/2022 (PDP) art. 46"


def rules_of(residence_id: int) -> IncidentRules:
    """The house's rules; as usual (and not yet saved) where nobody changed any."""
    found = db.session.scalar(select(IncidentRules).where(IncidentRules.residence_id == residence_id))
    return found or IncidentRules(
        residence_id=residence_id,
        guardian_hours=24,
        guardian_source="",
        office_hours=24,
        office_source="",
        data_hours=72,
        data_source=DATA_SOURCE,
        warn_hours=6,
    )


def change_rules(residence_id: int, values: Mapping[str, Any], *, version: int | None) -> IncidentRules:
    """Change the house's rules; clocks that run already stay as they are. Raises Stale."""
    row = rules_of(residence_id)
    if row.id is None:
        db.session.add(row)
        flush()
        version = None
    expect_version(row, version)
    change_record(row, values, version=version)
    return row


def period_for(rules: IncidentRules, party: ClockFor) -> tuple[int, str]:
    """The hours in which this party must be told, and the rule that says so."""
    if party is ClockFor.GUARDIAN:
        return rules.guardian_hours, rules.guardian_source
    if party is ClockFor.OFFICE:
        return rules.office_hours, rules.office_source
    return rules.data_hours, rules.data_source
