"""The admission: from an accepted referral to a stay in the house."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from foyer.accounts.access import allow
from foyer.accounts.models import Role
from foyer.audit.services import record_read
from foyer.caseload.desk import Desk, desk_here
from foyer.cycles.labels import cycle_name
from foyer.cycles.models import Cycle, CycleState
from foyer.editing import form_page, submitted
from foyer.intake.admission import admit as admit_referral
from foyer.intake.admission import cycles_for
from foyer.intake.blueprint import Page, counsellors, intake, own_staff_id, show_found
from foyer.intake.finding import Found, Wanted, search
from foyer.intake.forms import ADMISSION_REFUSALS, AdmissionForm
from foyer.intake.models import Referral, ReferralState
from foyer.intake.queries import referral_for
from foyer.intake.referrals import NEW
from foyer.intake.views import LIKENESS
from foyer.residents.models import Stay
from foyer.residents.naming import age_on

FIELDS = (
    "full_name gender born_on birth_place arrives_on leaves_on education_level needs counsellor_id cycle_id".split()
)


@intake.route("/referrals/<int:referral_id>/admit", methods=["GET", "POST"])
@allow(Role.MANAGER, Role.COUNSELLOR)
def admit(referral_id: int) -> Response | Page:
    """Begin the stay; whoever may be the same person is shown once more."""
    desk = desk_here()
    found = referral_for(desk, referral_id)
    if request.method == "GET" and found.state not in (ReferralState.ACCEPTED, ReferralState.WAITING):
        flash(_("Only whom a manager accepted can be admitted, and only once."), "attention")
        return redirect(url_for("intake.referral", referral_id=referral_id))
    cycles = cycles_for(desk)
    form = _form(desk, found, cycles)
    known = _known(desk, found, form)
    form.offer([(hit.key, hit.who.full_name) for hit in known.hits if hit.resident is not None])
    made: list[Stay] = []

    def act() -> None:
        values = {name: form[name].data for name in FIELDS}
        chosen = form.known.data or NEW
        made.append(admit_referral(desk, found, values, seen=form.shown, known=chosen, version=form.version.data))

    if submitted(form, act, ADMISSION_REFUSALS):
        return _after(made[0], next((cycle for cycle in cycles if cycle.id == form.cycle_id.data), None))
    found = referral_for(desk, referral_id)
    show_found(form, known)
    if request.method == "GET":
        record_read(found, resident_id=found.resident_id)
    return form_page(
        "intake/admit.html",
        form,
        lambda: _form(desk, referral_for(desk_here(), referral_id), cycles, formdata=None),
        referral=found,
        found=known,
        likeness=LIKENESS,
        needs_choice=any(hit.resident is not None for hit in known.hits),
        age_note=_age_note(desk, form.born_on.data),
    )


def _known(desk: Desk, found: Referral, form: AdmissionForm) -> Found:
    """Who may be the same person; nobody where the referral says who it is."""
    if found.resident_id is not None:
        return Found()
    wanted = Wanted(form.full_name.data or found.full_name, form.born_on.data, found.nik_digest)
    return search(desk, wanted, but=[f"f{found.id}"])


def _form(desk: Desk, found: Referral, cycles: Any, **options: Any) -> AdmissionForm:
    cycle = next((each for each in cycles if each.ends_on > desk.today), None)
    person = found.resident or found
    data = {
        "version": found.version,
        "full_name": person.full_name,
        "gender": person.gender,
        "born_on": person.born_on,
        "birth_place": found.resident.birth_place if found.resident else "",
        "arrives_on": found.expected_on or (max(desk.today, cycle.starts_on) if cycle else desk.today),
        "leaves_on": cycle.ends_on if cycle else None,
        "education_level": found.education_level,
        "needs": found.needs,
        "counsellor_id": found.responsible_id or own_staff_id(desk),
        "cycle_id": cycle.id if cycle else None,
    }
    offered = [(each.id, cycle_name(each)) for each in cycles]
    return AdmissionForm(counsellors=counsellors(), cycles=offered, data=data, **options)


def _after(stay: Stay, cycle: Cycle | None) -> Response:
    """To the file; a manager whose plan is published already, to finding the newcomer's places."""
    flash(_("%(name)s is admitted. The file is open.", name=stay.resident.full_name), "good")
    if cycle is not None and cycle.state is CycleState.PUBLISHED and current_user.role is Role.MANAGER:
        flash(_("The plan of this cycle is published: repair it, so that the newcomer gets a bed and a class."), "info")
    return redirect(url_for("residents.resident", resident_id=stay.resident_id), 303)


def _age_note(desk: Desk, born_on: date | None) -> str:
    """A warning, never a bar: the house serves other ages."""
    if born_on is None:
        return ""
    age, house = age_on(born_on, desk.today), desk.residence
    if house.youngest_age <= age <= house.oldest_age:
        return ""
    return _(
        "%(age)s years old: the house serves ages %(youngest)s to %(oldest)s.",
        age=age,
        youngest=house.youngest_age,
        oldest=house.oldest_age,
    )
