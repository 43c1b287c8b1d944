"""Asking on a card in a real browser: why, other places, what if, the best placements; in the side panel by mouse and
by keyboard, and on a phone by the page's own forms. While one manager changes, another's board says who did what."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from foyer.cycles.models import Cycle
from foyer.cycles.opened import opened
from foyer.cycles.planning import store_plan
from foyer.cycles.targets import targets
from foyer.database import db
from tests.browser.conftest import PASSWORD, Served, add_manager, house_of, running_plan, sign_in
from tests.browser.looking import keep_picture, look, sound, speak
from tests.cycles.house import make_enrolment

pytestmark = pytest.mark.browser

OpenPage = Callable[..., Page]


@pytest.fixture(scope="module")
def served(planned: Served) -> Served:
    return planned


def _prepare(served: Served) -> tuple[str, int, int]:
    """The address of a draft like the published plan, a resident who got less than wished, and somebody new; a second
    manager."""
    with house_of(served) as residence:
        add_manager(residence, "wakil", "Ibu Wakil")
        published = running_plan()
        known = opened(published)
        draft = store_plan(published.cycle, known.problem, known.answer)
        db.session.flush()
        subjects = {group.id: group.subject for group in known.problem.groups}
        class_of = {s.resident: subjects[s.group] for s in known.answer.seats}
        unlucky = next(
            r.id for r in known.problem.residents if len(r.choices) > 1 and class_of.get(r.id) == r.choices[1]
        )
        new = make_enrolment(db.session.get_one(Cycle, published.cycle_id), full_name="Baru Datang")
        return f"/cycles/{published.cycle_id}/plans/{draft.id}", int(unlucky), new.id


def _name(link: Locator) -> str:
    return link.inner_text().strip()


def _in_the_panel_by_mouse(page: Page, plan: str, resident: int) -> None:
    """From a card: why, another class, what would have to move; the panel closes where it was opened."""
    page.goto(f"{plan}/board/classes")
    card = page.locator(f'.card[data-e="{resident}"] a[data-panel]')
    name = _name(card)
    panel = page.locator("dialog[open]")
    speak(page, "en")
    card.click()
    expect(panel).to_contain_text("Why not")
    keep_picture(page, "studio-panel")
    page.keyboard.press("Escape")
    speak(page, "id")
    card.click(position={"x": 6, "y": 6})
    expect(panel.locator("#panel-title")).to_have_text(name)
    expect(panel.locator("#panel-title")).to_be_focused()
    expect(panel).to_contain_text("Mengapa bukan")
    keep_picture(page, "studio-panel")
    sound(page)
    panel.get_by_role("link", name=re.compile(r"Pilihan lain\W+Kelas")).click()
    expect(panel.locator("#panel-title")).to_have_text(f"Kelas lain untuk {name}")
    expect(panel.locator(".place--forbidden").first).to_be_visible()
    wished = ["pilihan ke-" in title for title in panel.locator(".place--forbidden h3").all_inner_texts()]
    assert wished == sorted(wished, reverse=True), "of what is not possible as it is, what was wished comes first"
    panel.get_by_role("link", name="Apa yang harus pindah?").first.click()
    expect(panel.locator(".answer")).to_contain_text(name)
    sound(page)
    panel.get_by_role("link", name=f"Kembali ke {name}").click()
    expect(panel.locator("#panel-title")).to_have_text(name)
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    expect(card).to_be_focused()


def _in_the_panel_by_keyboard(page: Page, plan: str, resident: int) -> None:
    """Enter on a card's name, on to another counsellor, put there: the board has it."""
    page.goto(f"{plan}/board/counsellors")
    card = page.locator(f'.card[data-e="{resident}"] a[data-panel]')
    name = _name(card)
    card.focus()
    page.keyboard.press("Enter")
    panel = page.locator("dialog[open]")
    expect(panel.locator("#panel-title")).to_be_focused()
    panel.get_by_role("link", name=re.compile(r"Pilihan lain\W+Pekerja sosial")).focus()
    page.keyboard.press("Enter")
    expect(panel.locator("#panel-title")).to_be_focused()
    here = panel.get_by_role("button", name="Tempatkan di sini").first
    for _step in range(12):
        page.keyboard.press("Tab")
        if here.evaluate("button => button === document.activeElement"):
            break
    expect(here).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/board/counsellors"))
    expect(panel).to_have_count(0)
    expect(page.locator(f'.card[data-e="{resident}"]')).to_contain_text("sebelumnya")
    expect(page.locator(f'.card[data-e="{resident}"]')).to_contain_text(name)


def _two_at_once(page: Page, second: Page, plan: str, resident: int) -> None:
    """A second manager changes by the panel, by keyboard; the board that lay open says who did what, shows the
    draft as it is now and undoes it."""
    page.goto(f"{plan}/board/counsellors")
    card = page.locator(f'.card[data-e="{resident}"]')
    name = _name(card.locator("a[data-panel]"))
    _in_the_panel_by_keyboard(second, plan, resident)
    news = page.locator("[data-meanwhile] .callout")
    expect(news).to_contain_text("Ibu Wakil", timeout=30_000)  # open pages ask every ten seconds
    expect(news).to_contain_text(name)
    expect(card).not_to_contain_text("sebelumnya")
    keep_picture(page, "studio-two-at-once", at="[data-meanwhile] .callout")
    sound(page)
    news.get_by_role("link").click()
    expect(card).to_contain_text("sebelumnya")
    expect(page.locator("[data-meanwhile]")).to_be_empty()
    page.locator("#board").get_by_role("button", name="Urungkan").click()
    expect(page.locator("#board").get_by_role("button", name="Ulangi")).to_be_enabled()
    expect(card).not_to_contain_text("sebelumnya")


def _on_a_phone(phone: Page, plan: str, resident: int) -> None:
    """Why, other classes, what if, done as one step, pinned; all by the page's own forms."""
    phone.goto(f"{plan}/residents/{resident}")
    name = phone.locator("h1").inner_text()
    expect(phone.locator("#need-class")).to_contain_text("Mengapa bukan")
    look(phone, "studio-resident")
    phone.get_by_role("link", name=re.compile(r"Pilihan lain\W+Kelas")).tap()
    expect(phone.locator("h1")).to_have_text(f"Kelas lain untuk {name}")
    look(phone, "studio-places")
    for button in phone.locator(".place-doors .button").all()[:4]:
        box = button.bounding_box()
        assert box
        assert box["height"] >= 44, "large enough for a thumb"
    addresses = phone.locator(".places a").evaluate_all("links => links.map(link => link.href)")
    for address in addresses:
        phone.goto(address)
        if phone.get_by_role("button", name="Lakukan").count():
            break
    expect(phone.locator(".answer")).to_contain_text("dapat memperoleh")
    expect(phone.locator("main")).to_contain_text("Siapa yang pindah")
    look(phone, "studio-what-if")
    phone.get_by_role("button", name="Lakukan").tap()
    expect(phone.locator("#history")).to_contain_text(name)
    phone.get_by_role("button", name="Kunci Kelas").tap()
    expect(phone.locator("#need-class")).to_contain_text("Dikunci")
    phone.get_by_role("button", name="Lepas kunci Kelas").tap()
    expect(phone.locator("#need-class")).not_to_contain_text("Dikunci")
    phone.get_by_role("link", name=re.compile("bertemu pada jam lain")).first.tap()
    expect(phone.locator(".place").first).to_be_visible()
    sound(phone)


def _somebody_new(page: Page, plan: str, resident: int) -> None:
    """The best whole placements; one of them makes a draft with the newcomer in it."""
    page.goto(f"{plan}/residents/{resident}")
    expect(page.locator("main")).to_contain_text("Rencana ini dibuat tanpa Baru Datang.")
    page.get_by_role("link", name="Di mana tempat terbaik").click()
    expect(page.locator("#placement-1")).to_contain_text("Mendapat")
    look(page, "studio-recommend")
    page.get_by_role("link", name="paling banyak 2 orang lain").click()
    expect(page.locator("a[aria-current=true]").filter(has_text="2")).to_be_visible()
    page.get_by_role("button", name="Buat draf dengan ini").first.click()
    expect(page.locator("#need-room")).to_be_visible()
    expect(page.locator("h1")).to_have_text("Baru Datang")
    assert not page.url.endswith(f"{plan}/residents/{resident}"), "the plan itself stays as it was"


def _press(button: Locator) -> None:
    """By keyboard."""
    button.focus()
    button.press("Enter")


def _changes_with_another_and_in_spite_of_a_pin(phone: Page, plan: str, resident: int) -> None:
    """In English and by keyboard: two residents change places where a class is full, as one step; a pinned room
    is let go of and changed by one button."""
    speak(phone, "en")
    phone.goto(f"{plan}/residents/{resident}/places/class")
    addresses = phone.get_by_role("link", name="Change with somebody there").evaluate_all("all => all.map(a => a.href)")
    for address in addresses:
        phone.goto(address)
        if phone.get_by_role("button", name="Change the two").count():
            break
    expect(phone.locator("h1")).to_contain_text("Who could change with")
    look(phone, "studio-swaps")
    speak(phone, "en")
    other = phone.locator(".place--allowed h3").first.inner_text()
    _press(phone.get_by_role("button", name="Change the two").first)
    expect(phone.locator("#history")).to_contain_text("From")
    phone.goto(f"{plan}/history")
    expect(phone.locator("main")).to_contain_text(other)
    _press(phone.get_by_role("button", name="Undo").first)
    phone.goto(f"{plan}/residents/{resident}")
    _press(phone.get_by_role("button", name="Pin Room"))
    phone.goto(f"{plan}/residents/{resident}/places/room")
    doors = phone.get_by_role("link", name="What would have to move?").evaluate_all("all => all.map(a => a.href)")
    for address in doors:
        phone.goto(address)
        if phone.get_by_role("button", name="Unpin and").count():
            break
    look(phone, "studio-unpin")
    speak(phone, "en")
    _press(phone.get_by_role("button", name="Unpin and"))
    expect(phone.locator("#history")).to_contain_text("Let go of")
    expect(phone.locator("#need-room")).not_to_contain_text("Pinned")


def test_a_manager_asks_and_gets_answers(served: Served, open_page: OpenPage) -> None:
    plan, unlucky, new = _prepare(served)
    page = open_page()
    sign_in(page, served.username, served.password)
    _in_the_panel_by_mouse(page, plan, unlucky)
    second = open_page()
    sign_in(second, "wakil", PASSWORD)
    _two_at_once(page, second, plan, unlucky)
    _somebody_new(page, plan, new)
    phone = open_page(width=390, height=844, touch=True)
    sign_in(phone, served.username, served.password)
    _on_a_phone(phone, plan, unlucky)
    _changes_with_another_and_in_spite_of_a_pin(phone, plan, unlucky)


def test_without_scripts_the_card_leads_to_the_page(served: Served, open_page: OpenPage) -> None:
    plan, unlucky, _new = _prepare_again(served)
    page = open_page(scripts=False)
    sign_in(page, served.username, served.password)
    speak(page, "id")  # an account keeps the language it was last used in
    page.goto(f"{plan}/residents")
    page.locator("a[data-panel]").first.click()
    expect(page.locator("#need-class")).to_be_visible()
    page.goto(f"{plan}/residents/{unlucky}/places/room")
    page.get_by_role("button", name="Tempatkan di sini").first.click()
    expect(page.locator("#history")).to_be_visible()


def _prepare_again(served: Served) -> tuple[str, int, int]:
    """The published plan copied once more, for whoever comes second; a resident for whom another room is free."""
    with house_of(served):
        published = running_plan()
        assert published
        known = opened(published)
        draft = store_plan(published.cycle, known.problem, known.answer)
        db.session.flush()
        resident = next(
            r.id
            for r in known.problem.residents
            if any(t.state in ("allowed", "price") for t in targets(draft, "room", int(r.id)))
        )
        return f"/cycles/{published.cycle_id}/plans/{draft.id}", int(resident), 0
