"""Keeping, giving back and dropping what was typed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from foyer.database import db, utc_now
from foyer.errors import FoyerError
from foyer.unsent.models import UnsentForm

KEPT_DAYS = 14
MOST_FORMS = 40  # of one person; the oldest makes room
MOST_LETTERS = 60_000  # of one form
MOST_ADDRESS = 300

Fields = Sequence[Sequence[str]]  # name and value, in the order of the form; a name may come several times


class TooMuch(FoyerError):
    """More than a form that a person types."""


@dataclass(frozen=True)
class Unsent:
    """A form as it was left, and when."""

    fields: list[list[str]]
    kept_at: datetime


def keep(user_id: int, address: str, fields: Fields) -> datetime:
    """Keep what the form holds now; what was kept of it before is replaced. Raises TooMuch."""
    text = json.dumps([[str(name), str(value)] for name, value in fields], ensure_ascii=False)
    if len(text) > MOST_LETTERS or not 0 < len(address) <= MOST_ADDRESS:
        raise TooMuch
    _make_room(user_id)
    found = _find(user_id, address)
    if found is None:
        found = UnsentForm(user_id=user_id, address=address, fields=text)
        db.session.add(found)
    found.fields, found.kept_at = text, utc_now()
    db.session.flush()
    return found.kept_at


def unsent(user_id: int, address: str) -> Unsent | None:
    """What this person left in this form, if it is no older than a fortnight."""
    found = _find(user_id, address)
    if found is None or found.kept_at < utc_now() - timedelta(days=KEPT_DAYS):
        return None
    return Unsent(json.loads(found.fields), found.kept_at)


def drop(user_id: int, path: str) -> None:
    """Forget what this person left in the forms that are sent to this path."""
    named = UnsentForm.address.startswith(f"{path}#", autoescape=True)
    db.session.execute(delete(UnsentForm).where(UnsentForm.user_id == user_id, (UnsentForm.address == path) | named))


def _find(user_id: int, address: str) -> UnsentForm | None:
    return db.session.scalar(select(UnsentForm).where(UnsentForm.user_id == user_id, UnsentForm.address == address))


def _make_room(user_id: int) -> None:
    """Drop what is too old, and the oldest beyond the number that is kept."""
    old = utc_now() - timedelta(days=KEPT_DAYS)
    db.session.execute(delete(UnsentForm).where(UnsentForm.user_id == user_id, UnsentForm.kept_at < old))
    beyond = (
        select(UnsentForm.id)
        .where(UnsentForm.user_id == user_id)
        .order_by(UnsentForm.kept_at.desc(), UnsentForm.id.desc())
        .offset(MOST_FORMS - 1)
    )
    ids = list(db.session.scalars(beyond))
    if ids:
        db.session.execute(delete(UnsentForm).where(UnsentForm.id.in_(ids)))
