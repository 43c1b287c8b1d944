"""Invented families: a guardian for every minor of the demonstration, and what was answered on arrival."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select

from foyer.accounts.models import User
from foyer.database import db
from foyer.residents.consent import Consent, ConsentWay, Ground, Purpose
from foyer.residents.consenting import is_minor, record_answer
from foyer.residents.family import ContactSafety, Relation, Relative, add_relative
from foyer.residents.models import Resident, Stay

_MOTHERS = ("Sumiati", "Nurhayati", "Lestari", "Mariana", "Kartini", "Yuliana", "Rohimah", "Suparti")
_FATHERS = ("Sutrisno", "Hendarto", "Mulyadi", "Kusnadi", "Bahrudin", "Supardi", "Marwoto")


def make_families(manager: User, day: date) -> None:
    """For everybody who has no answer yet: safe to run twice."""
    answered = select(Consent.resident_id)
    stays = db.session.scalars(
        select(Stay).where(Stay.arrives_on <= day, Stay.resident_id.not_in(answered)).order_by(Stay.resident_id)
    )
    for stay in stays.all():
        resident = db.session.get_one(Resident, stay.resident_id)
        guardian = _guardian(resident) if is_minor(resident, stay.arrives_on) else None
        record_answer(
            resident,
            (Purpose.CARE, Purpose.HEALTH, Purpose.PARTNERS),
            {
                "ground": Ground.CONSENT,
                "is_given": True,
                "way": ConsentWay.SIGNED,
                "given_on": stay.arrives_on - timedelta(days=1),
                "assents": None if guardian is None else True,
            },
            relative=guardian,
            today=day,
            actor=manager,
        )


def _guardian(resident: Resident) -> Relative:
    is_mother = resident.id % 5 != 0
    names = _MOTHERS if is_mother else _FATHERS
    return add_relative(
        resident,
        {
            "full_name": f"{'Ibu' if is_mother else 'Pak'} {names[resident.id % len(names)]} (contoh)",
            "relation": Relation.MOTHER if is_mother else Relation.FATHER,
            "is_guardian": True,
            "phone": f"0800-555-{resident.id:04d}",
            "safety": ContactSafety.ASK_FIRST if resident.id % 9 == 0 else ContactSafety.SAFE,
            "safety_reason": "Tanyakan dahulu kepada anak sebelum menelepon." if resident.id % 9 == 0 else None,
        },
    )
