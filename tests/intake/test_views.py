"""Intake's pages: search before create by form, the texts for senders, admission, double files, and who sees what."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from foyer.accounts.models import Role
from foyer.audit.models import AuditEntry
from foyer.caseload import desk as desks
from foyer.cycles.readiness import from_above
from foyer.database import db, house_scope
from foyer.intake.models import Merge, OutreachContact, Referral, ReferralAnswer, ReferralState
from foyer.residents.models import Resident, Stay
from tests.factories import make_cycle, make_residence, make_resident, make_staff, make_stay, make_user
from tests.intake.house import NIK, TODAY
from tests.queries import count_queries

BORN = date(2010, 3, 5)
SEARCH = {"full_name": "Rizki Pratama", "born_on": "2010-03-05", "nik": ""}
FORM = {
    **SEARCH,
    "step": "register",
    "known": "new",
    "gender": "male",
    "agency": "BAPAS",
    "received_on": "2027-01-13",
    "answer_by": "2027-01-10",
    "level": "tertiary",
    "reason": "Didampingi pembimbing kemasyarakatan",
    "contact": "Paman di Depok",
    "needs": ["family"],
}


@pytest.fixture
def place(app: Flask, sign_in: Callable[..., FlaskClient], monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    monkeypatch.setattr(desks, "today_in", lambda residence: TODAY)
    with app.app_context():
        residence = make_residence()
        manager = make_user(residence)
        counsellors = [make_staff(residence) for _ in range(2)]
        for staff in counsellors:
            staff.user_id = make_user(residence, Role.COUNSELLOR).id
        cycle = make_cycle(residence)
        ids = {"id": residence.id, "staff": counsellors[0].id, "cycle": cycle.id}
        users = [manager.id, *[staff.user_id for staff in counsellors]]
        db.session.commit()
    clients = dict(zip(("manager", "one", "other"), map(sign_in, users), strict=True))
    for client in clients.values():
        client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return SimpleNamespace(app=app, **clients, **ids)


def known(place: SimpleNamespace, **values: Any) -> int:
    """A resident of the house, in nobody's caseload."""
    with place.app.app_context(), house_scope(place.id):
        from foyer.residences.models import Residence

        resident = make_resident(db.session.get_one(Residence, place.id), **values)
        make_stay(resident)
        db.session.commit()
        return resident.id


def only(place: SimpleNamespace, model: type[Any]) -> Any:
    with place.app.app_context(), house_scope(place.id):
        return db.session.scalars(select(model)).one()


def test_somebody_new_is_registered_after_a_look_and_somebody_known_is_chosen(place: SimpleNamespace) -> None:
    assert "Nobody like this is known" in place.one.post("/referrals/new", data=SEARCH).text
    known_id = known(place, full_name="Rizky Pratama", born_on=BORN)
    late = place.one.post("/referrals/new", data=FORM)
    assert late.status_code == 422, "somebody came into the files between the look and the form"
    assert "Rizky Pratama" in late.text
    assert "Didampingi" in late.text, "nothing typed is lost"
    page = place.one.post("/referrals/new", data=SEARCH).text
    assert f'value="r{known_id}"' in page
    assert "born in 2010" in page
    assert f"/residents/{known_id}" not in page, "no way into a file that is not one's own"
    answer = place.one.post("/referrals/new", data={**FORM, "seen": f"r{known_id}", "known": f"r{known_id}"})
    assert answer.status_code == 303
    referral = only(place, Referral)
    assert (referral.resident_id, referral.responsible_id) == (known_id, place.staff)


def test_a_restricted_file_is_only_said_to_be_there(place: SimpleNamespace) -> None:
    known_id = known(place, full_name="Rizki Pratama", born_on=BORN, is_restricted=True)
    page = place.one.post("/referrals/new", data=SEARCH).text
    assert "There is a file that you may not see" in page
    assert f"r{known_id}" not in page
    assert 'name="agency"' not in page, "there is nothing to go on with"
    assert "There is a file" not in place.one.post("/referrals/new", data={**SEARCH, "born_on": "2010-03-06"}).text
    assert place.one.post("/referrals/new", data={**FORM, "seen": f"r{known_id}"}).status_code == 422
    assert f'value="r{known_id}"' in place.manager.post("/referrals/new", data=SEARCH).text
    with place.app.app_context():
        looked = db.session.scalars(select(AuditEntry.resident_id).where(AuditEntry.verb == "looked_for")).all()
    assert list(looked) == [known_id]


def test_from_the_register_to_the_stay_with_texts_for_the_sender(place: SimpleNamespace) -> None:
    assert place.one.post("/referrals/new", data={**FORM, "responsible_id": place.staff, "nik": NIK}).status_code == 303
    referral = only(place, Referral)
    url = f"/referrals/{referral.id}"
    assert "answer 3 days late" in place.one.get("/referrals").text
    assert "Rizki" not in place.other.get("/referrals").text, "a colleague prepares it"
    assert place.other.get(url).status_code == 404
    page = place.one.get(url).text
    assert NIK not in page
    assert "Didampingi" in page
    receipt = place.one.get(f"{url}/answer/receipt").text
    assert "R.P." in receipt
    assert not any(word in receipt for word in ("Didampingi", NIK, "Depok"))
    assert place.one.get(f"{url}/answer/outcome").status_code == 404
    assert place.one.post(f"{url}/decide", data={"state": "accepted", "version": "1"}).status_code == 422
    assert place.manager.post(f"{url}/decide", data={"state": "waiting", "version": "1"}).status_code == 422
    waiting = {"state": "waiting", "waits_for": "bed", "reason": "Penuh", "version": "1", "is_urgent": "y"}
    assert place.manager.post(f"{url}/decide", data=waiting).status_code == 303
    assert place.manager.post(f"{url}/decide", data={**waiting, "reason": "Lain"}).status_code == 409
    assert "a free bed" in place.one.get("/referrals/waiting").text
    with place.app.app_context(), house_scope(place.id):
        from foyer.cycles.models import Cycle

        items = {item.code: item.names for item in from_above(db.session.get_one(Cycle, place.cycle))}
    assert items["waiting_list"] == ("Rizki Pratama",)
    for address in (f"/cycles/{place.cycle}", f"/cycles/{place.cycle}/roll-over"):
        assert "1 person is accepted and waits to be admitted" in place.manager.get(address).text
    sent = {"body": "Terima kasih", "way": "email", "sent_on": "2027-01-13"}
    assert place.one.post(f"{url}/answer/decision", data=sent).status_code == 303
    assert only(place, ReferralAnswer).body == "Terima kasih"
    form = {
        **{name: FORM[name] for name in ("full_name", "gender", "born_on", "needs")},
        "known": "new",
        "arrives_on": "2027-01-18",
        "leaves_on": "2027-05-02",
        "education_level": "smp",
        "counsellor_id": place.staff,
        "cycle_id": place.cycle,
        "version": "2",
    }
    assert "Rizki Pratama" in place.one.get(f"{url}/admit").text
    assert place.one.post(f"{url}/admit", data={**form, "leaves_on": "2027-01-18"}).status_code == 422
    answer = place.one.post(f"{url}/admit", data=form)
    stay = only(place, Stay)
    assert answer.headers["Location"] == f"/residents/{stay.resident_id}"
    file = place.one.get(answer.headers["Location"]).text
    assert "First approach" in file
    assert "Didampingi" in place.one.get(f"/residents/{stay.resident_id}/referral").text
    assert place.other.get(f"/residents/{stay.resident_id}/referral").status_code == 404
    assert "the arrival is on" in place.one.get(f"{url}/answer/outcome").text
    assert place.one.get(f"{url}/admit").status_code == 302, "only once"


def test_a_referral_edited_twice_shows_both_versions(place: SimpleNamespace) -> None:
    place.manager.post("/referrals/new", data=FORM)
    url = f"/referrals/{only(place, Referral).id}/edit"
    typed = {name: value for name, value in FORM.items() if name not in ("step", "known", "nik")}
    assert place.manager.post(url, data={**typed, "reason": "Alasan baru", "version": "1"}).status_code == 302
    stale = place.manager.post(url, data={**typed, "reason": "Alasan lain", "version": "1"})
    assert stale.status_code == 409
    assert "Alasan baru" in stale.text
    assert "Alasan lain" in stale.text


def test_double_files_are_compared_merged_and_made_two_again(place: SimpleNamespace) -> None:
    one = known(place, full_name="Rizki Pratama", born_on=BORN)
    two = known(place, full_name="Rizky Pratama", born_on=BORN, birth_place="Depok")
    assert place.one.get("/referrals/duplicates").status_code == 403
    assert f"/residents/{one}/same-as/{two}" in place.manager.get("/referrals/duplicates").text
    url = f"/residents/{one}/same-as/{two}"
    assert "Depok" in place.manager.get(url).text
    assert place.manager.get(f"/residents/{one}/same-as/{one}").status_code == 404
    assert place.manager.post(url, data={"kept": one}).status_code == 422, "how it is known must be said"
    answer = place.manager.post(url, data={"kept": one, "take": ["full_name"], "reason": "Kartu keluarga sama"})
    row = only(place, Merge)
    assert answer.headers["Location"] == f"/referrals/merges/{row.id}"
    assert "Kartu keluarga sama" in place.manager.get(f"/referrals/merges/{row.id}").text
    assert place.manager.get(f"/residents/{two}").status_code == 404
    assert place.manager.get("/residents?presence=all").text.count(">Rizky Pratama</a>") == 1
    assert place.manager.post(f"/referrals/merges/{row.id}/undo").status_code == 303
    assert place.manager.get(f"/residents/{two}").status_code == 200
    assert place.manager.post(f"/residents/{one}/not/{two}").status_code == 303
    assert f"same-as/{two}" not in place.manager.get("/referrals/duplicates").text


def test_outreach_and_agencies_are_kept_from_the_page(place: SimpleNamespace) -> None:
    visit = {"met_on": "2027-01-12", "kind": "home", "area": "Bukit Duri", "reached": "3", "next_on": "2027-01-11"}
    assert place.one.post("/referrals/outreach/new", data={**visit, "met_on": "2027-01-14"}).status_code == 422
    assert place.one.post("/referrals/outreach/new", data=visit).status_code == 303
    page = place.other.get("/referrals/outreach").text
    assert "2 days late" in page
    assert "Bukit Duri" in page
    assert place.manager.post("/referrals/agencies/usual").status_code == 303
    assert "Puskesmas" in place.one.get("/referrals/agencies").text
    assert place.one.post("/referrals/agencies/usual").status_code == 403


def test_lists_ask_the_database_a_fixed_number_of_times(place: SimpleNamespace) -> None:
    with place.app.app_context(), house_scope(place.id):
        from foyer.intake.models import Agency, AgencyKind

        agency = Agency(residence_id=place.id, name="Dinas Sosial", name_key="dinas sosial", kind=AgencyKind.SOCIAL)
        db.session.add(agency)
        db.session.flush()
        for n in range(40):
            values = {"full_name": f"Anak {n}", "name_key": f"anak {n}", "gender": "male", "born_on": BORN}
            made = Referral(
                residence_id=place.id,
                year=2027,
                number=n + 1,
                agency_id=agency.id,
                received_on=TODAY,
                level="primary",
                reason="-",
                state=ReferralState.WAITING,
                waits_for="bed",
                waits_since=TODAY,
                **values,
            )
            db.session.add(made)
            db.session.add(Resident(residence_id=place.id, **{**values, "full_name": f"Orang {n}"}))
        db.session.commit()
        one = db.session.scalars(select(Referral.id).order_by(Referral.number)).first()
    for address in ("/referrals", "/referrals/waiting", "/referrals/outreach", "/referrals/duplicates"):
        with count_queries(place.app) as seen:
            assert place.manager.get(address).status_code == 200
        assert len(seen) <= 12, (address, seen.statements)
    assert "page=2" in place.manager.get("/referrals").text
    first, second = (place.manager.get(f"/referrals/waiting?page={page}").text for page in (1, 2))
    assert "page=2" in first
    assert "page=1" in second
    assert first.count("/admit") == 30
    address = f"/referrals/{one}/decide"
    decide = place.manager.get(address).text
    assert decide.count("(optional)") == 1, "a day may stay empty; ground, waiting and reason say when they are needed"
    assert "16 years old today; the house takes ages 15 to 21." in decide
    with place.app.app_context(), house_scope(place.id):
        db.session.get_one(Referral, one).born_on = date(2000, 1, 1)
        db.session.commit()
    assert "27 years old today, but the house takes ages 15 to 21." in place.manager.get(address).text
    named = place.manager.get("/referrals/waiting?q=anak+39").text
    assert (named.count("/admit"), "Anak 39" in named) == (1, True)
    assert "/admit" not in place.manager.get("/referrals/waiting?waits_for=papers").text
    by_name = [place.manager.get(f"/referrals/waiting?sort=name&order={order}").text for order in ("asc", "desc")]
    assert ["Anak 0<" in page for page in by_name] == [True, False], "on the first page, or on the last one"
    assert not set(_links(first, "/admit")) & set(_links(second, "/admit"))


def test_outreach_has_a_next_page_of_what_was_done_and_of_what_is_due(place: SimpleNamespace) -> None:
    with place.app.app_context(), house_scope(place.id):
        for n in range(31):
            waits = {"next_on": TODAY + timedelta(days=n)}
            visit = {
                "kind": "home",
                "met_on": TODAY - timedelta(days=n),
                "area": f"Kelurahan {n}",
                "reached": 1,
                **waits,
            }
            db.session.add(OutreachContact(residence_id=place.id, **visit))
        db.session.commit()
    first = place.manager.get("/referrals/outreach").text
    assert "page=2#contacts" in first
    assert "due=2#due" in first
    second = place.manager.get("/referrals/outreach?page=2&due=2").text
    assert "page=1&amp;due=2#contacts" in second or "due=2&amp;page=1#contacts" in second
    shown = [len(re.findall(r'href="/referrals/outreach/\d+"', page)) for page in (first, second)]
    assert shown == [30 + 30, 1 + 1]


def _links(page: str, part: str) -> list[str]:
    return [piece.split('"')[0] for piece in page.split('href="')[1:] if part in piece.split('"')[0]]
