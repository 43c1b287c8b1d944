"""What the demonstration's residents have learned in the first days of the cycle. All of it is invented."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from random import Random

from sqlalchemy import select

from foyer.accounts.services import find_by_username
from foyer.cycles.models import Enrolment, Plan, PlanSeat, TeachingGroup
from foyer.cycles.versions import versions_of
from foyer.database import db
from foyer.residences.models import Trade
from foyer.residents.models import Resident, Stay
from foyer.training import competencies, conduct, independence, registers, schooling
from foyer.training.models import ClassRegister, Presence
from foyer.training.progress_models import ConductArea, Programme, Tone
from foyer.training.registers import Given
from foyer.training.sessions import ClassSession, sessions_between

_REASONS = (
    (Presence.ILL, "demam"),
    (Presence.LATE, "dari klinik"),
    (Presence.EXCUSED, "mengurus KTP"),
    (Presence.ABSENT, ""),
)
_PRAISE = (
    (ConductArea.COOPERATION, "Membantu teman yang baru datang mengenal bengkel tanpa diminta."),
    (ConductArea.EFFORT, "Mengulang pekerjaan sampai rapi dan merapikan alat setelah selesai."),
)


def make_learning(plan: Plan, day: date, manager_id: int) -> None:
    """Lists, registers of the days before ``day``, and what one resident's page shows; left alone once it is there."""
    if db.session.scalar(select(ClassRegister.id).limit(1)) is not None:
        return
    for trade in db.session.scalars(select(Trade)):
        competencies.take_starter_list(trade)
    independence.take_starter_ladder(plan.residence_id)
    _keep_registers(plan, day, manager_id)
    warga, instructor = find_by_username("warga"), find_by_username("instruktur")
    resident = db.session.scalar(select(Resident).where(Resident.user_id == warga.id)) if warga else None
    if resident is not None and instructor is not None:
        _tell_of(resident, plan, day, manager_id, instructor.id)


def _keep_registers(plan: Plan, day: date, manager_id: int) -> None:
    """Every session before the day but the last of each class of the signed-in instructor, which stays open."""
    versions = versions_of(plan.cycle_id)
    if versions is None:
        return
    sessions = sessions_between(versions, plan.cycle.starts_on, day - timedelta(days=1))
    own = find_by_username("instruktur")
    last = {one.group.id: one for one in sessions if own and one.instructor and one.instructor.user_id == own.id}
    chance = Random(2027)
    for session in sessions:
        if session not in last.values():
            _keep(session, chance, manager_id)


def _keep(session: ClassSession, chance: Random, manager_id: int) -> None:
    given = {}
    for line in registers.lines_of(session):
        if chance.random() < 0.07:
            presence, reason = chance.choice(_REASONS)
            given[line.resident.id] = Given(presence, reason)
    teacher = session.instructor.user_id if session.instructor else None
    registers.keep(
        session,
        given,
        actor_id=teacher or manager_id,
        now=datetime.combine(session.on, time(12), tzinfo=UTC),
        version=0,
    )


def _tell_of(resident: Resident, plan: Plan, day: date, manager_id: int, instructor_id: int) -> None:
    enrolment = db.session.scalars(
        select(Enrolment)
        .join(Enrolment.stay)
        .where(Stay.resident_id == resident.id, Enrolment.cycle_id == plan.cycle_id)
    ).one()
    stay = enrolment.stay
    trade_id = db.session.scalar(
        select(TeachingGroup.trade_id)
        .join(PlanSeat, PlanSeat.group_id == TeachingGroup.id)
        .where(PlanSeat.plan_id == plan.id, PlanSeat.enrolment_id == enrolment.id, TeachingGroup.trade_id.is_not(None))
    )
    for n, one in enumerate(competencies.list_competencies([trade_id] if trade_id else [])[3:5]):  # three in autumn
        seen = plan.cycle.starts_on + timedelta(days=3 + 2 * n)
        competencies.check_off(one, resident, stay, on=seen, today=day, actor_id=instructor_id)
    for n, (area, words) in enumerate(_PRAISE):
        conduct.write_note(
            resident,
            stay,
            tone=Tone.PRAISE,
            area=area,
            seen_on=day - timedelta(days=2 + 3 * n),
            words=words,
            talked_over=True,
            today=day,
            actor_id=instructor_id,
        )
    schooling.begin_schooling(
        resident,
        stay,
        programme=Programme.PAKET_C,
        provider="PKBM Tunas Harapan (contoh)",
        grade="Semester 1",
        since_on=plan.cycle.starts_on,
        today=day,
        actor_id=manager_id,
    )
    independence.hold_review(
        stay,
        to=stay.independence_stage,
        met=[],
        evidence="Mulai mengenal jadwal dan kamar. Kita lihat lagi bersama bulan depan.",
        own_words="Saya ingin bisa pamit keluar sendiri.",
        all_the_same="",
        held_on=day - timedelta(days=5),
        review_on=day + timedelta(days=25),
        today=day,
        actor_id=manager_id,
        version=None,
    )
