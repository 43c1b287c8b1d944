"""Outreach: going out to where youths at risk are, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from foyer.caseload.desk import Desk
from foyer.database import db
from foyer.errors import FoyerError, NotFound
from foyer.intake import waiting
from foyer.intake.models import OutreachContact, Referral
from foyer.paging import Paged, cut_scalars
from foyer.records import change_record, flush

PAGE_SIZE = 30  # contacts


class NotYet(FoyerError):
    """A contact is written down once it took place."""


def add_contact(desk: Desk, values: Mapping[str, Any], *, referral: Referral | None = None) -> OutreachContact:
    """Write down that somebody of the house went out. Raises NotYet for a day to come."""
    if values["met_on"] > desk.today:
        raise NotYet
    contact = OutreachContact(
        residence_id=desk.residence.id,
        referral_id=referral.id if referral else None,
        resident_id=referral.resident_id if referral else None,
        staff_id=desk.staff.id if desk.staff else None,
        **{**values, "note": values.get("note") or None},
    )
    db.session.add(contact)
    flush()
    return contact


def change_contact(desk: Desk, contact: OutreachContact, values: Mapping[str, Any], *, version: int | None) -> None:
    """Correct a contact; the trail keeps what it said before. Raises NotYet, Stale."""
    if values["met_on"] > desk.today:
        raise NotYet
    change_record(contact, {**values, "note": values.get("note") or None}, version=version)


def close_contact(contact: OutreachContact, *, on: date, version: int | None) -> None:
    """The next contact took place, or is not needed any more. Raises Stale."""
    change_record(contact, {"closed_on": on}, version=version)


def contact_for(desk: Desk, contact_id: int) -> OutreachContact:
    """A contact that the actor may open. Raises NotFound."""
    found = db.session.scalar(_open_to(desk).where(OutreachContact.id == contact_id))
    if found is None:
        raise NotFound("contact")
    return found


def list_contacts(desk: Desk, page: int = 1, *, due: bool = False) -> Paged[OutreachContact]:
    """A page of the contacts that the actor may open, the newest first; ``due``: only those that wait for a next one,
    the oldest first."""
    query = _open_to(desk)
    if due:
        query = query.where(waiting.to_meet(desk.today)).order_by(OutreachContact.next_on, OutreachContact.id)
    else:
        query = query.order_by(OutreachContact.met_on.desc(), OutreachContact.id.desc())
    return cut_scalars(query, page, PAGE_SIZE)


def contacts_of(*, referral_id: int | None = None, resident_id: int | None = None) -> Sequence[OutreachContact]:
    """The contacts about one referral, or one resident, the newest first."""
    own = (
        OutreachContact.referral_id == referral_id
        if referral_id is not None
        else OutreachContact.resident_id == resident_id
    )
    return db.session.scalars(
        select(OutreachContact)
        .where(own)
        .options(joinedload(OutreachContact.staff))
        .order_by(OutreachContact.met_on.desc(), OutreachContact.id.desc())
    ).all()


def by_area(since: date) -> list[tuple[str, int, int]]:
    """The map in figures: kelurahan, contacts and youths reached since a day, the most first. Counts only."""
    reached = func.sum(OutreachContact.reached)
    rows = db.session.execute(
        select(OutreachContact.area, func.count(OutreachContact.id), reached)
        .where(OutreachContact.met_on >= since, OutreachContact.area != "")
        .group_by(OutreachContact.area)
        .order_by(reached.desc(), OutreachContact.area)
    )
    return [(area, contacts, int(people)) for area, contacts, people in rows]


def _open_to(desk: Desk):  # type: ignore[no-untyped-def]
    return (
        select(OutreachContact)
        .outerjoin(OutreachContact.referral)
        .where(waiting.may_meet(desk))
        .options(joinedload(OutreachContact.referral), joinedload(OutreachContact.staff))
    )
