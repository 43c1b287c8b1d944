"""Logs: one JSON object a line, on standard error. They carry ids, never names, bodies, query strings or messages of
errors. Only the fields named here get through, so a careless line cannot leak."""

from __future__ import annotations

import logging
import secrets
import sys
import time
from collections.abc import Callable
from typing import Any, TypeVar

import structlog
from flask import Flask, Response, g, request, session
from structlog.typing import EventDict

FIELDS = frozenset(
    {"event", "level", "timestamp", "logger", "request_id", "method", "endpoint", "status", "ms", "user_id"}
    | {"residence_id", "run_id", "kind", "attempt", "error", "place", "worker", "dropped"}
)

View = TypeVar("View", bound=Callable[..., Any])
log = structlog.get_logger("foyer.requests")


def _template_only(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Other libraries' lines lose their values: an address may hold a token, an error's message a name."""
    record = event.get("_record")
    if record is not None:
        event["event"] = str(record.msg)
    return event


def _where_not_what(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Of an exception only its kind and its place are kept."""
    found = event.pop("exc_info", None)
    error = found[1] if isinstance(found, tuple) else found if isinstance(found, BaseException) else sys.exc_info()[1]
    if found and error is not None:
        event["error"] = type(error).__name__
        event["place"] = place_of(error)
    return event


def place_of(error: BaseException) -> list[str]:
    """The innermost calls that led to an error, as file:line, without any value."""
    calls = []
    step = error.__traceback__
    while step is not None:
        code = step.tb_frame.f_code
        calls.append(f"{'/'.join(code.co_filename.split('/')[-2:])}:{step.tb_lineno}")
        step = step.tb_next
    return calls[-8:]


def _known_fields_only(_logger: Any, _method: str, event: EventDict) -> EventDict:
    dropped = [key for key in event if key not in FIELDS and not key.startswith("_")]
    for key in dropped:
        del event[key]
    if dropped:
        event["dropped"] = len(dropped)
    return event


_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    _where_not_what,
    _known_fields_only,
]


def _configure_structlog() -> None:
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )


def log_format() -> logging.Formatter:
    """Turns any record, ours or a library's, into a line."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[_template_only, *_SHARED],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )


def unlogged(view: View) -> View:
    """A page whose use by somebody must not be found in any log: who reports a concern is nobody's to know."""
    view.is_unlogged = True  # type: ignore[attr-defined]
    return view


def write_logs(level: str) -> None:
    """Send this process's logs to standard error. For commands that serve or work; tests attach their own handler."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(log_format())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    logging.getLogger("alembic").setLevel(logging.WARNING)


def init_logs(app: Flask) -> None:
    """One line for every answer, and one for every error that nobody expected."""
    _configure_structlog()

    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()
        g.request_id = secrets.token_hex(8)
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=g.request_id)

    @app.after_request
    def end(response: Response) -> Response:
        if "request_id" in g:
            response.headers["X-Request-ID"] = g.request_id
            view = app.view_functions.get(request.endpoint or "")
            if request.endpoint not in ("static", "health.healthz") and not getattr(view, "is_unlogged", False):
                _log_answer(response.status_code)
        return response

    app.log_exception = _log_exception  # type: ignore[method-assign]


def _log_answer(status: int) -> None:
    user = str(session.get("_user_id", "")).partition(":")[0]
    log.info(
        "answered",
        method=request.method,
        endpoint=request.endpoint,  # not the path: a path may hold a token
        status=status,
        ms=round((time.perf_counter() - g.began) * 1000, 1),
        user_id=int(user) if user.isdigit() else None,
        residence_id=g.get("residence_id"),
    )


def _log_exception(exc_info: Any) -> None:
    """In place of Flask's own, which writes down the path and the error's message."""
    error = exc_info[1]
    log.error("unexpected", endpoint=request.endpoint, error=type(error).__name__, place=place_of(error))
