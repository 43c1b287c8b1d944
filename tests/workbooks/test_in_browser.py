"""The pages of an import in a real browser: on a phone and on a desk, in both languages, for everybody."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask_migrate import upgrade
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from foyer import create_app
from foyer.accounts.models import Role
from foyer.accounts.services import create_user
from foyer.config import Settings
from foyer.database import db
from tests.factories import make_residence
from tests.workbooks.books import small, taruna
from tests.workbooks.test_other_houses import english

pytestmark = pytest.mark.browser
PASSWORD = "rahasia-rumah-ini"


@dataclass
class Here:
    url: str
    files: Path


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Here]:
    """An empty house with a manager, served on this machine."""
    app = create_app(Settings(data=tmp_path / "data", database_url=""), RATELIMIT_ENABLED=False)
    with app.app_context():
        upgrade()
        residence = make_residence(code="taruna")
        create_user(
            username="kepala",
            display_name="Ibu Kepala",
            role=Role.MANAGER,
            residence_id=residence.id,
            password=PASSWORD,
        )
        db.session.commit()
    (tmp_path / "taruna.xlsx").write_bytes(taruna())
    (tmp_path / "small.xlsx").write_bytes(small())
    (tmp_path / "english.xlsx").write_bytes(english())
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Here(f"http://127.0.0.1:{server.server_port}", tmp_path)
    server.shutdown()


def everybody_can_read(page: Page, width: int) -> None:
    page.wait_for_load_state("load")
    found = Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == [], page.url
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width, page.url


@pytest.mark.parametrize(("width", "language"), [(360, "id"), (1366, "en")])
def test_a_workbook_comes_in_by_hand(browser: Browser, here: Here, width: int, language: str) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800}, locale=language)
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{here.url}/sign-in?next=/workbooks")
    page.fill("[name=username]", "kepala")
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    everybody_can_read(page, width)

    page.set_input_files("input[type=file]", here.files / "english.xlsx")
    page.click("main form button[type=submit]")
    page.wait_for_url("**/workbooks/*")
    everybody_can_read(page, width)
    page.select_option("select", "ignore")
    page.click("main form[action$='/answers'] button[type=submit]")
    page.wait_for_selector("form[action$='/import']")
    everybody_can_read(page, width)

    page.goto(f"{here.url}/workbooks")
    page.set_input_files("input[type=file]", here.files / ("small.xlsx" if width == 360 else "taruna.xlsx"))
    page.click("main form button[type=submit]")
    page.wait_for_selector("form[action$='/import']")
    if width == 360:
        page.evaluate("() => document.querySelectorAll('details.more').forEach(one => { one.open = true })")
    everybody_can_read(page, width)
    assert page.locator("#problems").count() == 1
    page.click("form[action$='/import'] button")
    page.wait_for_selector("a[href$='/corrections']")
    everybody_can_read(page, width)
    with page.expect_download() as waiting:
        page.click("a[href$='/corrections']")
    waiting.value.save_as(here.files / "waiting.xlsx")
    page.goto(f"{here.url}/workbooks")
    everybody_can_read(page, width)
    assert complaints == []
    assert (here.files / "waiting.xlsx").read_bytes().startswith(b"PK")
    context.close()
