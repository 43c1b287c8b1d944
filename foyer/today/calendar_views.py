"""/calendar: the page on which somebody makes, renews or gives up the calendar address, and the address itself."""

from __future__ import annotations

import segno
from flask import Response, flash, g, redirect, render_template, url_for
from flask_babel import gettext
from flask_login import current_user
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from foyer.accounts.access import allow, allow_anyone
from foyer.database import db, house_scope
from foyer.extensions import limiter
from foyer.today.blueprint import today
from foyer.today.feeds import calendar_of
from foyer.today.services import WITH_CALENDAR, owner_of_calendar, person_of, renew_calendar, revoke_calendar


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
    address = url_for("today.feed", token=token, _external=True)
    page = render_template(
        "today/calendar.html",
        address=address,
        webcal="webcal://" + address.split("://", 1)[1],
        qr=_qr(address),
        has_address=True,
    )
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


@today.get("/calendar/<token>.ics")
@limiter.limit("60 per minute")
@allow_anyone
def feed(token: str) -> Response:
    """The calendar behind a secret address. A wrong address looks like any page that is not there."""
    user = owner_of_calendar(token)
    with house_scope(user.residence_id or 0):
        return _calendar(calendar_of(person_of(user, user.residence_id or 0)))


def _calendar(content: bytes) -> Response:
    headers = {"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex"}
    return Response(content, mimetype="text/calendar", headers=headers)


def _qr(text: str) -> Markup:
    drawing = segno.make(text, error="m", micro=False)
    return Markup(drawing.svg_inline(border=2, omitsize=True, dark="#000", light="#fff", svgclass="qr"))
