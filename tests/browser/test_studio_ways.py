"""The studio's twelve journeys, each in all eight ways: by mouse (on a phone by touch) or by keyboard alone, in
Indonesian or English, on a laptop or a phone; on a small house that is put back between them. Each ends in what the
database then holds. docs/journeys.md is their table."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import func, select

from foyer.cycles.collecting import WishCollection
from foyer.cycles.comparing import differences
from foyer.cycles.decisions import Decision, NextStep
from foyer.cycles.models import (
    BedNight,
    Choice,
    Cycle,
    Enrolment,
    Plan,
    PlanLodging,
    PlanMeeting,
    PlanSeat,
    PlanState,
    TeachingGroup,
)
from foyer.cycles.opened import opened
from foyer.cycles.releases import PlanProposal, ProposalState
from foyer.database import db
from foyer.residents.models import Stay
from tests.browser.conftest import PASSWORD, Served, house_of, serving, sign_in
from tests.browser.hands import Hands
from tests.browser.journeys import stage_of
from tests.browser.stages import PEOPLE, TODAY, Known, make_stages, put_back
from tests.browser.ways import WAYS, Way

pytestmark = pytest.mark.browser

OpenPage = Callable[..., Page]
LONG = 180_000  # a plan of the small house on a busy machine
LATER = TODAY + timedelta(days=7)


@dataclass(frozen=True)
class Stages:
    """The copies of the house, what is known of it, and the cookies of whoever has signed in."""

    folder: Path
    known: Known
    cookies: dict[str, Any]


@dataclass(frozen=True)
class Walk:
    """One journey in one way: ``hands`` of the manager at work, ``second`` of another one."""

    way: Way
    known: Known
    served: Served
    enter: Callable[[str], Hands]
    hands: Hands

    @property
    def cycle(self) -> str:
        return f"/cycles/{self.known.cycle}"

    @property
    def plan(self) -> str:
        return f"{self.cycle}/plans/{self.known.first}"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Known, Served]]:
    """Every stage made and kept, the last one served."""
    folder = tmp_path_factory.mktemp("stages")
    data = tmp_path_factory.mktemp("small")
    known = make_stages(folder, data)
    with serving(data, TODAY.isoformat()) as running:
        yield folder, known, running


@pytest.fixture(scope="module")
def served(house: tuple[Path, Known, Served]) -> Served:
    return house[2]


@pytest.fixture(scope="module")
def stages(house: tuple[Path, Known, Served], browser: Browser) -> Stages:
    folder, known, running = house
    cookies = {}
    for name in PEOPLE:
        with browser.new_context(base_url=running.url) as context:
            sign_in(context.new_page(), name, PASSWORD)
            cookies[name] = context.cookies()
    return Stages(folder, known, cookies)


@pytest.fixture(params=WAYS, ids=str)
def walk(request: pytest.FixtureRequest, stages: Stages, served: Served, open_page: OpenPage) -> Walk:
    """The house at the stage of the journey, and a manager who is signed in."""
    way: Way = request.param
    put_back(stages.folder, served.data, stage_of(request.function.__name__), way.language)

    def enter(name: str) -> Hands:
        page = open_page(
            width=way.width,
            height=844 if way.is_narrow else 900,
            locale={"id": "id-ID", "en": "en-GB"}[way.language],
            touch=way.is_touch,
            cookies=stages.cookies[name],
        )
        return Hands(page, way)

    return Walk(way, stages.known, served, enter, enter(served.username))


def test_set_up_from_copy(walk: Walk) -> None:
    """The next cycle has the classes of the last one and whoever stays on; a day that is no Monday is refused first."""
    hands, page = walk.hands, walk.hands.page
    page.goto("/cycles")
    hands.press(page.locator("main a[href='/cycles/new']").first)
    expect(page.locator("#copy li").first).to_be_visible()
    first = page.locator("#starts_on").input_value()
    hands.write(page.locator("#starts_on"), "2027-05-05")
    hands.press(hands.button("Set up the cycle"))
    expect(page.locator(".error-summary")).to_be_focused()
    hands.looks()
    hands.write(page.locator("#starts_on"), first)
    hands.press(hands.button("Set up the cycle"))
    page.wait_for_url(re.compile(r"/cycles/\d+$"))
    expect(hands.heading("What a plan needs")).to_be_visible()
    hands.looks()
    with house_of(walk.served):
        made = db.session.get_one(Cycle, int(page.url.rpartition("/")[2]))
        assert made.starts_on == date.fromisoformat(first) == date(2027, 5, 3)
        assert _codes(made.id) == _codes(walk.known.cycle)
        staying = select(Stay.id).where(Stay.leaves_on > made.starts_on)
        assert _stays_in(made.id) == set(db.session.scalars(staying)) != set()


def _codes(cycle: int) -> set[str]:
    return set(db.session.scalars(select(TeachingGroup.code).where(TeachingGroup.cycle_id == cycle)))


def _stays_in(cycle: int) -> set[int]:
    return set(db.session.scalars(select(Enrolment.stay_id).where(Enrolment.cycle_id == cycle)))


def test_wishes(walk: Walk) -> None:
    """The window of days and the ranks that a resident sent are kept; the manager sees who has chosen."""
    manager, cycle = walk.hands, f"/cycles/{walk.known.following}"
    page = manager.page
    page.goto(cycle)
    manager.press(manager.link("Ask the residents"))
    manager.write(page.locator("#from_on"), TODAY.isoformat())
    manager.write(page.locator("#to_on"), "2027-01-24")
    manager.press(manager.button("Ask for wishes"))
    expect(page.locator("#flashes")).not_to_be_empty()
    manager.looks()
    _rank(walk.enter("sari"))
    page.goto(f"{cycle}/wishes")
    expect(page.locator(".figures .figure b").first).to_have_text("1")
    with house_of(walk.served):
        asked = db.session.scalars(select(WishCollection)).one()
        assert (asked.cycle_id, asked.from_on, asked.to_on) == (walk.known.following, TODAY, date(2027, 1, 24))
        ranks = select(Choice).join(Choice.enrolment).where(Enrolment.cycle_id == walk.known.following)
        chosen = {row.rank: row.trade.name for row in db.session.scalars(ranks)}
        assert chosen == {1: "Otomotif", 2: "Tata Boga"}


def _rank(resident: Hands) -> None:
    """One trade, another, the second one up, sent."""
    page = resident.page
    page.goto("/")
    resident.press(resident.link("Choose now"))
    ranked = page.locator(".ranked--slots li")
    resident.press(page.get_by_role("button", name=re.compile("Tata Boga")).first)
    expect(ranked.first).to_contain_text("Tata Boga")
    resident.press(page.get_by_role("button", name=re.compile("Otomotif")).first)
    expect(ranked.nth(1)).to_contain_text("Otomotif")
    resident.press(resident.button("%(trade)s further up", trade="Otomotif"))
    expect(ranked.first).to_contain_text("Otomotif")
    resident.looks()
    resident.press(resident.button("Send my wish"))
    expect(page.locator("main .ranked li").first).to_contain_text("Otomotif")
    expect(page.locator("#send")).to_have_count(0)
    resident.looks()


def test_two_drafts(walk: Walk) -> None:
    """Two whole drafts that weigh differently lie beside each other."""
    hands, page = walk.hands, walk.hands.page
    page.goto(f"{walk.cycle}/drafts")
    hands.press(hands.link("Make drafts"))
    hands.tick(page.get_by_label(hands.say("Fewer moves"), exact=True))
    hands.press(page.locator("summary").filter(has_text=hands.say("Weights of my own")))
    expect(page.locator(".weight-grid").first).to_be_visible()
    hands.looks()
    hands.press(hands.button("Make these drafts"))
    compare = page.locator(".draft").get_by_role("link", name=hands.named("Compare"))
    expect(compare).to_have_count(2, timeout=LONG)
    hands.looks()
    with house_of(walk.served):
        drafts = db.session.scalars(select(Plan).where(Plan.cycle_id == walk.known.cycle)).all()
        one, other = (opened(draft) for draft in drafts)
        assert one.problem.weights != other.problem.weights
        for found in (one, other):
            assert {lodging.resident for lodging in found.answer.lodgings} == {r.id for r in found.problem.residents}


def test_why(walk: Walk) -> None:
    """From the board to why somebody did not get what was wished for first, and back to the card."""
    hands, page = walk.hands, walk.hands.page
    page.goto(f"{walk.plan}/board/classes?show=unhappy")
    card = page.locator(f'.lane .card[data-e="{walk.known.unlucky}"] a[data-panel]')
    name = card.inner_text().strip()
    hands.press(card)
    panel = page.locator("dialog[open]")
    expect(panel.locator("#panel-title")).to_be_focused()
    expect(panel.locator("#panel-title")).to_have_text(name)
    why_not = panel.locator("#need-class h3").first
    expect(why_not).to_have_text(re.compile(f"^{re.escape(hands.say('Why not %(what)s?', what='Otomotif')[:-1])}"))
    reasons = panel.locator("#need-class h3 + ul li").all_inner_texts()
    hands.looks()
    hands.leave(panel, "Close")
    expect(panel).to_have_count(0)
    expect(card).to_be_focused()
    page.goto(f"{walk.plan}/residents/{walk.known.unlucky}")
    for reason in reasons:
        expect(page.locator("#need-class")).to_contain_text(reason)
    with house_of(walk.served):
        full = db.session.get_one(TeachingGroup, walk.known.full)
        taken = select(func.count()).where(PlanSeat.plan_id == walk.known.first, PlanSeat.group_id == full.id)
        assert db.session.scalar(taken) == full.maximum
        assert any(str(full.maximum) in reason for reason in reasons), "how many places the class has is said"
        assert _class_of(walk) != full.id


def _class_of(walk: Walk) -> int:
    """Which class the first draft gives whoever got less than wished."""
    seat = select(PlanSeat.group_id).join(PlanSeat.group)
    trade = seat.where(TeachingGroup.trade_id.is_not(None), PlanSeat.enrolment_id == walk.known.unlucky)
    return int(db.session.scalars(trade.where(PlanSeat.plan_id == walk.known.first)).one())


def test_what_if(walk: Walk) -> None:
    """What would have to move for the first wish; done, and undone: the draft follows both times."""
    hands, page = walk.hands, walk.hands.page
    page.goto(f"{walk.plan}/residents/{walk.known.unlucky}")
    hands.press(page.locator("#need-class").get_by_role("link", name=hands.named("Other places")))
    expect(page.locator(".place--forbidden").first).to_be_visible()
    hands.looks()
    hands.press(hands.link("What would have to move?"))
    expect(page.locator(".answer")).to_be_visible()
    expect(page.locator("main .table tbody tr")).not_to_have_count(0)
    hands.looks()
    hands.press(hands.button("Do it"))
    expect(page.locator("#history")).to_be_visible()
    with house_of(walk.served):
        assert _class_of(walk) == walk.known.full
    hands.press(hands.button("Undo"))
    expect(hands.button("Redo")).to_be_enabled()
    with house_of(walk.served):
        assert _class_of(walk) != walk.known.full


def test_drag(walk: Walk) -> None:
    """A card into another room, after every room has said what it would mean; and back."""
    hands, page = walk.hands, walk.hands.page
    page.goto(f"{walk.plan}/board/rooms")
    card = page.locator(".nights-table .card").first
    who = int(str(card.get_attribute("data-e")))
    before = _room_of(walk, who)
    room = _by_form(hands, card) if walk.way.is_touch else _in_the_hand(hands, card, who)
    assert room != before
    there = page.locator(f'.lane[data-target="{room}"] .card[data-e="{who}"]')
    expect(there).to_be_visible()
    assert _room_of(walk, who) == room
    hands.looks()
    hands.press(hands.button("Undo"))
    expect(there).to_have_count(0)
    assert _room_of(walk, who) == before


def _room_of(walk: Walk, who: int, plan: int = 0) -> int:
    with house_of(walk.served):
        query = select(PlanLodging.room_id).where(PlanLodging.enrolment_id == who)
        return int(db.session.scalars(query.where(PlanLodging.plan_id == (plan or walk.known.first))).one())


def _in_the_hand(hands: Hands, card: Locator, who: int) -> int:
    """``card``: the first of the board, as it is now; another one once it has moved."""
    page = hands.page
    if hands.way.by == "mouse":
        lane = _carry(page, card)
    else:
        hands.reach(card.locator("a[data-panel]"))
        page.keyboard.press("m")
        lane = _first_open(page)
        hands.looks()
        _go_over(page, str(lane.get_attribute("data-name")))
        page.keyboard.press("Enter")
    room = int(str(lane.get_attribute("data-target")))
    expect(page.locator("#hand")).to_be_hidden()
    expect(page.locator("#told")).not_to_be_empty()
    if hands.way.by == "keyboard":
        moved = page.locator(f'.card[data-e="{who}"] > a')
        # Once the board was sent anew. Asked of the document: a browser that another window covers calls it inactive.
        for _tenth in range(300):
            if moved.evaluate("link => link === document.activeElement"):
                break
            page.wait_for_timeout(100)
        else:
            raise AssertionError("the card that was moved is not focused")
    return room


def _go_over(page: Page, place: str) -> None:
    """From place to place; of each the verdict is announced."""
    for _place in range(page.locator(".lane[data-target]").count()):
        page.keyboard.press("ArrowRight")
        told = page.locator("#told").inner_text()
        assert told == page.locator(".hand-words").inner_text() != ""
        if told.startswith(f"{place}:"):
            return
    raise AssertionError(f"{place} is never reached: {told}")


def _first_open(page: Page) -> Locator:
    """The first place that would take the card in the hand; others say why they do not."""
    open_one = page.locator(".lane[data-verdict=allowed], .lane[data-verdict=price]").first
    expect(open_one).to_be_visible()
    expect(page.locator(".lane[data-verdict=forbidden] .verdict").first).not_to_be_empty()
    return page.locator(f'.lane[data-target="{open_one.get_attribute("data-target")}"]')


def _carry(page: Page, card: Locator) -> Locator:
    """By the mouse, over the bar of places that is in sight wherever the room is."""
    card.scroll_into_view_if_needed()
    card.hover()
    page.mouse.down()
    box = card.bounding_box()
    assert box
    page.mouse.move(box["x"] + 60, box["y"] + 20, steps=3)
    lane = _first_open(page)
    over = page.locator(f'.hand-targets li[data-target="{lane.get_attribute("data-target")}"]').bounding_box()
    assert over
    x, y = over["x"] + over["width"] / 2, over["y"] + over["height"] / 2
    page.mouse.move(x, y, steps=4)
    page.mouse.move(x + 1, y)  # the browser tells the page of a dragged thing's place one move late
    expect(page.locator(".hand-words")).to_contain_text(f"{lane.get_attribute('data-name')}:")
    page.mouse.up()
    return lane


def _by_form(hands: Hands, card: Locator) -> int:
    """By touch: the card's panel, every room with its verdict, one of those that would take it."""
    hands.press(card.locator("a[data-panel]"))
    panel = hands.page.locator("dialog[open]")
    hands.press(panel.locator("#need-room").get_by_role("link", name=hands.named("Other places")))
    expect(panel.locator(".place--forbidden p").first).not_to_be_empty()
    takes = panel.locator(".place--allowed, .place--price").first
    expect(takes.locator("p").first).not_to_be_empty()
    hands.looks()
    room = int(takes.locator("input[name=target]").input_value())
    hands.press(takes.get_by_role("button", name=hands.named("Put here")))
    expect(panel).to_have_count(0)
    return room


def test_pin_and_finish(walk: Walk) -> None:
    """A room is pinned and the rest finished around it: a new draft keeps it, the old one stays as it was."""
    hands, page, who = walk.hands, walk.hands.page, walk.known.unlucky
    page.goto(f"{walk.plan}/residents/{who}")
    room = page.locator("#need-room")
    hands.press(room.get_by_role("button", name=hands.named("Pin")))
    expect(room.get_by_role("button", name=hands.named("Unpin"))).to_be_visible()
    hands.looks()
    hands.press(hands.button("Finish the rest"))
    page.wait_for_url(re.compile(r"/plans/\d+$"), timeout=LONG)
    hands.looks()
    finished = int(page.url.rpartition("/")[2])
    page.goto(f"{page.url}/history")
    expect(page.locator("#pins li")).to_have_count(1)
    hands.looks()
    pinned = _room_of(walk, who)
    assert _room_of(walk, who, finished) == pinned
    with house_of(walk.served):
        plan, old = db.session.get_one(Plan, finished), db.session.get_one(Plan, walk.known.first)
        assert plan.parent_id == old.id
        assert [(pin["resident"], pin["kind"], pin["target"]) for pin in plan.pins] == [(str(who), "room", str(pinned))]
        assert (plan.state, old.state) == (PlanState.DRAFT, PlanState.DRAFT)


def test_compare(walk: Walk) -> None:
    """Two drafts side by side; what differs is taken from one into the other, and then they are the same."""
    hands, page, known = walk.hands, walk.hands.page, walk.known
    page.goto(f"{walk.cycle}/drafts")
    hands.press(hands.link("Compare two of them"))
    hands.choose(page.locator("#a"), str(known.first))
    hands.choose(page.locator("#b"), str(known.second))
    hands.press(hands.button("Show"))
    expect(page.locator("#b")).to_have_value(str(known.second))
    expect(page.locator("input[name=part]")).to_have_count(1)
    hands.looks()
    hands.tick(page.locator("input[name=part]"))
    hands.press(page.locator(f".take-bar button[value='{known.first}']"))
    expect(page.locator("#flashes")).not_to_be_empty()
    expect(page.locator("input[name=part]")).to_have_count(0)
    hands.looks()
    assert _room_of(walk, known.moved) == _room_of(walk, known.moved, known.second)
    with house_of(walk.served):
        assert differences(db.session.get_one(Plan, known.first), db.session.get_one(Plan, known.second)) == []


def test_approve_and_publish(walk: Walk) -> None:
    """One proposes, another approves, the first publishes: beds are held and residents told."""
    hands, page = walk.hands, walk.hands.page
    page.goto(walk.plan)
    hands.press(hands.link("Publish"))
    _propose_and_publish(walk, with_looks=True)
    sari = walk.enter("sari")
    sari.page.goto("/")
    sari.looks()
    with house_of(walk.served):
        plan = db.session.get_one(Plan, walk.known.first)
        assert (plan.state, plan.release, plan.from_on) == (PlanState.PUBLISHED, 1, None)
        proposal = db.session.scalars(select(PlanProposal).where(PlanProposal.plan_id == plan.id)).one()
        assert proposal.state is ProposalState.APPROVED
        assert proposal.decided_by_id != proposal.proposed_by_id == plan.published_by_id
        nights = select(func.count()).where(BedNight.plan_id == plan.id)
        assert db.session.scalar(nights) == sum(x.leaves - x.arrives for x in opened(plan).answer.lodgings)
    page.goto(f"{walk.cycle}/versions")
    expect(page.locator("#version-1")).to_be_visible()


def _propose_and_publish(walk: Walk, *, with_looks: bool = False) -> None:
    """By two people; ``with_looks``: their pages are looked at, which once a way is enough."""
    hands, page, second = walk.hands, walk.hands.page, walk.enter("wakil")
    hands.press(hands.button("Propose"))
    expect(page.locator("main")).to_contain_text(hands.say("Waits for another manager"))
    second.page.goto("/")
    second.press(second.link("Decide"))
    approve = second.button("Approve")
    expect(approve).to_be_visible()
    if with_looks:
        second.looks()
    second.press(approve)
    expect(second.page.locator("main")).to_contain_text(second.say("Approved by %(name)s", name="Ibu Wakil"))
    page.reload()
    if with_looks:
        hands.looks()
    hands.press(hands.button("Publish"))
    expect(page.locator("#flashes")).not_to_be_empty()


def test_roll_back(walk: Walk) -> None:
    """The first version comes back as the third, from a day on; the nights until then stay the second's."""
    hands, page, known = walk.hands, walk.hands.page, walk.known
    page.goto(f"{walk.cycle}/versions")
    hands.looks()
    hands.press(hands.link("Go back to version %(number)s", number=1))
    expect(page.locator("#from_on")).to_be_visible()
    hands.looks()
    hands.write(page.locator("#from_on"), LATER.isoformat())
    _propose_and_publish(walk)
    page.goto(f"{walk.cycle}/versions")
    expect(page.locator("#version-3")).to_be_visible()
    hands.looks()
    first, second = _room_of(walk, known.moved), _room_of(walk, known.moved, known.second)
    with house_of(walk.served):
        version = db.session.scalars(select(Plan).where(Plan.release == 3)).one()
        assert (version.state, version.from_on, version.parent_id) == (PlanState.PUBLISHED, LATER, known.first)
        stay = select(Enrolment.stay_id).where(Enrolment.id == known.moved).scalar_subquery()
        nights = db.session.scalars(select(BedNight).where(BedNight.stay_id == stay))
        rooms = {night.night_on: night.room_id for night in nights}
    until = LATER - timedelta(days=1)
    slept = [rooms[TODAY - timedelta(days=1)], rooms[TODAY], rooms[until], rooms[LATER]]
    assert slept == [first, second, second, first]


def test_repair(walk: Walk) -> None:
    """An instructor falls out and another stands in: the least change is published as a version from today on."""
    hands, page, known = walk.hands, walk.hands.page, walk.known
    past = _nights_until_today(walk)
    page.goto(f"{walk.cycle}/repair")
    hands.press(page.locator("a[href$='/repair/replaced']"))
    hands.choose(page.locator("#staff_id"), str(known.away))
    hands.choose(page.locator("#instead_staff_id"), str(known.instead))
    hands.looks()
    hands.press(hands.button("Record it"))
    expect(page.locator("#happened .rows li")).to_have_count(1)
    hands.looks()
    hands.press(hands.button("Work out the least change"))
    page.wait_for_url(re.compile(r"/plans/\d+/repair$"), timeout=LONG)
    hands.looks()
    hands.press(hands.link("Publish"))
    page.wait_for_url(re.compile("/publish$"))
    _propose_and_publish(walk)
    with house_of(walk.served):
        version = db.session.scalars(select(Plan).where(Plan.release == 3)).one()
        assert (version.state, version.from_on, version.parent_id) == (PlanState.PUBLISHED, TODAY, known.second)
        meetings = db.session.scalars(select(PlanMeeting).where(PlanMeeting.plan_id == version.id)).all()
        assert {row.instructor_id for row in meetings if row.group_id == known.falling} == {known.instead}
        assert known.away not in {row.instructor_id for row in meetings}
    assert _nights_until_today(walk) == past != set()


def _nights_until_today(walk: Walk) -> set[tuple[Any, ...]]:
    with house_of(walk.served):
        rows = db.session.scalars(select(BedNight).where(BedNight.night_on < TODAY))
        return {(row.night_on, row.stay_id, row.room_id, row.bed) for row in rows}


def test_roll_over(walk: Walk) -> None:
    """One stays longer by a decision of its own, everybody else goes on as suggested: the next cycle has them."""
    hands, page, known = walk.hands, walk.hands.page, walk.known
    longer, until = known.unlucky, date(2027, 8, 29)
    page.goto(f"{walk.cycle}/roll-over")
    hands.looks()
    hands.press(page.locator(f"#row-{longer} a"))
    hands.tick(page.locator(f"input[name=next_step][value='{NextStep.EXTENDS.value}']"))
    hands.write(page.locator("#leaves_on"), until.isoformat())
    hands.looks()
    hands.press(hands.button("Save"))
    expect(page.locator(".rolls > li .tag")).to_have_count(1)
    page.goto(f"{walk.cycle}/roll-over?show=undecided")
    hands.press(hands.button("Tick all shown"))
    hands.press(page.locator("button[name=act][value=suggested]"))
    expect(page.locator(".rolls")).to_have_count(0)
    hands.looks()
    hands.press(hands.button("Fill the next cycle from it"))
    page.wait_for_url(re.compile(rf"/cycles/{known.following}$"))
    hands.looks()
    with house_of(walk.served):
        enrolments = {
            row.id: row.stay_id for row in db.session.scalars(select(Enrolment)) if row.cycle_id == known.cycle
        }
        decided = {row.enrolment_id: row for row in db.session.scalars(select(Decision))}
        assert decided.keys() == enrolments.keys()
        stays_on = {
            enrolments[of] for of, row in decided.items() if row.next_step in (NextStep.CONTINUES, NextStep.EXTENDS)
        }
        assert _stays_in(known.following) == stays_on
        stay = db.session.get_one(Stay, enrolments[longer])
        assert (stay.id in stays_on, stay.leaves_on) == (True, until)
