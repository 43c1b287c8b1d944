"""Break-glass: asking to read notes, deciding as a second person, and reading while they lie open."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from foyer.accounts.access import allow
from foyer.accounts.models import Role
from foyer.audit.services import record_read
from foyer.caseload.desk import desk_here
from foyer.caseload.notices import register_notice
from foyer.caseload.people import names_for
from foyer.caseload.rights import Act, Part, file_for, may
from foyer.counselling import openings
from foyer.counselling.blueprint import counselling
from foyer.counselling.forms import ASK_REFUSALS, DECIDE_REFUSALS, AskForm, DecideForm
from foyer.counselling.models import NoteOpening
from foyer.database import db
from foyer.editing import form_page, submitted

_WHERE = ("counselling.opening", "opening_id")
register_notice(
    openings.ASKED,
    _l("Somebody asks to read confidential notes. A second person decides: you may."),
    _l("Read the reason"),
    *_WHERE,
)
register_notice(
    openings.OPENED,
    _l("Notes that you wrote were opened to somebody for some hours."),
    _l("See who, and why"),
    *_WHERE,
)
register_notice(openings.GRANTED, _l("The notes that you asked for are open to you."), _l("Read them"), *_WHERE)
register_notice(openings.REFUSED, _l("The notes that you asked for stay closed."), _l("See who decided"), *_WHERE)


@counselling.route("/residents/<int:resident_id>/counselling/ask", methods=["GET", "POST"])
@may(Part.COUNSELLING, Act.READ)
def ask(resident_id: int) -> Response | tuple[str, int]:
    """Ask to read the notes about a resident."""
    desk = desk_here()
    resident = file_for(desk, resident_id, Part.COUNSELLING, Act.READ)
    form = AskForm()
    made: list[NoteOpening] = []

    def act() -> None:
        made.append(openings.ask(desk, resident, reason=form.reason.data or "", hours=form.hours.data or 1))

    if submitted(form, act, ASK_REFUSALS):
        flash(gettext("You have asked. Whoever may decide is told."), "good")
        return redirect(url_for("counselling.opening", opening_id=made[0].id))
    back = url_for("counselling.of_resident", resident_id=resident_id)
    return form_page("counselling/ask.html", form, resident=resident, back=back)


@counselling.route("/counselling/openings/<int:opening_id>", methods=["GET", "POST"])
@allow(Role.MANAGER, Role.COUNSELLOR)
def opening(opening_id: int) -> Response | tuple[str, int]:
    """A question to read notes: its reason, the decision, and to who asked the notes while they lie open."""
    desk = desk_here()
    found = openings.get_opening(desk, opening_id)
    form = DecideForm(data={"version": found.version})

    def act() -> None:
        openings.decide(desk, found, is_granted=form.answer.data == "open", version=form.version.data)

    may_decide = openings.may_decide(desk, found)
    if may_decide and submitted(form, act, DECIDE_REFUSALS):
        flash(gettext("Your decision is saved, and those concerned are told."), "good")
        return redirect(url_for("counselling.opening", opening_id=opening_id))
    found = openings.get_opening(desk, opening_id)
    record_read(found, resident_id=found.resident_id)
    is_open = openings.is_open(desk, found)
    is_reader = is_open and found.asked_by_id == desk.actor.id
    return form_page(
        "counselling/opening.html",
        form,
        opening=found,
        name=names_for(desk, [found.resident], on_page=True)[found.resident_id],
        desk=desk,
        may_decide=may_decide,
        is_open=is_open,
        written=openings.read_opened(desk, found) if is_reader else None,
    )


@counselling.post("/counselling/openings/<int:opening_id>/close")
@allow(Role.MANAGER, Role.COUNSELLOR)
def close(opening_id: int) -> Response:
    """The notes close before their time."""
    desk = desk_here()
    openings.close(desk, openings.get_opening(desk, opening_id))
    db.session.commit()
    flash(gettext("The notes are closed."), "good")
    return redirect(url_for("counselling.opening", opening_id=opening_id), 303)
