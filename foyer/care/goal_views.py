"""Goals and steps of an individual plan."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select

from foyer.care import rpi as services
from foyer.care.forms import PLAN_REFUSALS, CloseGoalForm, DropStepForm, GoalForm, StepForm
from foyer.care.models import Domain, GoalState, ServiceGoal, ServiceStep
from foyer.care.pages import Page, care, edited, opened
from foyer.care.plan_views import in_weeks
from foyer.caseload.desk import desk_here
from foyer.caseload.rights import Act, Part, may
from foyer.database import db
from foyer.errors import FoyerError, NotFound
from foyer.residences.models import Staff
from foyer.words import words

GOAL_FIELDS = ("domain", "title", "measure", "target_level", "due_on")
STEP_FIELDS = ("title", "doer", "staff_id", "due_on")


@care.route("/residents/<int:resident_id>/plan/<int:rpi_id>/goals/new", methods=["GET", "POST"])
@may(Part.PLAN, Act.WRITE)
def new_goal(resident_id: int, rpi_id: int) -> Page:
    """A goal of a draft; ``domain`` in the address names the part of life that it comes from."""
    opened(resident_id, Part.PLAN, Act.WRITE)
    plan = services.get_plan_version(resident_id, rpi_id)
    asked = request.args.get("domain", "")
    domain = Domain(asked) if asked in set(Domain) else Domain.PHYSICAL
    form = GoalForm(data={"due_on": in_weeks(desk_here().today, 12), "domain": domain})
    made: list[int] = []
    return edited(
        resident_id,
        form,
        lambda: made.append(services.add_goal(plan, _values(form, GOAL_FIELDS)).id),
        refusals=PLAN_REFUSALS,
        heading=_("New goal"),
        back=_plan(resident_id),
        said=_("The goal is in the draft. Now the first step."),
        to=lambda: url_for("care.new_step", resident_id=resident_id, goal_id=made[0]),
    )


@care.route("/residents/<int:resident_id>/goals/<int:goal_id>", methods=["GET", "POST"])
@may(Part.PLAN, Act.WRITE)
def goal(resident_id: int, goal_id: int) -> Page:
    """Change a goal of a draft."""
    opened(resident_id, Part.PLAN, Act.WRITE)
    record = _goal(resident_id, goal_id)
    form = GoalForm(obj=record)
    return edited(
        resident_id,
        form,
        lambda: services.change_goal(record, _values(form, GOAL_FIELDS), version=form.version.data),
        refusals=PLAN_REFUSALS,
        heading=_("Goal"),
        back=_plan(resident_id),
        said=_("Saved."),
        current=lambda: GoalForm(formdata=None, obj=_goal(resident_id, goal_id)),
    )


@care.route("/residents/<int:resident_id>/goals/<int:goal_id>/close", methods=["GET", "POST"])
@may(Part.PLAN, Act.WRITE)
def close_goal(resident_id: int, goal_id: int) -> Page:
    """A goal is reached, or dropped with a reason."""
    opened(resident_id, Part.PLAN, Act.WRITE)
    record = _goal(resident_id, goal_id)
    form = _close_form(record)
    return edited(
        resident_id,
        form,
        lambda: services.close_goal(
            record,
            form.state.data,
            words=form["closing"].data,
            on=desk_here().today,
            version=form.version.data,
        ),
        refusals=PLAN_REFUSALS,
        heading=_("How the goal ended"),
        back=_plan(resident_id),
        said=_("Saved."),
        current=lambda: _close_form(_goal(resident_id, goal_id), formdata=None),
        intro=record.title,
    )


def _close_form(record: ServiceGoal, **options: Any) -> CloseGoalForm:
    state = GoalState.REACHED if record.state is GoalState.OPEN else record.state
    return CloseGoalForm(data={"state": state, "closing": record.closing, "version": record.version}, **options)


@care.route("/residents/<int:resident_id>/goals/<int:goal_id>/steps/new", methods=["GET", "POST"])
@may(Part.PLAN, Act.WRITE)
def new_step(resident_id: int, goal_id: int) -> Page:
    """A further step; the page comes again until one goes back to the plan."""
    opened(resident_id, Part.PLAN, Act.WRITE)
    record = _goal(resident_id, goal_id)
    form = StepForm(data={"due_on": in_weeks(desk_here().today, 2)}, staff=_staff())
    return edited(
        resident_id,
        form,
        lambda: services.add_step(record, _values(form, STEP_FIELDS)),
        refusals=PLAN_REFUSALS,
        heading=_("New step"),
        back=_plan(resident_id),
        said=_("The step is in the draft."),
        intro=_("For the goal: %(goal)s (%(domain)s)", goal=record.title, domain=words(record.domain)),
    )


@care.route("/residents/<int:resident_id>/steps/<int:step_id>", methods=["GET", "POST"])
@may(Part.PLAN, Act.WRITE)
def step(resident_id: int, step_id: int) -> Page:
    """Change a step of a draft."""
    opened(resident_id, Part.PLAN, Act.WRITE)
    record = find_step(resident_id, step_id)
    form = StepForm(obj=record, staff=_staff())
    return edited(
        resident_id,
        form,
        lambda: services.change_step(record, _values(form, STEP_FIELDS), version=form.version.data),
        refusals=PLAN_REFUSALS,
        heading=_("Step"),
        back=_plan(resident_id),
        said=_("Saved."),
        current=lambda: StepForm(formdata=None, obj=find_step(resident_id, step_id), staff=_staff()),
    )


@care.route("/residents/<int:resident_id>/steps/<int:step_id>/drop", methods=["GET", "POST"])
@may(Part.PLAN, Act.WRITE)
def drop_step(resident_id: int, step_id: int) -> Page:
    """A step of a draft is not taken, with the reason."""
    opened(resident_id, Part.PLAN, Act.WRITE)
    record = find_step(resident_id, step_id)
    form = DropStepForm(obj=record)
    return edited(
        resident_id,
        form,
        lambda: services.drop_step(record, words=form["closing"].data, on=desk_here().today, version=form.version.data),
        refusals=PLAN_REFUSALS,
        heading=_("Drop a step"),
        back=_plan(resident_id),
        said=_("Saved."),
        current=lambda: DropStepForm(formdata=None, obj=find_step(resident_id, step_id)),
        intro=record.title,
    )


@care.post("/residents/<int:resident_id>/steps/<int:step_id>/move")
@may(Part.PLAN, Act.WRITE)
def move_step(resident_id: int, step_id: int) -> Page:
    """One place up (``up`` is 1) or down."""
    opened(resident_id, Part.PLAN, Act.WRITE)
    record = find_step(resident_id, step_id)
    return pressed(resident_id, lambda: services.move_step(record, up=request.form.get("up") == "1"), "")


@care.post("/residents/<int:resident_id>/steps/<int:step_id>/done")
@may(Part.PLAN, Act.WRITE)
def step_done(resident_id: int, step_id: int) -> Page:
    """A step of the plan in force is done today, or with ``undo`` not done after all."""
    opened(resident_id, Part.PLAN, Act.WRITE)
    record = find_step(resident_id, step_id)
    today = desk_here().today
    if "undo" in request.form:
        return pressed(resident_id, lambda: services.undo_step(record), _("The step is open again."))
    return pressed(
        resident_id,
        lambda: services.do_step(record, on=today, today=today, actor=current_user),
        _("The step is done."),
    )


def pressed(resident_id: int, act: Any, said: str) -> Page:
    """After a button: back to the plan, with a word on what happened or why it did not."""
    try:
        act()
        db.session.commit()
        if said:
            flash(said, "good")
    except FoyerError as refusal:
        db.session.rollback()
        known = PLAN_REFUSALS.get(type(refusal))
        flash(str(known[1]) if known else _("This could not be done. Please look at the plan again."), "attention")
    return redirect(_plan(resident_id), 303)


def find_step(resident_id: int, step_id: int) -> ServiceStep:
    """The resident's step with this id. Raises NotFound."""
    found = db.session.scalar(
        select(ServiceStep)
        .where(ServiceStep.id == step_id, ServiceStep.resident_id == resident_id)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound("step")
    return found


def _goal(resident_id: int, goal_id: int) -> ServiceGoal:
    found = db.session.scalar(
        select(ServiceGoal)
        .where(ServiceGoal.id == goal_id, ServiceGoal.resident_id == resident_id)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound("goal")
    return found


def _staff() -> list[tuple[int, str]]:
    members = db.session.scalars(select(Staff).where(Staff.is_active.is_(True)).order_by(Staff.name_key))
    return [(member.id, f"{member.full_name} ({words(member.kind)})") for member in members]


def _values(form: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: form[name].data for name in names}


def _plan(resident_id: int) -> str:
    return url_for("care.rpi", resident_id=resident_id)
