"""Who answers for somebody who was admitted: the counsellor of the admission until a plan in force names one."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from foyer.accounts.models import Role
from foyer.caseload.desk import Desk, desk_of
from foyer.caseload.mine import own_resident_ids, responsible_staff
from foyer.caseload.models import Assignment
from foyer.cycles.models import Plan, PlanState
from foyer.cycles.planning import build_problem, store_plan
from foyer.database import db, house_scope
from foyer.residences.models import Staff
from foyer.together.services import assign
from tests.cycles.by_hand import plan_by_hand
from tests.cycles.house import House, make_house
from tests.factories import make_staff, make_user


def _desk(home: House, day: date, monkeypatch: pytest.MonkeyPatch, staff: Staff) -> Desk:
    monkeypatch.setattr("foyer.caseload.desk.today_in", lambda place: day)
    user = make_user(home.residence, Role.COUNSELLOR)
    staff.user_id = user.id
    db.session.flush()
    return desk_of(user, home.residence.id)


def _published(home: House, from_on: date) -> Plan:
    problem = build_problem(home.cycle)
    plan = store_plan(home.cycle, problem, plan_by_hand(problem), created_by_id=None)
    plan.state, plan.from_on = PlanState.PUBLISHED, from_on
    db.session.flush()
    return plan


def test_an_assignment_until_the_plan_ends_on_the_day_from_which_a_plan_names_a_counsellor(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        home = make_house()
        with house_scope(home.residence.id):
            first = home.cycle.starts_on
            admitted_by, helper = make_staff(home.residence), make_staff(home.residence)
            resident = home.enrolments[0].stay.resident
            for staff, until_plan in ((admitted_by, True), (helper, False)):
                values = {"resident_id": resident.id, "staff_id": staff.id, "until_plan": until_plan}
                db.session.add(Assignment(residence_id=home.residence.id, from_on=first - timedelta(days=30), **values))
            _published(home, first)
            planned = set(home.counsellors)

            def who(day: date) -> list[Staff]:
                desk = _desk(home, day, monkeypatch, admitted_by)
                own = set(db.session.scalars(own_resident_ids(desk)))
                answering = responsible_staff(desk, [resident.id])[resident.id]
                assert (resident.id in own) == (admitted_by in answering)
                return answering

            before = who(first - timedelta(days=1))
            assert admitted_by in before
            after = who(first)
            assert after[0] in planned
            assert after[1:] == [helper]
            assert who(home.cycle.ends_on + timedelta(days=30)) == after, "it does not come back after the cycle"


def test_assigning_somebody_anew_lasts_beside_the_plan(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with app.app_context():
        home = make_house()
        with house_scope(home.residence.id):
            day = home.cycle.starts_on
            staff, resident = make_staff(home.residence), home.enrolments[0].stay.resident
            values = {"resident_id": resident.id, "staff_id": staff.id, "until_plan": True}
            db.session.add(Assignment(residence_id=home.residence.id, from_on=day, **values))
            desk = _desk(home, day, monkeypatch, staff)
            assert assign(desk, [resident.id], staff).skipped == 0
            _published(home, day)
            assert staff in responsible_staff(_desk(home, day, monkeypatch, staff), [resident.id])[resident.id]
            assert db.session.scalars(select(Assignment)).one().until_plan is False
