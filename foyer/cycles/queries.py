"""Reading cycles and plans: what pages of this package and of those above it ask.

Every function works on a plan row, published or draft; who may see a draft is the caller's business (managers only).
``published_plan`` is the way in for everybody else. The weeks are in ``foyer.cycles.weeks`` and re-exported here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import case, func, select
from sqlalchemy.orm import contains_eager, joinedload, undefer

from foyer.cycles.models import (
    BedNight,
    Cycle,
    Enrolment,
    Plan,
    PlanAppointment,
    PlanCaseload,
    PlanLodging,
    PlanMeeting,
    PlanSeat,
    PlanState,
    TeachingGroup,
)
from foyer.cycles.versions import Versions, versions_from
from foyer.cycles.versions import plan_in_force as plan_in_force
from foyer.cycles.weeks import (
    DatedSession as DatedSession,
)
from foyer.cycles.weeks import (
    dated_sessions as dated_sessions,
)
from foyer.cycles.weeks import (
    slots_of_enrolment as slots_of_enrolment,
)
from foyer.cycles.weeks import (
    slots_of_staff as slots_of_staff,
)
from foyer.cycles.weeks import (
    week_of_enrolment as week_of_enrolment,
)
from foyer.cycles.weeks import (
    week_of_group as week_of_group,
)
from foyer.cycles.weeks import (
    week_of_staff as week_of_staff,
)
from foyer.cycles.weeks import (
    week_of_venue as week_of_venue,
)
from foyer.database import db
from foyer.errors import NotFound
from foyer.jobs.models import LIVE, Run
from foyer.residents.models import Resident, Stay

PLAN_JOB = "plan"  # the kind of run that plans a cycle


@dataclass(frozen=True)
class Placement:
    """What a plan gives one resident. Lodgings in order of date; usually one."""

    seats: Sequence[PlanSeat]
    caseload: PlanCaseload | None
    lodgings: Sequence[PlanLodging]
    appointments: Sequence[PlanAppointment]


@dataclass(frozen=True)
class HeldBed:
    """A bed of the published plan on one night, and whose it is."""

    room_id: int
    bed: int
    stay_id: int
    resident_id: int
    full_name: str
    is_restricted: bool


def get_cycle(cycle_id: int) -> Cycle:
    """The cycle with this id in the session's houses; raises NotFound."""
    cycle = db.session.scalar(select(Cycle).where(Cycle.id == cycle_id))
    if cycle is None:
        raise NotFound("cycle")
    return cycle


def list_cycles(residence_id: int) -> Sequence[Cycle]:
    """The house's cycles, newest first."""
    return db.session.scalars(
        select(Cycle).where(Cycle.residence_id == residence_id).order_by(Cycle.starts_on.desc())
    ).all()


def current_cycle(residence_id: int, today: date) -> Cycle | None:
    """The cycle that runs today, else the next to start, else the last that ran. Look at its dates and state before you
    say more than its name."""
    cycles = sorted(list_cycles(residence_id), key=lambda cycle: cycle.starts_on)
    running = [cycle for cycle in cycles if cycle.starts_on <= today < cycle.ends_on]
    coming = [cycle for cycle in cycles if cycle.starts_on > today]
    if running or coming:
        return (running or coming)[0]
    return cycles[-1] if cycles else None


def published_plan(cycle_id: int, *, with_files: bool = False) -> Plan | None:
    """The plan of the cycle that was published last, if there is one, with its cycle. It may hold from a later day on:
    for what holds on a day ask ``plan_in_force``. ``with_files``: problem and answer are read with it."""
    query = select(Plan).where(Plan.cycle_id == cycle_id, Plan.state == PlanState.PUBLISHED)
    files = (undefer(Plan.problem), undefer(Plan.answer)) if with_files else ()
    return db.session.scalar(query.options(joinedload(Plan.cycle), *files))


def current_versions(residence_id: int, today: date) -> Versions | None:
    """What is published of the cycle that concerns people today: the running one, else the next, else the last. One
    query."""
    every = db.session.scalars(
        select(Plan)
        .join(Plan.cycle)
        .where(Plan.residence_id == residence_id, Plan.state != PlanState.DRAFT)
        .options(contains_eager(Plan.cycle))
        .order_by(Cycle.starts_on, Plan.release)
    ).all()
    plans = [plan for plan in every if plan.state is PlanState.PUBLISHED]
    running = [plan for plan in plans if plan.cycle.starts_on <= today < plan.cycle.ends_on]
    coming = [plan for plan in plans if plan.cycle.starts_on > today]
    plan = next(iter(running or coming or plans[-1:]), None)
    return versions_from(plan.cycle, [each for each in every if each.cycle_id == plan.cycle_id]) if plan else None


def current_published_plan(residence_id: int, today: date) -> Plan | None:
    """The published plan that concerns people today: of the running cycle the version in force, else of the next cycle,
    else of the last."""
    versions = current_versions(residence_id, today)
    return versions.on(today) if versions else None


def get_plan(plan_id: int, cycle_id: int | None = None) -> Plan:
    """The plan with this id (of this cycle), in any state; raises NotFound. For managers only."""
    query = select(Plan).where(Plan.id == plan_id).options(joinedload(Plan.cycle))
    if cycle_id is not None:
        query = query.where(Plan.cycle_id == cycle_id)
    plan = db.session.scalar(query)
    if plan is None:
        raise NotFound("plan")
    return plan


def version_of(plan_id: int, cycle_id: int) -> int:
    """The version of a plan of this cycle, and nothing else of it; raises NotFound."""
    version = db.session.scalar(select(Plan.version).where(Plan.id == plan_id, Plan.cycle_id == cycle_id))
    if version is None:
        raise NotFound("plan")
    return version


def count_enrolled_by_cycle(residence_id: int) -> dict[int, int]:
    """How many residents take part in each of the house's cycles."""
    rows = db.session.execute(
        select(Enrolment.cycle_id, func.count(Enrolment.id))
        .where(Enrolment.residence_id == residence_id)
        .group_by(Enrolment.cycle_id)
    )
    return dict(rows.all())


def list_plans(cycle_id: int) -> Sequence[Plan]:
    """The cycle's plans: the published one first, then drafts, then replaced ones, each newest first."""
    order = case({PlanState.PUBLISHED: 0, PlanState.DRAFT: 1}, value=Plan.state, else_=2)
    return db.session.scalars(select(Plan).where(Plan.cycle_id == cycle_id).order_by(order, Plan.number.desc())).all()


def first_choices_by_plan(cycle_id: int) -> dict[int, int]:
    """How many residents got their first choice in each of the cycle's plans."""
    rows = db.session.execute(
        select(PlanSeat.plan_id, func.count(PlanSeat.id))
        .join(Plan, Plan.id == PlanSeat.plan_id)
        .where(Plan.cycle_id == cycle_id, PlanSeat.choice_rank == 1)
        .group_by(PlanSeat.plan_id)
    )
    return dict(rows.all())  # type: ignore[arg-type]


def enrolment_of_resident(cycle_id: int, resident_id: int) -> Enrolment | None:
    """The resident's enrolment in a cycle (the last, where somebody came twice)."""
    return db.session.scalars(
        select(Enrolment)
        .join(Enrolment.stay)
        .where(Enrolment.cycle_id == cycle_id, Stay.resident_id == resident_id)
        .options(contains_eager(Enrolment.stay))
        .order_by(Stay.arrives_on.desc())
        .limit(1)
    ).first()


def placement_of(plan: Plan, enrolment_id: int) -> Placement:
    """A resident's class, education, counsellor, bed and appointments in a plan, in four queries."""
    seats = db.session.scalars(
        select(PlanSeat)
        .where(PlanSeat.plan_id == plan.id, PlanSeat.enrolment_id == enrolment_id)
        .options(joinedload(PlanSeat.group).joinedload(TeachingGroup.trade))
        .order_by(PlanSeat.id)
    ).all()
    caseload = db.session.scalar(
        select(PlanCaseload)
        .where(PlanCaseload.plan_id == plan.id, PlanCaseload.enrolment_id == enrolment_id)
        .options(joinedload(PlanCaseload.staff))
    )
    lodgings = db.session.scalars(
        select(PlanLodging)
        .where(PlanLodging.plan_id == plan.id, PlanLodging.enrolment_id == enrolment_id)
        .options(joinedload(PlanLodging.room))
        .order_by(PlanLodging.from_on)
    ).all()
    appointments = db.session.scalars(
        select(PlanAppointment)
        .where(PlanAppointment.plan_id == plan.id, PlanAppointment.enrolment_id == enrolment_id)
        .options(joinedload(PlanAppointment.staff))
        .order_by(PlanAppointment.week, PlanAppointment.weekday, PlanAppointment.start_minute)
    ).all()
    return Placement(seats, caseload, lodgings, appointments)


def caseload_of(plan: Plan, staff_id: int) -> Sequence[PlanCaseload]:
    """A counsellor's residents in a plan, by name, with enrolment, stay and resident loaded."""
    return db.session.scalars(
        select(PlanCaseload)
        .join(PlanCaseload.enrolment)
        .join(Enrolment.stay)
        .join(Stay.resident)
        .where(PlanCaseload.plan_id == plan.id, PlanCaseload.staff_id == staff_id)
        .options(contains_eager(PlanCaseload.enrolment).contains_eager(Enrolment.stay).contains_eager(Stay.resident))
        .order_by(Resident.name_key, PlanCaseload.id)
    ).all()


def groups_of_instructor(plan: Plan, staff_id: int) -> list[tuple[TeachingGroup, int]]:
    """The classes and education groups that a member of staff teaches in a plan, by code, each with how many sit in
    it. One query."""
    taught = select(PlanMeeting.group_id).where(PlanMeeting.plan_id == plan.id, PlanMeeting.instructor_id == staff_id)
    members = select(func.count(PlanSeat.id)).where(PlanSeat.plan_id == plan.id, PlanSeat.group_id == TeachingGroup.id)
    rows = db.session.execute(
        select(TeachingGroup, members.correlate(TeachingGroup).scalar_subquery())
        .where(TeachingGroup.id.in_(taught))
        .options(joinedload(TeachingGroup.trade), joinedload(TeachingGroup.venue))
        .order_by(TeachingGroup.code)
    )
    return [(group, count) for group, count in rows]


def members_of_group(plan: Plan, group_id: int) -> Sequence[PlanSeat]:
    """Who sits in a group, by name, with enrolment, stay and resident loaded."""
    return db.session.scalars(
        select(PlanSeat)
        .join(PlanSeat.enrolment)
        .join(Enrolment.stay)
        .join(Stay.resident)
        .where(PlanSeat.plan_id == plan.id, PlanSeat.group_id == group_id)
        .options(contains_eager(PlanSeat.enrolment).contains_eager(Enrolment.stay).contains_eager(Stay.resident))
        .order_by(Resident.name_key, PlanSeat.id)
    ).all()


_WHOSE = (Stay.resident_id, Resident.full_name, Resident.is_restricted)


def beds_on(residence_id: int, night: date) -> list[HeldBed]:
    """Which beds the published plans hold on a night, by room and bed."""
    rows = db.session.execute(
        select(BedNight.room_id, BedNight.bed, BedNight.stay_id, *_WHOSE)
        .join(Stay, Stay.id == BedNight.stay_id)
        .join(Resident, Resident.id == Stay.resident_id)
        .where(BedNight.residence_id == residence_id, BedNight.night_on == night)
        .order_by(BedNight.room_id, BedNight.bed)
    )
    return [HeldBed(*row) for row in rows]


def sleepers_after(room_id: int, night: date) -> int:
    """How many residents have a bed in the room by the published plans, on this night or later."""
    stays = select(func.count(BedNight.stay_id.distinct())).where(
        BedNight.room_id == room_id, BedNight.night_on >= night
    )
    return db.session.scalar(stays) or 0


def find_live_run(cycle_id: int) -> Run | None:
    """The run that plans this cycle right now, or the first that waits for its turn."""
    return next(iter(list_live_runs(cycle_id)), None)


def list_live_runs(cycle_id: int) -> Sequence[Run]:
    """The cycle's runs that something may still come of, in the order in which they are taken up."""
    return db.session.scalars(
        select(Run)
        .where(Run.kind == PLAN_JOB, Run.state.in_(LIVE), Run.parameters["cycle_id"].as_integer() == cycle_id)
        .order_by(Run.id)
    ).all()


def list_runs_of_cycle(cycle_id: int, most: int = 10) -> Sequence[Run]:
    """The cycle's runs, newest first."""
    return db.session.scalars(
        select(Run)
        .where(Run.kind == PLAN_JOB, Run.parameters["cycle_id"].as_integer() == cycle_id)
        .order_by(Run.id.desc())
        .limit(most)
    ).all()


def get_run_of_cycle(cycle_id: int, run_id: int) -> Run:
    """The run with this id, if it plans this cycle; raises NotFound."""
    run = db.session.scalar(select(Run).where(Run.id == run_id, Run.kind == PLAN_JOB))
    if run is None or run.parameters.get("cycle_id") != cycle_id:
        raise NotFound("run")
    return run
