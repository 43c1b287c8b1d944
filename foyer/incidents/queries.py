"""Lists and figures of incidents: one definition for each figure, the same on every page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import joinedload, selectinload

from foyer.caseload.desk import Desk
from foyer.database import db
from foyer.incidents.clocks import is_grave
from foyer.incidents.models import (
    Incident,
    IncidentClock,
    IncidentKind,
    IncidentPerson,
    IncidentRules,
    IncidentState,
    Seriousness,
)
from foyer.incidents.reading import readable
from foyer.residences.models import Residence, Room, Venue
from foyer.residences.services import today_in
from foyer.residents.models import Resident, Stay, in_sight
from foyer.residents.naming import name_for

PAGE_SIZE = 30
MONTHS = 6


@dataclass(frozen=True)
class Wanted:
    """What the reader of the list asks for; ``month``: the first day of one."""

    state: str = ""  # a state, or open: all that are not closed
    kind: IncidentKind | None = None
    seriousness: Seriousness | None = None
    month: date | None = None
    sort: str = "newest"
    page: int = 1


@dataclass(frozen=True)
class IncidentPage:
    rows: Sequence[Incident]
    total: int
    page: int
    pages: int


def list_incidents(desk: Desk, wanted: Wanted) -> IncidentPage:
    """A page of what the actor may read. Five queries."""
    query = _filtered(select(Incident).where(readable(desk)), desk, wanted)
    total = db.session.scalar(select(func.count()).select_from(query.with_only_columns(Incident.id).subquery())) or 0
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(max(1, wanted.page), pages)
    rows = db.session.scalars(
        query.options(
            selectinload(Incident.people).joinedload(IncidentPerson.resident),
            selectinload(Incident.clocks),
            joinedload(Incident.owner),
        )
        .order_by(*_order(wanted.sort))
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    ).all()
    return IncidentPage(rows, total, page, pages)


def _filtered(query: Select, desk: Desk, wanted: Wanted) -> Select:
    if wanted.state == "open":
        query = query.where(Incident.state != IncidentState.CLOSED)
    elif wanted.state:
        query = query.where(Incident.state == wanted.state)
    if wanted.kind:
        query = query.where(Incident.kind == wanted.kind)
    if wanted.seriousness:
        query = query.where(Incident.seriousness == wanted.seriousness)
    if wanted.month:
        first = start_of(wanted.month, _zone(desk))
        query = query.where(
            Incident.happened_at >= first, Incident.happened_at < start_of(next_month(wanted.month), _zone(desk))
        )
    return query


def _order(sort: str) -> tuple:  # type: ignore[type-arg]
    newest = (Incident.happened_at.desc(), Incident.id.desc())
    if sort == "oldest":
        return (Incident.happened_at, Incident.id)
    if sort == "serious":
        grade = case((Incident.seriousness == Seriousness.SERIOUS, 0), (Incident.seriousness == "moderate", 1), else_=2)
        return (grade, *newest)
    return newest


def of_resident(resident_id: int, most: int = 50) -> Sequence[IncidentPerson]:
    """The incidents in which somebody was involved, the newest first, with the part in each. Two queries."""
    return db.session.scalars(
        select(IncidentPerson)
        .join(IncidentPerson.incident)
        .where(IncidentPerson.resident_id == resident_id, IncidentPerson.withdrawn_at.is_(None))
        .options(joinedload(IncidentPerson.incident).selectinload(Incident.people))
        .order_by(Incident.happened_at.desc(), Incident.id.desc())
        .limit(most)
    ).all()


@dataclass(frozen=True)
class MonthFigures:
    """How many incidents of each kind happened in a month, and how many of them others had to be told about."""

    month: date
    counts: dict[IncidentKind, int]
    grave: dict[IncidentKind, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def total_grave(self) -> int:
        return sum(self.grave.values())


def figures_of(houses: Sequence[Residence]) -> dict[int, list[MonthFigures]]:
    """For each house the figures of its last ``MONTHS`` months, the newest first. One query: kinds and times, no
    person."""
    found = {house.id: _empty_months(today_in(house)) for house in houses}
    zones = {house.id: ZoneInfo(house.time_zone) for house in houses}
    if not found:
        return found
    first = min(start_of(months[-1].month, zones[id_]) for id_, months in found.items())
    rows = db.session.execute(
        select(Incident.residence_id, Incident.happened_at, Incident.kind, Incident.seriousness).where(
            Incident.residence_id.in_(found), Incident.happened_at >= first
        )
    )
    by_month = {(id_, figures.month): figures for id_, months in found.items() for figures in months}
    for id_, happened_at, kind, seriousness in rows:
        figures = by_month.get((id_, happened_at.astimezone(zones[id_]).date().replace(day=1)))
        if figures is not None:
            figures.counts[kind] += 1
            figures.grave[kind] += is_grave(kind, seriousness)
    return found


def _empty_months(today: date) -> list[MonthFigures]:
    months = [today.replace(day=1)]
    while len(months) < MONTHS:
        months.append((months[-1] - timedelta(days=1)).replace(day=1))
    return [MonthFigures(month, dict.fromkeys(IncidentKind, 0), dict.fromkeys(IncidentKind, 0)) for month in months]


@dataclass(frozen=True)
class Waiting:
    """What waits for a manager; ``next_end`` is when the first running clock runs out."""

    reported: int
    proposed: int
    running: int
    next_end: datetime | None
    warn_hours: int


def waiting_for(actor_id: int) -> Waiting:
    """Reports that nobody looks into, closings that somebody else proposed, and running clocks. One query."""
    proposed = (Incident.state == IncidentState.PROPOSED, Incident.proposed_by_id != actor_id)
    running = IncidentClock.stopped_at.is_(None)
    row = db.session.execute(
        select(
            select(func.count(Incident.id)).where(Incident.state == IncidentState.REPORTED).scalar_subquery(),
            select(func.count(Incident.id)).where(*proposed).scalar_subquery(),
            select(func.count(IncidentClock.id)).where(running).scalar_subquery(),
            select(func.min(IncidentClock.due_at)).where(running).scalar_subquery(),
            select(func.min(IncidentRules.warn_hours)).scalar_subquery(),
        )
    ).one()
    return Waiting(row[0], row[1], row[2], row[3], row[4] or 6)


def residents_here(desk: Desk, *, in_team: bool) -> list[tuple[int, str]]:
    """Everybody who lives in the house today, by name, to choose from. Of restricted residents only the initials,
    unless the reader is ``in_team`` of all (a manager). One query."""
    rows = db.session.scalars(
        select(Resident)
        .join(Stay, Stay.resident_id == Resident.id)
        .where(Stay.arrives_on <= desk.today, Stay.leaves_on > desk.today, in_sight())
        .order_by(Resident.name_key)
    ).unique()
    return [(one.id, name_for(one, in_team)) for one in rows]


def places(desk: Desk) -> list[tuple[str, str]]:
    """Venues (``v:3``) and rooms (``r:7``) of the house. Two queries."""
    venues = db.session.execute(
        select(Venue.id, Venue.name).where(Venue.residence_id == desk.residence.id).order_by(Venue.name)
    )
    rooms = db.session.execute(
        select(Room.id, Room.code).where(Room.residence_id == desk.residence.id).order_by(Room.code)
    )
    return [(f"v:{id_}", name) for id_, name in venues] + [(f"r:{id_}", code) for id_, code in rooms]


def start_of(day: date, zone: ZoneInfo) -> datetime:
    """Midnight of a day of the house."""
    return datetime.combine(day, time(), zone)


def next_month(first: date) -> date:
    """The first day of the month after."""
    return (first + timedelta(days=32)).replace(day=1)


def _zone(desk: Desk) -> ZoneInfo:
    return ZoneInfo(desk.residence.time_zone)
