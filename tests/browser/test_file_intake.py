"""Somebody comes into the house, in a real browser: looked for, registered, decided, answered, admitted; two files of
one person become one."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from foyer.demo.people import PASSWORD
from tests.browser.conftest import Served, house_of, sign_in
from tests.browser.looking import look
from tests.factories import make_resident, make_stay

pytestmark = pytest.mark.browser
SUBMIT = "main form.form button[type=submit]"


@pytest.fixture(scope="module")
def served(planned: Served) -> Served:
    """The demonstration residence, with one person who was here years ago and has two files."""
    with house_of(planned) as residence:
        for name, year in (("Galih Ramadan", 2025), ("Galih Ramadhan", 2026)):
            person = make_resident(residence, full_name=name, born_on=date(2010, 3, 5))
            make_stay(person, arrives_on=date(year, 1, 6), leaves_on=date(year, 4, 30))
    return planned


def _register(page: Page) -> None:
    page.goto("/referrals")
    look(page, "file-referrals")
    page.get_by_role("link", name="Catat orang baru").click()
    page.fill("#full_name", "Galih Ramadan")
    page.fill("#born_on", "2010-03-05")
    look(page, "file-referral-search")
    page.fill("#full_name", "Galih Ramadan")
    page.fill("#born_on", "2010-03-05")
    page.click(SUBMIT)
    expect(page.locator("main")).to_contain_text("nama dan tanggal lahir sama")
    page.get_by_label("Galih Ramadan", exact=True).check()
    page.select_option("#gender", "male")
    page.fill("#agency", "Dinas Sosial")
    page.select_option("#level", "secondary")
    page.fill("#reason", "Kembali dari keluarga, ingin menyelesaikan pelatihan.")
    page.fill("#sender_reference", "421/DS/2027")
    page.click(SUBMIT)
    expect(page.locator("main")).to_contain_text("R-2027-001")
    look(page, "file-referral")


def _decide_and_answer(page: Page) -> None:
    page.get_by_role("link", name="Putuskan", exact=True).first.click()
    look(page, "file-referral-decide")
    page.get_by_label("Diterima dan masuk daftar tunggu").check()
    page.select_option("#waits_for", "bed")
    page.fill("#reason", "Kamar putra penuh.")
    page.click(SUBMIT)
    page.get_by_role("link", name="Teks keputusan").click()
    expect(page.locator("#body")).to_have_value(re.compile(r"G\.R\., .*R-2027-001"))
    look(page, "file-referral-answer")
    page.select_option("#way", "letter")
    page.click(SUBMIT)
    expect(page.locator("#answers")).to_contain_text("lewat surat")
    page.goto("/referrals/waiting")
    look(page, "file-waiting-list")


def _admit(page: Page) -> None:
    page.get_by_role("link", name="Masukkan ke panti").click()
    expect(page.locator("main")).to_contain_text("Pernah tinggal di panti")
    page.select_option("#education_level", "smp")
    page.select_option("#counsellor_id", index=1)
    look(page, "file-admission")
    page.select_option("#education_level", "smp")
    page.select_option("#counsellor_id", index=1)
    page.click(SUBMIT)
    expect(page.locator("main")).to_contain_text("sudah masuk panti")
    page.locator(".file-subjects").get_by_role("link", name="Pribadi").click()  # begins with the referral
    expect(page.locator("main")).to_contain_text("R-2027-001")
    look(page, "file-referral-tab")


def _make_one(page: Page) -> None:
    page.goto("/referrals/duplicates")
    look(page, "file-duplicates")
    page.get_by_role("link", name=re.compile("Bandingkan")).click()
    page.fill("#reason", "Kartu keluarga yang sama.")
    look(page, "file-compare")
    page.fill("#reason", "Kartu keluarga yang sama.")
    page.click(SUBMIT)
    expect(page.locator("main")).to_contain_text("Berkas yang dipertahankan")
    look(page, "file-merge")
    page.get_by_role("button", name="Jadikan dua berkas lagi").click()
    expect(page.locator("main")).to_contain_text("Berkasnya kembali menjadi dua")


def test_somebody_is_found_registered_admitted_and_has_one_file(open_page: Callable[..., Page]) -> None:
    page = open_page()
    sign_in(page, "kepala", PASSWORD)
    _register(page)
    _decide_and_answer(page)
    _admit(page)
    _make_one(page)
