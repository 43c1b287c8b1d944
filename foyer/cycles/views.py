"""The house's cycles: the list, a new one, and the page of one with what it still needs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from flask import Flask, abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from foyer.accounts.access import allow
from foyer.accounts.models import Role
from foyer.cycles import services
from foyer.cycles.balance import balance_of
from foyer.cycles.balance_words import balance_lines
from foyer.cycles.blueprint import WORDS, pages, today
from foyer.cycles.copying import Copied, copy_cycle, last_cycle, preview
from foyer.cycles.copying_words import copied_words
from foyer.cycles.forms import CycleForm
from foyer.cycles.happened import happened
from foyer.cycles.labels import cycle_name
from foyer.cycles.models import Cycle, CycleState, Plan, PlanState
from foyer.cycles.news import run_news
from foyer.cycles.queries import (
    PLAN_JOB,
    count_enrolled_by_cycle,
    find_live_run,
    first_choices_by_plan,
    get_cycle,
    list_cycles,
    list_plans,
    list_runs_of_cycle,
    sleepers_after,
)
from foyer.cycles.readiness import Readiness, assess
from foyer.cycles.repairs import REPAIR_JOB
from foyer.cycles.sentences import Names, readiness_lines, shortage_lines
from foyer.cycles.steps import steps_of
from foyer.cycles.ways import WAYS_JOB
from foyer.cycles.wish_queries import WishCount
from foyer.cycles.wish_words import asked_words, count_words
from foyer.database import db
from foyer.jobs.registry import register
from foyer.residences.services import count_sleepers_with

Page = str | Response | tuple[str, int]


@pages.get("")
@allow(Role.MANAGER)
def index() -> Page:
    """The house's cycles, newest first."""
    return render_template(
        "cycles/index.html",
        cycles=list_cycles(g.residence_id),
        enrolled=count_enrolled_by_cycle(g.residence_id),
        today=today(),
    )


@pages.route("/new", methods=["GET", "POST"])
@allow(Role.MANAGER)
def new() -> Page:
    """Set up a cycle, on wish as a copy of the last one. With dates in the address: what a copy into them brings."""
    last = last_cycle(g.residence_id)
    form = CycleForm(last=cycle_name(last) if last else "", **_suggestion())
    if form.validate_on_submit():
        try:
            return _set_up(form)
        except services.NotAMonday:
            form.refuse(form.starts_on, _("“First day” must be a Monday."))
        except services.CycleExists:
            form.refuse(form.number, _("The house already has a cycle of this year and number."))
        except services.CyclesOverlap as error:
            form.refuse(form.starts_on, _("These weeks run into %(cycle)s.", cycle=cycle_name(error.cycle)))
        db.session.rollback()
        last = last_cycle(g.residence_id)
    copy = _preview(last, form) if last else None
    page = render_template("cycles/new.html", form=form, last=last, copy=copy)
    return page, 422 if form.errors else 200


def _set_up(form: CycleForm) -> Response:
    cycle = services.create_cycle(
        residence_id=g.residence_id,
        year=form.year.data or 0,
        number=form.number.data or 0,
        starts_on=form.starts_on.data,  # type: ignore[arg-type]
        weeks=form.weeks.data or 0,
    )
    source = last_cycle(g.residence_id, before=cycle.starts_on) if form.copies and form.copies.data else None
    copied = copy_cycle(source=source, target=cycle, today=today()) if source else None
    db.session.commit()
    flash(_("%(cycle)s is set up, with the public holidays of its weeks.", cycle=cycle_name(cycle)))
    if copied is not None:
        flash(copied_words(copied))
    return redirect(url_for("cycles.show", cycle_id=cycle.id), 303)


@pages.post("/<int:cycle_id>/copy")
@allow(Role.MANAGER)
def copy(cycle_id: int) -> Page:
    """Fill a cycle that is there already from the one before it."""
    cycle = get_cycle(cycle_id)
    source = last_cycle(cycle.residence_id, before=cycle.starts_on)
    if source is None:
        abort(404)
    copied = copy_cycle(source=source, target=cycle, today=today())
    db.session.commit()
    flash(copied_words(copied))
    return redirect(url_for("cycles.groups", cycle_id=cycle_id), 303)


def _preview(last: Cycle, form: CycleForm) -> Copied | None:
    """What a copy brings into the dates asked for, or suggested; none where they make no cycle."""
    asked = request.args if request.method == "GET" else request.form
    starts_on = asked.get("starts_on", form.starts_on.data, type=date.fromisoformat)
    weeks = asked.get("weeks", form.weeks.data, type=int)
    if starts_on is None or weeks is None or not 1 <= weeks <= services.MOST_WEEKS:
        return None
    return preview(last, starts_on=starts_on, ends_on=starts_on + timedelta(weeks=weeks))


def _suggestion() -> dict[str, object]:
    """The next cycle: from the Monday after the last one ends, or the Monday after today."""
    cycles = list_cycles(g.residence_id)
    after = cycles[0].ends_on if cycles else today()
    start = after + timedelta(days=-after.weekday() % 7)
    numbers = [cycle.number for cycle in cycles if cycle.year == start.year]
    return {"year": start.year, "number": max(numbers, default=0) + 1, "starts_on": start}


@pages.get("/<int:cycle_id>")
@allow(Role.MANAGER)
def show(cycle_id: int) -> Page:
    """A cycle: its steps, what is missing for a plan, its drafts, and the one act that comes next."""
    cycle = get_cycle(cycle_id)
    readiness = assess(cycle)
    plans = list_plans(cycle.id)
    run = find_live_run(cycle.id)
    lines = shortage_lines(readiness.shortages, Names(readiness.facts)) + readiness_lines(readiness.items, cycle)
    return render_template(
        "cycles/show.html",
        cycle=cycle,
        readiness=readiness,
        blocking=[line for line in lines if line.is_blocking],
        advice=[line for line in lines if not line.is_blocking],
        plans=plans,
        first_choices=first_choices_by_plan(cycle.id),
        run=run,
        last_run=_failed_since(cycle),
        steps=steps_of(readiness, plans, run, today()),
        wishes_words=_wishes_words(readiness),
        balance=balance_lines(balance_of(readiness), cycle) if readiness.facts.enrolments else [],
        today=today(),
        **_repair(plans, readiness),
    )


def _repair(plans: Sequence[Plan], readiness: Readiness) -> dict[str, object]:
    """What the published plan does not know, while its cycle is not over."""
    cycle, day = readiness.facts.cycle, today()
    published = next((plan for plan in plans if plan.state is PlanState.PUBLISHED), None)
    if published is None or cycle.state is CycleState.CLOSED or day >= cycle.ends_on:
        return {"is_repairable": False}
    return {"is_repairable": True, "happenings": happened(published, readiness.facts, day)}


def _wishes_words(readiness: Readiness) -> str:
    """When wishes are asked and how many have chosen."""
    people, asked = readiness.facts.enrolments, readiness.facts.collection
    count = WishCount(sum(bool(enrolment.choices) for enrolment in people), len(people))
    return f"{asked_words(asked, count, today())} {count_words(count)}"


def _failed_since(cycle: Cycle) -> object | None:
    """The newest run, if it ended without a draft."""
    last = next(iter(list_runs_of_cycle(cycle.id, most=1)), None)
    return last if last is not None and not last.is_live and not last.result.get("plan_id") else None


def init_pages(app: Flask) -> None:
    """Register the pages of this package, and the job that plans a cycle; only the worker loads the solver."""
    from foyer.cycles import (  # noqa: F401
        ask_views,
        board_views,
        change_views,
        compare_views,
        draft_views,
        group_views,
        news_views,
        plan_views,
        print_views,
        publish_views,
        recommend_views,
        repair_run_views,
        repair_views,
        roll_views,
        run_views,
        session_views,
        swap_views,
        version_views,
        ways_views,
        weight_views,
        why_views,
        wish_views,
    )

    app.register_blueprint(pages)
    app.jinja_env.globals.update(WORDS)
    app.jinja_env.globals["run_news"] = run_news
    count_sleepers_with(sleepers_after)
    register(PLAN_JOB, "foyer.cycles.jobs:plan_cycle")
    register(WAYS_JOB, "foyer.cycles.ways_job:find_ways")
    register(REPAIR_JOB, "foyer.cycles.repair_jobs:repair_cycle")
