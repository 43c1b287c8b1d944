"""/calendar: the pages on which somebody makes, renews or gives up a calendar address, one's own or that of a class or
a place, and the address itself."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, g, redirect, render_template, url_for
from flask_babel import force_locale, gettext
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from foyer.accounts.access import allow, allow_anyone
from foyer.accounts.models import Role
from foyer.cycles.calendars import calendar_that_follows
from foyer.cycles.models import TeachingGroup
from foyer.cycles.weeks import group_title
from foyer.database import db, house_scope
from foyer.extensions import limiter
from foyer.qr import qr_code
from foyer.residences.models import Residence, Venue
from foyer.today.blueprint import today
from foyer.today.feeds import calendar_of
from foyer.today.services import (
    WITH_CALENDAR,
    class_or_place,
    class_or_place_of_calendar,
    owner_of_calendar,
    person_of,
    renew_calendar,
    revoke_calendar,
)
from foyer.wording import words_of


@today.get("/calendar")
@allow(*WITH_CALENDAR)
def calendar() -> str:
    return render_template("today/calendar.html", address=None, has_address=bool(current_user.calendar_token_digest))


@today.post("/calendar")
@allow(*WITH_CALENDAR)
def make_calendar() -> Response:
    """Make or renew the address, and show it: this once, since only its digest is kept."""
    token = renew_calendar(current_user)
    db.session.commit()
    page = render_template("today/calendar.html", has_address=True, **_shown(token))
    return Response(page, mimetype="text/html", headers={"Cache-Control": "no-store"})


@today.post("/calendar/revoke")
@allow(*WITH_CALENDAR)
def revoke() -> AnyResponse:
    revoke_calendar(current_user)
    db.session.commit()
    flash(gettext("The calendar address no longer works."), "good")
    return redirect(url_for("today.calendar"), 303)


@today.get("/calendar/download")
@allow(*WITH_CALENDAR)
def download() -> Response:
    """The same calendar as a file, for phones that follow no address."""
    response = _calendar(calendar_of(person_of(current_user, g.residence_id)))
    response.headers["Content-Disposition"] = 'attachment; filename="foyer.ics"'
    return response


@today.get("/calendar/groups/<int:group_id>")
@today.get("/calendar/venues/<int:venue_id>")
@allow(Role.MANAGER)
def shared_calendar(group_id: int = 0, venue_id: int = 0) -> str:
    """The calendar address of a class or a place, for a door or for whoever teaches there."""
    owner = _shared(group_id, venue_id)
    return _shared_page(owner, has_address=bool(owner.calendar_token_digest))


@today.post("/calendar/groups/<int:group_id>")
@today.post("/calendar/venues/<int:venue_id>")
@allow(Role.MANAGER)
def make_shared_calendar(group_id: int = 0, venue_id: int = 0) -> Response:
    """Make or renew it, and show it: this once."""
    owner = _shared(group_id, venue_id)
    token = renew_calendar(owner)
    db.session.commit()
    page = _shared_page(owner, has_address=True, **_shown(token))
    return Response(page, mimetype="text/html", headers={"Cache-Control": "no-store"})


@today.post("/calendar/groups/<int:group_id>/revoke")
@today.post("/calendar/venues/<int:venue_id>/revoke")
@allow(Role.MANAGER)
def revoke_shared_calendar(group_id: int = 0, venue_id: int = 0) -> AnyResponse:
    owner = _shared(group_id, venue_id)
    revoke_calendar(owner)
    db.session.commit()
    flash(gettext("The calendar address no longer works."), "good")
    return redirect(url_for("today.shared_calendar", **_of(owner)), 303)


def _shared(group_id: int, venue_id: int) -> TeachingGroup | Venue:
    return class_or_place("venue", venue_id) if venue_id else class_or_place("group", group_id)


def _of(owner: TeachingGroup | Venue) -> dict[str, Any]:
    """The parameters of its addresses."""
    return {"venue_id": owner.id} if isinstance(owner, Venue) else {"group_id": owner.id}


def _shared_page(owner: TeachingGroup | Venue, **context: Any) -> str:
    name = owner.name if isinstance(owner, Venue) else group_title(owner)
    return render_template("today/shared_calendar.html", name=name, of=_of(owner), **context)


def _shown(token: str) -> dict[str, Any]:
    """A secret address as its page shows it."""
    address = url_for("today.feed", token=token, _external=True)
    return {"address": address, "webcal": "webcal://" + address.split("://", 1)[1], "qr": qr_code(address)}


@today.get("/calendar/<token>.ics")
@limiter.limit("60 per minute")
@allow_anyone
def feed(token: str) -> Response:
    """The calendar behind a secret address. A wrong address looks like any page that is not there."""
    shared = class_or_place_of_calendar(token)
    if shared is not None:
        residence = db.session.get_one(Residence, shared.residence_id)
        with house_scope(residence.id), words_of(residence), force_locale("id"):
            return _calendar(calendar_that_follows(shared, residence))
    user = owner_of_calendar(token)
    with house_scope(user.residence_id or 0):
        person = person_of(user, user.residence_id or 0)
        with words_of(person.residence):
            return _calendar(calendar_of(person))


def _calendar(content: bytes) -> Response:
    headers = {"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex"}
    return Response(content, mimetype="text/calendar", headers=headers)
