"""Rooms, their beds, and the nights on which they are out of service."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from flask import abort, flash, g, redirect, render_template, url_for
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
from foyer.residences.forms import OUTAGE_REFUSALS, REFUSALS, OutageForm, RoomForm
from foyer.residences.models import Room, RoomOutage
from foyer.residences.views import removed, residences, today, typed


@residences.get("/rooms")
@allow(Role.MANAGER)
def rooms() -> str:
    every = db.session.scalars(select(Room).options(selectinload(Room.outages)).order_by(Room.wing, Room.code)).all()
    day = today()
    every = sorted(every, key=lambda room: (room.wing, services.natural(room.code)))
    kept = [room for room in every if not room.is_ended(day)]
    wings = [(wing, list(members)) for wing, members in groupby(kept, key=lambda room: room.wing)]
    ended = [room for room in every if room.is_ended(day)]
    return render_template("residences/rooms.html", wings=wings, ended=ended, today=day)


@residences.route("/rooms/new", methods=["GET", "POST"])
@allow(Role.MANAGER)
def new_room() -> Response | tuple[str, int]:
    form = RoomForm()
    del form.ended_on

    def act() -> None:
        services.save_room(Room(residence_id=g.residence_id), typed(form))

    if submitted(form, act, REFUSALS):
        flash(gettext("Room %(code)s is added.", code=form.code.data), "good")
        return redirect(url_for("residences.rooms"))
    return form_page("residences/record.html", form, heading=gettext("Add a room"), **_trail())


@residences.route("/rooms/<int:room_id>", methods=["GET", "POST"])
@allow(Role.MANAGER)
def room(room_id: int) -> Response | tuple[str, int]:
    record = get_record(Room, room_id)
    form = RoomForm(obj=record)

    def act() -> None:
        services.save_room(record, typed(form), version=form.version.data)

    if submitted(form, act, REFUSALS):
        flash(gettext("Room %(code)s is saved.", code=form.code.data), "good")
        return redirect(url_for("residences.rooms"))
    return _room_page(room_id, form, OutageForm(formdata=None))


@residences.post("/rooms/<int:room_id>/outages")
@allow(Role.MANAGER)
def add_outage(room_id: int) -> Response | tuple[str, int]:
    record = get_record(Room, room_id)
    form = OutageForm()

    def act() -> None:
        services.add_outage(
            record, from_on=form.from_on.data, until_on=form.until_on.data, reason=form.reason.data or ""
        )

    if submitted(form, act, OUTAGE_REFUSALS):
        flash(gettext("Room %(code)s is out of service on these nights.", code=record.code), "good")
        return redirect(url_for("residences.room", room_id=room_id))
    page, _ = _room_page(room_id, RoomForm(formdata=None, obj=get_record(Room, room_id)), form)
    return page, 422


@residences.post("/rooms/<int:room_id>/outages/<int:outage_id>/end")
@allow(Role.MANAGER)
def end_outage(room_id: int, outage_id: int) -> Response:
    outage = get_record(RoomOutage, outage_id)
    if outage.room_id != room_id:
        abort(404)
    services.end_outage(outage, on=today())
    db.session.commit()
    flash(gettext("The room is in service again from tonight on."), "good")
    return redirect(url_for("residences.room", room_id=room_id))


@residences.post("/rooms/<int:room_id>/remove")
@allow(Role.MANAGER)
def remove_room(room_id: int) -> Response:
    gone = removed(
        Room,
        room_id,
        done=gettext("The room is removed."),
        in_use=gettext("A plan uses this room, so it stays. You can give it up from a day on instead."),
    )
    return redirect(url_for("residences.rooms") if gone else url_for("residences.room", room_id=room_id))


def _room_page(room_id: int, form: RoomForm, outage_form: OutageForm) -> tuple[str, int]:
    record = get_record(Room, room_id)
    return form_page(
        "residences/room.html",
        form,
        lambda: RoomForm(formdata=None, obj=record),
        heading=gettext("Room %(code)s", code=record.code),
        room=record,
        outage_form=outage_form,
        sleepers=services.sleepers_after(record),
        today=today(),
        **_trail(),
    )


def _trail() -> dict[str, Any]:
    return {
        "back": url_for("residences.rooms"),
        "trail": [
            (gettext("House"), url_for("residences.index")),
            (gettext("Rooms and beds"), url_for("residences.rooms")),
        ],
    }
