from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from foyer.audit.models import AuditEntry
from foyer.cycles.models import BedNight, CycleState, Occupancy, Plan, PlanSeat, PlanState
from foyer.cycles.planning import build_problem, store_plan
from foyer.cycles.queries import beds_on, find_live_run, list_plans, published_plan
from foyer.cycles.services import (
    CycleClosed,
    CycleExists,
    CyclesOverlap,
    NotADraft,
    NotAMonday,
    NotReady,
    PublishConflict,
    RunUnderWay,
    cancel_run,
    create_cycle,
    discard_plan,
    generate_plan,
    publish_plan,
)
from foyer.database import db
from foyer.errors import NotFound, Stale
from foyer.jobs.models import RunState
from foyer.residences.models import GridBlock, Holiday
from tests.cycles.by_hand import plan_by_hand
from tests.cycles.house import House, saved
from tests.factories import make_user

BEFORE = date(2026, 12, 20)


def draft(home: House) -> Plan:
    problem = build_problem(home.cycle)
    return store_plan(home.cycle, problem, plan_by_hand(problem))


def publish(plan: Plan, **values):
    return publish_plan(
        **{"plan_id": plan.id, "version": plan.version, "replaces": None, "actor_id": None, "today": BEFORE, **values}
    )


def test_a_new_cycle_brings_the_public_holidays_of_its_weeks(home):
    cycle = create_cycle(residence_id=home.residence.id, year=2027, number=2, starts_on=date(2027, 5, 3), weeks=17)
    days = db.session.scalars(select(Holiday.on).order_by(Holiday.on)).all()
    assert cycle.ends_on == date(2027, 8, 30)
    assert date(2027, 8, 17) in days
    assert min(days) >= cycle.starts_on
    assert max(days) < cycle.ends_on


def test_a_holiday_that_the_house_changed_is_left_alone(home):
    saved(Holiday(residence_id=home.residence.id, on=date(2027, 8, 17), name="Lomba kampung"))
    create_cycle(residence_id=home.residence.id, year=2027, number=2, starts_on=date(2027, 5, 3), weeks=17)
    names = db.session.scalars(select(Holiday.name).where(Holiday.on == date(2027, 8, 17))).all()
    assert names == ["Lomba kampung"]


def test_a_cycle_begins_on_a_monday_and_meets_no_other(home):
    values = {"residence_id": home.residence.id, "year": 2027, "weeks": 17}
    with pytest.raises(NotAMonday):
        create_cycle(number=2, starts_on=date(2027, 5, 4), **values)
    with pytest.raises(CyclesOverlap) as overlap:
        create_cycle(number=2, starts_on=date(2027, 4, 26), **values)
    assert overlap.value.cycle is home.cycle
    with pytest.raises(CycleExists):
        create_cycle(number=1, starts_on=date(2027, 5, 3), **values)


def test_one_run_at_a_time(home):
    run = generate_plan(cycle_id=home.cycle.id, actor_id=None)
    assert find_live_run(home.cycle.id) is run
    with pytest.raises(RunUnderWay) as second:
        generate_plan(cycle_id=home.cycle.id, actor_id=None)
    assert second.value.run_id == run.id
    cancel_run(cycle_id=home.cycle.id, run_id=run.id)
    assert run.state is RunState.CANCELLED
    assert generate_plan(cycle_id=home.cycle.id, actor_id=None).id != run.id


def test_a_run_of_another_cycle_is_not_found(home):
    run = generate_plan(cycle_id=home.cycle.id, actor_id=None)
    with pytest.raises(NotFound):
        cancel_run(cycle_id=home.cycle.id + 1, run_id=run.id)


def test_nothing_is_generated_while_something_essential_is_missing(home):
    for block in db.session.scalars(select(GridBlock)).all():
        db.session.delete(block)
    db.session.flush()
    with pytest.raises(NotReady) as missing:
        generate_plan(cycle_id=home.cycle.id, actor_id=None)
    assert [item.code for item in missing.value.items] == ["no_grid"]


def test_a_closed_cycle_is_neither_planned_nor_published(home):
    plan = draft(home)
    home.cycle.state = CycleState.CLOSED
    db.session.flush()
    with pytest.raises(CycleClosed):
        generate_plan(cycle_id=home.cycle.id, actor_id=None)
    with pytest.raises(CycleClosed):
        publish(plan)


def test_publishing_holds_every_bed_of_every_night_and_leaves_a_trail(home):
    manager = make_user(home.residence)
    plan = draft(home)
    publish(plan, actor_id=manager.id)
    assert plan.state is PlanState.PUBLISHED
    assert plan.published_by_id == manager.id
    assert home.cycle.state is CycleState.PUBLISHED
    assert db.session.scalar(select(func.count(BedNight.id))) == 8 * 118  # the last night is the second of May
    beds = beds_on(home.residence.id, date(2027, 1, 4))
    assert len({(bed.room_id, bed.bed) for bed in beds}) == 8
    assert beds_on(home.residence.id, date(2027, 5, 2)) == []
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.verb == "published")).one()
    assert (entry.subject_type, entry.subject_id, entry.changes) == ("Plan", plan.id, {"plan": [None, 1]})


def test_a_second_plan_replaces_the_first_and_the_past_stays(home):
    first, second = draft(home), draft(home)
    publish(first)
    publish(second, replaces=first.id, today=date(2027, 2, 1))
    assert (first.state, second.state) == (PlanState.REPLACED, PlanState.PUBLISHED)
    assert published_plan(home.cycle.id) is second
    assert len(list_plans(home.cycle.id)) == 2
    by_plan = dict(
        db.session.execute(select(BedNight.plan_id, func.count(BedNight.id)).group_by(BedNight.plan_id)).all()
    )
    assert by_plan == {first.id: 8 * 28, second.id: 8 * 90}
    assert db.session.scalar(select(func.min(BedNight.night_on)).where(BedNight.plan_id == second.id)) == date(
        2027, 2, 1
    )


def test_who_did_not_see_the_published_plan_does_not_replace_it(home):
    first, second = draft(home), draft(home)
    publish(first)
    with pytest.raises(Stale):
        publish(second)
    assert published_plan(home.cycle.id) is first


def test_a_plan_is_published_once_and_in_the_version_that_was_seen(home):
    plan = draft(home)
    with pytest.raises(Stale):
        publish(plan, version=plan.version + 1)
    publish(plan)
    with pytest.raises(NotADraft):
        publish(plan, replaces=plan.id)


def test_the_database_itself_refuses_two_published_plans(home):
    first, second = draft(home), draft(home)
    first.state = PlanState.PUBLISHED
    db.session.flush()
    second.state = PlanState.PUBLISHED
    with pytest.raises(IntegrityError):
        db.session.flush()


def test_a_bed_that_another_plan_holds_is_a_conflict(home):
    plan, other = draft(home), draft(home)
    lodging = db.session.execute(select(Plan.id, PlanSeat.enrolment_id).join(PlanSeat)).first()
    assert lodging is not None
    bed = {"residence_id": home.residence.id, "plan_id": other.id, "night_on": date(2027, 1, 4)}
    saved(BedNight(room_id=home.rooms[0].id, bed=1, stay_id=home.enrolments[7].stay_id, **bed))
    with pytest.raises(PublishConflict):
        publish(plan)


def test_a_draft_is_discarded_with_everything_in_it(home):
    plan = draft(home)
    discard_plan(plan_id=plan.id, version=plan.version)
    assert list_plans(home.cycle.id) == []
    assert db.session.scalar(select(func.count(Occupancy.id))) == 0
    assert db.session.scalars(select(AuditEntry.verb).where(AuditEntry.subject_type == "Plan")).all() == ["discarded"]


def test_a_published_plan_cannot_be_discarded(home):
    plan = draft(home)
    publish(plan)
    with pytest.raises(NotADraft):
        discard_plan(plan_id=plan.id, version=plan.version)
