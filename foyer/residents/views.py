"""Keep-apart pairs, for managers only: who the plan keeps apart, where, until when and why."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import select
from werkzeug.wrappers import Response

from foyer.accounts.access import allow
from foyer.accounts.models import Role
from foyer.audit.services import record_read
from foyer.database import db
from foyer.editing import form_page, submitted
from foyer.records import get_record
from foyer.residences.models import Residence
from foyer.residences.services import today_in
from foyer.residents import services
from foyer.residents.forms import PAIR_REFUSALS, EndPairForm, PairForm
from foyer.residents.models import KeepApart, Resident, Stay
from foyer.residents.naming import as_printed, name_for, paper_name, telling

pairs = Blueprint("pairs", __name__, url_prefix="/pairs")
pairs.add_app_template_filter(paper_name)
pairs.add_app_template_filter(as_printed)
pairs.add_app_template_filter(lambda resident: name_for(resident, False), "outside_name")


@pairs.get("")
@allow(Role.MANAGER)
def index() -> str:
    day = _today()
    every = services.list_pairs()
    current = [pair for pair in every if pair.until_on is None or pair.until_on >= day]
    ended = [pair for pair in every if pair not in current]
    return render_template("residents/pairs.html", current=current, ended=ended)


@pairs.route("/new", methods=["GET", "POST"])
@allow(Role.MANAGER)
def new() -> Response | tuple[str, int]:
    form = PairForm(
        residents=_residents(), data={"in_room": True, "resident_a": request.args.get("resident", type=int)}
    )

    def act() -> None:
        services.add_pair(g.residence_id, (form.resident_a.data, form.resident_b.data), _values(form))

    if submitted(form, act, PAIR_REFUSALS):
        flash(gettext("The next plan keeps these two apart."), "good")
        return redirect(url_for("pairs.index"))
    return form_page("residents/pair.html", form, heading=gettext("Keep two residents apart"), pair=None)


@pairs.route("/<int:pair_id>", methods=["GET", "POST"])
@allow(Role.MANAGER)
def pair(pair_id: int) -> Response | tuple[str, int]:
    record = get_record(KeepApart, pair_id)
    form = PairForm(obj=record)
    if submitted(form, lambda: services.change_pair(record, _values(form), version=form.version.data), PAIR_REFUSALS):
        flash(gettext("The pair is saved."), "good")
        return redirect(url_for("pairs.index"))
    return _pair_page(pair_id, form, EndPairForm(formdata=None, prefix="end", data={"version": record.version}))


@pairs.post("/<int:pair_id>/end")
@allow(Role.MANAGER)
def end(pair_id: int) -> Response | tuple[str, int]:
    record = get_record(KeepApart, pair_id)
    form = EndPairForm(prefix="end")

    def act() -> None:
        services.end_pair(record, on=_today(), reason=form.reason.data or "", version=form.version.data)

    if submitted(form, act):
        flash(gettext("From tomorrow on the plan no longer keeps these two apart."), "good")
        return redirect(url_for("pairs.index"))
    saved = get_record(KeepApart, pair_id)
    if getattr(form, "is_stale", False):
        form.refuse(None, gettext("Somebody else changed this pair meanwhile. Look at it above, then end it again."))
        form.version.data = saved.version
    page, _ = _pair_page(pair_id, PairForm(formdata=None, obj=saved), form)
    return page, 409 if getattr(form, "is_stale", False) else 422


def _pair_page(pair_id: int, form: PairForm, end_form: EndPairForm) -> tuple[str, int]:
    record = get_record(KeepApart, pair_id)
    if request.method == "GET":
        for resident in (record.resident_a, record.resident_b):
            record_read(record, resident_id=resident.id)
    return form_page(
        "residents/pair.html",
        form,
        lambda: PairForm(formdata=None, obj=record),
        heading=telling(gettext("%(one)s and %(other)s"), one=record.resident_a, other=record.resident_b),
        pair=record,
        end_form=end_form,
        today=_today(),
    )


def _values(form: PairForm) -> dict[str, object]:
    return {
        "in_room": form.in_room.data,
        "in_class": form.in_class.data,
        "until_on": form.until_on.data,
        "reason": form.reason.data or None,
    }


def _residents() -> list[tuple[int, str]]:
    """Who lives here or is expected, by name."""
    rows = db.session.execute(
        select(Resident.id, Resident.full_name)
        .where(Resident.id.in_(select(Stay.resident_id).where(Stay.leaves_on > _today())))
        .order_by(Resident.name_key)
    )
    return [(id_, name) for id_, name in rows]


def _today() -> date:
    return today_in(db.session.get_one(Residence, g.residence_id))
