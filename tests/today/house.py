"""A published house whose people have accounts, and a clock that stands where a test wants it."""

from __future__ import annotations

from datetime import datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from foyer.accounts.models import Role
from foyer.cycles.planning import build_problem, store_plan
from foyer.cycles.services import publish_plan
from foyer.database import db, house_scope
from foyer.residences.models import Holiday
from tests.cycles.by_hand import plan_by_hand
from tests.cycles.house import make_house
from tests.factories import make_user

ZONE = ZoneInfo("Asia/Jakarta")


def published_house(app: Flask, residents: int = 8, *, publish: bool = True) -> SimpleNamespace:
    """Ids and user ids of a house with a plan from 4 January 2027 on, and a holiday on Tuesday 2 February."""
    with app.app_context():
        house = make_house(residents)
        with house_scope(house.residence.id):
            db.session.add(Holiday(residence_id=house.residence.id, on=datetime(2027, 2, 2).date(), name="Hari Uji"))
            problem = build_problem(house.cycle)
            plan = store_plan(house.cycle, problem, plan_by_hand(problem))
            users = {role: make_user(house.residence, role).id for role in (Role.MANAGER, Role.ADMINISTRATOR)}
            resident = house.enrolments[1].stay.resident
            people = {Role.COUNSELLOR: house.counsellors[0], Role.INSTRUCTOR: house.instructors[0]}
            for role, person in people.items():
                users[role] = person.user_id = make_user(house.residence, role, display_name=person.full_name).id
            resident.full_name = "Budi Santoso"
            users[Role.RESIDENT] = resident.user_id = make_user(
                house.residence, Role.RESIDENT, display_name="Budi Santoso"
            ).id
            db.session.flush()
            if publish:
                publish_plan(
                    plan_id=plan.id,
                    version=plan.version,
                    replaces=None,
                    actor_id=users[Role.MANAGER],
                    today=house.cycle.starts_on,
                )
            found = SimpleNamespace(
                id=house.residence.id,
                plan=plan.id,
                users=users,
                enrolment=house.enrolments[1].id,
                resident=resident.id,
                staff={role: person.id for role, person in people.items()},
                names=[enrolment.stay.resident.full_name for enrolment in house.enrolments],
                classes=[group.id for group in house.classes],
                room=house.rooms[0].id,
            )
        db.session.commit()
    return found


def stand_at(monkeypatch: pytest.MonkeyPatch, *moment: int) -> None:
    """From here on it is this year, month, day, hour, minute in the house."""
    now = datetime(*moment, tzinfo=ZONE)  # type: ignore[misc]
    monkeypatch.setattr("foyer.clock.now_in", lambda time_zone: now)
