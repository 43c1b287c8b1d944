"""A concern in a real browser, on the demonstration house: a resident on a phone reports, the office handles it, the
head of the house sees nothing, and the receipt brings the answer back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from foyer.accounts.services import find_by_username
from foyer.database import db
from foyer.residences.models import Staff
from tests.browser.conftest import Served, house_of, sign_in
from tests.browser.looking import keep_picture, look, sound

pytestmark = pytest.mark.browser

OpenPage = Callable[..., Page]
WORDS = "Seorang petugas masuk kamar kami pada malam hari."


@pytest.fixture(scope="module")
def served(planned: Served) -> Served:
    return planned


@pytest.fixture(scope="module")
def instructor(served: Served) -> int:
    """Somebody of the staff who signs in."""
    with house_of(served):
        user = find_by_username("instruktur")
        assert user is not None
        return db.session.scalars(select(Staff.id).where(Staff.user_id == user.id)).one()


def test_a_concern_goes_past_the_head_and_its_answer_comes_back(
    served: Served, open_page: OpenPage, instructor: int
) -> None:
    phone = open_page(width=390)
    sign_in(phone, "warga", served.password)
    phone.goto(f"{served.url}/speak-up")
    look(phone, "concern-report")
    phone.check("input[name=kind][value=sexual]")
    phone.check("input[name=about][value=staff]")
    phone.click("main form.form button[type=submit]")
    phone.fill("textarea[name=words]", WORDS)
    phone.select_option("select[name=who]", f"staff-{instructor}")
    sound(phone)
    phone.click("main form.form button[type=submit]")
    code = phone.inner_text(".receipt b")
    sound(phone)
    keep_picture(phone, "concern-receipt")

    office = open_page(width=1366)
    sign_in(office, "dinas", served.password)
    office.goto(f"{served.url}/concerns")
    look(office)
    office.click("main tbody a")
    expect(office.locator("main")).to_contain_text(WORDS)
    look(office, "concern-office")
    office.fill("textarea[name=tell-words]", "Terima kasih. Kami datang hari ini.")
    office.locator("form[action$='/messages'] button").click()
    office.locator("form[action$='/responsible'] button").click()
    office.locator("form[action$='/suspension'] button").first.click()
    office.fill("input[name=police-reference]", "LP/B/12/I/2027")
    office.locator("form[action$='/police'] button").click()
    expect(office.locator(".callout--good").filter(has_text="LP/B/12/I/2027")).to_be_visible()

    head = open_page(width=1366)
    sign_in(head, "kepala", served.password)
    assert head.request.get(f"{served.url}/concerns").status == 403
    for address in ("/", "/residents", "/residents?q=petugas"):
        head.goto(f"{served.url}{address}")
        assert WORDS not in head.content()

    phone.goto(f"{served.url}/speak-up/answer")
    phone.fill("input[name=code]", code)
    phone.click("main form.form button[type=submit]")
    expect(phone.locator("main")).to_contain_text("Kami datang hari ini.")
    sound(phone)
