"""What intake knows to be due for residents who are known already: answers to agencies, the next outreach contact. Of
whom there is no file yet the figures of ``waiting`` tell."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from foyer.caseload.desk import Desk
from foyer.caseload.dues import Due, Naming, Residents, register_dues
from foyer.caseload.rights import Part
from foyer.intake import waiting
from foyer.intake.models import Agency, OutreachContact, Referral
from foyer.questions import Question


def unanswered(today: date, resident_ids: Residents) -> Question:
    """Referrals of somebody who comes back that wait for a decision with a day."""
    return (
        select(
            Referral.resident_id, Referral.answer_by, Agency.name.label("agency"), Referral.id, Referral.responsible_id
        )
        .join(Referral.agency)
        .where(Referral.resident_id.in_(resident_ids), waiting.to_answer(today))
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
    """Referrals by an agency which has not been told what became of them."""
    return (
        select(
            Referral.resident_id,
            Referral.decided_on,
            Agency.name.label("agency"),
            Referral.id,
            Referral.responsible_id,
            waiting.left_on(today).label("left_on"),
        )
        .join(Referral.agency)
        .where(Referral.resident_id.in_(resident_ids), waiting.to_tell(today))
    )


def to_tell(desk: Desk, rows: Sequence[Any]) -> list[Due]:
    return [
        Due(
            "referral_told",
            row.resident_id,
            (row.left_on or row.decided_on) + waiting.TOLD_WITHIN,
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
    return (
        select(
            Referral.resident_id,
            Referral.received_on,
            Agency.name.label("agency"),
            Referral.id,
            Referral.responsible_id,
        )
        .join(Referral.agency)
        .where(Referral.resident_id.in_(resident_ids), waiting.to_confirm(today))
    )


def to_confirm(desk: Desk, rows: Sequence[Any]) -> list[Due]:
    return [
        Due(
            "referral_receipt",
            row.resident_id,
            row.received_on + waiting.TOLD_WITHIN,
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
    ).where(OutreachContact.resident_id.in_(resident_ids), waiting.to_meet(today))


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
