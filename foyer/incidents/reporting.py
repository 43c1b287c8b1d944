"""An incident is reported, and what is learnt later is added to it. Services flush."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from foyer.caseload.desk import Desk
from foyer.caseload.notices import managers_of, tell
from foyer.database import db
from foyer.errors import FoyerError, expect_version
from foyer.incidents.clocks import WordsMissing, is_grave, open_clocks
from foyer.incidents.models import (
    ABOUT_PEOPLE,
    Incident,
    IncidentKind,
    IncidentPerson,
    IncidentState,
    InvolvedAs,
    Seriousness,
    StepKind,
    Told,
)
from foyer.incidents.steps import add_step
from foyer.incidents.telling import warn_before
from foyer.records import flush, touch
from foyer.residents.models import Resident

REPORTED, GRAVE = "incident.reported", "incident.grave"  # notices to the managers


class HappenedAhead(FoyerError):
    """Nothing can be reported before it happened."""


class PlaceMissing(FoyerError):
    """It happened somewhere."""


class PeopleMissing(FoyerError):
    """This kind of incident happened to somebody."""


class IncidentClosed(FoyerError):
    """It is closed; reopen it first."""


@dataclass(frozen=True)
class Report:
    """What the reporter says. ``people``: resident's id to the part in it."""

    kind: IncidentKind
    seriousness: Seriousness
    happened_at: datetime
    account: str
    people: Mapping[int, InvolvedAs]
    venue_id: int | None = None
    room_id: int | None = None
    place: str = ""
    done_at_once: str = ""
    told: Sequence[Told] = ()


def report(desk: Desk, said: Report) -> Incident:
    """Write the incident down, begin its clocks and tell the managers. Raises HappenedAhead, PlaceMissing,
    PeopleMissing, WordsMissing."""
    if said.happened_at > desk.now:
        raise HappenedAhead
    if not (said.venue_id or said.room_id or said.place.strip()):
        raise PlaceMissing
    if said.kind in ABOUT_PEOPLE and not said.people:
        raise PeopleMissing
    if not said.account.strip():
        raise WordsMissing
    row = Incident(
        residence_id=desk.residence.id,
        kind=said.kind,
        seriousness=said.seriousness,
        happened_at=said.happened_at,
        venue_id=said.venue_id,
        room_id=said.room_id,
        place=said.place.strip() or None,
        account=said.account.strip(),
        done_at_once=said.done_at_once.strip() or None,
        told=[one.value for one in dict.fromkeys(said.told)],
        reported_at=desk.now,
        reported_by_id=desk.actor.id,
        state=IncidentState.REPORTED,
    )
    residents = _add_people(row, said.people)
    open_clocks(desk, row, residents)
    add_step(desk, row, StepKind.REPORTED)
    db.session.add(row)
    flush()
    notice = GRAVE if is_grave(row.kind, row.seriousness) else REPORTED
    tell(managers_of(row.residence_id, but=desk.actor), notice, row.id)
    warn_before(desk, row)
    return row


@dataclass(frozen=True)
class Amendment:
    """What is put right or added. ``people``: also somebody new, or another part; ``without``: named by mistake."""

    words: str
    kind: IncidentKind
    seriousness: Seriousness
    people: Mapping[int, InvolvedAs]
    without: Sequence[int] = ()


def amend(desk: Desk, row: Incident, said: Amendment, *, version: int | None) -> None:
    """Add what was learnt; the first words stay. A kind or seriousness put right keeps what it was, and may begin
    clocks, but stops none. Raises IncidentClosed, WordsMissing, Stale."""
    expect_version(row, version)
    if row.state is IncidentState.CLOSED:
        raise IncidentClosed
    if not said.words.strip():
        raise WordsMissing
    was = f"{row.kind.value},{row.seriousness.value}"
    became = f"{said.kind.value},{said.seriousness.value}"
    was_grave = is_grave(row.kind, row.seriousness)
    row.kind, row.seriousness = said.kind, said.seriousness
    for person in row.people:
        if person.resident_id in said.without and person.withdrawn_at is None:
            person.withdrawn_at = desk.now
    _add_people(row, said.people)
    flush()
    open_clocks(desk, row, [person.resident for person in standing_people(row)])
    changed = was != became
    add_step(desk, row, StepKind.AMENDED, said.words, was=was if changed else "", became=became if changed else "")
    touch(row)
    flush()
    if is_grave(row.kind, row.seriousness) and not was_grave:
        tell(managers_of(row.residence_id, but=desk.actor), GRAVE, row.id)
    warn_before(desk, row)


def standing_people(row: Incident) -> list[IncidentPerson]:
    """Who was involved, without those named by mistake."""
    return [person for person in row.people if person.withdrawn_at is None]


def _add_people(row: Incident, people: Mapping[int, InvolvedAs]) -> list[Resident]:
    """Residents of this house only; somebody who is named already has the new part, and is no mistake any more."""
    found = db.session.scalars(select(Resident).where(Resident.id.in_(people))).all() if people else []
    known = {person.resident_id: person for person in row.people}
    for resident in found:
        person = known.get(resident.id)
        if person is None:
            row.people.append(
                IncidentPerson(residence_id=row.residence_id, resident=resident, role=people[resident.id])
            )
        else:
            person.role, person.withdrawn_at = people[resident.id], None
    return list(found)
