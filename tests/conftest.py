"""Fixtures for everybody: an app on a freshly migrated database, clients, signing in."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade

from foyer import create_app
from foyer.accounts.models import User
from foyer.config import Settings
from foyer.database import db


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database at head, copied for every test."""
    folder = tmp_path_factory.mktemp("template")
    app = create_app(Settings(data=folder, database_url=""))
    with app.app_context():
        upgrade()
        db.session.remove()
        db.engine.dispose()
    return folder


@pytest.fixture
def app(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Flask]:
    """The app on its own copy of an empty, migrated database."""
    data = tmp_path / "data"
    shutil.copytree(migrated_sqlite, data)
    app = create_app(Settings(data=data, database_url=""), TESTING=True, RATELIMIT_ENABLED=False)
    yield app
    with app.app_context():
        db.engine.dispose()


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
