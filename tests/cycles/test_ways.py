"""A run that ended impossible: ways out, each with what it would change, and one taken by a button."""

from __future__ import annotations

from dataclasses import asdict, replace

import pytest
from sqlalchemy import select

from foyer.audit.models import AuditEntry
from foyer.cycles import jobs
from foyer.cycles.asked import problem_asked
from foyer.cycles.house import load_facts
from foyer.cycles.models import CycleState, PlanOrigin, TeachingGroup
from foyer.cycles.pins import standing_pins
from foyer.cycles.queries import get_cycle, get_plan, list_live_runs, list_plans
from foyer.cycles.services import generate_plan
from foyer.cycles.way_words import edit_words
from foyer.cycles.ways import WAYS_JOB, edits_of, look_for_ways
from foyer.cycles.ways_answer import answer_of
from foyer.cycles.words.names import names_of
from foyer.database import db, house_scope
from foyer.jobs.models import Run, RunState
from foyer.jobs.worker import work_once
from foyer.residences.models import Room, RoomOutage
from foyer.residents.models import EducationLevel
from foyer.scheduling.files import problem_hash
from foyer.scheduling.plan import Limits, Outcome
from foyer.scheduling.relaxing.apply import relaxed
from foyer.scheduling.relaxing.forms import Got, ImpossibleAnswer, Relaxation, WayOut
from tests.cycles.test_drafts import drafts_url, manager  # noqa: F401
from tests.cycles.test_views import text
from tests.cycles.words.speaking import INDONESIAN, both, each


@pytest.fixture
def one_core(monkeypatch):
    monkeypatch.setattr(jobs, "_limits", lambda context: Limits(seconds=30, workers=1, seed=1))


def crowded(app, filled) -> None:
    """Both classes take three residents at most, and there are eight."""
    with app.app_context(), house_scope(filled["house"]):
        for group in db.session.scalars(select(TeachingGroup).where(TeachingGroup.trade_id.is_not(None))):
            group.maximum = 3
        db.session.commit()


def impossible_run(app, filled, **wanted) -> int:
    """A run that ended impossible, as the worker leaves it."""
    with app.app_context(), house_scope(filled["house"]):
        run = generate_plan(cycle_id=filled["cycle"], actor_id=filled["manager"], **wanted)
        run.state, run.result = RunState.DONE, {"outcome": "infeasible", "shortages": []}
        db.session.commit()
        return run.id


def found(app, filled, *relaxations: Relaxation, **wanted) -> int:
    """A search that ended with one way out made of these relaxations."""
    failed = impossible_run(app, filled, **wanted)
    with app.app_context(), house_scope(filled["house"]):
        run = look_for_ways(cycle_id=filled["cycle"], run_id=failed, actor_id=filled["manager"])
        answer = ImpossibleAnswer(ways=(WayOut(relaxations, 3.0, Outcome.OPTIMAL, 17.0),))
        run.state, run.result = RunState.DONE, {"answer": asdict(answer)}
        run.input_hash = problem_hash(problem_asked(run.parameters["asked"]))
        db.session.commit()
        return run.id


def test_the_road_from_impossible_to_a_draft(app, filled, manager, one_core):  # noqa: F811
    crowded(app, filled)
    manager.post(drafts_url(filled, "/new"), data=typed_house())
    run_id = work_once(app)
    page = text(manager.get(f"/cycles/{filled['cycle']}/runs/{run_id}"))
    assert "No full plan is possible yet" in page
    assert "Look for ways out" in page
    search = manager.post(f"/cycles/{filled['cycle']}/runs/{run_id}/ways").location
    assert manager.post(f"/cycles/{filled['cycle']}/runs/{run_id}/ways").location == search  # a double click
    assert "Waiting for a worker" in text(manager.get(search))
    work_once(app)
    page = text(manager.get(search))
    assert "ways out of it were tried, and work." in page or "way out of it was tried, and works." in page
    assert "This changes in the house:" in page
    assert "at most 5 residents instead of 3." in page or "at most 4 residents instead of 3." in page
    assert "8 residents get their first choice" in page
    assert "Nobody has to go without." in page
    answer = manager.post(f"{search}/1")
    assert (answer.status_code, answer.location) == (303, drafts_url(filled))
    with app.app_context(), house_scope(filled["house"]):
        sizes = db.session.scalars(select(TeachingGroup.maximum).where(TeachingGroup.trade_id.is_not(None))).all()
        assert sum(sizes) == 8
        changed = db.session.scalars(select(AuditEntry).where(AuditEntry.subject_type == "TeachingGroup")).all()
        assert any("maximum" in entry.changes and entry.actor_id == filled["manager"] for entry in changed)
    work_once(app)
    with app.app_context(), house_scope(filled["house"]):
        made = max(list_plans(filled["cycle"]), key=lambda plan: plan.number)
        assert (made.number, made.unmet) == (2, [])


def typed_house():
    from tests.cycles.test_drafts import typed

    return typed()


EVERY = [
    ("group_larger", {"group": "class", "amount": 2}, "OTO-1: at most 18 residents instead of 16."),
    ("group_smaller", {"group": "class", "minimum": 1}, "OTO-1: opens with 1 resident instead of 4."),
    ("group_not_opened", {"group": "class"}, "OTO-1: no longer has to open."),
    ("meetings_fewer", {"group": "class", "meetings": 4}, "OTO-1: 4 meetings a week instead of 5."),
    ("capacity", {"counsellor": "counsellor", "amount": 3}, "at most 17 residents instead of 14."),
    ("room_either_gender", {"room": "room"}, "for girls or boys, never both at once."),
    ("room_stage", {"room": "room", "stage": 1}, "from stage 1 of independence on instead of 2."),
    ("room_reopened", {"room": "room"}, "in service throughout the cycle."),
    ("rarer_appointments", {"weeks": 3}, "Individual counselling every 3 weeks instead of every 2."),
    ("group_larger", {"group": "class", "amount": 2}, "Bengkel Otomotif 1: 18 seats instead of 16."),
]


@pytest.mark.parametrize(("code", "values", "sentence"), EVERY, ids=[row[0] for row in EVERY])
def test_what_a_button_changes_in_the_house_is_what_the_engine_tried(home, code, values, sentence):
    from foyer.cycles.planning import build_problem
    from foyer.cycles.ways import _carry_out

    home.classes[0].minimum, home.classes[0].is_mandatory = 4, True
    home.venues[0].seats = 16
    home.rooms[0].minimum_stage = 2
    home.rooms[0].outages.append(RoomOutage(residence_id=home.residence.id, from_on=home.cycle.starts_on))
    db.session.flush()
    ids = {"class": home.classes[0].id, "counsellor": home.counsellors[0].id, "room": home.rooms[0].id}
    named = tuple((key, str(ids[value]) if value in ids else value) for key, value in values.items())
    relaxation = Relaxation(code, named, (), 1.0)
    facts = load_facts(home.cycle)
    problem = build_problem(home.cycle)
    edits = edits_of(WayOut((relaxation,), 1.0, Outcome.OPTIMAL, 0.0), facts, problem)
    said = [each(lambda edit=edit: edit_words(edit, names_of(facts))) for edit in edits]
    assert any(sentence in english and INDONESIAN[sentence] in indonesian for english, indonesian in said), said
    _carry_out(edits)
    db.session.flush()
    db.session.expire_all()
    assert build_problem(home.cycle) == relaxed(problem, [relaxation])


def test_a_second_group_is_opened_as_the_engine_tried_it(home):
    from foyer.cycles.planning import build_problem
    from foyer.cycles.ways import _carry_out

    first = home.classes[0]
    relaxation = Relaxation("group_opened", (("group", str(first.id)), ("places", 16)), (), 14.0)
    facts, problem = load_facts(home.cycle), build_problem(home.cycle)
    (edit,) = edits_of(WayOut((relaxation,), 14.0, Outcome.OPTIMAL, 0.0), facts, problem)
    assert both(lambda: edit_words(edit, names_of(facts)))[0] == "OTO-2 is added, with everything as in OTO-1."
    _carry_out([edit])
    made, tried = build_problem(home.cycle), relaxed(problem, [relaxation])
    second = db.session.scalars(select(TeachingGroup).where(TeachingGroup.code == "OTO-2")).one()
    ids = [g.id if g.id != f"{first.id}+2" else str(second.id) for g in tried.groups]
    assert made == replace(tried, groups=tuple(replace(g, id=id_) for g, id_ in zip(tried.groups, ids, strict=True)))


def test_several_groups_opened_in_one_way_have_codes_of_their_own(home):
    from foyer.cycles.planning import build_problem
    from foyer.cycles.ways import _carry_out

    def opened(group: TeachingGroup) -> Relaxation:
        return Relaxation("group_opened", (("group", str(group.id)), ("places", 16)), (), 14.0)

    first, other = home.classes[:2]
    twice = [opened(first), opened(first), opened(other)]
    edits = edits_of(
        WayOut(tuple(twice), 42.0, Outcome.OPTIMAL, 0.0), load_facts(home.cycle), build_problem(home.cycle)
    )
    before = set(db.session.scalars(select(TeachingGroup.code)))
    codes = [edit.after for edit in edits]
    assert codes[:2] == ["OTO-2", "OTO-3"]
    assert len(before | set(codes)) == len(before) + 3
    _carry_out(edits)
    assert set(db.session.scalars(select(TeachingGroup.code))) == before | set(codes)


def test_an_education_group_is_opened_to_another_last_education(home):
    from foyer.cycles.planning import build_problem
    from foyer.cycles.ways import _carry_out

    sma = next(e for e in home.enrolments if e.stay.education_level.value == "sma")
    group = home.education[0]
    group.minimum_level = EducationLevel.SMP
    way = WayOut((Relaxation("group_admits", (("group", str(group.id)),), (str(sma.id),)),), 1.0, Outcome.OPTIMAL, 0.0)
    facts, problem = load_facts(home.cycle), build_problem(home.cycle)
    edits = edits_of(way, facts, problem)
    assert [both(lambda edit=edit: edit_words(edit, names_of(facts)))[0] for edit in edits] == [
        "PC-1: last educations admitted besides: Senior secondary school (SMA).",
        "PC-1: no lowest education any more.",
    ]
    _carry_out(edits)
    assert ("sma" in group.levels, group.minimum_level) == (True, None)


def test_a_field_that_several_steps_change_is_told_once(home):
    from foyer.cycles.planning import build_problem

    group = str(home.classes[0].id)
    steps = tuple(Relaxation("group_larger", (("group", group), ("amount", n)), (), 3.0) for n in (1, 2))
    facts = load_facts(home.cycle)
    edits = edits_of(WayOut(steps, 9.0, Outcome.OPTIMAL, 0.0), facts, build_problem(home.cycle))
    assert [both(lambda edit=edit: edit_words(edit, names_of(facts)))[0] for edit in edits] == [
        "OTO-1: at most 19 residents instead of 16.",
        "Bengkel Otomotif 1: 19 seats instead of 16.",
    ]


def test_pins_that_stand_in_the_way_are_given_up_and_nothing_else(app, filled, manager):  # noqa: F811
    keep = {"kind": "room", "resident": str(filled["enrolment"]), "target": "1"}
    gives_way = {"kind": "counsellor", "resident": str(filled["enrolment"]), "target": str(filled["counsellor"])}
    with app.app_context(), house_scope(filled["house"]):
        keep["target"] = str(db.session.scalars(select(Room.id)).first())
    released = Relaxation(
        "pin_released", (("kind", "counsellor"), ("target", gives_way["target"])), (gives_way["resident"],), 6.0
    )
    run_id = found(app, filled, released, pins=[keep, gives_way], name="Rapat", origin=PlanOrigin.FINISHED)
    page = manager.get(f"/cycles/{filled['cycle']}/ways/{run_id}")
    assert "Unpinned:" in text(page)
    manager.post(f"/cycles/{filled['cycle']}/ways/{run_id}/1")
    with app.app_context(), house_scope(filled["house"]):
        (run,) = list_live_runs(filled["cycle"])
        assert (run.parameters["pins"], run.parameters["name"]) == ([keep], "Rapat")
        assert run.parameters["origin"] == "finished"
        assert standing_pins(problem_asked(run.parameters), run.parameters["pins"]) == [keep]


def test_a_house_that_has_changed_since_takes_no_way(app, filled, manager):  # noqa: F811
    larger = Relaxation("group_larger", (("group", str(filled["class"])), ("amount", 1)), (), 3.0)
    run_id = found(app, filled, larger)
    crowded(app, filled)
    where = f"/cycles/{filled['cycle']}/ways/{run_id}"
    assert "Look for ways again" in text(manager.get(where))
    answer = text(manager.post(f"{where}/1", follow_redirects=True))
    assert "The house has changed since these ways were found. Nothing was done" in answer
    with app.app_context(), house_scope(filled["house"]):
        assert db.session.get_one(TeachingGroup, filled["class"]).maximum == 3
        assert list_live_runs(filled["cycle"]) == []


def test_a_way_is_taken_once_however_often_its_button_is_pressed(app, filled, manager):  # noqa: F811
    run_id = found(app, filled, Relaxation("group_larger", (("group", str(filled["class"])), ("amount", 1)), (), 3.0))
    where = f"/cycles/{filled['cycle']}/ways/{run_id}/1"
    for _ in range(2):
        manager.post(where)
    with app.app_context(), house_scope(filled["house"]):
        assert db.session.get_one(TeachingGroup, filled["class"]).maximum == 17
        assert len(list_live_runs(filled["cycle"])) == 1


@pytest.mark.parametrize(
    "relaxation",
    [
        Relaxation("pair_lifted", (("scope", "room"),), ("1", "2"), 500.0),
        Relaxation("beds", (("gender", "female"), ("from", 0), ("to", 7), ("amount", 1)), ("1",), 10.0),
    ],
    ids=["a person decides", "no such field"],
)
def test_what_no_button_may_or_can_do_has_none(app, filled, manager, relaxation):  # noqa: F811
    run_id = found(app, filled, relaxation)
    where = f"/cycles/{filled['cycle']}/ways/{run_id}"
    page = text(manager.get(where))
    assert "No button can do this" in page
    assert "Do this and make the draft again" not in page
    assert "no button can." in text(manager.post(f"{where}/1", follow_redirects=True))
    assert manager.post(f"{where}/9").status_code == 404


def test_a_search_that_is_stopped_shows_what_it_found(app, filled, manager, one_core, monkeypatch):  # noqa: F811
    from foyer.cycles import ways_job

    failed = impossible_run(app, filled)
    search = manager.post(f"/cycles/{filled['cycle']}/runs/{failed}/ways").location

    def stopped(problem, limits, report, stop):
        assert manager.post(f"{search}/cancel").status_code == 303
        while not stop():
            pass
        larger = Relaxation("group_larger", (("group", str(filled["class"])), ("amount", 1)), (), 3.0)
        return ImpossibleAnswer(ways=(WayOut((larger,), 3.0, Outcome.OPTIMAL, 17.0),))

    monkeypatch.setattr(ways_job, "ways_out", stopped)
    work_once(app)
    assert "Do this and make the draft again" in text(manager.get(search))


def test_a_search_whose_worker_died_says_so_and_lost_nothing(app, filled, manager):  # noqa: F811
    failed = impossible_run(app, filled)
    with app.app_context(), house_scope(filled["house"]):
        run = look_for_ways(cycle_id=filled["cycle"], run_id=failed, actor_id=filled["manager"])
        run.state, run.error = RunState.FAILED, "worker_lost"
        db.session.commit()
        run_id = run.id
    assert "The machine stopped" in text(manager.get(f"/cycles/{filled['cycle']}/ways/{run_id}"))
    with app.app_context(), house_scope(filled["house"]):
        assert get_plan(filled["plan"]).version == filled["version"]


def test_ways_are_looked_for_only_where_a_run_ended_impossible(app, filled, manager):  # noqa: F811
    with app.app_context(), house_scope(filled["house"]):
        run_id = generate_plan(cycle_id=filled["cycle"], actor_id=None).id
        db.session.commit()
    assert manager.post(f"/cycles/{filled['cycle']}/runs/{run_id}/ways").status_code == 404
    answer = manager.get(f"/cycles/{filled['cycle']}/ways/{run_id}")
    assert (answer.status_code, answer.location) == (303, f"/cycles/{filled['cycle']}/runs/{run_id}")


def test_a_closed_cycle_takes_no_way(app, filled, manager):  # noqa: F811
    run_id = found(app, filled, Relaxation("group_larger", (("group", str(filled["class"])), ("amount", 1)), (), 3.0))
    with app.app_context(), house_scope(filled["house"]):
        get_cycle(filled["cycle"]).state = CycleState.CLOSED
        db.session.commit()
    page = text(manager.post(f"/cycles/{filled['cycle']}/ways/{run_id}/1", follow_redirects=True))
    assert "This cycle is closed" in page


def test_an_answer_is_read_back_as_it_was_stored(app, filled):
    relaxation = Relaxation("group_larger", (("group", "7"), ("amount", 2)), ("1",), 6.0)
    run_id = found(app, filled, relaxation)
    with app.app_context(), house_scope(filled["house"]):
        run = db.session.get_one(Run, run_id)
        assert run.kind == WAYS_JOB
        way = WayOut((relaxation,), 3.0, Outcome.OPTIMAL, 17.0)
        assert answer_of(run) == ImpossibleAnswer(ways=(way,))
        told = ImpossibleAnswer(ways=(replace(way, got=Got((3, 2, 1, 0), ("4",), ("5",))),))
        run.result = {"answer": asdict(told)}
        db.session.commit()
        db.session.expire_all()
        assert answer_of(run) == told
        before = asdict(ImpossibleAnswer(ways=(way,)))
        del before["ways"][0]["got"]  # as ways were stored before what residents get was kept
        run.result = {"answer": before}
        assert answer_of(run) == ImpossibleAnswer(ways=(way,))
