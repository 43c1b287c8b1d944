"""Individual plans: agreed by both sides, replaced by versions, carried out step by step, reviewed in time."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from foyer.audit.models import AuditEntry
from foyer.care import conferences, reviewing, rpi
from foyer.care.models import (
    AgreementMethod,
    ConferenceParticipant,
    Doer,
    Domain,
    GoalState,
    Party,
    ReviewResult,
    RpiState,
    ServicePlan,
)
from foyer.caseload.desk import desk_of
from foyer.caseload.dues import dues_of
from foyer.database import db
from foyer.errors import Stale
from tests.care.conftest import TODAY, Place

GOAL = {
    "domain": Domain.VOCATIONAL,
    "title": "Bisa membongkar mesin",
    "measure": "Sendiri, tanpa bantuan",
    "target_level": 4,
    "due_on": date(2027, 4, 1),
}
STEP = {"title": "Belajar ganti oli", "doer": Doer.RESIDENT, "staff_id": None, "due_on": date(2027, 1, 20)}


def draft(place: Place) -> ServicePlan:
    plan = rpi.begin_plan(place.the_stay(), strengths="tekun", on=TODAY, actor=place.worker())
    goal = rpi.add_goal(plan, GOAL)
    rpi.add_step(goal, STEP)
    rpi.add_step(goal, {**STEP, "title": "Uji di bengkel", "doer": Doer.STAFF, "staff_id": place.staff})
    return plan


def agree(place: Place, plan: ServicePlan, party: Party, on: date = TODAY, **values: Any) -> None:
    method = AgreementMethod.SIGNED_IN
    rpi.agree(plan, party, method=method, on=on, today=TODAY, actor=place.worker(), **values)


def in_force(place: Place, on: date = TODAY) -> ServicePlan:
    plan = draft(place)
    agree(place, plan, Party.COUNSELLOR, on)
    agree(place, plan, Party.RESIDENT, on)
    return rpi.get_plan_version(place.resident, plan.id)


def test_a_plan_is_in_force_once_both_sides_agreed_to_it_as_they_saw_it(within: Place) -> None:
    plan = rpi.begin_plan(within.the_stay(), strengths=None, on=TODAY, actor=within.worker())
    with pytest.raises(rpi.PlanUnderWay):
        draft(within)
    with pytest.raises(rpi.NothingToAgreeTo):
        agree(within, plan, Party.COUNSELLOR)
    goal = rpi.add_goal(plan, GOAL)
    with pytest.raises(rpi.NothingToAgreeTo):
        agree(within, plan, Party.COUNSELLOR)
    seen = plan.version
    rpi.add_step(goal, STEP)
    with pytest.raises(Stale):
        agree(within, plan, Party.RESIDENT, version=seen)
    agree(within, plan, Party.COUNSELLOR, version=plan.version)
    assert plan.state is RpiState.DRAFT
    with pytest.raises(rpi.AlreadyAgreed):
        agree(within, plan, Party.COUNSELLOR)
    agree(within, plan, Party.RESIDENT, version=plan.version)
    assert (plan.state, plan.agreed_on) == (RpiState.AGREED, TODAY)


def test_what_somebody_agreed_to_changes_only_after_it_was_opened_again(within: Place) -> None:
    plan = draft(within)
    agree(within, plan, Party.COUNSELLOR)
    with pytest.raises(rpi.AgreedMeanwhile):
        rpi.add_goal(plan, GOAL)
    rpi.open_again(plan, on=TODAY)
    assert rpi.agreements_now(plan) == {}
    rpi.add_goal(plan, GOAL)
    plan = rpi.get_plan_version(within.resident, plan.id)
    rpi.add_step(plan.goals[-1], STEP)
    agree(within, plan, Party.COUNSELLOR)
    agree(within, plan, Party.RESIDENT)
    with pytest.raises(rpi.NotADraft):
        rpi.change_goal(plan.goals[0], {"title": "lain"}, version=None)


def test_a_new_version_copies_the_progress_and_replaces_the_old_one_when_agreed(within: Place) -> None:
    plan = in_force(within)
    rpi.do_step(plan.goals[0].steps[0], on=TODAY, today=TODAY, actor=within.worker())
    new = rpi.new_version(plan, reason="ingin ikut Paket C", on=TODAY, actor=within.worker())
    with pytest.raises(rpi.PlanUnderWay):
        rpi.new_version(plan, reason="lagi", on=TODAY, actor=within.worker())
    assert (new.number, new.goals[0].steps[0].done_on, len(new.goals[0].steps)) == (2, TODAY, 2)
    assert plan.state is RpiState.AGREED, "the old one holds until both agree"
    agree(within, new, Party.COUNSELLOR)
    agree(within, new, Party.RESIDENT)
    assert (plan.state, plan.ended_on, new.state) == (RpiState.REPLACED, TODAY, RpiState.AGREED)


def test_steps_are_ordered_done_and_undone_and_name_who_of_the_staff(within: Place) -> None:
    plan = draft(within)
    goal = plan.goals[0]
    with pytest.raises(rpi.StaffMissing):
        rpi.add_step(goal, {**STEP, "doer": Doer.STAFF})
    with pytest.raises(rpi.NotInForce):
        rpi.do_step(goal.steps[0], on=TODAY, today=TODAY, actor=within.worker())
    rpi.move_step(goal.steps[1], up=True)
    goal = rpi.get_plan_version(within.resident, plan.id).goals[0]
    assert [step.title for step in goal.steps] == ["Uji di bengkel", "Belajar ganti oli"]
    agree(within, plan, Party.COUNSELLOR)
    agree(within, plan, Party.RESIDENT)
    with pytest.raises(rpi.DayAhead):
        rpi.do_step(goal.steps[0], on=TODAY + timedelta(days=1), today=TODAY, actor=within.worker())
    rpi.do_step(goal.steps[0], on=TODAY, today=TODAY, actor=within.worker())
    rpi.undo_step(goal.steps[0])
    assert goal.steps[0].done_on is None
    rpi.close_goal(goal, GoalState.REACHED, words="sudah bisa", on=TODAY, version=goal.version)
    assert (goal.state, goal.closed_on) == (GoalState.REACHED, TODAY)


def test_a_review_counts_within_its_window_and_a_reasoned_exemption_moves_that_one_only(within: Place) -> None:
    plan = in_force(within, on=date(2026, 12, 10))  # due 42 days later, on 21 January; from the 14th on
    due = reviewing.review_due(plan)
    assert (due.from_on, due.due_on) == (date(2027, 1, 14), date(2027, 1, 21))
    held = {"today": TODAY, "summary": "berjalan baik", "actor": within.worker()}
    with pytest.raises(reviewing.ReviewTooEarly):
        reviewing.hold_review(plan, on=TODAY, result=ReviewResult.CONTINUE, **held)
    with pytest.raises(reviewing.PutOffTooShort):
        reviewing.put_off(plan, to=due.due_on, today=TODAY, reason="sakit", actor=within.worker())
    with pytest.raises(reviewing.ReasonMissing):
        reviewing.put_off(plan, to=date(2027, 2, 1), today=TODAY, reason=" ", actor=within.worker())
    reviewing.put_off(plan, to=date(2027, 2, 1), today=TODAY, reason="di rumah sakit", actor=within.worker())
    moved = reviewing.review_due(plan)
    assert (moved.due_on, [move.reason for move in moved.put_off]) == (date(2027, 2, 1), ["di rumah sakit"])
    late = date(2027, 2, 3)
    reviewing.hold_review(
        plan, on=late, today=late, result=ReviewResult.CONTINUE, summary="baik", actor=within.worker()
    )
    after = reviewing.review_due(plan)
    assert (after.due_on, list(after.put_off)) == (late + timedelta(days=42), [])
    reviewing.hold_review(plan, on=late, today=late, result=ReviewResult.END, summary="cukup", actor=within.worker())
    assert plan.state is RpiState.ENDED
    with pytest.raises(rpi.NotInForce):
        reviewing.review_due(plan)


def test_a_conference_has_people_and_decisions_with_an_owner_and_a_day(within: Place) -> None:
    values = {"held_on": TODAY, "occasion": "tahap pertama", "resident_took_part": True, "summary": ""}
    people: dict[str, Any] = {"staff_ids": [within.staff], "guests": [" Ibu Sari, BAPAS ", ""], "today": TODAY}
    with pytest.raises(conferences.NobodyTookPart):
        conferences.add_conference(
            within.person().residence_id,
            values,
            resident_id=within.resident,
            staff_ids=[within.staff],
            guests=[],
            today=TODAY,
            actor=within.worker(),
        )
    about = {"resident_id": within.resident, "stay_id": within.the_stay().id}
    house = within.person().residence_id
    made = conferences.add_conference(house, values, actor=within.worker(), **about, **people)
    conference = conferences.get_conference(made.id, resident_id=within.resident)
    assert [row.staff_id or row.guest for row in conference.participants] == [within.staff, "Ibu Sari, BAPAS"]
    conferences.change_conference(
        conference,
        values,
        staff_ids=[within.staff],
        guests=["Pak Budi, sekolah"],
        today=TODAY,
        version=conference.version,
    )
    decision = conferences.decide(
        conference, {"words": "daftar Paket C", "owner_id": within.staff, "due_on": date(2027, 1, 20)}
    )
    conference = conferences.get_conference(made.id, resident_id=within.resident)
    assert [row.guest for row in conference.participants if row.guest] == ["Pak Budi, sekolah"]
    rows = db.session.scalars(select(ConferenceParticipant).order_by(ConferenceParticipant.id)).all()
    assert [(row.guest, row.removed_at is not None) for row in rows if row.guest] == [
        ("Ibu Sari, BAPAS", True),
        ("Pak Budi, sekolah", False),
    ], "nothing is deleted by a screen"
    trail = select(AuditEntry.verb).where(AuditEntry.subject_type == "ConferenceParticipant")
    assert set(db.session.scalars(trail)) == {"created", "changed"}
    with pytest.raises(conferences.DayAhead):
        conferences.finish_decision(decision, on=date(2027, 1, 14), today=TODAY, outcome="ya", version=None)
    conferences.finish_decision(decision, on=TODAY, today=TODAY, outcome="terdaftar", version=decision.version)
    assert decision.done_on == TODAY


def test_what_is_due_has_a_date_a_person_and_no_words_of_the_plan(within: Place) -> None:
    with within.app.test_request_context():
        desk = desk_of(within.worker(), within.residence)

        def of(kind: str) -> list[Any]:
            return [due for due in dues_of(desk, [within.resident]) if due.kind == kind]

        assert [due.due_on for due in of("rpi")] == [date(2027, 2, 3)]
        assert of("assessment")[0].due_on == date(2027, 1, 18)
        in_force(within)
        assert of("rpi") == []
        assert [due.due_on for due in of("review")] == [TODAY + timedelta(days=42)]
        steps = of("step")
        assert sorted((due.due_on, due.owner_id or 0) for due in steps) == [
            (date(2027, 1, 20), 0),
            (date(2027, 1, 20), within.staff),
        ]
        assert not any("oli" in due.words for due in steps)
        assert of("decision") == []
        within.the_stay().leaves_on = TODAY
        db.session.flush()
        assert [due.owner_id for due in of("step")] == [within.staff], "what the staff promised is due after the stay"
