"""From the administrator's sheet of slips to a resident signed in on a phone, in a real browser, read by axe."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from sqlalchemy import select

from foyer import create_app
from foyer.config import Settings
from foyer.database import db
from foyer.residences.models import Residence
from tests.browser.conftest import Served, sign_in
from tests.factories import make_resident, make_stay

pytestmark = pytest.mark.browser

SUBMIT = "main form.form button[type=submit]"


@pytest.fixture(scope="module")
def residents(served: Served) -> list[str]:
    """Names of residents who live in the served house."""
    names = ["Eja Novitasari", "Bayu Adi Nugroho", "Siti Nurhaliza Kusumawardhani"]
    app = create_app(Settings(data=served.data, database_url=""))
    with app.app_context():
        house = db.session.scalars(select(Residence)).one()
        for name in names:
            stay = {"arrives_on": date.today() - timedelta(days=9), "leaves_on": date.today() + timedelta(days=90)}
            make_stay(make_resident(house, full_name=name), **stay)
        db.session.commit()
        db.engine.dispose()
    return names


def _look(page: Page) -> None:
    """Accessible, and no wider than the screen."""
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
    problems = [(problem["id"], problem["nodes"][0]["html"]) for problem in found.response["violations"]]
    assert problems == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{page.url} is too wide"


@pytest.mark.parametrize("locale", ["id-ID", "en-GB"])
def test_a_printed_slip_lets_a_resident_in(
    served: Served, residents: list[str], open_page: Callable[..., Page], locale: str
) -> None:
    desk = open_page(width=1366, locale=locale)
    desk.goto("/sign-in")
    _look(desk)
    sign_in(desk, "admin", served.password)
    desk.goto("/administration/slips")
    _look(desk)
    desk.click(SUBMIT)
    desk.wait_for_selector(".slips")
    _look(desk)
    left = len(residents) - (locale != "id-ID")  # one of them has signed in by then
    assert desk.locator(".slip").count() == desk.locator(".qr").count() == left
    username = desk.locator(".slip dd").nth(0).inner_text()
    code = desk.locator(".slip-code").nth(0).inner_text()

    desk.goto("/administration")
    _look(desk)
    desk.click("table a >> nth=0")
    desk.wait_for_selector("#slip-title")
    _look(desk)

    phone = open_page(width=360, height=780, locale=locale)
    phone.goto(f"/slip#{code}")
    expect(phone.locator("#code")).not_to_have_value("")
    assert code not in phone.url, "the code stays in no history"
    _look(phone)
    phone.click(SUBMIT)
    phone.wait_for_url("**/slip/password")
    _look(phone)
    phone.fill("#password", "jambu langit 7")
    phone.fill("#again", "jambu langit 7")
    phone.click(SUBMIT)
    phone.wait_for_url(lambda url: "/slip" not in url)
    phone.goto("/account/password")
    _look(phone)
    phone.click("details.menu summary")
    phone.click(".menu-sheet form:last-of-type button")
    phone.wait_for_url("**/sign-in")
    sign_in(phone, username, "jambu langit 7")


def test_the_language_is_chosen_before_signing_in(open_page: Callable[..., Page]) -> None:
    page = open_page(width=360, locale="id-ID")
    page.goto("/sign-in")
    assert page.locator("html").get_attribute("lang") == "id"
    page.click(".language button[value=en]")
    page.wait_for_selector("html[lang=en]")
    assert page.locator("h1").inner_text() == "Sign in"
    page.click(".language button[value=id]")
    page.wait_for_selector("html[lang=id]")
