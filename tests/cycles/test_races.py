"""Two managers press at the same moment, on both databases."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from sqlalchemy import func, select

from foyer.cycles.models import BedNight, Plan, PlanState
from foyer.database import db, house_scope
from foyer.jobs.models import Run
from tests.cycles.conftest import draft_again


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Every act in a thread of its own, started together; what they gave, in order."""
    gate = threading.Barrier(len(acts))
    results: list[Any] = [None] * len(acts)

    def run(n: int) -> None:
        gate.wait()
        results[n] = acts[n]()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_two_plans_published_at_once_leave_one_published(app, filled, sign_in):
    plans = [filled["plan"], draft_again(app, filled)]
    browsers = [sign_in(filled["manager"]) for _ in plans]
    answers = at_once(
        *(
            lambda n=n: browsers[n].post(f"/cycles/{filled['cycle']}/plans/{plans[n]}/publish", data={"version": 1})
            for n in range(2)
        )
    )
    assert [answer.status_code for answer in answers] == [303, 303]
    with app.app_context(), house_scope(filled["house"]):
        states = sorted(plan.state.value for plan in db.session.scalars(select(Plan)))
        published = db.session.scalars(select(Plan.id).where(Plan.state == PlanState.PUBLISHED)).one()
        holders = db.session.scalars(select(BedNight.plan_id).distinct()).all()
        assert states == ["draft", "published"]
        assert holders == [published]
        assert db.session.scalar(select(func.count(BedNight.id))) == 8 * 118


def test_the_same_plan_published_twice_at_once_is_published_once(app, filled, sign_in):
    browsers = [sign_in(filled["manager"]) for _ in range(2)]
    url = f"/cycles/{filled['cycle']}/plans/{filled['plan']}/publish"
    at_once(*(lambda browser=browser: browser.post(url, data={"version": 1}) for browser in browsers))
    with app.app_context(), house_scope(filled["house"]):
        assert db.session.scalars(select(Plan)).one().state is PlanState.PUBLISHED
        assert db.session.scalar(select(func.count(BedNight.id))) == 8 * 118


def test_generate_pressed_by_four_at_once_queues_one_run(app, filled, sign_in):
    browsers = [sign_in(filled["manager"]) for _ in range(4)]
    url = f"/cycles/{filled['cycle']}/generate"
    answers = at_once(*(lambda browser=browser: browser.post(url) for browser in browsers))
    assert len({answer.location for answer in answers}) == 1
    with app.app_context(), house_scope(filled["house"]):
        assert len(db.session.scalars(select(Run)).all()) == 1
