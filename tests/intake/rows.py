"""One record of every kind that intake keeps, for the walk along all addresses."""

from __future__ import annotations

from datetime import date
from typing import Any

from foyer.database import db
from foyer.intake.models import (
    Agency,
    AgencyKind,
    AnswerKind,
    AnswerWay,
    Merge,
    OutreachContact,
    OutreachKind,
    Referral,
    ReferralAnswer,
    ReferralState,
    ServiceLevel,
)
from foyer.residences.models import Residence
from foyer.residents.models import Resident
from tests.factories import make_resident

DAY = date(2027, 1, 5)


def intake_ids(resident: Resident, user_id: int) -> dict[str, int]:
    """Makes the records, as this account wrote them, about a resident who comes back; gives their ids."""
    residence = db.session.get_one(Residence, resident.residence_id)
    other = make_resident(residence)
    house: dict[str, Any] = {"residence_id": residence.id}
    agency = _saved(Agency(**house, name="Dinas Sosial", name_key="dinas sosial", kind=AgencyKind.SOCIAL))
    referral = _saved(
        Referral(
            **house,
            year=2027,
            number=1,
            resident_id=resident.id,
            state=ReferralState.ACCEPTED,
            full_name=resident.full_name,
            name_key=resident.name_key,
            gender=resident.gender,
            born_on=resident.born_on,
            agency_id=agency.id,
            received_on=DAY,
            decided_on=DAY,
            level=ServiceLevel.SECONDARY,
            reason="Kembali",
        )
    )
    about = {**house, "resident_id": resident.id, "referral_id": referral.id}
    contact = _saved(OutreachContact(**about, met_on=DAY, kind=OutreachKind.HOME))
    _saved(
        ReferralAnswer(
            **about, kind=AnswerKind.RECEIPT, way=AnswerWay.EMAIL, body="Diterima", sent_on=DAY, sent_by_id=user_id
        )
    )
    merge = _saved(
        Merge(
            **house,
            resident_id=resident.id,
            gone_id=make_resident(residence, merged_into_id=resident.id).id,
            merged_by_id=user_id,
            moved='{"steps": [], "left": []}',
        )
    )
    return {
        "agency": agency.id,
        "referral": referral.id,
        "contact": contact.id,
        "merge": merge.id,
        "other_resident": other.id,
    }


def _saved(row: Any) -> Any:
    db.session.add(row)
    db.session.flush()
    return row
