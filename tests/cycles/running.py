"""A small house in mid-cycle: planned by the real engine, published, and repaired by the real job."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from flask import Flask
from sqlalchemy import select

from foyer.accounts.models import Role
from foyer.cycles.models import BedNight, Plan
from foyer.cycles.planning import build_problem, store_plan
from foyer.cycles.queries import get_plan
from foyer.cycles.repairs import RepairWish, start_repair
from foyer.cycles.services import publish_plan
from foyer.database import db, house_scope
from foyer.jobs.models import Run
from foyer.jobs.worker import work_once
from foyer.scheduling import plan as engine
from foyer.scheduling import solve
from foyer.scheduling.plan import Limits
from foyer.scheduling.problem import Problem
from tests.cycles.house import House, make_house
from tests.factories import make_user

RESIDENTS = 12


@lru_cache(maxsize=4)
def planned(problem: Problem) -> engine.Plan:
    """The engine's plan, once a problem: every test's house has the same ids."""
    return solve(problem, Limits(seconds=20, workers=1, seed=1))


@dataclass(frozen=True)
class Running:
    """Ids of a committed house whose cycle is published, and its days."""

    app: Flask
    residence: int
    cycle: int
    plan: int
    manager: int
    starts_on: date
    enrolments: tuple[int, ...]
    residents: tuple[int, ...]
    classes: tuple[int, ...]
    instructors: tuple[int, ...]
    counsellors: tuple[int, ...]
    venues: tuple[int, ...]
    rooms: tuple[int, ...]
    trades: tuple[int, ...]

    @property
    def day(self) -> date:
        """The Wednesday of the third week: from here on the repair."""
        return self.starts_on + timedelta(days=16)

    def beds(self) -> dict[tuple[date, int], tuple[int, int]]:
        """Which bed each stay holds on each night."""
        rows = db.session.scalars(select(BedNight))
        return {(row.night_on, row.stay_id): (row.room_id, row.bed) for row in rows}


def make_running(app: Flask, residents: int = RESIDENTS) -> Running:
    """Make it, commit it."""
    with app.app_context():
        home = make_house(residents)
        with house_scope(home.residence.id):
            manager = make_user(home.residence, Role.MANAGER)
            problem = build_problem(home.cycle)
            draft = store_plan(home.cycle, problem, planned(problem), created_by_id=manager.id)
            publish_plan(plan_id=draft.id, version=None, replaces=None, actor_id=manager.id, today=home.cycle.starts_on)
            found = _ids(app, home, draft.id, manager.id)
            db.session.commit()
            return found


def _ids(app: Flask, home: House, plan: int, manager: int) -> Running:
    def ids(rows: list[Any]) -> tuple[int, ...]:
        return tuple(row.id for row in rows)

    return Running(
        app=app,
        residence=home.residence.id,
        cycle=home.cycle.id,
        plan=plan,
        manager=manager,
        starts_on=home.cycle.starts_on,
        enrolments=ids(home.enrolments),
        residents=tuple(enrolment.stay.resident_id for enrolment in home.enrolments),
        classes=ids(home.classes),
        instructors=ids(home.instructors),
        counsellors=ids(home.counsellors),
        venues=ids(home.venues),
        rooms=ids(home.rooms),
        trades=ids(home.trades),
    )


def repaired(running: Running, **wish: Any) -> tuple[Run, Plan | None]:
    """Queue a repair from ``running.day`` on, let the worker do it, and read what came out. Inside a house scope."""
    asked = RepairWish(**{"from_on": running.day, **wish})
    run = start_repair(cycle_id=running.cycle, wish=asked, actor_id=running.manager, today=running.day)
    run_id = run.id
    db.session.commit()
    work_once(running.app)
    db.session.expire_all()
    run = db.session.get_one(Run, run_id)
    plan_id = run.result.get("plan_id")
    return run, get_plan(plan_id) if plan_id else None
