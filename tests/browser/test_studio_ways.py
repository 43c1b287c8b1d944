"""One cycle planned from its set-up to the next one, by mouse or by keyboard alone, in English or Indonesian, on a
phone or a laptop: twelve journeys on a small house, whose plans take seconds. docs/journeys.md says which way each is
walked."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from foyer.accounts.models import Role
from foyer.accounts.services import create_user
from foyer.database import db
from foyer.residences.models import InstructorTrade
from tests.browser.conftest import PASSWORD, Served, _empty_house, add_manager, house_of, serving
from tests.browser.hands import Hands, enter
from tests.browser.looking import sound
from tests.browser.ways import WAYS, Way
from tests.cycles.house import House, make_house

pytestmark = pytest.mark.browser

OpenPage = Callable[..., Page]
TODAY = "2027-01-20"
LONG = 60_000  # a plan of the small house on a busy machine
SUBMIT = "main form.form button[type=submit]"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a house of sixteen with a running cycle that nobody has planned, and one class that is too small
    for all who want it. To be copied."""
    data = tmp_path_factory.mktemp("small") / "data"
    data.mkdir()
    _empty_house(data)
    with house_of(Served("", data)) as residence:
        residence.needs_approval = True
        add_manager(residence, "wakil", "Ibu Wakil")
        house = make_house(16, residence=residence)
        house.classes[0].maximum = 7
        for enrolment in house.enrolments[:10]:
            enrolment.stay.leaves_on = date(2027, 8, 29)
        _stand_in(house)
        sari = create_user(
            username="sari", display_name="Sari", role=Role.RESIDENT, residence_id=residence.id, password=PASSWORD
        )
        house.enrolments[0].stay.resident.user_id = sari.id
    return data


def _stand_in(house: House) -> None:
    """Whoever teaches the first trade could teach the second as well."""
    one, other = house.instructors[0], house.trades[1]
    db.session.add(InstructorTrade(residence_id=house.residence.id, staff_id=one.id, trade_id=other.id))


@pytest.fixture(params=WAYS, ids=str)
def way(request: pytest.FixtureRequest) -> Way:
    return request.param


@pytest.fixture
def served(small: Path, tmp_path: Path, way: Way) -> Iterator[Served]:
    data = tmp_path / "data"
    shutil.copytree(small, data)
    with serving(data, TODAY) as house:
        yield house


def test_a_cycle_is_planned_published_repaired_and_rolled_over(way: Way, served: Served, open_page: OpenPage) -> None:
    hands = enter(open_page, way, served.username, served.password)
    second = enter(open_page, way, "wakil", PASSWORD)
    running = _running(hands)
    following = _set_up_from_copy(hands)
    _wishes(hands, enter(open_page, way, "sari", PASSWORD), following)
    _two_drafts(hands, running)
    plan = _open_the_first(hands, running)
    resident = _why(hands, plan)
    _what_if(hands, plan, resident)
    _drag(hands, plan)
    _pin_and_finish(hands, plan, resident)
    _compare(hands, running)
    _approve_and_publish(hands, second, plan)
    other = _another(hands, running, plan)
    _approve_and_publish(hands, second, other)
    _roll_back(hands, second, running)
    _repair(hands, second, running)
    _roll_over(hands, running)


def _running(hands: Hands) -> str:
    hands.page.goto("/cycles")
    return str(hands.page.locator("main a[href^='/cycles/']:not([href='/cycles/new'])").first.get_attribute("href"))


def _set_up_from_copy(hands: Hands) -> str:
    """The next cycle brings along what the running one has; a day that is no Monday is refused first."""
    page = hands.page
    hands.press(page.locator("main a[href='/cycles/new']").first)
    expect(page.locator("#copy li").first).to_be_visible()
    first = page.locator("#starts_on").input_value()
    hands.write(page.locator("#starts_on"), "2027-05-05")
    hands.press(hands.button("Set up the cycle"))
    expect(page.locator(".error-summary")).to_be_focused()
    sound(page)
    hands.write(page.locator("#starts_on"), first)
    hands.press(hands.button("Set up the cycle"))
    page.wait_for_url(re.compile(r"/cycles/\d+$"))
    expect(hands.heading("What a plan needs")).to_be_visible()
    sound(page)
    return page.url


def _wishes(manager: Hands, resident: Hands, cycle: str) -> None:
    """The manager asks, a resident ranks, the manager sees who has chosen."""
    page = manager.page
    manager.press(manager.link("Ask the residents"))
    manager.write(page.locator("#from_on"), TODAY)
    manager.write(page.locator("#to_on"), "2027-01-24")
    manager.press(manager.button("Ask for wishes"))
    expect(page.locator("#flashes")).not_to_be_empty()
    sound(page)
    own = resident.page
    own.goto("/")
    resident.press(resident.link("Choose now"))
    resident.press(own.get_by_role("button", name=re.compile("Tata Boga")).first)
    expect(own.locator(".ranked--slots li").first).to_contain_text("Tata Boga")
    resident.press(own.get_by_role("button", name=re.compile("Otomotif")).first)
    expect(own.locator(".ranked--slots li").nth(1)).to_contain_text("Otomotif")
    up = resident.button("%(trade)s further up", trade="Otomotif")
    resident.press(up)
    expect(own.locator(".ranked--slots li").first).to_contain_text("Otomotif")
    resident.press(resident.button("Send my wish"))
    expect(own.locator(".ranked li").first).to_contain_text("Otomotif")
    sound(own)
    page.goto(f"{cycle}/wishes")
    expect(page.locator(".figures .figure b").first).to_have_text("1")


def _two_drafts(hands: Hands, cycle: str) -> None:
    page = hands.page
    page.goto(f"{cycle}/drafts")
    hands.press(hands.link("Make drafts"))
    hands.tick(page.get_by_label(hands.say("Fewer moves"), exact=True))
    hands.press(page.locator("summary").filter(has_text=hands.say("Weights of my own")))
    expect(page.locator(".weight-grid").first).to_be_visible()
    hands.press(hands.button("Make these drafts"))
    expect(page.locator(".draft")).to_have_count(2, timeout=LONG)
    page.reload()
    for draft in page.locator(".draft").all():
        expect(draft.get_by_role("link", name=hands.named("Compare"))).to_be_visible(timeout=LONG)
    sound(page)


def _open_the_first(hands: Hands, cycle: str) -> str:
    """The address of the older of the two."""
    addresses = hands.page.locator(".draft h3 a").evaluate_all("links => links.map(link => link.pathname)")
    return str(min(addresses, key=lambda address: int(address.rpartition("/")[2])))


def _why(hands: Hands, plan: str) -> str:
    """From the board to the panel of somebody who did not get what was wished for first: why. Their id."""
    page = hands.page
    page.goto(f"{plan}/board/classes?show=unhappy")
    card = page.locator(".lane .card").first
    resident = str(card.get_attribute("data-e"))
    hands.press(card.locator("a[data-panel]"))
    panel = page.locator("dialog[open]")
    expect(panel.locator("#panel-title")).to_be_focused()
    expect(panel.locator("h3").first).to_contain_text("Otomotif")
    sound(page)
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    expect(card.locator("a[data-panel]")).to_be_focused()
    return resident


def _what_if(hands: Hands, plan: str, resident: str) -> None:
    """What would have to move for the first wish; done, told in the history, undone."""
    page = hands.page
    page.goto(f"{plan}/residents/{resident}")
    hands.press(page.locator("#need-class").get_by_role("link", name=hands.named("Other places")))
    expect(page.locator(".place--forbidden").first).to_be_visible()
    hands.press(hands.link("What would have to move?"))
    expect(page.locator(".answer")).to_be_visible()
    sound(page)
    hands.press(hands.button("Do it"))
    expect(page.locator("#history")).to_be_visible()
    hands.press(hands.button("Undo"))
    expect(hands.button("Redo")).to_be_enabled()


def _lane(page: Page, place: str) -> Locator:
    return page.locator(f'.lane[data-name="{place}"]')


def _drag(hands: Hands, plan: str) -> None:
    """A card into another room, after each room has said what it would mean."""
    page = hands.page
    page.goto(f"{plan}/board/rooms")
    card = page.locator(".nights-table .card").first
    who = card.get_attribute("data-e")
    if hands.way.by == "mouse":
        place = _carry(page, card)
    else:
        hands.reach(card.locator("a[data-panel]"))
        page.keyboard.press("m")
        place = _first_open(page)
        sound(page)
        page.keyboard.press("ArrowRight")
        while not page.locator("#told").inner_text().startswith(f"{place}:"):
            page.keyboard.press("ArrowRight")
        page.keyboard.press("Enter")
    expect(_lane(page, place).locator(f'.card[data-e="{who}"]')).to_be_visible()
    expect(page.locator("#hand")).to_be_hidden()
    hands.press(hands.button("Undo"))
    expect(_lane(page, place).locator(f'.card[data-e="{who}"]')).to_have_count(0)


def _first_open(page: Page) -> str:
    """The name of the first place that would take the card in the hand."""
    lane = page.locator(".lane[data-verdict=allowed], .lane[data-verdict=price]").first
    expect(lane).to_be_visible()
    expect(page.locator(".lane[data-verdict=forbidden] .verdict").first).not_to_be_empty()
    return str(lane.get_attribute("data-name"))


def _carry(page: Page, card: Locator) -> str:
    """By the mouse, over the bar of places that is in sight wherever the room is. The room's name."""
    card.scroll_into_view_if_needed()
    card.hover()
    page.mouse.down()
    box = card.bounding_box()
    assert box
    page.mouse.move(box["x"] + 60, box["y"] + 20, steps=3)
    place = _first_open(page)
    over = page.locator(".hand-targets li").filter(has_text=re.compile(rf"^{place}\b")).first.bounding_box()
    assert over
    x, y = over["x"] + over["width"] / 2, over["y"] + over["height"] / 2
    page.mouse.move(x, y, steps=4)
    page.mouse.move(x + 1, y)
    expect(page.locator(".hand-words")).to_contain_text(f"{place}:")
    page.mouse.up()
    return place


def _pin_and_finish(hands: Hands, plan: str, resident: str) -> None:
    """A room is pinned and the rest finished around it: a new draft, the old one stays."""
    page = hands.page
    page.goto(f"{plan}/residents/{resident}")
    hands.press(page.locator("#need-room").get_by_role("button", name=hands.named("Pin")))
    expect(page.locator("#need-room").get_by_role("button", name=hands.named("Unpin"))).to_be_visible()
    hands.press(hands.button("Finish the rest"))
    page.wait_for_url(re.compile(r"/plans/\d+$"), timeout=LONG)
    assert not page.url.endswith(plan)
    sound(page)
    page.goto(f"{page.url}/history")
    expect(page.locator("#pins li")).to_have_count(1)


def _compare(hands: Hands, cycle: str) -> None:
    """A copy is made, changed and compared with what it was; the change is taken back into it."""
    page = hands.page
    page.goto(f"{cycle}/drafts")
    before = page.locator(".draft").count()
    hands.press(page.locator(".draft").first.get_by_role("button", name=hands.named("Copy")))
    expect(page.locator(".draft")).to_have_count(before + 1)
    hands.press(hands.link("Compare two of them"))
    expect(page.locator("#a")).to_be_visible()
    drafts = page.locator("#a option").evaluate_all("options => options.map(option => option.value)")
    hands.choose(page.locator("#a"), drafts[0])
    hands.choose(page.locator("#b"), drafts[-1])
    hands.press(hands.button("Show"))
    expect(page.locator("#b")).to_have_value(drafts[-1])
    sound(page)
    part = page.locator("input[name=part]").first
    hands.tick(part)
    hands.press(page.locator(".take-bar button").first)
    expect(page.locator("#flashes")).not_to_be_empty()


def _approve_and_publish(hands: Hands, second: Hands, plan: str) -> None:
    """One proposes, the other decides, the first publishes."""
    page = hands.page
    page.goto(f"{plan}/publish")
    hands.press(hands.button("Propose"))
    expect(page.locator("main")).to_contain_text(hands.say("Waits for another manager"))
    _decide(second)
    page.reload()
    sound(page)
    hands.press(hands.button("Publish"))
    expect(page.locator("#flashes")).not_to_be_empty()


def _decide(second: Hands) -> None:
    second.page.goto("/")
    second.press(second.link("Decide"))
    expect(second.button("Approve")).to_be_visible()
    sound(second.page)
    second.press(second.button("Approve"))
    expect(second.page.locator("main")).to_contain_text(second.say("Approved by %(name)s", name="Ibu Wakil"))


def _another(hands: Hands, cycle: str, published: str) -> str:
    """The draft that differs from what is published."""
    hands.page.goto(f"{cycle}/drafts")
    addresses = hands.page.locator(".draft h3 a").evaluate_all("links => links.map(link => link.pathname)")
    return next(str(address) for address in addresses if address != published)


def _roll_back(hands: Hands, second: Hands, cycle: str) -> None:
    page = hands.page
    page.goto(f"{cycle}/versions")
    hands.press(hands.link("Go back to version %(number)s", number=1))
    expect(page.locator("#from_on")).to_be_visible()
    sound(page)
    hands.write(page.locator("#from_on"), "2027-01-27")
    hands.press(hands.button("Propose"))
    expect(page.locator("main")).to_contain_text(hands.say("Waits for another manager"))
    _decide(second)
    page.reload()
    hands.press(hands.button("Publish"))
    expect(page.locator("#flashes")).not_to_be_empty()
    page.goto(f"{cycle}/versions")
    expect(page.locator("#version-3")).to_be_visible()
    sound(page)


def _repair(hands: Hands, second: Hands, cycle: str) -> None:
    """An instructor is replaced: the least change, published as a version of its own."""
    page = hands.page
    page.goto(f"{cycle}/repair")
    hands.press(page.locator("a[href$='/repair/replaced']"))
    expect(page.locator("#staff_id")).to_be_visible()
    staff = page.locator("#staff_id option").evaluate_all("options => options.map(option => option.value)")
    hands.choose(page.locator("#staff_id"), staff[2])
    hands.choose(page.locator("#instead_staff_id"), staff[1])
    hands.press(hands.button("Record it"))
    expect(page.locator("#happened .rows li")).to_have_count(1)
    sound(page)
    hands.press(hands.button("Work out the least change"))
    page.wait_for_url(re.compile(r"/plans/\d+/repair$"), timeout=LONG)
    sound(page)
    hands.press(hands.link("Publish"))
    page.wait_for_url(re.compile("/publish$"))
    plan = page.url.removesuffix("/publish")
    _approve_and_publish(hands, second, plan)
    page.goto(f"{cycle}/versions")
    expect(page.locator("#version-4")).to_be_visible()


def _roll_over(hands: Hands, cycle: str) -> None:
    """One by a decision of its own, everybody else as suggested; the next cycle is filled from it."""
    page = hands.page
    page.goto(f"{cycle}/roll-over")
    hands.press(page.locator(".rolls > li a").first)
    hands.tick(page.locator("#next_step-0"))
    hands.press(hands.button("Save"))
    expect(page.locator(".rolls > li .tag")).to_have_count(1)
    page.goto(f"{cycle}/roll-over?show=undecided")
    hands.press(hands.button("Tick all shown"))
    hands.press(page.locator("button[name=act][value=suggested]"))
    expect(page.locator(".rolls")).to_have_count(0)
    sound(page)
    hands.press(hands.button("Fill the next cycle from it"))
    page.wait_for_url(re.compile(r"/cycles/\d+$"))
    sound(page)
