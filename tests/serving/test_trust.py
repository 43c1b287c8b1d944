"""Headers, health, and what logs and error pages keep to themselves."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog
from flask import Flask, request
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm.exc import StaleDataError

from foyer import create_app
from foyer.accounts.access import allow_anyone
from foyer.config import Settings
from foyer.database import db
from foyer.jobs import leases
from foyer.jobs.models import WorkerSign
from foyer.logs import log_format
from foyer.security import POLICY
from tests.factories import make_residence, make_user

NAME = "Kusumawardhani"  # a person whom nobody may find where she does not belong


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What the process writes into its log."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(log_format())
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel("DEBUG")
    yield written
    root.removeHandler(handler)
    root.setLevel(before)


def test_every_answer_carries_the_strict_policy(client: FlaskClient) -> None:
    for address in ("/sign-in", "/healthz", "/no-such-page"):
        headers = client.get(address).headers
        assert headers["Content-Security-Policy"] == POLICY
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert "camera=()" in headers["Permissions-Policy"]
        assert headers["Cache-Control"] == "no-store"
        assert "Strict-Transport-Security" not in headers
        assert "unsafe" not in headers["Content-Security-Policy"]


def test_files_are_kept_for_good_and_answer_only_to_their_own_address(app: Flask, client: FlaskClient) -> None:
    with app.test_request_context():
        from flask import url_for

        address = url_for("static", filename="css/app.css")
    answer = client.get(address)
    assert (answer.status_code, "immutable" in answer.headers["Cache-Control"]) == (200, True)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert client.get(address.replace("css/app.css", "../config.py")).status_code != 200


def test_behind_tls_browsers_are_told_to_stay_there(house_settings: Settings) -> None:
    app = create_app(house_settings.model_copy(update={"https": True}), TESTING=True)
    answer = app.test_client().get("/sign-in")
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert "Secure" in answer.headers["Set-Cookie"]


@pytest.mark.parametrize(("proxies", "seen"), [(0, "127.0.0.1"), (1, "203.0.113.9")])
def test_only_as_many_proxies_are_believed_as_stand_in_front(house_settings: Settings, proxies: int, seen: str) -> None:
    app = create_app(house_settings.model_copy(update={"trusted_proxies": proxies}), TESTING=True)

    @app.get("/who")
    @allow_anyone
    def who() -> str:
        return str(request.remote_addr)

    answer = app.test_client().get("/who", headers={"X-Forwarded-For": "198.51.100.7, 203.0.113.9"})
    assert answer.text == seen


def test_health_tells_of_database_migrations_and_worker(app: Flask, client: FlaskClient) -> None:
    assert client.get("/healthz").json["status"] == "degraded", "no worker has signed yet"
    with app.app_context():
        leases.sign(db.engine, "one")
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json["status"], answer.json["worker"]) == (200, "ok", "alive")
    with app.app_context():
        sign = db.session.get_one(WorkerSign, "one")
        sign.seen_at -= timedelta(minutes=5)
        db.session.commit()
    assert client.get("/healthz").json["worker"] == "absent"


def test_health_fails_while_the_database_is_of_another_version_or_away(new_house: Settings) -> None:
    app = create_app(new_house, TESTING=True)
    answer = app.test_client().get("/healthz")
    assert (answer.status_code, answer.json["migrations"]) == (503, "behind")
    nowhere = new_house.model_copy(update={"database_url": "postgresql://foyer@127.0.0.1:1/x?connect_timeout=2"})
    answer = create_app(nowhere, TESTING=True).test_client().get("/healthz")
    assert (answer.status_code, answer.json["database"]) == (503, "unreachable")


def failing(app: Flask, address: str, error: Callable[[], Any]) -> None:
    @app.route(address, endpoint=f"failing{address.count('/')}{len(app.view_functions)}", methods=["GET", "POST"])
    @allow_anyone
    def view(**parts: str) -> str:
        error()
        return ""


def raises(error: Exception) -> Callable[[], None]:
    def fail() -> None:
        raise error

    return fail


def test_a_stale_change_and_a_busy_database_are_answered_in_words(house_settings: Settings) -> None:
    app = create_app(house_settings, TESTING=True)
    failing(app, "/stale", raises(StaleDataError("1 row")))
    failing(app, "/busy", raises(OperationalError("UPDATE", {}, Exception("database is locked"))))
    client = app.test_client()
    stale, busy = client.get("/stale"), client.get("/busy")
    assert (stale.status_code, busy.status_code) == (409, 503)
    for page in (stale, busy):
        assert "<h1>" in page.text
        assert "database is locked" not in page.text


def test_a_writer_that_waits_too_long_is_told_so(house_settings: Settings) -> None:
    app = create_app(house_settings, TESTING=True, WTF_CSRF_ENABLED=False)
    waits = "SET lock_timeout = 100" if house_settings.database_url else "PRAGMA busy_timeout = 100"

    def write() -> None:
        with db.engine.connect() as connection:
            raw = connection.connection.dbapi_connection
            assert raw is not None
            raw.cursor().execute(waits)
            connection.execute(text("UPDATE alembic_version SET version_num = version_num"))

    failing(app, "/write", write)
    with app.app_context(), db.engine.begin() as other:
        other.execute(text("UPDATE alembic_version SET version_num = version_num"))
        answer = app.test_client().post("/write", headers={"Accept-Language": "en"})
        assert answer.status_code == 503
        assert "busy" in answer.text


def test_people_sign_in_while_redis_is_away(house_settings: Settings) -> None:
    app = create_app(house_settings.model_copy(update={"redis_url": "redis://127.0.0.1:1/0"}), WTF_CSRF_ENABLED=False)
    answer = app.test_client().post("/sign-in", data={"username": "nobody", "password": "wrong-entry"})
    assert answer.status_code == 422


def plant(app: Flask) -> int:
    with app.app_context():
        residence = make_residence(name=f"Panti {NAME}")
        user = make_user(residence, display_name=f"Siti {NAME}", username=NAME.lower())
        db.session.commit()
        return user.id


def duplicate() -> None:
    """An error of the database whose message would quote the row."""
    make_residence(code=NAME)
    make_residence(code=NAME)


def test_a_name_is_found_neither_in_logs_nor_on_error_pages(house_settings: Settings, lines: io.StringIO) -> None:
    app = create_app(house_settings, PROPAGATE_EXCEPTIONS=False, RATELIMIT_ENABLED=False, WTF_CSRF_ENABLED=False)
    user_id = plant(app)
    failing(app, "/crash/<token>", raises(ValueError(f"{NAME} has no bed")))
    failing(app, "/twice", duplicate)
    client = app.test_client()
    pages = [
        client.get(f"/crash/{NAME}?q={NAME}"),
        client.post(f"/crash/{NAME}", data={"name": NAME}, headers={"User-Agent": NAME, "Referer": f"/{NAME}"}),
        client.get(f"/twice?q={NAME}"),
    ]
    assert [page.status_code for page in pages] == [500, 500, 500]
    client.post("/sign-in", data={"username": NAME, "password": NAME})
    client.get(f"/no-such-page?q={NAME}")
    logging.getLogger("some.library").error("failed on %s", NAME)
    logging.getLogger("some.library").error("Exception while serving %s", f"/{NAME}", exc_info=ValueError(NAME))
    structlog.get_logger("careless").info("met", name=NAME, who=NAME)

    written = lines.getvalue()
    assert NAME.lower() not in written.lower()
    for page in pages:
        own_address = page.text.replace(f"/crash/{NAME}", "").replace(f"?q={NAME}", "")  # the language's way back
        assert NAME not in own_address
        assert "ValueError" not in page.text

    records = [json.loads(line) for line in written.splitlines()]
    crash = next(record for record in records if record["event"] == "unexpected")
    assert crash["error"] == "ValueError"
    assert any(place.startswith("serving/test_trust.py:") for place in crash["place"])
    answered = [record for record in records if record["event"] == "answered"]
    assert {"request_id", "method", "endpoint", "status", "ms"} <= set(answered[0])
    assert pages[0].headers["X-Request-ID"] == answered[0]["request_id"]
    assert next(record for record in records if record["logger"] == "careless")["dropped"] == 2
    assert user_id


def test_the_log_says_who_by_number(app: Flask, sign_in: Callable[..., FlaskClient], lines: io.StringIO) -> None:
    user_id = plant(app)
    sign_in(user_id).get("/healthz")
    sign_in(user_id).get("/language")
    records = [json.loads(line) for line in lines.getvalue().splitlines()]
    answered = [record for record in records if record["event"] == "answered"]
    assert {record["user_id"] for record in answered} == {user_id}
    assert NAME.lower() not in lines.getvalue().lower()


def test_the_embedded_database_is_its_owner_s_alone(tmp_path: Path) -> None:
    folder = tmp_path / "house"
    app = create_app(Settings(data=folder, database_url=""))
    with app.app_context():
        db.session.execute(text("CREATE TABLE t (n INTEGER)"))
        kept = {file.name: file.stat().st_mode & 0o077 for file in folder.iterdir()}
        db.session.remove()
        db.engine.dispose()
    assert folder.stat().st_mode & 0o077 == 0
    assert "foyer.sqlite3" in kept
    assert set(kept.values()) == {0}, kept


def test_strangers_lose_their_rights_to_a_database_that_was_open_to_them(tmp_path: Path) -> None:
    file = tmp_path / "foyer.sqlite3"
    file.touch()
    file.chmod(0o664)
    create_app(Settings(data=tmp_path, database_url=""))
    assert file.stat().st_mode & 0o777 == 0o660
