"""/residents: the list, a resident's page, and the forms that change what the planner needs to know."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from foyer.accounts.access import allow
from foyer.accounts.models import Role, User
from foyer.audit.services import record_read
from foyer.care.facts import confirm_facts
from foyer.caseload.desk import desk_here
from foyer.caseload.rights import Act, Part, file_for, may
from foyer.caseload.sections import Subject, file_context, register_section
from foyer.cycles.queries import get_cycle, placement_of, week_of_enrolment
from foyer.database import db
from foyer.editing import form_page, submitted
from foyer.files import services
from foyer.files.forms import (
    NIK_REFUSALS,
    STAY_REFUSALS,
    IdentityForm,
    ListForm,
    NikForm,
    StayForm,
    outside_hours,
    outside_lines,
)
from foyer.files.queries import SORTS, Wanted, groups_of_plan, list_residents
from foyer.residences.models import Staff
from foyer.residents import services as persons
from foyer.residents.models import NikState, Resident, Stay

residents = Blueprint("residents", __name__, url_prefix="/residents")
register_section("overview", "residents.resident", _l("Overview"), Part.IDENTITY, subject=Subject.OVERVIEW, order=0)


@residents.get("")
@allow(Role.MANAGER, Role.COUNSELLOR)
def index() -> str:
    """All residents of the house; a counsellor's own caseload."""
    desk = desk_here()
    form = ListForm(request.args, groups=groups_of_plan(desk))
    wanted = _wanted(form)
    page = list_residents(desk, wanted)
    return render_template(
        "files/index.html",
        desk=desk,
        form=form,
        wanted=wanted,
        page=page,
        address=_address,
        page_address=lambda number: _address(page=number),
        sorts=_sorts(),
        kept={name: request.args[name] for name in ("nik", "account", "sort", "order") if name in request.args},
    )


@residents.get("/<int:resident_id>")
@may(Part.IDENTITY)
def resident(resident_id: int) -> str:
    """A resident's file. That it was read is written down."""
    found = file_for(desk_here(), resident_id, Part.IDENTITY)
    record_read(found, resident_id=found.id)
    return _file_page(found)


@residents.post("/<int:resident_id>/nik/show")
@may(Part.NIK)
def show_nik(resident_id: int) -> str:
    """The whole identity number, once; the reading is written down."""
    found = file_for(desk_here(), resident_id, Part.NIK)
    persons.reveal_nik(found)
    db.session.commit()
    return _file_page(found, shows_numbers=True)


@residents.route("/<int:resident_id>/identity", methods=["GET", "POST"])
@may(Part.IDENTITY, Act.WRITE)
def identity(resident_id: int) -> Response | tuple[str, int]:
    found = file_for(desk_here(), resident_id, Part.IDENTITY, Act.WRITE)
    form = IdentityForm(obj=found)

    def act() -> None:
        names = ("full_name", "gender", "born_on", "birth_place", "religion", "called", "identity_card", "dtsen")
        values = {name: form[name].data for name in names} | {"home_address": form.home_address.data or None}
        if form.new_family_card.data:
            values["family_card"] = form.new_family_card.data
        persons.change_identity(found, values, version=form.version.data)

    saved = lambda: IdentityForm(formdata=None, obj=file_for(desk_here(), resident_id, Part.IDENTITY, Act.WRITE))  # noqa: E731
    return _edited(found, form, submitted(form, act), saved, gettext("Identity"))


@residents.route("/<int:resident_id>/nik", methods=["GET", "POST"])
@may(Part.NIK, Act.WRITE)
def nik(resident_id: int) -> Response | tuple[str, int]:
    """A new identity number; the old one is never put into the form."""
    found = file_for(desk_here(), resident_id, Part.NIK, Act.WRITE)
    form = NikForm(data={"version": found.version})

    def act() -> None:
        persons.set_nik(found, form.nik.data or "", version=form.version.data)

    saved = lambda: NikForm(  # noqa: E731
        formdata=None, data={"version": file_for(desk_here(), resident_id, Part.NIK, Act.WRITE).version}
    )
    return _edited(found, form, submitted(form, act, NIK_REFUSALS), saved, gettext("Identity number (NIK)"))


@residents.route("/<int:resident_id>/stays/<int:stay_id>", methods=["GET", "POST"])
@allow(Role.MANAGER)  # the nights of a stay are the plan's
def stay(resident_id: int, stay_id: int) -> Response | tuple[str, int]:
    found = file_for(desk_here(), resident_id, Part.HEALTH, Act.WRITE)
    record = _own(found.stays, stay_id)
    form = _stay_form(record)

    def act() -> None:
        names = ("arrives_on", "leaves_on", "education_level", "needs")
        values = {name: form[name].data for name in names}
        values["outside_hours"] = outside_hours(form.outside.data)
        desk = desk_here()
        confirm_facts(found, record, values, {}, (), on=desk.today, version=form.version.data, actor=desk.actor)

    saved = lambda: _stay_form(db.session.get_one(Stay, stay_id, populate_existing=True), formdata=None)  # noqa: E731
    return _edited(found, form, submitted(form, act, STAY_REFUSALS), saved, gettext("Stay and needs"))


def _edited(
    found: Resident, form: Any, is_saved: bool, current: Callable[[], Any], heading: str
) -> Response | tuple[str, int]:
    """After a form about a resident: back to the file, or the form again with what is wrong."""
    if request.method == "GET":
        record_read(found, resident_id=found.id)  # the forms show what the file shows
    resident_id = request.view_args["resident_id"] if request.view_args else found.id
    back = url_for("residents.resident", resident_id=resident_id)
    if is_saved:
        flash(gettext("Saved. The next plan counts with it."), "good")
        return redirect(back)
    name = file_for(desk_here(), resident_id, Part.IDENTITY).full_name
    trail = [(gettext("Residents"), url_for("residents.index")), (name, back)]
    return form_page("files/edit.html", form, current, heading=heading, back=back, trail=trail)


def _file_page(found: Resident, shows_numbers: bool = False) -> str:
    desk = desk_here()
    enrolments = services.enrolments_of(found.id)
    plan = desk.plan
    placed = next((enrolment for enrolment in enrolments if plan and enrolment.cycle_id == plan.cycle_id), None)
    placement = week = None
    if plan and placed and desk.versions:
        placement = placement_of(plan, placed.id)
        week = week_of_enrolment(desk.versions, placed.id, monday=services.monday_of(desk.first_day), today=desk.today)
    latest = enrolments[0] if enrolments else None
    return render_template(
        "files/resident.html",
        **file_context(desk, found, "overview"),
        latest=latest,
        latest_cycle=get_cycle(latest.cycle_id) if latest else None,
        previous=db.session.get(Staff, latest.previous_counsellor_id)
        if latest and latest.previous_counsellor_id
        else None,
        wished_by=db.session.get(User, latest.wished_by_id) if latest and latest.wished_by_id else None,
        placement=placement,
        week=week,
        nik=found.nik if shows_numbers else persons.masked_nik(found.nik),
        nik_is_shown=shows_numbers,
        family_card=found.family_card if shows_numbers else persons.masked_nik(found.family_card),
        contradictions=persons.nik_contradictions(found),
    )


def _own(records: Any, record_id: int) -> Any:
    """The record among the resident's own. Raises NotFound."""
    found = next((record for record in records if record.id == record_id), None)
    if found is None:
        raise services.NotFound("record")
    return found


def _stay_form(record: Stay, **options: Any) -> StayForm:
    lines = outside_lines(record.outside_hours)
    return StayForm(obj=record, data={"outside": lines}, own_needs=record.needs, **options)


def _wanted(form: ListForm) -> Wanted:
    args = request.args
    sort = args.get("sort", "name")
    return Wanted(
        q=(form.q.data or "").strip(),
        gender=form.gender.data,
        group_id=form.group.data,
        stage=form.stage.data,
        presence=form.presence.data if form.presence.data in ("now", "arriving", "leaving", "left", "all") else "now",
        without_account=args.get("account") == "none",
        nik=NikState.NONE_YET if args.get("nik") == "none_yet" else None,
        sort=sort if sort in SORTS else "name",
        descending=args.get("order") == "desc",
        page=args.get("page", 1, type=int),
    )


def _address(**changes: Any) -> str:
    """The list's address with something changed."""
    args = {**request.args.to_dict(), **changes}
    return url_for("residents.index", **{name: value for name, value in args.items() if value not in ("", None)})


def _sorts() -> list[tuple[str, str]]:
    return [
        ("name", gettext("Name")),
        ("class", gettext("Class")),
        ("room", gettext("Room")),
        ("counsellor", gettext("Counsellor")),
        ("stage", gettext("Stage")),
        ("arrives", gettext("Arrives")),
        ("leaves", gettext("Leaves")),
    ]


from foyer.files import (  # noqa: E402  their pages join the blueprint
    accommodation_views,  # noqa: F401
    attachment_views,  # noqa: F401
    consent_views,  # noqa: F401
    dtsen_views,  # noqa: F401
    family_views,  # noqa: F401
    ppks_list_views,  # noqa: F401
    ppks_views,  # noqa: F401
    wish_views,  # noqa: F401
)
