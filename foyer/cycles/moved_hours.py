"""Sessions that move, on dates with other hours, into hours in which whoever holds them is not available.

The engine keeps the absences of the staff in the weekly pattern; it knows nothing of Ramadan or exam weeks. What the
pattern becomes on those dates is looked at here (docs/decisions/0026).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from foyer.cycles.house_days import HouseDays, house_days
from foyer.cycles.versions import Timetable
from foyer.cycles.weeks import Slot, slots_by_staff
from foyer.database import db
from foyer.formatting import short_date, weekday_name
from foyer.residences.models import Staff, StaffUnavailability

Absences = dict[tuple[int, int], list[tuple[int, int]]]  # staff, weekday: minutes after midnight


@dataclass(frozen=True, slots=True)
class AbsentThen:
    """Sessions of one person on one weekday of a variant's dates that meet hours of absence."""

    staff_id: int
    person: str
    variant: str
    weekday: int
    title: str  # of the class or group; empty: individual counselling
    dates: tuple[date, ...]  # one for each session, in order


def absent_in_moved_hours(source: Timetable, first: date) -> list[AbsentThen]:
    """What of a timetable from ``first`` on moves into hours of absence, by variant, person and weekday; sessions that
    keep their hours are the plan's own matter. Six queries at most, two where the house keeps no other hours."""
    last = source.cycle.ends_on - timedelta(days=1)
    first = max(first, source.cycle.starts_on)
    calendar = house_days(source.residence_id, first, last)
    dates = list(_dates(calendar, first, last))
    names, absences = _absences(source.residence_id) if dates else ({}, {})
    if not absences:
        return []
    found: dict[tuple[str, str, int, int, str], list[date]] = defaultdict(list)
    for staff_id, slot in slots_by_staff(source, names):
        for day, variant in dates:
            if slot.falls_on(day, source.cycle) and _is_missed(
                slot, day, calendar, absences.get((staff_id, slot.weekday))
            ):
                title = slot.session.title if slot.session.kind != "appointment" else ""
                found[variant, names[staff_id], staff_id, slot.weekday, title].append(day)
    return [
        AbsentThen(staff_id, person, variant, weekday, title, tuple(sorted(days)))
        for (variant, person, staff_id, weekday, title), days in sorted(found.items(), key=lambda one: min(one[1]))
    ]


def _dates(calendar: HouseDays, first: date, last: date) -> Iterator[tuple[date, str]]:
    """The dates with other hours, and what the house calls them."""
    for variant, _changes in calendar.variants:
        begins, ends = max(first, variant.from_on), min(last, variant.to_on)
        yield from ((begins + timedelta(days=n), variant.name) for n in range((ends - begins).days + 1))


def _absences(residence_id: int) -> tuple[dict[int, str], Absences]:
    """Whoever has hours of absence, by name, and these hours."""
    names: dict[int, str] = {}
    hours: Absences = defaultdict(list)
    rows = db.session.execute(
        select(
            Staff.id,
            Staff.full_name,
            StaffUnavailability.weekday,
            StaffUnavailability.start_minute,
            StaffUnavailability.end_minute,
        )
        .join(StaffUnavailability, StaffUnavailability.staff_id == Staff.id)
        .where(Staff.residence_id == residence_id, Staff.is_active)
    )
    for staff_id, name, weekday, start, end in rows:
        names[staff_id] = name
        hours[staff_id, weekday].append((start, end))
    return names, hours


def _is_missed(slot: Slot, day: date, calendar: HouseDays, away: Sequence[tuple[int, int]] | None) -> bool:
    """Whether a session has other hours on a day, and its person is away in some of them."""
    if not away:
        return False
    usual = (slot.start, slot.end)
    moved = [hours for hours in calendar.hours_on(day, slot.session.kind, usual) if hours != usual]
    return any(start < until and since < end for start, end in moved for since, until in away)


def absent_lines(found: Iterable[AbsentThen]) -> list[str]:
    """One sentence for each, in the reader's words."""
    return [
        ngettext(
            "%(variant)s: %(num)s session of %(person)s (%(what)s) moves on %(weekday)s, %(day)s, to hours in which "
            "%(person)s is not available.",
            "%(variant)s: %(num)s sessions of %(person)s (%(what)s) move on %(weekday)s to hours in which %(person)s "
            "is not available, the first on %(day)s.",
            len(one.dates),
            variant=one.variant,
            person=one.person,
            what=one.title or _("individual counselling"),
            weekday=weekday_name(one.weekday),
            day=short_date(one.dates[0]),
        )
        for one in found
    ]
