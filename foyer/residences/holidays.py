"""Indonesia's public holidays as rows of the house."""

from __future__ import annotations

from datetime import date

import holidays
from sqlalchemy import select

from foyer.database import db
from foyer.residences.models import Holiday

LANGUAGES = {"id": "id", "en": "en_US"}  # given explicitly: the library's own default follows the machine


def seed_holidays(residence_id: int, first: date, before: date, language: str = "id") -> list[Holiday]:
    """Add the public holidays in ``[first, before)`` on days that have no row yet. Islamic dates differ by a day
    between sources; the rows are the house's to change, and a row that is there is never touched."""
    known = set(db.session.scalars(select(Holiday.on).where(Holiday.residence_id == residence_id)))
    added = [
        Holiday(residence_id=residence_id, on=on, name=name)
        for on, name in sorted(_public(first.year, before.year, language).items())
        if first <= on < before and on not in known
    ]
    db.session.add_all(added)
    db.session.flush()
    return added


def _public(first_year: int, last_year: int, language: str) -> dict[date, str]:
    years = range(first_year, last_year + 1)
    try:
        return dict(holidays.country_holidays("ID", years=years, language=LANGUAGES.get(language, "id")))
    except (NotImplementedError, ValueError):  # a release of the library without this language
        return dict(holidays.country_holidays("ID", years=years))
