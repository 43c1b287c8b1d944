"""The blueprint of intake's pages and what several of them need."""

from __future__ import annotations

from flask import Blueprint
from sqlalchemy import select

from foyer.caseload.desk import Desk
from foyer.database import db
from foyer.intake.finding import Found
from foyer.intake.forms import KnownForm
from foyer.residences.models import Staff, StaffKind

intake = Blueprint("intake", __name__)
Page = str | tuple[str, int]


def counsellors() -> list[tuple[int, str]]:
    """The house's counsellors by name, for a select."""
    rows = db.session.execute(
        select(Staff.id, Staff.full_name)
        .where(Staff.kind == StaffKind.COUNSELLOR, Staff.is_active.is_(True))
        .order_by(Staff.name_key)
    )
    return [(row[0], row[1]) for row in rows]


def show_found(form: KnownForm, found: Found) -> None:
    """Put whom a search found into the form: residents to choose from, and the keys that the actor is shown now."""
    form.offer([(hit.key, hit.who.full_name) for hit in found.hits if hit.resident is not None])
    form.seen.data = ",".join(found.keys)


def own_staff_id(desk: Desk) -> int | None:
    """The actor among those who can be responsible."""
    return desk.staff.id if desk.staff and desk.staff.kind is StaffKind.COUNSELLOR else None
