"""The house's own pages, /house: what it offers, and what the readiness of a cycle leads to."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask_babel import gettext
from sqlalchemy import func, or_, select
from werkzeug.wrappers import Response

from foyer.accounts.access import allow
from foyer.accounts.models import Role
from foyer.database import db
from foyer.editing import form_page, submitted
from foyer.records import StillInUse, get_record, remove_record
from foyer.residences import services
from foyer.residences.forms import RESIDENCE_REFUSALS, ResidenceForm
from foyer.residences.labels import need_words
from foyer.residences.models import GridBlock, Holiday, Residence, Room, Staff, Trade, Venue
from foyer.words import words

residences = Blueprint("residences", __name__, url_prefix="/house")
residences.add_app_template_filter(words)
residences.add_app_template_filter(need_words)


@residences.get("")
@allow(Role.MANAGER)
def index() -> str:
    """What the house has, in figures that lead to their lists."""
    rooms = db.session.execute(
        select(func.count(Room.id), func.coalesce(func.sum(Room.beds), 0)).where(
            or_(Room.ended_on.is_(None), Room.ended_on > today())
        )
    ).one()
    kinds = db.session.execute(
        select(Staff.kind, func.count(Staff.id)).where(Staff.is_active.is_(True)).group_by(Staff.kind)
    )
    count = {
        kind.__tablename__: db.session.scalar(select(func.count(kind.id))) or 0  # type: ignore[attr-defined]
        for kind in (Venue, Trade, GridBlock, Holiday)
    }
    return render_template(
        "residences/index.html",
        residence=own_residence(),
        rooms=rooms[0],
        beds=rooms[1],
        staff={row[0]: row[1] for row in kinds},
        count=count,
    )


@residences.route("/settings", methods=["GET", "POST"])
@allow(Role.MANAGER)
def settings() -> Response | tuple[str, int]:
    residence = own_residence()
    form = ResidenceForm(obj=residence)

    def act() -> None:
        services.change_residence(residence, typed(form), version=form.version.data)

    if submitted(form, act, RESIDENCE_REFUSALS):
        flash(gettext("The settings of the house are saved."), "good")
        return redirect(url_for("residences.index"))
    return form_page(
        "residences/record.html",
        form,
        lambda: ResidenceForm(formdata=None, obj=own_residence()),
        heading=gettext("Settings of the house"),
        trail=[(gettext("House"), url_for("residences.index"))],
        back=url_for("residences.index"),
    )


def own_residence() -> Residence:
    """The house of the person who is signed in."""
    return db.session.get_one(Residence, g.residence_id, populate_existing=True)


def typed(form: Any, *left_out: str) -> dict[str, Any]:
    """What the form says about the record's own fields."""
    return {
        field.name: field.data
        for field in form
        if field.type not in ("CSRFTokenField", "HiddenField") and field.name not in left_out
    }


def removed(kind: type, record_id: int, *, done: str, in_use: str) -> bool:
    """Remove a record and commit, or say why it stays."""
    record: Any = get_record(kind, record_id)
    try:
        remove_record(record)
    except StillInUse:
        db.session.rollback()
        flash(in_use, "attention")
        return False
    db.session.commit()
    flash(done, "good")
    return True


def today() -> date:
    """This day where the house stands."""
    return services.today_in(own_residence())


# The pages of each thing are in modules of their own; importing them puts them on the blueprint.
from foyer.residences import (  # noqa: E402
    accommodation_views,  # noqa: F401
    check_views,  # noqa: F401
    day_views,  # noqa: F401
    minimum_views,  # noqa: F401
    offer_views,  # noqa: F401
    room_views,  # noqa: F401
    staff_views,  # noqa: F401
    variant_views,  # noqa: F401
)
