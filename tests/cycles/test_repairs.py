"""Repairing a published plan in mid-cycle: every kind of event, with the real engine on a small house."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from foyer.cycles import repair_jobs
from foyer.cycles.events import (
    AlreadyAway,
    AlreadyEnrolled,
    Coming,
    NameKnown,
    Newcomer,
    OutsideCycle,
    StandsInForSelf,
    end_interruption,
    record_arrival,
    record_departure,
    record_interruption,
    record_pair,
)
from foyer.cycles.happened import happened
from foyer.cycles.house import load_facts
from foyer.cycles.interruptions import Interruption, InterruptionKind
from foyer.cycles.models import Enrolment, Plan, PlanLodging, PlanMeeting, PlanOrigin, PlanSeat, PlanState
from foyer.cycles.opened import opened
from foyer.cycles.queries import dated_sessions, get_cycle, get_plan, slots_of_enrolment
from foyer.cycles.readiness import assess
from foyer.cycles.repairs import DayWrong, NothingPublished, RepairWish, moves_of, start_repair
from foyer.cycles.services import RunUnderWay, publish_plan
from foyer.database import db, house_scope
from foyer.jobs.models import RunState
from foyer.residences.models import Gender, Room
from foyer.residences.services import OrderWrong, add_outage, sleepers_after
from foyer.residents.models import EducationLevel, Resident
from foyer.residents.services import StayOrderWrong
from foyer.scheduling import check
from foyer.scheduling.checker.repaired import check_repair
from foyer.scheduling.plan import Limits
from tests.cycles.running import Running, make_running, repaired


@pytest.fixture
def running(app, monkeypatch) -> Iterator[Running]:
    monkeypatch.setattr(repair_jobs, "_limits", lambda context: Limits(seconds=20, workers=1, seed=1))
    made = make_running(app)
    with app.test_request_context("/"), house_scope(made.residence):
        yield made


def _seated(plan: int, group: int) -> list[int]:
    return list(
        db.session.scalars(select(PlanSeat.enrolment_id).where(PlanSeat.plan_id == plan, PlanSeat.group_id == group))
    )


def _roommates(plan: int) -> tuple[int, int]:
    rooms: dict[int, list[int]] = {}
    for row in db.session.scalars(select(PlanLodging).where(PlanLodging.plan_id == plan).order_by(PlanLodging.id)):
        rooms.setdefault(row.room_id, []).append(row.enrolment_id)
    two = next(people for people in rooms.values() if len(people) > 1)
    return two[0], two[1]


def _resident(enrolment_id: int) -> int:
    return db.session.get_one(Enrolment, enrolment_id).stay.resident_id


def arrives(r: Running) -> None:
    coming = Coming(r.day, r.day + timedelta(days=60), EducationLevel.SMP, r.trades)
    who = Newcomer(full_name="Rahmat Hidayat", gender=Gender.MALE, born_on=date(2009, 3, 3))
    record_arrival(get_cycle(r.cycle), who, coming)


def leaves(r: Running) -> None:
    record_departure(get_cycle(r.cycle), db.session.get_one(Enrolment, r.enrolments[3]), on=r.day)


def falls_ill(r: Running) -> None:
    stay = db.session.get_one(Enrolment, r.enrolments[1]).stay_id
    away = {"weekdays": [0, 2], "start_minute": 480, "end_minute": 720}
    record_interruption(get_cycle(r.cycle), InterruptionKind.RESIDENT, stay, from_on=r.day, until_on=None, **away)


def instructor_away_on_mondays(r: Running) -> None:
    away = {"weekdays": [0]}
    record_interruption(
        get_cycle(r.cycle), InterruptionKind.STAFF, r.instructors[0], from_on=r.day, until_on=None, **away
    )


def instructor_replaced(r: Running) -> None:
    instead = {"instead_staff_id": r.instructors[1]}
    record_interruption(
        get_cycle(r.cycle), InterruptionKind.STAFF, r.instructors[0], from_on=r.day, until_on=None, **instead
    )


def counsellor_away(r: Running) -> None:
    record_interruption(get_cycle(r.cycle), InterruptionKind.STAFF, r.counsellors[0], from_on=r.day, until_on=None)


def room_closes(r: Running) -> None:
    lodging = db.session.scalars(select(PlanLodging).where(PlanLodging.plan_id == r.plan)).first()
    assert lodging is not None
    add_outage(db.session.get_one(Room, lodging.room_id), from_on=r.day, until_on=None, reason="Atap bocor")


def room_is_given_up(r: Running) -> None:
    lodging = db.session.scalars(select(PlanLodging).where(PlanLodging.plan_id == r.plan)).first()
    assert lodging is not None
    db.session.get_one(Room, lodging.room_id).ended_on = r.day


def workshop_closes(r: Running) -> None:
    record_interruption(
        get_cycle(r.cycle),
        InterruptionKind.VENUE,
        r.venues[0],
        from_on=r.day,
        until_on=None,
        instead_venue_id=r.venues[1],
    )


def class_closes(r: Running) -> None:
    record_interruption(get_cycle(r.cycle), InterruptionKind.GROUP, r.classes[0], from_on=r.day, until_on=None)


def pair_is_parted(r: Running) -> None:
    a, b = _roommates(r.plan)
    record_pair(r.residence, (_resident(a), _resident(b)), {"in_room": True, "in_class": False, "until_on": None})


EVENTS: list[Callable[[Running], None]] = [
    arrives,
    leaves,
    falls_ill,
    instructor_away_on_mondays,
    instructor_replaced,
    counsellor_away,
    room_closes,
    room_is_given_up,
    workshop_closes,
    class_closes,
    pair_is_parted,
]


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.__name__)
def test_each_event_is_told_repaired_checked_and_published_from_its_day_with_the_past_untouched(running, event):
    before = running.beds()
    parent = opened(get_plan(running.plan))
    event(running)
    db.session.commit()
    facts = load_facts(get_cycle(running.cycle))
    told = happened(get_plan(running.plan), facts, running.day - timedelta(days=2))
    assert len(told) == 1
    assert told[0].on == (running.day if event is not pair_is_parted else running.day - timedelta(days=2))

    run, draft = repaired(running)
    assert run.state is RunState.DONE, run.error
    assert draft is not None, run.result
    assert (draft.origin, draft.parent_id, draft.from_on) == (PlanOrigin.REPAIRED, running.plan, running.day)
    made = opened(draft)
    assert check(made.problem, made.answer) == ()
    assert check_repair(made.problem, parent.answer, made.answer) == ()

    publish_plan(plan_id=draft.id, version=None, replaces=running.plan, actor_id=running.manager, today=running.day)
    db.session.commit()
    after = running.beds()
    assert {k: v for k, v in after.items() if k[0] < running.day} == {
        k: v for k, v in before.items() if k[0] < running.day
    }
    facts = load_facts(get_cycle(running.cycle))
    assert happened(get_plan(draft.id), facts, running.day) == (), "the new version knows everything"


def test_a_room_given_up_while_people_sleep_there_is_named_until_the_plan_is_repaired(running):
    def named() -> list[tuple[str, ...]]:
        return [item.names for item in assess(get_cycle(running.cycle)).items if item.code == "room_given_up"]

    assert named() == []
    room_is_given_up(running)
    room = db.session.scalars(select(Room).where(Room.ended_on.is_not(None))).one()
    assert named() == [(room.code,)]
    assert sleepers_after(room) > 0
    room.ended_on = date(2028, 1, 1)
    assert named() == []


def test_it_changes_what_the_event_asks_for_and_little_else(running):
    class_closes(running)
    db.session.commit()
    lost = set(_seated(running.plan, running.classes[0]))
    _run, draft = repaired(running)
    assert draft is not None
    moves = moves_of(draft)
    moved = {int(change.who) for change in moves.repaired.changes if change.kind == "class"}
    assert moved == lost
    assert (moves.people, moves.of) == (len(set(moves.repaired.people)), 12)
    assert 0 < moves.sessions < 1
    assert _seated(draft.id, running.classes[0]) == []


def test_sessions_before_the_day_are_those_of_the_version_that_held_then(running):
    """The weeks of the old version do not change when a new one is published beside it."""
    enrolment = running.enrolments[0]
    last = running.day - timedelta(days=1)

    def past() -> list[tuple[Any, ...]]:
        plan = get_plan(running.plan)
        slots = slots_of_enrolment(plan, enrolment)
        return [(s.on, s.start, s.end, s.session.title) for s in dated_sessions(plan, slots, running.starts_on, last)]

    before = past()
    instructor_replaced(running)
    class_closes(running)
    db.session.commit()
    _run, draft = repaired(running)
    assert draft is not None
    publish_plan(plan_id=draft.id, version=None, replaces=running.plan, actor_id=running.manager, today=running.day)
    db.session.commit()
    assert before
    assert past() == before
    assert get_plan(running.plan).state is PlanState.REPLACED


def test_several_events_are_one_repair(running):
    instructor_replaced(running)
    pair_is_parted(running)
    arrives(running)
    db.session.commit()
    facts = load_facts(get_cycle(running.cycle))
    assert len(happened(get_plan(running.plan), facts, running.day)) == 3
    _run, draft = repaired(running)
    assert draft is not None
    kinds = {change.kind for change in moves_of(draft).repaired.changes}
    assert {"instructor", "room", "class"} <= kinds


def test_the_stand_in_teaches_the_class_from_the_day_on(running):
    instructor_replaced(running)
    db.session.commit()
    _run, draft = repaired(running)
    assert draft is not None
    teachers = set(
        db.session.scalars(
            select(PlanMeeting.instructor_id).where(
                PlanMeeting.plan_id == draft.id, PlanMeeting.group_id == running.classes[0]
            )
        )
    )
    assert teachers == {running.instructors[1]}


def test_what_begins_later_is_told_with_its_day_and_waits_for_a_repair_of_its_own(running):
    later = running.day + timedelta(days=14)
    record_interruption(
        get_cycle(running.cycle), InterruptionKind.GROUP, running.classes[0], from_on=later, until_on=None
    )
    pair_is_parted(running)
    db.session.commit()
    facts = load_facts(get_cycle(running.cycle))
    assert [thing.on for thing in happened(get_plan(running.plan), facts, running.day)] == [running.day, later]
    _run, draft = repaired(running)
    assert draft is not None
    assert _seated(draft.id, running.classes[0]), "the class is still open from this day on"
    publish_plan(plan_id=draft.id, version=None, replaces=running.plan, actor_id=running.manager, today=running.day)
    assert [thing.on for thing in happened(get_plan(draft.id), facts, running.day)] == [later]


def test_whoever_comes_back_is_told_as_well(running):
    counsellor = running.counsellors[0]
    row = record_interruption(
        get_cycle(running.cycle), InterruptionKind.STAFF, counsellor, from_on=running.day, until_on=None
    )
    db.session.commit()
    _run, draft = repaired(running)
    assert draft is not None
    publish_plan(plan_id=draft.id, version=None, replaces=running.plan, actor_id=running.manager, today=running.day)
    back = running.day + timedelta(days=21)
    end_interruption(row, on=back)
    db.session.commit()
    facts = load_facts(get_cycle(running.cycle))
    told = happened(get_plan(draft.id), facts, running.day + timedelta(days=1))
    assert [thing.on for thing in told] == [back]


def test_what_was_taken_back_before_it_began_leaves_no_trace_in_the_list(running):
    class_closes(running)
    end_interruption(db.session.scalars(select(Interruption)).one(), on=running.day - timedelta(days=1))
    facts = load_facts(get_cycle(running.cycle))
    assert happened(get_plan(running.plan), facts, running.day) == ()
    assert facts.interruptions == []


def test_too_tight_a_cap_is_told_with_what_is_needed(running):
    class_closes(running)
    db.session.commit()
    run, draft = repaired(running, most_changes=1)
    assert (run.state, run.result["outcome"], draft) == (RunState.DONE, "infeasible", None)
    assert [shortage["code"] for shortage in run.result["shortages"]] == ["changes_in_total"]
    assert db.session.scalars(select(Plan)).all() == [get_plan(running.plan)]


def test_an_answer_that_breaks_a_rule_is_never_kept(running, monkeypatch):
    class_closes(running)
    db.session.commit()
    from dataclasses import replace

    from foyer.scheduling.repairing import repair

    def spoilt(problem, published, *rest):
        found = repair(problem, published, *rest)
        return replace(found, plan=replace(found.plan, lodgings=found.plan.lodgings * 2))

    monkeypatch.setattr(repair_jobs, "repair", spoilt)
    run, draft = repaired(running)
    assert (run.state, draft) == (RunState.DONE, None)
    assert run.result["violations"]


def test_a_cancelled_repair_leaves_no_draft(running, monkeypatch):
    class_closes(running)
    db.session.commit()
    from foyer.scheduling.repairing import repair

    monkeypatch.setattr(
        repair_jobs, "repair", lambda p, b, r, limits, hook, stop: repair(p, b, r, limits, hook, lambda: True)
    )
    run, draft = repaired(running)
    assert (run.result["outcome"], draft) == ("cancelled", None)


def test_a_repair_begins_today_at_the_earliest_and_one_runs_at_a_time(running):
    def start(day: date) -> object:
        wish = RepairWish(day)
        return start_repair(cycle_id=running.cycle, wish=wish, actor_id=running.manager, today=running.day)

    for wrong in (running.day - timedelta(days=1), get_cycle(running.cycle).ends_on):
        with pytest.raises(DayWrong):
            start(wrong)
    start(running.day)
    with pytest.raises(RunUnderWay):
        start(running.day)
    get_plan(running.plan).state = PlanState.REPLACED
    db.session.flush()
    with pytest.raises(NothingPublished):
        start(running.day)


def test_events_that_cannot_be_are_refused_by_name(running):
    cycle = get_cycle(running.cycle)
    staff, day = running.instructors[0], running.day
    with pytest.raises(OutsideCycle):
        record_interruption(cycle, InterruptionKind.STAFF, staff, from_on=cycle.ends_on, until_on=None)
    with pytest.raises(OrderWrong):
        record_interruption(cycle, InterruptionKind.STAFF, staff, from_on=day, until_on=day)
    with pytest.raises(StandsInForSelf):
        record_interruption(cycle, InterruptionKind.STAFF, staff, from_on=day, until_on=None, instead_staff_id=staff)
    record_interruption(cycle, InterruptionKind.STAFF, staff, from_on=day, until_on=None)
    with pytest.raises(AlreadyAway):
        record_interruption(cycle, InterruptionKind.STAFF, staff, from_on=day + timedelta(days=3), until_on=None)
    enrolment = db.session.get_one(Enrolment, running.enrolments[0])
    enrolment.stay.arrives_on = day + timedelta(days=5)
    with pytest.raises(StayOrderWrong):
        record_departure(cycle, enrolment, on=day)
    known = db.session.get_one(Resident, enrolment.stay.resident_id)
    coming = Coming(day, day + timedelta(days=9), EducationLevel.SMP)
    with pytest.raises(NameKnown):
        record_arrival(cycle, Newcomer(full_name=known.full_name, gender=Gender.MALE, born_on=date(2009, 1, 1)), coming)
    with pytest.raises(AlreadyEnrolled):
        record_arrival(cycle, Newcomer(resident_id=known.id), coming)


def test_somebody_who_comes_back_keeps_one_file_and_gets_a_new_stay(running):
    cycle = get_cycle(running.cycle)
    enrolment = db.session.get_one(Enrolment, running.enrolments[0])
    record_departure(cycle, enrolment, on=running.day)
    coming = Coming(running.day + timedelta(days=7), cycle.ends_on, EducationLevel.SMP, (running.trades[1],))
    again = record_arrival(cycle, Newcomer(resident_id=enrolment.stay.resident_id), coming)
    assert again.stay.resident_id == enrolment.stay.resident_id
    assert again.stay_id != enrolment.stay_id
    assert [choice.trade_id for choice in again.choices] == [running.trades[1]]


def test_a_pair_that_had_ended_is_taken_up_again(running):
    a, b = (_resident(e) for e in running.enrolments[:2])
    values = {"in_room": True, "in_class": False, "until_on": running.starts_on}
    first = record_pair(running.residence, (a, b), values)
    again = record_pair(running.residence, (b, a), {**values, "until_on": None, "in_class": True})
    assert (again.id, again.until_on, again.in_class) == (first.id, None, True)


def test_the_job_is_known_by_its_name():
    from foyer.cycles.repairs import REPAIR_JOB
    from foyer.jobs.registry import find_job

    assert find_job(REPAIR_JOB) is repair_jobs.repair_cycle
