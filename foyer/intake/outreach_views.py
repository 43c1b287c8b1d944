"""Outreach contacts and the agencies that the house knows."""

from __future__ import annotations

from datetime import timedelta

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from foyer.accounts.access import allow
from foyer.accounts.models import Role
from foyer.audit.services import record_read
from foyer.caseload.desk import desk_here
from foyer.database import db
from foyer.editing import form_page, submitted
from foyer.intake import agencies as agency_services
from foyer.intake import outreach as services
from foyer.intake.blueprint import Page, intake
from foyer.intake.forms import AGENCY_REFUSALS, OUTREACH_REFUSALS, AgencyForm, OutreachForm
from foyer.intake.models import Agency
from foyer.intake.queries import referral_for
from foyer.paging import asked_page
from foyer.records import get_record

FIELDS = ("met_on", "kind", "area", "partners", "reached", "note", "next_on")
MAP_DAYS = 365  # the figures by area look back a year


@intake.get("/referrals/outreach")
@allow(Role.MANAGER, Role.COUNSELLOR)
def outreach() -> str:
    desk = desk_here()
    return render_template(
        "intake/outreach.html",
        desk=desk,
        due=services.list_contacts(desk, asked_page("due"), due=True),
        contacts=services.list_contacts(desk, asked_page()),
        areas=services.by_area(desk.today - timedelta(days=MAP_DAYS)),
    )


@intake.route("/referrals/outreach/new", methods=["GET", "POST"])
@allow(Role.MANAGER, Role.COUNSELLOR)
def new_contact() -> Response | Page:
    """Write down that somebody went out; ``referral`` in the address: about whom."""
    desk = desk_here()
    about_id = request.args.get("referral", type=int)
    about = referral_for(desk, about_id) if about_id is not None else None
    form = OutreachForm(data={"met_on": desk.today})

    def act() -> None:
        services.add_contact(desk, {name: form[name].data for name in FIELDS}, referral=about)

    if submitted(form, act, OUTREACH_REFUSALS):
        flash(_("The contact is written down."), "good")
        if about_id is not None:
            return redirect(url_for("intake.referral", referral_id=about_id), 303)
        return redirect(url_for("intake.outreach"), 303)
    return form_page("intake/contact.html", form, referral=about, contact=None)


@intake.route("/referrals/outreach/<int:contact_id>", methods=["GET", "POST"])
@allow(Role.MANAGER, Role.COUNSELLOR)
def contact(contact_id: int) -> Response | Page:
    desk = desk_here()
    found = services.contact_for(desk, contact_id)
    form = OutreachForm(obj=found)

    def act() -> None:
        values = {name: form[name].data for name in FIELDS}
        services.change_contact(desk, found, values, version=form.version.data)

    if submitted(form, act, OUTREACH_REFUSALS):
        flash(_("Saved."), "good")
        return redirect(url_for("intake.outreach"))
    if request.method == "GET":
        record_read(found, resident_id=found.resident_id)
    found = services.contact_for(desk, contact_id)
    return form_page(
        "intake/contact.html",
        form,
        lambda: OutreachForm(formdata=None, obj=services.contact_for(desk_here(), contact_id)),
        referral=found.referral,
        contact=found,
    )


@intake.post("/referrals/outreach/<int:contact_id>/close")
@allow(Role.MANAGER, Role.COUNSELLOR)
def close_contact(contact_id: int) -> Response:
    """The next contact took place or is not needed."""
    desk = desk_here()
    services.close_contact(services.contact_for(desk, contact_id), on=desk.today, version=None)
    db.session.commit()
    flash(_("Nothing is due there any more."), "good")
    return redirect(url_for("intake.outreach"), 303)


@intake.get("/referrals/agencies")
@allow(Role.MANAGER, Role.COUNSELLOR)
def agencies() -> str:
    return render_template("intake/agencies.html", agencies=agency_services.list_agencies())


@intake.post("/referrals/agencies/usual")
@allow(Role.MANAGER)
def take_usual() -> Response:
    """Add the usual agencies at once."""
    added = agency_services.take_usual(desk_here().residence.id)
    db.session.commit()
    flash(ngettext("%(num)s agency is added.", "%(num)s agencies are added.", added), "good")
    return redirect(url_for("intake.agencies"), 303)


@intake.route("/referrals/agencies/<int:agency_id>", methods=["GET", "POST"])
@allow(Role.MANAGER, Role.COUNSELLOR)
def agency(agency_id: int) -> Response | Page:
    found = get_record(Agency, agency_id)
    form = AgencyForm(obj=found)

    def act() -> None:
        values = {name: form[name].data for name in ("name", "kind", "contact", "is_active")}
        agency_services.change_agency(found, values, version=form.version.data)

    if submitted(form, act, AGENCY_REFUSALS):
        flash(_("Saved."), "good")
        return redirect(url_for("intake.agencies"))
    return form_page(
        "intake/agency.html",
        form,
        lambda: AgencyForm(formdata=None, obj=get_record(Agency, agency_id)),
        heading=get_record(Agency, agency_id).name,
    )
