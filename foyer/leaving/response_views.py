"""Warning signs: the task, what was done about it, and the house's list of open ones."""

from __future__ import annotations

from flask import render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from foyer.caseload.desk import desk_here
from foyer.caseload.mine import own_resident_ids, responsible_staff
from foyer.caseload.rights import Act, Part, may
from foyer.caseload.sections import stay_that_counts
from foyer.database import db
from foyer.leaving import aftercare_forms, responses
from foyer.leaving.aftercare_models import RapidResponse
from foyer.leaving.pages import Page, edit_page, file_page, opened, own_record, social_workers
from foyer.leaving.responses import Seen, open_response
from foyer.leaving.rules import rules_of
from foyer.leaving.views import leaving
from foyer.residences.models import Staff


@leaving.get("/responses")
@may(Part.AFTERCARE)
def open_responses() -> str:
    """The open tasks of those whom one answers for, the nearest clock first; for a manager all of the house."""
    desk = desk_here()
    rows = db.session.scalars(
        select(RapidResponse)
        .where(
            RapidResponse.closed_at.is_(None),
            RapidResponse.resident_id.in_(own_resident_ids(desk)) | (RapidResponse.owner_id == desk.staff_id),
        )
        .options(joinedload(RapidResponse.resident), joinedload(RapidResponse.owner))
        .order_by(RapidResponse.due_at)
    ).all()
    return render_template("leaving/responses.html", rows=rows, now=desk.now, zone=desk.now.tzinfo)


@leaving.route("/residents/<int:resident_id>/aftercare/responses/new", methods=["GET", "POST"])
@may(Part.AFTERCARE, Act.WRITE)
def new_response(resident_id: int) -> Page:
    """Signs were seen or heard outside a contact: a neighbour calls, a teacher writes."""
    found, desk = opened(resident_id, Part.AFTERCARE, Act.WRITE), desk_here()
    own = [staff for staff in responsible_staff(desk, [found.id]).get(found.id, []) if staff.is_active]
    first = responses.first_owner(desk, found.id) if request.method == "GET" else None
    form = aftercare_forms.SignsForm(
        data={"owner_id": first.id if first else None} if request.method == "GET" else None,
        staff=social_workers(desk, own),
    )

    def act() -> None:
        owner = db.session.get_one(Staff, form.owner_id.data)
        responses.let_in(desk, found, owner)
        open_response(
            found,
            Seen(form.signs.data or [], form.account.data or ""),
            owner=owner,
            actor=desk.actor,
            now=desk.now,
            stay=stay_that_counts(found, desk),
        )

    rules = rules_of(found.residence_id)
    return edit_page(
        found,
        form,
        act,
        back=(gettext("Aftercare"), url_for("leaving.aftercare", resident_id=resident_id)),
        heading=gettext("Warning signs"),
        said=gettext("The task is open and its clock runs."),
        submit=gettext("Ask for a quick answer"),
        refusals=aftercare_forms.SIGNS_REFUSALS,
        template="leaving/signs.html",
        rules=rules,
    )


@leaving.route("/residents/<int:resident_id>/aftercare/responses/<int:response_id>", methods=["GET", "POST"])
@may(Part.AFTERCARE)
def response(resident_id: int, response_id: int) -> Page:
    """One task with everything that was done. Reading is for the team, writing for who answers for the resident."""
    act_of = Act.READ if request.method == "GET" else Act.WRITE
    found, desk = opened(resident_id, Part.AFTERCARE, act_of), desk_here()
    row = own_record(RapidResponse, resident_id, response_id)
    staff = social_workers(desk)
    form = aftercare_forms.StepForm(data={"version": row.version}, staff=staff)
    if request.method == "GET":
        return file_page("leaving/response.html", found, "aftercare", Part.AFTERCARE, row=row, form=form, now=desk.now)
    return edit_page(
        found,
        form,
        lambda: _do(row, form),
        back=(gettext("Warning signs"), url_for("leaving.response", resident_id=resident_id, response_id=response_id)),
        heading=gettext("What happened"),
        said=gettext("Saved."),
        refusals=aftercare_forms.STEP_REFUSALS,
        current=lambda: aftercare_forms.StepForm(
            formdata=None,
            data={"version": own_record(RapidResponse, resident_id, response_id).version},
            staff=staff,
        ),
    )


def _do(row: RapidResponse, form: aftercare_forms.StepForm) -> None:
    desk, act = desk_here(), form.act.data
    note, seen = form.note.data or "", form.version.data
    if act == "hand_over":
        to = db.session.get_one(Staff, form.to_id.data)
        responses.let_in(desk, row.resident, to)
        responses.hand_over(row, to=to, note=note, actor=desk.actor, now=desk.now, version=seen)
    elif act == "escalate":
        responses.escalate(row, note=note, actor=desk.actor, now=desk.now, version=seen)
    elif act == "close":
        outcome = form.outcome.data
        responses.close_response(row, outcome=outcome, note=note, actor=desk.actor, now=desk.now, version=seen)
    else:
        reached = act == "reached"
        responses.record_step(row, reached=reached, note=note, actor=desk.actor, now=desk.now, version=seen)
