"""A person's sessions as an iCalendar file: weekly rules in the time of the house, holidays left out.

Titles are neutral, since a phone shows them on its locked screen: no names of residents, no kind of problem.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import force_locale, gettext
from icalendar import Calendar, Event

from foyer.cycles.house_days import HouseDays, house_days
from foyer.cycles.labels import cycle_name
from foyer.cycles.models import Cycle
from foyer.cycles.versions import Versions
from foyer.cycles.weeks import Slot
from foyer.database import blind_index, utc_now
from foyer.residences.models import Residence
from foyer.residences.variants import Hours
from foyer.residents.naming import initials
from foyer.today.services import Person


def calendar_of(person: Person) -> bytes:
    """One person's sessions in what is published, each day as the version in force that day has it; an empty calendar
    while nothing is."""
    with force_locale(person.user.language or "id"):
        calendar = _empty(person.residence, person.versions)
        if person.versions is not None:
            cycle = person.versions.cycle
            days = house_days(person.residence.id, cycle.starts_on, cycle.ends_on)
            for slot in person.slots():
                for hours, dates in dates_of(slot, cycle, days).items():
                    calendar.add_component(_event(slot, hours, dates, person, person.versions))
        calendar.add_missing_timezones()
        return bytes(calendar.to_ical())


def dates_of(slot: Slot, cycle: Cycle, days: HouseDays) -> dict[Hours, list[date]]:
    """Every day on which a session takes place, by its hours: the usual ones, and those of Ramadan or exam weeks."""
    found: dict[Hours, list[date]] = {}
    for day in (cycle.starts_on + timedelta(days=n) for n in range(cycle.nights)):
        if slot.falls_on(day, cycle):
            for hours in days.hours_on(day, slot.session.kind, (slot.start, slot.end)):
                found.setdefault(hours, []).append(day)
    return found


def _empty(residence: Residence, versions: Versions | None) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//Foyer//Foyer//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", f"{residence.name}, {cycle_name(versions.cycle)}" if versions else residence.name)
    calendar.add("x-wr-timezone", residence.time_zone)
    calendar.add("refresh-interval", timedelta(hours=6), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT6H")
    return calendar


def _event(slot: Slot, hours: Hours, dates: list[date], person: Person, versions: Versions) -> Event:
    """The session at these hours, weekly from its first date to its last, without the days between on which it does
    not take place or at other hours."""
    zone = ZoneInfo(person.residence.time_zone)
    begins, ends = _at(dates[0], hours[0], zone), _at(dates[0], hours[1], zone)
    event = Event()
    event.add("uid", _uid(slot, hours, person, versions))
    event.add("summary", _title(slot, person))
    event.add("dtstart", begins)
    event.add("dtend", ends)
    event.add("dtstamp", versions.latest.published_at or utc_now())
    event.add("last-modified", versions.latest.published_at or utc_now())
    event.add("sequence", versions.latest.release or 0)  # a phone takes the higher number
    event.add("rrule", _rule(slot, _at(dates[-1], hours[0], zone)))
    for day in _skipped(slot, versions.cycle, dates):
        event.add("exdate", _at(day, hours[0], zone))
    if slot.session.place:
        event.add("location", slot.session.place)
    if slot.session.person and person.staff is None:
        event.add("description", slot.session.person)
    event.add("class", "PRIVATE")
    return event


def _rule(slot: Slot, last: datetime) -> dict[str, Any]:
    until = last.astimezone(ZoneInfo("UTC"))
    rule: dict[str, Any] = {"freq": "weekly", "until": until}
    if slot.every_weeks > 1:
        rule["interval"] = slot.every_weeks
    return rule


def _skipped(slot: Slot, cycle: Cycle, dates: list[date]) -> list[date]:
    """The days on which the weekly rule would fall although nothing takes place."""
    kept = set(dates)
    days = (dates[0] + timedelta(days=n) for n in range((dates[-1] - dates[0]).days))
    return [day for day in days if slot.falls_on(day, cycle) and day not in kept]


def _title(slot: Slot, person: Person) -> str:
    if slot.session.kind == "appointment":
        if person.staff is None:
            return gettext("Counselling")
        return gettext("Counselling, %(initials)s", initials=initials(slot.session.title))
    if slot.session.kind == "class":
        return gettext("Class: %(title)s", title=slot.session.title)
    return slot.session.title


def _uid(slot: Slot, hours: Hours, person: Person, versions: Versions) -> str:
    """The same for the same session in every version that leaves it as it is, and says nothing about anybody."""
    session = slot.session
    parts = [versions.cycle.id, person.user.id, session.kind, session.title, slot.weekday, slot.start, slot.week]
    if slot.since is not None:  # what was there before it at this time is a session of its own
        parts.append(slot.since.isoformat())
    if hours != (slot.start, slot.end):  # those of Ramadan, say
        parts += hours
    return blind_index("calendar:" + "|".join(map(str, parts)))[:32] + "@foyer"  # keyed: a name cannot be tried out


def _at(day: date, minute: int, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(minute // 60 % 24, minute % 60), tzinfo=zone) + timedelta(days=minute // 1440)
