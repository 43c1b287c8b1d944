"""Contact after the exit: when it is due, what was heard, and when nobody was reached. Services flush."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from foyer.accounts.models import User
from foyer.database import db
from foyer.errors import FoyerError, expect_version
from foyer.leaving.aftercare_models import (
    AftercareContact,
    AftercareTry,
    Answer,
    ContactKind,
    ContactState,
    Question,
)
from foyer.leaving.models import Exit
from foyer.leaving.rules import rules_of
from foyer.records import flush


class ContactClosed(FoyerError):
    """This contact was made, given up or dropped."""


class DayAhead(FoyerError):
    """What took place lies not ahead."""


class DayBeforeExit(FoyerError):
    """Contact after the exit lies after it."""


class TriesMissing(FoyerError):
    """Somebody counts as not reached only after ``needed`` tries on different days."""

    def __init__(self, needed: int) -> None:
        super().__init__()
        self.needed = needed


class ReasonMissing(FoyerError):
    """A contact is dropped with a reason."""


@dataclass(frozen=True)
class Heard:
    """What a contact brought: ``answers`` holds only the questions that were spoken of."""

    on: date
    kind: ContactKind
    answers: Mapping[Question, Answer] = field(default_factory=dict)
    account: str = ""
    next_step: str = ""


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last of a shorter month."""
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def list_contacts(resident_id: int) -> list[AftercareContact]:
    """A resident's contacts after exits with their tries, by due day. One query."""
    return list(
        db.session.scalars(
            select(AftercareContact)
            .where(AftercareContact.resident_id == resident_id)
            .options(joinedload(AftercareContact.tries), joinedload(AftercareContact.by))
            .order_by(AftercareContact.due_on, AftercareContact.id)
            .execution_options(populate_existing=True)
        ).unique()
    )


def plan_contacts(exit_row: Exit, months: Iterable[int]) -> None:
    """Make contact due so many months after an exit."""
    for number in months:
        db.session.add(_contact(exit_row, months_after(exit_row.leaves_on, number), number))


def add_contact(exit_row: Exit, heard: Heard, *, today: date, actor: User) -> AftercareContact:
    """Write down a contact that was not due, for instance because the person called. Raises DayAhead, DayBeforeExit."""
    row = _contact(exit_row, heard.on, None)
    _hear(row, exit_row, heard, today, actor)
    db.session.add(row)
    flush()
    return row


def record_contact(row: AftercareContact, heard: Heard, *, today: date, actor: User, version: int | None) -> None:
    """Write down what a contact brought; also when the person is reached after all. Raises ContactClosed, DayAhead,
    DayBeforeExit, Stale."""
    expect_version(row, version)
    if row.state not in (ContactState.DUE, ContactState.UNREACHABLE):
        raise ContactClosed
    _hear(row, row.exit, heard, today, actor)
    flush()


def record_try(
    row: AftercareContact, *, on: date, kind: ContactKind, note: str, today: date, actor: User
) -> AftercareTry:
    """Nobody was reached on this day. Raises ContactClosed, DayAhead."""
    if row.state is not ContactState.DUE:
        raise ContactClosed
    if on > today:
        raise DayAhead
    made = AftercareTry(
        residence_id=row.residence_id,
        resident_id=row.resident_id,
        tried_on=on,
        kind=kind,
        note=note.strip() or None,
        by_id=actor.id,
    )
    row.tries.append(made)
    flush()
    return made


def days_tried(row: AftercareContact) -> int:
    """On how many days somebody tried."""
    return len({each.tried_on for each in row.tries})


def give_up(row: AftercareContact, *, actor: User, version: int | None) -> None:
    """Nobody was reached, on as many days as the house's rules ask for. Later contacts stay due. Raises ContactClosed,
    TriesMissing, Stale."""
    expect_version(row, version)
    if row.state is not ContactState.DUE:
        raise ContactClosed
    needed = rules_of(row.residence_id).tries
    if days_tried(row) < needed:
        raise TriesMissing(needed)
    row.state, row.by_id = ContactState.UNREACHABLE, actor.id
    flush()


def drop(row: AftercareContact, *, reason: str, actor: User, version: int | None) -> None:
    """A due contact is not made, and why. Raises ContactClosed, ReasonMissing, Stale."""
    expect_version(row, version)
    if row.state is not ContactState.DUE:
        raise ContactClosed
    if not reason.strip():
        raise ReasonMissing
    row.state, row.reason, row.by_id = ContactState.DROPPED, reason.strip(), actor.id
    flush()


def drop_due_contacts(resident_id: int, *, reason: str, stay_id: int | None = None) -> int:
    """Drop all that is due for a resident (after one stay), because of what happened; gives how many."""
    query = select(AftercareContact).where(
        AftercareContact.resident_id == resident_id, AftercareContact.state == ContactState.DUE
    )
    if stay_id is not None:
        query = query.where(AftercareContact.stay_id == stay_id)
    rows = db.session.scalars(query).all()
    for row in rows:
        row.state, row.reason = ContactState.DROPPED, reason
    flush()
    return len(rows)


def _contact(exit_row: Exit, due_on: date, months: int | None) -> AftercareContact:
    return AftercareContact(
        residence_id=exit_row.residence_id,
        exit_id=exit_row.id,
        resident_id=exit_row.resident_id,
        stay_id=exit_row.stay_id,
        months=months,
        due_on=due_on,
        state=ContactState.DUE,
    )


def _hear(row: AftercareContact, exit_row: Exit, heard: Heard, today: date, actor: User) -> None:
    if heard.on > today:
        raise DayAhead
    if heard.on < exit_row.leaves_on:
        raise DayBeforeExit
    row.state, row.held_on, row.kind, row.by_id = ContactState.HELD, heard.on, heard.kind, actor.id
    row.answers = {question.value: answer.value for question, answer in heard.answers.items()}
    row.account, row.next_step = heard.account.strip() or None, heard.next_step.strip() or None
