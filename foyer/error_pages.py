"""What a person sees when a page cannot be given: what happened, what is kept, what to do."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import structlog
from flask import Flask, g, render_template, request
from flask_login import AnonymousUserMixin
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from foyer.accounts.passwords import TooBusy
from foyer.database import db
from foyer.errors import NotAllowed, NotFound, Stale

log = structlog.get_logger(__name__)

_PAGES = {400, 403, 404, 405, 409, 413, 429, 500, 503}


def _page(status: int, template: str = "") -> tuple[str, int]:
    with suppress(SQLAlchemyError):
        db.session.rollback()  # most pages ask the database who is reading
    if status in (500, 503):  # the database may be what failed: ask it nothing
        g.bare = True
        if "_login_user" not in g:
            g._login_user = AnonymousUserMixin()
    return render_template(f"errors/{template or status}.html"), status


def _http_error(error: HTTPException) -> Any:
    if error.code is None or error.code < 400:
        return error  # a redirect
    return _page(error.code) if error.code in _PAGES else _page(500 if error.code >= 500 else 400)


def init_error_pages(app: Flask) -> None:
    """Friendly pages for HTTP errors and for what services refuse and no view has answered itself."""
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(CSRFError, lambda error: _page(400))
    for error, status in (
        (NotFound, 404),
        (NotAllowed, 403),
        (Stale, 409),
        (StaleDataError, 409),
        (TooBusy, 503),
    ):
        app.register_error_handler(error, lambda error, status=status: _page(status))
    app.register_error_handler(OperationalError, _database_busy)


def _database_busy(error: OperationalError) -> tuple[str, int]:
    """Somebody else's work holds the database for too long, or it is restarting."""
    log.warning("database_busy", endpoint=request.endpoint, error=type(error.orig).__name__)
    return _page(503, "busy")
