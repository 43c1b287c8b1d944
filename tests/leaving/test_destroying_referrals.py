"""What is kept of people who were never taken in: two people destroy it when the house's period is over, except what is
held; numbers, days and decisions stay, and no word of anybody."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import JSON, String, cast, select, text, type_coerce

from foyer.accounts.models import Role
from foyer.audit.services import act_as
from foyer.caseload import desk as desks
from foyer.database import Base, EncryptedText, db, house_scope
from foyer.intake.models import AnswerKind, AnswerWay, OutreachContact, OutreachKind, Referral, ReferralState
from foyer.intake.models import RefusalGround as Ground
from foyer.intake.outreach import add_contact
from foyer.intake.referrals import Verdict, answer, decide
from foyer.leaving.models import LeavingRules
from foyer.together.models import TogetherAct
from foyer.together.referrals import decide_many
from foyer.unsent.models import UnsentForm
from tests.factories import make_user
from tests.intake.house import TODAY, make_office, make_referral

LATER = date(2032, 2, 1)
WORD = "RAHASIAKATA"
NAMES = {"old": "Zulaikha Rahasianama", "held": "Yusuf Tertahan", "open": "Xena Terbuka", "known": "Wira Dikenal"}
SURE = {"is_sure": "y"}


@pytest.fixture
def place(app: Flask, sign_in: Callable[[int], FlaskClient], monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Four referrals, refused five years ago but for the open one: of nobody, held later, and of a resident."""
    found = SimpleNamespace(app=app, ids={})
    with app.test_request_context(method="POST"), app.app_context():
        office = make_office()
        found.house = office.residence.id
        with house_scope(found.house):
            act_as(actor_id=office.manager.actor.id, residence_id=found.house)
            for key, name in NAMES.items():
                row = make_referral(office.manager, full_name=name, reason=f"{WORD} {key}", contact=WORD, nik="")
                found.ids[key] = row.id
                if key == "open":
                    continue
                no = Verdict(ReferralState.REFUSED, f"{WORD} {key}", ground=Ground.FULL)
                if key == "old":
                    decide_many(office.manager, [row.id], no, seen={row.id: row.version})
                else:
                    decide(office.manager, row, no, version=row.version)
                told = {"way": AnswerWay.LETTER, "body": f"{name} {WORD}", "sent_on": TODAY}
                answer(office.manager, row, AnswerKind.DECISION, **told)
            old = db.session.get_one(Referral, found.ids["old"])
            met = {"met_on": TODAY, "kind": OutreachKind.HOME, "area": "Kebon Jeruk", "partners": WORD, "note": WORD}
            add_contact(office.manager, met, referral=old)
            add_contact(office.manager, met)
            add_contact(office.manager, {**met, "met_on": TODAY, "next_on": TODAY + timedelta(days=3)})
            db.session.get_one(Referral, found.ids["known"]).resident_id = _resident(office)
            db.session.add(LeavingRules(residence_id=found.house, referral_keep_years=5, keep_source="JRA contoh"))
            user = make_user(office.residence, Role.ADMINISTRATOR)
            db.session.add(UnsentForm(user_id=user.id, address=f"/referrals/{old.id}/edit", fields=WORD))
            db.session.commit()
            users = {"manager": office.manager.actor.id, "admin": user.id, "counsellor": office.one.actor.id}
    for name, user_id in users.items():
        setattr(found, name, sign_in(user_id))
    monkeypatch.setattr(desks, "today_in", lambda residence: LATER)
    return found


def _resident(office: Any) -> int:
    from tests.intake.house import make_person

    return make_person(office, full_name="Wira Dikenal").id


def raw(app: Flask) -> str:
    """Every readable value of the whole database, as the database itself holds it."""
    found = []
    with app.app_context():
        for table in Base.metadata.sorted_tables:
            for column in table.columns:
                if isinstance(column.type, String | JSON) and not isinstance(column.type, EncryptedText):
                    found += db.session.execute(select(cast(type_coerce(column, String), String))).scalars()
    return " ".join(str(value).lower() for value in found)


def referral(place: SimpleNamespace, key: str) -> Referral:
    with place.app.app_context(), house_scope(place.house):
        return db.session.get_one(Referral, place.ids[key])


def test_two_people_destroy_what_the_period_reaches_and_nothing_else(place: SimpleNamespace) -> None:
    held = referral(place, "held")
    keep = {"kept_because": "Perkara di pengadilan", "version": held.version}
    assert place.counsellor.post(f"/referrals/{held.id}/keep", data=keep).status_code == 403
    assert place.manager.post(f"/referrals/{held.id}/keep", data=keep).status_code == 303
    assert "Perkara di pengadilan" in place.manager.get(f"/referrals/{held.id}").text
    before = raw(place.app)
    assert "rahasianama" in before
    page = place.manager.get("/destructions/referrals").text
    assert NAMES["old"] in page
    assert NAMES["open"] not in page
    assert NAMES["known"] not in page
    assert place.admin.get("/destructions/referrals").status_code == 403
    assert place.manager.post("/destructions/referrals", data={}).status_code == 422
    assert place.manager.post("/destructions/referrals", data=SURE).status_code == 302
    assert place.manager.post("/destructions/referrals", data=SURE).status_code == 422  # once
    with place.app.app_context():
        row = db.session.execute(text("SELECT id FROM destructions")).scalar_one()
    at, sure = f"/destructions/{row}", {**SURE, "version": "1"}
    assert place.manager.post(at, data=sure).status_code == 422  # a second person
    for said in (place.admin.get(at).text, place.admin.get("/destructions").text):
        assert "Rahasianama" not in said
    assert place.admin.post(at, data=sure).status_code == 302

    old = referral(place, "old")
    assert (old.full_name, old.reason, old.contact, old.decision_reason) == ("Berkas dimusnahkan", "", "", "")
    assert (old.state, old.ground, old.decided_on) == (ReferralState.REFUSED, Ground.FULL, TODAY)
    assert old.born_on == date(2010, 1, 1)
    assert "rahasianama" not in raw(place.app)
    for key in ("held", "open", "known"):
        assert referral(place, key).reason == f"{WORD} {key}"
    with place.app.app_context(), house_scope(place.house):
        notes = [one.note for one in db.session.scalars(select(OutreachContact).order_by(OutreachContact.id))]
        assert notes == [None, None, WORD], "what waits for the next contact is not over"
        assert [act.kept for act in db.session.scalars(select(TogetherAct))] == [{}]
        assert db.session.scalars(select(UnsentForm)).all() == []
    assert place.manager.get(f"/referrals/{old.id}").status_code == 404
    assert "Berkas dimusnahkan" not in place.manager.get("/referrals?show=all").text
    answered = place.admin.get(f"{at}/certificate.pdf")
    words = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(answered.data)).pages)
    for part in ("001/BAP/2032", "JRA contoh", "CATATAN RUJUKAN"):
        assert part in " ".join(words.split())
    assert place.manager.post("/destructions/referrals", data=SURE).status_code == 422  # nothing is reached any more


def test_what_is_held_after_the_proposal_stays_and_without_a_period_nothing_is_proposed(place: SimpleNamespace) -> None:
    assert place.manager.post("/destructions/referrals", data=SURE).status_code == 302
    for key in ("old", "held"):
        row = referral(place, key)
        kept = {"kept_because": "Perkara", "version": row.version}
        assert place.manager.post(f"/referrals/{row.id}/keep", data=kept).status_code == 303
    with place.app.app_context():
        number = db.session.execute(text("SELECT id FROM destructions")).scalar_one()
    assert place.admin.post(f"/destructions/{number}", data={**SURE, "version": "1"}).status_code == 302
    assert referral(place, "old").full_name == NAMES["old"]
    with place.app.app_context():
        db.session.execute(text("UPDATE leaving_rules SET referral_keep_years = NULL"))
        db.session.commit()
    assert place.manager.post("/destructions/referrals", data=SURE).status_code == 422
    assert NAMES["old"] not in place.manager.get("/destructions/referrals").text


def test_an_open_referral_and_one_of_somebody_with_a_file_are_not_held(place: SimpleNamespace) -> None:
    for key in ("open", "known"):
        row = referral(place, key)
        kept = {"kept_because": "Perkara", "version": row.version}
        assert place.manager.post(f"/referrals/{row.id}/keep", data=kept).status_code == 422
        assert referral(place, key).kept_because is None


def test_a_period_needs_its_source(place: SimpleNamespace) -> None:
    page = place.manager.get("/keeping/rules").text
    assert "referral_keep_years" in page
    data = {
        "months": "1, 3, 6, 12",
        "tries": 3,
        "answer_hours": 24,
        "urgent_hours": 4,
        "keep_from": "exit",
        "referral_keep_years": 3,
        "version": 1,
    }
    assert place.manager.post("/keeping/rules", data={**data, "keep_source": " "}).status_code == 422
    assert place.manager.post("/keeping/rules", data={**data, "keep_source": "JRA"}).status_code == 302


def test_encrypted_words_hang_on_somebody_or_are_known_not_to() -> None:
    """A new table with words about people must be reached by destroying, or stand here with its reason."""
    reached = {"residents", "stays", "incidents", "referrals"}
    known = {
        "class_registers": "why a lesson was not held: of a class, not of a person",
        "concern_entries": "the office's (docs/decisions/0045)",
        "concern_steps": "the office's",
        "duties": "of staff",
        "incidents": "emptied with the last resident whom it names",
        "plans": "numbers of the planner's own, no names",
        "safeguarding_concerns": "the office's",
        "staff_checks": "of staff",
        "suggestions": "without a name, and readable to the whole house",
        "together_acts": "emptied by the referrals that it keeps",
        "unsent_forms": "deleted by its address",
        "workbook_uploads": "gone some days after the import",
    }
    loose = {
        table.name
        for table in Base.metadata.sorted_tables
        if any(isinstance(column.type, EncryptedText) for column in table.columns)
        and not reached & {key.column.table.name for column in table.columns for key in column.foreign_keys}
    }
    assert loose - known.keys() == set()
