"""Making a draft the cycle's plan, or throwing it away: each asks first, naming what it is about."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.wrappers import Response

from foyer.accounts.access import allow
from foyer.accounts.models import Role
from foyer.cycles import approval, services
from foyer.cycles.blueprint import pages, today
from foyer.cycles.differences import Content, difference, load_contents
from foyer.cycles.forms import DecideForm, PublishForm
from foyer.cycles.labels import cycle_name, plan_name
from foyer.cycles.models import Cycle, Plan, PlanState
from foyer.cycles.moved_hours import absent_in_moved_hours, absent_lines
from foyer.cycles.publishing import decide_proposal, propose_plan, withdraw_proposal
from foyer.cycles.queries import get_plan, published_plan
from foyer.cycles.releases import PlanProposal, ProposalState
from foyer.cycles.standing import is_outdated
from foyer.cycles.version_words import Summary, Told, load_labels, summary_of, told_of
from foyer.database import db
from foyer.errors import FoyerError, Stale
from foyer.formatting import long_date, short_date

Page = str | Response | tuple[str, int]


@pages.route("/<int:cycle_id>/plans/<int:plan_id>/publish", methods=["GET", "POST"])
@allow(Role.MANAGER)
def publish(cycle_id: int, plan_id: int) -> Page:
    """Show what would change, ask, then publish; or propose it where the house wants a second person."""
    plan = get_plan(plan_id, cycle_id)
    published = published_plan(cycle_id)
    form = publish_form(plan, published)
    if request.method == "POST":
        return _publish(plan, form)
    if plan.state is not PlanState.DRAFT:
        return redirect(url_for("cycles.plan", cycle_id=cycle_id, plan_id=plan_id), 303)
    return _page(plan, form, published)


def publish_form(plan: Plan, published: Plan | None) -> PublishForm:
    """The form that asks from which day on a plan shall hold, in the place of what is published."""
    seen = {"version": plan.version, "replaces": published.id if published else None}
    suggested = {**seen, "from_on": services.suggested_day(plan, today())}
    form = PublishForm(data=suggested if request.method == "GET" else None)  # sent is what the person saw
    is_seen = request.method == "GET" or "from_on" in request.form
    if published is None or not is_seen:
        del form.from_on  # the first version holds for the whole cycle; a page that asked for no day saw none before
    return form


def _page(plan: Plan, form: PublishForm, published: Plan | None, decide: DecideForm | None = None) -> Page:
    contents = load_contents([plan.id, *([published.id] if published else [])])
    needs = approval.needs_approval(plan.residence_id)
    proposal = approval.last_proposal(plan.id) if needs else None
    page = render_template(
        "cycles/publish.html",
        cycle=plan.cycle,
        plan=plan,
        form=form,
        question=publish_question(plan.cycle, contents[plan.id]),
        published=published,
        changes=changes_between(plan, contents, published) if published else None,
        told=None if published else _told_at_first(plan, contents[plan.id]),
        unmet=len({unmet["resident"] for unmet in plan.unmet}),
        proposal=proposal,
        standing=_standing(plan, published, proposal) if needs else "free",
        decide=decide
        or (
            DecideForm(formdata=None, data={"version": proposal.version, "proposal": proposal.id}) if proposal else None
        ),
        others=approval.others_who_approve(plan.residence_id, current_user.id) if needs and not proposal else 1,
        day=max(proposal.from_on, today()) if proposal and proposal.from_on else None,
    )
    return page, 422 if form.errors or (decide and decide.errors) else 200


def _standing(plan: Plan, published: Plan | None, proposal: PlanProposal | None) -> str:
    """Where a draft stands that needs a second person: unproposed, mine, theirs, approved, returned or changed."""
    if proposal is None:
        return "unproposed"
    if proposal.state is ProposalState.RETURNED:
        return "returned"
    if not approval.holds(proposal, plan, published):
        return "changed"
    if proposal.state is ProposalState.APPROVED:
        return "approved"
    return "mine" if proposal.proposed_by_id == current_user.id else "theirs"


def changes_between(plan: Plan, contents: dict[int, Content], published: Plan) -> Summary:
    """What a plan changes of what is published, from the day on that is suggested or asked for."""
    first = services.suggested_day(plan, today())
    labels = load_labels(plan.cycle_id, plan.residence_id, first)
    return summary_of(difference(contents[published.id], contents[plan.id], first), labels)


def _told_at_first(plan: Plan, content: Content) -> Told:
    """Who sees the own part when a cycle's first plan is published, and who has no account to see it with."""
    labels = load_labels(plan.cycle_id, plan.residence_id, plan.cycle.starts_on)
    return told_of(map(str, content.placed), map(str, content.staff), labels)


def publish_question(cycle: Cycle, content: Content) -> str:
    """Publish Cycle I 2027 to 112 residents and 24 staff?"""
    residents = ngettext("%(num)s resident", "%(num)s residents", len(content.placed))
    staff = ngettext("%(num)s member of staff", "%(num)s staff", len(content.staff))
    return _(
        "Publish %(cycle)s to %(residents)s and %(staff)s?", cycle=cycle_name(cycle), residents=residents, staff=staff
    )


@pages.get("/<int:cycle_id>/plans/<int:plan_id>/publish/outdated")
@allow(Role.MANAGER)
def publish_outdated(cycle_id: int, plan_id: int) -> Page:
    """Whether the house's data are no longer those that the plan was made from, and which sessions move to hours in
    which their staff are away: a part of the page above."""
    plan = get_plan(plan_id, cycle_id)
    absent = absent_lines(absent_in_moved_hours(plan, services.suggested_day(plan, today())))
    return render_template("cycles/_outdated.html", is_outdated=is_outdated(plan), absent=absent)


def _publish(plan: Plan, form: PublishForm) -> Page:
    def act() -> str:
        services.publish_plan(**_asked(plan, form), actor_id=current_user.id, today=today())
        return published_words(plan)

    return _done(plan, form, act)


@pages.post("/<int:cycle_id>/plans/<int:plan_id>/propose")
@allow(Role.MANAGER)
def propose(cycle_id: int, plan_id: int) -> Page:
    """Hand a draft to a second person."""
    plan = get_plan(plan_id, cycle_id)
    form = publish_form(plan, published_plan(cycle_id))

    def act() -> str:
        note = form.note.data or ""
        propose_plan(**{"from_on": None, **_asked(plan, form)}, note=note, actor_id=current_user.id, today=today())
        return _("%(plan)s is proposed. Another manager finds it on the first page.", plan=plan_name(plan))

    return _done(plan, form, act, back="cycles.publish")


@pages.post("/<int:cycle_id>/plans/<int:plan_id>/withdraw")
@allow(Role.MANAGER)
def withdraw(cycle_id: int, plan_id: int) -> Page:
    """Take the own proposal back."""
    plan = get_plan(plan_id, cycle_id)
    back = url_for("cycles.publish", cycle_id=cycle_id, plan_id=plan_id)
    try:
        withdraw_proposal(plan_id=plan_id, actor_id=current_user.id)
        db.session.commit()
    except (FoyerError, StaleDataError) as error:
        return refused(error, back)
    flash(_("%(plan)s is no longer proposed.", plan=plan_name(plan)))
    return redirect(back, 303)


@pages.post("/<int:cycle_id>/plans/<int:plan_id>/decide")
@allow(Role.MANAGER)
def decide(cycle_id: int, plan_id: int) -> Page:
    """Approve a draft that somebody else proposed, or return it with a reason."""
    plan = get_plan(plan_id, cycle_id)
    form = DecideForm()
    if not form.validate():
        return _page(plan, _fresh_form(plan), published_plan(cycle_id), form)

    def act() -> str:
        decide_proposal(
            plan_id=plan_id,
            proposal_id=int(form.proposal.data or 0),
            version=form.version.data,
            approve=not form.send_back.data,
            reason=form.reason.data or "",
            actor_id=current_user.id,
        )
        if form.send_back.data:
            return _("%(plan)s is returned with your reason.", plan=plan_name(plan))
        return _("%(plan)s is approved. It can be published now.", plan=plan_name(plan))

    return _done(plan, _fresh_form(plan), act, back="cycles.publish", decide=form)


def _fresh_form(plan: Plan) -> PublishForm:
    """The publishing form beside another one that was sent."""
    published = published_plan(plan.cycle_id)
    form = PublishForm(formdata=None, data={"version": plan.version, "replaces": published.id if published else None})
    if published is None:
        del form.from_on
    return form


def _asked(plan: Plan, form: PublishForm) -> dict[str, Any]:
    """What the person saw and asked for, as the services take it."""
    asked = {"plan_id": plan.id, "version": form.version.data, "replaces": form.replaced_id}
    return asked | ({"from_on": form.from_on.data} if "from_on" in form else {})


def _done(
    plan: Plan, form: PublishForm, act: Any, *, back: str = "cycles.plan", decide: DecideForm | None = None
) -> Page:
    """Do it and commit, or say in words what stands against it. What was typed stays."""
    cycle_id, plan_id = plan.cycle_id, plan.id
    if decide is None and not form.validate():
        return _page(plan, form, published_plan(cycle_id))
    try:
        sentence = act()
        db.session.commit()
    except services.DayOutside as error:
        db.session.rollback()
        form.refuse(form.from_on if "from_on" in form else None, day_words(error))
        return _page(get_plan(plan_id, cycle_id), form, published_plan(cycle_id))
    except approval.ReasonMissing:
        db.session.rollback()
        assert decide is not None
        decide.refuse(decide.reason, _("Please say why, so that the draft can be changed."))
        return _page(get_plan(plan_id, cycle_id), form, published_plan(cycle_id), decide)
    except (FoyerError, StaleDataError) as error:
        return refused(error, url_for("cycles.plan", cycle_id=cycle_id, plan_id=plan_id))
    flash(sentence)
    return redirect(url_for(back, cycle_id=cycle_id, plan_id=plan_id), 303)


def published_words(plan: Plan) -> str:
    """That a plan holds now, and from when."""
    cycle = cycle_name(plan.cycle)
    if plan.from_on is None:
        return _("%(cycle)s is published. Residents and staff can see it now.", cycle=cycle)
    return _(
        "%(cycle)s is published and holds from %(day)s on. Residents and staff can see it now.",
        cycle=cycle,
        day=long_date(plan.from_on),
    )


def day_words(error: services.DayOutside) -> str:
    """From which days a version can hold."""
    if error.first > error.last:
        return _("This cycle is over, so no new version can begin in it.")
    return _(
        "A new version can begin on any day from %(first)s to %(last)s; days that are over stay as they were.",
        first=short_date(error.first),
        last=short_date(error.last),
    )


def refused(error: Exception, back: str) -> Response:
    """Back to a page with what stood against an act. Unknown errors are raised on."""
    db.session.rollback()
    sentences = {
        Stale: _("Somebody else published or changed something meanwhile. Please look again."),
        services.NotADraft: _("This plan is not a draft any more."),
        services.CycleClosed: _("This cycle is closed; nothing more is published in it."),
        services.PublishConflict: _(
            "Another plan was published in the same moment and holds beds that this one needs."
        ),
        approval.NotApproved: _("A second person has to approve this draft as it is now before it is published."),
        approval.OwnProposal: _("Nobody decides on the own proposal; another manager has to."),
    }
    kind = Stale if isinstance(error, StaleDataError) else type(error)
    if kind not in sentences:
        raise error
    flash(sentences[kind], "danger")
    return redirect(back, 303)


@pages.route("/<int:cycle_id>/plans/<int:plan_id>/discard", methods=["GET", "POST"])
@allow(Role.MANAGER)
def discard(cycle_id: int, plan_id: int) -> Page:
    """Ask, then throw a draft away."""
    plan = get_plan(plan_id, cycle_id)
    name = plan_name(plan)
    back = url_for("cycles.plan", cycle_id=cycle_id, plan_id=plan_id)
    if request.method == "GET":
        if plan.state is not PlanState.DRAFT:
            return redirect(back, 303)
        return render_template("cycles/discard.html", cycle=plan.cycle, plan=plan)
    try:
        services.discard_plan(plan_id=plan_id, version=request.form.get("version", type=int))
        db.session.commit()
    except (Stale, StaleDataError, services.NotADraft):
        return refused(services.NotADraft(), back)
    flash(_("%(plan)s has been thrown away.", plan=name))
    return redirect(url_for("cycles.show", cycle_id=cycle_id), 303)
