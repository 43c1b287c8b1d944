"""The figures of a cycle: for each kind of service how many residents it reached and how often. Services flush."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Date, bindparam, func, select

from foyer.atensi import labels as _labels  # noqa: F401  the words
from foyer.atensi.models import USUAL, Component, Service, ServiceComponent
from foyer.care.models import Assessment, PlanReview
from foyer.counselling.models import CAME, CounsellingSession, SessionAttendance, SessionKind
from foyer.cycles.models import Cycle, GroupKind, TeachingGroup
from foyer.database import UtcDateTime, db
from foyer.errors import Stale
from foyer.leaving.aftercare_models import AftercareContact, ContactState
from foyer.leaving.models import ExitItem, ItemState
from foyer.questions import Question, Questions
from foyer.records import flush
from foyer.residences.models import Residence
from foyer.residents.models import Stay
from foyer.training.models import HERE, AttendanceMark, ClassRegister

_KINDS = {
    SessionKind.INDIVIDUAL: Service.COUNSELLING,
    SessionKind.GROUP: Service.GROUP_COUNSELLING,
    SessionKind.FAMILY: Service.FAMILY_COUNSELLING,
}
_GROUPS = {GroupKind.VOCATIONAL: Service.TRADE, GroupKind.EDUCATION: Service.EDUCATION}
_ACTS: dict[Service, tuple[Any, ...]] = {  # when it was done, and what else must hold
    Service.ASSESSMENT: (Assessment.finished_at,),
    Service.PLAN_REVIEW: (PlanReview.held_on,),
    Service.EXIT: (ExitItem.answered_on, ExitItem.state == ItemState.READY),
    Service.AFTERCARE: (AftercareContact.held_on, AftercareContact.state == ContactState.HELD),
}
_TIMES = func.count().label("times")
_SINCE, _UNTIL = (bindparam(name, type_=UtcDateTime) for name in ("since", "until"))


@dataclass(frozen=True)
class Figure:
    """How many residents a service reached, and how often (nights, sessions, contacts; as many as residents where the
    service is a state and no act)."""

    residents: int = 0
    times: int = 0


@dataclass(frozen=True)
class Reported:
    """A component with its services, and how many residents at least one of them reached."""

    component: Component
    services: Mapping[Service, Figure]
    residents: int


def components_of(residence_id: int) -> dict[Service, Component]:
    """Which component each service counts to in this house. One query."""
    query = select(ServiceComponent).where(ServiceComponent.residence_id == residence_id)
    return {**USUAL, **{row.service: row.component for row in db.session.scalars(query)}}


def components_version(residence_id: int) -> int:
    """The version of the whole list: every change of one of its rows raises it, and rows are never removed. 0 while the
    house counts as usual. One query."""
    query = select(func.coalesce(func.sum(ServiceComponent.version), 0))
    return int(db.session.scalar(query.where(ServiceComponent.residence_id == residence_id)) or 0)


def change_components(residence_id: int, wanted: Mapping[Service, Component], *, version: int | None) -> None:
    """Count these services to these components from now on, in reports of earlier cycles too. Raises Stale."""
    if version is not None and version != components_version(residence_id):
        raise Stale(ServiceComponent.__name__)
    query = select(ServiceComponent).where(ServiceComponent.residence_id == residence_id)
    known = {row.service: row for row in db.session.scalars(query)}
    for service, component in wanted.items():
        row = known.get(service)
        if row is not None:
            row.component = component
        elif component is not USUAL[service]:
            db.session.add(ServiceComponent(residence_id=residence_id, service=service, component=component))
    flush()


def report_of(residence: Residence, cycle: Cycle, today: date) -> list[Reported]:
    """The seven components with what the cycle's records hold until yesterday's night and today's sessions; a component
    without any service is there with nothing. Three queries."""
    reached = _reached(residence, cycle, today)
    counts_to = components_of(residence.id)
    found = []
    for component in Component:
        services = [service for service in Service if counts_to[service] is component]
        everybody: set[int] = set().union(*(reached[service] for service in services))
        figures = {service: Figure(len(reached[service]), sum(reached[service].values())) for service in services}
        found.append(Reported(component, figures, len(everybody)))
    return found


def _reached(residence: Residence, cycle: Cycle, today: date) -> dict[Service, dict[int, int]]:
    """For each service, how often it reached each resident, by their ids. Two queries."""
    first, end = cycle.starts_on, cycle.ends_on
    found: dict[Service, dict[int, int]] = {service: {} for service in Service}
    stays = db.session.execute(
        select(Stay.resident_id, Stay.arrives_on, Stay.leaves_on, Stay.needs).where(
            Stay.arrives_on < end, Stay.leaves_on > first, Stay.elsewhere.is_(None)
        )
    )
    for stay in stays:
        nights = (min(stay.leaves_on, end, today) - max(stay.arrives_on, first)).days
        if nights <= 0:
            continue
        _add(found[Service.HOUSING], stay.resident_id, nights)
        if "wheelchair" in stay.needs:
            found[Service.WHEELCHAIR][stay.resident_id] = 1
    zone = ZoneInfo(residence.time_zone)
    since, until = (datetime.combine(day, time(), zone) for day in (first, end))
    records = _records().ask({"first": first, "end": end, "since": since, "until": until})
    for name, service_of in (("sessions", _KINDS), ("registers", _GROUPS)):
        for row in records[name]:
            _add(found[service_of[row.kind]], row.resident_id, row.times)
    for service in _ACTS:
        found[service] = {row.resident_id: row.times for row in records[service.value]}
    return found


def _add(counts: dict[int, int], resident_id: int, times: int) -> None:
    counts[resident_id] = counts.get(resident_id, 0) + times


@cache
def _records() -> Questions:
    """How many ``sessions`` and ``registers`` each resident came to, by kind, and how often each of ``_ACTS`` was done
    for them: from the day ``first`` (the instant ``since``) until before ``end`` (``until``)."""
    first, end = bindparam("first", type_=Date), bindparam("end", type_=Date)
    sessions = (
        select(CounsellingSession.kind, SessionAttendance.resident_id, _TIMES)
        .join(CounsellingSession, SessionAttendance.session_id == CounsellingSession.id)
        .where(SessionAttendance.held_on >= first, SessionAttendance.held_on < end)
        .where(SessionAttendance.presence.in_(CAME), CounsellingSession.withdrawn_at.is_(None))
        .group_by(CounsellingSession.kind, SessionAttendance.resident_id)
    )
    registers = (
        select(TeachingGroup.kind, AttendanceMark.resident_id, _TIMES)
        .join(ClassRegister, AttendanceMark.register_id == ClassRegister.id)
        .join(TeachingGroup, ClassRegister.group_id == TeachingGroup.id)
        .where(ClassRegister.is_held, ClassRegister.held_on >= first, ClassRegister.held_on < end)
        .where(AttendanceMark.presence.in_(HERE))
        .group_by(TeachingGroup.kind, AttendanceMark.resident_id)
    )
    acts: dict[str, Question] = {}
    for service, (done, *conditions) in _ACTS.items():
        from_, until = (first, end) if isinstance(done.type, Date) else (_SINCE, _UNTIL)
        who = done.class_.resident_id
        acts[service.value] = select(who, _TIMES).where(done >= from_, done < until, *conditions).group_by(who)
    return Questions({"sessions": sessions, "registers": registers, **acts})
