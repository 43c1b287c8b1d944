"""A concern comes in, and its reporter comes back with the receipt: the half that people of a house may use.

Nothing here leaves a row in the house's trail, and of who reported only the words that the reporter allowed are kept.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from foyer.accounts.models import OfficeResidence, Role, User
from foyer.concerns.models import About, ConcernEntry, ConcernKind, ConcernVerb, SafeguardingConcern
from foyer.database import blind_index, db, house_scope, office_scope
from foyer.errors import FoyerError, NotFound
from foyer.residences.models import Residence, Staff
from foyer.residents.models import Resident

_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # no I, O, 0, 1: it is copied by hand
_LENGTH = 12  # 60 bits


class UnknownPerson(FoyerError):
    """The person named is nobody of this house or its office."""


@dataclass(frozen=True)
class Report:
    """What somebody tells. ``about_key`` names a member of staff or an account of the office: staff-3, user-4."""

    kind: ConcernKind
    about: About
    words: str
    about_key: str = ""
    about_name: str = ""
    is_anonymous: bool = True


@dataclass(frozen=True)
class Receipt:
    """What somebody with the code may know: how it stands, and what was said."""

    concern: SafeguardingConcern
    residence: Residence
    talk: Sequence[ConcernEntry]


def new_code() -> str:
    """A receipt number that nobody guesses: KPXA-3FQ7-M2ZD."""
    letters = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
    return "-".join(letters[start : start + 4] for start in range(0, _LENGTH, 4))


def report(residence: Residence, told: Report, *, reporter: User, code: str, now: datetime) -> bool:
    """Write a concern down under a receipt code; False if this very report is there already (a form sent twice).
    Sexual violence starts the clock; where the office itself reports, it is taken by who reports. Raises
    UnknownPerson."""
    digest = _digest(code)
    with office_scope(residence.id):
        if db.session.scalar(select(SafeguardingConcern.id).where(SafeguardingConcern.receipt_digest == digest)):
            return False
        concern = SafeguardingConcern(
            residence_id=residence.id,
            receipt_digest=digest,
            kind=told.kind,
            about=told.about,
            about_key=told.about_key or None,
            about_name=_name_of(residence.id, told) or None,
            words=told.words.strip(),
            reporter=None if told.is_anonymous else _own_name(reporter),
            reporter_role=None if told.is_anonymous else reporter.role,
            reported_at=now,
            clock_started_at=now if told.kind is ConcernKind.SEXUAL else None,
            handler_id=reporter.id if reporter.role is Role.OFFICE else None,
        )
        db.session.add(concern)
        db.session.flush()
        note(concern, ConcernVerb.REPORTED, at=now)
    return True


def note(
    concern: SafeguardingConcern,
    verb: ConcernVerb,
    *,
    at: datetime,
    actor_id: int | None = None,
    words: str | None = None,
) -> None:
    """Add a line to the concern's own trail; the reporter is nobody there."""
    db.session.add(
        ConcernEntry(
            residence_id=concern.residence_id, concern_id=concern.id, at=at, verb=verb, actor_id=actor_id, words=words
        )
    )
    db.session.flush()


def by_code(code: str) -> Receipt:
    """The concern that a receipt opens, for whoever holds it. Raises NotFound."""
    table = SafeguardingConcern.__table__  # past the scope on purpose: the code is the right, and it names no house
    found = db.session.execute(
        select(table.c.id, table.c.residence_id).where(table.c.receipt_digest == _digest(code))
    ).first()
    if found is None:
        raise NotFound("receipt")
    with office_scope(found.residence_id):
        concern = db.session.scalars(select(SafeguardingConcern).where(SafeguardingConcern.id == found.id)).one()
        talk = select(ConcernEntry).where(
            ConcernEntry.concern_id == concern.id, ConcernEntry.verb.in_((ConcernVerb.TOLD, ConcernVerb.WROTE))
        )
        residence = db.session.get_one(Residence, concern.residence_id)
        return Receipt(concern, residence, db.session.scalars(talk.order_by(ConcernEntry.id)).all())


def write_again(receipt: Receipt, words: str, *, now: datetime) -> None:
    """The reporter answers or adds something, still without a name."""
    note(receipt.concern, ConcernVerb.WROTE, at=now, words=words.strip())


def readers(residence_id: int) -> Sequence[User]:
    """The accounts of the office that read this house's concerns, by name."""
    query = select(User).join(OfficeResidence, OfficeResidence.user_id == User.id)
    query = query.where(OfficeResidence.residence_id == residence_id, User.is_enabled.is_(True), ~User.is_held)
    return db.session.scalars(query.order_by(User.display_name, User.id)).all()


def named_people(residence_id: int, about: About) -> list[tuple[str, str]]:
    """Whom a reporter can pick from a list: the house's staff, or the office's accounts; key and name."""
    if about is About.STAFF:
        with house_scope(residence_id):
            staff = select(Staff.id, Staff.full_name).where(Staff.is_active.is_(True)).order_by(Staff.name_key)
            return [(f"staff-{row.id}", row.full_name) for row in db.session.execute(staff)]
    if about is About.OFFICE:
        return [(f"user-{user.id}", user.display_name) for user in readers(residence_id)]
    return []


def key_id(key: str | None, kind: str) -> int | None:
    """The number in a key such as staff-3, if it is of this kind."""
    name, _, number = (key or "").partition("-")
    return int(number) if name == kind and number.isdigit() else None


def _name_of(residence_id: int, told: Report) -> str:
    if not told.about_key:
        return told.about_name.strip()
    names = dict(named_people(residence_id, told.about))
    if told.about_key not in names:
        raise UnknownPerson(told.about_key)
    return names[told.about_key]


def _own_name(user: User) -> str:
    """The reporter's full name: an account may show initials only."""
    for person in (Staff, Resident):
        with house_scope(*((user.residence_id,) if user.residence_id else ())):
            name = db.session.scalar(select(person.full_name).where(person.user_id == user.id))
        if name:
            return str(name)
    return user.display_name


def _digest(code: str) -> str:
    letters = "".join(letter for letter in code.upper() if letter.isalnum())
    return blind_index(f"receipt {letters}")
