"""A class register on a phone, by touch and without scripts; what the team, the teacher and the resident see of it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Served, sign_in
from tests.browser.looking import keep_picture, look

pytestmark = pytest.mark.browser

OpenPage = Callable[..., Page]


@pytest.fixture
def served(planned: Served) -> Served:
    """The demonstration: registers of the first days are kept, the instructor's last ones are open."""
    return planned


# What the guide shows of the house's own papers.
HOUSE_PAGES = {
    "/house/checks": "house-checks",
    "/house/minimum": "house-minimum",
    "/books/visits": "house-visits",
    "/atensi": "house-atensi",
}


def _open_register(page: Page) -> None:
    """From the first page to the oldest session without a register."""
    page.goto("/")
    page.locator(".session-rows a").first.click()
    page.wait_for_selector("[data-register]")


def test_a_register_is_kept_with_a_thumb_and_read_by_whom_it_concerns(open_page: OpenPage, served: Served) -> None:
    phone = open_page(width=390, height=844, touch=True)
    sign_in(phone, "instruktur", served.password)
    look(phone, "file-training-today", at=".session-rows")
    _open_register(phone)
    address = phone.url
    expect(phone.locator("[data-saved]")).to_contain_text("Belum disimpan")
    look(phone)
    _mark_by_touch(phone)
    keep_picture(phone, "file-training-register")
    phone.click("text=Simpan presensi")
    expect(phone.locator(".flash, [role=status]").first).to_be_visible()
    expect(phone.locator("[data-saved]")).to_contain_text("Disimpan")
    expect(phone.locator("[data-counts]")).to_contain_text("sakit")
    _correct_without_scripts(open_page(width=390, height=844, scripts=False), served, address)
    _check_off(phone)
    laptop = open_page()
    sign_in(laptop, "kepala", served.password)
    look(laptop, "file-training-house")
    laptop.goto("/registers")
    look(laptop, "file-training-registers")
    laptop.goto("/ladder")
    look(laptop, "file-training-ladder")
    for address, picture in HOUSE_PAGES.items():
        laptop.goto(address)
        look(laptop, picture)
    _file_tabs(laptop)
    own = open_page(width=390, height=844, touch=True)
    sign_in(own, "warga", served.password)
    own.goto("/my-progress")
    look(own, "file-training-own")


def test_a_register_waits_for_the_network_loses_nothing_and_is_sent_once(open_page: OpenPage, served: Served) -> None:
    phone = open_page(width=390, height=844, touch=True)
    sign_in(phone, "instruktur", served.password)
    _open_register(phone)
    address = phone.url
    phone.wait_for_load_state("networkidle")
    phone.context.set_offline(True)
    first = phone.locator(".mark").first
    for _ in range(2):
        first.locator(".mark-name").tap()
    expect(phone.locator("[data-unsent=attention]")).to_contain_text("Tidak ada sambungan")
    keep_picture(phone, "file-training-offline", at="[data-unsent=attention]")
    phone.close()  # the battery
    again = phone.context.new_page()
    phone.context.set_offline(False)
    again.goto(address)
    expect(again.locator("[data-unsent=info]")).to_be_visible()
    again.click("text=Pakai lagi")
    expect(again.locator(".mark").first).to_have_attribute("data-mark", "ill")
    again.wait_for_load_state("networkidle")
    again.context.set_offline(True)
    again.locator(".mark").nth(1).locator(".mark-name").tap()
    again.click("text=Simpan presensi")
    expect(again.locator("[data-unsent=attention]")).to_contain_text("dikirim begitu")
    expect(again.locator(".mark").nth(1)).to_have_attribute("data-mark", "late")  # the page stands
    sent: list[str] = []
    again.on("request", lambda one: sent.append(one.url) if one.method == "POST" and "/unsent" not in one.url else None)
    again.context.set_offline(False)  # nobody presses anything more
    expect(again.locator("[data-saved]")).to_contain_text("Disimpan")
    expect(again.locator(".mark").first).to_have_attribute("data-mark", "ill")
    expect(again.locator(".mark").nth(1)).to_have_attribute("data-mark", "late")
    assert len(sent) == 1
    again.goto(address)
    again.wait_for_load_state("networkidle")
    expect(again.locator("[data-unsent]")).to_have_count(0)


def _mark_by_touch(page: Page) -> None:
    """Two taps on the first name: late, then ill; the bar says so at once."""
    first = page.locator(".mark").first
    first.locator(".mark-name").tap()
    first.locator(".mark-name").tap()
    expect(first).to_have_attribute("data-mark", "ill")
    first.locator(".mark-reason input").fill("demam")
    expect(page.locator("[data-saved]")).to_have_text("Ada perubahan, belum disimpan.")
    expect(page.locator("[data-counts]")).to_contain_text("1 sakit")


def _correct_without_scripts(page: Page, served: Served, address: str) -> None:
    """The day is over, so the correction asks why, and what was written stays to be read."""
    sign_in(page, "instruktur", served.password)
    page.goto(address)
    page.locator(".mark-choice").first.select_option("excused")
    page.click("text=Simpan presensi")
    expect(page.locator(".error-summary")).to_contain_text("Tuliskan alasan perbaikan")
    expect(page.locator(".mark-choice").first).to_have_value("excused")
    page.fill("#why", "Surat dari klinik menyusul")
    page.click("text=Simpan presensi")
    expect(page.locator(".mark-note").first).to_contain_text("Semula “sakit”")
    keep_picture(page, "file-training-corrected")


def _check_off(page: Page) -> None:
    """The instructor opens a class, a learner, and ticks what was seen."""
    page.goto("/")
    page.locator("a[href^='/classes/']:not([href*=sessions])").first.click()
    page.locator("th a").first.click()
    look(page, "file-training-taught")
    page.click("text=Centang")
    look(page, "file-training-check")
    page.locator("input[name=seen]").first.check()
    page.click("main form.form button[type=submit]")
    expect(page.locator(".skills .tag--good").first).to_be_visible()


def _file_tabs(page: Page) -> None:
    """The tabs of the file of the resident who has an account: progress, conduct, independence, a review."""
    page.goto("/residents")
    page.locator("tbody th a").first.click()
    page.wait_for_url(re.compile(r"/residents/\d+$"))
    resident = page.url
    for part in ("progress", "conduct", "independence"):
        page.goto(f"{resident}/{part}")
        look(page, f"file-training-{part}")
    page.click("text=Adakan tinjauan")
    look(page, "file-training-review")
    page.fill("#evidence", "Bangun dan bersiap sendiri dua pekan ini.")
    page.click("main form.form button[type=submit]")
    expect(page.locator(".said")).to_contain_text("Bangun dan bersiap sendiri")
