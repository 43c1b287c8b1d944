from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select

from foyer.cycles.models import Occupancy, OccupantKind, PlanAppointment, PlanLodging, PlanMeeting, PlanSeat
from foyer.cycles.planning import build_problem, store_plan
from foyer.cycles.problem_parts import weights_of
from foyer.database import db, house_scope
from foyer.residences.models import Gender, RoomOutage, RoomPolicy, StaffKind, StaffUnavailability
from foyer.residents.models import EducationLevel, KeepApart
from foyer.scheduling.files import problem_hash, read_plan, read_problem
from foyer.scheduling.problem import Weights
from foyer.scheduling.validation import faults_of
from tests.cycles.by_hand import plan_by_hand
from tests.cycles.house import House, make_enrolment, make_group, make_house, saved
from tests.factories import make_room, make_staff
from tests.queries import count_queries


def of(problem, enrolment):
    return next(r for r in problem.residents if r.id == str(enrolment.id))


def pair(home: House, a, b, **values) -> KeepApart:
    low, high = sorted([a.stay.resident_id, b.stay.resident_id])
    return saved(KeepApart(residence_id=home.residence.id, resident_a_id=low, resident_b_id=high, **values))


def test_a_filled_house_becomes_a_problem_without_faults(home):
    problem = build_problem(home.cycle)
    assert faults_of(problem) == ()
    assert problem.nights == 119
    assert len(problem.residents) == 8
    assert read_problem_again(problem) == problem


def read_problem_again(problem):
    from foyer.scheduling.files import write_problem

    return read_problem(write_problem(problem))


def test_the_problem_names_nobody(home):
    from foyer.scheduling.files import write_problem

    text = write_problem(build_problem(home.cycle))
    names = [e.stay.resident.full_name for e in home.enrolments] + [s.full_name for s in home.counsellors]
    assert not [name for name in names if name in text]


def test_only_stays_that_overlap_the_cycle_take_part_and_are_cut_to_it(home):
    early = make_enrolment(home.cycle, arrives_on=date(2026, 11, 1), leaves_on=date(2027, 1, 14))
    make_enrolment(home.cycle, arrives_on=date(2026, 9, 1), leaves_on=date(2027, 1, 4))
    late = make_enrolment(home.cycle, arrives_on=date(2027, 4, 30), leaves_on=date(2027, 8, 1))
    make_enrolment(home.cycle, arrives_on=date(2027, 5, 3), leaves_on=date(2027, 8, 1))
    problem = build_problem(home.cycle)
    assert len(problem.residents) == 10
    assert (of(problem, early).arrives, of(problem, early).leaves) == (0, 10)
    assert (of(problem, late).arrives, of(problem, late).leaves) == (116, 119)


def test_age_counts_on_the_first_day_of_the_cycle(home):
    turns = make_enrolment(home.cycle, born_on=date(2011, 1, 4))
    waits = make_enrolment(home.cycle, born_on=date(2011, 1, 5))
    problem = build_problem(home.cycle)
    assert (of(problem, turns).age, of(problem, waits).age) == (16, 15)


def test_needs_ask_for_skills_and_a_wheelchair_for_an_accessible_room(home):
    resident = make_enrolment(home.cycle, needs=["trauma", "wheelchair", "trauma"])
    make_room(home.residence, is_accessible=True)
    problem = build_problem(home.cycle)
    assert of(problem, resident).skills_asked == ("trauma",)
    assert of(problem, resident).room_features == ("accessible",)
    assert problem.rooms[-1].features == ("accessible",)


def test_education_follows_from_the_last_school_and_not_for_those_at_school_outside(home):
    smp = make_enrolment(home.cycle, education_level=EducationLevel.SMP)
    done = make_enrolment(home.cycle, education_level=EducationLevel.SMA)
    outside = make_enrolment(
        home.cycle, education_level=EducationLevel.SMP, outside_hours=[[day, 420, 720] for day in range(5)]
    )
    problem = build_problem(home.cycle)
    assert of(problem, smp).education == ("Paket C",)
    assert of(problem, done).education == ()
    assert of(problem, outside).education == ()
    assert len(of(problem, outside).unavailable) == 10


def test_choices_keep_their_order(home):
    problem = build_problem(home.cycle)
    first, second = (str(trade.id) for trade in home.trades)
    assert of(problem, home.enrolments[1]).choices == (first, second)
    assert of(problem, home.enrolments[0]).choices == (second, first)


def test_an_outage_without_end_closes_the_room_for_the_rest_of_the_cycle(home):
    room = make_room(home.residence)
    for from_on, until_on in [(None, None), (date(2027, 1, 10), date(2027, 1, 12)), (None, date(2027, 1, 4))]:
        saved(RoomOutage(residence_id=home.residence.id, room_id=room.id, from_on=from_on, until_on=until_on))
    problem = build_problem(home.cycle)
    assert sorted(problem.rooms[-1].closed) == [(0, 119), (6, 8)]


def test_the_last_day_apart_still_counts(home):
    a, b, c, d = home.enrolments[:4]
    pair(home, a, b, in_room=True, in_class=True, until_on=date(2027, 1, 4))
    pair(home, a, c, until_on=None)
    pair(home, a, d, until_on=date(2027, 1, 3))
    pairs = {(p.a, p.b): p for p in build_problem(home.cycle).apart}
    assert len(pairs) == 2
    assert pairs[str(a.id), str(b.id)].scopes == ("room", "class")
    assert pairs[str(a.id), str(b.id)].until == 1
    assert pairs[str(a.id), str(c.id)].until is None


def test_a_pair_counts_only_while_both_are_enrolled(home):
    gone = make_enrolment(home.cycle, arrives_on=date(2026, 9, 1), leaves_on=date(2026, 12, 1))
    pair(home, home.enrolments[0], gone)
    assert build_problem(home.cycle).apart == ()


def test_a_class_asks_for_its_own_instructor_else_for_everybody_qualified(home):
    trade = home.trades[0]
    own = home.classes[0]
    any_of_trade = make_group(home.cycle, code="OTO-9", trade=trade, maximum=10)
    problem = build_problem(home.cycle)
    groups = {g.id: g for g in problem.groups}
    assert groups[str(own.id)].instructors == (str(home.instructors[0].id),)
    assert groups[str(any_of_trade.id)].instructors == (str(home.instructors[0].id),)
    assert groups[str(any_of_trade.id)].venues == ()


def test_an_instructor_who_left_is_replaced_by_the_qualified(home):
    other = make_staff(home.residence, StaffKind.INSTRUCTOR)
    home.instructors[0].is_active = False
    home.classes[0].instructor_id = home.instructors[0].id
    db.session.flush()
    problem = build_problem(home.cycle)
    assert problem.groups[0].instructors == ()
    assert str(home.instructors[0].id) not in {i.id for i in problem.instructors}
    assert str(other.id) in {i.id for i in problem.instructors}


def test_a_minimum_level_admits_that_level_and_all_above(home):
    group = make_group(home.cycle, code="AC-1", trade=home.trades[0], maximum=12, minimum_level=EducationLevel.SMP)
    found = next(g for g in build_problem(home.cycle).groups if g.id == str(group.id))
    assert found.levels == ("smp", "sma_10", "sma_11", "smk", "sma")


def test_absent_hours_of_staff_take_the_periods_they_touch(home):
    saved(
        StaffUnavailability(
            residence_id=home.residence.id, staff_id=home.counsellors[0].id, weekday=4, start_minute=0, end_minute=720
        )
    )
    db.session.expire(home.counsellors[0])
    problem = build_problem(home.cycle)
    periods = {p.id: p for p in problem.periods}
    counsellor = next(c for c in problem.counsellors if c.id == str(home.counsellors[0].id))
    assert [(periods[p].day, periods[p].start) for p in counsellor.unavailable] == [(4, 480), (4, 615)]


def test_the_house_changes_weights_over_the_defaults():
    assert weights_of({"choice": [0, 2, 5], "gap": 3, "no such wish": 1}) == Weights(choice=(0, 2, 5), gap=3)
    assert weights_of(None) == Weights()


def test_the_number_of_queries_does_not_grow_with_residents(app):
    counts = {}
    for size in (20, 200):
        with app.app_context():
            home = make_house(size, starts_on=date(2027, 1, 4))
            db.session.commit()
            with house_scope(home.residence.id):
                cycle = home.cycle
                db.session.expire_all()
                with count_queries(app) as seen:
                    assert len(build_problem(cycle).residents) == size
                counts[size] = len(seen)
            db.session.rollback()
    assert counts[20] == counts[200] <= 18


def test_a_plan_is_stored_with_everything_in_it(home):
    problem = build_problem(home.cycle)
    plan = plan_by_hand(problem)
    row = store_plan(home.cycle, problem, plan)
    assert (row.number, row.outcome, row.score, row.bound) == (1, "optimal", 7.0, 3.0)
    assert read_problem(row.problem) == problem
    assert read_plan(row.answer) == plan
    assert count(PlanSeat, row) == len(plan.seats)
    assert count(PlanMeeting, row) == len(plan.meetings) == 13
    lodging = db.session.scalars(select(PlanLodging).where(PlanLodging.plan_id == row.id)).first()
    assert (lodging.from_on, lodging.until_on) == (date(2027, 1, 4), date(2027, 5, 2))
    ranks = db.session.scalars(select(PlanSeat.choice_rank).where(PlanSeat.plan_id == row.id)).all()
    assert ranks.count(1) == 8
    assert ranks.count(None) == 4  # education is nobody's choice
    appointment = db.session.scalars(select(PlanAppointment).where(PlanAppointment.plan_id == row.id)).first()
    assert (appointment.every_weeks, appointment.start_minute) == (2, 930)


def count(model, row):
    return db.session.scalar(select(func.count(model.id)).where(model.plan_id == row.id))


def test_a_second_draft_gets_the_next_number(home):
    problem = build_problem(home.cycle)
    plan = plan_by_hand(problem)
    assert [store_plan(home.cycle, problem, plan).number for _ in range(2)] == [1, 2]


def test_a_meeting_takes_its_people_and_venue_in_both_weeks_and_an_appointment_only_in_its_own(home):
    problem = build_problem(home.cycle)
    row = store_plan(home.cycle, problem, plan_by_hand(problem))
    taken = db.session.scalars(select(Occupancy).where(Occupancy.plan_id == row.id)).all()
    venue = [o for o in taken if o.kind is OccupantKind.VENUE and o.occupant_id == home.venues[0].id]
    assert len(venue) == 5 * 2 * 2  # five mornings of two blocks, odd and even weeks
    counsellor = [o for o in taken if o.kind is OccupantKind.STAFF and o.occupant_id == home.counsellors[0].id]
    assert len(counsellor) == 8
    assert len({(o.week, o.weekday, o.start_minute) for o in counsellor}) == 8


def test_nobody_can_be_stored_in_two_sessions_at_once(home):
    from sqlalchemy.exc import IntegrityError

    problem = build_problem(home.cycle)
    plan = plan_by_hand(problem)
    from dataclasses import replace

    doubled = replace(plan, meetings=(*plan.meetings, plan.meetings[0]))
    with pytest.raises(IntegrityError):
        store_plan(home.cycle, problem, doubled)


def test_a_plan_names_the_problem_it_answers(home):
    problem = build_problem(home.cycle)
    home.rooms[0].policy = RoomPolicy.SAME
    home.enrolments[0].stay.resident.gender = Gender.FEMALE
    db.session.flush()
    assert problem_hash(problem) != problem_hash(build_problem(home.cycle))
