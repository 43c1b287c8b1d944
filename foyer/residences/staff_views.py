"""Members of staff: what they do, what they know, when they are not to be had."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import selectinload
from werkzeug.wrappers import Response

from foyer.accounts.access import allow
from foyer.accounts.models import Role
from foyer.database import db
from foyer.editing import form_page, submitted
from foyer.records import get_record
from foyer.residences import services
from foyer.residences.checks import count_incomplete
from foyer.residences.forms import (
    STAFF_REFUSALS,
    UNAVAILABILITY_REFUSALS,
    QualificationForm,
    StaffForm,
    UnavailabilityForm,
)
from foyer.residences.models import InstructorTrade, Staff, StaffKind, StaffUnavailability, Trade
from foyer.residences.views import removed, residences, today, typed


@residences.get("/staff")
@allow(Role.MANAGER)
def staff() -> str:
    every = db.session.scalars(
        select(Staff)
        .options(selectinload(Staff.unavailabilities), selectinload(Staff.trades).selectinload(InstructorTrade.trade))
        .order_by(Staff.name_key)
    ).all()
    order = list(StaffKind)
    every = sorted(every, key=lambda member: order.index(member.kind))
    kinds = [(kind, list(members)) for kind, members in groupby(every, key=lambda member: member.kind)]
    return render_template("residences/staff.html", kinds=kinds, unchecked=count_incomplete(today()))


@residences.route("/staff/new", methods=["GET", "POST"])
@allow(Role.MANAGER)
def new_staff() -> Response | tuple[str, int]:
    form = StaffForm(trades_of_house=_trades(), data={"kind": _asked_kind(), "is_active": True})

    def act() -> None:
        _save(Staff(residence_id=g.residence_id), form)

    if submitted(form, act, STAFF_REFUSALS):
        flash(gettext("%(name)s is added.", name=form.full_name.data), "good")
        return redirect(url_for("residences.staff"))
    return form_page("residences/record.html", form, heading=gettext("Add a member of staff"), **_trail())


@residences.route("/staff/<int:staff_id>", methods=["GET", "POST"])
@allow(Role.MANAGER)
def staff_member(staff_id: int) -> Response | tuple[str, int]:
    record = get_record(Staff, staff_id)
    form = _staff_form(record)

    def act() -> None:
        _save(record, form)

    if submitted(form, act, STAFF_REFUSALS):
        flash(gettext("%(name)s is saved.", name=form.full_name.data), "good")
        return redirect(url_for("residences.staff"))
    return _member_page(staff_id, form, UnavailabilityForm(formdata=None))


@residences.post("/staff/<int:staff_id>/unavailabilities")
@allow(Role.MANAGER)
def add_unavailability(staff_id: int) -> Response | tuple[str, int]:
    record = get_record(Staff, staff_id)
    form = UnavailabilityForm()

    def act() -> None:
        services.add_unavailability(
            record,
            weekdays=form.weekdays.data or (),
            start=form.start_minute.data or 0,
            end=form.end_minute.data or 1440,
        )

    if submitted(form, act, UNAVAILABILITY_REFUSALS):
        flash(gettext("These hours are kept free of sessions for %(name)s.", name=record.full_name), "good")
        return redirect(url_for("residences.staff_member", staff_id=staff_id))
    page, _ = _member_page(staff_id, _staff_form(get_record(Staff, staff_id), formdata=None), form)
    return page, 422


@residences.post("/staff/<int:staff_id>/unavailabilities/<int:unavailability_id>/remove")
@allow(Role.MANAGER)
def remove_unavailability(staff_id: int, unavailability_id: int) -> Response:
    if get_record(StaffUnavailability, unavailability_id).staff_id != staff_id:
        abort(404)
    removed(StaffUnavailability, unavailability_id, done=gettext("These hours are free for sessions again."), in_use="")
    return redirect(url_for("residences.staff_member", staff_id=staff_id))


@residences.post("/staff/<int:staff_id>/qualifications/<int:trade_id>")
@allow(Role.MANAGER)
def save_qualification(staff_id: int, trade_id: int) -> Response:
    """Until when an instructor may teach a trade."""
    record = get_record(Staff, staff_id)
    form = QualificationForm(prefix=f"t{trade_id}-")
    if form.validate():
        services.qualify(record, trade_id, until_on=form.until_on.data)
        db.session.commit()
        flash(gettext("The qualification of %(name)s is saved.", name=record.full_name), "good")
    else:
        flash(gettext("Please give a date that exists, or leave the field empty."), "danger")
    return redirect(url_for("residences.staff_member", staff_id=staff_id))


@residences.post("/staff/<int:staff_id>/remove")
@allow(Role.MANAGER)
def remove_staff(staff_id: int) -> Response:
    gone = removed(
        Staff,
        staff_id,
        done=gettext("The member of staff is removed."),
        in_use=gettext(
            "A class, a plan or a check names this person, so the record stays. Untick “Works here now” instead."
        ),
    )
    return redirect(url_for("residences.staff") if gone else url_for("residences.staff_member", staff_id=staff_id))


def _save(record: Staff, form: StaffForm) -> None:
    values = typed(form, "trades")
    version = form.version.data if record.id else None
    services.save_staff(record, values, trade_ids=form.trades.data or (), version=version)


def _staff_form(record: Staff, **options: Any) -> StaffForm:
    taught = [link.trade_id for link in record.trades]
    return StaffForm(
        trades_of_house=_trades(), own_skills=record.skills, obj=record, data={"trades": taught}, **options
    )


def _member_page(staff_id: int, form: StaffForm, hours_form: UnavailabilityForm) -> tuple[str, int]:
    record = get_record(Staff, staff_id)
    return form_page(
        "residences/staff_member.html",
        form,
        lambda: _staff_form(record, formdata=None),
        heading=record.full_name,
        member=record,
        hours_form=hours_form,
        qualification_forms={
            link.trade_id: QualificationForm(
                prefix=f"t{link.trade_id}-", formdata=None, data={"until_on": link.until_on}
            )
            for link in record.trades
        },
        **_trail(),
    )


def _asked_kind() -> StaffKind:
    asked = request.args.get("kind", "")
    return StaffKind(asked) if asked in set(StaffKind) else StaffKind.COUNSELLOR


def _trades() -> list[tuple[int, str]]:
    return [(trade.id, trade.name) for trade in db.session.scalars(select(Trade).order_by(Trade.name_key))]


def _trail() -> dict[str, Any]:
    return {
        "back": url_for("residences.staff"),
        "trail": [(gettext("House"), url_for("residences.index")), (gettext("Staff"), url_for("residences.staff"))],
    }
