"""What residents ask about their own file, corrections and objections: asked, due, answered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from foyer.accounts.models import User
from foyer.caseload.desk import Desk
from foyer.caseload.dues import Due, Residents, addresses, register_dues
from foyer.database import db, utc_now
from foyer.errors import FoyerError, NotFound
from foyer.formatting import instant
from foyer.own.models import CorrectionRequest, CorrectionState, Processing, RequestKind
from foyer.questions import Question
from foyer.records import change_record, flush
from foyer.residences.models import Residence
from foyer.residents.models import Resident


class AnsweredAlready(FoyerError):
    """The request has its answer; a new matter needs a new request."""


def own_resident(user: User) -> Resident | None:
    """Who signed in, as a resident; None for an account that is nobody's yet."""
    return db.session.scalar(select(Resident).where(Resident.user_id == user.id))


def ask_for_correction(resident: Resident, wrong: str) -> CorrectionRequest:
    """Write down what the resident says is wrong; the clock starts."""
    request = CorrectionRequest(residence_id=resident.residence_id, resident_id=resident.id, wrong=wrong.strip())
    db.session.add(request)
    flush()
    return request


def object_to(resident: Resident, about: Processing, *, kind: RequestKind, words: str) -> CorrectionRequest:
    """Write down that the resident objects to a use, or wants it paused; a person answers, and the clock starts."""
    request = CorrectionRequest(
        residence_id=resident.residence_id, resident_id=resident.id, kind=kind, about=about, wrong=words.strip()
    )
    db.session.add(request)
    flush()
    return request


def answer_correction(
    request: CorrectionRequest, *, state: CorrectionState, answer: str, actor_id: int, version: int | None
) -> None:
    """Say what became of a request. Raises AnsweredAlready, Stale."""
    if request.state is not CorrectionState.OPEN:
        raise AnsweredAlready
    values = {"state": state, "answer": answer.strip(), "answered_at": utc_now(), "answered_by_id": actor_id}
    change_record(request, values, version=version)


def corrections_of(resident_id: int) -> Sequence[CorrectionRequest]:
    """A resident's requests, the newest first."""
    query = select(CorrectionRequest).where(CorrectionRequest.resident_id == resident_id)
    return db.session.scalars(query.order_by(CorrectionRequest.id.desc())).all()


def correction_of(resident_id: int, correction_id: int) -> CorrectionRequest:
    """One request of this resident. Raises NotFound."""
    query = select(CorrectionRequest).where(
        CorrectionRequest.id == correction_id, CorrectionRequest.resident_id == resident_id
    )
    found = db.session.scalar(query)
    if found is None:
        raise NotFound("correction")
    return found


def answer_by(residence: Residence, request: Any) -> datetime:
    """Until when the house answers (UTC), by its own setting: the law's hours are known to us at second hand."""
    found: datetime = request.asked_at + timedelta(hours=residence.answer_hours)
    return found


def _open(today: date, resident_ids: Residents) -> Question:
    return select(CorrectionRequest.resident_id, CorrectionRequest.asked_at).where(
        CorrectionRequest.state == CorrectionState.OPEN, CorrectionRequest.resident_id.in_(resident_ids)
    )


def _due(desk: Desk, rows: Sequence[Any]) -> list[Due]:
    page = addresses("own.corrections")
    return [_answer_due(desk, row.resident_id, answer_by(desk.residence, row), page(row.resident_id)) for row in rows]


def _answer_due(desk: Desk, resident_id: int, until: datetime, url: str) -> Due:
    moment, is_over = instant(until, desk.residence.time_zone), until <= desk.now
    if is_over:
        said = gettext("What the resident asks about the file was to have been answered by %(moment)s", moment=moment)
    else:
        said = gettext("Answer by %(moment)s what the resident asks about the file", moment=moment)
    day = until.astimezone(ZoneInfo(desk.residence.time_zone)).date()
    return Due("correction", resident_id, day, said, url, is_over=is_over)


register_dues("correction", _l("Corrections asked for"), _open, _due)
