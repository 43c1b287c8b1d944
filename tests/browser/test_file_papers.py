"""A report is typed while the sign-in ends in the middle, kept, taken over, issued and opened; templates, the trail,
and who read my file."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from foyer.accounts.models import User
from foyer.database import db
from foyer.residents.models import Resident
from tests.browser.conftest import Served, house_of, sign_in
from tests.browser.looking import keep_picture, look
from tests.papers.test_documents import pages_of

pytestmark = pytest.mark.browser

OpenPage = Callable[..., Page]
TEXT = "Anak pertama dari tiga bersaudara; tinggal bersama nenek sejak 2024."


@pytest.fixture
def served(planned: Served) -> Served:
    """The demonstration, its resident "warga" the one whom the report is about."""
    return planned


def _warga(served: Served) -> int:
    with house_of(served):
        found = select(Resident.id).join(User, User.id == Resident.user_id).where(User.username == "warga")
        return db.session.scalars(found).one()


def test_a_report_survives_the_end_of_the_sign_in_and_is_issued(open_page: OpenPage, served: Served) -> None:
    resident = _warga(served)
    page = open_page()
    sign_in(page, "kepala", served.password)
    _letterhead(page)
    at = f"/residents/{resident}/letters"
    page.goto(at)
    look(page, "file-papers-letters")
    page.goto(f"{at}/new/social_report")
    look(page, "file-papers-write")
    _type_while_the_sign_in_ends(page, served)
    _take_over_in_another_window(open_page, served, f"{at}/new/social_report")
    page.click("text=Keluarkan dengan nomor")
    expect(page.locator("h2", has_text="/LS/I/2027")).to_be_visible()
    look(page, "file-papers-issued")
    _opens_as_pdf(page)
    page.goto(f"{at}/new/social_report")
    page.wait_for_load_state("networkidle")
    expect(page.locator("[data-unsent]")).to_have_count(0)  # what was sent is not offered again
    for address, picture in (
        (f"/residents/{resident}/trail?what=all", "file-papers-trail"),
        ("/letters", "file-papers-register"),
        ("/letters/templates", "file-papers-templates"),
    ):
        page.goto(address)
        look(page, picture)
    own = open_page(width=390, height=844, touch=True)
    sign_in(own, "warga", served.password)
    own.goto("/my-file/readers")
    expect(own.locator("main")).to_contain_text("membuka berkasmu")
    look(own, "file-papers-readers")


def _letterhead(page: Page) -> None:
    page.goto("/letters/letterhead")
    page.fill("#authority", "Dinas Sosial Provinsi Contoh")
    page.fill("#address", "Jalan Contoh 1, Kota Contoh")
    page.fill("#place", "Kota Contoh")
    page.fill("#signer_name", "Dra. Sri Contoh")
    page.fill("#signer_title", "Kepala Panti")
    page.click("main form.form button[type=submit]")
    page.wait_for_url("**/letters/templates")


def _type_while_the_sign_in_ends(page: Page, served: Served) -> None:
    """Typed and kept; the sign-in ends; typed on; the page says so; after a new sign-in it goes on."""
    page.fill("#kepada", "Bapas Contoh")
    page.check("#basis-3")  # an authority in its task: no consent, but a reason
    page.fill("#basis_reason", "Permintaan Bapas untuk penelitian kemasyarakatan")
    page.fill("#keperluan", "Penelitian kemasyarakatan")
    page.fill("#latar_belakang", TEXT)
    expect(page.locator("[data-unsent=kept]")).to_be_visible()
    page.context.clear_cookies()
    page.fill("#keadaan", "Sehat dan rajin mengikuti kelas.")
    expect(page.locator("[data-unsent=attention]")).to_contain_text("Waktu masuk Anda sudah habis")
    keep_picture(page, "file-papers-ended", at="[data-unsent=attention]")
    page.click("text=Keluarkan dengan nomor")  # is not sent into nothing
    expect(page.locator("#keadaan")).to_have_value("Sehat dan rajin mengikuti kelas.")
    window = page.context.new_page()
    sign_in(window, "kepala", served.password)
    window.close()
    page.fill("#keadaan", "Sehat, dan rajin mengikuti kelas.")
    expect(page.locator("[data-unsent=attention]")).to_have_count(0)
    expect(page.locator("[data-unsent=kept]")).to_be_visible()


def _take_over_in_another_window(open_page: OpenPage, served: Served, address: str) -> None:
    """The same person on another machine finds what was typed; nobody else does."""
    other = open_page(width=390, height=844)
    sign_in(other, "kepala", served.password)
    other.goto(address)
    expect(other.locator("[data-unsent=info]")).to_be_visible()
    look(other, "file-papers-offered", at="[data-unsent=info]")
    other.click("text=Pakai lagi")
    expect(other.locator("#latar_belakang")).to_have_value(TEXT)
    other.close()


def _opens_as_pdf(page: Page) -> None:
    href = page.locator("a", has_text="Buka sebagai PDF").get_attribute("href")
    assert href is not None
    text = pages_of(page.request.get(href).body())
    assert "Bapas Contoh" in text
    assert re.sub(r"\s+", " ", TEXT) in text
