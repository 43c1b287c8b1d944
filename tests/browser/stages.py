"""A small house at the start of each of the studio's journeys: what came before is done by the services, kept as a copy
of the database, and put back under the running server before every walk. Nothing is planned twice."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import select

from foyer.accounts.models import Role
from foyer.accounts.services import create_user, find_by_username
from foyer.cycles.changing import apply_change
from foyer.cycles.copying import copy_cycle
from foyer.cycles.models import Choice, Cycle, Plan, PlanSeat
from foyer.cycles.opened import opened
from foyer.cycles.planning import build_problem, store_plan
from foyer.cycles.services import create_cycle, publish_plan
from foyer.cycles.targets import targets
from foyer.database import db
from foyer.residences.models import InstructorTrade, Residence
from foyer.scheduling import solve
from foyer.scheduling.answers.forms import Wish
from foyer.scheduling.plan import Limits
from tests.browser.conftest import PASSWORD, Served, add_manager, empty_house, house_of
from tests.cycles.house import House, make_house

TODAY = date(2027, 1, 20)  # the Wednesday of the cycle's third week
PEOPLE = ("kepala", "wakil", "sari")  # two managers and a resident
UNPLANNED, DRAFTED, PUBLISHED, FOLLOWED = "unplanned", "drafted", "published", "followed"


@dataclass(frozen=True)
class Known:
    """Ids: the running cycle and the one after it, two drafts of the running one (later its two versions), who got no
    first choice in both, who sleeps elsewhere in the second, the full class, the class of the instructor who falls out,
    that instructor and who stands in."""

    cycle: int
    following: int
    first: int
    second: int
    unlucky: int
    moved: int
    full: int
    falling: int
    away: int
    instead: int


def make_stages(folder: Path, data: Path) -> Known:
    """Make the house in ``data`` and keep a copy of it in ``folder`` as it is at each stage. It is left as it is at the
    last one."""
    empty_house(data)
    served = Served("", data)
    with house_of(served) as residence:
        house = _make(residence)
        cycle, classes, staff = house.cycle.id, [c.id for c in house.classes], [s.id for s in house.instructors]
    _keep(folder, data, UNPLANNED)
    with house_of(served):
        first, second = _draft(cycle)
        unlucky, moved = _unlucky(first), _move_somebody(second)
        plans = first.id, second.id
    _keep(folder, data, DRAFTED)
    with house_of(served) as residence:
        _publish(residence, *plans)
    _keep(folder, data, PUBLISHED)
    with house_of(served) as residence:
        following = _copy(residence, cycle)
    _keep(folder, data, FOLLOWED)
    return Known(cycle, following, *plans, unlucky, moved, classes[0], classes[1], staff[1], staff[0])


def put_back(folder: Path, data: Path, stage: str, language: str) -> None:
    """The house as it was at this stage, in the language of whoever walks; the server may be running."""
    with closing(sqlite3.connect(folder / stage)) as kept, closing(_live(data)) as live:
        kept.backup(live)
        live.execute("UPDATE users SET language = ?", (language,))
        live.commit()


def _keep(folder: Path, data: Path, stage: str) -> None:
    with closing(_live(data)) as live, closing(sqlite3.connect(folder / stage)) as kept:
        live.backup(kept)


def _live(data: Path) -> sqlite3.Connection:
    return sqlite3.connect(data / "foyer.sqlite3", timeout=30)


def _make(residence: Residence) -> House:
    """Sixteen residents of whom ten stay on, and one class that is too small for all who want it."""
    residence.needs_approval = True
    add_manager(residence, "wakil", "Ibu Wakil")
    house = make_house(16, residence=residence)
    house.classes[0].maximum = 7
    for enrolment in house.enrolments[:10]:
        enrolment.stay.leaves_on = date(2027, 8, 29)
    one, other = house.instructors[0], house.trades[1]  # who teaches the first trade could teach the second as well
    db.session.add(InstructorTrade(residence_id=residence.id, staff_id=one.id, trade_id=other.id))
    sari = create_user(
        username="sari", display_name="Sari", role=Role.RESIDENT, residence_id=residence.id, password=PASSWORD
    )
    house.enrolments[0].stay.resident.user_id = sari.id
    return house


def _draft(cycle_id: int) -> tuple[Plan, Plan]:
    """Twice the engine's plan."""
    cycle = db.session.get_one(Cycle, cycle_id)
    problem = build_problem(cycle)
    answer = solve(problem, Limits(seconds=60, workers=2, seed=1))
    first, second = (store_plan(cycle, problem, answer) for _draft in range(2))
    db.session.flush()
    return first, second


def _unlucky(plan: Plan) -> int:
    """Whoever wished for the full class first and got another."""
    wished = select(Choice.enrolment_id).where(Choice.rank == 1, Choice.trade.has(name="Otomotif"))
    got_less = select(PlanSeat.enrolment_id).where(
        PlanSeat.plan_id == plan.id, PlanSeat.choice_rank > 1, PlanSeat.enrolment_id.in_(wished)
    )
    return int(db.session.scalars(got_less).one())


def _move_somebody(plan: Plan) -> int:
    """Into a bed that is free elsewhere: the second draft differs from the first by that."""
    for resident in opened(plan).problem.residents:
        free = [target for target in targets(plan, "room", int(resident.id)) if target.state in ("allowed", "price")]
        if free:
            actor = find_by_username("kepala")
            wish = Wish("room", resident.id, free[0].id)
            apply_change(plan_id=plan.id, version=None, wish=wish, actor_id=actor.id if actor else None)
            return int(resident.id)
    raise AssertionError("nobody can move")


def _publish(residence: Residence, *plans: int) -> None:
    """The first holds for the whole cycle, the second from today on; two people are wanted again afterwards."""
    residence.needs_approval = False
    db.session.flush()
    replaces = None
    for plan_id in plans:
        publish_plan(plan_id=plan_id, version=None, replaces=replaces, actor_id=None, today=TODAY)
        replaces = plan_id
    residence.needs_approval = True


def _copy(residence: Residence, cycle_id: int) -> int:
    cycle = db.session.get_one(Cycle, cycle_id)
    following = create_cycle(residence_id=residence.id, year=2027, number=2, starts_on=date(2027, 5, 3), weeks=17)
    copy_cycle(source=cycle, target=following, today=TODAY)
    return following.id
