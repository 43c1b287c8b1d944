"""The resident's own pages, on a phone: my distance travelled, my answers, my plan, and agreeing to it."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from foyer.accounts.access import allow
from foyer.accounts.models import Role
from foyer.care import assessing
from foyer.care import rpi as services
from foyer.care.assessment_views import own_form, send_own
from foyer.care.forms import LEVEL_REFUSALS
from foyer.care.goal_views import find_step
from foyer.care.models import AgreementMethod, Doer, Party, RpiState, ServicePlan
from foyer.care.pages import Page, care
from foyer.care.plan_views import service_begins
from foyer.care.scale import SCALE
from foyer.caseload.desk import desk_here
from foyer.caseload.rights import Act, Part, file_for
from foyer.database import db
from foyer.editing import form_page, submitted
from foyer.errors import FoyerError, NotFound, Stale
from foyer.forms import VersionedForm
from foyer.residents.models import Resident


@care.get("/me/scores")
@allow(Role.RESIDENT)
def my_scores() -> str:
    """How far I have come: my own levels, and those of my counsellor once an assessment is finished."""
    me = _me(Part.ASSESSMENT)
    every = assessing.assessments_of(me.id)
    return render_template(
        "care/my_scores.html",
        assessments=every,
        tracks=assessing.tracks(every, worker_shown=False),
        scale=SCALE,
        asked=assessing.open_assessment_of(me.id),
    )


@care.route("/me/scores/answer", methods=["GET", "POST"])
@allow(Role.RESIDENT)
def my_answers() -> Page:
    """My own levels, in my words; to be sent again until my counsellor has finished."""
    me = _me(Part.ASSESSMENT, Act.WRITE)
    record = assessing.open_assessment_of(me.id)
    if record is None:
        return redirect(url_for("care.my_scores"), 303)
    form = own_form(record)
    if submitted(form, lambda: send_own(record, form), LEVEL_REFUSALS):
        flash(_("Thank you! Your counsellor will talk with you about it."), "good")
        if 1 in form.levels().values():
            flash(_("You said that something is very hard now. You need not wait: talk to somebody today."), "info")
        return redirect(url_for("care.my_scores"), 303)
    again = assessing.open_assessment_of(me.id) or record
    return form_page(
        "care/own_form.html",
        form,
        lambda: own_form(again, formdata=None),
        heading=_("How are you?"),
        back=url_for("care.my_scores"),
        is_together=False,
    )


@care.get("/me/plan")
@allow(Role.RESIDENT)
def my_plan() -> str:
    """My goals, my steps, what I am asked to agree to."""
    me = _me(Part.PLAN)
    return _my_plan(me, VersionedForm())


@care.post("/me/plan/<int:rpi_id>/agree")
@allow(Role.RESIDENT)
def i_agree(rpi_id: int) -> Page:
    """I agree to the draft as I saw it."""
    me = _me(Part.PLAN, Act.WRITE)
    plan = services.get_plan_version(me.id, rpi_id)
    today = desk_here().today
    form = VersionedForm()
    try:
        if form.validate_on_submit():
            services.agree(
                plan,
                Party.RESIDENT,
                method=AgreementMethod.SIGNED_IN,
                on=today,
                today=today,
                actor=current_user,
                version=form.version.data or 0,
            )
            service_begins(me, plan)
            db.session.commit()
            flash(_("You have agreed to your plan. Good luck with the first step!"), "good")
    except Stale:
        db.session.rollback()
        flash(_("Your plan was changed while you were reading. Please read it again before you agree."), "attention")
    except FoyerError:
        db.session.rollback()
        flash(_("This plan can no longer be agreed to here. Ask your counsellor."), "attention")
    return redirect(url_for("care.my_plan"), 303)


@care.post("/me/plan/steps/<int:step_id>/done")
@allow(Role.RESIDENT)
def my_step_done(step_id: int) -> Page:
    """A step that is mine is done."""
    me = _me(Part.PLAN, Act.WRITE)
    step = find_step(me.id, step_id)
    if step.doer is not Doer.RESIDENT:
        raise NotFound("step")
    today = desk_here().today
    try:
        services.do_step(step, on=today, today=today, actor=current_user)
        db.session.commit()
        flash(_("Well done! Your counsellor sees it."), "good")
    except FoyerError:
        db.session.rollback()
        flash(_("This step belongs to a plan that is no longer in force."), "attention")
    return redirect(url_for("care.my_plan"), 303)


def _my_plan(me: Resident, form: VersionedForm) -> str:
    plans = [plan for plan in services.plans_of(me.id) if plan.state in (RpiState.DRAFT, RpiState.AGREED)]
    asked = next((plan for plan in plans if _asks_me(plan)), None)
    if asked is not None:
        form.version.data = asked.version
    return render_template(
        "care/my_plan.html",
        asked=asked,
        in_force=next((plan for plan in plans if plan.state is RpiState.AGREED), None),
        form=form,
        desk=desk_here(),
        agreements=services.agreements_now,
    )


def _asks_me(plan: ServicePlan) -> bool:
    """Drafts are the counsellor's until they have something to agree to and the counsellor stands behind them."""
    agreed = services.agreements_now(plan)
    return plan.state is RpiState.DRAFT and Party.COUNSELLOR in agreed and Party.RESIDENT not in agreed


def _me(part: Part, act: Act = Act.READ) -> Resident:
    """The file of whoever is signed in. Raises NotFound for an account that is nobody's."""
    resident_id = assessing.resident_id_of(current_user)
    if resident_id is None:
        raise NotFound("resident")
    return file_for(desk_here(), resident_id, part, act)
