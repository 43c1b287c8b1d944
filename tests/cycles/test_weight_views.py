from __future__ import annotations

from sqlalchemy import select

from foyer.audit.models import AuditEntry
from foyer.cycles.models import Cycle
from foyer.cycles.planning import build_problem
from foyer.cycles.presets import WEIGHT_FIELDS
from foyer.cycles.weight_questions import QUESTIONS, SECTIONS, USUAL
from foyer.database import db, house_scope
from foyer.residences.models import Residence
from foyer.scheduling.problem import Weights
from tests.cycles.test_views import manager, text  # noqa: F401
from tests.queries import count_queries


def house(app, filled, act):
    with app.app_context(), house_scope(filled["house"]):
        return act(db.session.get_one(Residence, filled["house"]))


def answers(app, filled, **changed):
    return {**USUAL, "version": house(app, filled, lambda row: row.version), **changed}


def test_every_weight_that_can_be_typed_has_its_question_once():
    names = [field.name for field in WEIGHT_FIELDS]
    assert set(QUESTIONS) == set(names)
    assert sorted(name for _heading, own in SECTIONS for name in own) == sorted(names)


def test_a_manager_reads_the_questions_with_the_usual_points(app, filled, manager):  # noqa: F811
    with count_queries(app) as seen:
        page = text(manager.get("/cycles/weights"))
    assert len(seen) <= 12
    assert "How bad is it when somebody gets their third choice?" in page
    assert "Usual: 4 points." in page
    assert "Back to the usual weights" not in page


def test_an_answer_reaches_the_plan_and_the_trail_and_can_be_taken_back(app, filled, manager):  # noqa: F811
    sent = answers(app, filled, choice_3=30, choice_4=40, gap=3)
    page = manager.post("/cycles/weights", data=sent, follow_redirects=True)
    assert "The weights are saved." in text(page)
    assert "Usual: 4 points. Changed by the house." in text(page)
    with app.app_context(), house_scope(filled["house"]):
        weights = build_problem(db.session.get_one(Cycle, filled["cycle"])).weights
        assert (weights.choice, weights.gap) == ((0, 1, 30, 40, 40), 3)
        assert weights.choice_unlisted == Weights().choice_unlisted
        of_house = select(AuditEntry).where(AuditEntry.subject_type == "Residence").order_by(AuditEntry.id)
        row = db.session.scalars(of_house).all()[-1]
        assert "weights" in row.changes
    version = house(app, filled, lambda row: row.version)
    assert "The usual weights hold again." in text(
        manager.post("/cycles/weights/reset", data={"version": version}, follow_redirects=True)
    )
    assert house(app, filled, lambda row: row.weights) == {}


def test_only_what_differs_is_kept_and_weights_without_a_question_stay(app, filled, manager):  # noqa: F811
    with app.app_context(), house_scope(filled["house"]):
        db.session.get_one(Residence, filled["house"]).weights = {"transfer": 7, "gap": 9}
        db.session.commit()
    manager.post("/cycles/weights", data=answers(app, filled, other_room=6))
    assert house(app, filled, lambda row: row.weights) == {"transfer": 7, "other_room": 6}


def test_a_worse_choice_never_weighs_less_and_points_have_limits(app, filled, manager):  # noqa: F811
    falling = manager.post("/cycles/weights", data=answers(app, filled, choice_3=0))
    assert falling.status_code == 422
    assert "“Third choice” must not weigh less than the choice above it." in text(falling)
    assert manager.post("/cycles/weights", data=answers(app, filled, gap=-1)).status_code == 422
    assert manager.post("/cycles/weights", data=answers(app, filled, gap="")).status_code == 422
    assert house(app, filled, lambda row: row.weights) == {}


def test_whoever_saw_older_weights_is_told(app, filled, manager):  # noqa: F811
    sent = answers(app, filled, gap=3)
    assert manager.post("/cycles/weights", data=sent).status_code == 303
    stale = manager.post("/cycles/weights", data={**sent, "gap": 5})
    assert stale.status_code == 409
    assert "Somebody else changed this record" in text(stale)
    again = manager.post("/cycles/weights/reset", data={"version": sent["version"]}, follow_redirects=True)
    assert "Somebody else changed the weights a moment ago." in text(again)
    assert house(app, filled, lambda row: row.weights) == {"gap": 3}
