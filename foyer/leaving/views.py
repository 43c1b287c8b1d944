"""The end of a stay in a resident's file: checklist, proposal, the second person's decision, toolkit, coming back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from foyer.caseload.desk import desk_here
from foyer.caseload.notices import register_notice
from foyer.caseload.rights import Act, Part, may
from foyer.caseload.sections import Subject, register_section, stay_that_counts
from foyer.database import db
from foyer.errors import NotFound, Stale
from foyer.leaving import exits, forms, listing, returning
from foyer.leaving.aftercare_models import Answer, WarningSign
from foyer.leaving.models import Exit, ExitItem, ExitState, ItemState
from foyer.leaving.pages import Back, Page, edit_page, file_page, opened, own_record, social_workers
from foyer.leaving.retention import standing_hold
from foyer.paging import asked_page
from foyer.registers.books import things_kept
from foyer.residences.models import Staff
from foyer.words import words

leaving = Blueprint("leaving", __name__)
leaving.add_app_template_filter(lambda code: words(WarningSign(code)), "sign_words")
leaving.add_app_template_filter(lambda code: words(Answer(code)), "answer_words")
register_notice(
    exits.WITHDRAWN,
    _l("An exit that was approved was withdrawn: the resident stays."),
    _l("Read why"),
    "leaving.index",
    "resident_id",
)
register_section("leaving", "leaving.index", _l("Exit"), Part.EXIT, subject=Subject.END, order=80)

FIELDS = ("leaves_on", "reason", "destination", "destination_words", "account", "aftercare_staff_id")


@leaving.get("/exits")
@may(Part.EXIT)
def exit_list() -> str:
    """The exits of those whom one answers for: which are under way, until when, and who proposed them."""
    desk, asked = desk_here(), request.args
    form = forms.ExitListForm(asked)
    if form.show.data not in listing.SHOWN:
        form.show.data = listing.SHOWN[0]
    sort = asked.get("sort", "")
    sort = sort if sort in listing.SORTS else listing.SORTS[0]
    descending = asked.get("order") == "desc"
    return render_template(
        "leaving/exits.html",
        desk=desk,
        form=form,
        sort=sort,
        descending=descending,
        sorts=[
            ("day", gettext("Leaves on")),
            ("name", gettext("Name")),
            ("state", gettext("State")),
            ("proposed_by", gettext("Proposed by")),
        ],
        page=listing.exits_of_house(desk, show=form.show.data, sort=sort, descending=descending, page=asked_page()),
    )


@leaving.get("/residents/<int:resident_id>/leaving")
@may(Part.EXIT)
def index(resident_id: int) -> str:
    """The exit that is under way with its checklist, earlier ones, and when the resident came back."""
    found, desk = opened(resident_id, Part.EXIT), desk_here()
    every = exits.list_exits(found.id)
    stay = stay_that_counts(found, desk)
    standing = [each for each in every if stay and each.stay_id == stay.id and each.state is not ExitState.WITHDRAWN]
    row = next(iter(standing), None)
    own = desk.actor.id == (row.proposed_by_id if row else None)
    return file_page(
        "leaving/exit.html",
        found,
        "leaving",
        Part.EXIT,
        row=row,
        earlier=[each for each in every if each is not row],
        returns=returning.list_reentries(found.id),
        open_points=exits.open_points(row) if row else 0,
        is_own=own,
        hold=standing_hold(found.id),
        has_left=bool(stay and stay.leaves_on <= desk.today),
        steps=_steps(row) if row else [],
        things_kept=things_kept(found.id) if "valuables" in desk.residence.registers else 0,
    )


def _steps(row: Exit) -> list[dict[str, Any]]:
    """The road of an exit, for the stepper."""
    now = [ExitState.PREPARING, ExitState.PROPOSED, ExitState.APPROVED].index(row.state)
    proposer = row.proposed_by.display_name if row.proposed_by and now else None
    decider = row.decided_by.display_name if row.decided_by and now == 2 else None
    current = 0 if now == 0 else 2 if now == 1 else 3  # what is proposed waits for the second person
    parts = [
        (gettext("Prepare"), None),
        (gettext("Propose"), proposer),
        (gettext("A second person approves"), decider),
    ]
    return [
        {"label": label, "who": who, "state": "done" if n < current else "current" if n == current else "todo"}
        for n, (label, who) in enumerate(parts)
    ]


@leaving.route("/residents/<int:resident_id>/leaving/new", methods=["GET", "POST"])
@may(Part.EXIT, Act.WRITE)
def new(resident_id: int) -> Page:
    found, desk = opened(resident_id, Part.EXIT, Act.WRITE), desk_here()
    stay = stay_that_counts(found, desk)
    if stay is None:
        raise NotFound("stay")
    begin = {"leaves_on": stay.leaves_on} if request.method == "GET" else None
    form = forms.ExitForm(data=begin, staff=social_workers(desk))
    return edit_page(
        found,
        form,
        lambda: exits.begin_exit(found, stay, _typed(form)),
        heading=gettext("Prepare the exit"),
        said=gettext("The exit is being prepared. Nothing changes before it is approved."),
        submit=gettext("Begin the checklist"),
        refusals=forms.EXIT_REFUSALS,
        back=_back(resident_id),
    )


@leaving.route("/residents/<int:resident_id>/leaving/<int:exit_id>", methods=["GET", "POST"])
@may(Part.EXIT, Act.WRITE)
def change(resident_id: int, exit_id: int) -> Page:
    found = opened(resident_id, Part.EXIT, Act.WRITE)
    row, staff = own_record(Exit, resident_id, exit_id), social_workers(desk_here())
    form = forms.ExitForm(obj=row, staff=staff)
    return edit_page(
        found,
        form,
        lambda: exits.change_exit(row, _typed(form), version=form.version.data),
        heading=gettext("Exit"),
        said=gettext("Saved."),
        refusals=forms.EXIT_REFUSALS,
        current=lambda: forms.ExitForm(formdata=None, obj=own_record(Exit, resident_id, exit_id), staff=staff),
        back=_back(resident_id),
    )


@leaving.route("/residents/<int:resident_id>/leaving/points/<int:point_id>", methods=["GET", "POST"])
@may(Part.EXIT, Act.WRITE)
def point(resident_id: int, point_id: int) -> Page:
    """One point of the checklist; a small page, since it is filled in on a phone."""
    found, desk = opened(resident_id, Part.EXIT, Act.WRITE), desk_here()
    item = own_record(ExitItem, resident_id, point_id)
    form = forms.PointForm(obj=item)

    def act() -> None:
        exits.answer_item(
            item,
            state=form.state.data,
            note=form.note.data or "",
            today=desk.today,
            actor=desk.actor,
            version=form.version.data,
        )

    return edit_page(
        found,
        form,
        act,
        heading=words(item.kind),
        said=gettext("Saved."),
        refusals=forms.POINT_REFUSALS,
        current=lambda: forms.PointForm(formdata=None, obj=own_record(ExitItem, resident_id, point_id)),
        back=_back(resident_id),
    )


@leaving.post("/residents/<int:resident_id>/leaving/points/<int:point_id>/ready")
@may(Part.EXIT, Act.WRITE)
def ready(resident_id: int, point_id: int) -> Page:
    """One tap: this point is ready, or open again."""
    opened(resident_id, Part.EXIT, Act.WRITE)
    desk, item = desk_here(), own_record(ExitItem, resident_id, point_id)
    state = ItemState.READY if item.state is ItemState.OPEN else ItemState.OPEN
    version = request.form.get("version", type=int)
    try:
        exits.answer_item(item, state=state, note=item.note or "", today=desk.today, actor=desk.actor, version=version)
        db.session.commit()
    except (exits.ExitClosed, Stale):
        db.session.rollback()
        flash(gettext("Somebody changed this meanwhile. Please look again."), "attention")
    return redirect(f"{url_for('leaving.index', resident_id=resident_id)}#point-{point_id}")


@leaving.route("/residents/<int:resident_id>/leaving/<int:exit_id>/propose", methods=["GET", "POST"])
@may(Part.EXIT, Act.WRITE)
def propose(resident_id: int, exit_id: int) -> Page:
    found, desk = opened(resident_id, Part.EXIT, Act.WRITE), desk_here()
    row = own_record(Exit, resident_id, exit_id)
    form = forms.ProposeForm(obj=row)
    return edit_page(
        found,
        form,
        lambda: exits.propose(row, gaps=form.gaps.data or "", actor=desk.actor, version=form.version.data),
        heading=gettext("Propose the exit"),
        said=gettext("Proposed. A second person approves it now."),
        submit=gettext("Propose"),
        refusals=forms.PROPOSE_REFUSALS,
        template="leaving/propose.html",
        open_items=[item for item in row.items if item.state is ItemState.OPEN],
        back=_back(resident_id),
    )


@leaving.route("/residents/<int:resident_id>/leaving/<int:exit_id>/decide", methods=["GET", "POST"])
@may(Part.EXIT, Act.WRITE)
def decide(resident_id: int, exit_id: int) -> Page:
    found, desk = opened(resident_id, Part.EXIT, Act.WRITE), desk_here()
    row = own_record(Exit, resident_id, exit_id)
    form = forms.DecideForm(data={"version": row.version})

    def act() -> None:
        decided = exits.approve if form.decision.data == "approve" else exits.send_back
        decided(row, words=form.words.data or "", actor=desk.actor, version=form.version.data)

    return edit_page(
        found,
        form,
        act,
        heading=gettext("Decide on the exit"),
        said=gettext("Your decision is saved."),
        submit=gettext("Decide"),
        refusals=forms.DECIDE_REFUSALS,
        template="leaving/decide.html",
        row=row,
        back=_back(resident_id),
    )


@leaving.route("/residents/<int:resident_id>/leaving/<int:exit_id>/withdraw", methods=["GET", "POST"])
@may(Part.EXIT, Act.WRITE)
def withdraw(resident_id: int, exit_id: int) -> Page:
    found, desk = opened(resident_id, Part.EXIT, Act.WRITE), desk_here()
    row = own_record(Exit, resident_id, exit_id)
    form = forms.ReasonForm(data={"version": row.version})

    def act() -> None:
        exits.withdraw(row, words=form.reason.data or "", today=desk.today, actor=desk.actor, version=form.version.data)

    return edit_page(
        found,
        form,
        act,
        heading=gettext("Withdraw the exit"),
        said=gettext(
            "Withdrawn. The stay and what was decided for the next cycle are as they were before, unless somebody"
            " changed them since."
        ),
        submit=gettext("Withdraw"),
        refusals=forms.WITHDRAW_REFUSALS,
        back=_back(resident_id),
    )


@leaving.route("/residents/<int:resident_id>/leaving/<int:exit_id>/toolkit", methods=["GET", "POST"])
@may(Part.EXIT, Act.WRITE)
def toolkit(resident_id: int, exit_id: int) -> Page:
    found, desk = opened(resident_id, Part.EXIT, Act.WRITE), desk_here()
    row = own_record(Exit, resident_id, exit_id)
    form = forms.ToolkitForm(
        data={"toolkit": row.toolkit, "toolkit_on": row.toolkit_on or desk.today, "version": row.version}
    )

    def act() -> None:
        on = form.toolkit_on.data or desk.today
        exits.hand_over_toolkit(
            row, toolkit=form.toolkit.data or "", on=on, actor=desk.actor, version=form.version.data
        )

    return edit_page(
        found, form, act, heading=gettext("Starter toolkit"), said=gettext("Saved."), back=_back(resident_id)
    )


@leaving.route("/residents/<int:resident_id>/return", methods=["GET", "POST"])
@may(Part.EXIT, Act.WRITE)
def come_back(resident_id: int) -> Page:
    """Somebody who has left is taken in again."""
    found, desk = opened(resident_id, Part.EXIT, Act.WRITE), desk_here()
    staff = social_workers(desk, returning.earlier_counsellors(found))
    begin = {"arrives_on": desk.today, "leaves_on": desk.today + timedelta(weeks=17)}
    form = forms.ReturnForm(data=begin if request.method == "GET" else None, staff=staff)

    def act() -> None:
        wanted = returning.Return(
            form.arrives_on.data,  # type: ignore[arg-type]
            form.leaves_on.data,  # type: ignore[arg-type]
            form.reason.data or "",
            db.session.get(Staff, form.counsellor_id.data) if form.counsellor_id.data else None,
        )
        returning.come_back(found, wanted, today=desk.today, actor=desk.actor)

    return edit_page(
        found,
        form,
        act,
        heading=gettext("Comes back"),
        said=gettext("A new stay has begun. Everything from before is still here; the next plan counts with it."),
        submit=gettext("Take in again"),
        refusals=forms.RETURN_REFUSALS,
        template="leaving/return.html",
        back=_back(resident_id),
    )


def _typed(form: forms.ExitForm) -> dict[str, Any]:
    values = {name: form[name].data for name in FIELDS}
    return {**values, **{name: values[name] or None for name in ("destination_words", "account")}}


def _back(resident_id: int) -> Back:
    return gettext("Exit"), url_for("leaving.index", resident_id=resident_id)


from foyer.leaving import aftercare_views, dues, house_views, response_views  # noqa: E402, F401  their pages join the blueprint
