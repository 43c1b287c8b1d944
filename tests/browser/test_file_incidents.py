"""An incident in a real browser, on phones, on the demonstration house: an instructor reports it in two steps, the
head gives it to a counsellor, who tells, acts and proposes; the head closes. And a resident reads the own rights."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from foyer.accounts.services import find_by_username
from foyer.database import db
from foyer.demo.cli import DAY
from foyer.residences.models import Staff
from tests.browser.conftest import Served, house_of, sign_in
from tests.browser.looking import look, sound

pytestmark = pytest.mark.browser

OpenPage = Callable[..., Page]
SUBMIT = "main form.form button[type=submit]"
WORDS = "Tidak ada di kamar saat apel malam. Sepatunya masih di depan pintu."


@pytest.fixture(scope="module")
def served(planned: Served) -> Served:
    return planned


def _phone(served: Served, open_page: OpenPage, username: str) -> Page:
    page = open_page(width=390, height=844)
    sign_in(page, username, served.password)
    return page


def _counsellor(served: Served) -> str:
    with house_of(served):
        user = find_by_username("peksos")
        assert user is not None
        return str(db.session.scalars(select(Staff.id).where(Staff.user_id == user.id)).one())


def _act(page: Page, address: str, **fields: str) -> None:
    """One act's own form, opened by its link on the incident's page."""
    page.locator(f"main a[href$='{address}']").first.click()
    for name, value in fields.items():
        control = page.locator(f"[name={name}]").first
        if control.get_attribute("type") == "radio":
            page.check(f"input[name={name}][value={value}]")
        elif control.evaluate("element => element.tagName") == "SELECT":
            control.select_option(value)
        else:
            control.fill(value)
    sound(page)
    with page.expect_navigation():
        page.click(SUBMIT)
    assert page.locator(".error-summary").count() == 0, page.locator(".error-summary").inner_text()


def _report(phone: Page) -> str:
    """With six answers beside what stands there already; gives the incident's address."""
    phone.click("main a[href='/incidents/new'], .page-action a[href='/incidents/new']")
    look(phone, "incident-kinds")
    phone.click("a[href$='kind=missing']")
    look(phone, "incident-report")
    phone.fill("#place", "Kamar A-3")
    phone.select_option("#person_0", index=1)
    phone.fill("#account", WORDS)
    phone.check("input[name=seriousness][value=serious]")
    phone.click(SUBMIT)
    phone.wait_for_url("**/incidents/*")
    expect(phone.locator("main")).to_contain_text(WORDS)
    return phone.url


def test_an_incident_is_reported_told_measured_and_closed_by_a_second_person(
    served: Served, open_page: OpenPage
) -> None:
    own = _phone(served, open_page, "warga")
    own.goto("/my-file/rights")
    look(own, "own-rights")

    reporter = _phone(served, open_page, "instruktur")
    incident = _report(reporter)
    head = _phone(served, open_page, "kepala")
    expect(head.locator(".news-line").first).to_contain_text("kejadian berat")
    head.goto(incident)
    look(head, "incident-new")
    _act(head, "/assign", owner_id=_counsellor(served))
    owner = _phone(served, open_page, "peksos")
    owner.goto(incident)
    for _clock in range(owner.get_by_role("link", name="Sudah diberi tahu").count()):
        owner.get_by_role("link", name="Sudah diberi tahu").first.click()
        owner.check("input[name=answer][value=yes]")
        owner.fill("#words", "Lewat telepon pukul sembilan malam.")
        owner.click(SUBMIT)
    _act(
        owner, "/measures/new", words="Lampu halaman belakang diperbaiki", owner_id=_counsellor(served), due_on=str(DAY)
    )
    look(owner, "incident-open")
    owner.get_by_role("link", name="Sudah selesai").first.click()
    owner.fill("#words", "Lampu menyala lagi.")
    owner.click(SUBMIT)
    _act(owner, "/propose", words="Kembali dengan selamat pukul sepuluh.")
    expect(owner.locator("main a[href$='/decide']")).to_have_count(0)
    head.goto(incident)
    _act(head, "/decide", decision="close")
    look(head, "incident-closed")
    assert WORDS in reporter.request.get(incident).text()
