"""Whose caseload a resident is in: by the published plan, by an assignment, or by standing in for a colleague."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from functools import lru_cache

from sqlalchemy import BindParameter, Exists, Select, and_, bindparam, func, literal, or_, select, union, union_all
from sqlalchemy.orm import aliased

from foyer.accounts.models import Role
from foyer.caseload.desk import AnyDesk, Desk, SomeDesk, names_of
from foyer.caseload.models import Assignment, Cover, ServiceStage, StageStep, Supervision
from foyer.cycles.models import Cycle, Enrolment, Plan, PlanCaseload, PlanMeeting, PlanSeat, PlanState
from foyer.database import Prepared, db
from foyer.residences.models import Staff
from foyer.residents.models import Resident, Stay, in_sight

STILL_ASKED = timedelta(days=366)  # as long as contact after an exit is kept: older stays may come from elsewhere


def own_resident_ids(desk: SomeDesk) -> Select[int]:
    """The ids of the residents whom the actor answers for today, as a query to put into others. A manager answers for
    all of the house; a counsellor for the own caseload and for those of colleagues whom one stands in for."""
    if desk.role is Role.MANAGER:
        return select(Resident.id).where(in_sight())
    if desk.role is not Role.COUNSELLOR or not desk.is_staffed:
        return select(Resident.id).where(Resident.id == -1)
    covered = covered_staff_ids(desk)
    return resident_ids_of_staff(desk, select(Staff.id).where(or_(Staff.id == desk.staff_id, Staff.id.in_(covered))))


def covered_staff_ids(desk: SomeDesk) -> Select[int]:
    """The colleagues whom the actor stands in for today."""
    return select(Cover.staff_id).where(
        Cover.covered_by_id == desk.staff_id, Cover.from_on <= desk.today, Cover.until_on >= desk.today
    )


def supervised_resident_ids(desk: Desk) -> Select[int]:
    """The ids of the residents of those whose named supervisor the actor is today."""
    return resident_ids_of_staff(desk, supervised_staff_ids(desk))


def supervised_staff_ids(desk: Desk) -> Select[int]:
    """Whose named supervisor the actor is today."""
    return select(Supervision.staff_id).where(
        Supervision.supervisor_id == desk.staff_id,
        Supervision.from_on <= desk.today,
        or_(Supervision.until_on.is_(None), Supervision.until_on >= desk.today),
    )


def taught_resident_ids(desk: Desk) -> Select[int]:
    """The ids of the residents whom the actor teaches in the plan in force."""
    taught = select(PlanMeeting.group_id).where(
        PlanMeeting.plan_id == desk.plan_id, PlanMeeting.instructor_id == desk.staff_id
    )
    return (
        select(Stay.resident_id)
        .join(Enrolment, Enrolment.stay_id == Stay.id)
        .join(PlanSeat, PlanSeat.enrolment_id == Enrolment.id)
        .where(PlanSeat.plan_id == desk.plan_id, PlanSeat.group_id.in_(taught))
    )


def responsible_staff(desk: Desk, resident_ids: Iterable[int]) -> dict[int, list[Staff]]:
    """For each of these residents who answers for them today, the plan's counsellor first, others by name. One
    query."""
    ids = list(resident_ids)
    by_plan, assigned = _pairs(desk)
    pairs = union(
        by_plan.where(Stay.resident_id.in_(ids)).add_columns(literal(0).label("rank")),
        assigned.where(Assignment.resident_id.in_(ids)).add_columns(literal(1).label("rank")),
    ).subquery()
    rows = db.session.execute(
        select(pairs.c.resident_id, Staff)
        .join(Staff, Staff.id == pairs.c.staff_id)
        .order_by(pairs.c.rank, Staff.name_key, Staff.id)
    )
    found: dict[int, list[Staff]] = defaultdict(list)
    for resident_id, staff in rows:
        if staff not in found[resident_id]:
            found[resident_id].append(staff)
    return found


def running_assignment_ids(desk: Desk) -> Select[int]:
    """The ids of the assignments by which somebody answers for a resident today, as a query to put into others."""
    return select(Assignment.id).where(*_running(desk))


def _running(desk: SomeDesk) -> tuple:  # type: ignore[type-arg]
    return (
        Assignment.from_on <= desk.today,
        or_(Assignment.until_on.is_(None), Assignment.until_on >= desk.today),
        or_(Assignment.until_plan.is_(False), ~_named_by_a_plan(desk)),
    )


def _named_by_a_plan(desk: SomeDesk) -> Exists:
    """Whether a plan that holds or has held gave the resident a counsellor in a stay that the assignment is for: from
    then on plans say who answers, also when the cycle is over, so an assignment "until the plan" never comes back."""
    return (
        select(PlanCaseload.id)
        .join(Enrolment, Enrolment.id == PlanCaseload.enrolment_id)
        .join(Stay, Stay.id == Enrolment.stay_id)
        .join(Plan, Plan.id == PlanCaseload.plan_id)
        .join(Cycle, Cycle.id == Plan.cycle_id)
        .where(
            Stay.resident_id == Assignment.resident_id,
            Plan.state != PlanState.DRAFT,
            func.coalesce(Plan.from_on, Cycle.starts_on) <= desk.today,
            Stay.leaves_on > Assignment.from_on,
        )
        .exists()
    )


def caseloads(desk: Desk, staff_ids: Sequence[int]) -> Mapping[int, Sequence[int]]:
    """The ids of the residents of each of these counsellors today; a resident of two stands with both. One query."""
    found: dict[int, list[int]] = defaultdict(list)
    rows = _caseloads_asked(AnyDesk.like(desk)).rows({**names_of(desk), "staff_ids": list(staff_ids)})
    for resident_id, staff_id in rows:
        found[staff_id].append(resident_id)
    return found


@lru_cache(maxsize=4)
def _caseloads_asked(desk: AnyDesk) -> Prepared:
    by_plan, assigned = _pairs(desk)
    ids: BindParameter[Sequence[int]] = bindparam("staff_ids", expanding=True)
    return Prepared(union(by_plan.where(PlanCaseload.staff_id.in_(ids)), assigned.where(Assignment.staff_id.in_(ids))))


def _pairs(desk: SomeDesk) -> tuple[Select[int, int], Select[int, int]]:
    """Residents with whoever answers for them today: by the plan in force, and by assignment."""
    by_plan = (
        select(Stay.resident_id, PlanCaseload.staff_id)
        .join(Enrolment, Enrolment.stay_id == Stay.id)
        .join(PlanCaseload, PlanCaseload.enrolment_id == Enrolment.id)
        .where(PlanCaseload.plan_id == desk.plan_id)
    )
    return by_plan, select(Assignment.resident_id, Assignment.staff_id).where(*_running(desk))


def resident_ids_of_staff(desk: SomeDesk, staff_ids: Select[int]) -> Select[int]:
    """The ids of the residents of these counsellors today, by the plan in force and by assignment."""
    by_plan, assigned = _pairs(desk)
    own = by_plan.where(PlanCaseload.staff_id.in_(staff_ids)).with_only_columns(Stay.resident_id)
    also = assigned.where(Assignment.staff_id.in_(staff_ids)).with_only_columns(Assignment.resident_id)
    return select(Resident.id).where(or_(Resident.id.in_(own), Resident.id.in_(also)))


def unanswered_resident_ids(desk: SomeDesk) -> Select[int]:
    """The ids of the residents for whom nobody answers today, as a query to put into others: no counsellor whose record
    is in use has them by the plan in force or by an assignment, though they live here, or their stay of the last year
    is over and no exit ended it, or somebody whose record is not in use any more still stands for them."""
    by_plan, assigned = _pairs(desk)
    pairs = union_all(by_plan, assigned).subquery()
    active = select(pairs.c.resident_id).join(Staff, Staff.id == pairs.c.staff_id).where(Staff.is_active.is_(True))
    return select(Resident.id).where(
        in_sight(),
        Resident.id.not_in(active),
        or_(_is_here(desk), Resident.id.in_(select(pairs.c.resident_id))),
    )


def unanswered(desk: Desk) -> list[int]:
    """The ids themselves. One query."""
    return [row.id for row in _unanswered_asked(AnyDesk.like(desk)).rows(names_of(desk))]


@lru_cache(maxsize=4)
def _unanswered_asked(desk: AnyDesk) -> Prepared:
    return Prepared(unanswered_resident_ids(desk))


def _is_here(desk: SomeDesk) -> Exists:
    """Whether a resident's last stay in this house runs, or is over without a step into the time after."""
    later = aliased(Stay)
    ended = select(StageStep.id).where(StageStep.stay_id == Stay.id, StageStep.stage == ServiceStage.AFTER)
    again = select(later.id).where(later.resident_id == Stay.resident_id, later.arrives_on >= Stay.leaves_on)
    gone = and_(Stay.leaves_on > desk.today - STILL_ASKED, ~ended.exists(), ~again.exists())
    return (
        select(Stay.id)
        .where(
            Stay.resident_id == Resident.id,
            Stay.elsewhere.is_(None),
            Stay.arrives_on <= desk.today,
            or_(Stay.leaves_on > desk.today, gone),
        )
        .exists()
    )
