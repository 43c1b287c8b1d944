"""Fixtures for everybody: an app on a freshly migrated database, clients, signing in."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from jinja2 import FileSystemBytecodeCache
from werkzeug.routing import Rule

from foyer import create_app
from foyer.accounts.models import User
from foyer.config import Settings
from foyer.database import db
from tests.servers import QUIETLY, PostgresServer, chromium, postgres, redis

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="session", autouse=True)
def own_surroundings() -> Iterator[None]:
    """Nothing of the developer's own settings reaches a test, and passwords are hashed cheaply."""
    patch = pytest.MonkeyPatch()
    for name in [name for name in os.environ if name.startswith("FOYER_") and not name.startswith("FOYER_TEST_")]:
        patch.delenv(name)
    patch.delenv("DATABASE_URL", raising=False)
    patch.setenv("FOYER_PASSWORD_MEMORY_KIB", "64")
    patch.setenv("FOYER_PASSWORD_ROUNDS", "1")
    yield
    patch.undo()


@pytest.fixture(scope="session", autouse=True)
def compiled_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Routes and templates are compiled once for all the apps of a session: once per test took a third of it."""
    patch = pytest.MonkeyPatch()
    compile_builder = Rule._compile_builder
    compiled: dict[tuple[str, str, bool], Callable[..., tuple[str, str]]] = {}

    def once(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        key = (rule.rule, str(rule.defaults), append_unknown)
        if key not in compiled:
            compiled[key] = compile_builder(rule, append_unknown)
        return compiled[key]

    patch.setattr(Rule, "_compile_builder", once)
    folder = tmp_path_factory.mktemp("templates")
    patch.setitem(Flask.jinja_options, "bytecode_cache", FileSystemBytecodeCache(str(folder)))
    yield
    patch.undo()


def migrate(settings: Settings) -> None:
    """Bring the database of these settings to head."""
    app = create_app(settings)
    with app.app_context():
        upgrade()
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database at head, copied for every test."""
    folder = tmp_path_factory.mktemp("template")
    migrate(Settings(data=folder, database_url=""))
    return folder


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A PostgreSQL server for the whole session."""
    with postgres() as server:
        yield server


@pytest.fixture(scope="session")
def migrated_postgres(postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> str:
    """An empty database at head, emptied again for every test: five times faster than a new one from a template."""
    url = postgres_server.create("tests")
    migrate(Settings(data=tmp_path_factory.mktemp("postgres"), database_url=url))
    return url


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def house_settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Settings of a house whose database is empty and at head: every test that uses it runs on both databases."""
    data = tmp_path / "data"
    shutil.copytree(request.getfixturevalue("migrated_sqlite"), data)
    if request.param == "sqlite":
        return Settings(data=data, database_url="")
    (data / "foyer.sqlite3").unlink()
    url = request.getfixturevalue("migrated_postgres")
    request.getfixturevalue("postgres_server").empty("tests")
    return Settings(data=data, database_url=url)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def new_house(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Settings of a house whose database holds nothing yet, not even tables."""
    if request.param == "sqlite":
        return Settings(data=tmp_path, database_url="")
    url = request.getfixturevalue("postgres_server").create(f"new_{secrets.token_hex(6)}")
    return Settings(data=tmp_path, database_url=url)


@pytest.fixture
def app(house_settings: Settings) -> Iterator[Flask]:
    """The app on its own empty, migrated database."""
    app = create_app(house_settings, TESTING=True, RATELIMIT_ENABLED=False)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def redis_server() -> Iterator[str]:
    """The address of a Redis of our own."""
    with redis() as url:
        yield url


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The machine's Chromium. Open a context of your own in it, with the width you need."""
    from playwright.sync_api import sync_playwright

    path = chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIETLY)
        yield browser
        browser.close()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser that is not signed in."""
    app.config["WTF_CSRF_ENABLED"] = False
    return app.test_client()


@pytest.fixture
def sign_in(app: Flask) -> Callable[[User | int], FlaskClient]:
    """Gives a browser signed in as the user (or the user's id)."""
    app.config["WTF_CSRF_ENABLED"] = False

    def as_user(user: User | int) -> FlaskClient:
        with app.app_context():
            found = db.session.get(User, user if isinstance(user, int) else user.id)
            assert found is not None
            token = found.get_id()
        browser = app.test_client()
        with browser.session_transaction() as session:
            session["_user_id"] = token
            session["_fresh"] = True
        return browser

    return as_user
