"""A published house whose sessions have days: Otomotif meets Monday to Friday from 4 January 2027 on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from foyer.accounts.models import Role, User
from foyer.cycles.planning import build_problem, store_plan
from foyer.cycles.services import publish_plan
from foyer.cycles.versions import Versions, versions_of
from foyer.database import house_scope
from foyer.training.sessions import ClassSession, sessions_between
from tests.cycles.by_hand import plan_by_hand
from tests.cycles.house import House, make_house
from tests.factories import make_user

ZONE = ZoneInfo("Asia/Jakarta")
DAY = date(2027, 1, 6)


def at(day: date, hour: int = 9) -> datetime:
    """This hour of a day on the house's clock."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=ZONE)


@dataclass
class Taught:
    """The house, its published plan, and who keeps its registers."""

    house: House
    versions: Versions
    manager: User

    @property
    def group(self) -> int:
        return self.house.classes[0].id

    def session(self, day: date = DAY) -> ClassSession:
        """Otomotif's session of a day."""
        return next(one for one in sessions_between(self.versions, day, day) if one.group.id == self.group)


@pytest.fixture
def taught(app: Flask) -> Iterator[Taught]:
    with app.test_request_context("/", method="POST"):
        house = make_house(8)
        with house_scope(house.residence.id):
            manager = make_user(house.residence, Role.MANAGER)
            problem = build_problem(house.cycle)
            plan = store_plan(house.cycle, problem, plan_by_hand(problem))
            publish_plan(
                plan_id=plan.id, version=plan.version, replaces=None, actor_id=manager.id, today=house.cycle.starts_on
            )
            versions = versions_of(house.cycle.id)
            assert versions is not None
            yield Taught(house, versions, manager)
