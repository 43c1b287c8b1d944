"""The classes and education groups of a cycle: the list, one of them, a new one."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from foyer.accounts.access import allow
from foyer.accounts.models import Role
from foyer.cycles.blueprint import pages
from foyer.cycles.copying import last_cycle
from foyer.cycles.forms import GROUP_REFUSALS, GroupForm
from foyer.cycles.groups import get_group, list_groups, new_group, offers, save_group
from foyer.cycles.labels import cycle_name
from foyer.cycles.models import Cycle, GroupKind, TeachingGroup
from foyer.cycles.queries import get_cycle
from foyer.database import db
from foyer.editing import form_page, submitted
from foyer.records import StillInUse, remove_record

Page = str | Response | tuple[str, int]


@pages.get("/<int:cycle_id>/groups")
@allow(Role.MANAGER)
def groups(cycle_id: int) -> Page:
    """What the cycle teaches."""
    cycle = get_cycle(cycle_id)
    source = last_cycle(cycle.residence_id, before=cycle.starts_on)
    return render_template("cycles/groups.html", cycle=cycle, groups=list_groups(cycle), source=source)


@pages.route("/<int:cycle_id>/groups/new", methods=["GET", "POST"])
@allow(Role.MANAGER)
def new_group_page(cycle_id: int) -> Page:
    """Add a class, or with ``?education=1`` an education group."""
    cycle = get_cycle(cycle_id)
    kind = GroupKind.EDUCATION if request.args.get("education") else GroupKind.VOCATIONAL
    form = _form(cycle, kind)
    if submitted(form, lambda: save_group(new_group(cycle, kind), _typed(form)), GROUP_REFUSALS):
        flash(_("%(code)s is added.", code=form.code.data))
        return redirect(url_for("cycles.groups", cycle_id=cycle_id), 303)
    heading = _("Add a class") if kind is GroupKind.VOCATIONAL else _("Add an education group")
    return form_page("residences/record.html", form, heading=heading, **_surroundings(cycle))


@pages.route("/<int:cycle_id>/groups/<int:group_id>", methods=["GET", "POST"])
@allow(Role.MANAGER)
def group(cycle_id: int, group_id: int) -> Page:
    """One class or group, to change."""
    record = get_group(cycle_id, group_id)
    cycle = get_cycle(cycle_id)
    form = _form(cycle, record.kind, obj=record)
    if submitted(form, lambda: save_group(record, _typed(form), version=form.version.data), GROUP_REFUSALS):
        flash(_("%(code)s is saved.", code=form.code.data))
        return redirect(url_for("cycles.groups", cycle_id=cycle_id), 303)
    saved = get_group(cycle_id, group_id)
    return form_page(
        "residences/record.html",
        form,
        lambda: _form(cycle, saved.kind, obj=saved, formdata=None),
        heading=saved.code,
        remove=url_for("cycles.remove_group", cycle_id=cycle_id, group_id=group_id),
        **_surroundings(cycle),
    )


@pages.post("/<int:cycle_id>/groups/<int:group_id>/remove")
@allow(Role.MANAGER)
def remove_group(cycle_id: int, group_id: int) -> Page:
    """Take a group out of the cycle, unless a plan seats somebody in it."""
    record = get_group(cycle_id, group_id)
    code = record.code
    try:
        remove_record(record)
        db.session.commit()
    except StillInUse:
        db.session.rollback()
        flash(_("%(code)s is part of a plan, so it stays.", code=code), "attention")
        return redirect(url_for("cycles.group", cycle_id=cycle_id, group_id=group_id), 303)
    flash(_("%(code)s is removed.", code=code))
    return redirect(url_for("cycles.groups", cycle_id=cycle_id), 303)


def _form(cycle: Cycle, kind: GroupKind, obj: TeachingGroup | None = None, **values: Any) -> GroupForm:
    return GroupForm(obj=obj, is_class=kind is GroupKind.VOCATIONAL, **offers(cycle, obj), **values)


def _typed(form: GroupForm) -> dict[str, Any]:
    hidden = ("CSRFTokenField", "HiddenField")
    return {field.name: field.data for field in form if field.type not in hidden}


def _surroundings(cycle: Cycle) -> dict[str, Any]:
    back = url_for("cycles.groups", cycle_id=cycle.id)
    trail = [(cycle_name(cycle), url_for("cycles.show", cycle_id=cycle.id)), (_("Classes and groups"), back)]
    return {"back": back, "trail": trail}
