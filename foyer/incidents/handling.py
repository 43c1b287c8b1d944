"""Somebody answers for an incident, takes measures, and a second person closes it. Services flush."""

from __future__ import annotations

from datetime import date

from sqlalchemy import exists, select

from foyer.accounts.models import Role, User
from foyer.caseload.desk import Desk
from foyer.caseload.notices import forget, managers_of, tell
from foyer.database import db
from foyer.errors import FoyerError, NotAllowed, expect_version
from foyer.incidents.clocks import WordsMissing
from foyer.incidents.models import Incident, IncidentMeasure, IncidentState, StepKind
from foyer.incidents.reading import is_manager
from foyer.incidents.reporting import REPORTED, IncidentClosed
from foyer.incidents.steps import add_step
from foyer.incidents.telling import warn_before
from foyer.records import flush, touch
from foyer.residences.models import Staff

GIVEN, TO_CLOSE = "incident.given", "incident.to_close"  # notices: to the owner, to the managers


class NobodyAnswers(FoyerError):
    """Nobody looks into it yet."""


class DayPast(FoyerError):
    """A measure is due today or later."""


class MeasureDone(FoyerError):
    """It is done already."""


class WorkOpen(FoyerError):
    """A clock still runs, or a measure is not done: it is not over yet."""


class NotProposed(FoyerError):
    """It does not wait for a second person."""


class SelfApproval(FoyerError):
    """Who proposed it or answers for it does not close it; nor who reported it, while there is another manager."""


class NotClosed(FoyerError):
    """It is open."""


def assign(desk: Desk, row: Incident, owner: Staff, *, note: str = "", version: int | None) -> None:
    """Somebody looks into it from now on, and is responsible for its running clocks, which run on. Managers only.
    Raises NotAllowed, IncidentClosed, Stale."""
    _expect_open(row, version)
    if not is_manager(desk):
        raise NotAllowed
    row.owner_id = owner.id
    if row.state is IncidentState.REPORTED:
        row.state = IncidentState.EXAMINED
    for clock in row.clocks:
        if clock.is_running:
            clock.responsible_id = owner.id
    add_step(desk, row, StepKind.ASSIGNED, note, staff=owner)
    _keep(row)
    if owner.user_id is not None and owner.user_id != desk.actor.id:
        tell({owner.user_id}, GIVEN, row.id)
    warn_before(desk, row)


def add_measure(
    desk: Desk, row: Incident, *, words: str, owner: Staff, due_on: date, version: int | None
) -> IncidentMeasure:
    """Somebody does something until a day. Raises IncidentClosed, WordsMissing, DayPast, Stale."""
    _expect_open(row, version)
    if not words.strip():
        raise WordsMissing
    if due_on < desk.today:
        raise DayPast
    measure = IncidentMeasure(residence_id=row.residence_id, words=words.strip(), owner_id=owner.id, due_on=due_on)
    row.measures.append(measure)
    add_step(desk, row, StepKind.MEASURE, staff=owner)
    _keep(row)
    return measure


def finish_measure(desk: Desk, measure: IncidentMeasure, *, words: str, version: int | None) -> None:
    """It was done. Raises IncidentClosed, MeasureDone, WordsMissing, Stale."""
    expect_version(measure, version)
    _expect_open(measure.incident, None)
    if measure.done_at is not None:
        raise MeasureDone
    if not words.strip():
        raise WordsMissing
    measure.done_at, measure.done_by_id, measure.done_words = desk.now, desk.actor.id, words.strip()
    add_step(desk, measure.incident, StepKind.MEASURE_DONE)
    _keep(measure.incident)


def propose_closing(desk: Desk, row: Incident, *, words: str, version: int | None) -> None:
    """Say what came of it, and ask a second person to close it. Raises IncidentClosed, NobodyAnswers, WordsMissing,
    WorkOpen, Stale."""
    _expect_open(row, version)
    if row.state is IncidentState.REPORTED:
        raise NobodyAnswers
    if not words.strip():
        raise WordsMissing
    if any(clock.is_running for clock in row.clocks) or any(one.done_at is None for one in row.measures):
        raise WorkOpen
    row.state, row.proposed_by_id = IncidentState.PROPOSED, desk.actor.id
    add_step(desk, row, StepKind.PROPOSED, words)
    _keep(row)
    tell(managers_of(row.residence_id, but=desk.actor), TO_CLOSE, row.id)


def may_close(desk: Desk, row: Incident) -> bool:
    """Whether the actor is the second person: a manager who neither proposed it nor answers for it. Who reported it
    closes it only where the house has no other manager, so that it never stays open for want of one."""
    if not is_manager(desk) or desk.actor.id == row.proposed_by_id or row.owner_id == desk.staff_id:
        return False
    return row.reported_by_id != desk.actor.id or not _has_other_manager(desk)


def close(desk: Desk, row: Incident, *, words: str, version: int | None) -> None:
    """The second person closes it. Raises NotProposed, SelfApproval, WorkOpen, Stale."""
    expect_version(row, version)
    if row.state is not IncidentState.PROPOSED:
        raise NotProposed
    if not may_close(desk, row):
        raise SelfApproval
    if any(clock.is_running for clock in row.clocks) or any(one.done_at is None for one in row.measures):
        raise WorkOpen
    row.state, row.closed_at, row.closed_by_id = IncidentState.CLOSED, desk.now, desk.actor.id
    add_step(desk, row, StepKind.CLOSED, words)
    for notice in (GIVEN, TO_CLOSE, REPORTED):  # nobody is asked for what is done; that it was grave they still read
        forget(notice, row.id)
    _keep(row)


def send_back(desk: Desk, row: Incident, *, words: str, version: int | None) -> None:
    """A manager wants something done first. Raises NotAllowed, NotProposed, WordsMissing, Stale."""
    expect_version(row, version)
    if not is_manager(desk):
        raise NotAllowed
    if row.state is not IncidentState.PROPOSED:
        raise NotProposed
    _reopened(desk, row, StepKind.RETURNED, words)


def reopen(desk: Desk, row: Incident, *, words: str, version: int | None) -> None:
    """Something came up: it is looked into again; the clocks stay as they were. Raises NotClosed, WordsMissing,
    Stale."""
    expect_version(row, version)
    if row.state is not IncidentState.CLOSED:
        raise NotClosed
    row.closed_at = row.closed_by_id = None
    _reopened(desk, row, StepKind.REOPENED, words)


def _reopened(desk: Desk, row: Incident, kind: StepKind, words: str) -> None:
    if not words.strip():
        raise WordsMissing
    row.state, row.proposed_by_id = IncidentState.EXAMINED, None
    add_step(desk, row, kind, words)
    _keep(row)


def _has_other_manager(desk: Desk) -> bool:
    others = exists().where(
        User.residence_id == desk.residence.id,
        User.role == Role.MANAGER,
        User.is_enabled.is_(True),
        User.id != desk.actor.id,
    )
    return bool(db.session.scalar(select(others)))


def _expect_open(row: Incident, version: int | None) -> None:
    expect_version(row, version)
    if row.state is IncidentState.CLOSED:
        raise IncidentClosed


def _keep(row: Incident) -> None:
    touch(row)
    flush()
