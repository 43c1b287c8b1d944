"""What the pages of this package share: the blueprint, the file with the right to it, pages with a form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from foyer.audit.services import record_read
from foyer.caseload.desk import desk_here
from foyer.caseload.rights import Act, Part, file_for
from foyer.caseload.sections import Subject, register_section, stay_that_counts
from foyer.editing import Refusals, form_page, submitted
from foyer.errors import NotFound
from foyer.forms import FoyerForm
from foyer.residents.models import Resident, Stay

Page = str | Response | tuple[str, int]
care = Blueprint("care", __name__)

register_section(
    "assessments", "care.assessments", _l("Assessment"), Part.ASSESSMENT, subject=Subject.PLANNING, order=30
)
register_section("rpi", "care.rpi", _l("Individual plan"), Part.PLAN, subject=Subject.PLANNING, order=35)
register_section(
    "conferences", "care.conferences", _l("Case conferences"), Part.CONFERENCE, subject=Subject.PLANNING, order=38
)
register_section("facts", "care.facts", _l("For the planner"), Part.HEALTH, subject=Subject.PLANNING, order=33)


def opened(resident_id: int, part: Part, act: Act = Act.READ) -> Resident:
    """The file, if the actor may; on a page that only shows it, that it was read is written down."""
    found = file_for(desk_here(), resident_id, part, act)
    if request.method == "GET":
        record_read(found, resident_id=found.id)
    return found


def stay_here(resident: Resident) -> Stay:
    """The stay that counts today. Raises NotFound for a person without one."""
    stay = stay_that_counts(resident, desk_here())
    if stay is None:
        raise NotFound("stay")
    return stay


def edited(
    resident_id: int,
    form: FoyerForm,
    act: Callable[[], Any],
    *,
    heading: str,
    back: str,
    said: str,
    refusals: Refusals | None = None,
    current: Callable[[], FoyerForm] | None = None,
    template: str = "care/form.html",
    to: Callable[[], str] | None = None,
    **context: Any,
) -> Page:
    """After a form about a resident: on with a word, or the form again with what is wrong. ``to``: where to go on."""
    if submitted(form, act, refusals):
        flash(said, "good")
        return redirect(to() if to else back, 303)
    name = file_for(desk_here(), resident_id, Part.IDENTITY).full_name
    trail = [(_("Residents"), url_for("residents.index")), (name, back)]
    return form_page(template, form, current, heading=heading, back=back, trail=trail, **context)


from foyer.care import (  # noqa: E402, F401  their pages join the blueprint
    assessment_views,
    conference_views,
    fact_views,
    goal_views,
    own_views,
    plan_views,
    rule_views,
)
