"""Counselling in a real browser, on the demonstration house: the counsellor begins an appointment, writes, agrees on a
next step and sets a flag; a manager asks to read, a second one opens it, and the counsellor is told; a supervisor is
named."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from foyer.demo.cli import DAY
from tests.browser.conftest import PASSWORD, Served, add_manager, house_of, sign_in
from tests.browser.looking import look, sound

pytestmark = pytest.mark.browser

OpenPage = Callable[..., Page]
SUBMIT = "main form.form button[type=submit]"
WORDS = "Ia bercerita tentang rumahnya. Bagian ini hanya untuk kami berdua."


@pytest.fixture(scope="module")
def served(planned: Served) -> Served:
    return planned


def _write(page: Page) -> str:
    """Begins the first appointment that has no entry, and fills in what came of it; gives the resident's page."""
    expect(page.locator("main")).to_contain_text("Daftar binaan")
    look(page, "file-caseload")
    page.goto("/counselling")
    look(page)
    page.get_by_role("button", name="Mulai").first.click()
    page.wait_for_url("**/counselling/sessions/*")
    look(page, "file-conversation")
    page.fill("#body", WORDS)
    page.fill("#marks-0-next_step", "Menelepon ibunya bersama-sama")
    page.fill("#marks-0-next_on", (DAY + timedelta(days=2)).isoformat())
    page.click(SUBMIT)
    expect(page.locator(".note-body")).to_have_text(WORDS)
    look(page, "file-conversation-written")
    page.get_by_role("link", name="Pertemuan sebelumnya").click()
    expect(page.locator("main")).to_contain_text("Menelepon ibunya")
    expect(page.locator("main")).not_to_contain_text("Bagian ini hanya")
    look(page, "file-counselling")
    return page.url


def _flag(page: Page, own: str) -> None:
    page.goto(own.replace("/counselling", "/flags/new"))
    page.fill("#text", "Temani ke puskesmas pada hari Kamis")
    page.select_option("#priority", "high")
    page.click(SUBMIT)
    expect(page.locator("main")).to_contain_text("Temani ke puskesmas")
    look(page, "file-flags")


def _ask(page: Page, own: str) -> str:
    page.goto(own)
    expect(page.locator("main")).not_to_contain_text("Bagian ini hanya")
    page.get_by_role("link", name="Minta membaca catatan").click()
    look(page, "file-ask-to-read")
    page.fill("#reason", "Polisi menunggu keterangan tentang keselamatannya.")
    page.click(SUBMIT)
    page.wait_for_url("**/counselling/openings/*")
    sound(page)
    return page.url


def _open(page: Page) -> None:
    """The second person comes from the notice that stands on every page."""
    expect(page.locator(".news-line")).to_contain_text("Ada yang meminta membaca catatan rahasia")
    look(page)
    page.get_by_role("button", name="Baca alasannya").click()
    page.wait_for_url("**/counselling/openings/*")
    expect(page.locator("main")).to_contain_text("Polisi menunggu")
    look(page, "file-opening")
    page.select_option("#answer", "open")
    page.click(SUBMIT)
    expect(page.locator("main")).to_contain_text("Terbuka sampai")
    expect(page.locator("main")).not_to_contain_text("Bagian ini hanya")


def test_a_conversation_is_begun_written_and_opened_only_by_two_people(served: Served, open_page: OpenPage) -> None:
    with house_of(served) as residence:
        add_manager(residence, "wakil", "Bu Wakil")
    phone = open_page(width=390, height=844)
    sign_in(phone, "peksos", served.password)
    own = _write(phone)
    _flag(phone, own)
    phone.goto("/")
    expect(phone.locator("main")).to_contain_text("penting")
    look(phone, "file-caseload-flagged")

    manager = open_page()
    sign_in(manager, "kepala", served.password)
    asked = _ask(manager, own)
    second = open_page()
    sign_in(second, "wakil", PASSWORD)
    _open(second)
    manager.goto(asked)
    expect(manager.locator(".note-body")).to_have_text(WORDS)
    look(manager, "file-opened-notes")
    phone.goto("/week")
    expect(phone.locator("main")).to_contain_text("Catatan yang Anda tulis dibuka")
    look(phone, "file-notice")

    manager.goto("/counselling/team")
    look(manager, "file-team")
    manager.get_by_role("link", name="Supervisi").click()
    manager.wait_for_url("**/counselling/supervision")
    manager.select_option("#staff_id", index=1)
    manager.select_option("#supervisor_id", index=2)
    manager.click(SUBMIT)
    expect(manager.locator("main")).to_contain_text("menyupervisi")
    look(manager, "file-supervision")
    manager.goto("/counselling/cover")
    look(manager)
