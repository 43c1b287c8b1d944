"""Making a plan: start it, watch it, cancel it, read how it ended."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from foyer.accounts.access import allow
from foyer.accounts.models import Role
from foyer.cycles import services
from foyer.cycles.blueprint import pages, polling_ends
from foyer.cycles.house import load_facts
from foyer.cycles.labels import progress_words
from foyer.cycles.models import Cycle
from foyer.cycles.progress import parts_of, shortages_of
from foyer.cycles.queries import get_cycle, get_run_of_cycle, list_plans
from foyer.cycles.sentences import Names, readiness_lines, run_end_words, shortage_lines
from foyer.database import db
from foyer.jobs.models import Run

Page = str | Response | tuple[str, int]


@pages.post("/<int:cycle_id>/generate")
@allow(Role.MANAGER)
def generate(cycle_id: int) -> Page:
    """Start a run, or show the one that is under way."""
    try:
        run = services.generate_plan(cycle_id=cycle_id, actor_id=current_user.id)
        db.session.commit()
        run_id = run.id
    except services.RunUnderWay as error:
        db.session.rollback()
        run_id = error.run_id
        flash(_("A plan is already being made; here it is."), "info")
    except services.NotReady as error:
        lines = readiness_lines(error.items, get_cycle(cycle_id))
        db.session.rollback()
        flash(_("No plan can be made yet: %(reason)s", reason=lines[0].text), "danger")
        return redirect(url_for("cycles.show", cycle_id=cycle_id), 303)
    except services.CycleClosed:
        db.session.rollback()
        flash(_("This cycle is closed; nothing more is planned in it."), "danger")
        return redirect(url_for("cycles.show", cycle_id=cycle_id), 303)
    return redirect(url_for("cycles.run", cycle_id=cycle_id, run_id=run_id), 303)


@pages.get("/<int:cycle_id>/runs/<int:run_id>")
@allow(Role.MANAGER)
def run(cycle_id: int, run_id: int) -> Page:
    """A run while it works; afterwards its draft, or why there is none."""
    cycle, found = get_cycle(cycle_id), get_run_of_cycle(cycle_id, run_id)
    if found.is_live:
        return render_template("cycles/run.html", **_progress(cycle, found))
    plan_id = found.result.get("plan_id")
    if plan_id and any(plan.id == plan_id for plan in list_plans(cycle_id)):
        return redirect(url_for("cycles.plan", cycle_id=cycle_id, plan_id=plan_id), 303)
    return _ended(cycle, found)


@pages.get("/<int:cycle_id>/runs/<int:run_id>/progress")
@allow(Role.MANAGER)
def run_progress(cycle_id: int, run_id: int) -> Page:
    """The part of the page that is asked for once a second."""
    cycle, found = get_cycle(cycle_id), get_run_of_cycle(cycle_id, run_id)
    body = render_template("cycles/_progress.html", **_progress(cycle, found))
    if found.is_live:
        return body
    return polling_ends(body, HX_Redirect=url_for("cycles.run", cycle_id=cycle_id, run_id=run_id))


@pages.post("/<int:cycle_id>/runs/<int:run_id>/cancel")
@allow(Role.MANAGER)
def cancel(cycle_id: int, run_id: int) -> Page:
    """Stop a run."""
    services.cancel_run(cycle_id=cycle_id, run_id=run_id)
    db.session.commit()
    return redirect(url_for("cycles.run", cycle_id=cycle_id, run_id=run_id), 303)


def _progress(cycle: Cycle, run: Run) -> dict[str, object]:
    said = run.progress
    return {
        "cycle": cycle,
        "run": run,
        "parts": parts_of(run),
        "score": said.get("score"),
        "bound": said.get("bound"),
        "words": progress_words(said),
        "is_partial": request.endpoint == "cycles.run_progress",
    }


def _ended(cycle: Cycle, run: Run) -> Page:
    """A run that left no draft: what is short, or what went wrong. Nothing was lost."""
    if run.result.get("outcome") == "infeasible":
        lines = shortage_lines(shortages_of(run), Names(load_facts(cycle)))
        return render_template("cycles/impossible.html", cycle=cycle, run=run, lines=lines)
    words = run_end_words(run.state.value, run.result, run.error)
    return render_template("cycles/run_ended.html", cycle=cycle, run=run, words=words)
