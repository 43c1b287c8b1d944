"""A new cycle begins from the one before: its groups with their rules, who stays, and how wishes are asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select

from foyer.audit.services import record
from foyer.cycles.collecting import OfferedTrade, WishCollection
from foyer.cycles.groups import copy_of
from foyer.cycles.models import Cycle, Enrolment, GroupKind, PlanCaseload, TeachingGroup
from foyer.cycles.queries import list_cycles, published_plan
from foyer.cycles.wish_queries import find_collection
from foyer.database import db
from foyer.records import flush
from foyer.residences.models import Staff, StaffKind
from foyer.residents.models import Stay


@dataclass(frozen=True, slots=True)
class Copied:
    """What a copy brings, or would bring, into a cycle."""

    classes: int
    education: int
    enrolled: int  # stays that overlap the cycle
    returning: int  # of these, residents who were in the cycle before
    asks_wishes: bool

    @property
    def groups(self) -> int:
        return self.classes + self.education


def last_cycle(residence_id: int, before: date | None = None) -> Cycle | None:
    """The house's newest cycle; with ``before``, the newest that begins before that day."""
    cycles = list_cycles(residence_id)
    return next((cycle for cycle in cycles if before is None or cycle.starts_on < before), None)


def preview(source: Cycle, *, starts_on: date, ends_on: date) -> Copied:
    """What a copy into a cycle of these dates would bring; changes nothing."""
    kinds = db.session.execute(
        select(TeachingGroup.kind, func.count(TeachingGroup.id))
        .where(TeachingGroup.cycle_id == source.id)
        .group_by(TeachingGroup.kind)
    )
    count = {row[0]: row[1] for row in kinds}
    staying = {stay.resident_id for stay in _stays(source.residence_id, starts_on, ends_on)}
    return Copied(
        classes=count.get(GroupKind.VOCATIONAL, 0),
        education=count.get(GroupKind.EDUCATION, 0),
        enrolled=len(staying),
        returning=len(staying & set(_enrolled(source))),
        asks_wishes=find_collection(source.id) is not None,
    )


def copy_cycle(*, source: Cycle, target: Cycle, today: date) -> Copied:
    """Fill a new cycle from the one before: groups, everybody whose stay overlaps it, the asking for wishes. What is
    in the target already stays, so a second copy adds nothing twice."""
    groups = copy_groups(source=source, target=target)
    enrolled = enrol_staying(source=source, target=target)
    collection = copy_collection(source=source, target=target, today=today)
    before = set(_enrolled(source))
    copied = Copied(
        classes=sum(group.kind is GroupKind.VOCATIONAL for group in groups),
        education=sum(group.kind is GroupKind.EDUCATION for group in groups),
        enrolled=len(enrolled),
        returning=sum(enrolment.stay.resident_id in before for enrolment in enrolled),
        asks_wishes=collection is not None,
    )
    record("copied", target, changes={"cycle": [source.id, target.id], "groups": [0, copied.groups]})
    return copied


def copy_groups(*, source: Cycle, target: Cycle) -> list[TeachingGroup]:
    """The classes and education groups of ``source`` with all their rules as new groups of ``target``; codes that the
    target has already are passed over. An instructor who left stays named in the copy: readiness tells of him, and the
    plan takes whoever is qualified."""
    there = set(db.session.scalars(select(TeachingGroup.code).where(TeachingGroup.cycle_id == target.id)))
    groups = db.session.scalars(
        select(TeachingGroup).where(TeachingGroup.cycle_id == source.id).order_by(TeachingGroup.id)
    )
    made = [copy_of(group, cycle_id=target.id) for group in groups if group.code not in there]
    db.session.add_all(made)
    flush()
    return made


def enrol_staying(*, source: Cycle | None, target: Cycle) -> list[Enrolment]:
    """Enrol everybody whose stay overlaps the target and who is not in it yet. Who was in ``source`` keeps the
    counsellor of its published plan, if still here, and the wish for one of the same gender."""
    known = set(db.session.scalars(select(Enrolment.stay_id).where(Enrolment.cycle_id == target.id)))
    before = _enrolled(source) if source else {}
    counsellors = _counsellors(source) if source else {}
    made = []
    for stay in _stays(target.residence_id, target.starts_on, target.ends_on):
        if stay.id in known:
            continue
        earlier = before.get(stay.resident_id)
        enrolment = Enrolment(residence_id=target.residence_id, cycle_id=target.id, stay_id=stay.id, stay=stay)
        if earlier is not None:
            enrolment.previous_counsellor_id = counsellors.get(earlier.id)
            enrolment.wants_same_gender_counsellor = earlier.wants_same_gender_counsellor
        made.append(enrolment)
    db.session.add_all(made)
    flush()
    return made


def copy_collection(*, source: Cycle, target: Cycle, today: date) -> WishCollection | None:
    """Ask for wishes as before: as many choices, the same trades as far as the target has classes of them, as many days
    before its beginning (from today on, where that is past). None: nothing was asked, or it is asked already."""
    asked = find_collection(source.id)
    if asked is None or find_collection(target.id) is not None:
        return None
    taught = set(
        db.session.scalars(
            select(TeachingGroup.trade_id).where(
                TeachingGroup.cycle_id == target.id, TeachingGroup.trade_id.is_not(None)
            )
        )
    )
    offered = sorted(asked.trade_ids & taught)
    if not offered:
        return None
    shift = target.starts_on - source.starts_on
    late = max(timedelta(0), today - (asked.from_on + shift))
    collection = WishCollection(
        residence_id=target.residence_id,
        cycle_id=target.id,
        from_on=asked.from_on + shift + late,
        to_on=asked.to_on + shift + late,
        most_choices=asked.most_choices,
        offers=[OfferedTrade(residence_id=target.residence_id, trade_id=trade_id) for trade_id in offered],
    )
    db.session.add(collection)
    flush()
    return collection


def _stays(residence_id: int, starts_on: date, ends_on: date) -> Sequence[Stay]:
    """Stays of the house that overlap nights ``[starts_on, ends_on)``; of two of one resident the later counts."""
    rows = db.session.scalars(
        select(Stay)
        .where(
            Stay.residence_id == residence_id,
            Stay.arrives_on < ends_on,
            Stay.leaves_on > starts_on,
            Stay.elsewhere.is_(None),
        )
        .order_by(Stay.arrives_on, Stay.id)
    )
    return list({stay.resident_id: stay for stay in rows}.values())


def _enrolled(cycle: Cycle) -> dict[int, Enrolment]:
    """The cycle's enrolments by resident."""
    rows = db.session.execute(
        select(Stay.resident_id, Enrolment).join(Enrolment.stay).where(Enrolment.cycle_id == cycle.id)
    )
    return {row[0]: row[1] for row in rows}


def _counsellors(cycle: Cycle) -> dict[int, int]:
    """Enrolment: its counsellor in the cycle's published plan, as far as they still counsel here."""
    plan = published_plan(cycle.id)
    if plan is None:
        return {}
    rows = db.session.execute(
        select(PlanCaseload.enrolment_id, PlanCaseload.staff_id)
        .join(PlanCaseload.staff)
        .where(PlanCaseload.plan_id == plan.id, Staff.is_active, Staff.kind == StaffKind.COUNSELLOR)
    )
    return {row[0]: row[1] for row in rows}
