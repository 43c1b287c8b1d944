"""Indonesia's public holidays and joint leave days as rows of the house, and the dates of Ramadan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import holidays
from sqlalchemy import select

from foyer.database import db
from foyer.residences.models import Holiday

LANGUAGES = {"id": "id", "en": "en_US"}  # given explicitly: the library's own default follows the machine


def seed_holidays(
    residence_id: int, first: date, before: date, language: str = "id", *, with_leave: bool = True
) -> list[Holiday]:
    """Add the public holidays in ``[first, before)`` on days that have no row yet, and the joint leave days (cuti
    bersama) unless the house works on them. Islamic dates differ by a day between sources; the rows are the house's to
    change, and a row that is there is never touched."""
    known = set(db.session.scalars(select(Holiday.on).where(Holiday.residence_id == residence_id)))
    categories = ("public", "government") if with_leave else ("public",)
    added = [
        Holiday(residence_id=residence_id, on=on, name=name)
        for on, name in sorted(_public(first.year, before.year, language, categories).items())
        if first <= on < before and on not in known
    ]
    db.session.add_all(added)
    db.session.flush()
    return added


def _public(first_year: int, last_year: int, language: str, categories: tuple[str, ...]) -> dict[date, str]:
    years = range(first_year, last_year + 1)
    try:
        wanted = LANGUAGES.get(language, "id")
        return dict(holidays.country_holidays("ID", years=years, language=wanted, categories=categories))
    except (NotImplementedError, ValueError):  # a release of the library without this language or category
        return dict(holidays.country_holidays("ID", years=years))


@dataclass(frozen=True, slots=True)
class Ramadan:
    """A month of fasting: its Hijri year, first and last day. Announced by the government some days before; until then
    an estimate."""

    year: int
    first: date
    last: date


def ramadans(first: date, last: date) -> list[Ramadan]:
    """The months of Ramadan that touch the days from ``first`` to ``last``. The first day is that of Brunei's calendar,
    which follows the same sighting criteria (MABIMS) as Indonesia's and lists it as a holiday; the last is the day
    before Indonesia's Idulfitri."""
    years = range(first.year - 1, last.year + 2)
    begins = holidays.country_holidays("BN", years=years, language="en_US").items()
    feasts = sorted(
        day
        for day, name in holidays.country_holidays("ID", years=years, language="en_US").items()
        if "Eid al-Fitr" in name
    )
    found = []
    for day, name in sorted(begins):
        feast = next((feast for feast in feasts if day + timedelta(days=28) <= feast <= day + timedelta(days=31)), None)
        if "Ramadan" in name and "observed" not in name and feast is not None:
            month = Ramadan(_hijri_year(day), day, feast - timedelta(days=1))
            if month.first <= last and first <= month.last:
                found.append(month)
    return found


def _hijri_year(day: date) -> int:
    """The Hijri year in which a day lies, for days far from its turn (Ramadan is its ninth month)."""
    years = day.year + day.timetuple().tm_yday / 365.25 - 621.5774
    return int(years * 365.2425 / 354.36707)
