"""The drafts of a cycle side by side: made several at a time, named, copied, stopped, and honest about their age."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from foyer.accounts.models import User
from foyer.audit.models import AuditEntry
from foyer.audit.services import act_as
from foyer.cycles.drafting import Wanted, cancel_runs, copy_plan, make_drafts, rename_plan
from foyer.cycles.drafts import best_of, list_drafts
from foyer.cycles.interruptions import Interruption, InterruptionKind
from foyer.cycles.models import (
    Cycle,
    CycleState,
    Enrolment,
    Plan,
    PlanLodging,
    PlanOrigin,
    PlanSeat,
    PlanState,
    TeachingGroup,
)
from foyer.cycles.opened import opened
from foyer.cycles.pins import pinned_problem
from foyer.cycles.planning import build_problem, store_plan
from foyer.cycles.presets import BY_KEY, PRESETS, WEIGHT_FIELDS, changed_weights
from foyer.cycles.queries import get_cycle, get_plan, list_live_runs, list_plans
from foyer.cycles.services import CycleClosed, NotADraft
from foyer.cycles.standing import is_outdated
from foyer.cycles.weighing import weighed
from foyer.database import db, house_scope, utc_now
from foyer.errors import Stale
from foyer.jobs.models import Run, RunState
from foyer.residences.models import Residence, Room, Staff, Trade
from foyer.residents.aptitude import Aptitude
from foyer.residents.models import Stay
from foyer.scheduling.index import Index
from foyer.scheduling.problem import Weights
from foyer.scheduling.score import score_of, terms_of
from tests.cycles.by_hand import plan_by_hand
from tests.cycles.house import make_house
from tests.cycles.test_views import change, plan_url, text
from tests.factories import make_user
from tests.queries import count_queries


@pytest.fixture
def manager(filled, sign_in):
    browser = sign_in(filled["manager"])
    with browser.session_transaction() as session:
        session["language"] = "en"
    return browser


def drafts_url(filled, page: str = "") -> str:
    return f"/cycles/{filled['cycle']}/drafts{page}"


def made_by_hand(home, changed=None) -> Plan:
    problem = weighed(build_problem(home.cycle), changed or {})
    return store_plan(home.cycle, problem, plan_by_hand(problem))


def waiting(app, filled) -> list[dict]:
    with app.app_context(), house_scope(filled["house"]):
        return [dict(run.parameters) for run in list_live_runs(filled["cycle"])]


# The form


def typed(**values):
    """The form as it is filled in with the engine's own weights."""
    house = {field.name: str(field.value_in(Weights())) for field in WEIGHT_FIELDS}
    return {"presets": ["house"], "name": "", "minutes": "5", **house, **values}


def test_one_draft_is_queued_for_each_way_of_weighing_that_is_ticked(app, filled, manager):
    answer = manager.post(
        drafts_url(filled, "/new"), data=typed(presets=["house", "fairer", "fewer_moves"], name="Siklus baru")
    )
    assert (answer.status_code, answer.location) == (303, drafts_url(filled))
    runs = waiting(app, filled)
    assert [run["name"] for run in runs] == [
        "Siklus baru: As the house weighs",
        "Siklus baru: Fairer",
        "Siklus baru: Fewer moves",
    ]
    assert [run["weights"] for run in runs] == [dict(BY_KEY[key].changed) for key in ("house", "fairer", "fewer_moves")]
    assert {run["seconds"] for run in runs} == {300.0}
    page = text(manager.get(answer.location))
    assert "Being made" in page
    assert "Siklus baru: Fairer" in page
    assert "Stop all" in page


def test_a_double_click_makes_no_second_set(app, filled, manager):
    for _ in range(2):
        answer = manager.post(drafts_url(filled, "/new"), data=typed(), follow_redirects=True)
    assert "These drafts are being made already" in text(answer)
    assert len(waiting(app, filled)) == 1


def test_weights_of_one_s_own_reach_the_draft_and_only_those_that_differ(app, filled, manager):
    manager.post(
        drafts_url(filled, "/new"), data=typed(presets=["own"], other_room="9", choice_4="30", choice_unlisted="60")
    )
    (run,) = waiting(app, filled)
    assert run["weights"] == {"other_room": 9, "choice": [0, 1, 4, 30, 30], "choice_unlisted": 60}
    assert run["name"] == "Own weights"


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"presets": []}, "Please fill in “How the drafts weigh”."),
        ({"minutes": "0"}, "“Minutes at most for each draft” must be between 1 and 60."),
        ({"other_room": "many"}, "“Another room than before” must be a whole number"),
        ({"presets": ["own"], "choice_2": "9"}, "“Third choice” must not weigh less than the choice above it."),
        ({"name": "x" * 41}, "“Name” must have at most 40 characters."),
    ],
)
def test_what_makes_no_sense_is_said_at_its_field_and_nothing_starts(app, filled, manager, values, sentence):
    page = manager.post(drafts_url(filled, "/new"), data=typed(**values))
    assert page.status_code == 422
    assert sentence in text(page) or sentence.replace("fill in", "choose") in text(page)
    assert waiting(app, filled) == []


def test_what_is_pinned_in_a_draft_can_be_kept_in_new_ones(app, filled, manager):
    pin = {"kind": "counsellor", "resident": str(filled["enrolment"]), "target": str(filled["counsellor"])}
    assert "Keep what was decided in" not in text(manager.get(drafts_url(filled, "/new")))
    change(app, filled, lambda: setattr(get_plan(filled["plan"]), "pins", [pin]))
    assert "Plan 1 (1 pin)" in text(manager.get(drafts_url(filled, "/new")))
    manager.post(drafts_url(filled, "/new"), data=typed(pins_from=str(filled["plan"])))
    (run,) = waiting(app, filled)
    assert (run["pins"], run["parent_id"]) == ([pin], filled["plan"])


def test_a_closed_cycle_makes_no_drafts(app, filled, manager):
    change(app, filled, lambda: setattr(get_plan(filled["plan"]).cycle, "state", CycleState.CLOSED))
    answer = manager.post(drafts_url(filled, "/new"), data=typed(), follow_redirects=True)
    assert "This cycle is closed" in text(answer)
    assert "Make drafts" not in text(manager.get(drafts_url(filled)))


def test_every_preset_names_real_weights_and_says_what_it_means(home):
    problem = build_problem(home.cycle)
    for preset in PRESETS:
        changed = weighed(problem, preset.changed)
        assert (changed == problem) is (preset.key == "house")
        assert str(preset.explanation).endswith(".")


def test_typed_weights_that_are_the_house_s_own_change_nothing():
    house = Weights(choice=(0, 2, 5), other_room=7)
    values = {field.name: field.value_in(house) for field in WEIGHT_FIELDS}
    assert changed_weights(values, house) == {}
    assert changed_weights({**values, "choice_2": 3}, house) == {"choice": [0, 3, 5]}


# Side by side


def test_each_draft_shows_its_figures(filled, manager):
    page = text(manager.get(drafts_url(filled)))
    assert "Score by the house's weights 7 points" in page
    assert "First choices 8 of 8" in page
    assert re.search(r"Caseloads \d to \d ", page)
    assert "Proven best under these rules and weights." in page


def test_drafts_of_different_weights_are_compared_by_the_house_s(home):
    first, second = made_by_hand(home), made_by_hand(home, {"open_group": 100, "fairness": "leximin"})
    second.score = 999.0
    db.session.flush()
    found = {draft.plan.id: draft for draft in list_drafts(home.cycle)}
    problem = build_problem(home.cycle)
    honest = score_of(terms_of(Index(problem), plan_by_hand(problem)))
    assert found[second.id].score == honest
    assert (found[second.id].is_own, found[first.id].is_own) == (True, False)
    assert [field.name for field, _own, _house in found[second.id].weights] == ["open_group"]
    first.score = honest + 1
    assert best_of(list_drafts(home.cycle)) == {second.id}
    assert best_of([found[second.id]]) == set()


def test_the_page_says_which_scores_can_be_compared(app, filled, manager):
    with app.app_context(), house_scope(filled["house"]):
        cycle = get_plan(filled["plan"]).cycle
        problem = weighed(build_problem(cycle), {"other_room": 25, "fairness": "none"})
        store_plan(cycle, problem, plan_by_hand(problem), name="Kamar tetap")
        db.session.commit()
    page = text(manager.get(drafts_url(filled)))
    assert "these figures can be compared" in page
    assert "By its own weights it scores 7 points." in page
    assert "Another room than before: 25 points, the house 2." in page
    assert "Points alone decide" in page
    assert "Plan 2 “Kamar tetap”" in page


def test_a_draft_says_what_was_changed_since_it_was_made(app, filled, manager):
    with app.app_context(), house_scope(filled["house"]):  # the house was set up a while before
        db.session.execute(update(Plan).values(created_at=utc_now() + timedelta(seconds=1), seconds=0.0))
        db.session.commit()
    assert "does not know" not in text(manager.get(drafts_url(filled)))
    with app.app_context(), house_scope(filled["house"]):
        db.session.execute(update(Plan).values(created_at=utc_now() - timedelta(seconds=1), seconds=0.0))
        db.session.execute(Enrolment.__table__.update().values(wished_at=None))
        db.session.commit()
        old = db.session.scalars(select(AuditEntry.id)).all()
        db.session.scalars(select(Room)).first().beds = 5
        db.session.scalars(select(Enrolment)).first().wished_at = utc_now()
        db.session.commit()
        assert len(old) < len(db.session.scalars(select(AuditEntry.id)).all())
    page = text(manager.get(drafts_url(filled)))
    assert "It does not know what was changed since it was made: the wishes of 1 resident" in page
    assert "rooms and beds" in page


def test_an_account_for_a_member_of_staff_makes_no_draft_old(app, filled, manager, monkeypatch):
    later = utc_now() + timedelta(minutes=1)  # than all that set the house up
    monkeypatch.setattr("foyer.audit.trail.utc_now", lambda: later + timedelta(minutes=1))
    with app.app_context(), house_scope(filled["house"]):
        db.session.execute(update(Plan).values(created_at=later, seconds=0.0))
        person = db.session.scalars(select(Staff)).first()
        person.full_name, person.user_id = "Nama Baru", db.session.scalars(select(User.id)).first()
        db.session.commit()
    assert "does not know" not in text(manager.get(drafts_url(filled)))
    with app.app_context(), house_scope(filled["house"]):
        db.session.scalars(select(Staff)).first().most_residents = 3
        db.session.commit()
    assert "staff and their hours" in text(manager.get(drafts_url(filled)))


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ("counselling", "how often and how long counselling is held"),
        ("weights", None),
        ("aptitude", "aptitudes"),
        ("born", "residents' age or gender"),
        ("renamed", None),
        ("away", "who is away and what is closed"),
        ("away later", None),
        ("back earlier", "who is away and what is closed"),
    ],
)
def test_the_list_of_drafts_knows_of_what_the_page_before_publishing_knows(
    app, filled, manager, monkeypatch, part, words
):
    def change():
        own = {"residence_id": filled["house"]}
        resident = db.session.get_one(Enrolment, filled["enrolment"]).stay.resident
        house = db.session.get_one(Residence, filled["house"])
        away = db.session.scalars(select(Interruption)).one()
        if part == "counselling":
            house.appointment_every_weeks = 3
        elif part == "weights":
            house.weights = {"other_room": 9.0}
        elif part == "aptitude":
            trade = db.session.scalars(select(Trade)).first()
            db.session.add(
                Aptitude(**own, resident_id=resident.id, trade_id=trade.id, level=1, assessed_on=date(2027, 1, 1))
            )
        elif part == "born":
            resident.born_on = date(2008, 1, 2)
        elif part == "renamed":
            resident.full_name = "Nama Baru"
        elif part == "back earlier":
            away.until_on = date(2027, 1, 1)
        else:
            first = date(2027, 1, 4) if part == "away" else date(2027, 2, 1)
            who = {"kind": InterruptionKind.STAFF, "staff_id": filled["counsellor"]}
            db.session.add(Interruption(**own, **who, from_on=first, until_on=date(2027, 3, 1)))

    later = utc_now() + timedelta(minutes=1)  # than all that set the house up
    monkeypatch.setattr("foyer.audit.trail.utc_now", lambda: later + timedelta(minutes=1))
    with app.app_context(), house_scope(filled["house"]):
        venue = {"kind": InterruptionKind.VENUE, "venue_id": filled["venue"]}
        db.session.add(
            Interruption(residence_id=filled["house"], **venue, from_on=date(2026, 12, 1), until_on=date(2027, 2, 1))
        )
        db.session.commit()
        problem = build_problem(get_cycle(filled["cycle"]))
        plan = store_plan(get_cycle(filled["cycle"]), problem, plan_by_hand(problem))
        for row in (db.session.get_one(Plan, filled["plan"]), plan):  # the first one is as new
            row.created_at, row.seconds = later + timedelta(minutes=2), 0.0
        db.session.commit()
        plan_id = plan.id
    monkeypatch.setattr("foyer.audit.trail.utc_now", lambda: later + timedelta(minutes=3))
    with app.app_context(), house_scope(filled["house"]):
        act_as(actor_id=filled["manager"], residence_id=filled["house"])
        change()
        db.session.commit()
        exact = is_outdated(db.session.get_one(Plan, plan_id))
    page = text(manager.get(drafts_url(filled)))
    assert exact is (words is not None)
    assert (words in page) if words else ("does not know" not in page)


def test_what_concerns_another_cycle_makes_no_draft_old(app, filled, manager, monkeypatch):
    later = utc_now() + timedelta(minutes=1)  # than all that set the house up
    monkeypatch.setattr("foyer.audit.trail.utc_now", lambda: later + timedelta(minutes=1))
    with app.app_context(), house_scope(filled["house"]):
        db.session.execute(update(Plan).values(created_at=later, seconds=0.0))
        cycle = get_cycle(filled["cycle"])
        house = {"residence_id": filled["house"]}
        begun = cycle.starts_on - timedelta(364)
        of_last_cycle = Cycle(year=cycle.year - 1, number=1, weeks=17, starts_on=begun, **house)
        enrolled = db.session.scalars(select(Enrolment)).first().stay
        enrolled.arrives_on = cycle.starts_on - timedelta(1)  # a stay that only began earlier than was thought
        gone = Stay(
            resident=enrolled.resident,
            arrives_on=of_last_cycle.starts_on,
            leaves_on=of_last_cycle.ends_on,
            education_level=enrolled.education_level,
            **house,
        )
        db.session.add_all([of_last_cycle, gone])
        db.session.flush()
        theirs = db.session.get_one(TeachingGroup, filled["class"])
        copied = {"trade_id": theirs.trade_id, "kind": theirs.kind, "maximum": 9, "meetings": 1, **house}
        db.session.add(TeachingGroup(cycle_id=of_last_cycle.id, code="LAMA-1", **copied))
        db.session.commit()
    assert "does not know" not in text(manager.get(drafts_url(filled)))
    with app.app_context(), house_scope(filled["house"]):
        db.session.get_one(TeachingGroup, filled["class"]).maximum += 1
        db.session.scalars(select(Enrolment)).first().stay.arrives_on += timedelta(3)
        db.session.commit()
    page = text(manager.get(drafts_url(filled)))
    assert "stays and classes and groups" in page


def test_a_draft_with_weights_and_decisions_of_its_own_is_not_outdated_for_that(home):
    problem = weighed(build_problem(home.cycle), {"other_room": 25, "fairness": "leximin"})
    pin = {"kind": "room", "resident": problem.residents[0].id, "target": problem.rooms[0].id}
    problem = pinned_problem(problem, [pin])
    plan = store_plan(home.cycle, problem, plan_by_hand(problem), pins=[pin])
    assert not is_outdated(plan)
    home.rooms[0].beds += 1
    db.session.flush()
    assert is_outdated(plan)


def test_a_run_that_left_no_draft_is_mentioned(app, filled, manager):
    def ended():
        run = Run(
            residence_id=filled["house"],
            kind="plan",
            parameters={"cycle_id": filled["cycle"], "name": "Adil"},
            state=RunState.DONE,
            result={"outcome": "infeasible", "shortages": []},
            finished_at=utc_now(),
        )
        db.session.add(run)

    change(app, filled, ended)
    page = text(manager.get(drafts_url(filled)))
    assert "“Adil” left no draft" in page
    assert "what helps" in page


def test_an_empty_cycle_says_what_will_be_here(app, filled, manager):
    manager.post(plan_url(filled, "/discard"), data={"version": filled["version"]})
    assert "No draft yet" in text(manager.get(drafts_url(filled)))


# While they are made


def test_the_progress_tells_each_run_and_asks_for_the_page_anew_when_one_has_ended(app, filled, manager):
    with app.app_context(), house_scope(filled["house"]):
        runs = make_drafts(cycle_id=filled["cycle"], actor_id=None, wanted=[Wanted("A", {}), Wanted("B", {"gap": 9})])
        runs[0].state = RunState.RUNNING
        runs[0].progress = {"stage": "rooms", "done": 0.5, "decided": {"score": 50, "bound": 49}}
        runs[0].history = [[0.1, 900, 0], [1.5, 50, 49]]
        db.session.commit()
        ids = [run.id for run in runs]
    page = manager.get(drafts_url(filled, f"/progress?runs={ids[0]}-{ids[1]}"))
    assert page.status_code == 200
    words = text(page)
    assert "Now: Rooms and beds." in words
    assert "It is made after the one before it." in words
    assert "What is decided so far is at most 2 % from the best possible." in words.replace("2%", "2 %")
    ended = manager.get(drafts_url(filled, f"/progress?runs={ids[0]}"))
    assert (ended.status_code, ended.headers["HX-Refresh"]) == (286, "true")


def test_all_can_be_stopped_or_one(app, filled, manager):
    manager.post(drafts_url(filled, "/new"), data=typed(presets=["house", "fairer", "compact_days"]))
    with app.app_context(), house_scope(filled["house"]):
        second = list_live_runs(filled["cycle"])[1].id
    manager.post(drafts_url(filled, "/cancel"), data={"run": second})
    assert [run["name"] for run in waiting(app, filled)] == ["As the house weighs", "Compact days"]
    manager.post(drafts_url(filled, "/cancel"))
    assert waiting(app, filled) == []


def test_stopping_all_leaves_what_has_ended_as_it_ended(home):
    make_drafts(cycle_id=home.cycle.id, actor_id=None, wanted=[Wanted("A", {}), Wanted("B", {"gap": 9})])
    assert cancel_runs(cycle_id=home.cycle.id) == 2
    assert cancel_runs(cycle_id=home.cycle.id) == 0


# Name and copy


def test_a_draft_gets_a_name_and_a_stale_name_is_refused_with_nothing_lost(app, filled, manager):
    url = plan_url(filled, "/name")
    assert manager.post(url, data={"version": filled["version"], "name": "Untuk rapat"}).status_code == 303
    assert "Plan 1 “Untuk rapat”" in text(manager.get(drafts_url(filled)))
    page = manager.post(url, data={"version": filled["version"], "name": "Lain"})
    assert page.status_code == 409
    assert "Untuk rapat" in text(page)
    assert "Lain" in page.get_data(as_text=True)


def test_a_published_plan_keeps_its_name(home):
    plan = made_by_hand(home)
    plan.state = PlanState.PUBLISHED
    db.session.flush()
    with pytest.raises(NotADraft):
        rename_plan(plan_id=plan.id, version=plan.version, name="x")
    with pytest.raises(Stale):
        rename_plan(plan_id=plan.id, version=99, name="x")


def test_a_published_plan_can_be_copied_into_a_draft_with_everything_in_it(app, filled, manager):
    pin = {"kind": "counsellor", "resident": str(filled["enrolment"]), "target": str(filled["counsellor"])}

    def published():
        get_plan(filled["plan"]).state = PlanState.PUBLISHED
        get_plan(filled["plan"]).pins = [pin]

    change(app, filled, published)
    answer = manager.post(plan_url(filled, "/copy"), follow_redirects=True)
    assert "Plan 2 “Copy of Plan 1” is a copy that you can change." in text(answer)
    with app.app_context(), house_scope(filled["house"]):
        first, copy = get_plan(filled["plan"]), next(p for p in list_plans(filled["cycle"]) if p.number == 2)
        assert (copy.state, copy.origin, copy.parent_id) == (PlanState.DRAFT, PlanOrigin.COPIED, first.id)
        assert (copy.pins, copy.score, copy.created_by_id) == ([pin], first.score, filled["manager"])
        assert opened(copy) == opened(first)
        for model in (PlanSeat, PlanLodging):
            counts = [len(db.session.scalars(select(model).where(model.plan_id == p.id)).all()) for p in (first, copy)]
            assert counts[0] == counts[1] > 0


def test_nothing_is_copied_in_a_closed_cycle(home):
    plan = made_by_hand(home)
    home.cycle.state = CycleState.CLOSED
    db.session.flush()
    with pytest.raises(CycleClosed):
        copy_plan(plan_id=plan.id, actor_id=None, name="x")


def test_the_number_of_queries_does_not_grow_with_drafts_or_residents(app, sign_in):
    counts = []
    for size, drafts in ((8, 1), (40, 5)):
        with app.app_context():
            home = make_house(size)
            with house_scope(home.residence.id):
                for n in range(drafts):
                    made_by_hand(home, {"gap": n + 1})
                user = make_user(home.residence).id
                make_drafts(cycle_id=home.cycle.id, actor_id=user, wanted=[Wanted("A", {})])
                db.session.commit()
                url = f"/cycles/{home.cycle.id}/drafts"
        browser = sign_in(user)
        with count_queries(app) as seen:
            assert browser.get(url).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 12
