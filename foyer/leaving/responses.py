"""A warning sign opens a task with a clock, an owner and a way up (intervensi cepat). Services flush."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from foyer.accounts.models import Role, User
from foyer.caseload.desk import Desk
from foyer.caseload.mine import responsible_staff
from foyer.caseload.models import Assignment
from foyer.database import db
from foyer.errors import FoyerError, expect_version
from foyer.leaving.aftercare_models import (
    URGENT,
    AftercareContact,
    RapidResponse,
    ResponseOutcome,
    ResponseStep,
    StepKind,
    WarningSign,
)
from foyer.leaving.rules import rules_of
from foyer.records import flush, touch
from foyer.residences.models import Staff
from foyer.residents.models import Resident, Stay

OWNER_DAYS = timedelta(days=30)


class SignMissing(FoyerError):
    """A quick answer is asked for because of at least one sign."""


class ResponseClosed(FoyerError):
    """The task is closed; a new sign opens a new one."""


class WordsMissing(FoyerError):
    """What was done is said in words."""


class NotReached(FoyerError):
    """Closed as safe, helped, referred or back only after somebody spoke with the person."""


class TryMissing(FoyerError):
    """Nobody tried to reach the person: one cannot say that they could not be found."""


class ManagerCloses(FoyerError):
    """Where somebody may be in danger, a manager says that the search ends; the owner only with the managers asked for
    help and after tries on ``needed`` days."""

    def __init__(self, needed: int) -> None:
        super().__init__()
        self.needed = needed


class SameOwner(FoyerError):
    """It is this person's already."""


@dataclass(frozen=True)
class Seen:
    """Which signs, and what exactly was seen or heard."""

    signs: Sequence[WarningSign]
    account: str = ""


def open_response(
    resident: Resident,
    seen: Seen,
    *,
    owner: Staff,
    actor: User,
    now: datetime,
    stay: Stay | None = None,
    contact: AftercareContact | None = None,
) -> RapidResponse:
    """Open the task. Its clock runs from now for as many hours as the house's rules say; fewer where somebody may be in
    danger. Raises SignMissing."""
    if not seen.signs:
        raise SignMissing
    rules = rules_of(resident.residence_id)
    hours = rules.urgent_hours if URGENT & set(seen.signs) else rules.answer_hours
    row = RapidResponse(
        residence_id=resident.residence_id,
        resident_id=resident.id,
        stay_id=stay.id if stay else None,
        contact_id=contact.id if contact else None,
        signs=[sign.value for sign in dict.fromkeys(seen.signs)],
        account=seen.account.strip() or None,
        owner_id=owner.id,
        opened_at=now,
        opened_by_id=actor.id,
        due_at=now + timedelta(hours=hours),
    )
    row.steps.append(_step(row, StepKind.OPENED, "", actor, now))
    db.session.add(row)
    flush()
    return row


def first_owner(desk: Desk, resident_id: int) -> Staff | None:
    """Whose a new task is, if nobody chooses: who answers for the resident and still works here, else who opens it."""
    own = responsible_staff(desk, [resident_id]).get(resident_id, [])
    return next((staff for staff in (*own, desk.staff) if staff is not None and staff.is_active), None)


def let_in(desk: Desk, resident: Resident, owner: Staff) -> None:
    """Whoever is to answer may open the file for ``OWNER_DAYS``, if they do not answer for the resident anyhow."""
    if owner in responsible_staff(desk, [resident.id]).get(resident.id, []):
        return
    until_on = desk.today + OWNER_DAYS
    db.session.add(
        Assignment(
            residence_id=resident.residence_id,
            resident_id=resident.id,
            staff_id=owner.id,
            from_on=desk.today,
            until_on=until_on,
        )
    )
    flush()


def list_responses(resident_id: int) -> list[RapidResponse]:
    """A resident's tasks with their steps, the newest first. Two queries."""
    return list(
        db.session.scalars(
            select(RapidResponse)
            .where(RapidResponse.resident_id == resident_id)
            .options(*_FULL)
            .order_by(RapidResponse.id.desc())
            .execution_options(populate_existing=True)
        )
    )


def record_step(
    row: RapidResponse, *, reached: bool, note: str, actor: User, now: datetime, version: int | None
) -> None:
    """Write down what was done; only reaching the person stops the clock. Raises ResponseClosed, WordsMissing,
    Stale."""
    _expect_open(row, version)
    if not note.strip():
        raise WordsMissing
    kind = StepKind.REACHED if reached else StepKind.TRIED
    row.steps.append(_step(row, kind, note, actor, now))
    if reached and row.reached_at is None:
        row.reached_at = now
    _keep(row)


def hand_over(row: RapidResponse, *, to: Staff, note: str, actor: User, now: datetime, version: int | None) -> None:
    """Somebody else answers for it from now on; the clock runs on. Raises ResponseClosed, SameOwner, Stale."""
    _expect_open(row, version)
    if row.owner_id == to.id:
        raise SameOwner
    row.owner_id = to.id
    row.steps.append(_step(row, StepKind.HANDED_OVER, note, actor, now, to))
    _keep(row)


def escalate(row: RapidResponse, *, note: str, actor: User, now: datetime, version: int | None) -> None:
    """Ask the managers for help before the clock runs out; when it does, they are asked by the clock. Raises
    ResponseClosed, WordsMissing, Stale."""
    _expect_open(row, version)
    if not note.strip():
        raise WordsMissing
    row.escalated_at = row.escalated_at or now
    row.steps.append(_step(row, StepKind.ESCALATED, note, actor, now))
    _keep(row)


def close_response(
    row: RapidResponse, *, outcome: ResponseOutcome, note: str, actor: User, now: datetime, version: int | None
) -> None:
    """Close the task with how it ended. Raises ResponseClosed, WordsMissing, NotReached, TryMissing, ManagerCloses,
    Stale."""
    _expect_open(row, version)
    if not note.strip():
        raise WordsMissing
    if row.reached_at is None:
        if outcome is not ResponseOutcome.NOT_FOUND:
            raise NotReached
        _expect_searched(row, actor, now)
    row.outcome, row.closed_at = outcome, now
    row.steps.append(_step(row, StepKind.CLOSED, note, actor, now))
    _keep(row)


def _expect_searched(row: RapidResponse, actor: User, now: datetime) -> None:
    """Somebody tried; and where there may be danger, it is not one person's word that ends the search."""
    tried_on = {step.at.astimezone(now.tzinfo).date() for step in row.steps if step.kind is StepKind.TRIED}
    if not tried_on:
        raise TryMissing
    needed = rules_of(row.residence_id).tries
    alone = row.escalated_at is None or len(tried_on) < needed
    if URGENT & {WarningSign(sign) for sign in row.signs} and actor.role is not Role.MANAGER and alone:
        raise ManagerCloses(needed)


def _expect_open(row: RapidResponse, version: int | None) -> None:
    expect_version(row, version)
    if row.closed_at is not None:
        raise ResponseClosed


def _keep(row: RapidResponse) -> None:
    touch(row)
    flush()


def _step(
    row: RapidResponse, kind: StepKind, note: str, actor: User, now: datetime, staff: Staff | None = None
) -> ResponseStep:
    return ResponseStep(
        residence_id=row.residence_id,
        resident_id=row.resident_id,
        kind=kind,
        at=now,
        by_id=actor.id,
        staff_id=staff.id if staff else None,
        note=note.strip() or None,
    )


_FULL = (
    selectinload(RapidResponse.steps).joinedload(ResponseStep.by),
    selectinload(RapidResponse.steps).joinedload(ResponseStep.staff),
    joinedload(RapidResponse.owner),
)
