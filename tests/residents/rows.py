"""One record of every kind that the person's file holds, for the walk along all addresses."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

from PIL import Image

from foyer.database import db
from foyer.residents.accommodations import Accommodation
from foyer.residents.attachments import Attachment, AttachmentKind
from foyer.residents.consent import Consent, ConsentWay, GivenBy, Ground, Purpose
from foyer.residents.disclosing import Basis, Disclosure, Told
from foyer.residents.family import ContactSafety, Relation, Relative
from foyer.residents.models import Resident
from foyer.residents.ppks import FIRST_LIST, PpksMark
from foyer.residents.restriction import LegalCase, LegalRole, LegalStep

DAY = date(2027, 1, 5)


def person_ids(resident: Resident, user_id: int) -> dict[str, int]:
    """Makes the records, as this account wrote them; gives their ids."""
    own: dict[str, Any] = {"residence_id": resident.residence_id, "resident_id": resident.id}
    accommodation = Accommodation(
        **own, what="longer_time", is_for_class=True, from_on=DAY, confirmed_on=DAY, confirmed_by_id=user_id
    )
    relative = Relative(
        **own, relation=Relation.MOTHER, is_guardian=True, full_name="Ibu Sari", safety=ContactSafety.SAFE
    )
    paper = Attachment(
        **own,
        kind=AttachmentKind.SCHOOL,
        title="Rapor",
        media_type="image/jpeg",
        size=3,
        digest="0" * 64,
        content=tiny_picture(),
        preview=tiny_picture(),
        has_preview=True,
        added_by_id=user_id,
    )
    rows: dict[str, Any] = {
        "accommodation": accommodation,
        "relative": relative,
        "attachment": paper,
        "mark": PpksMark(
            **own, list_name=FIRST_LIST, code="street_child", from_on=DAY, source="surat", proposed_by_id=user_id
        ),
        "legal_case": LegalCase(**own, role=LegalRole.WITNESS, step=LegalStep.COURT, from_on=DAY),
        "consent": Consent(
            **own,
            purpose=Purpose.CARE,
            is_given=True,
            ground=Ground.CONSENT,
            given_by=GivenBy.GUARDIAN,
            giver_name="Ibu Sari",
            relation=Relation.MOTHER,
            way=ConsentWay.SIGNED,
            given_on=DAY,
            assents=True,
            recorded_by_id=user_id,
        ),
    }
    db.session.add_all(rows.values())
    db.session.add(Disclosure(**own, told=Told.COPY, basis=Basis.LEGAL_DUTY, receiver="Bapas", reason="Sidang"))
    db.session.flush()
    return {key: row.id for key, row in rows.items()}


def tiny_picture() -> bytes:
    """A picture of four pixels."""
    out = BytesIO()
    Image.new("RGB", (2, 2), "teal").save(out, "JPEG")
    return out.getvalue()
