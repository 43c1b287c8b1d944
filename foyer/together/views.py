"""/residents/together: what can be done for those who were ticked in the list, and taking back what was done for
many."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Blueprint, flash, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from werkzeug.wrappers import Response
from wtforms import DateField, SelectField
from wtforms.validators import InputRequired, Optional

from foyer.accounts.access import allow
from foyer.accounts.models import Role
from foyer.caseload.desk import desk_here
from foyer.counselling.forms import FLAG_REFUSALS, FlagForm
from foyer.counselling.models import FlagKind
from foyer.cycles.labels import cycle_name
from foyer.cycles.print_views import version_words
from foyer.database import db
from foyer.editing import Refusals, submitted
from foyer.formatting import instant
from foyer.forms import FoyerForm
from foyer.paging import asked_page
from foyer.records import get_record
from foyer.residences.models import Staff, StaffKind
from foyer.together import labels as _labels  # noqa: F401  the words
from foyer.together import referrals, services, undoing
from foyer.together.models import TogetherAct
from foyer.words import choices

pages = Blueprint("together", __name__, url_prefix="/residents/together")
Answer = Response | tuple[str, int]


class AssignForm(FoyerForm):
    staff_id = SelectField(_l("Counsellor"), [InputRequired()], coerce=int)
    until_on = DateField(
        _l("For a time: to which day?"),
        [Optional()],
        description=_l("Leave it empty where it is for good. After that day it ends by itself."),
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        rows = db.session.execute(
            select(Staff.id, Staff.full_name)
            .where(Staff.kind == StaffKind.COUNSELLOR, Staff.is_active.is_(True))
            .order_by(Staff.name_key)
        )
        self.staff_id.choices = [(id_, name) for id_, name in rows]


class EndFlagsForm(FoyerForm):
    kind = SelectField(_l("Flags of which kind"), [InputRequired()], coerce=FlagKind)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.kind.choices = choices(FlagKind)


NOBODY: Refusals = {
    services.NobodyChosen: (None, _l("Nobody is ticked. Go back to the list and tick at least one resident."))
}

ASSIGN_REFUSALS: Refusals = {**NOBODY, services.DayPast: ("until_on", _l("The last day is today at the earliest."))}


@pages.get("")
@allow(Role.MANAGER, Role.COUNSELLOR)
def choose() -> Answer:
    """Those who were ticked, and what can be done for all of them."""
    return _page()


@pages.post("/assign")
@allow(Role.MANAGER)
def assign() -> Answer:
    """One counsellor for many."""
    form, made = AssignForm(prefix="assign"), []

    def act() -> None:
        staff = get_record(Staff, form.staff_id.data)
        made.append(services.assign(desk_here(), _ids(), staff, until_on=form.until_on.data))

    return _done(form, act, made, ASSIGN_REFUSALS) or _page(assign_form=form)


@pages.post("/flag")
@allow(Role.MANAGER, Role.COUNSELLOR)
def flag() -> Answer:
    """One flag for many."""
    form, made = _flag_form(), []

    def act() -> None:
        values = {"kind": form.kind.data, "priority": form.priority.data, "until_on": form.until_on.data}
        made.append(services.flag(desk_here(), _ids(), text=form.text.data or "", **values))

    return _done(form, act, made, {**NOBODY, **FLAG_REFUSALS}) or _page(flag_form=form)


@pages.post("/flag/end")
@allow(Role.MANAGER, Role.COUNSELLOR)
def end_flags() -> Answer:
    """Flags of one kind come down for many."""
    form, made = EndFlagsForm(prefix="end"), []

    def act() -> None:
        made.append(services.end_flags(desk_here(), _ids(), form.kind.data))

    return _done(form, act, made, NOBODY) or _page(end_form=form)


@pages.get("/slips.pdf")
@allow(Role.MANAGER, Role.COUNSELLOR)
def slips() -> Response:
    """The week of each of the ticked, several slips to a page."""
    from foyer.cycles.print_pdf import pdf_of  # its library is loaded when the first file is asked for

    desk = desk_here()
    try:
        sheets = services.week_slips(desk, _ids())
    except services.NobodyChosen:
        sheets = []
    if not sheets or desk.plan is None:
        flash(gettext("Nobody who is ticked has a week in the published plan."), "info")
        return redirect(url_for("residents.index"))
    heading = f"{desk.residence.name} · {cycle_name(desk.plan.cycle)}"
    answer = make_response(pdf_of(sheets, "residents", heading=heading, foot=version_words(desk.plan)))
    answer.headers["Content-Type"] = "application/pdf"
    answer.headers["Content-Disposition"] = 'inline; filename="slips.pdf"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@pages.get("/past")
@allow(Role.MANAGER, Role.COUNSELLOR)
def past() -> str:
    """What was done for several before: each leads to the page that takes it back."""
    desk = desk_here()
    acts = undoing.list_acts(desk, asked_page())
    return render_template("together/past.html", page=acts, moment=partial(instant, time_zone=desk.residence.time_zone))


@pages.post("/<int:together_id>/undo")
@allow(Role.MANAGER, Role.COUNSELLOR)
def undo(together_id: int) -> Answer:
    """Take an act of one's own back."""
    desk = desk_here()
    act = undoing.get_act(desk, together_id)
    of_referrals = act.kind in undoing.ABOUT_REFERRALS
    back = url_for("intake.index" if of_referrals else "residents.index")
    try:
        count = undoing.undo(desk, act)
    except undoing.AlreadyUndone:
        flash(gettext("This was taken back before."), "info")
        return redirect(back)
    db.session.commit()
    flash(_taken_back(count, len(act.row_ids), of_referrals=of_referrals), "good" if count else "info")
    return redirect(back)


def _taken_back(count: int, asked: int, *, of_referrals: bool) -> str:
    """For how many it was taken back, and that others stay as they are."""
    if not of_referrals:
        return ngettext("Taken back for %(num)s resident.", "Taken back for %(num)s residents.", count)
    said = ngettext("Taken back for %(num)s referral.", "Taken back for %(num)s referrals.", count)
    if count == asked:
        return said
    rest = ngettext(
        "%(num)s stays as it is: somebody changed it since, or the sender was told the decision.",
        "%(num)s stay as they are: somebody changed them since, or the senders were told the decision.",
        asked - count,
    )
    return f"{said} {rest}"


@pages.get("/<int:together_id>")
@allow(Role.MANAGER, Role.COUNSELLOR)
def done(together_id: int) -> str:
    """What was done, and the button that takes it back."""
    desk = desk_here()
    act = undoing.get_act(desk, together_id)
    count = len(act.row_ids)
    if act.kind in undoing.ABOUT_REFERRALS:
        g.place = "intake.index"
        rows = referrals.referrals_of(desk, act)
        return render_template("together/referrals_done.html", act=act, count=count, rows=rows)
    return render_template("together/done.html", act=act, count=count)


def _done(form: FoyerForm, act: Callable[[], None], made: list[TogetherAct], refusals: Refusals) -> Response | None:
    if not submitted(form, act, refusals):
        return None
    return redirect(url_for("together.done", together_id=made[0].id))


def _page(**refused: FoyerForm) -> Answer:
    """All that can be done for the ticked; ``refused`` is the form that did not go through, by its name."""
    forms: dict[str, FoyerForm] = {
        "assign_form": AssignForm(formdata=None, prefix="assign"),
        "flag_form": _flag_form(formdata=None),
        "end_form": EndFlagsForm(formdata=None, prefix="end"),
        **refused,
    }
    people = services.chosen(desk_here(), _ids())
    page = render_template("together/choose.html", people=people, most=services.MOST, **forms)
    return page, 422 if refused else 200


def _flag_form(**options: Any) -> FlagForm:
    return FlagForm(prefix="flag", **options)


def _ids() -> list[int]:
    """Who was ticked: in the address from the list, in the form afterwards."""
    return request.values.getlist("resident", type=int)
