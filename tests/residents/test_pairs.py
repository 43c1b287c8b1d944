"""Keep-apart pairs: for managers only, with a reason that only they read, ended and never deleted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from foyer.accounts.models import Role
from foyer.audit.models import AuditEntry
from foyer.database import db, house_scope
from foyer.residents import views
from foyer.residents.models import KeepApart
from tests.factories import make_residence, make_resident, make_stay, make_user


@pytest.fixture
def place(app: Flask, sign_in: Callable[..., FlaskClient], monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    monkeypatch.setattr(views, "today_in", lambda residence: date(2027, 2, 1))
    with app.app_context():
        residence = make_residence()
        one, two = make_resident(residence), make_resident(residence)
        make_stay(one)
        make_stay(two)
        manager, counsellor = make_user(residence), make_user(residence, Role.COUNSELLOR)
        ids = {"id": residence.id, "one": one.id, "two": two.id}
        users = manager.id, counsellor.id
        db.session.commit()
    return SimpleNamespace(app=app, manager=sign_in(users[0]), counsellor=sign_in(users[1]), **ids)


def pair(place: SimpleNamespace) -> KeepApart:
    with place.app.app_context(), house_scope(place.id):
        return db.session.scalars(select(KeepApart)).one()


def test_a_pair_is_added_whichever_comes_first_and_only_once(place: SimpleNamespace) -> None:
    form = {"resident_a": place.two, "resident_b": place.one, "in_room": "y", "reason": "Bertengkar hebat"}
    assert place.counsellor.post("/pairs/new", data=form).status_code == 403
    assert place.manager.post("/pairs/new", data={**form, "resident_b": place.two}).status_code == 422
    without = {name: value for name, value in form.items() if name != "in_room"}
    assert place.manager.post("/pairs/new", data=without).status_code == 422
    assert place.manager.post("/pairs/new", data=form).status_code == 302
    assert place.manager.post("/pairs/new", data=form).status_code == 422
    assert (pair(place).resident_a_id, pair(place).resident_b_id) == (place.one, place.two)
    with place.app.app_context():
        stored = db.session.connection().exec_driver_sql("SELECT reason FROM keep_apart_pairs").scalar_one()
        assert "Bertengkar" not in stored
        assert "Bertengkar" not in str([entry.changes for entry in db.session.scalars(select(AuditEntry))])


def test_a_pair_is_ended_with_a_reason_and_kept(place: SimpleNamespace) -> None:
    form = {"resident_a": place.one, "resident_b": place.two, "in_room": "y", "in_class": "y", "reason": "Alasan"}
    place.manager.post("/pairs/new", data=form)
    url = f"/pairs/{pair(place).id}"
    assert place.counsellor.get(url).status_code == 403
    assert "Alasan" in place.manager.get(url).text
    assert place.manager.post(f"{url}/end", data={"end-reason": "", "end-version": "1"}).status_code == 422
    assert place.manager.post(f"{url}/end", data={"end-reason": "Sudah baik", "end-version": "7"}).status_code == 409
    assert place.manager.post(f"{url}/end", data={"end-reason": "Sudah baik", "end-version": "1"}).status_code == 302
    with place.app.app_context(), house_scope(place.id):
        ended = db.session.scalars(select(KeepApart)).one()
        assert (ended.until_on, ended.reason) == (date(2027, 2, 1), "Alasan\nSudah baik")


def test_opening_a_pair_is_written_down_for_both(place: SimpleNamespace) -> None:
    place.manager.post("/pairs/new", data={"resident_a": place.one, "resident_b": place.two, "in_room": "y"})
    place.manager.get(f"/pairs/{pair(place).id}")
    with place.app.app_context():
        read = db.session.scalars(select(AuditEntry).where(AuditEntry.verb == "read")).all()
    assert {entry.resident_id for entry in read} == {place.one, place.two}
