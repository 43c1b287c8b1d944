"""What happens within a cycle, written into the house's data: somebody comes or goes, is away, a door stays shut.

Each function records one fact and changes no plan; a repair does that. Services flush, the edge commits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import or_, select

from foyer.cycles.interruptions import WHOLE_DAY, Interruption, InterruptionKind
from foyer.cycles.models import Choice, Cycle, Enrolment
from foyer.database import db
from foyer.errors import FoyerError
from foyer.names import name_key
from foyer.records import change_record, flush
from foyer.residences.models import Gender
from foyer.residences.services import OrderWrong
from foyer.residents.models import EducationLevel, KeepApart, Resident, Stay
from foyer.residents.services import add_pair, change_pair, change_stay

_SUBJECT = {
    InterruptionKind.STAFF: "staff_id",
    InterruptionKind.RESIDENT: "stay_id",
    InterruptionKind.VENUE: "venue_id",
    InterruptionKind.GROUP: "group_id",
}


class OutsideCycle(FoyerError):
    """The day does not lie within the cycle."""


class NameKnown(FoyerError):
    """Somebody with this name is in the house's files already."""


class AlreadyEnrolled(FoyerError):
    """The resident takes part in the cycle already."""


class AlreadyAway(FoyerError):
    """It is recorded already that this person or thing is not to be had then."""


class StandsInForSelf(FoyerError):
    """Nobody stands in for themselves, and no place for itself."""


@dataclass(frozen=True)
class Newcomer:
    """Who arrives: a resident of the house's files, or somebody new with a name, a gender and a birthday."""

    resident_id: int | None = None
    full_name: str = ""
    gender: Gender | None = None
    born_on: date | None = None


@dataclass(frozen=True)
class Coming:
    """When somebody comes and goes, and what the plan must know about them."""

    arrives_on: date
    leaves_on: date
    education_level: EducationLevel
    trade_ids: Sequence[int] = field(default_factory=tuple)  # wishes, best first


def record_arrival(cycle: Cycle, who: Newcomer, coming: Coming) -> Enrolment:
    """Somebody arrives: person, stay, enrolment and wishes. Raises OutsideCycle, NameKnown, AlreadyEnrolled,
    StayOrderWrong, StaysOverlap."""
    _expect_within(cycle, coming.arrives_on)
    resident = _resident(cycle, who)
    stay = _stay(resident, cycle, coming)
    enrolment = Enrolment(residence_id=cycle.residence_id, cycle_id=cycle.id, stay_id=stay.id)
    db.session.add(enrolment)
    flush()
    db.session.add_all(
        Choice(residence_id=cycle.residence_id, enrolment_id=enrolment.id, rank=rank, trade_id=trade_id)
        for rank, trade_id in enumerate(dict.fromkeys(coming.trade_ids), start=1)
    )
    flush()
    return enrolment


def _expect_within(cycle: Cycle, day: date) -> None:
    if not cycle.starts_on <= day < cycle.ends_on:
        raise OutsideCycle


def _resident(cycle: Cycle, who: Newcomer) -> Resident:
    if who.resident_id is not None:
        return db.session.scalars(select(Resident).where(Resident.id == who.resident_id)).one()
    key = name_key(who.full_name)
    known = select(Resident.id).where(Resident.residence_id == cycle.residence_id, Resident.name_key == key)
    if db.session.scalar(known) is not None:
        raise NameKnown
    resident = Resident(
        residence_id=cycle.residence_id,
        full_name=who.full_name.strip(),
        name_key=key,
        gender=who.gender,
        born_on=who.born_on,
    )
    db.session.add(resident)
    flush()
    return resident


def _stay(resident: Resident, cycle: Cycle, coming: Coming) -> Stay:
    """The resident's stay in the cycle's weeks: the one that is there already, or a new one."""
    own = db.session.scalars(
        select(Stay).where(
            Stay.resident_id == resident.id, Stay.arrives_on < cycle.ends_on, Stay.leaves_on > coming.arrives_on
        )
    ).first()
    taken = select(Enrolment.id).where(Enrolment.cycle_id == cycle.id, Enrolment.stay_id == (own.id if own else 0))
    if db.session.scalar(taken) is not None:
        raise AlreadyEnrolled
    values = {"arrives_on": coming.arrives_on, "leaves_on": coming.leaves_on}
    if own is None:
        own = Stay(residence_id=resident.residence_id, resident_id=resident.id, education_level=coming.education_level)
        own.arrives_on, own.leaves_on = coming.arrives_on, coming.leaves_on
        with db.session.no_autoflush:
            change_stay(own, {}, version=None)
        db.session.add(own)
    else:
        change_stay(own, {**values, "education_level": coming.education_level}, version=None)
    flush()
    return own


def record_departure(cycle: Cycle, enrolment: Enrolment, *, on: date) -> None:
    """Somebody leaves; the day of leaving is no night. Raises OutsideCycle, StayOrderWrong, StaysOverlap."""
    if not cycle.starts_on < on <= cycle.ends_on:
        raise OutsideCycle
    change_stay(enrolment.stay, {"leaves_on": on}, version=None)


def record_interruption(
    cycle: Cycle, kind: InterruptionKind, subject_id: int, *, from_on: date, until_on: date | None, **more: Any
) -> Interruption:
    """Somebody or something is not to be had. ``more``: weekdays, start_minute, end_minute, instead_staff_id,
    instead_venue_id. Raises OutsideCycle, OrderWrong, AlreadyAway, StandsInForSelf."""
    _expect_within(cycle, from_on)
    row = Interruption(residence_id=cycle.residence_id, kind=kind, from_on=from_on, until_on=until_on)
    setattr(row, _SUBJECT[kind], subject_id)
    values = {"weekdays": [], "start_minute": WHOLE_DAY[0], "end_minute": WHOLE_DAY[1], **more}
    for name, value in values.items():
        setattr(row, name, value)
    _expect_possible(row, subject_id)
    db.session.add(row)
    flush()
    return row


def _expect_possible(row: Interruption, subject_id: int) -> None:
    if row.start_minute >= row.end_minute or (row.until_on is not None and row.until_on <= row.from_on):
        raise OrderWrong
    if subject_id in (row.instead_staff_id, row.instead_venue_id):
        raise StandsInForSelf
    column = getattr(Interruption, _SUBJECT[row.kind])
    others = select(Interruption).where(
        column == subject_id, or_(Interruption.until_on.is_(None), Interruption.until_on > row.from_on)
    )
    if row.until_on is not None:
        others = others.where(Interruption.from_on < row.until_on)
    with db.session.no_autoflush:
        if any(
            other.is_whole or row.is_whole or other.weekdays == row.weekdays for other in db.session.scalars(others)
        ):
            raise AlreadyAway


def end_interruption(row: Interruption, *, on: date) -> None:
    """Somebody or something is to be had again from the day ``on``; what had not begun is taken back."""
    if row.from_on >= on:
        db.session.delete(row)
        flush()
    else:
        change_record(row, {"until_on": on})


def record_pair(residence_id: int, resident_ids: tuple[int, int], values: dict[str, Any]) -> KeepApart:
    """Two must be parted: a new pair, or one that had ended or held elsewhere, widened. Raises SamePerson,
    NothingKeptApart."""
    low, high = sorted(resident_ids)
    pair = db.session.scalar(select(KeepApart).where(KeepApart.resident_a_id == low, KeepApart.resident_b_id == high))
    if pair is None:
        return add_pair(residence_id, (low, high), values)
    change_pair(pair, values, version=None)
    return pair
