"""What the pages of the planning studio cost the server: processor time of whole requests, beside an empty one."""

from __future__ import annotations

import random
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import select

from foyer import create_app
from foyer.config import Settings
from foyer.cycles.models import TeachingGroup
from foyer.cycles.planning import build_problem, store_plan
from foyer.database import db, house_scope
from foyer.residences.models import Residence, Room, Staff, StaffKind
from foyer.scheduling import solve
from foyer.scheduling.best import plan_of
from foyer.scheduling.digest import problem_hash
from foyer.scheduling.index import Index
from foyer.scheduling.plan import Limits, Outcome, Plan
from foyer.scheduling.problem import Problem
from foyer.scheduling.quick.whole import Decided, complete
from tests.cycles.house import make_house
from tests.factories import make_user

KINDS = ("class", "education", "counsellor", "room", "appointment", "meeting")
EMPTY = 50  # requests


def boards(residents: int, seed: int, each: int) -> dict[str, Any]:
    """For so many residents drawn by lot, all targets of each kind, as a board asks for them when a card is taken up:
    milliseconds of processor time. Beside them an empty request of the same page, which asks whether anything is new,
    and ``/healthz``, which looks at the database's migrations besides: the medians of many."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings(data=Path(folder), database_url=""), TESTING=True, RATELIMIT_ENABLED=False)
        url, people, user = _filled(app, residents)
        browser = _signed_in(app, user)
        _milliseconds(browser, f"{url}/since?version=1")
        empty = median(_milliseconds(browser, f"{url}/since?version=1") for _ in range(EMPTY))
        health = median(_milliseconds(browser, "/healthz") for _ in range(EMPTY))
        drawn = random.Random(seed).sample(people, min(each, len(people)))
        answers = []
        for kind in KINDS:
            _milliseconds(browser, f"{url}/targets?kind={kind}&enrolment={people[0]}")  # the files are read once
            for who in drawn:
                took = _milliseconds(browser, f"{url}/targets?kind={kind}&enrolment={who}")
                answers.append({"kind": kind, "milliseconds": took})
        with app.app_context():
            db.engine.dispose()
    return {"empty": empty, "health": health, "answers": answers}


def pages(residents: int, seed: int, each: int, seconds: float = 0) -> dict[str, Any]:
    """What a manager opens and asks in a draft that was planned for ``seconds`` (0: a first complete plan): for each
    page the milliseconds of processor time of several requests, for residents drawn by lot where it is about one."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings(data=Path(folder), database_url=""), TESTING=True, RATELIMIT_ENABLED=False)
        url, people, user = _filled(app, residents, seconds)
        browser = _signed_in(app, user)
        _milliseconds(browser, f"{url}/since?version=1")
        empty = median(_milliseconds(browser, f"{url}/since?version=1") for _ in range(EMPTY))
        answers = []
        for name, addresses in _pages(app, url, random.Random(seed), people, each).items():
            _milliseconds(browser, addresses[0])  # the files are read once
            answers += [{"page": name, "milliseconds": _milliseconds(browser, address)} for address in addresses]
        with app.app_context():
            db.engine.dispose()
    return {"empty": empty, "answers": answers}


def _pages(app: Flask, url: str, rng: random.Random, people: list[int], each: int) -> dict[str, list[str]]:
    """Addresses by the name of the page: of the boards, and of questions about residents."""
    boards = {f"board of {by}": [f"{url}/board/{by}"] * each for by in ("classes", "education", "counsellors", "rooms")}
    whole = {"summary": [url] * each, "residents": [f"{url}/residents"] * each, "week": [f"{url}/week"] * each}
    with app.app_context(), house_scope(db.session.scalars(select(Residence.id)).one()):
        targets = {
            "class": [
                group.id for group in db.session.scalars(select(TeachingGroup).where(TeachingGroup.trade_id > 0))
            ],
            "room": list(db.session.scalars(select(Room.id))),
            "counsellor": list(db.session.scalars(select(Staff.id).where(Staff.kind == StaffKind.COUNSELLOR))),
        }
    one = [f"{url}/residents/{who}" for who in rng.sample(people, min(each, len(people)))]
    asked = {"why": one, "recommend": [f"{each}/recommend" for each in one]}
    for kind, ids in targets.items():
        asked[f"places: {kind}"] = [f"{each}/places/{kind}" for each in one]
        asked[f"what if: {kind}"] = [f"{each}/what-if?kind={kind}&target={rng.choice(ids)}" for each in one]
        asked[f"swap: {kind}"] = [f"{each}/swap?kind={kind}&target={rng.choice(ids)}" for each in one]
    return {**boards, **whole, **asked}


def _filled(app: Flask, residents: int, seconds: float = 0) -> tuple[str, list[int], int]:
    """A house with a complete draft: the draft's address, its residents' enrolments, its manager."""
    with app.app_context():
        upgrade()
        home = make_house(residents)
        with house_scope(home.residence.id):
            problem = build_problem(home.cycle)
            plan = store_plan(home.cycle, problem, _planned(problem, seconds))
            user = make_user(home.residence).id
            db.session.commit()
            return f"/cycles/{home.cycle.id}/plans/{plan.id}", [e.id for e in home.enrolments], user


def _planned(problem: Problem, seconds: float) -> Plan:
    """The engine's plan; for no seconds its first complete one."""
    if seconds:
        return solve(problem, Limits(seconds=seconds, workers=2, seed=1))
    index = Index(problem)
    whole = complete(index, Decided(), 1, lambda: None)
    assert whole is not None
    return plan_of(index, whole, Outcome.FEASIBLE, problem_hash(problem))


def _signed_in(app: Flask, user: int) -> FlaskClient:
    from foyer.accounts.models import User

    with app.app_context():
        token = db.session.get_one(User, user).get_id()
    browser = app.test_client()
    with browser.session_transaction() as session:
        session["_user_id"] = token
        session["_fresh"] = True
    return browser


def _milliseconds(browser: FlaskClient, address: str) -> float:
    started = time.process_time()
    answer = browser.get(address)
    took = 1000 * (time.process_time() - started)
    assert answer.status_code in (200, 204), (address, answer.status_code)
    return took
