"""The person's file as pages: family, consent with its clock, PPKS and the law, documents, and who may do what."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from foyer.accounts.models import Role, User
from foyer.audit.models import AuditEntry
from foyer.caseload.desk import desk_of
from foyer.caseload.dues import dues_of
from foyer.caseload.mine import own_resident_ids
from foyer.cycles.models import PlanCaseload
from foyer.database import db, house_scope
from foyer.residents.attachments import Attachment
from foyer.residents.consent import Consent
from foyer.residents.family import Relative
from foyer.residents.models import Resident
from foyer.residents.ppks import PpksMark
from foyer.residents.restriction import LegalCase
from tests.factories import make_user
from tests.files.test_views import planned
from tests.queries import count_queries
from tests.residents.rows import tiny_picture

DAY = date(2027, 1, 13)


@pytest.fixture
def place(app: Flask, sign_in: Callable[..., FlaskClient]) -> SimpleNamespace:
    """A house on 13 January 2027; ``resident`` is a minor of the first counsellor's caseload."""
    app.config["FOYER"] = app.config["FOYER"].model_copy(update={"demonstration_day": DAY})
    with app.app_context():
        house = planned()
        manager = make_user(house.residence, Role.MANAGER)
        with house_scope(house.residence.id):
            loads = db.session.scalars(select(PlanCaseload).order_by(PlanCaseload.id)).all()
            own = next(load.enrolment.stay.resident for load in loads if load.staff_id == house.counsellors[0].id)
            own.born_on = date(2009, 2, 1)  # 18 on 1 February 2027
        known = {"id": house.residence.id, "resident": own.id, "name": own.full_name, "manager_id": manager.id}
        users = [manager.id, house.counsellors[0].user_id, house.counsellors[1].user_id]
        db.session.commit()
    manager_page, counsellor, other = map(sign_in, users)
    base = f"/residents/{known['resident']}"
    return SimpleNamespace(app=app, manager=manager_page, counsellor=counsellor, other=other, base=base, **known)


def newest(place: SimpleNamespace, kind: type) -> SimpleNamespace:
    """The last record of this kind, its columns as attributes."""
    with place.app.app_context(), house_scope(place.id):
        row = db.session.scalars(select(kind).order_by(kind.id.desc())).first()  # type: ignore[attr-defined]
        return SimpleNamespace(**{column.key: getattr(row, column.key) for column in kind.__mapper__.column_attrs})  # type: ignore[attr-defined]


def add_mother(place: SimpleNamespace, **overrides: str) -> int:
    sent = {"full_name": "Ibu Ratmi", "relation": "mother", "is_guardian": "y", "safety": "safe", **overrides}
    assert place.counsellor.post(f"{place.base}/family/new", data=sent).status_code == 302
    return int(newest(place, Relative).id)


def give(place: SimpleNamespace, **overrides: object) -> int:
    sent = {
        "purposes": ["care", "photo"],
        "is_given": "yes",
        "assents": "yes",
        "way": "signed",
        "given_on": DAY.isoformat(),
        **overrides,
    }
    assert place.counsellor.post(f"{place.base}/consent/new", data=sent).status_code == 302
    return int(newest(place, Consent).id)


def dues(place: SimpleNamespace) -> dict[str, date]:
    with place.app.test_request_context(), house_scope(place.id):
        desk = desk_of(db.session.get_one(User, place.manager_id), place.id)
        found = dues_of(desk, db.session.scalars(own_resident_ids(desk)))
        return {
            due.kind: due.due_on
            for due in found
            if due.resident_id == place.resident and due.kind.startswith("consent")
        }


def test_the_own_counsellor_keeps_the_family_and_nobody_loses_a_change(place: SimpleNamespace) -> None:
    relative = add_mother(place, phone="0812 0000 0001")
    page = place.counsellor.get(f"{place.base}/family").text
    assert "Ibu Ratmi" in page
    assert "0812 0000 0001" in page
    assert place.other.get(f"{place.base}/family").status_code == 404
    address = f"{place.base}/family/{relative}"
    sent = {"full_name": "Ibu Ratmi", "relation": "mother", "safety": "not_safe", "version": "1"}
    refused = place.counsellor.post(address, data=sent)
    assert refused.status_code == 422, "a person not to be called needs a reason"
    assert place.counsellor.post(address, data={**sent, "safety_reason": "pernah memukul"}).status_code == 302
    stale = place.manager.post(address, data={**sent, "safety": "safe", "phone": "0800"})
    assert stale.status_code == 409
    assert "0800" in stale.text
    end = {"on": DAY.isoformat(), "reason": "pindah negara", "version": "2"}
    assert place.counsellor.post(f"{address}/end", data=end).status_code == 302
    assert newest(place, Relative).ended_on == DAY


def test_identity_is_mended_by_the_own_counsellor(place: SimpleNamespace) -> None:
    sent = {
        "full_name": "Nama Baru",
        "gender": "male",
        "born_on": "2009-02-01",
        "called": "Baru",
        "home_address": "Jalan Melati 3",
        "identity_card": "kia",
        "new_family_card": "3171000000000001",
        "version": newest_version(place),
    }
    assert place.counsellor.post(f"{place.base}/identity", data=sent).status_code == 302
    page = place.counsellor.get(place.base).text
    assert "Jalan Melati 3" in page
    assert "3171000000000001" not in page, "masked until somebody asks"
    sent |= {"new_family_card": "", "version": newest_version(place)}
    assert place.counsellor.post(f"{place.base}/identity", data=sent).status_code == 302
    assert "3171000000000001" in place.counsellor.post(f"{place.base}/nik/show").text, "kept where nothing was typed"


def newest_version(place: SimpleNamespace) -> str:
    with place.app.app_context(), house_scope(place.id):
        return str(db.session.get_one(Resident, place.resident).version)


def test_consent_is_due_asked_taken_back_and_stopped_in_time(place: SimpleNamespace) -> None:
    assert set(dues(place)) == {"consent_ask"}
    nobody = place.counsellor.post(f"{place.base}/consent/new", data={"purposes": "care", "is_given": "yes"})
    assert nobody.status_code == 422
    give(place, relative=str(add_mother(place)))
    assert dues(place) == {"consent_18": date(2027, 2, 1)}
    photo = newest(place, Consent)
    assert photo.purpose == "photo"
    page = f"{place.base}/consent/{photo.id}"
    assert place.counsellor.get(f"{page}/withdraw").status_code == 200
    taken = {"by": "Ibu Ratmi", "note": "tidak mau lagi", "version": "1"}
    assert place.counsellor.post(f"{page}/withdraw", data=taken).status_code == 302
    assert dues(place)["consent_stop"] == DAY + timedelta(days=3)
    shown = place.counsellor.get(f"{place.base}/consent").text
    assert "tidak mau lagi" in shown
    assert place.counsellor.post(f"{page}/withdraw", data={**taken, "version": "2"}).status_code == 422
    assert place.counsellor.post(f"{page}/stopped", data={"note": "diturunkan", "version": "1"}).status_code == 409
    assert place.counsellor.post(f"{page}/stopped", data={"note": "diturunkan", "version": "2"}).status_code == 302
    assert set(dues(place)) == {"consent_18"}
    ground = {"purposes": "care", "ground": "public_duty", "ground_reason": "tanpa wali", "given_on": DAY.isoformat()}
    assert place.counsellor.post(f"{place.base}/consent/ground", data=ground).status_code == 302
    assert dues(place) == {}, "another ground does not end with a birthday"


def test_a_consent_with_a_last_day_is_due_again(place: SimpleNamespace) -> None:
    mother = str(add_mother(place))
    give(place, relative=mother, purposes=["survey"], until_on="2027-02-05")
    assert dues(place)["consent_expires"] == date(2027, 2, 5)
    give(place, relative=mother, purposes=["survey"], until_on="2027-12-31")
    assert "consent_expires" not in dues(place)


def test_ppks_is_verified_by_a_second_person_and_a_case_restricts(place: SimpleNamespace) -> None:
    sent = {"code": "street_child", "from_on": DAY.isoformat(), "source": "surat rujukan 12"}
    assert place.counsellor.post(f"{place.base}/ppks/new", data=sent).status_code == 302
    verify = f"{place.base}/ppks/{newest(place, PpksMark).id}/verify"
    assert place.counsellor.post(verify, data={"source": "saya", "version": "1"}).status_code == 422
    assert place.manager.post(verify, data={"source": "kunjungan rumah", "version": "1"}).status_code == 302
    case = {"role": "victim", "step": "police", "from_on": DAY.isoformat(), "officer": "Pak Herman"}
    assert place.counsellor.post(f"{place.base}/law/new", data=case).status_code == 302
    assert "Pak Herman" in place.manager.get(f"{place.base}/ppks").text
    lift = {"reason": "sudah selesai", "version": newest_version(place)}
    assert place.counsellor.post(f"{place.base}/unrestrict", data=lift).status_code == 403
    assert place.manager.post(f"{place.base}/unrestrict", data=lift).status_code == 422, "a case is open"
    close = f"{place.base}/law/{newest(place, LegalCase).id}/close"
    over = {"on": DAY.isoformat(), "reason": "diversi berhasil", "version": "1"}
    assert place.counsellor.post(close, data=over).status_code == 302
    assert place.manager.post(f"{place.base}/unrestrict", data=lift).status_code == 302
    end = f"{place.base}/ppks/{newest(place, PpksMark).id}/end"
    assert place.counsellor.post(end, data={"on": "2026-01-01", "reason": "x", "version": "2"}).status_code == 422


def upload(place: SimpleNamespace, content: bytes, name: str, kind: str = "school") -> int:
    sent = {"kind": kind, "title": "Rapor", "file": (BytesIO(content), name)}
    return int(place.counsellor.post(f"{place.base}/attachments/new", data=sent).status_code)


def test_a_document_is_put_in_previewed_read_and_taken_out_of_use(place: SimpleNamespace) -> None:
    assert upload(place, b"not a picture", "rapor.jpg") == 422
    assert upload(place, tiny_picture(), "rapor.jpg") == 302
    kept = f"{place.base}/attachments/{newest(place, Attachment).id}"
    before = reads(place)
    shown = place.counsellor.get(kept)
    assert shown.mimetype == "image/jpeg"
    assert shown.headers["Cache-Control"].startswith("no-") or "no-store" in shown.headers["Cache-Control"]
    assert reads(place) == before + 1
    assert place.counsellor.get(f"{kept}/preview").mimetype == "image/jpeg"
    assert place.other.get(kept).status_code == 404
    assert upload(place, b"%PDF-1.4 x", "surat.pdf") == 302
    pdf = place.counsellor.get(f"{place.base}/attachments/{newest(place, Attachment).id}")
    assert pdf.headers["Content-Disposition"].startswith("attachment")
    assert place.counsellor.post(f"{kept}/withdraw", data={"reason": "salah orang", "version": "1"}).status_code == 302
    assert place.counsellor.get(kept).status_code == 404
    assert "salah orang" in place.counsellor.get(f"{place.base}/attachments").text


def test_the_photo_is_shown_only_while_its_use_is_allowed(place: SimpleNamespace) -> None:
    assert upload(place, tiny_picture(), "wajah.jpg", "photo") == 422, "nobody consented"
    consent = give(place, relative=str(add_mother(place)))
    assert upload(place, tiny_picture(), "wajah.jpg", "photo") == 302
    photo = f"{place.base}/attachments/{newest(place, Attachment).id}"
    assert place.counsellor.get(photo).status_code == 200
    taken = {"by": "Ibu Ratmi", "version": "1"}
    assert place.counsellor.post(f"{place.base}/consent/{consent}/withdraw", data=taken).status_code == 302
    assert place.counsellor.get(photo).status_code == 404
    assert place.counsellor.get(f"{photo}/preview").status_code == 404
    assert photo not in place.counsellor.get(f"{place.base}/attachments").text


def reads(place: SimpleNamespace) -> int:
    with place.app.app_context():
        query = select(AuditEntry).where(AuditEntry.verb == "read", AuditEntry.resident_id == place.resident)
        return len(db.session.scalars(query).all())


def test_each_part_of_the_file_takes_a_bounded_number_of_queries(place: SimpleNamespace) -> None:
    mother = str(add_mother(place))
    give(place, relative=mother, purposes=["care", "health", "photo", "survey"])
    for n in range(3):
        upload(place, b"%PDF-1.4 " + bytes([65 + n]), "surat.pdf")
    for part in ("family", "consent", "ppks", "attachments"):
        with count_queries(place.app) as seen:
            assert place.counsellor.get(f"{place.base}/{part}").status_code == 200
        assert len(seen) <= (14 if part == "ppks" else 13), [one[:90] for one in seen.statements]
