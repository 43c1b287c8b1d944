"""What a house says about its data is open to everybody, in both languages, and says what the house has set."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from foyer.database import db, house_scope
from foyer.leaving.models import CountsFrom, LeavingRules
from tests.factories import make_residence

pytestmark = pytest.mark.parametrize("house_settings", ["sqlite"], indirect=True)
ENGLISH = {"Accept-Language": "en"}


def test_it_says_who_is_responsible_how_long_and_whom_to_ask(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        house = make_residence(
            name="Panti Mawar",
            responsible="Dinas Sosial DKI Jakarta",
            privacy_officer="Ibu Ratna",
            privacy_contact="021-555",
            answer_hours=48,
        )
        with house_scope(house.id):
            rules = {"keep_years": 25, "keep_from": CountsFrom.BIRTH, "keep_source": "JRA 2026"}
            db.session.add(LeavingRules(residence_id=house.id, **rules))
            db.session.commit()
    assert 'href="/privacy"' in client.get("/sign-in").text
    page = client.get("/privacy", headers=ENGLISH).text
    for said in ("Dinas Sosial DKI Jakarta", "Ibu Ratna, 021-555", "25 years after birth (JRA 2026)", "48 hours"):
        assert said in page
    indonesian = client.get("/privacy", headers={"Accept-Language": "id"}).text
    assert "Pejabat pelindungan data pribadi: Ibu Ratna, 021-555" in indonesian
    assert "25 tahun sejak lahir" in indonesian


def test_what_a_house_has_not_set_is_said_and_each_house_has_its_own(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        one, two = make_residence(name="Panti Mawar"), make_residence(name="Panti Melati", responsible="Dinas")
        db.session.commit()
        ids = one.id, two.id
    chosen = client.get("/privacy", headers=ENGLISH).text
    assert "Panti Mawar" in chosen
    assert "Panti Melati" in chosen
    page = client.get(f"/privacy?house={ids[0]}", headers=ENGLISH).text
    assert "No data protection officer is named yet" in page
    assert "has not yet said how long" in page
    assert "Dinas is responsible" in client.get(f"/privacy?house={ids[1]}", headers=ENGLISH).text
    assert client.get("/privacy?house=99999").status_code == 404
