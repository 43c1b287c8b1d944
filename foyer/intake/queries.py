"""Whose referrals are whose, and the lists of them: found, filtered, sorted and cut into pages by the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, true
from sqlalchemy.orm import joinedload

from foyer.accounts.models import Role
from foyer.caseload.desk import Desk, SomeDesk
from foyer.caseload.mine import own_resident_ids
from foyer.database import db
from foyer.errors import NotFound
from foyer.intake.models import OPEN, Agency, Referral, ReferralState, ServiceLevel, WaitsFor
from foyer.names import name_key
from foyer.paging import Paged, cut_scalars

PAGE_SIZE = 30
SORTS = ("received", "name", "agency", "state", "answer")
WAITING_SORTS = ("turn", "name", "since", "expected", "agency")


@dataclass(frozen=True)
class WantedList:
    """What the reader of the list asks for. ``show``: open, all, a state, or one of ``waits``: conditions by name."""

    q: str = ""
    show: str = "open"
    level: ServiceLevel | None = None
    agency_id: int | None = None
    sort: str = "received"
    descending: bool = True
    page: int = 1
    waits: Mapping[str, ColumnElement[bool]] = field(default_factory=dict)


@dataclass(frozen=True)
class ReferralPage:
    rows: Sequence[Referral]
    total: int
    page: int
    pages: int


def is_mine(desk: SomeDesk) -> ColumnElement[bool]:
    """Whether the actor may open a referral that is not destroyed: a manager every one; a counsellor those of the own
    caseload, those for which one is responsible, and, unless restricted, those for which nobody is yet."""
    return and_(Referral.destroyed_on.is_(None), _answers_for(desk))


def _answers_for(desk: SomeDesk) -> ColumnElement[bool]:
    if desk.role is Role.MANAGER:
        return true()
    if desk.role is not Role.COUNSELLOR or not desk.is_staffed:
        return false()
    before = and_(
        Referral.resident_id.is_(None),
        or_(
            Referral.responsible_id == desk.staff_id,
            and_(Referral.responsible_id.is_(None), Referral.is_restricted.is_(False)),
        ),
    )
    return or_(
        before,
        Referral.resident_id.in_(own_resident_ids(desk)),
        and_(Referral.responsible_id == desk.staff_id, Referral.state.in_(OPEN)),
    )


def referral_for(desk: Desk, referral_id: int) -> Referral:
    """A referral that the actor may open. Raises NotFound for everything else."""
    found = db.session.scalar(
        select(Referral)
        .where(Referral.id == referral_id, is_mine(desk))
        .options(joinedload(Referral.agency), joinedload(Referral.responsible), joinedload(Referral.resident))
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound("referral")
    return found


def list_referrals(desk: Desk, wanted: WantedList) -> ReferralPage:
    """A page of the referrals that the actor may open. Two queries."""
    query = _filtered(select(Referral).join(Referral.agency).where(is_mine(desk)), wanted)
    total = db.session.scalar(select(func.count()).select_from(query.with_only_columns(Referral.id).subquery())) or 0
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(max(1, wanted.page), pages)
    rows = db.session.scalars(
        _sorted(query, wanted)
        .options(joinedload(Referral.agency), joinedload(Referral.responsible))
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    ).all()
    return ReferralPage(rows, total, page, pages)


def _filtered(query: Select, wanted: WantedList) -> Select:
    for word in name_key(wanted.q).split():
        query = query.where(Referral.name_key.contains(word, autoescape=True))
    if wanted.show == "open":
        query = query.where(Referral.state.in_(OPEN))
    elif wanted.show in wanted.waits:
        query = query.where(wanted.waits[wanted.show])
    elif wanted.show != "all":
        query = query.where(Referral.state == ReferralState(wanted.show))
    if wanted.level is not None:
        query = query.where(Referral.level == wanted.level)
    if wanted.agency_id is not None:
        query = query.where(Referral.agency_id == wanted.agency_id)
    return query


def _sorted(query: Select, wanted: WantedList) -> Select:
    columns: dict[str, Any] = {
        "received": Referral.received_on,
        "name": Referral.name_key,
        "agency": Agency.name_key,
        "state": Referral.state,
        "answer": Referral.answer_by,
    }
    column = columns.get(wanted.sort, Referral.received_on)
    first = column.desc() if wanted.descending else column.asc()
    return query.order_by(column.is_(None), first, Referral.id.desc())


@dataclass(frozen=True)
class WantedWaiting:
    """What the reader of the waiting list asks for; ``sort``: one of ``WAITING_SORTS``."""

    q: str = ""
    waits_for: WaitsFor | None = None
    agency_id: int | None = None
    sort: str = "turn"
    descending: bool = False
    page: int = 1


def waiting_list(desk: Desk, wanted: WantedWaiting | None = None) -> Paged[Referral]:
    """A page of those who wait, as the actor may see it; in turn: the urgent first, then who waits longest."""
    wanted = wanted or WantedWaiting()
    query = (
        select(Referral)
        .join(Referral.agency)
        .where(Referral.state == ReferralState.WAITING, is_mine(desk))
        .options(joinedload(Referral.agency), joinedload(Referral.responsible))
    )
    for word in name_key(wanted.q).split():
        query = query.where(Referral.name_key.contains(word, autoescape=True))
    if wanted.waits_for is not None:
        query = query.where(Referral.waits_for == wanted.waits_for)
    if wanted.agency_id is not None:
        query = query.where(Referral.agency_id == wanted.agency_id)
    columns: dict[str, Any] = {
        "name": Referral.name_key,
        "since": Referral.waits_since,
        "expected": Referral.expected_on,
        "agency": Agency.name_key,
    }
    column = columns.get(wanted.sort)
    if column is not None:
        query = query.order_by(column.is_(None), column.desc() if wanted.descending else column.asc())
    elif wanted.descending:
        query = query.order_by(Referral.is_urgent, Referral.waits_since.desc(), Referral.id.desc())
    in_turn = query.order_by(Referral.is_urgent.desc(), Referral.waits_since, Referral.id)
    return cut_scalars(in_turn, wanted.page, PAGE_SIZE)


def referrals_of(resident_id: int) -> Sequence[Referral]:
    """Every referral of a resident, the newest first; who may ask is the caller's business."""
    return db.session.scalars(
        select(Referral)
        .where(Referral.resident_id == resident_id)
        .options(joinedload(Referral.agency), joinedload(Referral.responsible))
        .order_by(Referral.received_on.desc(), Referral.id.desc())
    ).all()


def referrals_that(desk: Desk, which: ColumnElement[bool], page: int) -> Paged[Referral]:
    """A page of the referrals that the actor may open and of which this holds, by the day of the decision. Two
    queries."""
    query = select(Referral).where(is_mine(desk), which).order_by(Referral.decided_on, Referral.id)
    return cut_scalars(query, page, PAGE_SIZE)


def count_open(desk: Desk) -> dict[ReferralState, int]:
    """How many referrals stand in each open state, among those that the actor may open. One query."""
    rows = db.session.execute(
        select(Referral.state, func.count(Referral.id))
        .where(Referral.state.in_(OPEN), is_mine(desk))
        .group_by(Referral.state)
    )
    return {row[0]: row[1] for row in rows}
