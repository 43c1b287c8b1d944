"""The boards of a plan in a real browser: looked at, searched, filtered; residents moved by mouse with the verdict
of every column, by keyboard, and (on a phone) by the page behind the card."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from foyer.cycles.models import Plan
from foyer.cycles.opened import opened
from foyer.cycles.planning import store_plan
from foyer.cycles.sessions import hours_of, meeting_of
from foyer.database import db
from tests.browser.conftest import Served, house_of, running_plan, sign_in
from tests.browser.looking import keep_picture, look, sound, speak

pytestmark = pytest.mark.browser

OpenPage = Callable[..., Page]


@pytest.fixture(scope="module")
def served(planned: Served) -> Served:
    return planned


def _draft(served: Served) -> str:
    """The address of a draft with the answer of the published plan."""
    with house_of(served):
        published = running_plan()
        known = opened(published)
        draft = store_plan(published.cycle, known.problem, known.answer)
        db.session.flush()
        return f"/cycles/{published.cycle_id}/plans/{draft.id}"


def _lane(page: Page, name: str) -> Locator:
    return page.locator(f'.lane[data-name="{name}"]')


def _card(page: Page, name: str) -> Locator:
    return page.locator(".lane .card").filter(has_text=name)


def _look_search_and_filter(page: Page, plan: str) -> None:
    page.goto(plan)
    page.get_by_role("link", name="Buka papan").click()
    expect(page.locator(".lane .card")).to_have_count(112)
    expect(_lane(page, "OTO-1")).to_contain_text("16 dari 16")
    expect(page.locator(".lane .card").first.locator(".wish")).to_have_text(re.compile("pilihan ke"))
    look(page, "studio-classes")
    page.fill("#q", "narpati")
    expect(page.locator(".lane .card")).to_have_count(1)
    expect(page).to_have_url(re.compile("q=narpati"))
    expect(page.locator("#q")).to_be_focused()
    speak(page, "en")
    expect(page).to_have_url(re.compile("q=narpati"))
    expect(page.locator(".lane .card")).to_have_count(1)
    speak(page, "id")
    page.fill("#q", "")
    page.select_option("#show", "unhappy")
    expect(page.locator(".lane .card")).to_have_count(24)
    page.select_option("#colour", "stage")
    expect(page.locator(".lane .card .wish").first).to_contain_text("tahap")
    page.goto(f"{plan}/board/classes?show=unhappy&colour=stage")
    look(page, "studio-filter")
    for by in ("education", "counsellors", "rooms"):
        page.goto(f"{plan}/board/{by}")
        look(page, f"studio-{by}")


def _pick_up(page: Page, card: Locator) -> None:
    """Take a card by the mouse and wait until the columns have answered."""
    card.hover()
    page.mouse.down()
    box = card.bounding_box()
    assert box
    page.mouse.move(box["x"] + 60, box["y"] + 30, steps=3)
    expect(page.locator(".lane[data-verdict]").first).to_be_visible()


def _over(page: Page, target: Locator) -> None:
    box = target.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y, steps=4)
    page.mouse.move(x + 1, y)  # the browser tells the page of a dragged thing's place one move late


def _in_the_hand_in_english(page: Page, name: str) -> None:
    """Taken, carried over a full class, let go of by Esc: nothing has changed."""
    speak(page, "en")
    _pick_up(page, _card(page, name))
    _over(page, _lane(page, "BGA-1").locator("h2"))
    expect(page.locator(".hand-words")).to_contain_text("BGA-1: no.")
    keep_picture(page, "studio-hand")
    page.keyboard.press("Escape")
    expect(page.locator("#hand")).to_be_hidden()
    page.mouse.up()
    speak(page, "id")


def _drag(page: Page, plan: str) -> None:
    page.goto(f"{plan}/board/classes")
    name = _lane(page, "AC-1").locator(".card a").first.inner_text()
    _in_the_hand_in_english(page, name)
    _pick_up(page, _card(page, name))
    expect(_lane(page, "AC-1")).to_have_attribute("data-verdict", "here")
    full = _lane(page, "BGA-1")
    expect(full).to_have_attribute("data-verdict", "forbidden")
    expect(full.locator(".verdict")).to_contain_text("Tidak bisa", ignore_case=True)
    _over(page, full.locator("h2"))
    expect(page.locator(".hand-words")).to_contain_text("melebihi jumlah tempat")
    keep_picture(page, "studio-hand")
    page.mouse.up()
    expect(page.locator("#told")).to_contain_text(f"{name} tidak dipindahkan. BGA-1: tidak bisa.")
    expect(_lane(page, "AC-1").locator(".card").filter(has_text=name)).to_be_visible()
    expect(page.locator(".refusal")).to_contain_text("melebihi jumlah tempat")
    sound(page)

    _pick_up(page, _card(page, name))
    priced = page.locator(".hand-targets li").first
    place = priced.inner_text().split(" +")[0]
    expect(_lane(page, place)).to_have_attribute("data-verdict", "price")
    _over(page, priced)
    expect(page.locator(".hand-words")).to_contain_text(re.compile(rf"{place}: .*poin"))
    scrolled = page.evaluate("window.scrollY")
    page.mouse.up()
    moved = _lane(page, place).locator(".card").filter(has_text=name)
    expect(moved).to_contain_text("sebelumnya di AC-1")
    expect(page.locator("#told")).to_contain_text(name)
    assert page.evaluate("window.scrollY") == scrolled, "the page stays where it was"
    expect(page.locator("#hand")).to_be_hidden()
    page.locator("#board").get_by_role("button", name="Urungkan").click()
    expect(_lane(page, "AC-1").locator(".card").filter(has_text=name)).to_be_visible()


def _held_by_keyboard(page: Page) -> None:
    """In both languages: taken, two columns on, given up."""
    for language in ("en", "id"):
        speak(page, language)
        _lane(page, "AC-1").locator(".card a").first.focus()
        page.keyboard.press("m")
        expect(page.locator(".lane[data-verdict]").first).to_be_visible()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowRight")
        expect(page.locator(".hand-words")).to_contain_text("BGA-1: ")
        keep_picture(page, "studio-keys")
        page.keyboard.press("Escape")


def _by_keyboard(page: Page, plan: str) -> None:
    page.goto(f"{plan}/board/classes?show=all")
    _held_by_keyboard(page)
    card = _lane(page, "AC-1").locator(".card a").first
    name = card.inner_text()
    card.focus()
    page.keyboard.press("ArrowDown")
    expect(_lane(page, "AC-1").locator(".card a:not(.card-week)").nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("m")
    told = page.locator("#told")
    expect(told).to_contain_text("Tombol panah menelusuri kolom")
    page.keyboard.press("ArrowRight")
    expect(told).to_have_text("AC-1: sekarang di sini.")
    page.keyboard.press("ArrowRight")
    expect(told).to_contain_text("BGA-1: tidak bisa.")
    page.keyboard.press("Escape")
    expect(told).to_have_text(f"{name} tetap di tempatnya.")
    expect(card).to_be_focused()
    page.keyboard.press("m")
    expect(page.locator(".hand-targets li").first).to_be_visible()
    places = page.locator(".lane[data-target]").evaluate_all(
        "lanes => lanes.map(lane => [lane.dataset.name, lane.dataset.verdict])"
    )
    steps = next(i for i, (_place, verdict) in enumerate(places) if verdict == "price")
    for _step in range(steps + 1):
        page.keyboard.press("ArrowRight")
    expect(told).to_contain_text(f"{places[steps][0]}:")
    page.keyboard.press("Enter")
    expect(_lane(page, places[steps][0]).locator(".card").filter(has_text=name)).to_be_visible()
    expect(_card(page, name).locator("a").first).to_be_focused()


def _rooms(page: Page, plan: str) -> None:
    page.goto(f"{plan}/board/rooms")
    first = page.locator(".nights-table .card").first
    name = first.locator("a").first.inner_text()
    _pick_up(page, first)
    expect(page.locator('.lane[data-verdict="forbidden"]').first).to_be_visible()
    keep_picture(page, "studio-hand-rooms")
    page.keyboard.press("Escape")
    expect(page.locator("#hand")).to_be_hidden()
    page.mouse.up()
    expect(_card(page, name)).to_have_count(1)


def _weeks(page: Page, plan: str, folder: Path) -> None:
    """From a column and from a card to the week; found by name; on one page of paper."""
    page.goto(f"{plan}/board/classes")
    _lane(page, "OTO-1").get_by_role("link", name="Jadwal").click()
    expect(page.get_by_role("heading", name="OTO-1")).to_be_visible()
    page.goto(f"{plan}/board/counsellors")
    card = page.locator(".lane .card a").first
    name = card.inner_text()
    card.focus()
    page.keyboard.press("w")
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    page.fill("#find", "bengkel")
    page.keyboard.press("Enter")
    expect(page.locator(".people a").first).to_be_visible()
    sound(page)
    page.locator(".people a").first.click()
    look(page, "studio-week")
    paper = folder / "week.pdf"
    page.pdf(path=paper, prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", paper.read_bytes())) == 1, "one sheet of A4"


def _movable(plan: str) -> tuple[str, str, str]:
    """A class with a meeting that can move: its id, the meeting's day and start, and those to which it can."""
    draft = db.session.get_one(Plan, int(plan.rpartition("/")[2]))
    starts = {p.id: f"{p.day}-{p.start}" for p in opened(draft).problem.periods}
    for meeting in opened(draft).answer.meetings:
        at = starts[meeting.periods[0]]
        hours = hours_of(draft, meeting_of(draft, int(meeting.group), at))
        free = [to for to, hour in hours.items() if hour.state in ("allowed", "price")]
        if free:
            return meeting.group, at, free[0]
    raise AssertionError("no meeting can move")


def _ask_of(page: Page, card: Locator, picture: str) -> None:
    """The panel of a session: why it is then."""
    card.locator("a").first.click()
    expect(page.locator("dialog[data-side-panel]")).to_contain_text(re.compile("Mengapa pada jam ini|Why at this hour"))
    sound(page)
    keep_picture(page, picture)
    page.keyboard.press("Escape")


def _of_a_person_and_a_place(page: Page, plan: str) -> None:
    """What is asked of a class's week is asked of a resident's counselling and of what meets in a place."""
    page.goto(f"{plan}/board/counsellors")
    page.locator(".lane .card a").first.focus()
    page.keyboard.press("w")
    page.wait_for_url(re.compile("of=resident-"))
    for language in ("en", "id"):
        speak(page, language)
        _ask_of(page, page.locator(".week .session--appointment.card").first, "studio-session-person")
    page.goto(f"{plan}/week")
    page.fill("#find", "Bengkel Otomotif")
    page.keyboard.press("Enter")
    page.locator(".people a").first.click()
    _ask_of(page, page.locator(".week .card").first, "studio-session-place")


def _sessions(page: Page, served: Served, plan: str) -> tuple[str, str]:
    """In a week: asked in the panel, dragged to another hour and undone, moved by keyboard. Its address, and the hour
    at which the session is then."""
    with house_of(served):
        group, at, to = _movable(plan)
    week = f"{plan}/week?of=group-{group}"
    page.goto(week)
    card = page.locator(f'.week .card[data-at="{at}"]').first
    there = page.locator(f'.week td[data-target="{to}"]')
    for language in ("en", "id"):
        speak(page, language)
        expect(page).to_have_url(re.compile(rf"of=group-{group}"))
        _ask_of(page, card, "studio-session")
        _pick_up(page, card)
        expect(there).to_have_attribute("data-verdict", re.compile("allowed|price"))
        _over(page, page.locator(".hand-targets li").first)
        keep_picture(page, "studio-hand-week", at=".week .week-band:has(+ tr:not(.week-band))")
        if language == "en":
            page.keyboard.press("Escape")
            expect(page.locator("#hand")).to_be_hidden()
            page.mouse.up()
    _over(page, page.locator(f'.hand-targets li[data-target="{to}"]'))
    expect(there).to_have_class(re.compile("is-over"))
    page.mouse.up()
    expect(there.locator(".card")).to_have_count(1)
    expect(page.locator(f'.week .card[data-at="{at}"]')).to_have_count(0)
    page.locator("#board").get_by_role("button", name="Urungkan").click()
    expect(card).to_be_visible()
    expect(page).to_have_url(re.compile(rf"of=group-{group}"))

    card.locator("a").focus()
    page.keyboard.press("m")
    expect(page.locator(".hand-targets li").first).to_be_visible()
    for _step in range(60):
        page.keyboard.press("ArrowRight")
        if "is-over" in (there.get_attribute("class") or ""):
            break
    page.keyboard.press("Enter")
    expect(there.locator(".card a").first).to_be_focused()
    sound(page)
    return week, to


def test_a_plan_is_looked_at_and_changed_on_its_boards(served: Served, open_page: OpenPage, tmp_path: Path) -> None:
    plan = _draft(served)
    page = open_page()
    sign_in(page, served.username, served.password)
    _look_search_and_filter(page, plan)
    _drag(page, plan)
    _by_keyboard(page, plan)
    _rooms(page, plan)
    _weeks(page, plan, tmp_path)
    week, to = _sessions(page, served, plan)
    _of_a_person_and_a_place(page, plan)

    phone = open_page(width=390, height=844, touch=True)
    sign_in(phone, served.username, served.password)
    for by in ("classes", "rooms"):
        phone.goto(f"{plan}/board/{by}")
        look(phone)
    card = phone.locator(".nights-table .card a").first
    name = card.inner_text()
    card.tap()
    expect(phone.locator("main")).to_contain_text(name)
    phone.goto(week)
    for language in ("en", "id"):
        speak(phone, language)
        phone.locator(
            f'.day .session a[href$="at={to}"]'
        ).first.tap()  # what has moved can move back; over two blocks it is there twice
        expect(phone.locator("dialog[data-side-panel] form[action$='/change']").first).to_be_visible()
        sound(phone)
        keep_picture(phone, "studio-session-choose", at="dialog form[action$='/change']")
        if language == "en":
            phone.get_by_role("button", name="Close").tap()
    phone.locator("dialog form[action$='/change'] button").first.tap()
    phone.wait_for_url(re.compile("of=group-"))
    expect(phone.locator(".day .session a").first).to_be_visible()


def test_a_name_of_one_long_word_breaks_no_phone(served: Served, open_page: OpenPage) -> None:
    url = _draft(served)
    with house_of(served):
        db.session.get_one(Plan, int(url.rpartition("/")[2])).name = "Percobaan" * 8
    page = open_page(width=390)
    sign_in(page, served.username, served.password)
    cycle = url.partition("/plans/")[0]
    for path in (
        url,
        f"{url}/board/rooms",
        f"{url}/history",
        f"{url}/week",
        f"{url}/publish",
        cycle,
        f"{cycle}/drafts",
    ):
        page.goto(path)
        expect(page.locator("h1")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
    page.goto(f"{cycle}/compare?a=1&b={url.rpartition('/')[2]}")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "comparison"
