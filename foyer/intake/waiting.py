"""What referrals and outreach wait for, with a file or without one: one condition for each, the same in the register,
among what is due and in the figures of a first page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Subquery, and_, case, func, literal, or_, select, true

from foyer.caseload.desk import AnyDesk, Desk, names_of
from foyer.database import Prepared
from foyer.intake.models import (
    Agency,
    AgencyKind,
    AnswerKind,
    OutreachContact,
    Referral,
    ReferralAnswer,
    ReferralState,
)
from foyer.intake.queries import is_mine
from foyer.residents.models import Stay

TOLD_WITHIN = timedelta(days=7)  # a custom, no law: whoever sent somebody hears within a week
STILL_ASKED = timedelta(days=366)
Condition = ColumnElement[bool]


def to_answer(today: date) -> Condition:
    """A referral that waits for a decision with a day."""
    return and_(Referral.state == ReferralState.RECEIVED, Referral.answer_by.is_not(None))


def to_confirm(today: date) -> Condition:
    """A referral that waits for a decision while the agency has not even heard that it arrived."""
    return and_(Referral.state == ReferralState.RECEIVED, _by_an_agency(), ~_sent().exists())


def to_tell(today: date) -> Condition:
    """A referral by an agency which has not been told what became of it: the last decision, or, where the resident was
    admitted and has left, the outcome. What older referrals left unsaid is no longer asked for."""
    left = left_on(today)
    decision = and_(ReferralAnswer.kind == AnswerKind.DECISION, ReferralAnswer.sent_on >= Referral.decided_on)
    outcome = and_(ReferralAnswer.kind == AnswerKind.OUTCOME, ReferralAnswer.sent_on >= func.coalesce(left, date.min))
    told = _sent().where(or_(outcome, and_(decision, left.is_(None))))
    return and_(
        Referral.decided_on.is_not(None),
        func.coalesce(left, Referral.decided_on) >= today - STILL_ASKED,
        _by_an_agency(),
        ~told.exists(),
    )


def left_on(today: date) -> Any:
    """The day on which whoever was admitted by a referral had left; NULL for others."""
    left = select(Stay.leaves_on).where(Stay.id == Referral.stay_id, Stay.leaves_on <= today)
    return left.correlate(Referral).scalar_subquery()


def to_meet(today: date) -> Condition:
    """An outreach contact after which the next one was agreed."""
    return and_(OutreachContact.next_on.is_not(None), OutreachContact.closed_on.is_(None))


def _by_an_agency() -> Condition:
    """Sent by somebody else than the house itself or the family."""
    kinds = (AgencyKind.OWN, AgencyKind.FAMILY)
    own = select(Agency.id).where(Agency.id == Referral.agency_id, Agency.kind.not_in(kinds))
    return own.correlate(Referral).exists()


def _sent() -> Any:
    """What the sender was told, and nobody took back."""
    own = (ReferralAnswer.referral_id == Referral.id, ReferralAnswer.withdrawn_at.is_(None))
    return select(ReferralAnswer.id).where(*own).correlate(Referral)


WAITS: dict[str, Callable[[date], Condition]] = {
    "to_confirm": to_confirm,
    "to_answer": to_answer,
    "to_tell": to_tell,
}  # what the register can be asked to show, besides states


@dataclass(frozen=True)
class Wait:
    """How many wait for something, and for how many of them its day is over."""

    every: int
    late: int


def may_meet(desk: Desk) -> Condition:
    """Contacts about nobody in particular are everybody's; those about a referral (joined) are whose that is."""
    return _meets(is_mine(desk))


def _meets(mine: Condition) -> Condition:
    return or_(OutreachContact.referral_id.is_(None), mine)


More = Callable[[AnyDesk], Sequence[Any]]


def waits(desk: Desk, more: More | None = None) -> tuple[dict[str, Wait], list[Any]]:
    """What waits among those that the actor may open, without what nobody waits for; and the values of the columns that
    ``more`` gives (a function that stays the same), asked with it. One query, which looks at each referral and each
    contact once."""
    row = _waits_asked(AnyDesk.like(desk), more).rows(names_of(desk))[0]
    names = (*WAITS, "to_meet")
    counts = [count or 0 for count in row[: 2 * len(names)]]  # of no row at all a sum is NULL
    pairs = zip(names, counts[::2], counts[1::2], strict=True)
    return {name: Wait(every, late) for name, every, late in pairs if every}, list(row[2 * len(names) :])


@lru_cache(maxsize=8)
def _waits_asked(desk: AnyDesk, more: More | None) -> Prepared:
    mine, extra = is_mine(desk), more(desk) if more else ()
    referrals, contacts = _referrals_counted(desk.today, mine), _contacts_counted(desk.today, mine)
    return Prepared(select(*referrals.c, *contacts.c, *extra).select_from(referrals.join(contacts, true())))


def _referrals_counted(today: date, mine: Condition) -> Subquery:
    """For each of WAITS how many wait, and for how many of them the day is over."""
    days = {
        "to_confirm": (Referral.received_on, today - TOLD_WITHIN),
        "to_answer": (Referral.answer_by, today),
        "to_tell": (func.coalesce(left_on(today), Referral.decided_on), today - TOLD_WITHIN),
    }
    marks = [
        column
        for name, condition in WAITS.items()
        for column in (case((condition(today), 1), else_=0).label(name), days[name][0].label(f"{name}_on"))
    ]
    rows = select(*marks).where(mine).subquery()
    return _summed(rows, {name: (rows.c[name], rows.c[f"{name}_on"] < days[name][1]) for name in WAITS})


def _contacts_counted(today: date, mine: Condition) -> Subquery:
    met = select(OutreachContact.next_on).outerjoin(OutreachContact.referral)
    rows = met.where(_meets(mine), to_meet(today)).subquery()
    return _summed(rows, {"to_meet": (literal(1), rows.c.next_on < today)})


def _summed(rows: Subquery, marks: dict[str, tuple[Any, Condition]]) -> Subquery:
    """By name two columns: the sum of the marks, and of those that are late."""
    columns = [
        column
        for name, (mark, is_late) in marks.items()
        for column in (func.sum(mark).label(name), func.sum(case((is_late, mark), else_=0)).label(f"{name}_late"))
    ]
    return select(*columns).select_from(rows).subquery()
