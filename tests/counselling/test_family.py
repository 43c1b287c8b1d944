"""A family session names the relatives who took part, to those who may read the family's names."""

from __future__ import annotations

import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from foyer.audit.models import AuditEntry
from foyer.caseload.rights import Part
from foyer.copies.collecting import collect
from foyer.copies.sources import Audience
from foyer.counselling.models import CounsellingSession, SessionRelative
from foyer.database import db, house_scope
from foyer.residents.family import ContactSafety, Relation, Relative
from foyer.residents.models import Resident
from tests.counselling.house import counselled_house, desk_for, marks, stand_at
from tests.queries import count_queries

SignIn = Callable[..., FlaskClient]
MOTHER, STEPFATHER, AUNT = "Ibu Sumiati", "Pak Darsono", "Tante Rukmini"


@pytest.fixture
def house(app: Flask, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    found = counselled_house(app)
    stand_at(monkeypatch, found.on.year, found.on.month, found.on.day, 20, 0)
    with app.app_context(), house_scope(found.id):
        people = [
            (MOTHER, Relation.MOTHER, ContactSafety.SAFE, found.resident),
            (STEPFATHER, Relation.STEP_PARENT, ContactSafety.NOT_SAFE, found.resident),
            (AUNT, Relation.AUNT_OR_UNCLE, ContactSafety.SAFE, found.theirs),
        ]
        rows = [
            Relative(
                residence_id=found.id,
                resident_id=whose,
                relation=relation,
                full_name=name,
                safety=safety,
                safety_reason="Pernah memukul" if safety is ContactSafety.NOT_SAFE else None,
            )
            for name, relation, safety, whose in people
        ]
        db.session.add_all(rows)
        db.session.commit()
        found.mother, found.stepfather, found.aunt = (row.id for row in rows)
    return found


def _put_down(house: SimpleNamespace, browser: FlaskClient, kind: str = "family") -> str:
    form = {
        "kind": kind,
        "mode": "visit",
        "held_on": house.on.isoformat(),
        "start_minute": "18:00",
        "end_minute": "19:00",
    }
    answer = browser.post(f"/residents/{house.resident}/counselling/new", data=form)
    assert answer.status_code == 302, answer.text
    return answer.location


def _mark(house: SimpleNamespace, app: Flask, browser: FlaskClient, address: str, relatives: list[int]) -> Any:
    with app.app_context(), house_scope(house.id):
        version = db.session.get_one(CounsellingSession, int(address.rsplit("/", 1)[1])).version
    form = {**marks(house, version), "relatives": relatives}
    return browser.post(address, data=form, follow_redirects=True)


def test_relatives_are_ticked_shown_and_taken_out_again_and_the_trail_has_no_name(
    app: Flask, house: SimpleNamespace, sign_in: SignIn
) -> None:
    browser = sign_in(house.counsellor)
    browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    address = _put_down(house, browser)
    page = browser.get(address).text
    assert [name in page for name in (MOTHER, STEPFATHER, AUNT)] == [True, True, False], "of this file only"
    assert f"Contact with {STEPFATHER} is not safe" in page
    assert "Pernah memukul" in page
    saved = _mark(house, app, browser, address, [house.mother]).text
    assert f"Of the family took part: {MOTHER} (Mother)" in " ".join(saved.split())
    assert "how this meeting came about" not in saved
    assert (
        f"{STEPFATHER} is not safe. Make sure"
        in _mark(house, app, browser, address, [house.mother, house.stepfather]).text
    )
    again = _mark(house, app, browser, address, [house.stepfather]).text
    assert "how this meeting came about" not in again, "said when it is new"
    with app.app_context(), house_scope(house.id):
        rows = {row.relative_id: row.removed_at for row in db.session.scalars(select(SessionRelative))}
        assert {id_: removed is None for id_, removed in rows.items()} == {house.mother: False, house.stepfather: True}
        trail = json.dumps([entry.changes for entry in db.session.scalars(select(AuditEntry))], default=str)
    assert not [name for name in (MOTHER, STEPFATHER) if name in trail]
    assert _mark(house, app, browser, address, [house.mother]).status_code == 200
    for reader, reads in ((house.supervisor, True), (house.second_manager, True)):
        assert (MOTHER in sign_in(reader).get(address).text) is reads
    assert sign_in(house.colleague).get(address).status_code == 404


def test_nobody_of_another_file_or_of_another_kind_of_session_is_ticked(
    app: Flask, house: SimpleNamespace, sign_in: SignIn
) -> None:
    browser = sign_in(house.counsellor)
    address = _put_down(house, browser)
    assert _mark(house, app, browser, address, [house.aunt]).status_code == 422
    assert browser.post(f"{address}/withdraw", data={"version": 1}).status_code == 303
    alone = _put_down(house, browser, "individual")
    assert MOTHER not in browser.get(alone).text
    _mark(house, app, browser, alone, [house.mother])
    with app.app_context(), house_scope(house.id):
        assert db.session.scalars(select(SessionRelative)).all() == []


def test_copies_name_the_relatives_for_the_house_and_not_where_third_persons_are_left_out(
    app: Flask, house: SimpleNamespace, sign_in: SignIn
) -> None:
    browser = sign_in(house.counsellor)
    _mark(house, app, browser, _put_down(house, browser), [house.mother])
    with app.test_request_context(), house_scope(house.id):
        desk, resident = desk_for(house, house.counsellor), db.session.get_one(Resident, house.resident)
        told = {
            audience: [
                record.plain() for record in collect(desk, resident, [Part.COUNSELLING], audience)[Part.COUNSELLING]
            ]
            for audience in Audience
        }
    assert {audience: MOTHER in json.dumps(records, default=str) for audience, records in told.items()} == {
        Audience.HOUSE: True,
        Audience.RESIDENT: False,
        Audience.OWN: False,
    }
    assert {
        audience: "counselling_relatives" in json.dumps(records, default=str) for audience, records in told.items()
    } == {
        Audience.HOUSE: True,
        Audience.RESIDENT: False,
        Audience.OWN: False,
    }


def test_session_asks_as_often_for_a_large_family(app: Flask, house: SimpleNamespace, sign_in: SignIn) -> None:
    browser = sign_in(house.counsellor)
    address = _put_down(house, browser)
    _mark(house, app, browser, address, [house.mother])
    with count_queries(app) as one:
        browser.get(address)
    _mark(house, app, browser, address, [house.mother, house.stepfather])
    with count_queries(app) as two:
        browser.get(address)
    assert len(two) == len(one)
