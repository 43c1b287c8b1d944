"""A real Chromium on a real ``foyer serve`` with its worker, started by the tests on loopback and stopped."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_migrate import upgrade
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect
from sqlalchemy import select

from foyer import create_app
from foyer.accounts.models import Role
from foyer.accounts.services import create_user
from foyer.config import Settings
from foyer.cycles.models import Cycle, Plan, PlanState
from foyer.database import db, house_scope
from foyer.demo.cli import DAY
from foyer.demo.people import PASSWORD as DEMONSTRATION_PASSWORD
from foyer.residences.models import Residence
from tests.servers import free_port, wait_for

PASSWORD = "rahasia-rumah-ini"
expect.set_options(timeout=15_000)  # a page of two cores that plan beside it answers late; a wrong one never does


@dataclass(frozen=True)
class Served:
    """A running house: its address, its data folder, and its manager's sign-in."""

    url: str
    data: Path
    username: str = "kepala"
    password: str = PASSWORD


def empty_house(data: Path) -> None:
    """A new database in this folder with a house, its manager and an administrator."""
    app = create_app(Settings(data=data, database_url=""))
    with app.app_context():
        upgrade()
        house = Residence(code="taruna", name="PSBR Taruna Jaya (contoh)")
        db.session.add(house)
        db.session.flush()
        create_user(
            username="kepala", display_name="Ibu Kepala", role=Role.MANAGER, residence_id=house.id, password=PASSWORD
        )
        create_user(
            username="admin",
            display_name="Pak Admin",
            role=Role.ADMINISTRATOR,
            residence_id=house.id,
            password=PASSWORD,
        )
        db.session.commit()
        db.engine.dispose()


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/healthz", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


@contextmanager
def serving(data: Path, day: str, **sign_in: str) -> Iterator[Served]:
    """The house in this folder, served by the real command on a day that stands still."""
    port = free_port()
    environment = {
        **os.environ,
        "FOYER_DATA": str(data),
        "DATABASE_URL": "",
        "FOYER_SOLVER_SECONDS": "240",
        "FOYER_DEMONSTRATION_DAY": day,
    }
    with (data / "serve.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "foyer.cli", "serve", "--host", "127.0.0.1", "--port", str(port)],
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            url = f"http://127.0.0.1:{port}"
            wait_for(lambda: _answers(url), "foyer serve answers")
            yield Served(url, data, **sign_in)
        finally:
            process.terminate()
            process.wait(timeout=180)  # it finishes what it is answering, on a busy machine slowly


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """An empty house with a manager and an administrator, served by the real command."""
    data = tmp_path_factory.mktemp("served")
    empty_house(data)
    with serving(data, "2027-01-20") as house:
        yield house


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the demonstration residence: 112 residents, its first cycle planned and published. To be copied."""
    data = tmp_path_factory.mktemp("demonstration") / "data"
    command = [sys.executable, "-m", "foyer.cli", "demo", "--data", str(data), "--no-serve"]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return data


@pytest.fixture(scope="module")
def planned(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The demonstration residence, a copy for each module, served in the cycle's second week. A module whose pages are
    of this house says so by a fixture of its own: ``def served(planned: Served) -> Served: return planned``. What it
    needs beside is put into the database before (``house_of``)."""
    data = tmp_path_factory.mktemp("planned") / "data"
    shutil.copytree(demonstration, data)
    with serving(data, DAY.isoformat(), password=DEMONSTRATION_PASSWORD) as house:
        yield house


@cache
def _app_of(data: Path) -> Flask:
    return create_app(Settings(data=data, database_url=""))


@contextmanager
def house_of(served: Served) -> Iterator[Residence]:
    """Within: the app and the served house's database, scoped to the house; committed at the end."""
    with _app_of(served.data).test_request_context(method="POST"):
        residence = db.session.scalars(select(Residence)).one()
        with house_scope(residence.id):
            yield residence
        db.session.commit()
        db.engine.dispose()


def running_plan() -> Plan:
    """The version in force of the demonstration's running cycle; within ``house_of``."""
    newest = select(Plan).join(Plan.cycle).where(Plan.state == PlanState.PUBLISHED).order_by(Cycle.starts_on.desc())
    return db.session.scalars(newest).first()  # type: ignore[return-value]


def add_manager(residence: Residence, username: str, display_name: str) -> None:
    """A second manager of the house, with the password of all tests."""
    create_user(
        username=username,
        display_name=display_name,
        role=Role.MANAGER,
        residence_id=residence.id,
        password=PASSWORD,
    )


def sign_in(page: Page, username: str, password: str) -> None:
    """Sign in by the form."""
    page.goto("/sign-in")
    page.fill("#username", username)
    page.fill("#password", password)
    page.click("main form.form button[type=submit]")
    page.wait_for_url(lambda url: "/sign-in" not in url)


OpenPage = Callable[..., Page]


def _is_wrong(message: ConsoleMessage) -> bool:
    """Errors on the console, but for forms that were refused (those are answers with a reason), and for a connection
    that a test has cut."""
    expected = r"status of (409|422) |net::ERR_INTERNET_DISCONNECTED|^htmx:(afterRequest|sendError)"
    return message.type == "error" and re.search(expected, message.text) is None


@pytest.fixture
def open_page(browser: Browser, served: Served) -> Iterator[OpenPage]:
    """Opens pages in browsers of their own: ``open_page(width=390, locale="id-ID")``; with the ``cookies`` of
    somebody who signed in before. Errors on the console, blocked scripts among them, fail the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def new(
        width: int = 1366,
        height: int = 900,
        locale: str = "id-ID",
        touch: bool = False,
        scripts: bool = True,
        cookies: Sequence[Any] = (),
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            locale=locale,
            base_url=served.url,
            reduced_motion="reduce",
            has_touch=touch,
            java_script_enabled=scripts,
        )
        context.set_default_timeout(15_000)
        context.add_cookies(cookies)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text) if _is_wrong(message) else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield new
    for context in contexts:
        context.close()
    assert complaints == []
