"""Flags on a resident's file."""

from __future__ import annotations

from datetime import timedelta

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from foyer.audit.services import record_read
from foyer.caseload.desk import desk_here
from foyer.caseload.rights import Act, Part, file_for, may
from foyer.caseload.sections import Subject, file_context, register_section, stay_that_counts
from foyer.counselling import flags as services
from foyer.counselling.blueprint import counselling
from foyer.counselling.forms import FLAG_REFUSALS, FlagForm
from foyer.counselling.models import FlagKind, FlagPriority
from foyer.database import db
from foyer.editing import form_page, submitted

register_section("flags", "counselling.flags", _l("Flags"), Part.FLAGS, subject=Subject.GUIDANCE, order=55)


@counselling.get("/residents/<int:resident_id>/flags")
@may(Part.FLAGS, Act.READ)
def flags(resident_id: int) -> str:
    """What the team should have in mind about a resident, now and before."""
    desk = desk_here()
    resident = file_for(desk, resident_id, Part.FLAGS, Act.READ)
    record_read(resident, resident_id=resident.id)
    every = services.flags_of(resident.id)
    return render_template(
        "counselling/flags.html",
        now=[flag for flag in every if services.holds(flag, desk.today)],
        before=[flag for flag in every if not services.holds(flag, desk.today)],
        **file_context(desk, resident, "flags"),
    )


@counselling.route("/residents/<int:resident_id>/flags/new", methods=["GET", "POST"])
@may(Part.FLAGS, Act.WRITE)
def new_flag(resident_id: int) -> Response | tuple[str, int]:
    """A new flag."""
    desk = desk_here()
    resident = file_for(desk, resident_id, Part.FLAGS, Act.WRITE)
    start = {"kind": FlagKind.CLOSE, "priority": FlagPriority.NORMAL, "until_on": desk.today + timedelta(days=14)}
    form = FlagForm(data=start)

    def act() -> None:
        services.set_flag(
            desk,
            resident,
            kind=form.kind.data,
            priority=form.priority.data,
            text=form.text.data or "",
            until_on=form.until_on.data,  # type: ignore[arg-type]
            stay=stay_that_counts(resident, desk),
        )

    back = url_for("counselling.flags", resident_id=resident_id)
    if submitted(form, act, FLAG_REFUSALS):
        flash(gettext("The flag is set."), "good")
        return redirect(back)
    trail = [(resident.full_name, back)]
    return form_page("counselling/new.html", form, heading=gettext("Set a flag"), back=back, trail=trail)


@counselling.route("/residents/<int:resident_id>/flags/<int:flag_id>", methods=["GET", "POST"])
@may(Part.FLAGS, Act.WRITE)
def flag(resident_id: int, flag_id: int) -> Response | tuple[str, int]:
    """Renew a flag, or say it better."""
    desk = desk_here()
    resident = file_for(desk, resident_id, Part.FLAGS, Act.WRITE)
    record = services.get_flag(resident.id, flag_id)
    form = _form(FlagForm(obj=record))

    def act() -> None:
        services.change_flag(
            desk,
            record,
            priority=form.priority.data,
            text=form.text.data or "",
            until_on=form.until_on.data,  # type: ignore[arg-type]
            version=form.version.data,
        )

    back = url_for("counselling.flags", resident_id=resident_id)
    if submitted(form, act, FLAG_REFUSALS):
        flash(gettext("The flag is saved."), "good")
        return redirect(back)
    if request.method == "GET":
        record_read(record)
    name = file_for(desk, resident_id, Part.FLAGS, Act.WRITE).full_name
    current = lambda: _form(FlagForm(formdata=None, obj=services.get_flag(resident_id, flag_id)))  # noqa: E731
    return form_page(
        "counselling/new.html", form, current, heading=gettext("Change the flag"), back=back, trail=[(name, back)]
    )


@counselling.post("/residents/<int:resident_id>/flags/<int:flag_id>/end")
@may(Part.FLAGS, Act.WRITE)
def end_flag(resident_id: int, flag_id: int) -> Response:
    """A flag is no longer needed."""
    desk = desk_here()
    resident = file_for(desk, resident_id, Part.FLAGS, Act.WRITE)
    record = services.get_flag(resident.id, flag_id)
    services.end_flag(desk, record, version=request.form.get("version", type=int))
    db.session.commit()
    flash(gettext("The flag is taken down."), "good")
    return redirect(url_for("counselling.flags", resident_id=resident_id), 303)


def _form(form: FlagForm) -> FlagForm:
    """What a flag is about stays as it was set."""
    del form["kind"]
    return form
