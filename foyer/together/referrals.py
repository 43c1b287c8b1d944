"""Deciding about many referrals at once, telling their senders, giving them to somebody, and how each is taken back."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from foyer.caseload.desk import Desk
from foyer.database import db, utc_now
from foyer.errors import FoyerError, Stale
from foyer.intake.answers import possible_answers, text_for
from foyer.intake.models import (
    OPEN,
    AnswerKind,
    AnswerWay,
    Referral,
    ReferralAnswer,
    ReferralState,
    RefusalGround,
    WaitsFor,
)
from foyer.intake.queries import is_mine
from foyer.intake.referrals import Verdict, decide
from foyer.records import change_record, flush
from foyer.residences.models import Staff
from foyer.together.models import TogetherAct, TogetherKind
from foyer.together.services import MOST, NobodyChosen, made

_DECISION = (
    "state decided_on decided_by_id decision_reason ground waits_for waits_since expected_on is_urgent"
).split()
_RESPONSIBLE = ["responsible_id"]
_READ: dict[str, Callable[[str], Any]] = {
    "state": ReferralState,
    "ground": RefusalGround,
    "waits_for": WaitsFor,
    "decided_on": date.fromisoformat,
    "waits_since": date.fromisoformat,
    "expected_on": date.fromisoformat,
}  # how a value is read that JSON holds as text


class DayAhead(FoyerError):
    """What a sender was told was told today or before."""


def chosen(desk: Desk, ids: Collection[int]) -> Sequence[Referral]:
    """Those of the chosen that the actor may open, by name; others are left out, as if they were not there. One
    query."""
    return db.session.scalars(
        select(Referral)
        .where(Referral.id.in_(sorted(set(ids))[:MOST]), is_mine(desk))
        .options(joinedload(Referral.agency), joinedload(Referral.stay), joinedload(Referral.responsible))
        .order_by(Referral.name_key, Referral.id)
    ).all()


def decide_many(desk: Desk, ids: Collection[int], verdict: Verdict, *, seen: Mapping[int, int]) -> TogetherAct:
    """One decision with one reason for the chosen; whom it cannot concern (admitted, closed, or decided so already) is
    skipped. ``seen``: the versions that the actor was shown, by id. Raises NobodyChosen, Stale and what ``decide``
    raises."""
    rows = _expect(desk, ids, seen)
    concerned = [row for row in rows if _is_open_to(row, verdict.state)]
    kept = {str(row.id): _before(row, _DECISION) for row in concerned}
    for row in concerned:
        decide(desk, row, verdict, version=row.version)
    return _kept(desk, TogetherKind.DECIDE, concerned, len(rows), kept)


def hand_over(desk: Desk, ids: Collection[int], staff: Staff, *, seen: Mapping[int, int]) -> TogetherAct:
    """This member of staff prepares the decision of the chosen; whose is with them already, or who was admitted, is
    skipped. Raises NobodyChosen, Stale."""
    rows = _expect(desk, ids, seen)
    concerned = [row for row in rows if row.state is not ReferralState.ADMITTED and row.responsible_id != staff.id]
    kept = {str(row.id): _before(row, _RESPONSIBLE) for row in concerned}
    for row in concerned:
        change_record(row, {"responsible_id": staff.id})
    return _kept(desk, TogetherKind.HAND_OVER, concerned, len(rows), kept)


def tell(
    desk: Desk, ids: Collection[int], kind: AnswerKind, *, way: AnswerWay, sent_on: date, seen: Mapping[int, int]
) -> TogetherAct:
    """Keep that the senders of the chosen were told, each in Foyer's words about the own referral. Of whom there is
    nothing of this kind to tell, or who was told already, is skipped. Raises NobodyChosen, Stale, DayAhead."""
    if sent_on > desk.today:
        raise DayAhead
    rows = _expect(desk, ids, seen)
    told = _told(desk, rows, kind)
    answers = [
        ReferralAnswer(
            residence_id=row.residence_id,
            referral_id=row.id,
            resident_id=row.resident_id,
            kind=kind,
            way=way,
            body=text_for(desk, row, kind),
            sent_on=sent_on,
            sent_by_id=desk.actor.id,
        )
        for row in rows
        if kind in possible_answers(row) and row.id not in told
    ]
    db.session.add_all(answers)
    return made(desk, TogetherKind.TELL, answers, len(rows) - len(answers))


def referrals_back(desk: Desk, act: TogetherAct, rows: Sequence[Referral]) -> int:
    """Put referrals back as the act found them, except those that somebody changed again, and decisions that the
    sender was told since. Gives how many."""
    told = _told(desk, rows, AnswerKind.DECISION) if act.kind is TogetherKind.DECIDE else set()
    count = 0
    for row in rows:
        before = dict((act.kept or {})[str(row.id)])
        if row.version == before.pop("version") and row.id not in told:
            change_record(row, {name: _read(name, value) for name, value in before.items()})
            count += 1
    return count


def answers_back(desk: Desk, act: TogetherAct, rows: Sequence[ReferralAnswer]) -> int:
    """Take back that senders were told: it was not so. Each stands there as taken back. Gives how many."""
    standing = [row for row in rows if row.withdrawn_at is None]
    for row in standing:
        row.withdrawn_at, row.withdrawn_by_id = utc_now(), desk.actor.id
    flush()
    return len(standing)


def referrals_of(desk: Desk, act: TogetherAct) -> Sequence[Referral]:
    """The referrals that an act concerned, by name, as far as the actor may open them now."""
    own = Referral.id.in_(act.row_ids)
    if act.kind is TogetherKind.TELL:
        own = Referral.id.in_(select(ReferralAnswer.referral_id).where(ReferralAnswer.id.in_(act.row_ids)))
    return db.session.scalars(select(Referral).where(own, is_mine(desk)).order_by(Referral.name_key, Referral.id)).all()


def _is_open_to(row: Referral, state: ReferralState) -> bool:
    """Whether this decision can be made about the referral: what is open is decided, what is closed is taken up."""
    if state is ReferralState.RECEIVED:
        return row.state in (ReferralState.REFUSED, ReferralState.WITHDRAWN)
    return row.state in OPEN and row.state is not state


def _told(desk: Desk, rows: Sequence[Referral], kind: AnswerKind) -> set[int]:
    """Ids of those whose sender was told this since there was something to tell; whoever was told anything knows that
    the referral arrived. One query."""
    since = {row.id: _telling_since(desk, row, kind) for row in rows}
    query = select(ReferralAnswer.referral_id, ReferralAnswer.sent_on).where(
        ReferralAnswer.referral_id.in_(since), ReferralAnswer.withdrawn_at.is_(None)
    )
    if kind is not AnswerKind.RECEIPT:
        query = query.where(ReferralAnswer.kind == kind)
    return {id_ for id_, sent_on in db.session.execute(query) if sent_on >= since[id_]}


def _telling_since(desk: Desk, row: Referral, kind: AnswerKind) -> date:
    """The day of the last decision; of an outcome, that of the arrival or, once it is over, of the leaving."""
    if kind is AnswerKind.DECISION and row.decided_on is not None:
        return row.decided_on
    if kind is AnswerKind.OUTCOME and row.stay is not None and row.stay.leaves_on <= desk.today:
        return row.stay.leaves_on
    return date.min


def _expect(desk: Desk, ids: Collection[int], seen: Mapping[int, int]) -> Sequence[Referral]:
    rows = chosen(desk, ids)
    if not rows:
        raise NobodyChosen
    if any(seen.get(row.id) != row.version for row in rows):
        raise Stale("Referral")
    return rows


def _before(row: Referral, names: Sequence[str]) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in names}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def _kept(
    desk: Desk, kind: TogetherKind, rows: Sequence[Referral], asked: int, kept: dict[str, dict[str, Any]]
) -> TogetherAct:
    """Keep the act with how each row was before, and which version it has now."""
    flush()
    for row in rows:
        kept[str(row.id)]["version"] = row.version
    return made(desk, kind, rows, asked - len(rows), kept=kept)


def _read(name: str, value: Any) -> Any:
    return _READ[name](value) if name in _READ and value is not None else value
