"""Checks of staff: the manager's page of everybody, one person's own, and the house's list of kinds."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from foyer.accounts.access import allow
from foyer.accounts.models import Role
from foyer.database import db
from foyer.editing import form_page, submitted
from foyer.paging import asked_page, cut
from foyer.records import get_record
from foyer.residences import checks
from foyer.residences.check_forms import (
    CHECK_REFUSALS,
    KIND_REFUSALS,
    WITHDRAW_REFUSALS,
    CheckFilterForm,
    CheckForm,
    CheckKindForm,
    WithdrawCheckForm,
)
from foyer.residences.checks import CheckKind, StaffCheck
from foyer.residences.models import Staff
from foyer.residences.services import staff_of
from foyer.residences.views import residences, today, typed

PAGE_SIZE = 30


@residences.get("/checks")
@allow(Role.MANAGER)
def check_list() -> str:
    """Everybody who works here, with what is missing, ends soon or is over."""
    kinds = checks.list_kinds(active_only=True)
    form = CheckFilterForm(request.args, kinds=_options(kinds))
    state = form.state.data if form.state.validate(form) else None
    kind_id = form.kind.data if form.kind.validate(form) else None
    everybody = checks.standing_of_house(today())
    states = (state,) if state else tuple(checks.CheckState)
    return render_template(
        "residences/checks.html",
        form=form,
        kinds=[kind for kind in kinds if kind_id in (None, kind.id)],
        kind_id=kind_id,
        page=cut([one for one in everybody if one.has(states, kind_id)], asked_page(), PAGE_SIZE),
        incomplete=sum(not one.is_complete for one in everybody),
        everybody=len(everybody),
    )


@residences.get("/checks/mine")
@allow(Role.MANAGER, Role.COUNSELLOR, Role.INSTRUCTOR)
def my_checks() -> str:
    """What the house keeps about the own checks."""
    me = staff_of(current_user.id)
    return render_template("residences/my_checks.html", member=me, **(_standing_of(me) if me else {}))


@residences.route("/checks/kinds", methods=["GET", "POST"])
@allow(Role.MANAGER)
def check_kinds() -> Response | tuple[str, int]:
    """The house's own list of checks; one more is added below it."""
    form = CheckKindForm()

    def act() -> None:
        checks.save_kind(CheckKind(residence_id=g.residence_id), typed(form))

    if submitted(form, act, KIND_REFUSALS):
        flash(gettext("“%(name)s” is on the list.", name=form.name.data), "good")
        return redirect(url_for("residences.check_kinds"), 303)
    return form_page("residences/check_kinds.html", form, kinds=checks.list_kinds())


@residences.post("/checks/kinds/usual")
@allow(Role.MANAGER)
def usual_check_kinds() -> Response:
    """Begin the list with the usual kinds."""
    checks.begin_with_usual_kinds(g.residence_id)
    db.session.commit()
    flash(gettext("These are the usual checks. Change the list as your house needs it."), "good")
    return redirect(url_for("residences.check_kinds"))


@residences.route("/checks/kinds/<int:check_kind_id>", methods=["GET", "POST"])
@allow(Role.MANAGER)
def check_kind(check_kind_id: int) -> Response | tuple[str, int]:
    record = get_record(CheckKind, check_kind_id)
    form = CheckKindForm(obj=record)

    def act() -> None:
        checks.save_kind(record, typed(form), version=form.version.data)

    if submitted(form, act, KIND_REFUSALS):
        flash(gettext("“%(name)s” is saved.", name=form.name.data), "good")
        return redirect(url_for("residences.check_kinds"), 303)
    return form_page(
        "residences/record.html",
        form,
        lambda: CheckKindForm(formdata=None, obj=get_record(CheckKind, check_kind_id)),
        heading=get_record(CheckKind, check_kind_id).name,
        back=url_for("residences.check_kinds"),
        trail=[*_trail(), (gettext("Which checks"), url_for("residences.check_kinds"))],
    )


@residences.route("/staff/<int:staff_id>/checks", methods=["GET", "POST"])
@allow(Role.MANAGER)
def staff_checks(staff_id: int) -> Response | tuple[str, int]:
    """One person's checks: how each kind stands, one more to record, and everything that was shown."""
    member = get_record(Staff, staff_id)
    kinds = checks.list_kinds(active_only=True)
    form = CheckForm(
        kinds=_options(kinds),
        data={"kind_id": request.args.get("kind", None, type=int), "seen_by": current_user.display_name},
    )

    def act() -> None:
        checks.record_check(member, typed(form), actor=current_user, today=today())

    if submitted(form, act, CHECK_REFUSALS):
        flash(gettext("The check of %(name)s is recorded.", name=member.full_name), "good")
        return redirect(url_for("residences.staff_checks", staff_id=staff_id), 303)
    member = get_record(Staff, staff_id)
    return form_page("residences/staff_checks.html", form, member=member, trail=_trail(), **_standing_of(member))


@residences.route("/staff/<int:staff_id>/checks/<int:staff_check_id>/withdraw", methods=["GET", "POST"])
@allow(Role.MANAGER)
def withdraw_check(staff_id: int, staff_check_id: int) -> Response | tuple[str, int]:
    """Take back an entry that was wrong, with the reason."""
    row = get_record(StaffCheck, staff_check_id)
    if row.staff_id != staff_id:
        abort(404)
    form = WithdrawCheckForm()

    def act() -> None:
        checks.withdraw_check(row, why=form.why.data or "", actor=current_user)

    own = url_for("residences.staff_checks", staff_id=staff_id)
    if submitted(form, act, WITHDRAW_REFUSALS):
        flash(gettext("The entry is taken back and stays to be read."), "good")
        return redirect(own, 303)
    row = get_record(StaffCheck, staff_check_id)
    return form_page(
        "residences/withdraw_check.html", form, row=row, back=own, trail=[*_trail(), (row.staff.full_name, own)]
    )


def _standing_of(member: Staff) -> dict[str, Any]:
    (standing,) = checks.standing_of([member], today())
    return {"standing": standing, "rows": checks.checks_of(member.id)}


def _options(kinds: Any) -> list[tuple[int, str]]:
    return [(kind.id, kind.name) for kind in kinds]


def _trail() -> list[tuple[str, str]]:
    return [
        (gettext("House"), url_for("residences.index")),
        (gettext("Staff"), url_for("residences.staff")),
        (gettext("Checks of staff"), url_for("residences.check_list")),
    ]
