"""Whoever started a draft is told on every page how it ended, once, and for one query."""

from __future__ import annotations

from typing import Any

import pytest

from foyer.accounts.models import Role
from foyer.database import db, house_scope, utc_now
from foyer.jobs.models import Run, RunState
from foyer.residences.models import Residence
from tests.cycles.test_drafts import drafts_url, manager  # noqa: F401
from tests.cycles.test_views import plan_url, text
from tests.factories import make_user
from tests.queries import count_queries

ENDED: dict[str, Any] = {"state": RunState.DONE, "finished_at": None}


def ended(app, filled, user=None, **values) -> int:
    with app.app_context(), house_scope(filled["house"]):
        run = Run(
            residence_id=filled["house"],
            parameters={"cycle_id": filled["cycle"], "name": "Adil"},
            created_by_id=user or filled["manager"],
            finished_at=utc_now(),
            **{"kind": "plan", "state": RunState.DONE, "result": {"plan_id": filled["plan"]}, **values},
        )
        db.session.add(run)
        db.session.commit()
        return run.id


@pytest.mark.parametrize(
    ("values", "sentence", "act"),
    [
        ({}, "Done: Adil.", "Look at the drafts"),
        ({"result": {"outcome": "infeasible"}}, "No full plan is possible: Adil.", "Read why, and what helps"),
        ({"state": RunState.FAILED, "result": {}, "error": "worker_lost"}, "No draft came of it: Adil.", "Read why"),
    ],
)
def test_every_page_tells_how_a_run_ended(app, filled, manager, values, sentence, act):  # noqa: F811
    ended(app, filled, **values)
    for url in ("/", "/cycles"):
        page = text(manager.get(url, follow_redirects=True))
        assert sentence in page, url
        assert act in page


def test_nobody_else_is_told_and_what_was_stopped_is_no_news(app, filled, manager, sign_in):  # noqa: F811
    with app.app_context():
        house = db.session.get_one(Residence, filled["house"])
        other, counsellor = make_user(house).id, make_user(house, Role.COUNSELLOR).id
        db.session.commit()
    ended(app, filled)
    ended(app, filled, user=other, state=RunState.CANCELLED, result={})
    ended(app, filled, user=counsellor)
    assert "Adil" not in text(sign_in(other).get("/cycles"))
    assert "Adil" not in text(sign_in(counsellor).get("/", follow_redirects=True))


def test_the_link_puts_the_news_away_and_leads_there(app, filled, manager):  # noqa: F811
    run_id = ended(app, filled)
    answer = manager.post(f"/cycles/news/{run_id}")
    assert (answer.status_code, answer.location) == (303, drafts_url(filled))
    assert "Adil" not in text(manager.get("/cycles"))


def test_news_can_be_put_away_without_leaving_the_page_and_never_leads_elsewhere(app, filled, manager):  # noqa: F811
    run_id = ended(app, filled)
    assert manager.post(f"/cycles/news/{run_id}", data={"stay": "/cycles?a=1"}).location == "/cycles?a=1"
    for elsewhere in ("https://example.com", "//example.com", "/\\example.com"):
        assert manager.post(f"/cycles/news/{run_id}", data={"stay": elsewhere}).location == drafts_url(filled)


def test_looking_at_the_drafts_puts_all_news_away(app, filled, manager):  # noqa: F811
    ended(app, filled)
    page = manager.get(drafts_url(filled)).get_data(as_text=True)
    assert 'hx-post="/cycles/news"' in page
    assert "Done: Adil." not in page  # the page itself shows the draft
    assert manager.post("/cycles/news").status_code == 204
    assert "Adil" not in text(manager.get("/cycles"))


def test_looking_at_a_plan_puts_its_news_away_and_no_other(app, filled, manager):  # noqa: F811
    ended(app, filled, result={"plan_id": filled["plan"] + 1})
    ended(app, filled, kind="repair")
    assert "The repair is worked out." in text(manager.get("/cycles"))
    page = manager.get(plan_url(filled)).get_data(as_text=True)
    assert "The repair is worked out." not in page, "it lies open"
    assert f'hx-post="/cycles/news?plan={filled["plan"]}"' in page
    assert manager.post(f"/cycles/news?plan={filled['plan']}").status_code == 204
    page = text(manager.get("/cycles"))
    assert "The repair is worked out." not in page
    assert "Done: Adil." in page


def test_news_of_another_s_run_cannot_be_put_away(app, filled, manager, sign_in):  # noqa: F811
    with app.app_context():
        other = make_user(db.session.get_one(Residence, filled["house"])).id
        db.session.commit()
    run_id = ended(app, filled)
    sign_in(other).post(f"/cycles/news/{run_id}")
    assert "Done: Adil." in text(manager.get("/cycles"))


def test_while_a_run_is_under_way_the_line_asks_again_and_then_tells(app, filled, manager):  # noqa: F811
    run_id = ended(app, filled, state=RunState.RUNNING, result={})
    page = manager.get("/cycles")
    assert "1 draft is being made." in text(page)
    assert 'hx-get="/cycles/news"' in page.get_data(as_text=True)
    with app.app_context(), house_scope(filled["house"]):
        run = db.session.get_one(Run, run_id)
        run.state, run.result = RunState.DONE, {"plan_id": filled["plan"]}
        db.session.commit()
    line = manager.get("/cycles/news")
    assert "Done: Adil." in text(line)
    assert "hx-get" not in line.get_data(as_text=True)


def test_it_costs_one_query_a_page(app, filled, manager):  # noqa: F811
    with count_queries(app) as seen:
        manager.get("/cycles")
    assert len([statement for statement in seen.statements if "FROM runs" in statement]) == 1
