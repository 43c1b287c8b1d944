"""A published house on 13 January 2027, its manager, its first counsellor, and a resident in a class."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace

import pytest
from flask import Flask

from foyer.accounts.models import Role, User
from foyer.audit.services import act_as
from foyer.caseload.desk import desk_of
from foyer.cycles.models import PlanCaseload
from foyer.cycles.planning import build_problem, store_plan
from foyer.cycles.services import publish_plan
from foyer.database import db, house_scope
from foyer.names import name_key
from foyer.papers.models import PaperSettings
from foyer.residents.models import Resident, Stay
from tests.cycles.by_hand import plan_by_hand
from tests.cycles.house import House, make_house
from tests.factories import make_user

NAME = "Bunga Melati Sari"


@dataclass
class Office:
    """Ids of the house, its people, and the resident whom the documents are about."""

    app: Flask
    house: int
    manager: int
    counsellor: int
    resident: int
    stay: int

    @contextmanager
    def opened(self) -> Iterator[SimpleNamespace]:
        """The manager's desk, as in a request that changes something; committed at the end."""
        with self.app.test_request_context("/", method="POST"), house_scope(self.house):
            act_as(actor_id=self.manager, residence_id=self.house)
            yield SimpleNamespace(
                desk=desk_of(db.session.get_one(User, self.manager), self.house),
                resident=db.session.get_one(Resident, self.resident),
                stay=db.session.get_one(Stay, self.stay),
            )
            db.session.commit()


def make_office(app: Flask) -> Office:
    with app.test_request_context("/", method="POST"):
        house = make_house(4)
        with house_scope(house.residence.id):
            manager = make_user(house.residence, Role.MANAGER, display_name="Sri Kepala")
            _publish(house, manager)
            stay = house.enrolments[0].stay
            own = db.session.query(PlanCaseload).filter_by(enrolment_id=house.enrolments[0].id).one().staff
            counsellor = make_user(house.residence, Role.COUNSELLOR)
            own.user_id = counsellor.id
            db.session.add(
                PaperSettings(
                    residence_id=house.residence.id,
                    authority="Dinas Sosial Contoh",
                    address="Jalan Contoh 1",
                    place="Kota Contoh",
                    signer_name="Sri Kepala",
                    signer_title="Kepala Panti",
                    signer_number="198001012005012001",
                    number_pattern="",
                )
            )
            stay.resident.full_name, stay.resident.name_key = NAME, name_key(NAME)
            stay.needs = ["trauma", "abh"]
            made = Office(app, house.residence.id, manager.id, counsellor.id, stay.resident_id, stay.id)
            db.session.commit()
            return made


def _publish(house: House, manager: User) -> None:
    problem = build_problem(house.cycle)
    plan = store_plan(house.cycle, problem, plan_by_hand(problem))
    publish_plan(plan_id=plan.id, version=plan.version, replaces=None, actor_id=manager.id, today=house.cycle.starts_on)


@pytest.fixture
def office(app: Flask) -> Office:
    app.config["FOYER"] = app.config["FOYER"].model_copy(update={"demonstration_day": date(2027, 1, 13)})
    return make_office(app)
