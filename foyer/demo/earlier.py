"""The cycle before: who has lived here since September was in it, so that a file tells of more than one week."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select

from foyer.accounts.models import User
from foyer.cycles.copying import copy_groups
from foyer.cycles.models import (
    Choice,
    Cycle,
    Enrolment,
    GroupKind,
    Plan,
    PlanCaseload,
    PlanSeat,
    TeachingGroup,
)
from foyer.cycles.planning import build_problem, store_plan
from foyer.cycles.publishing import publish_plan
from foyer.cycles.services import create_cycle
from foyer.database import db
from foyer.demo.telling import MARK, Came, refer, teller_of
from foyer.intake.admission import admit
from foyer.intake.referrals import look, wanted_of
from foyer.residences.models import Gender, Residence, Staff
from foyer.residents.models import EducationLevel, Resident, Stay
from foyer.scheduling import solve
from foyer.scheduling.plan import Limits

STARTS_ON = date(2026, 9, 7)
WEEKS = 17  # until 4 January 2027, when the next one begins
LEAVER = f"Wahyu Nurhaliza {MARK}"
BORN_ON = date(2008, 11, 23)  # of age within the cycle


def make_earlier_cycle(residence: Residence, plan: Plan, manager_id: int) -> Cycle:
    """The signed-in counsellor's residents of today and one who has left since, in the last cycle of 2026, planned and
    published; the one that was made before, where it is there."""
    known = db.session.scalar(select(Cycle).where(Cycle.starts_on == STARTS_ON))
    if known is not None:
        return known
    counsellor_id = db.session.scalars(
        select(Staff.id).join(User, User.id == Staff.user_id).where(User.username == "peksos")
    ).one()
    cycle = create_cycle(residence_id=residence.id, year=2026, number=3, starts_on=STARTS_ON, weeks=WEEKS)
    stays = {stay: _trade_of(plan, stay) for stay in _stays_since_then(plan, counsellor_id)}
    stays[make_leaver(residence, cycle)] = min(stays.values())
    for group in copy_groups(source=plan.cycle, target=cycle):
        group.minimum, group.is_mandatory, group.target = 0, False, None  # a small circle: classes may be small
        if group.trade_id is not None and group.trade_id not in stays.values():
            db.session.delete(group)
    for stay, trade_id in stays.items():
        stay.arrives_on = STARTS_ON
        _enrol(cycle, stay, trade_id)
    db.session.flush()
    problem = build_problem(cycle)
    answer = solve(problem, Limits(seconds=10, workers=2))
    published = store_plan(cycle, problem, answer)
    publish_plan(plan_id=published.id, version=None, replaces=None, actor_id=manager_id, today=STARTS_ON)
    return cycle


def _stays_since_then(plan: Plan, counsellor_id: int) -> list[Stay]:
    """Three of the counsellor's caseload: whoever has an account, somebody who faces the law, and one more."""
    query = (
        select(Stay)
        .join(Enrolment, Enrolment.stay_id == Stay.id)
        .join(PlanCaseload, PlanCaseload.enrolment_id == Enrolment.id)
        .where(
            PlanCaseload.plan_id == plan.id,
            PlanCaseload.staff_id == counsellor_id,
            Stay.arrives_on == plan.cycle.starts_on,
        )
        .order_by(Resident.user_id.is_(None), Stay.independence_stage.desc(), Stay.id)
    )
    stays = list(db.session.scalars(query.join(Resident, Resident.id == Stay.resident_id)))
    first = stays[0]
    secret = next((stay for stay in stays[1:] if "abh" in stay.needs), stays[1])
    return [first, secret, next(stay for stay in stays[1:] if stay is not secret)]


def _trade_of(plan: Plan, stay: Stay) -> int:
    """The trade that the resident learns today."""
    return db.session.scalars(
        select(TeachingGroup.trade_id)
        .join(PlanSeat, PlanSeat.group_id == TeachingGroup.id)
        .join(Enrolment, Enrolment.id == PlanSeat.enrolment_id)
        .where(PlanSeat.plan_id == plan.id, Enrolment.stay_id == stay.id, TeachingGroup.kind == GroupKind.VOCATIONAL)
    ).one()  # type: ignore[return-value]


def make_leaver(residence: Residence, cycle: Cycle) -> Stay:
    """An invented young man who left at the end of the cycle; referred and admitted as everybody is."""
    teller = teller_of(residence, cycle.starts_on)
    assert teller is not None
    came = Came(
        agency=f"Kelurahan {MARK}",
        on=date(2026, 8, 24),
        reason="Lulus SMP, tidak bekerja; ibu mencuci untuk tetangga.",
        decided_on=date(2026, 8, 31),
        words="Diterima mulai siklus III 2026.",
        education=EducationLevel.SMP,
    )
    person = {"full_name": LEAVER, "gender": Gender.MALE, "born_on": BORN_ON}
    referral = refer(teller, came, person)
    desk = teller.desk(came.decided_on, teller.manager)
    values = {
        **person,
        "birth_place": "Bogor",
        "arrives_on": cycle.starts_on,
        "leaves_on": cycle.ends_on - timedelta(days=12),
        "education_level": came.education,
        "counsellor_id": teller.staff.id,
    }
    seen = look(desk, wanted_of(values)).keys
    stay = admit(desk, referral, values, seen=seen, version=None)
    stay.independence_stage = 3
    db.session.flush()
    return stay


def _enrol(cycle: Cycle, stay: Stay, trade_id: int) -> None:
    enrolment = Enrolment(residence_id=cycle.residence_id, cycle_id=cycle.id, stay_id=stay.id)
    db.session.add(enrolment)
    db.session.flush()
    db.session.add(Choice(residence_id=cycle.residence_id, enrolment_id=enrolment.id, rank=1, trade_id=trade_id))
