"""The job that plans, with the real solver on a small house: one worker, a fixed seed, a few seconds."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

from foyer.cycles import jobs
from foyer.cycles.labels import progress_words
from foyer.cycles.models import Plan, PlanState
from foyer.cycles.queries import get_cycle, list_plans
from foyer.cycles.services import generate_plan
from foyer.database import db, house_scope
from foyer.jobs.models import Run, RunState
from foyer.jobs.worker import work_once
from foyer.residences.models import Room
from foyer.scheduling import check
from foyer.scheduling.files import read_plan, read_problem
from foyer.scheduling.plan import Limits, Outcome, Progress
from tests.cycles.by_hand import plan_by_hand


@pytest.fixture
def queue(app, filled, monkeypatch):
    """Queues a run for the filled house and gives its id."""
    monkeypatch.setattr(jobs, "_limits", lambda context: Limits(seconds=20, workers=1, seed=1))

    def put() -> int:
        with app.app_context(), house_scope(filled["house"]):
            run = generate_plan(cycle_id=filled["cycle"], actor_id=filled["manager"])
            db.session.commit()
            return run.id

    return put


def outcome(app, filled, run_id):
    with app.app_context(), house_scope(filled["house"]):
        run = db.session.get_one(Run, run_id)
        plans = list_plans(filled["cycle"])
        return run.state, dict(run.result), dict(run.progress), len(plans)


def test_a_run_leaves_a_checked_draft_and_publishes_nothing(app, filled, queue):
    run_id = queue()
    assert work_once(app) == run_id
    state, result, progress, plans = outcome(app, filled, run_id)
    assert (state, result["outcome"], plans) == (RunState.DONE, "optimal", 2)
    assert [part["name"] for part in progress["parts"]] == [
        "classes",
        "education",
        "counsellors",
        "rooms",
        "times",
        "appointments",
    ]
    with app.app_context(), house_scope(filled["house"]):
        plan = db.session.get_one(Plan, result["plan_id"])
        assert plan.state is PlanState.DRAFT
        assert plan.created_by_id == filled["manager"]
        assert plan.unmet == []
        assert check(read_problem(plan.problem), read_plan(plan.answer)) == ()
        run = db.session.get_one(Run, run_id)
        assert run.input_hash == read_plan(plan.answer).problem_hash
        assert run.history[0][1] > run.history[-1][1] == pytest.approx(plan.score)
        assert [bound for _, _, bound in run.history] == sorted(
            bound for _, _, bound in run.history
        )  # ... to its bound
        assert run.history[-1][2] == pytest.approx(plan.bound)


def test_a_house_that_is_short_of_beds_gets_its_shortages_and_no_draft(app, filled, queue):
    with app.app_context(), house_scope(filled["house"]):
        for room in db.session.scalars(select(Room)).all():
            room.beds = 1
        db.session.commit()
    run_id = queue()
    work_once(app)
    state, result, _progress, plans = outcome(app, filled, run_id)
    assert (state, result["outcome"], plans) == (RunState.DONE, "infeasible", 1)
    assert {shortage["code"] for shortage in result["shortages"]} == {"beds"}


def test_an_answer_that_breaks_a_rule_is_never_kept(app, filled, queue, monkeypatch):
    monkeypatch.setattr(jobs, "solve", lambda problem, *rest: plan_by_hand(problem))
    run_id = queue()
    work_once(app)
    state, result, _progress, plans = outcome(app, filled, run_id)
    assert (state, plans) == (RunState.DONE, 1)
    assert result["violations"]
    assert "plan_id" not in result


@pytest.mark.parametrize("whole", [True, False])
def test_a_cancelled_run_keeps_only_what_is_whole(app, filled, queue, monkeypatch, whole):
    from foyer.scheduling import solve

    def stopped(problem, limits, progress, stop):
        with app.app_context(), house_scope(filled["house"]):
            from foyer.cycles.services import cancel_run

            cancel_run(cycle_id=filled["cycle"], run_id=run_id)
            db.session.commit()
        while not stop():
            pass
        from dataclasses import replace

        plan = replace(solve(problem, limits), outcome=Outcome.CANCELLED, bound=None)
        return plan if whole else replace(plan, meetings=(), appointments=())

    monkeypatch.setattr(jobs, "solve", stopped)
    run_id = queue()
    work_once(app)
    state, result, _progress, plans = outcome(app, filled, run_id)
    assert state is RunState.CANCELLED
    assert plans == (2 if whole else 1)
    assert ("plan_id" in result) is whole


def test_the_cycle_of_a_run_may_be_looked_at_meanwhile(app, filled, queue, monkeypatch):
    """The job lets go of the database while it computes."""

    def look(problem, *rest):
        with app.app_context(), house_scope(filled["house"]):
            cycle = get_cycle(filled["cycle"])
            cycle.weeks = 17
            db.session.commit()
        return plan_by_hand(problem)

    monkeypatch.setattr(jobs, "solve", look)
    run_id = queue()
    work_once(app)
    assert outcome(app, filled, run_id)[0] is RunState.DONE


def test_a_whole_that_reached_its_bound_has_only_proven_parts():
    """Classes and education are revised together after the classes were ticked off as good, not proven."""
    told: list[dict[str, Any]] = []
    context = SimpleNamespace(report=lambda said, _point: told.append(said))
    watch = jobs._Watch(context, {})  # type: ignore[arg-type]
    for stage, score, bound in (("classes", 104.0, 100.0), ("education", 110.0, 106.0)):
        watch(Progress(stage, "finished", 0.5, score, bound, 1.0))
    assert [part["proven"] for part in told[-1]["parts"]] == [False, True]
    assert "What is decided so far is at most" in progress_words(told[-1])
    watch(Progress("counsellors", "finished", 0.7, 108.0, 108.0, 2.0))
    assert {part["proven"] for part in told[-1]["parts"]} == {True}
    assert "What is decided so far is proven best" in progress_words(told[-1])
