"""/incidents: report, list, one incident with its clocks, and a resident's section. Figures: ``figure_views``."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from sqlalchemy import select

from foyer.accounts.access import allow
from foyer.accounts.models import Role
from foyer.audit.services import record_read, record_reads
from foyer.caseload.desk import Desk, desk_here
from foyer.caseload.notices import register_notice
from foyer.caseload.rights import Act, Part, file_for, may, rights_of
from foyer.caseload.sections import Subject, file_context, register_section
from foyer.database import db
from foyer.editing import form_page, submitted
from foyer.incidents import dues as _dues  # noqa: F401  what falls due
from foyer.incidents import handling, queries, reporting, telling
from foyer.incidents.blueprint import incidents
from foyer.incidents.forms import REPORT_REFUSALS, FilterForm, ReportForm
from foyer.incidents.models import ABOUT_PEOPLE, ClockFor, IncidentKind, Seriousness, Told
from foyer.incidents.reading import STAFF_ROLES, Standing, incident_for, is_manager
from foyer.incidents.reporting import Report
from foyer.residents.models import Resident
from foyer.words import words

Page = Any

register_section(
    "incidents", "incidents.of_resident", _l("Incidents"), Part.INCIDENT, subject=Subject.GUIDANCE, order=66
)
_SHOW = ("incidents.show", "incident_id")
_RUNS_OUT = {
    ClockFor.GUARDIAN: _l("A clock of an incident runs out soon: the guardian must be told."),
    ClockFor.OFFICE: _l("A clock of an incident runs out soon: the social-affairs office must be told."),
    ClockFor.DATA_SUBJECTS: _l("A clock of an incident runs out soon: those whose data were lost must be written to."),
    ClockFor.DATA_AUTHORITY: _l(
        "A clock of an incident runs out soon: the data-protection authority must be written to."
    ),
}
register_notice(reporting.REPORTED, _l("An incident was reported."), _l("Read it"), *_SHOW)
register_notice(
    reporting.GRAVE, _l("A serious incident was reported: others must be told in time."), _l("Read it"), *_SHOW
)
register_notice(handling.GIVEN, _l("An incident was given to you to look into."), _l("Read it"), *_SHOW)
for _party, _notice in telling.RUNS_OUT.items():
    register_notice(_notice, _RUNS_OUT[_party], _l("Read it"), *_SHOW)
register_notice(handling.TO_CLOSE, _l("An incident waits for a second person to close it."), _l("Decide"), *_SHOW)


@incidents.get("/incidents")
@allow(*STAFF_ROLES)
def index() -> str:
    """What the reader may read: a manager everything, others what concerns their residents or what they reported."""
    desk, form = desk_here(), FilterForm(request.args)
    wanted = queries.Wanted(
        state=_chosen(form.state),
        kind=form.kind.data if form.kind.validate(form) else None,
        seriousness=form.seriousness.data if form.seriousness.validate(form) else None,
        month=_month(request.args.get("month", "")),
        sort=_chosen(form.sort) or "newest",
        page=request.args.get("page", 1, type=int),
    )
    kept = {name: value for name, value in request.args.items() if name != "page" and value}
    return render_template(
        "incidents/index.html",
        desk=desk,
        form=form,
        wanted=wanted,
        page=queries.list_incidents(desk, wanted),
        is_manager=is_manager(desk),
        page_address=lambda number: url_for("incidents.index", **{**kept, "page": number}),
    )


def _chosen(field: Any) -> str:
    return field.data if field.data in [value for value, _label in field.choices] else ""


def _month(typed: str) -> date | None:
    try:
        return date.fromisoformat(f"{typed}-01")
    except ValueError:
        return None


@incidents.route("/incidents/new", methods=["GET", "POST"])
@allow(*STAFF_ROLES)
def report() -> Page:
    """The report: what it was with one touch, then what this kind needs. Two minutes on a phone."""
    return _report(desk_here())


@incidents.route("/residents/<int:resident_id>/incidents/new", methods=["GET", "POST"])
@may(Part.INCIDENT, Act.WRITE)
def report_about(resident_id: int) -> Page:
    """The report, from somebody's file."""
    desk = desk_here()
    return _report(desk, file_for(desk, resident_id, Part.INCIDENT, Act.WRITE))


def _report(desk: Desk, about: Resident | None = None) -> Page:
    kind = _kind(request.args.get("kind", ""))
    leads = "concerns.report" in current_app.view_functions
    concern_url = url_for("concerns.report") if leads else None
    if request.method == "GET" and kind is None:
        return render_template("incidents/kinds.html", kinds=list(IncidentKind), concern_url=concern_url, about=about)
    here = queries.residents_here(desk, in_team=is_manager(desk))
    if about is not None and about.id not in dict(here):
        here = [(about.id, about.full_name), *here]
    now = desk.now
    first = {"kind": kind, "happened_on": now.date(), "happened_minute": now.hour * 60 + now.minute}
    if about is not None:
        first["person_0"] = about.id
    form = ReportForm(data=first, residents=here, places=queries.places(desk))
    made = []

    def act() -> None:
        made.append(reporting.report(desk, _said(form, desk)))

    if submitted(form, act, REPORT_REFUSALS):
        flash(gettext("Thank you. The managers are told; what you learn later can be added."), "good")
        return redirect(url_for("incidents.show", incident_id=made[0].id), 303)
    chosen = form.kind.data
    return form_page(
        "incidents/report.html",
        form,
        about=about,
        asks_people=chosen in ABOUT_PEOPLE,
        people_shown=2 if chosen is IncidentKind.VIOLENCE else 1,
    )


def _kind(typed: str) -> IncidentKind | None:
    return IncidentKind(typed) if typed in list(IncidentKind) else None


def _said(form: ReportForm, desk: Desk) -> Report:
    return Report(
        kind=form.kind.data,
        seriousness=form.seriousness.data,
        happened_at=form.happened_at(ZoneInfo(desk.residence.time_zone)),
        account=form.account.data or "",
        people=form.people,
        venue_id=form.place_id("v"),
        room_id=form.place_id("r"),
        place=form.place.data or "",
        done_at_once=form.done_at_once.data or "",
        told=form.told.data or [],
    )


@incidents.get("/incidents/<int:incident_id>")
@allow(*STAFF_ROLES)
def show(incident_id: int) -> str:
    """One incident: what was reported, who must be told, what is done, and everything in its order."""
    desk = desk_here()
    row = incident_for(desk, incident_id)
    standing = Standing(desk, row)
    record_reads(row, [person.resident_id for person in row.people if person.withdrawn_at is None])
    return render_template(
        "incidents/show.html",
        desk=desk,
        now=desk.now,
        row=row,
        standing=standing,
        people=reporting.standing_people(row),
        told_words=", ".join(words(Told(one)) for one in row.told),
        clock_words={party.value: words(party) for party in ClockFor},
        correction_words=_correction_words,
        may_close=row.state == "proposed" and handling.may_close(desk, row),
    )


def _correction_words(was: str) -> str:
    """What a kind and seriousness were before they were put right."""
    kind, _, seriousness = was.partition(",")
    return f"{words(IncidentKind(kind))}; {words(Seriousness(seriousness))}"


@incidents.get("/residents/<int:resident_id>/incidents")
@may(Part.INCIDENT)
def of_resident(resident_id: int) -> str:
    """The incidents in which a resident was involved; nobody else is named."""
    desk = desk_here()
    found = file_for(desk, resident_id, Part.INCIDENT)
    record_read(found, resident_id=found.id)
    return render_template(
        "incidents/of_resident.html",
        **file_context(desk, found, "incidents"),
        rows=queries.of_resident(found.id),
        now=desk.now,
        may_write=Act.WRITE in rights_of(desk, found.id, Part.INCIDENT),
    )


@incidents.get("/my-incidents")
@allow(Role.RESIDENT)
def mine() -> str:
    """That something about me was written down: the day, what it was, how it stands. Nobody else, and no words of
    the staff."""
    found = db.session.scalar(select(Resident.id).where(Resident.user_id == current_user.id))
    return render_template("incidents/mine.html", rows=queries.of_resident(found) if found else [], now=desk_here().now)


from foyer.incidents import act_views, figure_views  # noqa: E402, F401  their pages join the blueprint
