"""Reading wishes: what is asked of a resident, who has chosen, and whose counsellor is to help."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Exists, Select, and_, func, select
from sqlalchemy.orm import aliased, contains_eager, joinedload, selectinload

from foyer.accounts.models import User
from foyer.cycles.collecting import Window, WishCollection
from foyer.cycles.joining import Hindrance, hindrances, joiner_of
from foyer.cycles.models import (
    Choice,
    Cycle,
    CycleState,
    Enrolment,
    GroupKind,
    Plan,
    PlanCaseload,
    TeachingGroup,
)
from foyer.database import db
from foyer.names import name_key
from foyer.residences.models import Staff, Trade
from foyer.residents.models import Resident, Stay


@dataclass(frozen=True)
class TradeOnOffer:
    """A trade as somebody who is to choose sees it. ``hindrances``: why no class of it takes this resident."""

    trade: Trade
    is_offered: bool
    hindrances: tuple[Hindrance, ...] = ()


@dataclass(frozen=True)
class WishCount:
    """How many of a cycle's residents have chosen."""

    chosen: int
    total: int

    @property
    def missing(self) -> int:
        return self.total - self.chosen


@dataclass(frozen=True)
class Wisher:
    """A resident of a cycle in the list of wishes. ``counsellor`` is who is to help; ``by``: who entered the wish."""

    enrolment: Enrolment
    counsellor: Staff | None
    by: User | None

    @property
    def resident(self) -> Resident:
        return self.enrolment.stay.resident


def find_collection(cycle_id: int) -> WishCollection | None:
    """The cycle's collection with what it offers, if wishes are asked at all."""
    return db.session.scalar(
        select(WishCollection).where(WishCollection.cycle_id == cycle_id).options(selectinload(WishCollection.offers))
    )


def open_collections(residence_id: int, today: date) -> Sequence[WishCollection]:
    """The house's collections that are open today, with their cycles."""
    of_house = _open(today).where(WishCollection.residence_id == residence_id)
    query = of_house.options(contains_eager(WishCollection.cycle))
    return db.session.scalars(query.order_by(WishCollection.to_on)).all()


def is_collecting(today: date) -> Exists:
    """Whether there are any in the house in scope, as a column of another query."""
    return _open(today).exists()


def _open(today: date) -> Select[WishCollection]:
    return (
        select(WishCollection)
        .join(WishCollection.cycle)
        .where(
            Cycle.state == CycleState.PREPARING,
            WishCollection.from_on <= today,
            WishCollection.to_on >= today,
        )
    )


def trades_with_classes(cycle_id: int) -> Sequence[Trade]:
    """The trades of which the cycle has at least one class, by name."""
    taught = select(TeachingGroup.trade_id).where(TeachingGroup.cycle_id == cycle_id)
    return db.session.scalars(select(Trade).where(Trade.id.in_(taught)).order_by(Trade.name_key)).all()


def asked_of(resident_id: int, today: date) -> tuple[Enrolment, WishCollection] | None:
    """What a resident is asked today: the collection that is open, else the next to open, else the last that closed,
    of a cycle in preparation that the resident is enrolled in."""
    rows = db.session.execute(
        select(Enrolment, WishCollection)
        .join(Enrolment.stay)
        .join(Cycle, Cycle.id == Enrolment.cycle_id)
        .join(WishCollection, WishCollection.cycle_id == Cycle.id)
        .where(Stay.resident_id == resident_id, Cycle.state == CycleState.PREPARING)
        .options(
            contains_eager(Enrolment.stay),
            selectinload(Enrolment.choices).joinedload(Choice.trade),
            joinedload(WishCollection.cycle),
            selectinload(WishCollection.offers),
        )
        .order_by(WishCollection.to_on, Enrolment.id)
    ).all()
    order = {Window.OPEN: 0, Window.COMING: 1, Window.OVER: 2}

    def nearness(row: Any) -> tuple[int, int]:
        window = row[1].window(today)
        return order[window], -row[1].to_on.toordinal() if window is Window.OVER else row[1].from_on.toordinal()

    # Only whose stay still overlaps the cycle is planned, so only they are asked.
    here = [row for row in rows if overlaps(row[0].stay, row[1].cycle)]
    found = min(here, key=nearness, default=None)
    return (found[0], found[1]) if found else None


def overlaps(stay: Stay, cycle: Cycle) -> bool:
    """Whether a stay has nights in the cycle."""
    return stay.arrives_on < cycle.ends_on and stay.leaves_on > cycle.starts_on


def offer_to(enrolment: Enrolment, cycle: Cycle, collection: WishCollection | None) -> list[TradeOnOffer]:
    """Every trade with classes in the cycle, those open to the resident first, by name; and trades that the resident
    has ranked although they have none any more. Without a collection everything that has classes is offered."""
    groups = db.session.scalars(
        select(TeachingGroup)
        .where(TeachingGroup.cycle_id == cycle.id, TeachingGroup.kind == GroupKind.VOCATIONAL)
        .options(joinedload(TeachingGroup.trade))
        .order_by(TeachingGroup.code)
    ).all()
    classes: dict[Trade, list[TeachingGroup]] = {}
    for group in groups:
        if group.trade is not None:
            classes.setdefault(group.trade, []).append(group)
    joiner = joiner_of(enrolment, cycle)
    offered = None if collection is None else collection.trade_ids
    every = [
        TradeOnOffer(trade, offered is None or trade.id in offered, hindrances(own, joiner))
        for trade, own in classes.items()
    ]
    every += [TradeOnOffer(choice.trade, False) for choice in enrolment.choices if choice.trade not in classes]
    return sorted(every, key=lambda offer: (bool(offer.hindrances), offer.trade.name_key))


def count_wishes(cycle: Cycle) -> WishCount:
    """How many of those who take part in the cycle have chosen."""
    here = (
        select(Enrolment.id)
        .join(Enrolment.stay)
        .where(Enrolment.cycle_id == cycle.id, Stay.arrives_on < cycle.ends_on, Stay.leaves_on > cycle.starts_on)
    )
    chosen = select(func.count(Choice.id)).where(Choice.rank == 1, Choice.enrolment_id.in_(here))
    total = select(func.count()).select_from(here.subquery())
    return WishCount(db.session.scalar(chosen) or 0, db.session.scalar(total) or 0)


def counsellor_id_of(plan: Plan | None) -> tuple[Any, Any]:
    """Whose help an enrolment's resident has with the wishes, as a subquery to join and a column: the counsellor of the
    published plan that concerns today, else the one before this cycle."""
    loads = (
        select(Stay.resident_id, func.max(PlanCaseload.staff_id).label("staff_id"))
        .join(Enrolment, Enrolment.stay_id == Stay.id)
        .join(PlanCaseload, PlanCaseload.enrolment_id == Enrolment.id)
        .where(PlanCaseload.plan_id == (plan.id if plan else -1))
        .group_by(Stay.resident_id)
        .subquery()
    )
    return loads, func.coalesce(loads.c.staff_id, Enrolment.previous_counsellor_id)


def find_helper(enrolment: Enrolment, plan: Plan | None) -> Staff | None:
    """The counsellor whom a resident may ask about the wishes."""
    loads, helper = counsellor_id_of(plan)
    query = (
        select(Staff)
        .select_from(Enrolment)
        .join(Enrolment.stay)
        .outerjoin(loads, loads.c.resident_id == Stay.resident_id)
        .join(Staff, and_(Staff.id == helper, Staff.is_active.is_(True)))
        .where(Enrolment.id == enrolment.id)
    )
    return db.session.scalars(query).first()


def list_wishers(
    cycle: Cycle, plan: Plan | None, *, who: str = "missing", q: str = "", counsellor_id: int | None = None
) -> list[Wisher]:
    """Residents of the cycle by name, in three queries. ``who``: missing, chosen or all; ``counsellor_id``: only those
    whom this counsellor is to help, 0: those whom nobody is."""
    loads, helper = counsellor_id_of(plan)
    staff = aliased(Staff)
    query: Any = (
        select(Enrolment, staff, User)
        .join(Enrolment.stay)
        .join(Stay.resident)
        .outerjoin(loads, loads.c.resident_id == Stay.resident_id)
        .outerjoin(staff, staff.id == helper)
        .outerjoin(User, User.id == Enrolment.wished_by_id)
        .where(Enrolment.cycle_id == cycle.id, Stay.arrives_on < cycle.ends_on, Stay.leaves_on > cycle.starts_on)
        .options(
            contains_eager(Enrolment.stay).contains_eager(Stay.resident),
            selectinload(Enrolment.choices).joinedload(Choice.trade),
        )
        .order_by(Resident.name_key, Enrolment.id)
    )
    query = _narrowed(query, who, q)
    if counsellor_id is not None:
        query = query.where(helper == counsellor_id if counsellor_id else helper.is_(None))
    return [Wisher(enrolment, person, by) for enrolment, person, by in db.session.execute(query)]


def _narrowed(query: Select[Any], who: str, q: str) -> Select[Any]:
    if who in ("missing", "chosen"):
        wished = select(Choice.id).where(Choice.enrolment_id == Enrolment.id).exists()
        query = query.where(wished if who == "chosen" else ~wished)
    for word in name_key(q).split():
        query = query.where(Resident.name_key.contains(word, autoescape=True))
    return query
