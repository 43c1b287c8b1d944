"""Making a draft the cycle's plan, or throwing it away: each asks first, naming what it is about."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.wrappers import Response

from foyer.accounts.access import allow
from foyer.accounts.models import Role
from foyer.cycles import services
from foyer.cycles.blueprint import pages, today
from foyer.cycles.forms import PublishForm
from foyer.cycles.labels import cycle_name, plan_name
from foyer.cycles.models import Plan, PlanState
from foyer.cycles.queries import get_plan, published_plan
from foyer.cycles.review import Review, load_review
from foyer.cycles.standing import is_outdated
from foyer.database import db
from foyer.errors import Stale
from foyer.formatting import long_date, short_date

Page = str | Response | tuple[str, int]


@pages.route("/<int:cycle_id>/plans/<int:plan_id>/publish", methods=["GET", "POST"])
@allow(Role.MANAGER)
def publish(cycle_id: int, plan_id: int) -> Page:
    """Ask, then publish."""
    plan = get_plan(plan_id, cycle_id)
    published = published_plan(cycle_id)
    form = _form(plan, published)
    if request.method == "POST":
        return _publish(plan, form)
    if plan.state is not PlanState.DRAFT:
        return redirect(url_for("cycles.plan", cycle_id=cycle_id, plan_id=plan_id), 303)
    return _page(plan, form)


def _form(plan: Plan, published: Plan | None) -> PublishForm:
    seen = {"version": plan.version, "replaces": published.id if published else None}
    suggested = {**seen, "from_on": services.suggested_day(plan, today())}
    form = PublishForm(data=suggested if request.method == "GET" else None)  # sent is what the person saw
    is_seen = request.method == "GET" or "from_on" in request.form
    if published is None or not is_seen:
        del form.from_on  # the first version holds for the whole cycle; a page that asked for no day saw none before
    return form


def _page(plan: Plan, form: PublishForm) -> Page:
    review = load_review(plan)
    page = render_template(
        "cycles/publish.html",
        cycle=plan.cycle,
        plan=plan,
        form=form,
        review=review,
        question=_question(review),
        published=published_plan(plan.cycle_id),
        is_outdated=is_outdated(plan),
    )
    return page, 422 if form.errors else 200


def _question(review: Review) -> str:
    people = [p for p in review.people if p.vocational or p.lodging or p.counsellor]
    residents = ngettext("%(num)s resident", "%(num)s residents", len(people))
    staff = ngettext("%(num)s member of staff", "%(num)s staff", len(review.staff_ids))
    return _(
        "Publish %(cycle)s to %(residents)s and %(staff)s?",
        cycle=cycle_name(review.cycle),
        residents=residents,
        staff=staff,
    )


def _publish(plan: Plan, form: PublishForm) -> Page:
    cycle_id, plan_id = plan.cycle_id, plan.id
    if not form.validate():
        return _page(plan, form)
    try:
        services.publish_plan(
            plan_id=plan_id,
            version=form.version.data,
            replaces=form.replaced_id,
            actor_id=current_user.id,
            today=today(),
            from_on=form.from_on.data if "from_on" in form else None,
        )
        db.session.commit()
        flash(_published_words(plan))
    except services.DayOutside as error:
        db.session.rollback()
        form.refuse(form.from_on, _day_words(error))
        return _page(get_plan(plan_id, cycle_id), form)
    except (Stale, StaleDataError):
        return _refused(
            cycle_id, plan_id, _("Somebody else published or changed something meanwhile. Please look again.")
        )
    except services.NotADraft:
        return _refused(cycle_id, plan_id, _("This plan is not a draft any more."))
    except services.CycleClosed:
        return _refused(cycle_id, plan_id, _("This cycle is closed; nothing more is published in it."))
    except services.PublishConflict:
        return _refused(
            cycle_id, plan_id, _("Another plan was published in the same moment and holds beds that this one needs.")
        )
    return redirect(url_for("cycles.plan", cycle_id=cycle_id, plan_id=plan_id), 303)


def _published_words(plan: Plan) -> str:
    cycle = cycle_name(plan.cycle)
    if plan.from_on is None:
        return _("%(cycle)s is published. Residents and staff can see it now.", cycle=cycle)
    return _(
        "%(cycle)s is published and holds from %(day)s on. Residents and staff can see it now.",
        cycle=cycle,
        day=long_date(plan.from_on),
    )


def _day_words(error: services.DayOutside) -> str:
    if error.first > error.last:
        return _("This cycle is over, so no new version can begin in it.")
    return _(
        "A new version can begin on any day from %(first)s to %(last)s; days that are over stay as they were.",
        first=short_date(error.first),
        last=short_date(error.last),
    )


def _refused(cycle_id: int, plan_id: int, sentence: str) -> Page:
    db.session.rollback()
    flash(sentence, "danger")
    return redirect(url_for("cycles.plan", cycle_id=cycle_id, plan_id=plan_id), 303)


@pages.route("/<int:cycle_id>/plans/<int:plan_id>/discard", methods=["GET", "POST"])
@allow(Role.MANAGER)
def discard(cycle_id: int, plan_id: int) -> Page:
    """Ask, then throw a draft away."""
    plan = get_plan(plan_id, cycle_id)
    name = plan_name(plan)
    if request.method == "GET":
        if plan.state is not PlanState.DRAFT:
            return redirect(url_for("cycles.plan", cycle_id=cycle_id, plan_id=plan_id), 303)
        return render_template("cycles/discard.html", cycle=plan.cycle, plan=plan)
    try:
        services.discard_plan(plan_id=plan_id, version=request.form.get("version", type=int))
        db.session.commit()
    except (Stale, StaleDataError, services.NotADraft):
        return _refused(cycle_id, plan_id, _("This plan is not a draft any more."))
    flash(_("%(plan)s has been thrown away.", plan=name))
    return redirect(url_for("cycles.show", cycle_id=cycle_id), 303)
