"""What is done about an incident: each act a small form of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from flask import flash, redirect, url_for
from flask_babel import gettext
from sqlalchemy import select

from foyer.accounts.access import allow
from foyer.accounts.models import Role
from foyer.caseload.desk import Desk, desk_here
from foyer.database import db
from foyer.editing import Refusals, form_page, submitted
from foyer.errors import NotFound
from foyer.incidents import clocks, handling, queries, reporting
from foyer.incidents.blueprint import incidents
from foyer.incidents.forms import (
    ACT_REFUSALS,
    MEASURE_REFUSALS,
    AmendForm,
    AssignForm,
    DecideForm,
    MeasureForm,
    ToldForm,
    WordsForm,
)
from foyer.incidents.models import Incident, IncidentClock, IncidentMeasure
from foyer.incidents.reading import STAFF_ROLES, Standing, incident_for, is_manager
from foyer.residences.models import Staff, StaffKind
from foyer.words import words

Page = Any
SOON = timedelta(days=3)
HANDLERS = (Role.MANAGER, Role.COUNSELLOR)


def _opened(incident_id: int, right: str) -> tuple[Desk, Incident, Standing]:
    """The incident, if the actor has this right (a property of Standing). Raises NotFound."""
    desk = desk_here()
    row = incident_for(desk, incident_id)
    standing = Standing(desk, row)
    if not getattr(standing, right):
        raise NotFound("incident")
    return desk, row, standing


def _edit(
    incident_id: int,
    form: Any,
    act: Callable[[], Any],
    heading: str,
    *,
    lead: str = "",
    refusals: Refusals = ACT_REFUSALS,
    template: str = "incidents/edit.html",
) -> Page:
    """Saved and back to the incident, or the form again with what is wrong."""
    back = url_for("incidents.show", incident_id=incident_id)
    if submitted(form, act, refusals):
        flash(gettext("Saved."), "good")
        return redirect(back, 303)
    desk = desk_here()

    def current() -> Any:
        saved = incident_for(desk, incident_id)
        form.version.data = saved.version
        return form

    return form_page(template, form, current, heading=heading, lead=lead, back=back)


def _staff(desk: Desk) -> Sequence[tuple[int, str]]:
    """Whoever may answer for an incident or a measure, by name. One query."""
    rows = db.session.execute(
        select(Staff.id, Staff.full_name)
        .where(
            Staff.residence_id == desk.residence.id,
            Staff.kind.in_((StaffKind.MANAGER, StaffKind.COUNSELLOR)),
            Staff.is_active.is_(True),
        )
        .order_by(Staff.name_key)
    )
    return [(id_, name) for id_, name in rows]


@incidents.route("/incidents/<int:incident_id>/assign", methods=["GET", "POST"])
@allow(Role.MANAGER)
def assign(incident_id: int) -> Page:
    """A manager gives it to somebody."""
    desk, row, _standing = _opened(incident_id, "may_handle")
    form = AssignForm(data={"version": row.version, "owner_id": row.owner_id}, staff=_staff(desk))

    def act() -> None:
        owner = db.session.get_one(Staff, form.owner_id.data)
        handling.assign(desk, row, owner, note=form.note.data or "", version=form.version.data)

    lead = gettext("Who looks into it answers for the clocks as well. They run on.")
    return _edit(incident_id, form, act, gettext("Give it to somebody"), lead=lead)


@incidents.route("/incidents/<int:incident_id>/amend", methods=["GET", "POST"])
@allow(*STAFF_ROLES)
def amend(incident_id: int) -> Page:
    """Something new is known, or something was wrong."""
    desk, row, standing = _opened(incident_id, "may_amend")
    people = reporting.standing_people(row)
    form = AmendForm(
        data={"version": row.version, "kind": row.kind, "seriousness": row.seriousness},
        residents=queries.residents_here(desk, in_team=is_manager(desk)),
        named=[(person.resident_id, standing.name_of(person)) for person in people],
    )

    def act() -> None:
        said = reporting.Amendment(
            form.words.data or "", form.kind.data, form.seriousness.data, form.people, form.without.data or []
        )
        reporting.amend(desk, row, said, version=form.version.data)

    lead = gettext("What was reported first stays as it is. This is added to it, with your name and the time.")
    return _edit(incident_id, form, act, gettext("Add or put right"), lead=lead, template="incidents/amend.html")


@incidents.route("/incidents/<int:incident_id>/measures/new", methods=["GET", "POST"])
@allow(*HANDLERS)
def new_measure(incident_id: int) -> Page:
    """Somebody does something until a day."""
    desk, row, _standing = _opened(incident_id, "may_handle")
    form = MeasureForm(
        data={"version": row.version, "owner_id": row.owner_id, "due_on": desk.today + SOON}, staff=_staff(desk)
    )

    def act() -> None:
        owner = db.session.get_one(Staff, form.owner_id.data)
        handling.add_measure(
            desk,
            row,
            words=form.words.data or "",
            owner=owner,
            due_on=form.due_on.data,  # type: ignore[arg-type]
            version=form.version.data,
        )

    return _edit(incident_id, form, act, gettext("Agree on a measure"), refusals=MEASURE_REFUSALS)


@incidents.route("/incidents/<int:incident_id>/measures/<int:measure_id>", methods=["GET", "POST"])
@allow(*HANDLERS)
def measure(incident_id: int, measure_id: int) -> Page:
    """It was done."""
    desk, row, _standing = _opened(incident_id, "may_handle")
    found: IncidentMeasure = _one_of(row.measures, measure_id)
    form = WordsForm(data={"version": found.version})

    def act() -> None:
        handling.finish_measure(desk, found, words=form.words.data or "", version=form.version.data)

    return _edit(incident_id, form, act, gettext("This is done"), lead=found.words)


@incidents.route("/incidents/<int:incident_id>/clocks/<int:clock_id>", methods=["GET", "POST"])
@allow(*HANDLERS)
def told(incident_id: int, clock_id: int) -> Page:
    """They were told; or a manager decides why they cannot be."""
    desk, row, standing = _opened(incident_id, "may_handle")
    clock: IncidentClock = _one_of(row.clocks, clock_id)
    form = ToldForm(data={"version": row.version, "answer": "yes"}, may_decide=standing.may_decide)

    def act() -> None:
        clocks.stop_clock(desk, clock, was_told=form.answer.data == "yes", words=form.words.data or "")

    return _edit(incident_id, form, act, words(clock.party))


@incidents.route("/incidents/<int:incident_id>/propose", methods=["GET", "POST"])
@allow(*HANDLERS)
def propose(incident_id: int) -> Page:
    """Say what came of it, and ask a second person to close it."""
    desk, row, _standing = _opened(incident_id, "may_handle")
    form = WordsForm(data={"version": row.version})
    form.words.label.text = gettext("What came of it, and what the house learns from it")

    def act() -> None:
        handling.propose_closing(desk, row, words=form.words.data or "", version=form.version.data)

    lead = gettext("A manager who neither proposed it nor answers for it closes it.")
    return _edit(incident_id, form, act, gettext("Propose to close it"), lead=lead)


@incidents.route("/incidents/<int:incident_id>/decide", methods=["GET", "POST"])
@allow(Role.MANAGER)
def decide(incident_id: int) -> Page:
    """The second person closes it, or sends it back."""
    desk, row, _standing = _opened(incident_id, "may_decide")
    form = DecideForm(data={"version": row.version})

    def act() -> None:
        decided = handling.close if form.decision.data == "close" else handling.send_back
        decided(desk, row, words=form.words.data or "", version=form.version.data)

    return _edit(incident_id, form, act, gettext("Close this incident?"))


@incidents.route("/incidents/<int:incident_id>/reopen", methods=["GET", "POST"])
@allow(Role.MANAGER)
def reopen(incident_id: int) -> Page:
    """Something came up."""
    desk, row, _standing = _opened(incident_id, "may_decide")
    form = WordsForm(data={"version": row.version})
    form.words.label.text = gettext("Why it is opened again")

    def act() -> None:
        handling.reopen(desk, row, words=form.words.data or "", version=form.version.data)

    return _edit(incident_id, form, act, gettext("Open it again"))


def _one_of(rows: Sequence[Any], row_id: int) -> Any:
    found = next((row for row in rows if row.id == row_id), None)
    if found is None:
        raise NotFound("record")
    return found
