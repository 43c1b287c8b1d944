"""What a draft is asked to be: its weights, what people decided before, its name and its parent."""

from __future__ import annotations

from dataclasses import replace

import pytest

from foyer.cycles import jobs
from foyer.cycles.models import Plan, PlanOrigin
from foyer.cycles.opened import opened
from foyer.cycles.pins import pinned_problem, standing_pins
from foyer.cycles.planning import build_problem, store_plan
from foyer.cycles.queries import get_plan, list_live_runs
from foyer.cycles.services import RunUnderWay, discard_plan, generate_plan
from foyer.cycles.weighing import weighed
from foyer.database import db, house_scope
from foyer.jobs.models import Run
from foyer.jobs.worker import work_once
from foyer.scheduling.plan import Limits
from foyer.scheduling.problem import AppointmentPin, MeetingPin, Pin
from foyer.scheduling.validation import faults_of
from tests.cycles.by_hand import plan_by_hand


@pytest.fixture
def one_core(monkeypatch):
    monkeypatch.setattr(jobs, "_limits", lambda context: Limits(seconds=20, workers=1, seed=1))


def asked_and_made(app, filled, **wanted) -> int:
    """The id of the draft that a run with these parameters leaves."""
    with app.app_context(), house_scope(filled["house"]):
        run_id = generate_plan(cycle_id=filled["cycle"], actor_id=filled["manager"], **wanted).id
        db.session.commit()
    assert work_once(app) == run_id
    with app.app_context(), house_scope(filled["house"]):
        return int(db.session.get_one(Run, run_id).result["plan_id"])


def test_a_double_click_starts_one_run_while_another_draft_may_wait_its_turn(home):
    first = generate_plan(cycle_id=home.cycle.id, actor_id=None, name="Adil", weights={"fairness": "leximin"})
    with pytest.raises(RunUnderWay) as again:
        generate_plan(cycle_id=home.cycle.id, actor_id=None, name="Adil", weights={"fairness": "leximin"})
    assert again.value.run_id == first.id
    second = generate_plan(cycle_id=home.cycle.id, actor_id=None, name="Padat")
    assert [run.id for run in list_live_runs(home.cycle.id)] == [first.id, second.id]


def test_a_draft_has_the_weights_the_name_and_the_decisions_that_it_was_asked_for(app, filled, one_core):
    pin = {"kind": "counsellor", "resident": str(filled["enrolment"]), "target": str(filled["counsellor"])}
    gone = {"kind": "room", "resident": "999999", "target": "1"}
    wanted = {"choice": [0, 2, 8, 18, 32], "fairness": "leximin"}
    made = asked_and_made(
        app,
        filled,
        name="Adil",
        weights=wanted,
        pins=[pin, gone],
        parent_id=filled["plan"],
        origin=PlanOrigin.FINISHED,
        seconds=30,
    )
    with app.app_context(), house_scope(filled["house"]):
        plan = get_plan(made)
        problem = opened(plan).problem
        assert (plan.name, plan.origin, plan.parent_id, plan.pins) == (
            "Adil",
            PlanOrigin.FINISHED,
            filled["plan"],
            [pin],
        )
        assert (problem.weights.choice, problem.fairness) == ((0, 2, 8, 18, 32), "leximin")
        counsellors = {case.resident: case.counsellor for case in opened(plan).answer.caseloads}
        assert counsellors[pin["resident"]] == pin["target"]


def test_a_draft_made_from_another_weighs_as_that_one_does(app, filled, one_core):
    parent = asked_and_made(app, filled, weights={"choice": [0, 2, 8, 18, 32]})
    child = asked_and_made(app, filled, parent_id=parent, origin=PlanOrigin.FINISHED)
    with app.app_context(), house_scope(filled["house"]):
        assert opened(get_plan(child)).problem.weights.choice == (0, 2, 8, 18, 32)
        discard_plan(plan_id=parent, version=get_plan(parent).version)
        db.session.commit()
        assert get_plan(child).parent_id is None


def test_a_draft_whose_parent_was_thrown_away_meanwhile_is_made_all_the_same(app, filled, one_core):
    with app.app_context(), house_scope(filled["house"]):
        run_id = generate_plan(cycle_id=filled["cycle"], actor_id=None, parent_id=filled["plan"]).id
        discard_plan(plan_id=filled["plan"], version=filled["version"])
        db.session.commit()
    work_once(app)
    with app.app_context(), house_scope(filled["house"]):
        made = db.session.get_one(Plan, db.session.get_one(Run, run_id).result["plan_id"])
        assert made.parent_id is None


def test_every_kind_of_decision_reaches_the_engine_and_means_what_it_says(home):
    problem = build_problem(home.cycle)
    resident, room, counsellor = problem.residents[0].id, problem.rooms[0].id, problem.counsellors[0].id
    vocational = next(group for group in problem.groups if group.kind == "vocational")
    education = next(group for group in problem.groups if group.kind == "education")
    periods = vocational.patterns[0].periods
    period = problem.periods[0].id
    rows = [
        {"kind": "class", "resident": resident, "target": vocational.id},
        {"kind": "education", "resident": resident, "target": education.id},
        {"kind": "room", "resident": resident, "target": room},
        {"kind": "counsellor", "resident": resident, "target": counsellor},
        {"kind": "appointment", "resident": resident, "target": f"1:{period}"},
        {"kind": "appointment", "resident": problem.residents[1].id, "target": period},
        {"kind": "meeting", "resident": "", "target": f"{vocational.id}:{','.join(periods)}"},
    ]
    pinned = pinned_problem(problem, rows)
    assert faults_of(pinned) == ()
    assert [pin.kind for pin in pinned.pins] == ["class", "education", "room", "counsellor"]
    assert pinned.pins[0] == Pin("class", resident, vocational.id)
    assert pinned.appointment_pins == (
        AppointmentPin(resident, period, 1),
        AppointmentPin(problem.residents[1].id, period, None),
    )
    assert pinned.meeting_pins == (MeetingPin(vocational.id, periods),)
    assert pinned_problem(pinned, []) == problem


def test_a_decision_about_what_is_gone_or_of_another_kind_is_passed_over(home):
    problem = build_problem(home.cycle)
    resident = problem.residents[0].id
    education = next(group for group in problem.groups if group.kind == "education")
    stands = {"kind": "room", "resident": resident, "target": problem.rooms[0].id}
    rows = [
        stands,
        stands,
        {"kind": "room", "resident": "999999", "target": problem.rooms[0].id},
        {"kind": "room", "resident": resident, "target": "999999"},
        {"kind": "counsellor", "resident": resident, "target": "999999"},
        {"kind": "class", "resident": resident, "target": education.id},
        {"kind": "appointment", "resident": resident, "target": "0:never"},
        {"kind": "meeting", "resident": "", "target": f"{education.id}:never"},
    ]
    assert standing_pins(problem, rows) == [stands]


def test_changed_weights_lie_over_the_house_s_own_and_unknown_names_are_passed_over(home):
    home.residence.weights = {"gap": 3}
    problem = build_problem(home.cycle)
    changed = weighed(problem, {"other_room": 9, "fairness": "leximin", "nonsense": 1})
    assert (changed.weights.gap, changed.weights.other_room, changed.fairness) == (3, 9, "leximin")
    assert replace(changed, weights=problem.weights, fairness=problem.fairness) == problem


def test_a_stored_draft_is_nobody_s_child_and_has_no_name_unless_it_is_said(home):
    problem = build_problem(home.cycle)
    plan = store_plan(home.cycle, problem, plan_by_hand(problem))
    assert (plan.name, plan.origin, plan.parent_id, plan.pins) == ("", PlanOrigin.GENERATED, None, [])
