"""Changing a draft without a mouse's drag: by form, back and forth, pinned, finished; and two managers at one draft."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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
LONG = 150_000  # a draft of the whole house on a busy machine


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

    _finish_the_rest(page, draft)
    page.goto(f"{draft.url}/history")
    page.locator("#pins").get_by_role("button", name="Buka kunci").click()
    expect(page.locator("#pins li")).to_have_count(0)


def _finish_the_rest(page: Page, draft: Draft) -> None:
    """A draft of its own, in which the pin holds; the one it came from stays as it was."""
    page.locator(BAR).get_by_role("button", name="Lengkapi sisanya").click()
    page.wait_for_url(re.compile(r"/plans/\d+$"), timeout=LONG)
    finished = page.url
    assert not finished.endswith(draft.url)
    look(page, "studio-finished")
    page.goto(f"{finished}/history")
    expect(page.locator("#pins li")).to_have_count(1)
    page.goto(f"{draft.url}/history")
    expect(page.locator("main .rows li").first).to_be_visible()


def test_who_is_slower_sees_what_the_other_did_and_does_it_all_the_same(
    open_page: OpenPage, served: Served, draft: Draft
) -> None:
    mine = enter(open_page, served, "wakil", PASSWORD, width=390, height=844, locale="en-GB", touch=True)
    speak(mine, "en")
    mine.goto(f"{draft.url}/residents/{draft.who}/places/counsellor")
    for language in ("id", "en"):
        speak(mine, language)
        keep_picture(mine, "studio-choose")
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


@contextmanager
def _offline(page: Page) -> Iterator[None]:
    """Without a network: what is tried within is said to be in vain, and that is taken back when the network is."""
    line = page.locator("#network")
    page.context.set_offline(True)
    yield
    expect(line).to_contain_text("Tidak ada sambungan")
    page.context.set_offline(False)
    expect(line).to_be_empty()


def _who_sits_where(page: Page) -> object:
    return page.locator(".lane").evaluate_all(
        "lanes => lanes.map(lane => [...lane.querySelectorAll('.card')].map(card => card.dataset.e))"
    )


def _carry_in_vain(page: Page) -> None:
    card = page.locator(".lane .card").first
    card.hover()
    page.mouse.down()
    box = card.bounding_box()
    assert box
    page.mouse.move(box["x"] + 60, box["y"] + 30, steps=3)
    expect(page.locator("#network")).not_to_be_empty()
    page.mouse.up()
    expect(page.locator("#hand")).to_be_hidden()


def _ask_in_vain(page: Page) -> None:
    """The panel does not open; and where it is open, what it shows stays, and the line is in it."""
    with _offline(page):
        page.locator(".lane .card a[data-panel]").first.click()
    expect(page.locator("dialog[open]")).to_have_count(0)
    page.locator(".lane .card a[data-panel]").first.click()
    panel = page.locator("dialog[open]")
    expect(panel.locator("#panel-title")).to_be_focused()
    shown = panel.locator("[data-panel-inside]").inner_text()
    with _offline(page):
        panel.locator("a[data-panel]").first.click()
        expect(panel.locator("#network")).to_be_visible()
        sound(page)
        keep_picture(page, "studio-offline-panel")
    assert panel.locator("[data-panel-inside]").inner_text() == shown
    page.keyboard.press("Escape")


def _watch_in_vain(page: Page, draft: Draft) -> None:
    """A run goes on while the page that shows it hears nothing."""
    page.goto(draft.url.replace(f"/plans/{draft.url.rpartition('/')[2]}", "/drafts/new"))
    page.get_by_role("button", name="Buat draf ini").click()
    making = page.get_by_role("heading", name="Sedang dibuat")
    expect(making).to_be_visible()
    with _offline(page):
        expect(page.locator("#network")).not_to_be_empty()  # nobody touches anything: the page asks by itself
    expect(making).to_be_visible()
    page.get_by_role("button", name="Hentikan yang ini").first.click()


def test_a_lost_network_is_said_and_page_and_draft_stay_whole(
    open_page: OpenPage, served: Served, draft: Draft
) -> None:
    page = enter(open_page, served, served.username, served.password)
    speak(page, "id")
    place(page, draft, "counsellor")
    address = f"{draft.url}/board/classes"
    page.goto(address)
    version = str(page.locator("#board").get_attribute("data-version"))
    cards = _who_sits_where(page)
    with _offline(page):
        _carry_in_vain(page)
        keep_picture(page, "studio-offline")
    with _offline(page):
        page.locator("#board").get_by_role("button", name="Urungkan").click()
    with _offline(page):
        page.get_by_role("link", name="Ringkasan").click()
    with _offline(page):
        page.fill("#q", "narpati")
    _ask_in_vain(page)
    assert page.url.endswith(address), "the page has stayed"
    expect(page.locator("#q")).to_have_value("narpati")
    assert _who_sits_where(page) == cards
    page.fill("#q", "")
    page.reload()
    expect(page.locator("#board")).to_have_attribute("data-version", version)
    assert _who_sits_where(page) == cards
    page.locator("#board").get_by_role("button", name="Urungkan").click()
    expect(page.locator("#board").get_by_role("button", name="Ulangi")).to_be_enabled()
    _watch_in_vain(page, draft)
