"""How a resident is named, and how old."""

from __future__ import annotations

from datetime import date

from foyer.residents.models import Resident


def initials(name: str) -> str:
    """M.A. for Muhammad Ali: enough for who knows the person, nothing for whoever looks over the shoulder."""
    return "".join(f"{word[0].upper()}." for word in name.split()[:3])


def name_for(resident: Resident, in_team: bool) -> str:
    """The name as somebody may read it: of a restricted resident only the initials outside the team (UU 11/2012 on
    juvenile justice, art. 19: the identity of a child in conflict with the law, victim or witness is secret)."""
    return resident.full_name if in_team or not resident.is_restricted else initials(resident.full_name)


def age_on(born_on: date, day: date) -> int:
    """Whole years on a day."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))
