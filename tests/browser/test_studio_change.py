"""Changing a draft without a mouse's drag: by form, back and forth, pinned, finished; and two managers at one draft."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from foyer.cycles.opened import opened
from foyer.cycles.planning import store_plan
from foyer.cycles.targets import targets
from tests.browser.conftest import PASSWORD, Served, add_manager, house_of, running_plan, sign_in
from tests.browser.looking import keep_picture, look, sound, speak

pytestmark = pytest.mark.browser

OpenPage = Callable[..., Page]
BAR = "[data-studio-bar]"


@dataclass(frozen=True)
class Draft:
    """A draft of the demonstration's cycle: its address; somebody who can move to a free room; a full room."""

    url: str
    who: str
    full: str


@pytest.fixture(scope="module")
def served(planned: Served) -> Served:
    return planned


@pytest.fixture(scope="module")
def draft(served: Served) -> Draft:
    """The published plan once more as a draft; and a second manager."""
    with house_of(served) as residence:
        add_manager(residence, "wakil", "Ibu Wakil")
        published = running_plan()
        found = opened(published)
        plan = store_plan(published.cycle, found.problem, found.answer)
        for resident in found.problem.residents:
            states = {t.id: t.state for t in targets(plan, "room", int(resident.id))}
            same = [room.id for room in found.problem.rooms if room.policy == resident.gender]
            full = [room for room in same if states[room] == "forbidden"]
            if full and set(states.values()) & {"allowed", "price"}:
                return Draft(f"/cycles/{plan.cycle_id}/plans/{plan.id}", resident.id, full[0])
    raise AssertionError("nobody can move")


def enter(open_page: OpenPage, served: Served, username: str, password: str, **screen: object) -> Page:
    page = open_page(**screen)
    sign_in(page, username, password)
    return page


def place(page: Page, draft: Draft, kind: str = "room") -> None:
    """Put the resident in the first place that the form offers."""
    page.goto(f"{draft.url}/residents/{draft.who}/places/{kind}")
    page.locator("main form[action$='/change'] button").first.click()
    page.wait_for_url(lambda url: "/places/" not in url)


def test_a_draft_is_changed_by_form_back_and_forth_pinned_and_finished(
    open_page: OpenPage, served: Served, draft: Draft
) -> None:
    page = enter(open_page, served, served.username, served.password)
    page.goto(f"{draft.url}/history")
    expect(page.locator(BAR).get_by_role("button", name="Urungkan")).to_be_disabled()
    place(page, draft)

    page.goto(f"{draft.url}/history")
    expect(page.locator("main .rows li")).to_have_count(2)
    expect(page.locator("main .rows li").first).to_contain_text("Dari kamar")
    undo = page.locator(BAR).get_by_role("button", name="Urungkan")
    undo.focus()
    page.keyboard.press("Enter")
    expect(page.locator("main .rows li").first).to_contain_text("(diurungkan)")
    page.locator(BAR).get_by_role("button", name="Ulangi").click()
    expect(page.locator("main .rows li").first).not_to_contain_text("(diurungkan)")
    place(page, draft, "counsellor")
    page.goto(f"{draft.url}/history")
    page.get_by_role("button", name="Kembali ke sini").last.click()
    expect(page.get_by_text("(diurungkan)")).to_have_count(2)
    page.get_by_role("button", name="Ulangi sampai di sini").first.click()
    expect(page.get_by_text("(diurungkan)")).to_have_count(0)

    page.goto(f"{draft.url}/residents/{draft.who}")
    page.locator("main form[action$='/pin'] button").first.click()
    page.goto(f"{draft.url}/history")
    expect(page.locator("#pins li")).to_have_count(1)
    look(page, "studio-history")

    page.locator(BAR).get_by_role("button", name="Lengkapi sisanya").click()
    page.wait_for_url(re.compile(r"/runs/\d+"))
    page.locator("main form[action$='/cancel'] button").click()
    page.goto(f"{draft.url}/history")
    page.locator("#pins").get_by_role("button", name="Buka kunci").click()
    expect(page.locator("#pins li")).to_have_count(0)


def test_who_is_slower_sees_what_the_other_did_and_does_it_all_the_same(
    open_page: OpenPage, served: Served, draft: Draft
) -> None:
    mine = enter(open_page, served, "wakil", PASSWORD, width=390, height=844, locale="en-GB", touch=True)
    speak(mine, "en")
    mine.goto(f"{draft.url}/residents/{draft.who}/places/counsellor")
    other = enter(open_page, served, served.username, served.password)
    place(other, draft)
    other.goto(f"{draft.url}/history")

    mine.locator("main form[action$='/change'] button").first.tap()
    expect(mine.get_by_role("heading", level=1)).to_have_text("Somebody was faster")
    expect(mine.locator("main")).to_contain_text("From room")
    sound(mine)
    keep_picture(mine, "studio-stale")
    mine.get_by_role("button", name="Do it all the same").tap()
    mine.wait_for_url(lambda url: not url.endswith("/change"))

    news = other.locator("[data-meanwhile] .callout")  # the open page asks by itself
    expect(news).to_contain_text("Ibu Wakil", timeout=30_000)  # it asks every ten seconds
    sound(other)
    keep_picture(other, "studio-meanwhile")
    news.get_by_role("link").click()
    expect(other.locator("main .rows li").first).to_contain_text("Ibu Wakil")
    _the_other_way_round(mine, other, draft)


def _the_other_way_round(mine: Page, other: Page, draft: Draft) -> None:
    """Now the second is slower, in Indonesian; the first sees in English what happened."""
    other.goto(f"{draft.url}/residents/{draft.who}/places/counsellor")
    place(mine, draft)
    mine.goto(f"{draft.url}/history")
    other.locator("main form[action$='/change'] button").first.click()
    expect(other.get_by_role("heading", level=1)).to_have_text("Ada yang lebih dulu")
    sound(other)
    keep_picture(other, "studio-stale")
    other.get_by_role("button", name="Tetap lakukan").click()
    other.wait_for_url(lambda url: not url.endswith("/change"))
    news = mine.locator("[data-meanwhile] .callout")
    expect(news).to_contain_text("Ratna Wulandari", timeout=30_000)
    sound(mine)
    keep_picture(mine, "studio-meanwhile")


def _put_into_the_full_room(page: Page, draft: Draft) -> None:
    """As from a page that has lain open since before the room filled."""
    page.goto(f"{draft.url}/residents/{draft.who}/places/room")
    form = page.locator("main form[action$='/change']").first
    form.locator("input[name=target]").evaluate("(field, room) => { field.value = room; }", draft.full)
    form.locator("button").click()


def test_what_breaks_a_rule_is_refused_with_the_reason_and_the_way(
    open_page: OpenPage, served: Served, draft: Draft
) -> None:
    page = enter(open_page, served, served.username, served.password)
    speak(page, "en")
    _put_into_the_full_room(page, draft)
    expect(page.locator("main")).to_contain_text("What would have to move")
    keep_picture(page, "studio-forbidden")
    page.goto("/")
    speak(page, "id")
    _put_into_the_full_room(page, draft)
    expect(page.get_by_role("heading", level=1)).to_contain_text("tidak bisa begitu saja")
    expect(page.locator("main")).to_contain_text("Apa yang harus ikut berpindah")
    sound(page)
    keep_picture(page, "studio-forbidden")
    page.get_by_role("button", name="Pindahkan semuanya").click()
    page.wait_for_url(lambda url: not url.endswith("/change"))
    page.goto(f"{draft.url}/history")
    expect(page.locator("main .rows li").first.locator("p").first).to_contain_text(re.compile("kamar.*kamar"))
