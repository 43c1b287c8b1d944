"""Whose part a new version changes reads it on the first page, until the person says that it was seen."""

from __future__ import annotations

import html
import re
from datetime import date

import pytest

from foyer.accounts.models import Role
from foyer.cycles.planning import build_problem, store_plan
from foyer.cycles.queries import get_plan, published_plan
from foyer.cycles.services import publish_plan
from foyer.database import db, house_scope
from tests.cycles.by_hand import plan_by_hand
from tests.cycles.test_releases import moved
from tests.queries import count_queries
from tests.today.house import published_house, stand_at


def words(response) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.text)))


def publish_change(app, house, *, back: bool = False, day: date = date(2027, 2, 10)) -> None:
    with app.app_context(), house_scope(house.id):
        first = get_plan(house.plan)
        problem = build_problem(first.cycle)
        answer = plan_by_hand(problem)
        plan = store_plan(first.cycle, problem, answer if back else moved(problem, answer))
        publish_plan(
            plan_id=plan.id,
            version=None,
            replaces=published_plan(first.cycle_id).id,
            actor_id=None,
            today=first.cycle.starts_on,
            from_on=day,
        )
        db.session.commit()


def english(browser):
    with browser.session_transaction() as session:
        session["language"] = "en"
    return browser


def test_a_resident_reads_what_changes_until_it_is_seen(app, sign_in, monkeypatch):
    stand_at(monkeypatch, 2027, 1, 6, 9, 0)
    house = published_house(app)
    browser = english(sign_in(house.users[Role.RESIDENT]))
    assert "Your plan changes" not in words(browser.get("/"))
    publish_change(app, house)
    page = browser.get("/")
    said = words(page)
    assert "Your plan changes from Wednesday, 10 February 2027 on" in said
    assert re.search(r"Room: \S+ instead of \S+", said)
    others = [name for name in house.names if name not in ("Budi Santoso",)]
    assert [name for name in others if name in said] == []
    upto = re.search(r'name="upto" value="(\d+)"', page.text).group(1)
    publish_change(app, house, back=True, day=date(2027, 2, 20))  # meanwhile there is more
    browser.post("/changes/seen", data={"upto": upto})
    left = words(browser.get("/"))
    assert "10 February" not in left
    assert "Your plan changes from Saturday, 20 February 2027 on" in left


@pytest.mark.parametrize("role", [Role.COUNSELLOR, Role.INSTRUCTOR])
def test_staff_read_what_changes_and_nobody_else_can_wave_it_away(app, sign_in, monkeypatch, role):
    stand_at(monkeypatch, 2027, 1, 6, 9, 0)
    house = published_house(app)
    publish_change(app, house)
    browser = english(sign_in(house.users[role]))
    english(sign_in(house.users[Role.RESIDENT])).post("/changes/seen", data={"upto": 99999})
    page = browser.get("/")
    assert "Your timetable changes from Wednesday, 10 February 2027 on" in words(page)
    expected = "no longer:" if role is Role.COUNSELLOR else "meets at other times"
    assert expected in words(page)
    with count_queries(app) as seen:
        browser.get("/")
    assert len(seen) <= 45  # a kind of due work is one query; see test_views for growth with the house
    browser.post("/changes/seen", data={"upto": 99999})
    assert "Your timetable changes" not in words(browser.get("/"))
