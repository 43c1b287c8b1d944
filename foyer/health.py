"""``/healthz``: for whoever watches the machine. Says nothing about any person or house."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint
from sqlalchemy.exc import SQLAlchemyError

from foyer import __version__
from foyer.accounts.access import allow_anyone
from foyer.database import db, utc_now
from foyer.jobs.leases import last_sign
from foyer.serving.migrations import revisions

pages = Blueprint("health", __name__)

_WORKER_IS_LATE = timedelta(seconds=30)


@pages.get("/healthz")
@allow_anyone
def healthz() -> tuple[dict[str, Any], int]:
    """200 while pages can be served; 503 when the database is away or of another version. A missing worker is told
    but is no reason to take the pages away: they work without it, only planning waits."""
    answer: dict[str, Any] = {"version": __version__}
    try:
        found = revisions()
        if not found.is_current:
            return {"status": "failing", "database": "reachable", "migrations": "behind", **answer}, 503
        seen = last_sign(db.engine)
    except SQLAlchemyError:
        return {"status": "failing", "database": "unreachable", **answer}, 503
    alive = seen is not None and utc_now() - seen < _WORKER_IS_LATE
    answer |= {"database": "reachable", "migrations": "current", "worker": "alive" if alive else "absent"}
    return {"status": "ok" if alive else "degraded", **answer}, 200
