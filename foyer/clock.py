"""What day and hour it is in a house. The one place that asks, so that a demonstration can pretend another day."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from flask import current_app


def now_in(time_zone: str) -> datetime:
    """The house's wall clock, aware. In a demonstration (``FOYER_DEMONSTRATION_DAY``) the day is the pretended one, the
    time of day the real one."""
    now = datetime.now(UTC).astimezone(ZoneInfo(time_zone)).replace(microsecond=0)
    pretended = current_app.config["FOYER"].demonstration_day
    return now if pretended is None else datetime.combine(pretended, now.timetz())


def today_in(time_zone: str) -> date:
    """The house's calendar day."""
    return now_in(time_zone).date()
