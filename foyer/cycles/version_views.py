"""The published versions of a cycle's plan: when each held, who published it, what it changed; going back to one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.wrappers import Response

from foyer.accounts.access import allow
from foyer.accounts.models import Role
from foyer.cycles import approval, services
from foyer.cycles.approval import people_behind
from foyer.cycles.blueprint import house, pages, today
from foyer.cycles.differences import difference, load_contents
from foyer.cycles.forms import PublishForm
from foyer.cycles.labels import plan_name
from foyer.cycles.models import Plan, PlanState
from foyer.cycles.publish_views import changes_between, day_words, publish_form, published_words, refused
from foyer.cycles.publishing import copy_version, propose_plan
from foyer.cycles.queries import get_cycle, get_plan, published_plan
from foyer.cycles.version_words import Summary, load_labels, summary_of
from foyer.cycles.versions import Span, Versions, versions_of
from foyer.database import db
from foyer.errors import FoyerError

Page = str | Response | tuple[str, int]


@dataclass(frozen=True)
class VersionRow:
    """A version as the page lists it. ``changes``: of the one before; None for the first."""

    plan: Plan
    span: Span | None
    changes: Summary | None
    published_by: str
    approved_by: str


@pages.get("/<int:cycle_id>/versions")
@allow(Role.MANAGER)
def versions(cycle_id: int) -> Page:
    """Every published version, newest first; whom the changes of one concern (``of``, its plan) is listed by name."""
    cycle = get_cycle(cycle_id)
    found = versions_of(cycle_id)
    rows = _rows(found) if found else []
    wanted = request.args.get("of", type=int) or (rows[0].plan.id if rows else None)
    return render_template(
        "cycles/versions.html", cycle=cycle, rows=rows, wanted=wanted, today=today(), zone=house().time_zone
    )


def _rows(found: Versions) -> list[VersionRow]:
    contents = load_contents(plan.id for plan in found.plans)
    labels = load_labels(found.cycle.id, found.residence_id, found.cycle.starts_on)
    people = people_behind([plan.id for plan in found.plans])
    rows = []
    for n, plan in enumerate(found.plans):
        first = plan.from_on or found.cycle.starts_on
        before = contents[found.plans[n - 1].id] if n else None
        changes = summary_of(difference(before, contents[plan.id], first), labels) if before else None
        by, approver = (people.get((what, plan.id), "") for what in ("published", "approved"))
        rows.append(VersionRow(plan, found.span_of(plan), changes, by, approver))
    return rows[::-1]


@pages.route("/<int:cycle_id>/versions/<int:plan_id>/restore", methods=["GET", "POST"])
@allow(Role.MANAGER)
def restore(cycle_id: int, plan_id: int) -> Page:
    """Show what going back to a version changes, ask, then publish it again as a new version; or propose that."""
    plan, published = get_plan(plan_id, cycle_id), published_plan(cycle_id)
    if plan.state is PlanState.DRAFT or published is None:
        return redirect(url_for("cycles.versions", cycle_id=cycle_id), 303)
    form = publish_form(plan, published)
    if request.method == "GET":
        form.from_on.data = max(today(), plan.cycle.starts_on)
        return _restore_page(plan, published, form)
    if not form.validate() or "from_on" not in form:
        return _restore_page(plan, published, form)
    return _restore(plan, form)


def _restore_page(plan: Plan, published: Plan, form: PublishForm) -> Page:
    contents = load_contents([plan.id, published.id])
    page = render_template(
        "cycles/restore.html",
        cycle=plan.cycle,
        plan=plan,
        published=published,
        form=form,
        changes=changes_between(plan, contents, published),
        needs_approval=approval.needs_approval(plan.residence_id),
    )
    return page, 422 if form.errors else 200


def _restore(plan: Plan, form: PublishForm) -> Page:
    cycle_id, plan_id = plan.cycle_id, plan.id
    back = url_for("cycles.versions", cycle_id=cycle_id)
    try:
        copy = copy_version(plan_id, current_user.id)
        asked: dict[str, Any] = {
            "plan_id": copy.id,
            "version": None,
            "replaces": form.replaced_id,
            "from_on": form.from_on.data,
        }
        if approval.needs_approval(plan.residence_id):
            propose_plan(**asked, note=form.note.data or "", actor_id=current_user.id, today=today())
            sentence = _("%(plan)s is proposed. Another manager finds it on the first page.", plan=plan_name(copy))
            back = url_for("cycles.publish", cycle_id=cycle_id, plan_id=copy.id)
        else:
            services.publish_plan(**asked, actor_id=current_user.id, today=today())
            sentence = published_words(copy)
        db.session.commit()
    except services.DayOutside as error:
        db.session.rollback()
        form.refuse(form.from_on, day_words(error))
        return _restore_page(get_plan(plan_id, cycle_id), published_plan(cycle_id) or plan, form)
    except (FoyerError, StaleDataError) as error:
        return refused(error, back)
    flash(sentence)
    return redirect(back, 303)
