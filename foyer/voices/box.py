"""The suggestion box: slips without names, and the house's published replies."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import select

from foyer.audit.services import record
from foyer.database import db
from foyer.records import change_record, flush
from foyer.voices.models import Suggestion

SHOWN = 20  # replies on the residents' page


def put_in(residence_id: int, words: str, *, today: date, is_from_paper: bool = False) -> Suggestion:
    """Put a slip into the box; of the day only the week is kept."""
    monday = today - timedelta(days=today.weekday())
    slip = Suggestion(residence_id=residence_id, words=words.strip(), week_of=monday, is_from_paper=is_from_paper)
    db.session.add(slip)
    flush()
    return slip


def reply(slip: Suggestion, *, shown_words: str, reply: str, today: date, version: int | None) -> None:
    """Publish what was suggested, in words that name nobody, with the house's reply; or better what was published.
    Raises Stale."""
    values = {"shown_words": shown_words.strip(), "reply": reply.strip(), "published_on": slip.published_on or today}
    change_record(slip, values, version=version)
    record("replied", slip)


def slips() -> Sequence[Suggestion]:
    """Every slip: unanswered ones first, then the newest week."""
    query = select(Suggestion).order_by(
        Suggestion.published_on.is_not(None), Suggestion.week_of.desc(), Suggestion.id.desc()
    )
    return db.session.scalars(query).all()


def published() -> Sequence[Suggestion]:
    """What residents read: the latest replies."""
    query = select(Suggestion).where(Suggestion.published_on.is_not(None))
    return db.session.scalars(query.order_by(Suggestion.published_on.desc(), Suggestion.id.desc()).limit(SHOWN)).all()
