"""What intake knows to be due for residents who are known already: answers to agencies, the next outreach contact."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from foyer.caseload.desk import Desk
from foyer.caseload.dues import Due, register_dues
from foyer.database import db
from foyer.intake.models import OutreachContact, Referral, ReferralState


def answers_due(desk: Desk, resident_ids: Select[int]) -> list[Due]:
    """Referrals of somebody who comes back that wait for a decision with a day. One query."""
    rows = db.session.scalars(
        select(Referral)
        .where(
            Referral.resident_id.in_(resident_ids),
            Referral.state == ReferralState.RECEIVED,
            Referral.answer_by.is_not(None),
        )
        .options(joinedload(Referral.agency))
    )
    return [
        Due(
            "referral_answer",
            row.resident_id or 0,
            row.answer_by or desk.today,
            _("Answer %(agency)s", agency=row.agency.name),
            url_for("intake.referral", referral_id=row.id),
            row.responsible_id,
        )
        for row in rows
    ]


def contacts_due(desk: Desk, resident_ids: Select[int]) -> list[Due]:
    """Outreach contacts about a resident after which the next one was agreed. One query."""
    rows = db.session.scalars(
        select(OutreachContact).where(
            OutreachContact.resident_id.in_(resident_ids),
            OutreachContact.next_on.is_not(None),
            OutreachContact.closed_on.is_(None),
        )
    )
    return [
        Due(
            "outreach",
            row.resident_id or 0,
            row.next_on or desk.today,
            _("Next outreach contact"),
            url_for("intake.contact", contact_id=row.id),
            row.staff_id,
        )
        for row in rows
    ]


register_dues("referral_answer", _l("Answer to a referral"), answers_due)
register_dues("outreach", _l("Outreach contact"), contacts_due)
