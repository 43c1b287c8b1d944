"""A real Chromium on a real ``foyer serve`` with its worker, started by the tests on loopback and stopped."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask_migrate import upgrade
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from foyer import create_app
from foyer.accounts.models import Role
from foyer.accounts.services import create_user
from foyer.config import Settings
from foyer.database import db
from foyer.residences.models import Residence
from tests.servers import free_port, wait_for

PASSWORD = "rahasia-rumah-ini"


@dataclass(frozen=True)
class Served:
    """A running house: its address, its data folder, and its manager's sign-in."""

    url: str
    data: Path
    username: str = "kepala"
    password: str = PASSWORD


def _empty_house(data: Path) -> None:
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


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """An empty house with a manager and an administrator, served by the real command."""
    data = tmp_path_factory.mktemp("served")
    _empty_house(data)
    port = free_port()
    environment = {
        **os.environ,
        "FOYER_DATA": str(data),
        "DATABASE_URL": "",
        "FOYER_SOLVER_SECONDS": "240",
        "FOYER_DEMONSTRATION_DAY": "2027-01-20",
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
            yield Served(url, data)
        finally:
            process.terminate()
            process.wait(timeout=30)


OpenPage = Callable[..., Page]


def _is_wrong(message: ConsoleMessage) -> bool:
    """Errors on the console, but for forms that were refused: those are answers with a reason."""
    refused = re.search(r"status of (409|422) ", message.text)
    return message.type == "error" and refused is None


@pytest.fixture
def open_page(browser: Browser, served: Served) -> Iterator[OpenPage]:
    """Opens pages in browsers of their own: ``open_page(width=390, locale="id-ID")``. Errors on the console, blocked
    scripts among them, fail the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def new(
        width: int = 1366, height: int = 900, locale: str = "id-ID", touch: bool = False, scripts: bool = True
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
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text) if _is_wrong(message) else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield new
    for context in contexts:
        context.close()
    assert complaints == []
