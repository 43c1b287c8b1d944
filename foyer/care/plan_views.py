"""The individual plan (RPI) of a resident: its versions, who agreed, and its reviews."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from foyer.care import reviewing
from foyer.care import rpi as services
from foyer.care.forms import (
    AGREE_REFUSALS,
    PAPER_REFUSALS,
    PLAN_REFUSALS,
    REVIEW_REFUSALS,
    AgreeForm,
    PaperForm,
    PutOffForm,
    ReasonForm,
    ReviewForm,
    StrengthsForm,
)
from foyer.care.models import AgreementMethod, Party, ReviewResult, RpiState, ServicePlan
from foyer.care.pages import Page, care, edited, opened, stay_here
from foyer.care.rules import next_review, plan_due, rules_of
from foyer.caseload.desk import desk_here
from foyer.caseload.models import ServiceStage
from foyer.caseload.rights import Act, Part, may, rights_of
from foyer.caseload.sections import file_context, stay_that_counts
from foyer.caseload.stages import reach
from foyer.database import db
from foyer.residents.models import Resident
from foyer.residents.person_labels import proof_choices
from foyer.words import words


@care.get("/residents/<int:resident_id>/plan")
@may(Part.PLAN)
def rpi(resident_id: int) -> str:
    """The plan in force and the draft, if there is one; earlier versions below."""
    return _plan_page(resident_id)


@care.get("/residents/<int:resident_id>/plan/versions/<int:rpi_id>")
@may(Part.PLAN)
def rpi_version(resident_id: int, rpi_id: int) -> str:
    """An earlier version, as it was."""
    return _plan_page(resident_id, rpi_id)


def _plan_page(resident_id: int, rpi_id: int | None = None) -> str:
    desk = desk_here()
    found = opened(resident_id, Part.PLAN)
    every = services.plans_of(resident_id)
    stay = stay_that_counts(found, desk)
    current = [plan for plan in every if stay and plan.stay_id == stay.id]
    shown = _shown(current, every, rpi_id)
    reviews = reviewing.reviews_of([plan.id for plan in every])
    rules = rules_of(desk.residence.id)
    in_force = next((plan for plan in current if plan.state is RpiState.AGREED), None)
    return render_template(
        "care/plan.html",
        **file_context(desk, found, "rpi"),
        plans=every,
        shown=shown,
        reviews=reviews,
        review_due=next_review(in_force, [r for r in reviews if r.plan_id == in_force.id], rules) if in_force else None,
        plan_due=plan_due(stay, rules) if stay else None,
        agreements=services.agreements_now,
        parties=list(Party),
        may_write=Act.WRITE in rights_of(desk, resident_id, Part.PLAN),
    )


def _shown(current: Sequence[ServicePlan], every: Sequence[ServicePlan], rpi_id: int | None) -> list[ServicePlan]:
    """The draft and the plan in force; else the one asked for. Raises NotFound."""
    if rpi_id is None:
        live = [plan for plan in current if plan.state in (RpiState.DRAFT, RpiState.AGREED)]
        return live or list(current[:1])
    chosen = [plan for plan in every if plan.id == rpi_id]
    if not chosen:
        raise services.NotFound("service plan")
    return chosen


@care.route("/residents/<int:resident_id>/plan/new", methods=["GET", "POST"])
@may(Part.PLAN, Act.WRITE)
def new_plan(resident_id: int) -> Page:
    """Begin a plan with what the resident can build on."""
    desk = desk_here()
    found = opened(resident_id, Part.PLAN, Act.WRITE)
    stay = stay_here(found)
    form = StrengthsForm()

    def act() -> None:
        services.begin_plan(stay, strengths=form.strengths.data, on=desk.today, actor=current_user)
        reach(found, ServiceStage.PLANNING, on=desk.today, stay=stay)

    return edited(
        resident_id,
        form,
        act,
        refusals=PLAN_REFUSALS,
        heading=_("Individual plan (RPI)"),
        back=_plan(resident_id),
        said=_("The draft is begun. Now add goals, together with the resident."),
    )


@care.route("/residents/<int:resident_id>/plan/<int:rpi_id>/strengths", methods=["GET", "POST"])
@may(Part.PLAN, Act.WRITE)
def strengths(resident_id: int, rpi_id: int) -> Page:
    opened(resident_id, Part.PLAN, Act.WRITE)
    plan = services.get_plan_version(resident_id, rpi_id)
    form = StrengthsForm(obj=plan)
    return edited(
        resident_id,
        form,
        lambda: services.change_strengths(plan, form.strengths.data, version=form.version.data),
        refusals=PLAN_REFUSALS,
        heading=_("What the resident can build on"),
        back=_plan(resident_id),
        said=_("Saved."),
        current=lambda: StrengthsForm(formdata=None, obj=services.get_plan_version(resident_id, rpi_id)),
    )


@care.route("/residents/<int:resident_id>/plan/<int:rpi_id>/revise", methods=["GET", "POST"])
@may(Part.PLAN, Act.WRITE)
def revise(resident_id: int, rpi_id: int) -> Page:
    """A new version, as a copy of the plan in force to be changed."""
    opened(resident_id, Part.PLAN, Act.WRITE)
    plan = services.get_plan_version(resident_id, rpi_id)
    form = ReasonForm()
    return edited(
        resident_id,
        form,
        lambda: services.new_version(plan, reason=form["reason"].data, on=desk_here().today, actor=current_user),
        refusals=PLAN_REFUSALS,
        heading=_("A new version of the plan"),
        back=_plan(resident_id),
        said=_("The new version is a draft. The plan in force holds until both sides agree to it."),
        intro=_("Goals, steps and progress are copied; then you change what is to change."),
        submit=_("Make the new version"),
    )


@care.route("/residents/<int:resident_id>/plan/<int:rpi_id>/agree", methods=["GET", "POST"])
@may(Part.PLAN, Act.WRITE)
def agree(resident_id: int, rpi_id: int) -> Page:
    """Write down that one side agrees: the counsellor, the resident on paper or by word, a guardian."""
    desk = desk_here()
    found = opened(resident_id, Part.PLAN, Act.WRITE)
    plan = services.get_plan_version(resident_id, rpi_id)
    form = _agree_form(plan, desk.today)

    def act() -> None:
        services.agree(
            plan,
            form.party.data,
            method=form.method.data,
            on=form["agreed_on"].data,
            today=desk.today,
            actor=current_user,
            words=form["words"].data,
            proof_id=form.proof_id.data,
            version=form.version.data,
        )
        service_begins(found, plan)

    return edited(
        resident_id,
        form,
        act,
        refusals=AGREE_REFUSALS,
        heading=_("Agreement to the plan"),
        back=_plan(resident_id),
        said=_("The agreement is written down."),
        current=lambda: _agree_form(services.get_plan_version(resident_id, rpi_id), desk.today, formdata=None),
        intro=_("The plan is in force once the resident and the counsellor have both agreed."),
    )


@care.route(
    "/residents/<int:resident_id>/plan/<int:rpi_id>/<any(resident, counsellor, guardian):party>/paper",
    methods=["GET", "POST"],
)
@may(Part.PLAN, Act.WRITE)
def agreement_paper(resident_id: int, rpi_id: int, party: str) -> Page:
    """Tie the signed sheet to an agreement that was written down before the sheet was among the documents."""
    opened(resident_id, Part.PLAN, Act.WRITE)
    plan = services.get_plan_version(resident_id, rpi_id)
    side = Party(party)
    agreement = services.agreements_now(plan).get(side)
    if agreement is None:
        flash(_("This side has not agreed to this version, so there is nothing to prove."), "info")
        return redirect(_plan(resident_id), 303)
    form = PaperForm(obj=agreement, proofs=proof_choices(resident_id))
    return edited(
        resident_id,
        form,
        lambda: services.tie_paper(plan, side, form.proof_id.data),
        refusals=PAPER_REFUSALS,
        heading=_("Signed sheet: %(party)s", party=words(side)),
        back=_plan(resident_id),
        said=_("Saved."),
        intro=_("Photograph the signed sheet and put it in under Documents first; then it can be chosen here."),
    )


def service_begins(resident: Resident, plan: ServicePlan) -> None:
    """With an agreed plan the resident is in the stage of service."""
    if plan.state is RpiState.AGREED and plan.agreed_on:
        stay = next((stay for stay in resident.stays if stay.id == plan.stay_id), None)
        reach(resident, ServiceStage.PLANNING, on=plan.made_on, stay=stay)
        reach(resident, ServiceStage.SERVICE, on=plan.agreed_on, stay=stay)


@care.post("/residents/<int:resident_id>/plan/<int:rpi_id>/open")
@may(Part.PLAN, Act.WRITE)
def open_again(resident_id: int, rpi_id: int) -> Page:
    """Take a draft back to change it; whoever agreed is asked again."""
    opened(resident_id, Part.PLAN, Act.WRITE)
    plan = services.get_plan_version(resident_id, rpi_id)
    try:
        services.open_again(plan, on=desk_here().today)
        db.session.commit()
        flash(_("The draft is open for changes. Whoever agreed is asked again."), "good")
    except services.NotADraft:
        flash(_("This version is agreed. Make a new version to change goals and steps."), "attention")
    return redirect(_plan(resident_id), 303)


@care.route("/residents/<int:resident_id>/plan/<int:rpi_id>/review", methods=["GET", "POST"])
@may(Part.PLAN, Act.WRITE)
def review(resident_id: int, rpi_id: int) -> Page:
    """A review was held."""
    desk = desk_here()
    opened(resident_id, Part.PLAN, Act.WRITE)
    plan = services.get_plan_version(resident_id, rpi_id)
    form = ReviewForm(data={"held_on": desk.today})

    def act() -> None:
        reviewing.hold_review(
            plan,
            on=form["held_on"].data,
            today=desk.today,
            result=form.result.data,
            summary=form["summary"].data,
            actor=current_user,
        )

    def onward() -> str:
        if form.result.data is ReviewResult.CHANGE:
            return url_for("care.revise", resident_id=resident_id, rpi_id=rpi_id)
        return _plan(resident_id)

    return edited(
        resident_id,
        form,
        act,
        refusals=REVIEW_REFUSALS,
        heading=_("Review of the plan"),
        back=_plan(resident_id),
        said=_("The review is written down."),
        to=onward,
    )


@care.route("/residents/<int:resident_id>/plan/<int:rpi_id>/put-off", methods=["GET", "POST"])
@may(Part.PLAN, Act.WRITE)
def put_off(resident_id: int, rpi_id: int) -> Page:
    """A reasoned exemption: this one review is due later."""
    desk = desk_here()
    opened(resident_id, Part.PLAN, Act.WRITE)
    plan = services.get_plan_version(resident_id, rpi_id)
    form = PutOffForm()
    return edited(
        resident_id,
        form,
        lambda: reviewing.put_off(
            plan, to=form["put_off_to"].data, today=desk.today, reason=form["reason"].data, actor=current_user
        ),
        refusals=REVIEW_REFUSALS,
        heading=_("Put the review off"),
        back=_plan(resident_id),
        said=_("The new date stands among what is due, with its reason."),
    )


def _agree_form(plan: ServicePlan, today: date, **options: Any) -> AgreeForm:
    missing = [party for party in Party if party not in services.agreements_now(plan)]
    first = {"party": missing[0] if missing else None, "method": AgreementMethod.ON_PAPER}
    if Party.COUNSELLOR in missing:
        first = {"party": Party.COUNSELLOR, "method": AgreementMethod.SIGNED_IN}
    data = {**first, "agreed_on": today, "version": plan.version}
    return AgreeForm(data=data, missing=missing, proofs=proof_choices(plan.resident_id), **options)


def _plan(resident_id: int) -> str:
    return url_for("care.rpi", resident_id=resident_id)


def in_weeks(today: date, weeks: int) -> date:
    """A day so many weeks ahead, to begin a form with."""
    return today + timedelta(weeks=weeks)
