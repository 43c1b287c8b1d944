"""Setting up in a real browser, on the demonstration house: what wishes weigh, the hours of Ramadan, and the next cycle
as a copy of this one: its wishes are asked, and its page counts what it needs and names what needs a look."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from foyer.cycles.models import GroupKind, TeachingGroup
from foyer.database import db
from foyer.residents.models import Stay
from tests.browser.conftest import Served, house_of, sign_in
from tests.browser.looking import keep_picture, look, sound, speak

pytestmark = pytest.mark.browser

OpenPage = Callable[..., Page]
SUBMIT = "main form.form button[type=submit]"


@pytest.fixture(scope="module")
def served(planned: Served) -> Served:
    return planned


def _press(page: Page, name: str) -> None:
    """By keyboard alone: Tab until something of this name has the focus, then Enter."""
    for _step in range(120):
        page.keyboard.press("Tab")
        label = page.evaluate("document.activeElement.textContent.trim().replace(/\\s+/g, ' ')")
        if name in label:
            break
    else:
        raise AssertionError(f"Tab never reaches {name}")
    page.keyboard.press("Enter")


def _on_a_phone(page: Page) -> None:
    """The same page as it is on a phone, from its top: what lies half under the bar counts as too small to hit."""
    before = page.viewport_size
    page.set_viewport_size({"width": 390, "height": 844})
    page.evaluate("window.scrollTo(0, 0)")
    sound(page)
    page.set_viewport_size(before or {"width": 1366, "height": 900})


def test_what_wishes_weigh_is_asked_changed_refused_and_taken_back(served: Served, open_page: OpenPage) -> None:
    page = open_page(width=390, height=844, touch=True)
    sign_in(page, served.username, served.password)
    page.goto("/house")
    page.locator("main a[href='/cycles/weights']").click()
    expect(page.locator("nav a[aria-current=page]").first).to_have_text("Panti")
    look(page, "studio-weights")

    page.fill("#choice_3", "0")
    page.fill("#gap", "7")
    page.locator(SUBMIT).click()
    summary = page.locator(".error-summary")
    expect(summary).to_be_focused()
    expect(page.locator("#choice_3-error")).to_contain_text("tidak boleh")
    expect(page.locator("#gap")).to_have_value("7")
    sound(page)
    keep_picture(page, "studio-weights-wrong", at="#choice_3")
    summary.get_by_role("link").click()
    expect(page.locator("#choice_3")).to_be_focused()

    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("8")
    page.keyboard.press("Enter")
    expect(page.locator("#choice_3-hint")).to_have_text("Lazimnya: 4 poin. Diubah oleh panti.")
    expect(page.locator("#choice_3")).to_have_value("8")
    expect(page.locator("#gap-hint")).to_contain_text("Diubah oleh panti")

    page.get_by_role("button", name="Kembali ke bobot yang lazim").click()
    expect(page.locator("#choice_3")).to_have_value("4")
    expect(page.get_by_role("button", name="Kembali ke bobot yang lazim")).to_have_count(0)


def test_ramadan_gets_hours_of_its_own_beside_the_usual_day(served: Served, open_page: OpenPage) -> None:
    page = open_page()
    sign_in(page, served.username, served.password)
    page.goto("/house/day")
    sound(page)
    keep_picture(page, "studio-day", at="#variants")
    _press(page, "Atur jam Ramadan 1448 H")
    expect(page.locator("#from_on")).to_have_value("2027-02-08")
    expect(page.locator("#name")).to_have_value("Ramadan 1448 H")
    look(page, "studio-variant-new")
    _on_a_phone(page)

    _say_wrong_hours(page)
    page.fill("#extras-0-end", "04:15")
    page.locator(SUBMIT).click()
    week = page.locator("section").filter(has=page.get_by_role("heading", name="Satu minggu pada hari-hari ini"))
    expect(week).to_contain_text("Sahur")
    expect(page.locator("#extras-0-name")).to_have_value("Sahur")
    look(page, "studio-variant")
    _on_a_phone(page)
    page.goto("/house/day")
    expect(page.locator("#variants table")).to_contain_text("Ramadan 1448 H")
    expect(page.get_by_role("link", name="Atur jam Ramadan 1448 H")).to_have_count(0)


def _say_wrong_hours(page: Page) -> None:
    """An end before its beginning is answered at its line, and in the list above that leads there."""
    page.fill("#extras-0-name", "Sahur")
    page.fill("#extras-0-start", "03:30")
    page.fill("#extras-0-end", "03:00")
    page.locator(SUBMIT).click()
    expect(page.locator("#extras-0-end-error")).to_contain_text("Waktu selesai")
    expect(page.locator("#extras-0-name")).to_have_value("Sahur")
    expect(page.locator("#extras-0-start")).to_have_value("03:30")
    sound(page)
    keep_picture(page, "studio-variant-wrong", at="#extras-0-end")
    page.locator(".error-summary").get_by_role("link").click()
    expect(page.locator("#extras-0-end")).to_be_focused()


def _come_closer_to_the_end(served: Served) -> str:
    """Sixty residents stay on, the instructor of one class has left and another class's place is closed. The code of
    the first."""
    with house_of(served):
        for stay in db.session.scalars(select(Stay).where(Stay.leaves_on >= date(2027, 5, 2)).limit(60)):
            stay.leaves_on = date(2027, 8, 29)
        classes = db.session.scalars(
            select(TeachingGroup).where(TeachingGroup.kind == GroupKind.VOCATIONAL).order_by(TeachingGroup.code)
        ).all()
        left = next(group for group in classes if group.instructor is not None)
        left.instructor.is_active = False  # type: ignore[union-attr]
        venue = next(g.venue for g in classes if g.venue is not None and g.venue_id != left.venue_id)
        venue.is_active = False
        return left.code


def test_the_next_cycle_is_a_copy_that_says_what_needs_a_look(served: Served, open_page: OpenPage) -> None:
    code = _come_closer_to_the_end(served)
    page = open_page()
    sign_in(page, served.username, served.password)
    page.goto("/cycles")
    page.locator("main a[href='/cycles/new']").first.click()
    lines = page.locator("#copy li")
    expect(lines.nth(3)).to_be_visible()
    look(page, "studio-new-cycle")
    for language in ("en", "id"):
        speak(page, language)
        expect(lines.nth(3)).to_be_visible()
        keep_picture(page, "studio-copy", at="#copy")
    _on_a_phone(page)
    _other_weeks(page)

    page.locator(SUBMIT).focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/cycles/\d+$"))
    needs = page.locator("section").filter(has=page.locator("h2", has_text="Yang diperlukan sebuah rencana"))
    expect(needs.locator("tbody tr")).to_have_count(7)
    expect(needs).to_contain_text(code)
    look(page, "studio-readiness")
    _on_a_phone(page)
    for language in ("en", "id"):
        speak(page, language)
        keep_picture(page, "studio-readiness-table", at="main table caption")
        keep_picture(page, "studio-needs-look", at="main h3")
    _follow_every_line(page, needs.locator("tbody th a").all())

    _ask_for_wishes(page)


def _other_weeks(page: Page) -> None:
    """The list follows the weeks that are asked for; a day that is no Monday is answered at its field."""
    first = page.locator("#starts_on").input_value()
    enrolled = page.locator("#copy li").nth(2)
    expect(enrolled).to_contain_text("60 warga binaan")
    page.fill("#starts_on", "2027-09-06")
    page.locator("#starts_on").blur()
    expect(enrolled).to_contain_text("Belum ada warga binaan")
    page.fill("#starts_on", "2027-05-05")
    page.locator("#starts_on").blur()
    expect(enrolled).to_contain_text("60 warga binaan")
    page.locator(SUBMIT).click()
    expect(page.locator("#starts_on-error")).to_contain_text("Senin")
    expect(page.locator("#starts_on")).to_have_value("2027-05-05")
    expect(page.locator("#copies")).to_be_checked()
    sound(page)
    page.fill("#starts_on", first)


def _follow_every_line(page: Page, links: list[Locator]) -> None:
    """Each line of the table leads to a page of its own."""
    for address in [str(link.get_attribute("href")) for link in links]:
        answer = page.request.get(address)
        assert answer.status == 200, address


def _ask_for_wishes(page: Page) -> None:
    cycle = page.url
    page.get_by_role("link", name="Minta warga binaan memilih").first.click()
    page.fill("#from_on", "2027-04-05")
    page.fill("#to_on", "2027-04-14")
    page.locator(SUBMIT).click()
    expect(page.locator("main .lead")).to_contain_text("14 April 2027")
    page.goto(cycle)
    expect(page.locator("main")).to_contain_text("April 2027")
