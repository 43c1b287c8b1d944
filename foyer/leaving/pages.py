"""What the pages of this package share: the file opened by right, one record of it, one form about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import select
from werkzeug.wrappers import Response

from foyer.audit.services import record_read
from foyer.caseload.desk import Desk, desk_here
from foyer.caseload.rights import Act, Part, file_for
from foyer.caseload.sections import file_context
from foyer.database import db
from foyer.editing import Refusals, form_page, submitted
from foyer.errors import NotFound
from foyer.forms import FoyerForm
from foyer.residences.models import Staff, StaffKind
from foyer.residents.models import Resident

Page = str | Response | tuple[str, int]
Back = tuple[str, str]  # what a page is called, and its address
Record = TypeVar("Record")


def opened(resident_id: int, part: Part, act: Act = Act.READ) -> Resident:
    """The resident, if whoever asks may do this with this part; the reading is written down. Raises NotFound."""
    found = file_for(desk_here(), resident_id, part, act)
    if request.method == "GET":
        record_read(found, resident_id=found.id)
    return found


def own_record(kind: type[Record], resident_id: int, record_id: int) -> Record:
    """The resident's record with this id, as it is saved now. Raises NotFound."""
    model: Any = kind
    query = select(model).where(model.id == record_id, model.resident_id == resident_id)
    found: Record | None = db.session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise NotFound(kind.__name__)
    return found


def file_page(template: str, resident: Resident, key: str, part: Part, **context: Any) -> str:
    """A page of the resident's file. ``may_write``: whether whoever reads may change this part."""
    around = file_context(desk_here(), resident, key)
    return render_template(template, **around, may_write=part in around["parts_writable"], **context)


def edit_page(
    resident: Resident,
    form: FoyerForm,
    act: Callable[[], Any],
    *,
    back: Back,
    heading: str,
    said: str,
    submit: str = "",
    refusals: Refusals | None = None,
    current: Callable[[], FoyerForm] | None = None,
    template: str = "leaving/edit.html",
    **context: Any,
) -> Page:
    """One form about a resident: saved and back to where it came from, or the form again with what is wrong."""
    resident_id, name, (place, address) = resident.id, resident.full_name, back
    if submitted(form, act, refusals):
        flash(said, "good")
        return redirect(address)
    trail = [
        (gettext("Residents"), url_for("residents.index")),
        (name, url_for("residents.resident", resident_id=resident_id)),
        (place, address),
    ]
    return form_page(
        template, form, current, heading=heading, back=address, trail=trail, submit=submit or gettext("Save"), **context
    )


def social_workers(desk: Desk, first: Sequence[Staff] = ()) -> list[tuple[int, str]]:
    """Whoever may answer for a resident, by name, for a select; ``first`` stand at its top. One query."""
    every = db.session.scalars(
        select(Staff)
        .where(
            Staff.residence_id == desk.residence.id,
            Staff.kind.in_((StaffKind.COUNSELLOR, StaffKind.MANAGER)),
            Staff.is_active.is_(True),
        )
        .order_by(Staff.name_key)
    )
    return [(staff.id, staff.full_name) for staff in {staff.id: staff for staff in (*first, *every)}.values()]
