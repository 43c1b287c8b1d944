"""The drafts of a cycle: make several, watch them being made, look at them side by side, name, copy."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response

from foyer.accounts.access import allow
from foyer.accounts.models import Role
from foyer.cycles import drafting, services
from foyer.cycles.blueprint import pages, polling_ends
from foyer.cycles.draft_forms import MOST_MINUTES, DraftsForm, PlanNameForm
from foyer.cycles.drafting import Wanted
from foyer.cycles.drafts import best_of, list_drafts
from foyer.cycles.labels import cycle_name, plan_name, progress_words
from foyer.cycles.models import Cycle, Plan, PlanState
from foyer.cycles.presets import BY_KEY, OWN, WEIGHT_FIELDS, changed_weights
from foyer.cycles.problem_parts import weights_of
from foyer.cycles.progress import parts_of
from foyer.cycles.queries import get_cycle, get_plan, list_live_runs, list_plans, list_runs_of_cycle
from foyer.cycles.sentences import readiness_lines
from foyer.database import db, utc_now
from foyer.editing import Refusals, form_page, submitted
from foyer.jobs.models import Run, RunState
from foyer.residences.models import Residence
from foyer.scheduling.problem import Weights

Page = str | Response | tuple[str, int]
RECENT = timedelta(days=1)  # for how long a run that left no draft is mentioned
MOST_FAILED = 3
RENAME_REFUSALS: Refusals = {services.NotADraft: (None, _l("This plan is not a draft any more."))}


@pages.get("/<int:cycle_id>/drafts")
@allow(Role.MANAGER)
def drafts(cycle_id: int) -> Page:
    """All drafts side by side, and those that are being made."""
    cycle = get_cycle(cycle_id)
    found = list_drafts(cycle)
    runs = list_runs_of_cycle(cycle_id, most=20)
    live = sorted((run for run in runs if run.is_live), key=lambda run: run.id)
    return render_template(
        "cycles/drafts.html",
        drafts=found,
        best=best_of(found),
        failed=_failed(runs),
        **_live(cycle, live),
    )


def _failed(runs: Sequence[Run]) -> list[Run]:
    """Runs of the last day that left no draft although nobody stopped them, newest first."""
    since = utc_now() - RECENT
    ended = [run for run in runs if not run.is_live and run.finished_at is not None and run.finished_at > since]
    left_none = [run for run in ended if not run.result.get("plan_id") and run.state is not RunState.CANCELLED]
    return left_none[:MOST_FAILED]


@pages.get("/<int:cycle_id>/drafts/progress")
@allow(Role.MANAGER)
def drafts_progress(cycle_id: int) -> Page:
    """The drafts that are being made, asked for once a second. Where one has ended, the page is asked for anew."""
    cycle = get_cycle(cycle_id)
    live = list_live_runs(cycle_id)
    known = request.args.get("runs", "")
    if known != ids_of(live):
        return polling_ends(HX_Refresh="true")
    return render_template("cycles/_runs.html", **_live(cycle, live))


def _live(cycle: Cycle, runs: Sequence[Run]) -> dict[str, Any]:
    return {
        "cycle": cycle,
        "runs": [(run, parts_of(run), progress_words(run.progress)) for run in runs],
        "run_ids": ids_of(runs),
    }


def ids_of(runs: Sequence[Run]) -> str:
    """Runs as one word of an address."""
    return "-".join(str(run.id) for run in runs)


@pages.route("/<int:cycle_id>/drafts/new", methods=["GET", "POST"])
@allow(Role.MANAGER)
def new_drafts(cycle_id: int) -> Page:
    """Choose how drafts weigh and what they keep, and have them made."""
    cycle = get_cycle(cycle_id)
    plans = [plan for plan in list_plans(cycle_id) if plan.pins and plan.state is not PlanState.REPLACED]
    house = weights_of(db.session.get_one(Residence, cycle.residence_id).weights)
    form = DraftsForm(pinned=[(plan.id, _pinned_name(plan)) for plan in plans], data=_suggested(house))
    if request.method == "POST" and form.validate_on_submit():
        return _make(cycle, form, house, plans)
    return form_page(
        "cycles/drafts_new.html", form, cycle=cycle, presets=BY_KEY, weights=[field.name for field in WEIGHT_FIELDS]
    )


def _pinned_name(plan: Plan) -> str:
    count = ngettext("%(num)s pin", "%(num)s pins", len(plan.pins))
    return _("%(plan)s (%(count)s)", plan=plan_name(plan), count=count)


def _suggested(house: Weights) -> dict[str, Any]:
    minutes = round(current_app.config["FOYER"].solver_seconds / 60) or 1
    values = {field.name: field.value_in(house) for field in WEIGHT_FIELDS}
    pins_from = request.args.get("pins_from", type=int)
    return {"presets": ["house"], "minutes": min(minutes, MOST_MINUTES), "pins_from": pins_from, **values}


def _make(cycle: Cycle, form: DraftsForm, house: Weights, plans: list[Plan]) -> Page:
    cycle_id = cycle.id
    parent = next((plan for plan in plans if plan.id == form.pins_from.data), None)
    try:
        made = drafting.make_drafts(
            cycle_id=cycle_id,
            actor_id=current_user.id,
            wanted=_wanted(form, house),
            pins=parent.pins if parent else (),
            parent_id=parent.id if parent else None,
            seconds=60.0 * (form.minutes.data or 1),
        )
        db.session.commit()
    except services.NotReady as error:
        lines = readiness_lines(error.items, cycle)
        db.session.rollback()
        flash(_("No plan can be made yet: %(reason)s", reason=lines[0].text), "danger")
        return redirect(url_for("cycles.show", cycle_id=cycle_id), 303)
    except services.CycleClosed:
        db.session.rollback()
        flash(_("This cycle is closed; nothing more is planned in it."), "danger")
        return redirect(url_for("cycles.drafts", cycle_id=cycle_id), 303)
    if not made:
        flash(_("These drafts are being made already; here they are."), "info")
    return redirect(url_for("cycles.drafts", cycle_id=cycle_id), 303)


def _wanted(form: DraftsForm, house: Weights) -> list[Wanted]:
    """Each ticked way of weighing with the draft's name."""
    own = {field.name: form[field.name].data for field in WEIGHT_FIELDS}
    chosen, given = form.presets.data or [], form.name.data or ""
    several, found = len(chosen) > 1, []
    for key in chosen:
        words = str(BY_KEY[key].name) if key != OWN else _("Own weights")
        name = f"{given}: {words}" if given and several else given or words
        found.append(Wanted(name, changed_weights(own, house) if key == OWN else BY_KEY[key].changed))
    return found


@pages.post("/<int:cycle_id>/drafts/cancel")
@allow(Role.MANAGER)
def cancel_drafts(cycle_id: int) -> Page:
    """Stop all that are being made, or one of them."""
    get_cycle(cycle_id)
    run_id = request.form.get("run", type=int)
    if run_id is None:
        drafting.cancel_runs(cycle_id=cycle_id)
    else:
        services.cancel_run(cycle_id=cycle_id, run_id=run_id)
    db.session.commit()
    return redirect(url_for("cycles.drafts", cycle_id=cycle_id), 303)


@pages.route("/<int:cycle_id>/plans/<int:plan_id>/name", methods=["GET", "POST"])
@allow(Role.MANAGER)
def name_plan(cycle_id: int, plan_id: int) -> Page:
    """Give a draft another name."""
    found = get_plan(plan_id, cycle_id)
    form = PlanNameForm(obj=found)
    if submitted(form, lambda: _rename(plan_id, form), RENAME_REFUSALS):
        return redirect(url_for("cycles.drafts", cycle_id=cycle_id), 303)
    saved = get_plan(plan_id, cycle_id)
    return form_page(
        "residences/record.html",
        form,
        lambda: PlanNameForm(obj=saved, formdata=None),
        heading=_("Name of plan %(number)s", number=saved.number),
        back=url_for("cycles.drafts", cycle_id=cycle_id),
        trail=[
            (_("Cycles"), url_for("cycles.index")),
            (cycle_name(saved.cycle), url_for("cycles.show", cycle_id=cycle_id)),
            (_("Drafts"), url_for("cycles.drafts", cycle_id=cycle_id)),
        ],
    )


def _rename(plan_id: int, form: PlanNameForm) -> Plan:
    return drafting.rename_plan(plan_id=plan_id, version=form.version.data, name=form.name.data or "")


@pages.post("/<int:cycle_id>/plans/<int:plan_id>/copy")
@allow(Role.MANAGER)
def copy_plan(cycle_id: int, plan_id: int) -> Page:
    """A draft of one's own from any plan, also the published one."""
    found = get_plan(plan_id, cycle_id)
    try:
        name = _("Copy of %(plan)s", plan=plan_name(found))
        made = drafting.copy_plan(plan_id=plan_id, actor_id=current_user.id, name=name)
        db.session.commit()
        flash(_("%(plan)s is a copy that you can change.", plan=plan_name(made)))
    except services.CycleClosed:
        db.session.rollback()
        flash(_("This cycle is closed; nothing more is planned in it."), "danger")
    return redirect(url_for("cycles.drafts", cycle_id=cycle_id), 303)
