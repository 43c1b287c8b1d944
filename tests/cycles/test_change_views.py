"""The endpoints of the studio: targets as JSON, changes by form and by script, stale pages, other houses."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest
from sqlalchemy import select

from foyer.accounts.models import Role
from foyer.audit.models import AuditEntry
from foyer.cycles import ask_views, change_views, changing
from foyer.cycles.models import Plan, PlanState, PlanStep
from foyer.cycles.opened import opened
from foyer.cycles.planning import build_problem, store_plan
from foyer.cycles.queries import get_cycle
from foyer.database import db, house_scope
from foyer.jobs.models import Run
from foyer.scheduling.answers.editing import finished
from foyer.scheduling.answers.forms import WhatIf
from foyer.scheduling.digest import problem_hash
from foyer.scheduling.files import read_plan, read_problem
from foyer.scheduling.index import Index
from tests.cycles.by_hand import plan_by_hand
from tests.cycles.test_races import at_once
from tests.factories import make_residence, make_user
from tests.queries import count_queries

JSON = {"Accept": "application/json"}


def text(response) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.get_data(as_text=True))))


@pytest.fixture
def studio(app, filled, sign_in):
    """A draft with true figures, and how to act on it in a browser of its own for each manager and language."""
    return Studio(app, filled, sign_in)


class Studio:
    def __init__(self, app, filled, sign_in) -> None:
        self.app, self.filled, self._sign_in = app, filled, sign_in
        with app.app_context(), house_scope(filled["house"]):
            cycle = get_cycle(filled["cycle"])
            problem = build_problem(cycle)
            answer = finished(Index(problem), plan_by_hand(problem))
            self.plan = store_plan(cycle, problem, replace(answer, problem_hash=problem_hash(problem))).id
            db.session.commit()
        self.url = f"/cycles/{filled['cycle']}/plans/{self.plan}"
        self.who = self.read(lambda plan: opened(plan).answer.lodgings[1].resident)  # a boy in a full room

    def browser(self, language: str = "en", name: str = ""):
        user = self.filled["manager"]
        if name:
            with self.app.app_context(), house_scope(self.filled["house"]):
                from foyer.residences.models import Residence

                house = db.session.get_one(Residence, self.filled["house"])
                user = make_user(house, Role.MANAGER, display_name=name).id
                db.session.commit()
        browser = self._sign_in(user)
        with browser.session_transaction() as session:
            session["language"] = language
        return browser

    def read(self, ask):
        with self.app.app_context(), house_scope(self.filled["house"]):
            return ask(db.session.get_one(Plan, self.plan))

    @property
    def version(self) -> int:
        return self.read(lambda plan: plan.version)

    @property
    def room(self) -> str:
        return self.read(lambda plan: next(x.room for x in opened(plan).answer.lodgings if x.resident == self.who))

    def states(self, browser, kind: str = "room") -> dict[str, dict[str, object]]:
        answer = browser.get(f"{self.url}/targets?kind={kind}&enrolment={self.who}")
        assert answer.status_code == 200
        return answer.json["targets"]

    def target(self, browser, *states: str) -> str:
        return next(id_ for id_, found in self.states(browser).items() if found["state"] in states)

    def form(self, target: str, **more) -> dict[str, object]:
        return {"version": self.version, "kind": "room", "enrolment": self.who, "target": target, **more}


def test_targets_say_of_each_room_what_it_would_mean_in_the_language_of_the_page(studio):
    english, indonesian = studio.states(studio.browser("en")), studio.states(studio.browser("id"))
    assert {found["state"] for found in english.values()} == {"here", "allowed", "forbidden"}
    assert {i: f["state"] for i, f in english.items()} == {i: f["state"] for i, f in indonesian.items()}
    said = " ".join(found["words"] for found in english.values())
    assert "is not for the gender of" in said
    assert "Is here now." in said
    assert "bukan untuk jenis kelamin" in " ".join(found["words"] for found in indonesian.values())
    several = [found for found in english.values() if "first" in found]
    assert several, "a room of others that is full as well has two reasons"
    for found in several:
        assert found["words"].startswith(f"{found['first']} ")
        assert found["first"].endswith(".")
        assert found["further"] >= 1
    for kind in ("class", "education", "counsellor", "appointment", "meeting"):
        assert studio.states(studio.browser(), kind)


def test_targets_take_few_queries(app, studio):
    browser = studio.browser()
    browser.get(studio.url)
    with count_queries(app) as seen:
        studio.states(browser)
    assert len(seen) <= 7, seen


def test_a_change_by_form_leads_on_and_by_script_tells_the_new_version(studio):
    browser = studio.browser()
    free = studio.target(browser, "allowed", "price")
    answer = browser.post(f"{studio.url}/change", data=studio.form(free, next="/cycles"))
    assert (answer.status_code, answer.location) == (303, "/cycles")
    assert studio.room == free
    browser.post(f"{studio.url}/undo", data={"version": studio.version})
    told = browser.post(f"{studio.url}/change", data=studio.form(free), headers=JSON)
    assert told.status_code == 200
    assert told.json["version"] == studio.version
    assert (told.json["undo"], told.json["redo"], told.json["pins"]) == (True, False, 0)
    assert "From room " in told.json["words"]


@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org", ""])
def test_nobody_is_led_to_another_site(studio, elsewhere):
    browser = studio.browser()
    form = studio.form(studio.target(browser, "allowed"), next=elsewhere)
    assert browser.post(f"{studio.url}/change", data=form).location == studio.url


@pytest.mark.parametrize(
    ("language", "title", "refusal"),
    [
        ("en", "cannot simply have", "This would break a rule, so nothing was changed."),
        ("id", "tidak bisa begitu saja", "Ini akan melanggar aturan, jadi tidak ada yang diubah."),
    ],
)
def test_a_forbidden_change_says_why(studio, language, title, refusal):
    browser = studio.browser(language)
    full = studio.target(browser, "forbidden")
    page = browser.post(f"{studio.url}/change", data=studio.form(full))
    assert page.status_code == 422
    assert title in text(page)
    assert refusal in text(page)
    told = browser.post(f"{studio.url}/change", data=studio.form(full), headers=JSON)
    assert told.status_code == 422
    assert told.json["broken"]


@pytest.mark.parametrize(
    ("language", "unknown", "unchanged"),
    [
        ("en", "was not found out in time. It may well be possible", "Nothing was changed."),
        ("id", "belum diketahui dalam batas waktunya. Bisa jadi tetap mungkin", "Tidak ada yang diubah."),
    ],
)
def test_what_was_not_found_out_in_time_is_said_so_and_not_forbidden(studio, monkeypatch, language, unknown, unchanged):
    """When asked, when a change breaks a rule and a way around it is looked for, and when that way is to be taken."""
    for module in (ask_views, change_views, changing):
        monkeypatch.setattr(module, "what_if", lambda problem, plan, wish: WhatIf(wish, "not_found"))
    browser = studio.browser(language)
    full = studio.target(browser, "forbidden")
    asked = browser.get(f"{studio.url}/residents/{studio.who}/what-if?kind=room&target={full}")
    assert unknown in text(asked)
    refused = browser.post(f"{studio.url}/change", data=studio.form(full))
    assert (refused.status_code, unknown in text(refused)) == (422, True)
    moved = browser.post(f"{studio.url}/change", data=studio.form(full, moves=1))
    assert (moved.status_code, unknown in text(moved), unchanged in text(moved)) == (422, True, True)
    told = browser.post(f"{studio.url}/change", data=studio.form(full, moves=1), headers=JSON)
    assert unknown in told.json["broken"][0]


def test_a_change_that_moves_others_is_offered_and_done_in_one_step(studio):
    browser = studio.browser()
    rooms = studio.read(lambda plan: {x.resident: x.room for x in opened(plan).answer.lodgings})
    studio.who = next(
        r for r, room in rooms.items() if room == studio.read(lambda p: opened(p).answer.lodgings[-1].room)
    )
    full = rooms[studio.read(lambda plan: opened(plan).answer.lodgings[1].resident)]
    page = browser.post(f"{studio.url}/change", data=studio.form(full))
    assert (page.status_code, "What would have to move" in text(page)) == (422, True)
    assert browser.post(f"{studio.url}/change", data=studio.form(full, moves=1)).status_code == 303
    assert studio.room == full
    assert studio.read(lambda plan: plan.step) == 1


def test_a_page_that_is_out_of_date_says_who_did_what_and_offers_to_do_it_all_the_same(studio):
    mine, other = studio.browser(), studio.browser(name="Pak Wakil")
    free = studio.target(mine, "allowed")
    old = studio.form(free)
    other.post(f"{studio.url}/pin", data={"version": studio.version, "enrolment": studio.who, "kind": "class"})
    before = studio.version
    page = mine.post(f"{studio.url}/change", data=old)
    assert page.status_code == 409
    assert "Pak Wakil" in text(page)
    assert "Pinned" in text(page)
    assert f'name="target" value="{free}"' in page.get_data(as_text=True)
    told = mine.post(f"{studio.url}/change", data=old, headers=JSON)
    assert (told.status_code, told.json["stale"], told.json["version"]) == (409, True, before)
    assert [line["who"] for line in told.json["since"]] == ["Pak Wakil"]
    assert studio.version == before
    assert mine.post(f"{studio.url}/change", data={**old, "version": before}).status_code == 303
    assert studio.room == free


def test_a_form_without_a_version_is_out_of_date(studio):
    browser = studio.browser()
    free = studio.target(browser, "allowed")
    form = {key: value for key, value in studio.form(free).items() if key != "version"}
    assert browser.post(f"{studio.url}/change", data=form).status_code == 409


def test_an_open_page_hears_of_changes_and_of_nothing_else(app, studio):
    mine, other = studio.browser(), studio.browser(name="Pak Wakil")
    version = studio.version
    with count_queries(app) as seen:
        quiet = mine.get(f"{studio.url}/since?version={version}")
    assert (quiet.status_code, len(seen) <= 4) == (204, True), seen
    other.post(f"{studio.url}/change", data=studio.form(studio.target(other, "allowed")))
    news = mine.get(f"{studio.url}/since?version={version}&page=/cycles")
    assert "Pak Wakil" in text(news)
    assert "From room " in text(news)
    told = mine.get(f"{studio.url}/since?version={version}", headers=JSON)
    assert (told.json["version"], len(told.json["since"])) == (version + 1, 1)


def test_two_managers_at_once_leave_one_change_and_one_refusal(studio):
    browsers = [studio.browser(), studio.browser(name="Pak Wakil")]
    free = [id_ for id_, found in studio.states(browsers[0]).items() if found["state"] in ("allowed", "price")]
    forms = [studio.form(free[0]), studio.form(free[-1])]
    answers = at_once(*(lambda n=n: browsers[n].post(f"{studio.url}/change", data=forms[n]) for n in range(2)))
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    winner = [answer.status_code for answer in answers].index(303)
    assert studio.room == forms[winner]["target"]
    assert studio.read(lambda plan: (plan.step, plan.version)) == (1, forms[0]["version"] + 1)


def test_a_double_click_is_one_step_and_no_refusal(studio):
    browser = studio.browser()
    browsers, form = [browser, studio.browser()], studio.form(studio.target(browser, "allowed"))
    answers = at_once(*(lambda n=n: browsers[n].post(f"{studio.url}/change", data=form) for n in range(2)))
    assert [answer.status_code for answer in answers] == [303, 303]
    assert studio.read(lambda plan: plan.step) == 1


def test_the_history_tells_each_step_and_leads_back_to_it(studio):
    browser = studio.browser()
    first = studio.room
    browser.post(f"{studio.url}/change", data=studio.form(studio.target(browser, "allowed")))
    browser.post(f"{studio.url}/pin", data={"version": studio.version, "enrolment": studio.who, "kind": "room"})
    page = browser.get(f"{studio.url}/history")
    assert "From room " in text(page)
    assert "The draft stands here" in text(page)
    assert "Go back to here" in text(page)
    browser.post(f"{studio.url}/history", data={"version": studio.version, "step": 0})
    assert studio.room == first
    assert "(taken back)" in text(browser.get(f"{studio.url}/history"))
    browser.post(f"{studio.url}/redo", data={"version": studio.version})
    assert studio.room != first
    steps = [step.number for step in studio.read(lambda plan: list(db.session.scalars(select(PlanStep))))]
    assert steps == [1, 2]


def test_pins_are_listed_with_the_way_to_let_go(studio):
    browser = studio.browser()
    browser.post(f"{studio.url}/pin", data={"version": studio.version, "enrolment": studio.who})
    assert "Let go of all pins" in text(browser.get(f"{studio.url}/history"))
    browser.post(f"{studio.url}/unpin", data={"version": studio.version})
    assert studio.read(lambda plan: plan.pins) == []
    nothing = browser.post(f"{studio.url}/unpin", data={"version": studio.version}, headers=JSON)
    assert (nothing.status_code, nothing.json["message"]) == (422, "There is nothing to do: this is so already.")


def test_finishing_the_rest_queues_a_run_around_the_pins(studio):
    browser = studio.browser()
    assert browser.post(f"{studio.url}/finish", data={"version": studio.version}).location == studio.url
    browser.post(f"{studio.url}/pin", data={"version": studio.version, "enrolment": studio.who})
    places = {browser.post(f"{studio.url}/finish", data={"version": studio.version}).location for _ in range(2)}
    assert len(places) == 1
    run = studio.read(lambda plan: db.session.scalars(select(Run)).one())
    assert places == {f"/cycles/{studio.filled['cycle']}/runs/{run.id}"}
    assert run.parameters["parent_id"] == studio.plan


def test_a_published_plan_is_not_changed_and_says_so(studio):
    browser = studio.browser()
    form = studio.form(studio.target(browser, "allowed"))
    with studio.app.app_context(), house_scope(studio.filled["house"]):
        db.session.get_one(Plan, studio.plan).state = PlanState.PUBLISHED
        db.session.commit()
    before = studio.room
    for act in ("change", "undo", "redo", "pin", "unpin", "finish", "history"):
        answer = browser.post(f"{studio.url}/{act}", data=form, headers=JSON)
        assert (answer.status_code, answer.json["message"]) == (409, "This plan is not a draft any more.")
    assert studio.room == before
    assert "Undo" not in text(browser.get(studio.url))


def test_every_change_is_in_the_trail_by_ids_only(studio):
    browser = studio.browser()
    browser.post(f"{studio.url}/change", data=studio.form(studio.target(browser, "allowed")))
    entry = studio.read(
        lambda plan: db.session.scalars(select(AuditEntry).where(AuditEntry.verb == "draft_changed")).one()
    )
    assert (entry.actor_id, entry.subject_id) == (studio.filled["manager"], studio.plan)
    assert entry.changes["wish"] == ["room", studio.who, studio.room]


def test_another_house_finds_nothing(app, studio, sign_in):
    with app.app_context():
        stranger = make_user(make_residence()).id
        db.session.commit()
    browser = sign_in(stranger)
    for act in ("change", "undo", "redo", "pin", "unpin", "finish", "history"):
        assert browser.post(f"{studio.url}/{act}", data=studio.form("1")).status_code == 404
    for page in ("history", "since?version=1", f"targets?kind=room&enrolment={studio.who}"):
        assert browser.get(f"{studio.url}/{page}").status_code == 404
    assert studio.version == 1


def test_reloading_the_answer_of_an_act_does_nothing_and_shows_the_plan(studio):
    browser, before = studio.browser(), studio.version
    for act in ("change", "undo", "redo", "pin", "unpin", "finish"):
        answer = browser.get(f"{studio.url}/{act}")
        assert (answer.status_code, answer.location) == (303, studio.url)
    assert studio.version == before


def test_what_there_is_not_is_not_found(studio):
    browser = studio.browser()
    assert browser.get(f"{studio.url}/targets?kind=flavour&enrolment={studio.who}").status_code == 404
    assert browser.get(f"{studio.url}/targets?kind=room&enrolment=999999").status_code == 404
    assert browser.post(f"{studio.url}/change", data={**studio.form("1"), "kind": "flavour"}).status_code == 404
    assert browser.post(f"{studio.url}/change", data=studio.form("999999")).status_code == 404


def test_a_full_room_is_told_as_full_and_not_as_a_shared_bed(studio):
    browser = studio.browser()
    rooms = studio.read(lambda plan: {x.resident: x.room for x in opened(plan).answer.lodgings})
    full, studio.who = rooms[studio.who], next(r for r in rooms if rooms[r] == list(rooms.values())[-1])
    said = studio.states(browser)[full]["words"]
    assert "more people sleep in" in said
    assert "the same bed" not in said


def pinned_room(studio) -> tuple[object, str]:
    """A browser, and a free room for somebody whose own room is pinned."""
    browser = studio.browser()
    free = studio.target(browser, "allowed")
    browser.post(f"{studio.url}/pin", data={"version": studio.version, "enrolment": studio.who})
    return browser, free


def test_a_pinned_card_is_unpinned_and_moved_at_once_and_undone_as_one(studio):
    browser, free = pinned_room(studio)
    before, pins = studio.room, studio.read(lambda plan: plan.pins)
    page = browser.post(f"{studio.url}/change", data=studio.form(free))
    assert (page.status_code, studio.room) == (422, before)
    assert "This pin stands in the way:" in text(page)
    assert "Without it the change is allowed." in text(page)
    assert "Unpin and do it" in page.text
    question = browser.get(f"{studio.url}/residents/{studio.who}/what-if?kind=room&target={free}")
    assert "Unpin and do it" in question.text
    assert browser.post(f"{studio.url}/change", data=studio.form(free, unpin=1)).status_code == 303
    assert (studio.room, studio.read(lambda plan: plan.step)) == (free, 2)
    assert [row["kind"] for row in studio.read(lambda plan: plan.pins)] == [
        row["kind"] for row in pins if row["kind"] != "room"
    ]
    assert "Let go of" in text(browser.get(f"{studio.url}/history"))
    browser.post(f"{studio.url}/undo", data={"version": studio.version})
    assert (studio.room, studio.read(lambda plan: plan.pins)) == (before, pins)


def test_two_residents_change_places_where_a_room_is_full(app, studio):
    browser = studio.browser()
    rooms = studio.read(lambda plan: {x.resident: x.room for x in opened(plan).answer.lodgings})
    full, own = studio.room, next(room for room in reversed(rooms.values()))
    studio.who = next(r for r, room in rooms.items() if room == own)
    listed = browser.get(f"{studio.url}/residents/{studio.who}/places/room")
    address = f"{studio.url}/residents/{studio.who}/swap"
    assert "Change with somebody there" in listed.text
    with count_queries(app) as seen:
        page = browser.get(f"{address}?kind=room&target={full}")
    assert len(seen) <= 12, seen
    assert "Change the two" in page.text
    other = re.search(r'name="other" value="(\d+)"', page.text)[1]
    form = studio.form(full, other=other)
    for _ in range(2):  # a double click
        assert browser.post(address, data=form).status_code == 303
    after = studio.read(lambda plan: {x.resident: x.room for x in opened(plan).answer.lodgings})
    assert (after[studio.who], after[other]) == (full, own)
    assert {r: room for r, room in after.items() if room != rooms[r]} == {studio.who: full, other: own}
    assert studio.read(lambda plan: plan.step) == 1
    browser.post(f"{studio.url}/undo", data={"version": studio.version})
    assert studio.read(lambda plan: {x.resident: x.room for x in opened(plan).answer.lodgings}) == rooms
    assert browser.get(f"{address}?kind=meeting&target={full}").status_code == 404
    assert browser.get(f"{address}?kind=room&target=999999").status_code == 404


def test_a_swap_that_breaks_a_rule_is_refused_and_told(studio):
    browser = studio.browser()
    girls = studio.read(
        lambda plan: [
            (x.resident, x.room)
            for x in opened(plan).answer.lodgings
            if next(r.gender for r in opened(plan).problem.residents if r.id == x.resident) == "female"
        ]
    )
    other, room = girls[0]
    before, address = studio.room, f"{studio.url}/residents/{studio.who}/swap"
    assert "is not for the gender of" in text(browser.get(f"{address}?kind=room&target={room}"))
    assert browser.post(address, data=studio.form(room, other=other)).status_code == 422
    assert (studio.room, studio.read(lambda plan: plan.step)) == (before, 0)


def test_the_files_that_are_downloaded_have_the_pins_as_they_are(studio):
    browser = studio.browser()

    def files():
        texts = [browser.get(f"{studio.url}/{part}.json").get_data(as_text=True) for part in ("problem", "answer")]
        problem, answer = read_problem(texts[0]), read_plan(texts[1])
        assert answer.problem_hash == problem_hash(problem)
        return problem

    browser.post(f"{studio.url}/pin", data={"version": studio.version, "enrolment": studio.who, "kind": "room"})
    assert [(p.resident, p.target) for p in files().pins] == [(studio.who, studio.room)]
    browser.post(f"{studio.url}/unpin", data={"version": studio.version})
    assert files().pins == ()
