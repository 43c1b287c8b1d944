"""Contact after the exit in a resident's file."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l

from foyer.caseload.desk import desk_here
from foyer.caseload.rights import Act, Part, may
from foyer.caseload.sections import Subject, register_section, stay_that_counts
from foyer.database import db
from foyer.errors import NotFound, Stale
from foyer.leaving import aftercare, aftercare_forms, forms
from foyer.leaving.aftercare import Heard
from foyer.leaving.aftercare_models import AftercareContact, ContactState, Question
from foyer.leaving.exits import list_exits
from foyer.leaving.models import Exit, ExitState
from foyer.leaving.pages import Back, Page, edit_page, file_page, opened, own_record, social_workers
from foyer.leaving.responses import Seen, first_owner, list_responses, open_response
from foyer.leaving.rules import rules_of
from foyer.leaving.views import leaving
from foyer.residences.models import Staff
from foyer.residents.models import Resident

register_section("aftercare", "leaving.aftercare", _l("Aftercare"), Part.AFTERCARE, subject=Subject.END, order=85)


@leaving.get("/residents/<int:resident_id>/aftercare", endpoint="aftercare")
@may(Part.AFTERCARE)
def overview(resident_id: int) -> str:
    """What is due after the exit, what was heard, and warning signs with their clocks."""
    found, desk = opened(resident_id, Part.AFTERCARE), desk_here()
    contacts = aftercare.list_contacts(found.id)
    return file_page(
        "leaving/aftercare.html",
        found,
        "aftercare",
        Part.AFTERCARE,
        contacts=contacts,
        due=[each for each in contacts if each.state is ContactState.DUE],
        past=sorted(
            (each for each in contacts if each.state is not ContactState.DUE),
            key=lambda each: each.held_on or each.due_on,
            reverse=True,
        ),
        responses=list_responses(found.id),
        questions=list(Question),
        needed=rules_of(found.residence_id).tries,
        exit_row=_last_exit(found),
        now=desk.now,
        days_tried=aftercare.days_tried,
    )


@leaving.route("/residents/<int:resident_id>/aftercare/contacts/new", methods=["GET", "POST"])
@may(Part.AFTERCARE, Act.WRITE)
def new_contact(resident_id: int) -> Page:
    """A contact that was not due: the person called, somebody was met."""
    found, desk = opened(resident_id, Part.AFTERCARE, Act.WRITE), desk_here()
    row = _last_exit(found)
    if row is None:
        raise NotFound("exit")
    form = aftercare_forms.ContactForm(data={"held_on": desk.today} if request.method == "GET" else None)

    def act() -> None:
        made = aftercare.add_contact(row, _heard(form), today=desk.today, actor=desk.actor)
        _warn(found, form, made)

    return _contact_page(found, form, act, gettext("A contact that was not planned"))


@leaving.route("/residents/<int:resident_id>/aftercare/contacts/<int:aftercare_id>", methods=["GET", "POST"])
@may(Part.AFTERCARE, Act.WRITE)
def contact(resident_id: int, aftercare_id: int) -> Page:
    """Write down a contact that is due, or one where the person is reached after all."""
    found, desk = opened(resident_id, Part.AFTERCARE, Act.WRITE), desk_here()
    row = own_record(AftercareContact, resident_id, aftercare_id)
    form = aftercare_forms.ContactForm(
        data={"held_on": desk.today, "version": row.version} if request.method == "GET" else None
    )

    def act() -> None:
        aftercare.record_contact(row, _heard(form), today=desk.today, actor=desk.actor, version=form.version.data)
        _warn(found, form, row)

    def current() -> aftercare_forms.ContactForm:
        saved = own_record(AftercareContact, resident_id, aftercare_id)
        answers = {f"q_{question}": answer for question, answer in saved.answers.items()}
        return aftercare_forms.ContactForm(formdata=None, obj=saved, data=answers)

    months = row.months
    heading = ngettext("Contact %(num)s month after the exit", "Contact %(num)s months after the exit", months or 1)
    return _contact_page(found, form, act, heading if months else gettext("Contact"), current)


@leaving.route("/residents/<int:resident_id>/aftercare/contacts/<int:aftercare_id>/try", methods=["GET", "POST"])
@may(Part.AFTERCARE, Act.WRITE)
def tried(resident_id: int, aftercare_id: int) -> Page:
    """Nobody was reached on a day."""
    found, desk = opened(resident_id, Part.AFTERCARE, Act.WRITE), desk_here()
    row = own_record(AftercareContact, resident_id, aftercare_id)
    form = aftercare_forms.TryForm(data={"tried_on": desk.today} if request.method == "GET" else None)

    def act() -> None:
        aftercare.record_try(
            row,
            on=form.tried_on.data or desk.today,
            kind=form.kind.data,
            note=form.note.data or "",
            today=desk.today,
            actor=desk.actor,
        )

    return edit_page(
        found,
        form,
        act,
        heading=gettext("Tried, nobody was reached"),
        said=gettext("Saved. The contact stays due."),
        refusals=aftercare_forms.TRY_REFUSALS,
        back=_back(resident_id),
    )


@leaving.post("/residents/<int:resident_id>/aftercare/contacts/<int:aftercare_id>/give-up")
@may(Part.AFTERCARE, Act.WRITE)
def give_up(resident_id: int, aftercare_id: int) -> Page:
    """Not reached on as many days as the rules ask for."""
    opened(resident_id, Part.AFTERCARE, Act.WRITE)
    row = own_record(AftercareContact, resident_id, aftercare_id)
    try:
        aftercare.give_up(row, actor=desk_here().actor, version=request.form.get("version", type=int))
        db.session.commit()
        flash(gettext("Written down as not reached. Later contacts stay due."), "good")
    except aftercare.TriesMissing as refusal:
        db.session.rollback()
        needed = gettext("Somebody counts as not reached after tries on %(needed)s days.", needed=refusal.needed)
        flash(needed, "attention")
    except (aftercare.ContactClosed, Stale):
        db.session.rollback()
        flash(gettext("Somebody changed this meanwhile. Please look again."), "attention")
    return redirect(url_for("leaving.aftercare", resident_id=resident_id))


@leaving.route("/residents/<int:resident_id>/aftercare/contacts/<int:aftercare_id>/drop", methods=["GET", "POST"])
@may(Part.AFTERCARE, Act.WRITE)
def drop(resident_id: int, aftercare_id: int) -> Page:
    """A due contact is not made, and why."""
    found, desk = opened(resident_id, Part.AFTERCARE, Act.WRITE), desk_here()
    row = own_record(AftercareContact, resident_id, aftercare_id)
    form = forms.ReasonForm(data={"version": row.version})
    return edit_page(
        found,
        form,
        lambda: aftercare.drop(row, reason=form.reason.data or "", actor=desk.actor, version=form.version.data),
        heading=gettext("This contact is not made"),
        said=gettext("Saved."),
        refusals=aftercare_forms.DROP_REFUSALS,
        back=_back(resident_id),
    )


def _contact_page(
    found: Resident, form: aftercare_forms.ContactForm, act: Any, heading: str, current: Any = None
) -> Page:
    return edit_page(
        found,
        form,
        act,
        heading=heading,
        said=gettext("The contact is saved."),
        refusals=aftercare_forms.CONTACT_REFUSALS,
        current=current,
        template="leaving/contact.html",
        questions=[f"q_{question}" for question in Question],
        back=_back(found.id),
    )


def _heard(form: aftercare_forms.ContactForm) -> Heard:
    assert form.held_on.data is not None  # required
    return Heard(form.held_on.data, form.kind.data, form.answers, form.account.data or "", form.next_step.data or "")


def _warn(found: Resident, form: aftercare_forms.ContactForm, row: AftercareContact) -> None:
    """Signs that were ticked open a task at once; it is theirs who answer for the resident, else theirs who ticked."""
    if not form.signs.data:
        return
    desk = desk_here()
    owner = first_owner(desk, found.id) or _anybody(social_workers(desk))
    open_response(
        found,
        Seen(form.signs.data, form.account.data or ""),
        owner=owner,
        actor=desk.actor,
        now=desk.now,
        stay=stay_that_counts(found, desk),
        contact=row,
    )


def _anybody(workers: list[tuple[int, str]]) -> Staff:
    if not workers:
        raise NotFound("staff")
    return db.session.get_one(Staff, workers[0][0])


def _last_exit(found: Resident) -> Exit | None:
    """The exit after which contact is made."""
    return next((row for row in list_exits(found.id) if row.state is ExitState.APPROVED), None)


def _back(resident_id: int) -> Back:
    return gettext("Aftercare"), url_for("leaving.aftercare", resident_id=resident_id)
