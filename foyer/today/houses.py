"""The office's houses in figures, and the administrator's accounts: counts only, no names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from foyer.accounts.models import Role, User
from foyer.cycles.models import Cycle
from foyer.cycles.queries import current_cycle, current_published_plan
from foyer.database import db, house_scope
from foyer.residences.models import Residence
from foyer.residences.services import today_in
from foyer.residents.models import Stay
from foyer.today.beds import beds_of_night, count_beds


@dataclass(frozen=True)
class HouseFigures:
    residence: Residence
    today: date
    beds: int  # in service tonight
    taken: int  # tonight, by the published plan
    residents: int  # whose stay runs today
    expected: int
    cycle: Cycle | None
    is_published: bool


@dataclass(frozen=True)
class AccountFigures:
    by_role: dict[Role, int]
    never: int  # open, nobody has signed in yet
    closed: int


def figures_of_houses(residence_ids: Sequence[int]) -> list[HouseFigures]:
    """A line for each house that the office sees, by name."""
    houses = db.session.scalars(select(Residence).where(Residence.id.in_(residence_ids)).order_by(Residence.name)).all()
    return [_figures(house) for house in houses]


def _figures(house: Residence) -> HouseFigures:
    today = today_in(house)
    with house_scope(house.id):
        counts = count_beds(beds_of_night(house.id, today))
        here = select(func.count(Stay.id)).where(Stay.arrives_on <= today, Stay.leaves_on > today)
        expected = select(func.count(Stay.id)).where(Stay.arrives_on > today)
        cycle = current_cycle(house.id, today)
        plan = current_published_plan(house.id, today)
        return HouseFigures(
            residence=house,
            today=today,
            beds=counts["total"],
            taken=counts["taken"],
            residents=db.session.scalar(here) or 0,
            expected=db.session.scalar(expected) or 0,
            cycle=cycle,
            is_published=bool(plan and cycle and plan.cycle_id == cycle.id),
        )


def account_figures(residence_id: int) -> AccountFigures:
    """How many accounts of each role the house has, and how many were never used."""
    rows = db.session.execute(
        select(User.role, User.is_enabled, User.last_sign_in_at.is_(None), func.count(User.id))
        .where(User.residence_id == residence_id)
        .group_by(User.role, User.is_enabled, User.last_sign_in_at.is_(None))
    ).all()
    by_role: dict[Role, int] = {}
    for role, is_enabled, _is_new, count in rows:
        if is_enabled:
            by_role[role] = by_role.get(role, 0) + count
    return AccountFigures(
        by_role=by_role,
        never=sum(count for _role, is_enabled, is_new, count in rows if is_enabled and is_new),
        closed=sum(count for _role, is_enabled, _is_new, count in rows if not is_enabled),
    )
