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
from foyer.cycles.labels import cycle_name, plan_name
from foyer.cycles.models import Plan, PlanState
from foyer.cycles.planning import build_problem
from foyer.cycles.queries import get_plan, published_plan
from foyer.cycles.review import Review, load_review
from foyer.database import db
from foyer.errors import Stale
from foyer.scheduling.files import problem_hash, read_plan

Page = str | Response | tuple[str, int]


@pages.route("/<int:cycle_id>/plans/<int:plan_id>/publish", methods=["GET", "POST"])
@allow(Role.MANAGER)
def publish(cycle_id: int, plan_id: int) -> Page:
    """Ask, then publish."""
    plan = get_plan(plan_id, cycle_id)
    if request.method == "POST":
        return _publish(plan)
    if plan.state is not PlanState.DRAFT:
        return redirect(url_for("cycles.plan", cycle_id=cycle_id, plan_id=plan_id), 303)
    review = load_review(plan)
    return render_template(
        "cycles/publish.html",
        cycle=plan.cycle,
        plan=plan,
        review=review,
        question=_question(review),
        published=published_plan(cycle_id),
        is_outdated=_is_outdated(plan),
    )


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


def _is_outdated(plan: Plan) -> bool:
    """Whether the house's data are no longer those that the plan was made from."""
    return read_plan(plan.answer).problem_hash != problem_hash(build_problem(plan.cycle))


def _publish(plan: Plan) -> Page:
    cycle_id, plan_id = plan.cycle_id, plan.id
    try:
        services.publish_plan(
            plan_id=plan_id,
            version=request.form.get("version", type=int),
            replaces=request.form.get("replaces", type=int),
            actor_id=current_user.id,
            today=today(),
        )
        db.session.commit()
        flash(_("%(cycle)s is published. Residents and staff can see it now.", cycle=cycle_name(plan.cycle)))
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
