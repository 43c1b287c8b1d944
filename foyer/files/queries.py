"""The list of residents: found, filtered, sorted and cut into pages by the database, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import aliased, load_only

from foyer.caseload.desk import Desk
from foyer.caseload.mine import own_resident_ids
from foyer.cycles.models import Enrolment, GroupKind, PlanCaseload, PlanLodging, PlanSeat, TeachingGroup
from foyer.database import db
from foyer.names import name_key
from foyer.residences.models import Gender, Room, Staff, Trade
from foyer.residents.models import NikState, Resident, Stay

PAGE_SIZE = 40
LEAVING_DAYS = 14
SORTS = ("name", "class", "room", "counsellor", "stage", "arrives", "leaves")


@dataclass(frozen=True)
class Wanted:
    """What the reader of the list asks for."""

    q: str = ""
    gender: Gender | None = None
    group_id: int | None = None
    stage: int | None = None
    presence: str = "now"  # now: here or expected; left; arriving; leaving; all
    nik: NikState | None = None
    without_account: bool = False
    sort: str = "name"
    descending: bool = False
    page: int = 1


@dataclass(frozen=True)
class ListedResident:
    """A row of the list. Class, room and counsellor are those of the published plan."""

    resident: Resident
    stay: Stay | None
    group_code: str | None
    trade: str | None
    room_code: str | None
    counsellor: str | None


@dataclass(frozen=True)
class ResidentPage:
    rows: Sequence[ListedResident]
    total: int
    page: int
    pages: int


def list_residents(desk: Desk, wanted: Wanted) -> ResidentPage:
    """A page of the residents whom the actor may see."""
    query = _filtered(_joined(desk), desk, wanted)
    total = db.session.scalar(select(func.count()).select_from(query.with_only_columns(Resident.id).subquery())) or 0
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(max(1, wanted.page), pages)
    listed = _sorted(query, wanted).limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)
    rows = db.session.execute(
        listed.options(  # nothing that would be decrypted for nobody to read
            load_only(Resident.full_name, Resident.is_restricted),
            load_only(Stay.arrives_on, Stay.leaves_on, Stay.independence_stage),
        )
    )
    return ResidentPage([ListedResident(*row) for row in rows], total, page, pages)


def groups_of_plan(desk: Desk) -> list[tuple[int, str]]:
    """The vocational classes of the published plan's cycle, by code."""
    if desk.plan is None:
        return []
    rows = db.session.execute(
        select(TeachingGroup.id, TeachingGroup.code)
        .where(TeachingGroup.cycle_id == desk.plan.cycle_id, TeachingGroup.kind == GroupKind.VOCATIONAL)
        .order_by(TeachingGroup.code)
    )
    return [(id_, code) for id_, code in rows]


def _joined(desk: Desk) -> Select:
    """Residents with the stay that counts today (running, else the next, else the last) and the published placement."""
    other = aliased(Stay)
    later = select(other.id).where(other.resident_id == Resident.id)
    running = later.where(other.arrives_on <= desk.today, other.leaves_on > desk.today)
    coming = later.where(other.arrives_on > desk.today).order_by(other.arrives_on)
    last = later.order_by(other.arrives_on.desc())
    stay_id = func.coalesce(
        running.limit(1).correlate(Resident).scalar_subquery(),
        coming.limit(1).correlate(Resident).scalar_subquery(),
        last.limit(1).correlate(Resident).scalar_subquery(),
    )
    plan_id = desk.plan.id if desk.plan else -1
    cycle_id = desk.plan.cycle_id if desk.plan else -1
    night = desk.first_day
    # Who has not arrived yet, or has left, is shown with the first, or no, bed.
    bed_night = and_(
        PlanLodging.plan_id == plan_id,
        PlanLodging.enrolment_id == Enrolment.id,
        PlanLodging.until_on > night,
        or_(
            PlanLodging.from_on <= night,
            and_(PlanLodging.from_on > night, PlanLodging.from_on == Stay.arrives_on),
        ),
    )
    return (
        select(Resident, Stay, TeachingGroup.code, Trade.name, Room.code, Staff.full_name)
        .select_from(Resident)
        .outerjoin(Stay, Stay.id == stay_id)
        .outerjoin(Enrolment, and_(Enrolment.stay_id == Stay.id, Enrolment.cycle_id == cycle_id))
        .outerjoin(
            PlanSeat,
            and_(
                PlanSeat.plan_id == plan_id,
                PlanSeat.enrolment_id == Enrolment.id,
                PlanSeat.group_id.in_(_vocational(cycle_id)),
            ),
        )
        .outerjoin(TeachingGroup, TeachingGroup.id == PlanSeat.group_id)
        .outerjoin(Trade, Trade.id == TeachingGroup.trade_id)
        .outerjoin(PlanLodging, bed_night)
        .outerjoin(Room, Room.id == PlanLodging.room_id)
        .outerjoin(PlanCaseload, and_(PlanCaseload.plan_id == plan_id, PlanCaseload.enrolment_id == Enrolment.id))
        .outerjoin(Staff, Staff.id == PlanCaseload.staff_id)
    )


def _vocational(cycle_id: int) -> Select:
    group = aliased(TeachingGroup)
    return select(group.id).where(group.cycle_id == cycle_id, group.kind == GroupKind.VOCATIONAL)


def _filtered(query: Select, desk: Desk, wanted: Wanted) -> Select:
    query = query.where(Resident.id.in_(own_resident_ids(desk)))
    if wanted.q:
        query = query.where(_matches(wanted.q))
    if wanted.gender is not None:
        query = query.where(Resident.gender == wanted.gender)
    if wanted.group_id is not None:
        query = query.where(PlanSeat.group_id == wanted.group_id)
    if wanted.stage is not None:
        query = query.where(Stay.independence_stage == wanted.stage)
    if wanted.nik is not None:
        query = query.where(Resident.nik_state == wanted.nik)
    if wanted.without_account:
        query = query.where(Resident.user_id.is_(None))
    return _present(query, wanted.presence, desk.today)


def _present(query: Select, presence: str, today: date) -> Select:
    if presence == "now":
        return query.where(or_(Stay.leaves_on > today, Stay.id.is_(None)))
    if presence == "arriving":
        return query.where(Stay.arrives_on > today)
    if presence == "leaving":
        return query.where(Stay.leaves_on > today, Stay.leaves_on <= today + timedelta(days=LEAVING_DAYS))
    if presence == "left":
        return query.where(Stay.leaves_on <= today)
    return query


def _matches(q: str):  # type: ignore[no-untyped-def]
    """By name only: an identity number in an address would stay in the history of a shared computer."""
    words = [Resident.name_key.contains(word, autoescape=True) for word in name_key(q).split()]
    return and_(*words) if words else Resident.id.is_(None)


def _sorted(query: Select, wanted: Wanted) -> Select:
    columns = {
        "name": Resident.name_key,
        "class": TeachingGroup.code,
        "room": Room.code,
        "counsellor": Staff.name_key,
        "stage": Stay.independence_stage,
        "arrives": Stay.arrives_on,
        "leaves": Stay.leaves_on,
    }
    column = columns.get(wanted.sort, Resident.name_key)
    first = column.desc() if wanted.descending else column.asc()
    return query.order_by(column.is_(None), first, Resident.name_key, Resident.id)
