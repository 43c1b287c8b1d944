"""What is typed is kept, given back to the same person only, and dropped when it is saved."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from foyer.accounts.models import User
from foyer.database import db, utc_now
from foyer.unsent import services
from foyer.unsent.models import UnsentForm
from tests.papers.conftest import Office, make_office

SignIn = Callable[[User | int], FlaskClient]
FIELDS = [["reason", "RAHASIA-KETIKAN"], ["needs", "a"], ["needs", "b"]]


@pytest.fixture
def house(app: Flask) -> Office:
    return make_office(app)


def keep(client: FlaskClient, address: str, fields: object = FIELDS) -> int:
    who = client.get("/unsent").get_json()["who"]
    return client.post("/unsent", json={"address": address, "who": who, "fields": fields}).status_code


def kept(client: FlaskClient, address: str) -> object:
    return client.get("/unsent", query_string={"address": address}).get_json()["fields"]


def test_what_is_typed_survives_the_end_of_the_sign_in_and_is_nobody_elses(house: Office, sign_in: SignIn) -> None:
    client, other = sign_in(house.counsellor), sign_in(house.manager)
    at = f"/residents/{house.resident}/letters/new/progress"
    assert keep(client, at) == 200
    assert client.post("/sign-out").status_code == 302
    assert client.get("/unsent", query_string={"address": at}).status_code == 302
    again = sign_in(house.counsellor)
    assert kept(again, at) == FIELDS
    assert kept(other, at) is None
    who = again.get("/unsent").get_json()["who"]  # a page of one person, sent while another is signed in
    assert other.post("/unsent", json={"address": at, "who": who, "fields": []}).status_code == 409
    with house.opened():
        assert "RAHASIA" not in str(db.session.execute(text("SELECT fields FROM unsent_forms")).scalars().all())


def test_it_is_dropped_when_the_form_is_saved_and_not_before(house: Office, sign_in: SignIn) -> None:
    client = sign_in(house.counsellor)
    at = f"/residents/{house.resident}/letters/new/referral"
    keep(client, at)
    keep(client, f"{at}#again")
    keep(client, f"{at}er")
    assert client.post(at, data={"kepada": "", "unsent": "1"}).status_code == 422
    assert kept(client, at) == FIELDS
    sent = {"kepada": "Puskesmas", "alasan": "Sakit", "basis": "vital_interest", "basis_reason": "Demam", "unsent": "1"}
    assert client.post(at, data=sent).status_code == 302
    assert kept(client, at) is None
    assert kept(client, f"{at}#again") is None
    assert kept(client, f"{at}er") == FIELDS
    assert client.post("/unsent/drop", json={"address": f"{at}er"}).status_code == 409
    who = client.get("/unsent").get_json()["who"]
    client.post("/unsent/drop", json={"address": f"{at}er", "who": who})
    assert kept(client, f"{at}er") is None


def test_it_is_bounded_and_forgotten_after_a_fortnight(house: Office, sign_in: SignIn) -> None:
    client = sign_in(house.counsellor)
    assert keep(client, "/a", [["x", "y" * services.MOST_LETTERS]]) == 413
    assert keep(client, "") == 413
    with house.opened():
        for n in range(services.MOST_FORMS + 3):
            services.keep(house.counsellor, f"/{n}", FIELDS)
        assert len(db.session.scalars(select(UnsentForm)).all()) == services.MOST_FORMS
        old = db.session.scalars(select(UnsentForm).where(UnsentForm.address == "/20")).one()
        old.kept_at = utc_now() - timedelta(days=services.KEPT_DAYS + 1)
    assert kept(client, "/20") is None
    keep(client, "/new")
    with house.opened():
        assert db.session.scalars(select(UnsentForm).where(UnsentForm.address == "/20")).first() is None
