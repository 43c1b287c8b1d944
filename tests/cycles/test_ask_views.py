"""Asking of one resident in one plan: what is had and why, other places, what if, the best placements; in the house's
names, and written down as read."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest
from sqlalchemy import select

from foyer.accounts.models import Role
from foyer.audit.models import AuditEntry
from foyer.cycles.models import Enrolment, Plan, PlanOrigin, PlanState, PlanStep
from foyer.cycles.opened import opened
from foyer.cycles.places import KINDS
from foyer.cycles.planning import build_problem, store_plan
from foyer.database import db, house_scope
from foyer.residences.models import Residence
from foyer.scheduling import check
from foyer.scheduling.files import read_problem, write_problem
from tests.cycles.by_hand import plan_by_hand
from tests.cycles.house import make_enrolment, make_house
from tests.factories import make_residence, make_user
from tests.queries import count_queries

PAGES = ("", "/places/class", "/places/counsellor", "/places/room", "/places/appointment", "/recommend")


def enrolments(app, filled) -> list[tuple[int, str]]:
    with app.app_context(), house_scope(filled["house"]):
        return [(e.id, e.stay.resident.full_name) for e in db.session.scalars(select(Enrolment).order_by(Enrolment.id))]


def url_of(filled, enrolment: int, page: str = "") -> str:
    return f"/cycles/{filled['cycle']}/plans/{filled['plan']}/residents/{enrolment}{page}"


def text(response) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.get_data(as_text=True))))


def plan_now(filled) -> Plan:
    """Inside the house's scope: the draft as it is."""
    return db.session.get_one(Plan, filled["plan"])


def forms(response) -> list[dict[str, str]]:
    """The fields of the page's forms that change the draft."""
    found = []
    for form in re.findall(
        r'<form class="inline-form" method="post" action="([^"]+)">(.*?)</form>', response.text, re.S
    ):
        fields = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form[1]))
        found.append({"action": html.unescape(form[0]), **{k: html.unescape(v) for k, v in fields.items()}})
    return found


def send(browser, form: dict[str, str], **changes: str):
    fields = {**form, **changes}
    return browser.post(fields.pop("action"), data=fields)


@pytest.fixture
def managers(filled, sign_in):
    """A manager's browser in each language."""
    found = {}
    for language in ("en", "id"):
        browser = sign_in(filled["manager"])
        with browser.session_transaction() as session:
            session["language"] = language
        found[language] = browser
    return found


@pytest.fixture
def anybody(app, filled) -> tuple[int, str]:
    """The enrolment and the name of a resident of the draft."""
    return enrolments(app, filled)[0]


# What is had, and why


def test_every_resident_of_a_plan_has_a_sheet_and_nobody_else_is_named(app, filled, managers):
    everybody = enrolments(app, filled)
    for enrolment, name in everybody:
        page = text(managers["en"].get(url_of(filled, enrolment)))
        for part in (name, "Class", "Counsellor", "Room", "Individual counselling", "The week", ", bed "):
            assert part in page
        assert [other for _, other in everybody if other != name and other in page] == []
        assert "points say how much is missing" in page.lower()
        assert "Sepekan" in text(managers["id"].get(url_of(filled, enrolment)))


def test_the_older_address_of_the_explanation_leads_there(filled, managers, anybody):
    answer = managers["en"].get(url_of(filled, anybody[0], "/why"))
    assert answer.status_code == 302
    assert answer.headers["Location"] == url_of(filled, anybody[0])


def test_lists_lead_there_by_a_link_that_opens_the_side_panel(filled, managers, anybody):
    for page in ("/residents", "/board/classes"):
        url = f"/cycles/{filled['cycle']}/plans/{filled['plan']}{page}"
        text_ = managers["en"].get(url).get_data(as_text=True)
        assert f'href="{url_of(filled, anybody[0])}" data-panel' in text_
        assert text_.count("data-side-panel") == 1


def test_the_side_panel_gets_the_same_without_the_shell(filled, managers, anybody):
    for page in PAGES:
        whole = managers["en"].get(url_of(filled, anybody[0], page))
        inside = managers["en"].get(url_of(filled, anybody[0], f"{page}?panel=1"))
        assert "<html" in whole.text
        assert "<html" not in inside.text
        assert 'id="panel-title"' in inside.text
        assert f'href="{url_of(filled, anybody[0], page)}">Open as a page' in inside.text


@pytest.mark.parametrize("page", [*PAGES, "/what-if?kind=class&target=1"])
def test_that_it_was_read_is_written_down(app, filled, managers, anybody, page):
    page = page.replace("target=1", f"target={filled['class']}")
    assert managers["en"].get(url_of(filled, anybody[0], page)).status_code == 200
    with app.app_context(), house_scope(filled["house"]):
        resident = db.session.get_one(Enrolment, anybody[0]).stay.resident_id
        entries = db.session.scalars(select(AuditEntry).where(AuditEntry.verb == "read")).all()
        assert [entry.resident_id for entry in entries] == [resident]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.MANAGER])
def test_only_managers_ask(app, filled, sign_in, anybody, role):
    with app.app_context():
        house = db.session.get_one(Residence, filled["house"])
        user = make_user(None if role is Role.OFFICE else house, role).id
        db.session.commit()
    for page in (*PAGES, "/why"):
        assert sign_in(user).get(url_of(filled, anybody[0], page)).status_code == 403


def test_another_house_an_unknown_resident_and_an_unknown_target_are_not_found(app, filled, managers, sign_in, anybody):
    with app.app_context():
        stranger = make_user(make_residence()).id
        db.session.commit()
    for page in (*PAGES, "/why"):
        assert sign_in(stranger).get(url_of(filled, anybody[0], page)).status_code == 404
        assert managers["en"].get(url_of(filled, 999_999, page)).status_code == 404
    for query in ("?kind=class&target=999999", "?kind=house&target=1", "?kind=room"):
        assert managers["en"].get(url_of(filled, anybody[0], f"/what-if{query}")).status_code == 404


# Other places


@pytest.mark.parametrize("need", [kind for kind in KINDS if kind != "elective"])
def test_every_kind_of_place_is_listed_with_its_verdict(filled, managers, anybody, need):
    page = managers["en"].get(url_of(filled, anybody[0], f"/places/{need}"))
    assert page.status_code == 200
    words = text(page)
    assert "Now: " in words or need == "education"
    offered = [form for form in forms(page) if form["action"].endswith("/change")]
    assert {form["kind"] for form in offered} <= {need}
    assert all(form["enrolment"] == str(anybody[0]) for form in offered)
    assert "What would have to move?" in words or offered
    assert managers["id"].get(url_of(filled, anybody[0], f"/places/{need}")).status_code == 200


def test_hours_are_listed_for_one_group_alone(app, filled, managers, anybody):
    with app.app_context(), house_scope(filled["house"]):
        own = [s.group for s in opened(plan_now(filled)).answer.seats if s.resident == str(anybody[0])]
    page = managers["en"].get(url_of(filled, anybody[0], f"/places/meeting?of={own[0]}"))
    targets = re.findall(r"kind=meeting&amp;target=(\d+)", page.text)
    assert set(targets) == {own[0]}


def test_a_place_is_taken_by_its_button_and_told_in_the_history(app, filled, managers, anybody):
    browser = managers["en"]
    form = next(f for f in forms(browser.get(url_of(filled, anybody[0], "/places/counsellor"))) if "target" in f)
    answer = send(browser, form)
    assert answer.status_code == 303
    assert answer.headers["Location"] == url_of(filled, anybody[0]) + "#need-counsellor"
    with app.app_context(), house_scope(filled["house"]):
        answer = opened(plan_now(filled)).answer
        assert (str(anybody[0]), form["target"]) in [(c.resident, c.counsellor) for c in answer.caseloads]
    page = text(browser.get(url_of(filled, anybody[0])))
    assert "Changed by hand" in page
    assert f"{anybody[1]}: From " in page
    other = next(e for e, _ in enrolments(app, filled) if e != anybody[0])
    assert "Changed by hand" not in text(browser.get(url_of(filled, other)))


def test_nothing_is_offered_to_do_where_the_plan_is_published(app, filled, managers, anybody):
    with app.app_context(), house_scope(filled["house"]):
        plan_now(filled).state = PlanState.PUBLISHED
        db.session.commit()
    for page in PAGES:
        answer = managers["en"].get(url_of(filled, anybody[0], page))
        assert answer.status_code == 200
        assert forms(answer) == []
    assert "Only drafts are changed" in text(managers["en"].get(url_of(filled, anybody[0])))


def test_each_part_is_pinned_and_let_go_again(app, filled, managers, anybody):
    browser = managers["en"]
    pins = [f for f in forms(browser.get(url_of(filled, anybody[0]))) if f["action"].endswith("/pin")]
    assert {f["kind"] for f in pins} >= {"class", "counsellor", "room", "appointment", "meeting"}
    for kind in ("room", "meeting"):
        form = next(
            f
            for f in forms(browser.get(url_of(filled, anybody[0])))
            if f["action"].endswith("/pin") and f["kind"] == kind
        )
        assert send(browser, form).status_code == 303
    page = browser.get(url_of(filled, anybody[0]))
    assert text(page).count("Pinned") >= 2
    let_go = [f for f in forms(page) if f["action"].endswith("/unpin")]
    assert sorted(f["kind"] for f in let_go) == ["meeting", "room"]
    for form in let_go:
        current = next(
            f
            for f in forms(browser.get(url_of(filled, anybody[0])))
            if f["action"].endswith("/unpin") and f["kind"] == form["kind"]
        )
        assert send(browser, current).status_code == 303
    with app.app_context(), house_scope(filled["house"]):
        assert plan_now(filled).pins == []


# What if


def asked_places(browser, filled, enrolment: int, need: str) -> list[str]:
    page = browser.get(url_of(filled, enrolment, f"/places/{need}"))
    return [html.unescape(x) for x in re.findall(r'href="([^"]*/what-if\?[^"]*)"', page.text)]


def test_a_what_if_answers_in_a_sentence_and_is_done_as_one_step(app, filled, managers):
    """Somebody can have the other class, whoever has to move for it; all of it is one step."""
    browser = managers["en"]
    for enrolment, name in enrolments(app, filled):
        for url in asked_places(browser, filled, enrolment, "class"):
            page = browser.get(url)
            assert re.search(rf"{name} (can have|cannot have|has) ", text(page))
            if "Do it" in text(page):
                form = next(f for f in forms(page) if f.get("moves"))
                assert "Who moves" in text(page)
                assert "Bagaimana jika" in text(managers["id"].get(url))
                assert send(browser, form).status_code == 303
                with app.app_context(), house_scope(filled["house"]):
                    plan, found = plan_now(filled), opened(plan_now(filled))
                    assert plan.step == len(db.session.scalars(select(PlanStep)).all()) == 1
                    assert (str(enrolment), form["target"]) in [(s.resident, s.group) for s in found.answer.seats]
                return
    raise AssertionError("nobody could have another class")


def test_what_is_impossible_says_why_and_offers_nothing(filled, managers, anybody):
    """The first resident is a girl; the second room is for boys."""
    browser = managers["en"]
    answers = [browser.get(url) for url in asked_places(browser, filled, anybody[0], "room")]
    refused = [page for page in answers if f"{anybody[1]} cannot have room" in text(page)]
    assert refused
    for page in refused:
        assert "is for boys." in text(page)
        assert forms(page) == []


def test_a_stale_page_is_told_and_nothing_happens(app, filled, managers, anybody):
    browser = managers["en"]
    form = next(f for f in forms(browser.get(url_of(filled, anybody[0], "/places/counsellor"))) if "target" in f)
    answer = send(browser, form, version="77")
    assert answer.status_code == 409
    with app.app_context(), house_scope(filled["house"]):
        assert plan_now(filled).step == 0


# The best placements


def test_a_recommended_placement_is_taken_as_one_step(app, filled, managers, anybody):
    browser = managers["en"]
    page = browser.get(url_of(filled, anybody[0], "/recommend"))
    words = text(page)
    assert f"to take {anybody[1]} in without moving anybody" in words
    assert "What is missing from the wishes" in words
    offered = [f for f in forms(page) if "placement" in f]
    assert len({f["placement"] for f in offered}) == len(offered) >= 1
    answer = send(browser, offered[-1])
    assert answer.status_code == 303
    with app.app_context(), house_scope(filled["house"]):
        plan = plan_now(filled)
        found = opened(plan)
        assert plan.step == 1
        assert check(found.problem, found.answer) == ()
    assert send(browser, offered[-1]).status_code == 303, "a second click is no second step"
    with app.app_context(), house_scope(filled["house"]):
        assert plan_now(filled).step == 1


def test_a_placement_that_is_gone_is_not_replaced_by_another(app, filled, managers, anybody):
    browser = managers["en"]
    form = next(f for f in forms(browser.get(url_of(filled, anybody[0], "/recommend"))) if "placement" in f)
    assert send(browser, form, placement="0" * 16).status_code == 409
    with app.app_context(), house_scope(filled["house"]):
        assert plan_now(filled).step == 0


@pytest.fixture
def newcomer(app, filled) -> tuple[int, str]:
    """Somebody who came after the draft was made."""
    with app.app_context(), house_scope(filled["house"]):
        enrolment = make_enrolment(plan_now(filled).cycle, full_name="Baru Datang", education_level="sma")
        db.session.commit()
        return enrolment.id, "Baru Datang"


def test_somebody_new_gets_a_new_draft_and_the_plan_stays(app, filled, managers, newcomer):
    browser = managers["en"]
    assert "This plan was made without Baru Datang." in text(browser.get(url_of(filled, newcomer[0])))
    assert browser.get(url_of(filled, newcomer[0], "/places/class")).status_code == 404
    page = browser.get(url_of(filled, newcomer[0], "/recommend"))
    assert "Make a draft with this" in text(page)
    form = next(f for f in forms(page) if "placement" in f)
    places = [send(browser, form).headers["Location"] for _click in range(2)]
    assert places[0] == places[1], "a second click finds the same draft"
    assert "Baru Datang" in text(browser.get(places[0]))
    with app.app_context(), house_scope(filled["house"]):
        made = db.session.scalars(select(Plan).where(Plan.parent_id == filled["plan"])).one()
        found = opened(made)
        assert made.origin is PlanOrigin.COPIED
        assert check(found.problem, found.answer) == ()
        assert str(newcomer[0]) in {x.resident for x in found.answer.lodgings}
        assert str(newcomer[0]) not in {x.resident for x in opened(plan_now(filled)).answer.lodgings}


def test_a_house_that_is_another_now_is_told(app, filled, managers, newcomer):
    with app.app_context(), house_scope(filled["house"]):
        plan = plan_now(filled)
        problem = read_problem(plan.problem)
        gone = replace(problem.rooms[0], id="999999")
        answer = plan.answer.replace(f'"room": "{problem.rooms[0].id}"', '"room": "999999"')
        plan.problem, plan.answer = write_problem(replace(problem, rooms=(*problem.rooms[1:], gone))), answer
        db.session.commit()
    page = managers["en"].get(url_of(filled, newcomer[0], "/recommend"))
    assert page.status_code == 200
    assert "The house has changed too much" in text(page)


# How much it asks of the database


@pytest.mark.parametrize("page", [*PAGES, "/what-if?kind=class&target={class}"])
def test_the_pages_take_few_queries_however_many_residents(app, sign_in, page):
    counts = []
    for size in (20, 60):
        with app.app_context():
            home = make_house(size)
            with house_scope(home.residence.id):
                problem = build_problem(home.cycle)
                plan = store_plan(home.cycle, problem, plan_by_hand(problem))
                user = make_user(home.residence).id
                db.session.commit()
                own = page.replace("{class}", str(home.classes[0].id))
                url = f"/cycles/{home.cycle.id}/plans/{plan.id}/residents/{home.enrolments[0].id}{own}"
        browser = sign_in(user)
        browser.get("/")
        with count_queries(app) as seen:
            answer = browser.get(url)
        assert answer.status_code == 200
        assert len(answer.data) < 250_000
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 12, counts
