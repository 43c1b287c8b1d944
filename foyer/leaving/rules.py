"""The house's own rules for the time after an exit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from foyer.database import db
from foyer.errors import FoyerError, expect_version
from foyer.leaving.models import USUAL_MONTHS, CountsFrom, LeavingRules
from foyer.records import change_record, flush


class SourceMissing(FoyerError):
    """A period of keeping is entered with the rule that orders it."""


class MonthsWrong(FoyerError):
    """Contact is due after 1 to 60 months, at most twelve times, each month once."""


def rules_of(residence_id: int) -> LeavingRules:
    """The house's rules; as usual (and not yet saved) where nobody changed any."""
    found = db.session.scalar(select(LeavingRules).where(LeavingRules.residence_id == residence_id))
    return found or LeavingRules(
        residence_id=residence_id,
        contact_months=list(USUAL_MONTHS),
        tries=3,
        answer_hours=24,
        urgent_hours=4,
        keep_from=CountsFrom.EXIT,
        keep_source="",
    )


def change_rules(residence_id: int, values: Mapping[str, Any], *, version: int | None) -> LeavingRules:
    """Change the house's rules; exits that are approved already keep their contacts. Raises SourceMissing, MonthsWrong,
    Stale."""
    months = values.get("contact_months", [])
    if len(months) > 12 or len(set(months)) != len(months) or not all(1 <= month <= 60 for month in months):
        raise MonthsWrong
    has_period = values.get("keep_years") or values.get("referral_keep_years")
    if has_period and not str(values.get("keep_source", "")).strip():
        raise SourceMissing
    row = rules_of(residence_id)
    if row.id is None:
        db.session.add(row)
        flush()
        version = None
    expect_version(row, version)
    change_record(row, values, version=version)
    return row
