"""The clock of UU 12/2022: sexual violence is reported to the police within 3 x 24 hours of the report."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from foyer.concerns.models import SafeguardingConcern

HOURS = 72
HOURS_BEFORE = 24  # so long before the end everybody of the office is told, not only who is responsible


class Clock(StrEnum):
    """How a concern stands against its deadline."""

    NONE = "none"
    RUNNING = "running"
    SOON = "soon"  # a day or less is left: escalated
    LATE = "late"
    MET = "met"
    MET_LATE = "met_late"


def police_by(concern: SafeguardingConcern) -> datetime | None:
    """Until when the police must know (UTC), counted from the report however late the clock was started; None where no
    clock runs."""
    return concern.reported_at + timedelta(hours=HOURS) if concern.clock_started_at else None


def clock_of(concern: SafeguardingConcern, now: datetime) -> Clock:
    """How the concern stands at ``now``."""
    until = police_by(concern)
    if until is None:
        return Clock.NONE
    if concern.police_reported_at is not None:
        return Clock.MET if concern.police_reported_at <= until else Clock.MET_LATE
    if now > until:
        return Clock.LATE
    return Clock.SOON if until - now <= timedelta(hours=HOURS_BEFORE) else Clock.RUNNING


def is_escalated(concern: SafeguardingConcern, now: datetime) -> bool:
    """Whether the whole office must look: the clock nears its end or is past it."""
    return clock_of(concern, now) in (Clock.SOON, Clock.LATE)
