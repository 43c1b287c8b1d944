"""Who receives visitors: whoever answers for the resident, and whoever is on duty. Those on duty write the line and
read of the file only who may not simply come in; docs/rights.md names it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time

from sqlalchemy import ColumnElement, and_, false, select

from foyer.caseload.desk import Desk
from foyer.caseload.mine import own_resident_ids
from foyer.caseload.people import names_for
from foyer.caseload.rights import Act, Part, rights_of
from foyer.database import db
from foyer.errors import NotFound
from foyer.names import name_key
from foyer.registers.models import Duty, Visit
from foyer.residences.models import StaffKind
from foyer.residents.family import ContactSafety, Relative, relatives_of
from foyer.residents.models import Resident, Stay, in_sight


def is_on_duty(desk: Desk) -> bool:
    """Whether the actor is a carer, or on duty now as the register of duty says. One query at most."""
    if desk.staff is None or not desk.staff.is_active:
        return False
    if desk.staff.kind is StaffKind.CARER:
        return True
    now = select(Duty.id).where(
        Duty.staff_id == desk.staff.id, Duty.at <= desk.now, Duty.until_at > desk.now, Duty.struck_at.is_(None)
    )
    return db.session.scalar(now.limit(1)) is not None


def answers_for(desk: Desk, resident_id: int) -> bool:
    """Whether the actor may write into this part of the resident's file. One query at most."""
    return Act.WRITE in rights_of(desk, resident_id, Part.FAMILY)


def who_is_visited(desk: Desk, q: str = "") -> list[tuple[int, str]]:
    """Those who live here today and for whom the actor may write down a visitor, by name as the actor may read it;
    ``q``: only those with this in that name. Three queries."""
    here = select(Stay.resident_id).where(
        Stay.arrives_on <= desk.today, Stay.leaves_on >= desk.today, Stay.elsewhere.is_(None)
    )
    query = select(Resident).where(in_sight(), Resident.id.in_(here)).order_by(Resident.name_key)
    if not is_on_duty(desk):
        query = query.where(Resident.id.in_(own_resident_ids(desk)))
    found = db.session.scalars(query).all()
    names = names_for(desk, found, on_page=True)
    key = name_key(q)
    return [(one.id, names[one.id]) for one in found if key in name_key(str(names[one.id]))]


def visited(desk: Desk, resident_id: int) -> Resident:
    """The resident, if the actor answers for them, or is on duty and they live here today. Raises NotFound."""
    found = db.session.get(Resident, resident_id)
    if found is None or not found.is_in_sight:
        raise NotFound("resident")
    if answers_for(desk, resident_id):
        return found
    lives_here = any(stay.arrives_on <= desk.today <= stay.leaves_on and stay.elsewhere is None for stay in found.stays)
    if not (lives_here and is_on_duty(desk)):
        raise NotFound("resident")
    return found


def not_free_to_come(resident_id: int) -> Sequence[Relative]:
    """Whom the file does not let in without more, also of a family entry that has ended. One query."""
    return [one for one in relatives_of(resident_id) if one.safety is not ContactSafety.SAFE]


def own_of_today(desk: Desk) -> ColumnElement[bool]:
    """Of a query of visits: the lines that the actor wrote today while on duty."""
    if not is_on_duty(desk):
        return false()
    midnight = datetime.combine(desk.today, time(), desk.now.tzinfo)
    return and_(Visit.written_by_id == desk.actor.id, Visit.written_at >= midnight)


def may_see_off(desk: Desk, row: Visit) -> bool:
    """Whether the actor wrote this line today while on duty, and may add that the visitor left. One query at most."""
    midnight = datetime.combine(desk.today, time(), desk.now.tzinfo)
    return row.written_by_id == desk.actor.id and row.written_at >= midnight and is_on_duty(desk)
