"""What intake knows to be due for residents who are known already: answers to agencies, the next outreach contact."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import and_, case, func, select

from foyer.caseload.desk import Desk
from foyer.caseload.dues import Due, Naming, Residents, register_dues
from foyer.caseload.rights import Part
from foyer.intake.models import (
    Agency,
    AgencyKind,
    AnswerKind,
    OutreachContact,
    Referral,
    ReferralAnswer,
    ReferralState,
)
from foyer.questions import Question
from foyer.residents.models import Stay

TOLD_WITHIN = timedelta(days=7)  # a custom, no law: whoever sent somebody hears within a week
STILL_ASKED = timedelta(days=366)


def unanswered(today: date, resident_ids: Residents) -> Question:
    """Referrals of somebody who comes back that wait for a decision with a day."""
    return (
        select(
            Referral.resident_id, Referral.answer_by, Agency.name.label("agency"), Referral.id, Referral.responsible_id
        )
        .join(Referral.agency)
        .where(
            Referral.resident_id.in_(resident_ids),
            Referral.state == ReferralState.RECEIVED,
            Referral.answer_by.is_not(None),
        )
    )


def answers_due(desk: Desk, rows: Sequence[Any]) -> list[Due]:
    return [
        Due(
            "referral_answer",
            row.resident_id,
            row.answer_by,
            _("Answer %(agency)s", agency=row.agency),
            url_for("intake.referral", referral_id=row.id),
            row.responsible_id,
        )
        for row in rows
    ]


def untold(today: date, resident_ids: Residents) -> Question:
    """Referrals by an agency which has not been told what became of them: the decision, or, where the resident was
    admitted and has left, the outcome. What older referrals left unsaid is no longer asked for."""
    sent = select(ReferralAnswer.id).where(ReferralAnswer.referral_id == Referral.id)
    decision = sent.where(ReferralAnswer.kind.in_((AnswerKind.DECISION, AnswerKind.OUTCOME)))
    outcome = sent.where(ReferralAnswer.kind == AnswerKind.OUTCOME, ReferralAnswer.sent_on >= Stay.leaves_on)
    has_left = and_(Stay.id.is_not(None), Stay.leaves_on <= today)
    return (
        select(
            Referral.resident_id,
            Referral.decided_on,
            Agency.name.label("agency"),
            Referral.id,
            Referral.responsible_id,
            case((has_left, Stay.leaves_on)).label("left_on"),
        )
        .select_from(Referral)
        .join(Referral.agency)
        .outerjoin(Stay, Stay.id == Referral.stay_id)
        .where(
            Referral.resident_id.in_(resident_ids),
            Agency.kind.not_in((AgencyKind.OWN, AgencyKind.FAMILY)),
            Referral.decided_on.is_not(None),
            func.coalesce(case((has_left, Stay.leaves_on)), Referral.decided_on) >= today - STILL_ASKED,
            case((has_left, ~outcome.exists()), else_=~decision.exists()),
        )
    )


def to_tell(desk: Desk, rows: Sequence[Any]) -> list[Due]:
    return [
        Due(
            "referral_told",
            row.resident_id,
            (row.left_on or row.decided_on) + TOLD_WITHIN,
            _("Tell %(agency)s the outcome", agency=row.agency)
            if row.left_on
            else _("Tell %(agency)s what was decided", agency=row.agency),
            url_for("intake.referral", referral_id=row.id),
            row.responsible_id,
        )
        for row in rows
    ]


def unconfirmed(today: date, resident_ids: Residents) -> Question:
    """Referrals that wait for a decision while the agency has not even heard that they arrived."""
    sent = select(ReferralAnswer.id).where(ReferralAnswer.referral_id == Referral.id)
    return (
        select(
            Referral.resident_id,
            Referral.received_on,
            Agency.name.label("agency"),
            Referral.id,
            Referral.responsible_id,
        )
        .join(Referral.agency)
        .where(
            Referral.resident_id.in_(resident_ids),
            Agency.kind.not_in((AgencyKind.OWN, AgencyKind.FAMILY)),
            Referral.state == ReferralState.RECEIVED,
            ~sent.exists(),
        )
    )


def to_confirm(desk: Desk, rows: Sequence[Any]) -> list[Due]:
    return [
        Due(
            "referral_receipt",
            row.resident_id,
            row.received_on + TOLD_WITHIN,
            _("Tell %(agency)s that the referral arrived", agency=row.agency),
            url_for("intake.referral", referral_id=row.id),
            row.responsible_id,
        )
        for row in rows
    ]


def open_contacts(today: date, resident_ids: Residents) -> Question:
    """Outreach contacts about a resident after which the next one was agreed."""
    return select(
        OutreachContact.resident_id, OutreachContact.next_on, OutreachContact.id, OutreachContact.staff_id
    ).where(
        OutreachContact.resident_id.in_(resident_ids),
        OutreachContact.next_on.is_not(None),
        OutreachContact.closed_on.is_(None),
    )


def contacts_due(desk: Desk, rows: Sequence[Any]) -> list[Due]:
    return [
        Due(
            "outreach",
            row.resident_id,
            row.next_on,
            _("Next outreach contact"),
            url_for("intake.contact", contact_id=row.id),
            row.staff_id,
        )
        for row in rows
    ]


_ANSWERS, _TELLS = Naming("responsible_id", None), Naming("responsible_id", Part.REFERRAL)
_MEETS = Naming("staff_id", Part.REFERRAL)
register_dues("referral_answer", _l("Answer to a referral"), unanswered, answers_due, day="answer_by", naming=_ANSWERS)
register_dues("referral_receipt", _l("Receipt of a referral"), unconfirmed, to_confirm, naming=_ANSWERS)
register_dues("referral_told", _l("What became of a referral"), untold, to_tell, naming=_TELLS)
register_dues("outreach", _l("Outreach contact"), open_contacts, contacts_due, day="next_on", naming=_MEETS)
