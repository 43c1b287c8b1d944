"""The trail of a file for its team, and "who read my file" for the resident."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from sqlalchemy import select

from foyer.accounts.access import allow
from foyer.accounts.models import Role
from foyer.audit.services import record_read
from foyer.caseload.desk import desk_here
from foyer.caseload.rights import Part, file_for, may
from foyer.caseload.sections import Subject, file_context, register_section
from foyer.database import db
from foyer.errors import NotFound
from foyer.history import services
from foyer.residents.models import Resident

pages = Blueprint("history", __name__)

register_section("trail", "history.trail", _l("Who did what"), Part.TRAIL, subject=Subject.RECORDS, order=95)


@pages.get("/residents/<int:resident_id>/trail")
@may(Part.TRAIL)
def trail(resident_id: int) -> str:
    """Who changed and who read this file."""
    desk = desk_here()
    resident = file_for(desk, resident_id, Part.TRAIL)
    record_read(resident, resident_id=resident.id)
    what = request.args.get("what", "changes")
    what = what if what in ("changes", "reads", "all") else "changes"
    lines, total, page, count = services.trail_of(desk, resident, what, request.args.get("page", 1, type=int))
    return render_template(
        "history/trail.html",
        lines=lines,
        total=total,
        what=what,
        page=page,
        pages=count,
        page_address=lambda number: url_for("history.trail", resident_id=resident.id, what=what, page=number),
        **file_context(desk, resident, "trail"),
    )


@pages.get("/my-file/readers")
@allow(Role.RESIDENT)
def readers() -> str:
    """Who opened and who changed the resident's own file, in plain words, by day."""
    resident = db.session.scalar(select(Resident).where(Resident.user_id == current_user.id))
    if resident is None:
        raise NotFound("resident")
    desk = desk_here()
    visits, total, page, count = services.visits_of(
        desk, resident, request.args.get("page", 1, type=int), with_earlier=True
    )
    return render_template(
        "history/readers.html",
        visits=visits,
        total=total,
        page=page,
        pages=count,
        page_address=lambda number: url_for("history.readers", page=number),
    )
