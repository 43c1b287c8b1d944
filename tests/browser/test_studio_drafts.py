"""Drafts in a real browser: two that weigh differently made live, told on another page, compared, a part taken; and an
impossible house led to a plan by one of its ways out."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from foyer.cycles.models import TeachingGroup
from foyer.database import db
from tests.browser.conftest import Served, house_of, running_plan, sign_in
from tests.browser.looking import keep_picture, look, sound, speak

pytestmark = pytest.mark.browser

OpenPage = Callable[..., Page]
LONG = 150_000  # a draft of the whole house on a busy machine


@pytest.fixture(scope="module")
def served(planned: Served) -> Served:
    return planned


def _drafts(served: Served) -> str:
    with house_of(served):
        return f"/cycles/{running_plan().cycle_id}/drafts"


def _make_two(page: Page, drafts: str) -> None:
    page.goto(f"{drafts}/new")
    look(page, "studio-drafts-new")
    page.get_by_label("Lebih sedikit perpindahan").check()
    page.get_by_label("Hari yang padat").check()
    page.fill("#minutes", "1")
    page.get_by_role("button", name="Buat draf ini").click()
    expect(page.get_by_role("heading", name="Sedang dibuat")).to_be_visible()
    expect(page.get_by_role("heading", name="Menurut bobot panti")).to_be_visible()
    expect(page.get_by_text("Dibuat setelah yang sebelumnya selesai.").first).to_be_visible()


def _watch_and_stop_the_last(page: Page) -> None:
    """The curve is drawn live; the draft that only waits is stopped, and is gone."""
    expect(page.locator(".curve-plot canvas").first).to_be_visible(timeout=LONG)
    keep_picture(page, "studio-drafts-live")
    speak(page, "en")
    expect(page.locator(".curve-plot canvas").first).to_be_visible()
    keep_picture(page, "studio-drafts-live")
    speak(page, "id")
    page.locator(".draft").filter(has_text="Hari yang padat").get_by_role("button", name="Hentikan yang ini").click()
    expect(page.get_by_role("heading", name="Hari yang padat")).to_have_count(0)


def _be_told_elsewhere(page: Page, drafts: str) -> None:
    """The page of the drafts is left; another one tells, without being asked for anew."""
    page.goto("/cycles")
    line = page.locator("#news")
    expect(line).to_contain_text("Selesai: Lebih sedikit perpindahan.", timeout=LONG)
    look(page, "studio-news")
    line.get_by_role("button", name="Lihat drafnya").first.click()  # the other draft may be told there as well
    expect(page).to_have_url(re.compile(re.escape(drafts)))


def _side_by_side(page: Page) -> None:
    cards = page.locator(".draft")
    expect(cards).to_have_count(3)  # the published plan and the two
    expect(cards.filter(has_text="Lebih sedikit perpindahan")).to_contain_text("Kamar berbeda dari sebelumnya")
    expect(page.locator("#news .news-line")).to_have_count(0)
    look(page, "studio-drafts")


def _compare_and_take(page: Page) -> None:
    page.locator(".draft").filter(has_text="Lebih sedikit perpindahan").get_by_role("link", name="Bandingkan").click()
    expect(page.get_by_role("heading", name="Bandingkan dua rencana")).to_be_visible()
    look(page, "studio-compare")
    kinds = page.locator("#kind option[value]:not([value=''])")
    rooms = kinds.filter(has_text="Pekerja sosial")
    page.select_option("#kind", rooms.first.get_attribute("value") if rooms.count() else "")
    page.get_by_role("button", name="Tampilkan").click()
    box = page.locator("input[name=part]").first
    box.focus()
    page.keyboard.press("Space")
    expect(box).to_be_checked()
    page.get_by_role("button", name=re.compile("^Ambil ke")).first.click()
    expect(page.locator(".flashes")).to_contain_text(re.compile("1 bagian diambil|Tidak ada yang diambil, karena"))
    sound(page)


def _crowd(served: Served) -> None:
    """Every class takes six residents at most."""
    with house_of(served):
        for group in db.session.scalars(select(TeachingGroup).where(TeachingGroup.trade_id.is_not(None))):
            group.maximum = min(group.maximum, 6)


def _way_out(page: Page, drafts: str) -> None:
    page.goto(f"{drafts}/new")
    page.fill("#name", "Kelas kecil")
    page.get_by_role("button", name="Buat draf ini").click()
    page.get_by_role("link", name="Baca sebabnya dan jalan keluarnya").click(timeout=LONG)
    look(page, "studio-impossible")
    page.get_by_role("button", name="Cari jalan keluar").click()
    expect(page.get_by_role("heading", name="Jalan 1")).to_be_visible(timeout=LONG)
    look(page, "studio-ways")
    changes = page.locator(".draft").first.get_by_text("sebelumnya 6")
    expect(changes.first).to_be_visible()
    page.get_by_role("button", name="Lakukan ini dan buat drafnya lagi").first.click()
    expect(page.get_by_role("heading", name="Kelas kecil")).to_be_visible()
    expect(page.locator(".draft").filter(has_text="“Kelas kecil”")).to_be_visible(timeout=LONG)


def test_drafts_are_made_compared_and_led_out_of_the_impossible(served: Served, open_page: OpenPage) -> None:
    drafts = _drafts(served)
    page = open_page()
    sign_in(page, served.username, served.password)
    _make_two(page, drafts)
    _watch_and_stop_the_last(page)
    _be_told_elsewhere(page, drafts)
    _side_by_side(page)
    _compare_and_take(page)
    _crowd(served)
    _way_out(page, drafts)
    phone = open_page(width=390, touch=True)
    sign_in(phone, served.username, served.password)
    for address in (drafts, f"{drafts}/new", drafts.replace("/drafts", "/compare")):
        phone.goto(address)
        sound(phone)
