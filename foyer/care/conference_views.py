"""Case conferences of a resident, their people and decisions."""

from __future__ import annotations

from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select

from foyer.care import conferences as services
from foyer.care.forms import CONFERENCE_REFUSALS, OUTCOME_REFUSALS, ConferenceForm, DecisionForm, OutcomeForm
from foyer.care.models import CaseConference, ConferenceDecision
from foyer.care.pages import Page, care, edited, opened
from foyer.caseload.desk import desk_here
from foyer.caseload.rights import Act, Part, may, rights_of
from foyer.caseload.sections import file_context, stay_that_counts
from foyer.database import db
from foyer.errors import NotFound


@care.get("/residents/<int:resident_id>/conferences")
@may(Part.CONFERENCE)
def conferences(resident_id: int) -> str:
    """Every conference, newest first; open decisions stand first."""
    desk = desk_here()
    found = opened(resident_id, Part.CONFERENCE)
    every = services.conferences_of(resident_id=resident_id)
    return render_template(
        "care/conferences.html",
        **file_context(desk, found, "conferences"),
        conferences=every,
        names=services.names_of,
        open_decisions=sorted(
            (each for one in every for each in one.decisions if each.done_on is None), key=lambda each: each.due_on
        ),
        may_write=Act.WRITE in rights_of(desk, resident_id, Part.CONFERENCE),
    )


@care.route("/residents/<int:resident_id>/conferences/new", methods=["GET", "POST"])
@may(Part.CONFERENCE, Act.WRITE)
def new_conference(resident_id: int) -> Page:
    """Write down a conference that took place."""
    desk = desk_here()
    found = opened(resident_id, Part.CONFERENCE, Act.WRITE)
    stay = stay_that_counts(found, desk)
    form = ConferenceForm(data={"held_on": desk.today, "staff": [desk.staff_id]}, members=services.members())
    del form.advice
    return edited(
        resident_id,
        form,
        lambda: services.add_conference(
            found.residence_id,
            form.values(),
            resident_id=resident_id,
            stay_id=stay.id if stay else None,
            staff_ids=form.staff.data or [],
            guests=form.people(),
            today=desk.today,
            actor=current_user,
        ),
        refusals=CONFERENCE_REFUSALS,
        heading=_("Case conference"),
        back=_list(resident_id),
        said=_("The case conference is written down. Now add what was decided."),
    )


@care.route("/residents/<int:resident_id>/conferences/<int:conference_id>", methods=["GET", "POST"])
@may(Part.CONFERENCE, Act.WRITE)
def conference(resident_id: int, conference_id: int) -> Page:
    """Correct what was written."""
    desk = desk_here()
    opened(resident_id, Part.CONFERENCE, Act.WRITE)
    record = services.get_conference(conference_id, resident_id=resident_id)
    form = conference_form(record)
    return edited(
        resident_id,
        form,
        lambda: services.change_conference(
            record,
            form.values(),
            staff_ids=form.staff.data or [],
            guests=form.people(),
            today=desk.today,
            version=form.version.data,
        ),
        refusals=CONFERENCE_REFUSALS,
        heading=_("Case conference"),
        back=_list(resident_id),
        said=_("Saved."),
        current=lambda: conference_form(services.get_conference(conference_id, resident_id=resident_id), formdata=None),
    )


@care.route("/residents/<int:resident_id>/conferences/<int:conference_id>/decide", methods=["GET", "POST"])
@may(Part.CONFERENCE, Act.WRITE)
def decide(resident_id: int, conference_id: int) -> Page:
    """A decision with its owner and day."""
    opened(resident_id, Part.CONFERENCE, Act.WRITE)
    record = services.get_conference(conference_id, resident_id=resident_id)
    form = DecisionForm(staff=[(member.id, member.full_name) for member in services.members()])
    return edited(
        resident_id,
        form,
        lambda: services.decide(record, {name: form[name].data for name in ("words", "owner_id", "due_on")}),
        heading=_("Decision of the case conference"),
        back=_list(resident_id),
        said=_("The decision is written down and stands among what is due."),
    )


@care.route("/residents/<int:resident_id>/decisions/<int:decision_id>", methods=["GET", "POST"])
@may(Part.CONFERENCE, Act.WRITE)
def decision(resident_id: int, decision_id: int) -> Page:
    """A decision is done, and what came of it."""
    desk = desk_here()
    opened(resident_id, Part.CONFERENCE, Act.WRITE)
    record = _decision(resident_id, decision_id)
    form = _outcome_form(record)
    return edited(
        resident_id,
        form,
        lambda: services.finish_decision(
            record,
            on=form["done_on"].data,
            today=desk.today,
            outcome=form["outcome"].data,
            version=form.version.data,
        ),
        refusals=OUTCOME_REFUSALS,
        heading=_("What came of the decision"),
        back=_list(resident_id),
        said=_("Saved."),
        current=lambda: _outcome_form(_decision(resident_id, decision_id), formdata=None),
        intro=record.words,
    )


def _decision(resident_id: int, decision_id: int) -> ConferenceDecision:
    found = db.session.scalar(
        select(ConferenceDecision)
        .where(ConferenceDecision.id == decision_id, ConferenceDecision.resident_id == resident_id)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound("decision")
    return found


def _outcome_form(record: ConferenceDecision, **options: Any) -> OutcomeForm:
    day = record.done_on or desk_here().today
    return OutcomeForm(data={"done_on": day, "outcome": record.outcome, "version": record.version}, **options)


def conference_form(record: CaseConference, **options: Any) -> ConferenceForm:
    """The form of a conference that was written down before."""
    own = {row.staff_id for row in record.participants if row.staff_id}
    people = {
        "staff": sorted(own),
        "guests": "\n".join(row.guest for row in record.participants if row.guest),
    }
    form = ConferenceForm(obj=record, data=people, members=services.members(own), **options)
    if record.referral_id is None:
        del form.advice
    return form


def _list(resident_id: int) -> str:
    return url_for("care.conferences", resident_id=resident_id)
