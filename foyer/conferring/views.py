"""/referrals/<id>/conferences: who sat together about a referral, what was said, and what they advise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from markupsafe import Markup
from werkzeug.wrappers import Response

from foyer.accounts.access import allow
from foyer.accounts.models import Role
from foyer.audit.services import record_read
from foyer.care import conferences as services
from foyer.care.conference_views import conference_form
from foyer.care.forms import CONFERENCE_REFUSALS, ConferenceForm
from foyer.caseload.desk import Desk, desk_here
from foyer.editing import form_page, submitted
from foyer.errors import NotFound
from foyer.intake.joining import register_part
from foyer.intake.models import Referral, ReferralState
from foyer.intake.queries import referral_for

conferring = Blueprint("conferring", __name__, url_prefix="/referrals/<int:referral_id>/conferences")
Page = Response | tuple[str, int]
TOOK_PART = _l("The youth took part")


@conferring.route("/new", methods=["GET", "POST"])
@allow(Role.MANAGER, Role.COUNSELLOR)
def new(referral_id: int) -> Page:
    """Write down a conference that took place."""
    desk = desk_here()
    found = _undecided(desk, referral_id)
    people = [desk.staff_id] if desk.staff else []
    data = {"held_on": desk.today, "staff": people, "occasion": _("Decision about the referral")}
    form = ConferenceForm(data=data, members=services.members())

    def act() -> None:
        about: dict[str, Any] = {"referral_id": found.id, "resident_id": found.resident_id}
        services.add_conference(found.residence_id, form.values(), actor=current_user, **about, **_people(form, desk))

    return _edited(found, form, act)


@conferring.route("/<int:conference_id>", methods=["GET", "POST"])
@allow(Role.MANAGER, Role.COUNSELLOR)
def change(referral_id: int, conference_id: int) -> Page:
    """Correct what was written, until there is a file: from then on it is corrected there."""
    desk = desk_here()
    found = _undecided(desk, referral_id)
    record = services.get_conference(conference_id, referral_id=referral_id)
    form = conference_form(record)

    def act() -> None:
        services.change_conference(record, form.values(), version=form.version.data, **_people(form, desk))

    def current() -> ConferenceForm:
        return conference_form(services.get_conference(conference_id, referral_id=referral_id), formdata=None)

    return _edited(found, form, act, current)


def _edited(
    found: Referral, form: ConferenceForm, act: Callable[[], None], current: Callable[[], ConferenceForm] | None = None
) -> Page:
    form.resident_took_part.label.text = TOOK_PART
    if submitted(form, act, CONFERENCE_REFUSALS):
        flash(_("The case conference is written down."), "good")
        return redirect(url_for("intake.referral", referral_id=found.id, _anchor="conferences"), 303)
    if request.method == "GET":
        record_read(found, resident_id=found.resident_id)
    return form_page("conferring/form.html", form, current, referral=referral_for(desk_here(), found.id))


def _undecided(desk: Desk, referral_id: int) -> Referral:
    """A referral that the actor may open and that is in no file yet. Raises NotFound."""
    found = referral_for(desk, referral_id)
    if found.state is ReferralState.ADMITTED:
        raise NotFound("conference")
    return found


def _people(form: ConferenceForm, desk: Desk) -> dict[str, Any]:
    return {"staff_ids": form.staff.data or [], "guests": form.people(), "today": desk.today}


def _shown(desk: Desk, referral: Referral) -> Markup:
    rows = services.conferences_of(referral_id=referral.id)
    may_write = referral.state is not ReferralState.ADMITTED
    return Markup(
        render_template(
            "conferring/part.html", referral=referral, rows=rows, names=services.names_of, may_write=may_write
        )
    )


def _follow(referral: Referral) -> None:
    if referral.resident_id is not None:
        services.into_file(referral.id, referral.resident_id, referral.stay_id)


register_part(_shown, _follow)
