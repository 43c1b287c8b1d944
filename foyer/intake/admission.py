"""Admission: a referral becomes a resident's stay, with who is responsible and the first stage of service."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from foyer.caseload.desk import Desk
from foyer.caseload.mine import own_resident_ids
from foyer.caseload.models import Assignment, ServiceStage
from foyer.caseload.returns import Back, came_back, enrol_again, stay_before
from foyer.caseload.stages import reach
from foyer.cycles.models import Cycle, CycleState, Enrolment
from foyer.database import db
from foyer.errors import FoyerError, expect_version
from foyer.intake.finding import Wanted, expect_new
from foyer.intake.joining import joined_file
from foyer.intake.models import OutreachContact, Referral, ReferralAnswer, ReferralState
from foyer.intake.referrals import NEW, known_id
from foyer.names import name_key
from foyer.records import change_record, flush, get_record
from foyer.residences.models import Staff
from foyer.residents.models import Resident, Stay
from foyer.residents.restriction import name_account
from foyer.residents.services import change_stay, set_nik


class NotAccepted(FoyerError):
    """Only whom a manager accepted is admitted, and once."""


class OtherPerson(FoyerError):
    """Whoever was chosen is not like the person of the referral."""


class ManagersChoice(FoyerError):
    """That a referral is about somebody whose file the actor may not open is for a manager to say."""


class CycleClosed(FoyerError):
    """The cycle is over, or the stay does not reach into it."""


def admit(
    desk: Desk,
    referral: Referral,
    values: Mapping[str, Any],
    *,
    seen: Iterable[str],
    known: str = NEW,
    version: int | None,
) -> Stay:
    """Begin the stay. ``values``: full_name, gender, born_on, birth_place, arrives_on, leaves_on, education_level,
    needs, counsellor_id, cycle_id (None: in no cycle yet). ``seen`` and ``known`` as when registering. Raises
    NotAccepted, LookFirst, FileClosed, WrongPerson, OtherPerson, ManagersChoice, NikTaken, StayOrderWrong,
    StaysOverlap, CycleClosed, Stale."""
    expect_version(referral, version)
    if referral.state not in (ReferralState.ACCEPTED, ReferralState.WAITING):
        raise NotAccepted
    resident = _person(desk, referral, values, set(seen), known)
    stay = _stay(resident, values)
    db.session.add(
        Assignment(
            residence_id=resident.residence_id,
            resident_id=resident.id,
            staff_id=values["counsellor_id"],
            from_on=min(desk.today, stay.arrives_on),
            until_plan=True,
        )
    )
    flush()
    reach(resident, ServiceStage.APPROACH, on=referral.received_on, stay=stay)
    back = _back(desk, referral, stay, get_record(Staff, values["counsellor_id"]))
    if back is not None:
        came_back(back)
    if values.get("cycle_id") is not None:
        _enrol(stay, get_record(Cycle, values["cycle_id"]), values["counsellor_id"], back)
    link(referral, resident, stay, version=version)
    return stay


def cycles_for(desk: Desk) -> Sequence[Cycle]:
    """The cycles that somebody may still be admitted into, the next first."""
    return db.session.scalars(
        select(Cycle)
        .where(Cycle.residence_id == desk.residence.id, Cycle.state != CycleState.CLOSED)
        .order_by(Cycle.starts_on)
    ).all()


def _person(desk: Desk, referral: Referral, values: Mapping[str, Any], seen: set[str], known: str) -> Resident:
    """The resident whom the referral, or the actor, names; else a new one, after the search."""
    resident_id = referral.resident_id or known_id(known, seen)
    if resident_id is not None:
        resident = get_record(Resident, resident_id)
        if referral.resident_id is None:
            _expect_same(desk, referral, resident)
        if referral.is_restricted and not resident.is_restricted:
            change_record(resident, {"is_restricted": True})
            name_account(resident)
        return resident
    name = " ".join(str(values["full_name"]).split())
    expect_new(desk, Wanted(name, values["born_on"], referral.nik_digest), seen, but=[f"f{referral.id}"])
    resident = Resident(
        residence_id=referral.residence_id,
        full_name=name,
        name_key=name_key(name),
        gender=values["gender"],
        born_on=values["born_on"],
        birth_place=values.get("birth_place") or "",
        is_restricted=referral.is_restricted,
    )
    db.session.add(resident)
    flush()
    if referral.nik:
        set_nik(resident, referral.nik, version=None)
    return resident


def _expect_same(desk: Desk, referral: Referral, resident: Resident) -> None:
    """Guard against two youths in one file: whoever is chosen is like the referral itself, not like what was typed into
    this form; and a counsellor opens no stranger's file this way."""
    if Wanted(referral.full_name, referral.born_on, referral.nik_digest).likeness_of(resident) is None:
        raise OtherPerson
    own = select(Resident.id).where(Resident.id == resident.id, Resident.id.in_(own_resident_ids(desk)))
    if db.session.scalar(own) is None:
        raise ManagersChoice


def _back(desk: Desk, referral: Referral, stay: Stay, counsellor: Staff) -> Back | None:
    """What other parts of the file are to know where the person lived here before."""
    before = stay_before(stay.resident, stay)
    if before is None:
        return None
    reason = referral.reason or referral.code
    return Back(stay.resident, stay, before, reason, actor=desk.actor, today=desk.today, counsellor=counsellor)


def _stay(resident: Resident, values: Mapping[str, Any]) -> Stay:
    stay = Stay(
        residence_id=resident.residence_id,
        resident_id=resident.id,
        arrives_on=values["arrives_on"],
        leaves_on=values["leaves_on"],
        education_level=values["education_level"],
        needs=list(values.get("needs") or []),
    )
    with db.session.no_autoflush:
        change_stay(stay, {}, version=None)  # says whether the days are possible
    db.session.add(stay)
    flush()
    return stay


def _enrol(stay: Stay, cycle: Cycle, counsellor_id: int, back: Back | None) -> None:
    """A place in the cycle, with the earlier wishes of whoever was here before, and the wish that whoever began with
    the newcomer goes on. A published plan shows the newcomer as something that has happened: see repairs."""
    if cycle.state is CycleState.CLOSED or not (stay.arrives_on < cycle.ends_on and stay.leaves_on > cycle.starts_on):
        raise CycleClosed
    if back is not None:
        enrol_again(back, cycle)
    else:
        place = {"residence_id": stay.residence_id, "cycle_id": cycle.id, "stay_id": stay.id}
        db.session.add(Enrolment(**place, previous_counsellor_id=counsellor_id))
    flush()


def link(referral: Referral, resident: Resident, stay: Stay, *, version: int | None) -> None:
    """The referral and all that was written about it belong to the file from now on; also where a workbook brought the
    stay in. Raises Stale."""
    change_record(
        referral,
        {"state": ReferralState.ADMITTED, "resident_id": resident.id, "stay_id": stay.id, "is_urgent": False},
        version=version,
    )
    about: list[ReferralAnswer | OutreachContact] = [
        *db.session.scalars(select(ReferralAnswer).where(ReferralAnswer.referral_id == referral.id)),
        *db.session.scalars(select(OutreachContact).where(OutreachContact.referral_id == referral.id)),
    ]
    for row in about:
        row.resident_id = resident.id
    flush()
    joined_file(referral)
