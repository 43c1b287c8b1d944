"""Places where groups meet, and the trades that the house teaches."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, url_for
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
from foyer.residences.forms import NAME_REFUSALS, TradeForm, VenueForm
from foyer.residences.models import Staff, Trade, Venue
from foyer.residences.views import removed, residences, typed


@residences.get("/venues")
@allow(Role.MANAGER)
def venues() -> str:
    return render_template(
        "residences/venues.html", venues=db.session.scalars(select(Venue).order_by(Venue.name_key)).all()
    )


@residences.route("/venues/new", methods=["GET", "POST"])
@allow(Role.MANAGER)
def new_venue() -> Response | tuple[str, int]:
    form = VenueForm()
    if submitted(form, lambda: services.save_venue(Venue(residence_id=g.residence_id), typed(form)), NAME_REFUSALS):
        flash(gettext("%(name)s is added.", name=form.name.data), "good")
        return redirect(url_for("residences.venues"))
    return form_page("residences/record.html", form, heading=gettext("Add a place"), **_venue_trail())


@residences.route("/venues/<int:venue_id>", methods=["GET", "POST"])
@allow(Role.MANAGER)
def venue(venue_id: int) -> Response | tuple[str, int]:
    record = get_record(Venue, venue_id)
    form = VenueForm(obj=record)
    if submitted(form, lambda: services.save_venue(record, typed(form), version=form.version.data), NAME_REFUSALS):
        flash(gettext("%(name)s is saved.", name=form.name.data), "good")
        return redirect(url_for("residences.venues"))
    saved = get_record(Venue, venue_id)
    return form_page(
        "residences/record.html",
        form,
        lambda: VenueForm(formdata=None, obj=saved),
        heading=saved.name,
        remove=url_for("residences.remove_venue", venue_id=venue_id),
        **_venue_trail(),
    )


@residences.post("/venues/<int:venue_id>/remove")
@allow(Role.MANAGER)
def remove_venue(venue_id: int) -> Response:
    gone = removed(
        Venue,
        venue_id,
        done=gettext("The place is removed."),
        in_use=gettext("A class or a plan uses this place, so it stays."),
    )
    return redirect(url_for("residences.venues") if gone else url_for("residences.venue", venue_id=venue_id))


@residences.get("/trades")
@allow(Role.MANAGER)
def trades() -> str:
    every = db.session.scalars(select(Trade).order_by(Trade.name_key)).all()
    teachers: dict[int, list[Staff]] = {}
    links = select(Staff).options(selectinload(Staff.trades)).where(Staff.trades.any()).order_by(Staff.name_key)
    for member in db.session.scalars(links):
        for link in member.trades:
            teachers.setdefault(link.trade_id, []).append(member)
    return render_template("residences/trades.html", trades=every, teachers=teachers)


@residences.route("/trades/new", methods=["GET", "POST"])
@allow(Role.MANAGER)
def new_trade() -> Response | tuple[str, int]:
    form = TradeForm()
    if submitted(form, lambda: services.save_trade(Trade(residence_id=g.residence_id), _trade(form)), NAME_REFUSALS):
        flash(gettext("%(name)s is added.", name=form.name.data), "good")
        return redirect(url_for("residences.trades"))
    return form_page("residences/record.html", form, heading=gettext("Add a trade"), **_trade_trail())


@residences.route("/trades/<int:trade_id>", methods=["GET", "POST"])
@allow(Role.MANAGER)
def trade(trade_id: int) -> Response | tuple[str, int]:
    record = get_record(Trade, trade_id)
    form = _trade_form(record)
    if submitted(form, lambda: services.save_trade(record, _trade(form), version=form.version.data), NAME_REFUSALS):
        flash(gettext("%(name)s is saved.", name=form.name.data), "good")
        return redirect(url_for("residences.trades"))
    saved = get_record(Trade, trade_id)
    return form_page(
        "residences/record.html",
        form,
        lambda: _trade_form(saved, formdata=None),
        heading=saved.name,
        remove=url_for("residences.remove_trade", trade_id=trade_id),
        **_trade_trail(),
    )


@residences.post("/trades/<int:trade_id>/remove")
@allow(Role.MANAGER)
def remove_trade(trade_id: int) -> Response:
    gone = removed(
        Trade,
        trade_id,
        done=gettext("The trade is removed."),
        in_use=gettext("A class, an instructor or somebody's choice names this trade, so it stays."),
    )
    return redirect(url_for("residences.trades") if gone else url_for("residences.trade", trade_id=trade_id))


def _trade_form(record: Trade, **options: Any) -> TradeForm:
    values = {
        "name": record.name,
        "description": record.description,
        "aliases": "\n".join(record.aliases),
        "is_active": record.is_active,
        "version": record.version,
    }
    return TradeForm(data=values, **options)


def _trade(form: TradeForm) -> dict[str, Any]:
    return {
        "name": form.name.data,
        "description": form.description.data or "",
        "aliases": (form.aliases.data or "").splitlines(),
        "is_active": bool(form.is_active.data),
    }


def _venue_trail() -> dict[str, Any]:
    return {
        "back": url_for("residences.venues"),
        "trail": [(gettext("House"), url_for("residences.index")), (gettext("Places"), url_for("residences.venues"))],
    }


def _trade_trail() -> dict[str, Any]:
    return {
        "back": url_for("residences.trades"),
        "trail": [(gettext("House"), url_for("residences.index")), (gettext("Trades"), url_for("residences.trades"))],
    }
