"""What every page of the person's file does alike: find the resident with the right, show the part, edit one record."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext
from flask_login import current_user
from sqlalchemy import select
from werkzeug.wrappers import Response

from foyer.accounts.models import Role
from foyer.audit.services import record_read
from foyer.caseload.desk import desk_here
from foyer.caseload.rights import Act, Part, file_for
from foyer.caseload.sections import file_context
from foyer.database import db, is_reading
from foyer.editing import Refusals, form_page, submitted
from foyer.errors import NotFound
from foyer.forms import FoyerForm
from foyer.residents.models import Resident

Page = Response | str | tuple[str, int]


def opened(resident_id: int, part: Part, act: Act = Act.READ) -> Resident:
    """The resident, if the reader may do this; that the file was opened is written down. Raises NotFound."""
    found = file_for(desk_here(), resident_id, part, act)
    if is_reading():
        record_read(found, resident_id=found.id)
    return found


def part_page(template: str, resident: Resident, part: Part, key: str, **context: Any) -> str:
    """A page of the file, with its tabs; ``may_write`` says whether the reader may change this part."""
    around = file_context(desk_here(), resident, key)
    return render_template(template, may_write=part in around["parts_writable"], **context, **around)


def edit_page(
    resident_id: int,
    part: Part,
    form: FoyerForm,
    act: Callable[[], Any],
    *,
    back: str,
    heading: str,
    said: str,
    refusals: Refusals | None = None,
    current: Callable[[], FoyerForm] | None = None,
    template: str = "files/edit.html",
    **context: Any,
) -> Page:
    """One form about a resident: save and go back to the part, or show it again with what is wrong. ``back``: the
    endpoint of the part; ``said``: what is told after saving."""
    address = url_for(back, resident_id=resident_id)
    if submitted(form, act, refusals):
        flash(said, "good")
        return redirect(address)
    name = file_for(desk_here(), resident_id, part).full_name  # anew: a refusal has ended the transaction
    is_manager = current_user.role is Role.MANAGER
    trail = [(gettext("Residents") if is_manager else gettext("My caseload"), url_for("residents.index"))]
    trail.append((name, address))
    return form_page(template, form, current, heading=heading, back=address, trail=trail, **context)


def own_record(kind: Any, resident_id: int, record_id: int) -> Any:
    """The record as it is saved now, if it is this resident's. Raises NotFound."""
    query = select(kind).where(kind.id == record_id, kind.resident_id == resident_id)
    found = db.session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise NotFound(kind.__name__)
    return found


def typed(form: Any, names: Iterable[str]) -> dict[str, Any]:
    """What was typed into these fields; nothing, where a text is empty."""
    return {name: form[name].data if form[name].data != "" else None for name in names}


def version_of(kind: Any, resident_id: int, record_id: int) -> dict[str, int]:
    """What a form that only carries the version is filled from."""
    return {"version": own_record(kind, resident_id, record_id).version}
