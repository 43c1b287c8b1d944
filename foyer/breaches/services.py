"""Whose data a breach touched, by the trail of reading, and what the notices say. Services flush."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask_babel import gettext
from sqlalchemy import func, or_, select
from sqlalchemy.orm import load_only

from foyer.accounts.models import OfficeResidence, Role, User
from foyer.audit.models import AuditEntry
from foyer.breaches.models import BreachNotice
from foyer.caseload.desk import Desk
from foyer.database import db
from foyer.errors import FoyerError, NotFound, expect_version
from foyer.formatting import long_date
from foyer.history.services import READING
from foyer.incidents.models import Incident, IncidentKind, IncidentState, InvolvedAs
from foyer.incidents.reading import incident_for
from foyer.incidents.reporting import Amendment, IncidentClosed, amend, standing_people
from foyer.records import change_record, flush
from foyer.residents.models import Resident, Stay

NOTICE_FIELDS = ("which_data", "how", "remedy")


class DaysReversed(FoyerError):
    """The first day is after the last."""


class NobodyChosen(FoyerError):
    """Nobody was ticked."""


@dataclass(frozen=True)
class Wanted:
    """Files opened by an account (none: every file that the house keeps) on the days from the first to the last."""

    user_id: int | None
    first: date
    last: date


@dataclass(frozen=True)
class Touched:
    """A resident, how often the file was opened or taken along, when last; ``is_named``: among those affected."""

    resident: Resident
    times: int
    last_at: datetime | None
    is_named: bool


def breach_for(desk: Desk, incident_id: int) -> Incident:
    """The incident, if it is about personal data. Raises NotFound."""
    found = incident_for(desk, incident_id)
    if found.kind is not IncidentKind.DATA:
        raise NotFound("breach")
    return found


def readers_of_house(desk: Desk) -> Sequence[User]:
    """The accounts that could open files of this house, by name: its staff, also such as sign in no more, and the
    office's. One query."""
    of_office = select(OfficeResidence.user_id).where(OfficeResidence.residence_id == desk.residence.id)
    query = select(User).where(
        or_(User.residence_id == desk.residence.id, User.id.in_(of_office)), User.role != Role.RESIDENT
    )
    return db.session.scalars(query.order_by(func.lower(User.display_name), User.id)).all()


def touched(desk: Desk, row: Incident, wanted: Wanted) -> list[Touched]:
    """Whose file was opened, most often first; for the whole house everybody who ever stayed, by name. One query."""
    named = {person.resident_id for person in standing_people(row)}
    columns = load_only(Resident.full_name, Resident.is_restricted, Resident.residence_id)
    if wanted.user_id is None:
        everybody = select(Resident).where(Resident.id.in_(select(Stay.resident_id))).options(columns)
        return [
            Touched(one, 0, None, one.id in named)
            for one in db.session.scalars(everybody.order_by(func.lower(Resident.full_name), Resident.id))
        ]
    first, last = _moments(desk, wanted)
    times, last_at = func.count(AuditEntry.id), func.max(AuditEntry.at)
    query = (
        select(Resident, times, last_at)
        .join(AuditEntry, AuditEntry.resident_id == Resident.id)
        .where(
            AuditEntry.actor_id == wanted.user_id,
            AuditEntry.verb.in_(READING),
            AuditEntry.at >= first,
            AuditEntry.at < last,
        )
        .group_by(Resident.id)
        .order_by(times.desc(), func.lower(Resident.full_name), Resident.id)
        .options(columns)
    )
    return [Touched(one, n, at, one.id in named) for one, n, at in db.session.execute(query)]


def name_affected(
    desk: Desk, row: Incident, resident_ids: Collection[int], wanted: Wanted, *, version: int | None
) -> int:
    """Put those ticked among the affected of the incident, with how they were found; how many are new. Raises
    NobodyChosen, IncidentClosed, Stale."""
    known = {person.resident_id for person in standing_people(row)}
    new = {id_: InvolvedAs.AFFECTED for id_ in resident_ids if id_ not in known}
    if not new:
        raise NobodyChosen
    amend(desk, row, Amendment(_found_by(wanted), row.kind, row.seriousness, new), version=version)
    return len(new)


def notice_of(row: Incident) -> BreachNotice | None:
    """What was written for the notices. One query."""
    return db.session.scalar(select(BreachNotice).where(BreachNotice.incident_id == row.id))


def write_notice(row: Incident, values: Mapping[str, str], *, version: int | None) -> BreachNotice:
    """Keep what the notices say; ``version`` 0: whoever writes saw that nothing was written. Raises IncidentClosed,
    Stale."""
    if row.state is IncidentState.CLOSED:
        raise IncidentClosed
    values = {name: values[name].strip() for name in NOTICE_FIELDS}
    found = notice_of(row)
    if found is None:
        found = BreachNotice(residence_id=row.residence_id, incident_id=row.id, **values)
        db.session.add(found)
        flush()
        return found
    expect_version(found, version)
    change_record(found, values, version=version)
    return found


def check_days(wanted: Wanted) -> None:
    """Raises DaysReversed."""
    if wanted.first > wanted.last:
        raise DaysReversed


def _moments(desk: Desk, wanted: Wanted) -> tuple[datetime, datetime]:
    """The days as instants, half-open."""
    zone = ZoneInfo(desk.residence.time_zone)
    after = wanted.last + timedelta(days=1)
    return datetime.combine(wanted.first, time(), zone), datetime.combine(after, time(), zone)


def _found_by(wanted: Wanted) -> str:
    """How those affected were found, as a step of the incident says it."""
    if wanted.user_id is None:
        return str(gettext("Chosen from all files that the house keeps."))
    user = db.session.get_one(User, wanted.user_id)
    sentence = gettext(
        "Found in the trail: files that the account of %(name)s opened from %(first)s to %(last)s.",
        name=user.display_name,
        first=long_date(wanted.first),
        last=long_date(wanted.last),
    )
    return str(sentence)
