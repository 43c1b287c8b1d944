"""What somebody is to do by name stands on the own first page, with its day, and says no more than one may read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from foyer.accounts.models import Role
from foyer.care.models import ServiceGoal, ServicePlan, ServiceStep
from foyer.database import db, house_scope
from foyer.residences.models import Residence
from foyer.residents.models import Resident, Stay
from foyer.today.views import NAMED
from tests.factories import make_resident, make_staff, make_stay
from tests.today.house import published_house, stand_at

SignIn = Callable[..., FlaskClient]
DAY = date(2027, 1, 6)
WORDS = "Latihan las bersama bengkel RAHASIA"


@pytest.fixture
def house(app: Flask, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    stand_at(monkeypatch, 2027, 1, 6, 9, 0)
    return published_house(app)


def _give_steps(app: Flask, house: SimpleNamespace, resident_id: int, staff_id: int, days: list[date]) -> None:
    """A plan in force with a step of ``staff_id`` for each of these days."""
    with app.app_context(), house_scope(house.id):
        stay = db.session.scalars(select(Stay).where(Stay.resident_id == resident_id)).one()
        own = {"residence_id": house.id, "resident_id": resident_id}
        plan = ServicePlan(
            **own,
            stay_id=stay.id,
            number=1,
            state="agreed",
            made_on=DAY,
            agreed_on=DAY,
            made_by_id=house.users[Role.COUNSELLOR],
        )
        db.session.add(plan)
        db.session.flush()
        goal = ServiceGoal(**own, plan_id=plan.id, position=1, domain="vocational", title="Tujuan", due_on=days[-1])
        db.session.add(goal)
        db.session.flush()
        for n, day in enumerate(days):
            step = {"position": n + 1, "title": WORDS, "doer": "staff", "staff_id": staff_id, "due_on": day}
            db.session.add(ServiceStep(**own, goal_id=goal.id, **step))
        db.session.commit()


def _resident(app: Flask, house: SimpleNamespace, *, own: bool) -> int:
    """The id of somebody in the counsellor's caseload, or of somebody who is in nobody's."""
    with app.app_context(), house_scope(house.id):
        if own:
            found = db.session.get_one(Resident, house.resident)
        else:
            found = make_resident(db.session.get_one(Residence, house.id))
            make_stay(found)
        found.full_name = "Wahyu Kurniawan"
        resident_id = found.id
        db.session.commit()
    return resident_id


def test_an_instructor_sees_the_own_step_with_its_day_and_neither_its_words_nor_a_door(
    app: Flask, sign_in: SignIn, house: SimpleNamespace
) -> None:
    someone = _resident(app, house, own=True)
    _give_steps(app, house, someone, house.staff[Role.INSTRUCTOR], [DAY - timedelta(3)])
    page = sign_in(house.users[Role.INSTRUCTOR]).get("/").text
    assert "Wahyu Kurniawan: " in page
    assert "3 Jan 2027" in page
    assert WORDS not in page
    assert f"/residents/{someone}/plan" not in page


def test_who_is_restricted_stands_there_with_initials(app: Flask, sign_in: SignIn, house: SimpleNamespace) -> None:
    someone = _resident(app, house, own=True)
    _give_steps(app, house, someone, house.staff[Role.INSTRUCTOR], [DAY])
    with app.app_context(), house_scope(house.id):
        db.session.get_one(Resident, someone).is_restricted = True
        db.session.commit()
    page = sign_in(house.users[Role.INSTRUCTOR]).get("/").text
    assert "W.K.: " in page
    assert "Wahyu" not in page


def test_a_counsellor_sees_what_one_does_for_residents_of_colleagues(
    app: Flask, sign_in: SignIn, house: SimpleNamespace
) -> None:
    someone = _resident(app, house, own=False)
    _give_steps(app, house, someone, house.staff[Role.COUNSELLOR], [DAY + timedelta(2)])
    page = sign_in(house.users[Role.COUNSELLOR]).get("/").text
    assert 'id="named"' in page
    assert "Wahyu Kurniawan: " in page
    assert "8 Jan 2027" in page
    assert f"/residents/{someone}/plan" not in page


def test_of_the_own_caseload_nothing_is_said_twice(app: Flask, sign_in: SignIn, house: SimpleNamespace) -> None:
    someone = _resident(app, house, own=True)
    _give_steps(app, house, someone, house.staff[Role.COUNSELLOR], [DAY + timedelta(2)])
    page = sign_in(house.users[Role.COUNSELLOR]).get("/").text
    assert 'id="named"' not in page
    assert "8 Jan 2027" in page


def test_a_manager_who_is_of_the_staff_opens_what_is_given_to_the_manager_a_page_at_a_time(
    app: Flask, sign_in: SignIn, house: SimpleNamespace
) -> None:
    someone = _resident(app, house, own=True)
    with app.app_context(), house_scope(house.id):
        residence = db.session.get_one(Residence, house.id)
        staff_id = make_staff(residence, full_name="Ibu Kepala", user_id=house.users[Role.MANAGER]).id
        db.session.commit()
    _give_steps(app, house, someone, staff_id, [DAY + timedelta(n) for n in range(NAMED + 1)])
    browser = sign_in(house.users[Role.MANAGER])
    first, second = browser.get("/").text, browser.get("/?named=2").text
    assert "21 Jan 2027" not in first
    assert "named=2#named" in first
    assert "21 Jan 2027" in second
    assert f"/residents/{someone}/" in second


def test_what_is_done_or_given_to_others_asks_nobody(app: Flask, sign_in: SignIn, house: SimpleNamespace) -> None:
    someone = _resident(app, house, own=True)
    _give_steps(app, house, someone, house.staff[Role.INSTRUCTOR], [DAY])
    assert 'id="named"' not in sign_in(house.users[Role.MANAGER]).get("/").text
    with app.app_context(), house_scope(house.id):
        db.session.scalars(select(ServiceStep)).one().done_on = DAY
        db.session.commit()
    assert 'id="named"' not in sign_in(house.users[Role.INSTRUCTOR]).get("/").text
