"""Who may use a route, and which houses a person sees. Closed by default: a view without ``allow`` answers nobody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, abort, current_app, g, redirect, request, session, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from foyer.accounts.models import Role, User
from foyer.accounts.services import houses_of_office
from foyer.audit.services import act_as
from foyer.database import set_house_scope, set_office_scope

View = TypeVar("View", bound=Callable[..., Any])

EVERYBODY = frozenset(Role)
STAFF = EVERYBODY - {Role.RESIDENT}


def allow(*roles: Role) -> Callable[[View], View]:
    """State which roles may use a view. Everybody else gets 403; people not signed in go to the sign-in page."""

    def mark(view: View) -> View:
        view.roles = frozenset(roles)  # type: ignore[attr-defined]
        return view

    return mark


def allow_anyone(view: View) -> View:
    """State that a view is open without signing in."""
    view.is_public = True  # type: ignore[attr-defined]
    return view


def visible_residence_ids(user: User) -> tuple[int, ...]:
    """The houses whose rows this account may ever see."""
    if user.role is Role.OFFICE:
        return houses_of_office(user)
    return (user.residence_id,) if user.residence_id is not None else ()


def _enter_house() -> None:
    """Scope this request's session: every row of a house comes from here on from the person's own house, or for the
    office from the one chosen among its houses."""
    ids = visible_residence_ids(current_user)
    chosen = session.get("residence_id")
    g.residence_ids = ids
    g.residence_id = chosen if chosen in ids else (ids[0] if ids else None)
    set_house_scope((g.residence_id,) if g.residence_id is not None else ())
    set_office_scope(ids if current_user.role is Role.OFFICE else ())
    act_as(actor_id=current_user.id, residence_id=g.residence_id)


def _guard() -> Response | None:
    if request.endpoint is None:
        return None  # 404 and 405 answer themselves
    view = current_app.view_functions[request.endpoint]
    if getattr(view, "is_public", False):
        if current_user.is_authenticated:
            _enter_house()
        return None
    if not current_user.is_authenticated:
        if "HX-Request" in request.headers and "HX-Boosted" not in request.headers:
            return Response(status=401)  # a part of a page: the form to sign in would be put into its middle
        wanted = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("accounts.sign_in", next=wanted))
    if current_user.role not in getattr(view, "roles", frozenset()):
        abort(403)
    _enter_house()
    return None


def init_access(app: Flask) -> None:
    """Close every route that does not say who may use it."""
    app.before_request(_guard)
    allow_anyone(app.view_functions["static"])
