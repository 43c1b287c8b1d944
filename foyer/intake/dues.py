"""What intake knows to be due for residents who are known already: answers to agencies, the next outreach contact."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from foyer.caseload.desk import Desk
from foyer.caseload.dues import Due, Residents, register_dues
from foyer.intake.models import Agency, OutreachContact, Referral, ReferralState
from foyer.questions import Question


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


register_dues("referral_answer", _l("Answer to a referral"), unanswered, answers_due)
register_dues("outreach", _l("Outreach contact"), open_contacts, contacts_due)
