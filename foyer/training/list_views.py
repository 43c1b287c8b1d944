"""The house's own lists: what each trade teaches, and the ladder of independence."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask_babel import gettext, ngettext
from sqlalchemy import exists, select
from werkzeug.wrappers import Response

from foyer.accounts.access import allow
from foyer.accounts.models import Role
from foyer.caseload.desk import Desk, desk_here
from foyer.cycles.models import PlanMeeting, TeachingGroup
from foyer.database import db
from foyer.editing import form_page, submitted
from foyer.errors import NotFound
from foyer.records import get_record
from foyer.residences.models import Trade
from foyer.training import competencies, independence
from foyer.training.blueprint import training
from foyer.training.forms import (
    COMPETENCY_REFUSALS,
    ITEM_REFUSALS,
    CompetencyForm,
    NewCompetencyForm,
    NewStageItemForm,
    StageItemForm,
)
from foyer.training.progress_models import Competency, StageItem

Page = Response | tuple[str, int]


def _trade_for(desk: Desk, trade_id: int) -> Trade:
    """The trade, for a manager and for whoever teaches it in the plan in force. Raises NotFound."""
    trade = get_record(Trade, trade_id)
    taught = (
        exists()
        .where(PlanMeeting.group_id == TeachingGroup.id, TeachingGroup.trade_id == trade.id)
        .where(PlanMeeting.plan_id == (desk.plan.id if desk.plan else -1), PlanMeeting.instructor_id == desk.staff_id)
    )
    if desk.actor.role is not Role.MANAGER and not db.session.scalar(select(taught)):
        raise NotFound("trade")
    return trade


@training.route("/trades/<int:trade_id>/competencies", methods=["GET", "POST"])
@allow(Role.MANAGER, Role.INSTRUCTOR)
def trade_list(trade_id: int) -> Page:
    """What somebody who learned the trade can do, in the house's words; one more line."""
    trade = _trade_for(desk_here(), trade_id)
    form = NewCompetencyForm()
    if submitted(form, lambda: competencies.add_competency(trade, form.title.data or ""), COMPETENCY_REFUSALS):
        flash(gettext("Added to the list."), "good")
        return redirect(url_for("training.trade_list", trade_id=trade_id), 303)
    return form_page(
        "training/trade.html", form, trade=trade, lines=competencies.list_competencies([trade_id], with_retired=True)
    )


@training.post("/trades/<int:trade_id>/competencies/starter")
@allow(Role.MANAGER, Role.INSTRUCTOR)
def take_starter_list(trade_id: int) -> Response:
    """Fill an empty list with suggestions."""
    count = competencies.take_starter_list(_trade_for(desk_here(), trade_id))
    db.session.commit()
    flash(
        ngettext("%(num)s line is in the list. Change it.", "%(num)s lines are in the list. Change them.", count)
        if count
        else gettext("The list was not empty, so it stays as it is."),
        "good" if count else "info",
    )
    return redirect(url_for("training.trade_list", trade_id=trade_id), 303)


@training.route("/trades/<int:trade_id>/competencies/<int:competency_id>", methods=["GET", "POST"])
@allow(Role.MANAGER, Role.INSTRUCTOR)
def change_competency(trade_id: int, competency_id: int) -> Page:
    trade = _trade_for(desk_here(), trade_id)
    line = get_record(Competency, competency_id)
    if line.trade_id != trade.id:
        raise NotFound("competency")
    form = CompetencyForm(obj=line)
    back = url_for("training.trade_list", trade_id=trade_id)

    def act() -> None:
        competencies.change_competency(
            line, title=form.title.data or "", is_active=bool(form.is_active.data), version=form.version.data
        )

    if submitted(form, act, COMPETENCY_REFUSALS):
        flash(gettext("Saved."), "good")
        return redirect(back, 303)
    saved = lambda: CompetencyForm(formdata=None, obj=get_record(Competency, competency_id))  # noqa: E731
    return form_page(
        "training/edit.html",
        form,
        saved,
        heading=gettext("A competency"),
        back=back,
        submit=gettext("Save"),
        trail=[(get_record(Trade, trade_id).name, back)],
    )


@training.route("/ladder", methods=["GET", "POST"])
@allow(Role.MANAGER)
def ladder() -> Page:
    """What each stage of independence asks and allows in this house; one more line."""
    desk = desk_here()
    form = NewStageItemForm()

    def act() -> None:
        independence.add_item(
            desk.residence.id, stage=form.stage.data, kind=form.kind.data, title=form.title.data or ""
        )

    if submitted(form, act, ITEM_REFUSALS):
        flash(gettext("Added to the ladder."), "good")
        return redirect(url_for("training.ladder"), 303)
    return form_page("training/ladder.html", form, items=independence.list_items(with_retired=True))


@training.post("/ladder/starter")
@allow(Role.MANAGER)
def take_starter_ladder() -> Response:
    """Fill an empty ladder with suggestions."""
    count = independence.take_starter_ladder(desk_here().residence.id)
    db.session.commit()
    flash(
        gettext("The suggested ladder is yours now. Change its lines.")
        if count
        else gettext("The ladder was not empty, so it stays as it is."),
        "good" if count else "info",
    )
    return redirect(url_for("training.ladder"), 303)


@training.route("/ladder/<int:rung_id>", methods=["GET", "POST"])
@allow(Role.MANAGER)
def change_item(rung_id: int) -> Page:
    item = get_record(StageItem, rung_id)
    form = StageItemForm(obj=item)
    back = url_for("training.ladder")

    def act() -> None:
        independence.change_item(
            item, title=form.title.data or "", is_active=bool(form.is_active.data), version=form.version.data
        )

    if submitted(form, act, ITEM_REFUSALS):
        flash(gettext("Saved."), "good")
        return redirect(back, 303)
    return form_page(
        "training/edit.html",
        form,
        lambda: StageItemForm(formdata=None, obj=get_record(StageItem, rung_id)),
        heading=gettext("A line of the ladder"),
        back=back,
        submit=gettext("Save"),
        trail=[(gettext("The ladder of independence"), back)],
    )
