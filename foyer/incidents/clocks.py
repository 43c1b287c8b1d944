"""The clocks of an incident: who must be told, until when, by whom. Set once, never moved. Services flush."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from foyer.caseload.desk import Desk
from foyer.errors import FoyerError, NotAllowed
from foyer.incidents.models import (
    ClockFor,
    Incident,
    IncidentClock,
    IncidentKind,
    Seriousness,
    StepKind,
    Told,
)
from foyer.incidents.reading import is_manager
from foyer.incidents.rules import period_for, rules_of
from foyer.incidents.steps import add_step
from foyer.incidents.telling import stop_warning
from foyer.records import flush, touch
from foyer.residents.models import Resident
from foyer.residents.naming import age_on

_AT_ONCE = {ClockFor.GUARDIAN: Told.GUARDIAN, ClockFor.OFFICE: Told.OFFICE}


class ClockStopped(FoyerError):
    """They were told already, or it was decided that they cannot be."""


class WordsMissing(FoyerError):
    """What was done, or why not, is said in words."""


def is_grave(kind: IncidentKind, seriousness: Seriousness) -> bool:
    """Whether others must be told within a period: what is serious, and whoever is missing, always."""
    return seriousness is Seriousness.SERIOUS or kind is IncidentKind.MISSING


def parties(kind: IncidentKind, seriousness: Seriousness, *, has_minor: bool) -> list[ClockFor]:
    """Who must be told. The guardian only of minors: an adult says whether the family is told. Whose data it was and
    the authority, whenever personal data were lost (UU 27/2022 art. 46)."""
    found = []
    if is_grave(kind, seriousness):
        found = [ClockFor.GUARDIAN, ClockFor.OFFICE] if has_minor else [ClockFor.OFFICE]
    if kind is IncidentKind.DATA:
        found += [ClockFor.DATA_SUBJECTS, ClockFor.DATA_AUTHORITY]
    return found


def open_clocks(desk: Desk, row: Incident, people: Iterable[Resident]) -> None:
    """Begin the clocks that this incident asks for and does not have. They run from when it happened or was noticed,
    also where that is known only later. Who was told at once is told."""
    rules, day = rules_of(row.residence_id), row.happened_at.astimezone(desk.now.tzinfo).date()
    has_minor = any(age_on(one.born_on, day) < 18 for one in people)
    known = {clock.party for clock in row.clocks}
    for party in parties(row.kind, row.seriousness, has_minor=has_minor):
        if party in known:
            continue
        hours, source = period_for(rules, party)
        clock = IncidentClock(
            residence_id=row.residence_id,
            party=party,
            runs_from=row.happened_at,
            due_at=row.happened_at + timedelta(hours=hours),
            source=source,
            responsible_id=row.owner_id or (desk.staff.id if desk.staff else None),
        )
        if party in _AT_ONCE and _AT_ONCE[party].value in row.told:
            clock.stopped_at, clock.was_told, clock.stopped_by_id = row.reported_at, True, row.reported_by_id
        row.clocks.append(clock)


def stop_clock(desk: Desk, clock: IncidentClock, *, was_told: bool, words: str, at: datetime | None = None) -> None:
    """They were told (now, or at an earlier time that is given), or cannot be, which a manager decides. Raises
    ClockStopped, WordsMissing, NotAllowed."""
    if clock.stopped_at is not None:
        raise ClockStopped
    if not words.strip():
        raise WordsMissing
    if not was_told and not is_manager(desk):
        raise NotAllowed
    moment = min(at, desk.now) if at else desk.now
    clock.stopped_at, clock.was_told, clock.words = moment, was_told, words.strip()
    clock.stopped_by_id = desk.actor.id
    stop_warning(clock)
    kind = StepKind.TOLD if was_told else StepKind.NOT_TOLD
    add_step(desk, clock.incident, kind, became=clock.party.value)
    touch(clock.incident)
    flush()


def is_urgent(clock: IncidentClock, now: datetime, warn_hours: int) -> bool:
    """Whether it runs out so soon (or has) that it is the managers' as well."""
    return clock.is_running and now >= clock.due_at - timedelta(hours=warn_hours)
