"""A planned house in its second week, with one resident, that resident's counsellor, and the manager."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from foyer.accounts.models import Role, User
from foyer.cycles.models import Cycle
from foyer.database import db, house_scope
from foyer.residences.models import Staff
from foyer.residents.models import Resident, Stay
from tests.factories import make_user
from tests.files.test_views import planned

TODAY = date(2027, 1, 13)


@dataclass
class Place:
    """Ids that outlive a commit, and the app to look rows up again."""

    app: Flask
    residence: int
    cycle: int
    resident: int
    stay: int
    trades: list[int]
    counsellor: int  # the account of the resident's own
    staff: int
    other: int
    manager: int
    own: int  # the resident's account
    sign_in: Callable[[int], FlaskClient]

    def person(self) -> Resident:
        return db.session.get_one(Resident, self.resident, populate_existing=True)

    def the_stay(self) -> Stay:
        return db.session.get_one(Stay, self.stay, populate_existing=True)

    def the_cycle(self) -> Cycle:
        return db.session.get_one(Cycle, self.cycle)

    def worker(self) -> User:
        return db.session.get_one(User, self.counsellor)

    def me(self) -> User:
        return db.session.get_one(User, self.own)


@pytest.fixture
def place(app: Flask, sign_in: Callable[..., FlaskClient], monkeypatch: pytest.MonkeyPatch) -> Place:
    monkeypatch.setattr(app.config["FOYER"], "demonstration_day", TODAY, raising=False)
    with app.app_context():
        house = planned()
        residence = house.residence
        with house_scope(residence.id):
            enrolment = next(e for e in house.enrolments if _counsellor_of(house, e) == house.counsellors[0].id)
            person = enrolment.stay.resident
            person.user_id = make_user(residence, Role.RESIDENT, display_name=person.full_name).id
            known: dict[str, Any] = {
                "residence": residence.id,
                "cycle": house.cycle.id,
                "resident": person.id,
                "stay": enrolment.stay_id,
                "trades": [trade.id for trade in house.trades],
                "counsellor": house.counsellors[0].user_id,
                "staff": house.counsellors[0].id,
                "other": house.counsellors[1].user_id,
                "manager": make_user(residence).id,
                "own": person.user_id,
            }
        db.session.commit()
    return Place(app=app, sign_in=sign_in, **known)


def _counsellor_of(house: Any, enrolment: Any) -> int | None:
    from foyer.cycles.models import PlanCaseload

    query = select(PlanCaseload.staff_id).where(
        PlanCaseload.plan_id == house.plan.id, PlanCaseload.enrolment_id == enrolment.id
    )
    return db.session.scalar(query)


@pytest.fixture
def within(place: Place) -> Iterator[Place]:
    """Inside the app and the house, for tests of services."""
    with place.app.app_context(), house_scope(place.residence):
        yield place


def staff_of(place: Place) -> Staff:
    return db.session.get_one(Staff, place.staff)
