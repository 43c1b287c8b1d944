"""A resident reads the own file and asks for corrections; whoever answers for the resident answers, in time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
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
from foyer.caseload.models import Assignment
from foyer.database import db, house_scope
from foyer.own import services
from foyer.own.models import CorrectionRequest, CorrectionState, Processing, RequestKind
from foyer.residences.models import Residence
from foyer.residents.consent import Consent, ConsentWay, GivenBy, Purpose
from foyer.residents.models import Resident
from tests.cycles.house import make_house
from tests.factories import make_staff, make_user

WRONG = "Nama ayah saya salah tulis"


@pytest.fixture
def place(app: Flask, sign_in: Callable[[int], FlaskClient]) -> SimpleNamespace:
    """A resident with an account and an assigned counsellor, and another counsellor."""
    with app.app_context():
        house = make_house(2)
        residence = house.residence
        resident = house.enrolments[0].stay.resident
        with house_scope(residence.id):
            me, peksos, other = (
                make_user(residence, role) for role in (Role.RESIDENT, Role.COUNSELLOR, Role.COUNSELLOR)
            )
            resident.user_id = me.id
            resident.nik = "3171234567890123"
            staff = make_staff(residence, user_id=peksos.id)
            make_staff(residence, user_id=other.id)
            db.session.add(
                Assignment(
                    residence_id=residence.id, resident_id=resident.id, staff_id=staff.id, from_on=date(2020, 1, 1)
                )
            )
            db.session.commit()
            ids = SimpleNamespace(house=residence.id, resident=resident.id, peksos=peksos.id, me=me.id, other=other.id)
    return SimpleNamespace(
        app=app,
        house=ids.house,
        resident=ids.resident,
        peksos_id=ids.peksos,
        me_id=ids.me,
        me=sign_in(ids.me),
        peksos=sign_in(ids.peksos),
        other=sign_in(ids.other),
    )


def _only_request(place: SimpleNamespace) -> CorrectionRequest:
    return db.session.scalars(select(CorrectionRequest)).one()


def test_a_resident_reads_the_own_file_and_nobody_else_has_that_page(place: SimpleNamespace) -> None:
    page = place.me.get("/my-file", headers={"Accept-Language": "en"}).text
    assert "My file" in page
    assert "0123" in page
    assert "3171234567890123" not in page, "not on a phone that others look at"
    assert place.peksos.get("/my-file").status_code == 403
    page = place.me.get("/my-file/rights", headers={"Accept-Language": "en"}).text
    heard = "Your counsellor, the colleague who guides your counsellor</b>"
    assert "Counselling: what was said" in page.split(heard)[1].split("</li>")[0]
    assert 'href="/my-file/consent"' in page
    assert 'href="/speak-up"' in page


def test_a_correction_is_asked_for_answered_and_read(place: SimpleNamespace) -> None:
    assert place.me.post("/my-file", data={"wrong": " "}).status_code == 422
    assert place.me.post("/my-file", data={"wrong": WRONG}).status_code == 302
    with place.app.app_context(), house_scope(place.house):
        request_id = _only_request(place).id
        desk = desk_of(db.session.get_one(User, place.peksos_id), place.house)
        with place.app.test_request_context():
            due = [
                each for each in dues_of(desk, db.session.scalars(own_resident_ids(desk))) if each.kind == "correction"
            ]
        assert [(each.resident_id, (each.due_on - desk.today).days in (2, 3)) for each in due] == [
            (place.resident, True)
        ]
    listed = f"/residents/{place.resident}/corrections"
    assert WRONG in place.peksos.get(listed).text
    assert place.other.get(listed).status_code == 404
    answer = {"state": "corrected", "answer": "Sudah diperbaiki sesuai KK.", "version": "1"}
    assert place.other.post(f"{listed}/{request_id}", data=answer).status_code == 404
    assert place.peksos.post(f"{listed}/{request_id}", data={**answer, "answer": ""}).status_code == 422
    assert place.peksos.post(f"{listed}/{request_id}", data=answer).status_code == 302
    again = place.peksos.post(f"{listed}/{request_id}", data={**answer, "version": "2", "answer": "lain"})
    assert again.status_code == 422
    assert "Sudah diperbaiki sesuai KK." in place.me.get("/my-file").text
    with place.app.app_context(), house_scope(place.house):
        assert _only_request(place).state is CorrectionState.CORRECTED
        desk = desk_of(db.session.get_one(User, place.peksos_id), place.house)
        with place.app.test_request_context():
            assert [
                each for each in dues_of(desk, db.session.scalars(own_resident_ids(desk))) if each.kind == "correction"
            ] == []
        trail = " ".join(str(entry.changes) for entry in db.session.scalars(select(AuditEntry)))
        assert WRONG not in trail


def test_two_who_answer_at_once_see_each_other(place: SimpleNamespace) -> None:
    place.me.post("/my-file", data={"wrong": WRONG})
    with place.app.app_context(), house_scope(place.house):
        request = _only_request(place)
        request_id = request.id
        request.wrong = WRONG + "."  # whatever raises the version
        db.session.commit()
    sent = {"state": "declined", "answer": "Sesuai akta.", "version": "1"}
    stale = place.peksos.post(f"/residents/{place.resident}/corrections/{request_id}", data=sent)
    assert stale.status_code == 409
    assert "Sesuai akta." in stale.text, "nothing typed is lost"


def _consent(place: SimpleNamespace, purpose: Purpose) -> Consent | None:
    newest = select(Consent).where(Consent.purpose == purpose).order_by(Consent.id.desc()).limit(1)
    return db.session.scalar(newest)


def _born(place: SimpleNamespace, years: int) -> None:
    with place.app.app_context(), house_scope(place.house):
        resident = db.session.get_one(Resident, place.resident)
        today = desk_of(db.session.get_one(User, place.peksos_id), place.house).today
        resident.born_on = date(today.year - years, 1, 1)
        db.session.commit()


def test_an_adult_gives_and_takes_back_each_consent_alone(place: SimpleNamespace) -> None:
    _born(place, 19)
    yes = {"purpose": "photo", "wants": "yes", "consent_id": "0", "version": "0"}
    assert "Yes, I agree" in place.me.get("/my-file/consent", headers={"Accept-Language": "en"}).text
    assert place.me.post("/my-file/consent", data=yes).status_code == 302
    with place.app.app_context(), house_scope(place.house):
        given = _consent(place, Purpose.PHOTO)
        assert given is not None
        assert (given.is_given, given.given_by, given.recorded_by_id) == (True, GivenBy.RESIDENT, place.me_id)
        seen = {"consent_id": str(given.id), "version": str(given.version)}
    assert place.me.post("/my-file/consent", data={**yes, "wants": "no"}).status_code == 409, "not what the page showed"
    assert place.me.post("/my-file/consent", data={**yes, **seen, "wants": "no"}).status_code == 302
    with place.app.app_context(), house_scope(place.house):
        taken = _consent(place, Purpose.PHOTO)
        assert taken is not None
        assert taken.withdrawn_at is not None
        assert taken.stop_by is not None
        assert taken.stop_by - taken.withdrawn_at == timedelta(hours=72)
        desk = desk_of(db.session.get_one(User, place.peksos_id), place.house)
        with place.app.test_request_context():
            dues = dues_of(desk, db.session.scalars(own_resident_ids(desk)).all())
        assert [each.resident_id for each in dues if each.kind == "consent_stop"] == [place.resident]


def test_a_minor_stops_what_the_guardian_allowed_and_allows_nothing_alone(place: SimpleNamespace) -> None:
    _born(place, 16)
    sent = {"purpose": "survey", "wants": "yes", "consent_id": "0", "version": "0"}
    assert place.me.post("/my-file/consent", data=sent).status_code == 422
    with place.app.app_context(), house_scope(place.house):
        assert _consent(place, Purpose.SURVEY) is None
        row = Consent(
            residence_id=place.house,
            resident_id=place.resident,
            purpose=Purpose.SURVEY,
            is_given=True,
            given_by=GivenBy.GUARDIAN,
            way=ConsentWay.SIGNED,
            given_on=date(2020, 1, 2),
            assents=True,
        )
        db.session.add(row)
        db.session.commit()
        seen = {"consent_id": str(row.id), "version": str(row.version)}
    assert place.me.post("/my-file/consent", data={**sent, **seen, "wants": "no"}).status_code == 302
    with place.app.app_context(), house_scope(place.house):
        taken = _consent(place, Purpose.SURVEY)
        assert taken is not None
        assert taken.withdrawn_at is not None


def test_a_resident_objects_to_a_use_and_a_person_answers_in_time(place: SimpleNamespace) -> None:
    english = {"Accept-Language": "en"}
    assert 'href="/my-file/object"' in place.me.get("/my-file/rights").text
    assert place.me.post("/my-file/object", data={"kind": "objection", "about": ""}).status_code == 422
    assert place.me.post("/my-file/object", data={"kind": "correction", "about": "planning"}).status_code == 422
    assert place.peksos.get("/my-file/object").status_code == 403
    sent = {"kind": "objection", "about": "planning", "words": "Aku ingin kelas las"}
    assert place.me.post("/my-file/object", data=sent).status_code == 302
    with place.app.app_context(), house_scope(place.house):
        request = _only_request(place)
        assert (request.kind, request.about) == (RequestKind.OBJECTION, Processing.PLANNING)
        residence = db.session.get_one(Residence, place.house)
        assert services.answer_by(residence, request) - request.asked_at == timedelta(hours=72)
        residence.answer_hours = 24
        desk = desk_of(db.session.get_one(User, place.peksos_id), place.house)
        with place.app.test_request_context():
            due = [each for each in dues_of(desk, [place.resident]) if each.kind == "correction"]
        assert [(each.due_on - desk.today).days in (0, 1, 2) for each in due] == [True]
        trail = " ".join(str(entry.changes) for entry in db.session.scalars(select(AuditEntry)))
        assert "kelas las" not in trail
        request_id = request.id
        db.session.commit()
    listed = f"/residents/{place.resident}/corrections"
    page = place.peksos.get(listed, headers=english).text
    assert "Objects to a use" in page
    assert "Aku ingin kelas las" in page
    assert "within 24 hours" in page
    assert place.other.get(listed).status_code == 404
    answer = {"state": "declined", "answer": "Kelas las penuh; kita lihat lagi siklus depan.", "version": "1"}
    assert place.peksos.post(f"{listed}/{request_id}", data=answer).status_code == 302
    assert "Kelas las penuh" in place.me.get("/my-file").text
