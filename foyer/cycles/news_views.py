"""The line on every page that tells how a run ended: asked for while one is under way, and put away once it is seen."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from foyer.accounts.access import allow
from foyer.accounts.models import Role
from foyer.cycles.blueprint import pages
from foyer.cycles.news import TELLING, told_of
from foyer.database import db
from foyer.jobs.services import get_run, mark_told, untold_runs

Page = str | Response | tuple[str, int]


@pages.get("/news")
@allow(Role.MANAGER)
def news() -> Page:
    """The line alone; asked for every few seconds while something is under way."""
    return render_template("components/news.html")


@pages.post("/news/<int:run_id>")
@allow(Role.MANAGER)
def seen(run_id: int) -> Page:
    """Put the news of one run away, and go where it leads; with ``stay`` back to the page where it was told."""
    run = get_run(run_id)
    mark_told(current_user.id, [run.id])
    db.session.commit()
    stay = request.form.get("stay", "")
    if stay.startswith("/") and not stay.startswith(("//", "/\\")):
        return redirect(stay, 303)
    return redirect(told_of(run).url if not run.is_live else url_for("cycles.index"), 303)


@pages.post("/news")
@allow(Role.MANAGER)
def all_seen() -> Page:
    """A page that tells of runs itself was looked at; ``plan`` or ``run``: of the one that made it, or that it is."""
    plan, run = request.args.get("plan", type=int), request.args.get("run", type=int)
    if plan:
        mark_told(
            current_user.id,
            [made.id for made in untold_runs(current_user.id, TELLING) if made.result.get("plan_id") == plan],
        )
    else:
        mark_told(current_user.id, [run] if run else None)
    db.session.commit()
    return "", 204
