"""/unsent: what static/js/autosave.js asks while somebody types. Pages work without it; then nothing is kept."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask, Response, g, jsonify, request
from flask_babel import gettext
from flask_login import current_user
from flask_wtf.csrf import generate_csrf

from foyer.accounts.access import EVERYBODY, allow
from foyer.database import blind_index, db
from foyer.extensions import csrf
from foyer.unsent import services

pages = Blueprint("unsent", __name__, url_prefix="/unsent")
MARK = "unsent"  # a form that was kept is sent with this field


@pages.get("")
@allow(*EVERYBODY)
def show() -> Response:
    """What the actor left in the form with this address, who the actor is (a digest), a token to send forms with, and
    the sentences that the script shows."""
    kept = services.unsent(current_user.id, request.args.get("address", ""))
    return jsonify(
        who=_who(),
        token=generate_csrf(),
        fields=kept.fields if kept else None,
        kept_at=kept.kept_at.isoformat() if kept else None,
        words={
            "found": gettext("Here is something that you typed and did not send, kept on {time}."),
            "take": gettext("Take it over"),
            "drop": gettext("Drop it"),
            "kept": gettext("Kept at {time}, not sent yet."),
            "ended": gettext(
                "Your sign-in has ended. What you typed is still on this page. Sign in again in the new window, come "
                "back here, and send it."
            ),
            "again": gettext("Sign in again"),
            "other": gettext("Somebody else is signed in here now. What you typed was not sent."),
            "offline": gettext(
                "There is no connection. What you typed stays on this page; please send it when the connection is back."
            ),
            "waits": gettext(
                "There is no connection. What you marked is kept on this device. If you have pressed save, it is sent "
                "as soon as the connection is back."
            ),
            "failed": gettext("What you type cannot be kept at the moment. Please send the form soon."),
        },
    )


@pages.post("")
@allow(*EVERYBODY)
def keep() -> tuple[Response, int]:
    """Keep what the form holds now, if the same person is signed in; the token is that of the sign-in of now, which may
    be a newer one than the page's."""
    sent: Any = request.get_json(silent=True) or {}
    if sent.get("who") != _who():
        return jsonify(), 409
    try:
        kept_at = services.keep(current_user.id, str(sent.get("address", "")), _pairs(sent.get("fields")))
    except services.TooMuch:
        return jsonify(), 413
    db.session.commit()
    return jsonify(kept_at=kept_at.isoformat(), token=generate_csrf()), 200


@pages.post("/drop")
@allow(*EVERYBODY)
def drop() -> tuple[Response, int]:
    """Forget what the actor left in this form."""
    sent: Any = request.get_json(silent=True) or {}
    if sent.get("who") != _who():
        return jsonify(), 409
    services.drop(current_user.id, str(sent.get("address", "")).partition("#")[0])
    db.session.commit()
    return jsonify(), 200


def _pairs(fields: Any) -> list[list[str]]:
    """Names and values; anything else in what was sent is left out."""
    found = fields if isinstance(fields, list) else []
    return [[str(pair[0]), str(pair[1])] for pair in found if isinstance(pair, list) and len(pair) == 2]


def _who() -> str:
    return blind_index(f"unsent {current_user.id}")[:16]


def _drop_when_saved(response: Response) -> Response:
    """A form that was kept while it was typed, and whose page answered by leading on, is saved."""
    leads_on = request.method == "POST" and response.status_code in (302, 303)
    if leads_on and g.get("_login_user") is not None and current_user.is_authenticated and MARK in request.form:
        services.drop(current_user.id, request.path)
        db.session.commit()
    return response


def init_unsent(app: Flask) -> None:
    """Register the pages, and forget what was kept once it is saved."""
    csrf.exempt(pages)  # a page's token ends with the sign-in; ``who``, which no other site can know, stands for it
    app.register_blueprint(pages)
    app.after_request(_drop_when_saved)
