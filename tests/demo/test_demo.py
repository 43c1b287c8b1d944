"""The demonstration: its workbook's five problems, and the whole of ``foyer demo``, twice."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import urllib.parse
import urllib.request
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path

import pytest
from click import ClickException
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import func, select

from foyer import create_app
from foyer.config import Settings
from foyer.cycles.models import Plan, PlanState
from foyer.database import db, house_scope
from foyer.demo.cli import CODE, NAME, expect_no_other_house
from foyer.demo.people import PASSWORD, SIGN_INS, make_leaders
from foyer.demo.workbook import bring_in
from foyer.residents.models import Resident
from foyer.workbooks.models import WorkbookUpload
from tests.factories import make_residence

ROOT = Path(__file__).resolve().parents[2]


def test_what_waits_is_corrected_and_comes_in(app: Flask) -> None:
    with app.app_context():
        residence = make_residence()
        with house_scope(residence.id), force_locale("id"):
            manager = make_leaders(residence)
            db.session.commit()
            assert bring_in(residence, manager.id) is not None
            assert db.session.scalar(select(func.count()).select_from(Resident)) == 112
            first, second = db.session.scalars(select(WorkbookUpload).order_by(WorkbookUpload.id))
            assert (first.result["problems"]["error"], second.result["problems"]) == (5, {})
            assert bring_in(residence, manager.id) is None, "the second time there is nothing to do"


@pytest.mark.parametrize("names", [{}, {"code": CODE, "name": "PSBR Taruna Jaya 1"}])
def test_no_account_with_a_known_password_comes_into_a_real_house(app: Flask, names: dict[str, str]) -> None:
    with app.app_context():
        if not names:
            make_residence(code=CODE, name=NAME)
            expect_no_other_house()
        make_residence(**names)
        with pytest.raises(ClickException, match="real house"):
            expect_no_other_house()


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demonstration made by the command itself."""
    folder = tmp_path_factory.mktemp("demo") / "house"
    said = demo(folder, "--no-serve")
    assert "invented" in said
    return folder


def demo(folder: Path, *options: str) -> str:
    command = [sys.executable, "-m", "foyer.cli", "demo", "--data", str(folder), *options]
    done = subprocess.run(command, cwd=ROOT, text=True, capture_output=True, timeout=900)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def rows(folder: Path) -> dict[str, int]:
    app = create_app(Settings(data=folder, database_url=""))
    with app.app_context():
        counts = {
            name: db.session.execute(select(func.count()).select_from(table)).scalar_one()
            for name, table in db.metadata.tables.items()
            if name != "worker_signs"
        }
        db.session.remove()
        db.engine.dispose()
    return counts


def test_the_plan_is_published_and_nothing_is_made_twice(data: Path) -> None:
    before = rows(data)
    assert before["bed_nights"] > 0
    demo(data, "--no-serve")
    assert rows(data) == before
    app = create_app(Settings(data=data, database_url=""))
    with app.app_context():
        plans = db.session.execute(select(Plan.__table__.c.state, Plan.__table__.c.unmet)).all()
        assert [tuple(plan) for plan in plans] == [(PlanState.PUBLISHED, [])] * 2, (
            "the running cycle and the one before"
        )
        db.engine.dispose()


@pytest.fixture(scope="module")
def address(data: Path) -> Iterator[str]:
    command = [sys.executable, "-m", "foyer.cli", "demo", "--data", str(data)]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    server = subprocess.Popen(command, cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE)
    assert server.stdout is not None
    yield next(match.group() for line in server.stdout if (match := re.search(r"http://[\d.:]+", line)))
    server.terminate()
    assert server.wait(60) == 0


@pytest.mark.parametrize("username", [sign_in.username for sign_in in SIGN_INS])
def test_every_role_signs_in_and_has_a_first_page(address: str, username: str) -> None:
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    with browser.open(f"{address}/sign-in", timeout=60) as answer:
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', answer.read().decode())
    assert token
    fields = {"csrf_token": token.group(1), "username": username, "password": PASSWORD}
    with browser.open(f"{address}/sign-in", urllib.parse.urlencode(fields).encode(), timeout=60) as answer:
        page = answer.read().decode()
    assert (answer.status, answer.url) == (200, f"{address}/")
    assert "<h1>" in page
