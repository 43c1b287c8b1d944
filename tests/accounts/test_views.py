from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from foyer import create_app
from foyer.accounts import lockout, slips
from foyer.accounts.models import Role, User
from foyer.accounts.services import grant_house
from foyer.accounts.views import local_path
from foyer.audit.models import AuditEntry
from foyer.database import db, utc_now
from foyer.extensions import limiter
from tests.factories import make_residence, make_user

PASSWORD = "kereta langit jambu"


@pytest.fixture
def user_id(app: Flask) -> int:
    with app.app_context():
        user = make_user(make_residence(), Role.COUNSELLOR, username="ratna", password=PASSWORD)
        db.session.commit()
        return user.id


@pytest.fixture
def slip_code(app: Flask, user_id: int) -> str:
    with app.app_context():
        issued = slips.issue_slip(db.session.get(User, user_id))  # type: ignore[arg-type]
        db.session.commit()
        return issued.code


def _sign_in(client: FlaskClient, password: str = PASSWORD, username: str = "ratna", address: str = "/sign-in"):  # type: ignore[no-untyped-def]
    return client.post(address, data={"username": username, "password": password})


def _without_token(text: str) -> str:
    return re.sub(r"[\w-]{40,}\.[\w-]+\.[\w-]+", "", text)


def _is_in(client: FlaskClient) -> bool:
    return client.get("/account/password").status_code == 200


def test_signing_in_leads_to_the_page_that_was_wanted(client: FlaskClient, user_id: int) -> None:
    wanted = client.get("/account/password")
    assert wanted.location == "/sign-in?next=/account/password"
    answer = _sign_in(client, address=wanted.location)
    assert (answer.status_code, answer.location) == (302, "/account/password")
    assert _is_in(client)


@pytest.mark.parametrize(
    "wanted", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/a\tb", "", None]
)
def test_nobody_is_sent_elsewhere_after_signing_in(wanted: str | None) -> None:
    assert local_path(wanted) == "/"


def test_unknown_name_and_wrong_password_get_the_same_answer(client: FlaskClient, user_id: int) -> None:
    wrong = _sign_in(client, "not this one")
    unknown = _sign_in(client, "not this one", username="siapa")
    assert wrong.status_code == unknown.status_code == 422
    assert _without_token(wrong.text).replace("ratna", "siapa") == _without_token(unknown.text)


def test_the_pause_is_said_in_a_sentence(client: FlaskClient, user_id: int) -> None:
    for _ in range(5):
        answer = _sign_in(client, "not this one")
    client.post("/language", data={"locale": "en"})
    answer = _sign_in(client)
    assert answer.status_code == 422
    assert "Please try again in 1 minute." in answer.text
    assert not _is_in(client)


def test_a_closed_account_is_told_so_only_after_the_right_password(
    app: Flask, client: FlaskClient, user_id: int
) -> None:
    with app.app_context():
        db.session.get(User, user_id).is_enabled = False  # type: ignore[union-attr]
        db.session.commit()
    client.post("/language", data={"locale": "en"})
    assert "closed" not in _sign_in(client, "not this one").text
    assert "This account is closed." in _sign_in(client).text
    assert not _is_in(client)


def test_signing_in_begins_a_new_session(client: FlaskClient, user_id: int) -> None:
    with client.session_transaction() as session:
        session["planted"] = "by somebody else"
        session["csrf_token"] = "known"
        session["language"] = "en"
    _sign_in(client)
    with client.session_transaction() as session:
        assert "planted" not in session
        assert session.get("csrf_token") != "known"
        assert session["language"] == "en"


def test_signing_out_needs_a_post_and_ends_the_session(client: FlaskClient, user_id: int) -> None:
    _sign_in(client)
    assert client.get("/sign-out").status_code == 405
    assert _is_in(client)
    assert client.post("/sign-out").location == "/sign-in"
    assert not _is_in(client)


def test_only_residents_stay_signed_in_on_their_phones(app: Flask, client: FlaskClient, user_id: int) -> None:
    data = {"username": "ratna", "password": PASSWORD, "remember": "y"}
    assert "remember_token" not in client.post("/sign-in", data=data).headers["Set-Cookie"]
    with app.app_context():
        make_user(make_residence(), Role.RESIDENT, username="eja", password=PASSWORD)
        db.session.commit()
    phone = app.test_client()
    phone.post("/sign-in", data={**data, "username": "eja"})
    assert phone.get_cookie("remember_token") is not None
    phone.post("/sign-out")
    assert phone.get_cookie("remember_token") is None


def test_a_slip_leads_to_a_password_and_a_signed_in_session(app: Flask, client: FlaskClient, slip_code: str) -> None:
    answer = client.post("/slip", data={"code": slip_code.lower()})
    assert answer.location == "/slip/password"
    assert not _is_in(client), "the code alone is not signed in"
    answer = client.post("/slip/password", data={"password": "tiga burung pipit", "again": "tiga burung pipit"})
    assert answer.location == "/"
    assert _is_in(client)
    other = app.test_client()
    assert other.post("/slip", data={"code": slip_code}).status_code == 422
    assert _sign_in(other, "tiga burung pipit").status_code == 302
    with app.app_context():
        verbs = list(db.session.scalars(select(AuditEntry.verb)))
        assert {"used_slip", "signed_in"} <= set(verbs)


def test_a_weak_password_does_not_use_up_the_slip(client: FlaskClient, slip_code: str) -> None:
    client.post("/language", data={"locale": "en"})
    client.post("/slip", data={"code": slip_code})
    weak = client.post("/slip/password", data={"password": "ratna", "again": "ratna"})
    assert weak.status_code == 422
    assert "at least 10 characters" in weak.text
    unequal = client.post("/slip/password", data={"password": "tiga burung pipit", "again": "tiga"})
    assert "The two passwords are not the same." in unequal.text
    answer = client.post("/slip/password", data={"password": "tiga burung pipit", "again": "tiga burung pipit"})
    assert answer.status_code == 302


def test_the_password_page_of_a_slip_does_not_wait_for_ever(client: FlaskClient, slip_code: str) -> None:
    client.post("/slip", data={"code": slip_code})
    with client.session_transaction() as session:
        session["slip"] = [session["slip"][0], int((utc_now() - timedelta(minutes=16)).timestamp())]
    assert client.get("/slip/password").location == "/slip"


def test_a_wrong_code_is_answered_kindly(client: FlaskClient, user_id: int) -> None:
    answer = client.post("/slip", data={"code": "ACDE-FGHJ-3467"})
    assert answer.status_code == 422
    assert client.get("/slip/password").location == "/slip"


def test_changing_the_password_ends_the_other_sessions_only(
    app: Flask, user_id: int, sign_in: Callable[[int], FlaskClient]
) -> None:
    here, elsewhere = sign_in(user_id), sign_in(user_id)
    data = {"current": "not this one", "password": "tiga burung pipit", "again": "tiga burung pipit"}
    assert here.post("/account/password", data=data).status_code == 422
    assert here.post("/account/password", data={**data, "current": PASSWORD}).location == "/"
    assert _is_in(here)
    assert not _is_in(elsewhere)


def test_many_wrong_entries_from_one_address_are_slowed_down_and_right_ones_never(app: Flask, user_id: int) -> None:
    settings = app.config["FOYER"].model_copy(update={"wrong_entries": "3 per 5 minutes"})
    limited = create_app(settings, TESTING=True, RATELIMIT_ENABLED=True, WTF_CSRF_ENABLED=False)
    try:
        client = limited.test_client()
        for _ in range(6):
            assert _sign_in(client).status_code == 302
        answers = [_sign_in(client, "wrong", username=f"name{n}").status_code for n in range(5)]
        assert answers == [422, 422, 422, 429, 429]
        assert client.post("/slip", data={"code": "ACDE-FGHJ-3467"}).status_code == 429, "codes share the count"
    finally:
        limiter.enabled = False
        with limited.app_context():
            db.engine.dispose()


def test_the_language_is_switched_before_signing_in_and_remembered_after(
    app: Flask, client: FlaskClient, user_id: int
) -> None:
    assert '<html lang="id">' in client.get("/sign-in").text
    answer = client.post("/language", data={"locale": "en", "next": "/slip"})
    assert answer.location == "/slip"
    assert '<html lang="en">' in client.get("/slip").text
    _sign_in(client)
    assert '<html lang="en">' in client.get("/account/password").text
    client.post("/language", data={"locale": "id"})
    client.post("/language", data={"locale": "xx"})
    with app.app_context():
        assert db.session.get(User, user_id).language == "id"  # type: ignore[union-attr]


def test_the_first_page_tells_how_to_make_the_first_administrator(app: Flask, client: FlaskClient) -> None:
    assert "foyer create-user --role administrator" in client.get("/sign-in").text
    with app.app_context():
        make_user(make_residence(), Role.ADMINISTRATOR)
        db.session.commit()
    assert "foyer create-user" not in client.get("/sign-in").text


def test_the_office_chooses_among_its_own_houses_only(app: Flask, sign_in: Callable[[int], FlaskClient]) -> None:
    with app.app_context():
        first, second, foreign = (make_residence(name=name) for name in ("Panti A", "Panti B", "Panti C"))
        office = make_user(None, Role.OFFICE)
        grant_house(office, first.id)
        grant_house(office, second.id)
        db.session.commit()
        office_id, second_id, foreign_id = office.id, second.id, foreign.id
    browser = sign_in(office_id)
    page = browser.get("/account/password").text
    assert "Panti A" in page
    assert "Panti B" in page
    assert "Panti C" not in page
    browser.post("/choose-house", data={"residence_id": second_id})
    with browser.session_transaction() as session:
        assert session["residence_id"] == second_id
    browser.post("/choose-house", data={"residence_id": foreign_id})
    with browser.session_transaction() as session:
        assert session["residence_id"] == second_id


def test_the_pause_ends_when_a_new_password_is_chosen_with_a_slip(
    app: Flask, client: FlaskClient, slip_code: str
) -> None:
    for _ in range(5):
        _sign_in(client, "not this one")
    client.post("/slip", data={"code": slip_code})
    client.post("/slip/password", data={"password": "tiga burung pipit", "again": "tiga burung pipit"})
    with app.app_context():
        assert lockout.find_lock("ratna") is None
