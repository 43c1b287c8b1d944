"""The dated sessions of a class or a place as an iCalendar file (RFC 5545): one event for each, so that holidays, days
with other hours and new versions are in it as they are. It names no resident."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from foyer.cycles.labels import cycle_name
from foyer.cycles.models import Plan, PlanMeeting, PlanState, TeachingGroup
from foyer.cycles.pickers import Pick
from foyer.cycles.queries import current_versions
from foyer.cycles.versions import Timetable, Versions, versions_of
from foyer.cycles.weeks import DatedSession, dated_sessions, group_title, meetings_of
from foyer.database import blind_index, utc_now
from foyer.residences.models import Residence, Venue
from foyer.residences.services import now_in

WITH_CALENDAR = {"group": PlanMeeting.group_id, "venue": PlanMeeting.venue_id}
REFRESH = timedelta(hours=6)


def calendar_of_pick(plan: Plan, pick: Pick, residence: Residence) -> bytes:
    """Every session of the cycle: of a draft as the draft has it, else each day as the version in force that day.
    Raises KeyError for what is neither a group nor a venue."""
    source: Timetable = plan if plan.state is PlanState.DRAFT else (versions_of(plan.cycle_id) or plan)
    return _calendar(pick, source, residence)


def calendar_that_follows(owner: TeachingGroup | Venue, residence: Residence) -> bytes:
    """What is published of a class's cycle, or at a place of the cycle that concerns people today, each day as the
    version in force that day has it; an empty calendar while nothing is published."""
    if isinstance(owner, TeachingGroup):
        return _calendar(Pick("group", owner.id, group_title(owner)), versions_of(owner.cycle_id), residence)
    versions = current_versions(residence.id, now_in(residence).date())
    return _calendar(Pick("venue", owner.id, owner.name), versions, residence)


def _calendar(pick: Pick, source: Timetable | None, residence: Residence) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//Foyer//Foyer//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", f"{pick.name}, {cycle_name(source.cycle)}" if source else pick.name)
    calendar.add("x-wr-timezone", residence.time_zone)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT6H")
    if source is not None:
        cycle, column = source.cycle, WITH_CALENDAR[pick.kind]
        slots = [slot for _row, slot in meetings_of(source, column == pick.id)]
        for session in dated_sessions(source, slots, cycle.starts_on, cycle.ends_on - timedelta(days=1)):
            calendar.add_component(_event(session, pick, source, ZoneInfo(residence.time_zone)))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _event(found: DatedSession, pick: Pick, source: Timetable, zone: ZoneInfo) -> Event:
    event, session = Event(), found.session
    known = "|".join(("week", pick.key, found.on.isoformat(), str(found.start), session.title))
    event.add("uid", blind_index(known)[:32] + "@foyer")
    event.add("summary", session.title)
    event.add("dtstart", _at(found.on, found.start, zone))
    event.add("dtend", _at(found.on, found.end, zone))
    if isinstance(source, Versions):
        changed = source.latest.published_at or utc_now()
        event.add("dtstamp", changed)
        event.add("last-modified", changed)
        event.add("sequence", source.latest.release or 0)  # a phone takes the higher number
    else:
        event.add("dtstamp", utc_now())
    if session.place:
        event.add("location", session.place)
    if session.person:
        event.add("description", session.person)
    return event


def _at(day: date, minute: int, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(minute // 60 % 24, minute % 60), tzinfo=zone) + timedelta(days=minute // 1440)
