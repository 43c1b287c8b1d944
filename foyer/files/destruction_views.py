"""Destroying files whose period is over: a manager proposes, a second person carries it out. A certificate stays.

The second person sees no file: number, period, rule and how many records of which kind, and no name.
"""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from foyer.accounts.access import allow
from foyer.accounts.models import Role
from foyer.caseload.desk import desk_here
from foyer.caseload.rights import Act, Part
from foyer.editing import form_page, submitted
from foyer.errors import NotFound
from foyer.files.certificate import certificate_of, told_kinds
from foyer.files.destruction_forms import CONFIRM_REFUSALS, PROPOSE_REFUSALS, SureForm
from foyer.files.parts import Page, opened
from foyer.intake.queries import referrals_that
from foyer.leaving import destroying, unadmitted
from foyer.leaving.destruction_models import Destruction, DestructionState
from foyer.leaving.erasing import Counts, count_rows
from foyer.leaving.retention import keep_until
from foyer.leaving.rules import rules_of
from foyer.paging import asked_page
from foyer.papers.gathering import settings_of
from foyer.residents.models import Resident

destructions = Blueprint("destructions", __name__)


@destructions.get("/destructions")
@allow(*destroying.CONFIRMERS)
def index() -> str:
    """What waits for the second person, and the certificates."""
    rows = destroying.list_destructions()
    return render_template(
        "files/destructions.html",
        waiting=[row for row in rows if row.state is DestructionState.PROPOSED],
        done=[row for row in rows if row.state is DestructionState.DONE],
        number_of=destroying.number_of,
        may_confirm=lambda row: destroying.may_confirm(row, current_user),
    )


@destructions.route("/residents/<int:resident_id>/destroy", methods=["GET", "POST"])
@allow(Role.MANAGER)
def propose(resident_id: int) -> Page:
    """What would be destroyed, and proposing it; where it cannot be, why not."""
    found, desk = opened(resident_id, Part.EXIT, Act.WRITE), desk_here()
    form = SureForm()
    if submitted(form, lambda: destroying.propose(desk, found), PROPOSE_REFUSALS):
        flash(gettext("Proposed. Nothing is gone yet: a second person carries it out."), "good")
        return redirect(url_for("destructions.index"))
    found = opened(resident_id, Part.EXIT, Act.WRITE)  # anew: a refusal has ended the transaction
    left_on = max((stay.leaves_on for stay in found.stays), default=None)
    why_not = _why_not(found)
    return form_page(
        "files/destroy.html",
        form,
        resident=found,
        why_not=why_not,
        until=keep_until(rules_of(found.residence_id), found, left_on) if left_on else None,
        counts=[] if why_not else told_kinds(count_rows(found.id)),
        trail=[(gettext("Keeping of files"), url_for("leaving.keeping"))],
    )


@destructions.route("/destructions/referrals", methods=["GET", "POST"])
@allow(Role.MANAGER)
def propose_unadmitted() -> Page:
    """Referrals and outreach of people who were never taken in, whose period is over, and proposing to destroy them."""
    desk = desk_here()
    form = SureForm()
    if submitted(form, lambda: destroying.propose_unadmitted(desk), PROPOSE_REFUSALS):
        flash(gettext("Proposed. Nothing is gone yet: a second person carries it out."), "good")
        return redirect(url_for("destructions.index"))
    rules = rules_of(desk.residence.id)
    before = unadmitted.kept_since(rules, desk.today)
    return form_page(
        "files/destroy_referrals.html",
        form,
        rules=rules,
        before=before,
        reached=unadmitted.reached_before(desk.residence.id, before) if before else None,
        page=referrals_that(desk, unadmitted.closed_before(before), asked_page()) if before else None,
        trail=[(gettext("Keeping of files"), url_for("leaving.keeping"))],
    )


@destructions.route("/destructions/<int:destruction_id>", methods=["GET", "POST"])
@allow(*destroying.CONFIRMERS)
def confirm(destruction_id: int) -> Page:
    """One proposal without the name, and carrying it out; afterwards its certificate."""
    row, desk = _row(destruction_id), desk_here()
    form = SureForm(data={"version": row.version})
    if submitted(form, lambda: destroying.confirm(desk, row, version=form.version.data), CONFIRM_REFUSALS):
        flash(gettext("Destroyed. The certificate stays."), "good")
        return redirect(url_for("destructions.confirm", destruction_id=destruction_id))
    row = _row(destruction_id)
    is_done = row.state is DestructionState.DONE
    may_confirm = destroying.may_confirm(row, current_user) and row.state is DestructionState.PROPOSED
    return form_page(
        "files/destruction.html",
        form,
        lambda: SureForm(formdata=None, data={"version": row.version}),
        row=row,
        is_done=is_done,
        number=destroying.number_of(row) if is_done else "",
        may_confirm=may_confirm,
        why_not=_refusal_of(lambda: destroying.check_again(row, desk.today)) if may_confirm else "",
        may_withdraw=current_user.role is Role.MANAGER and row.state is DestructionState.PROPOSED,
        counts=told_kinds(row.erased if is_done else _would_go(row)),
        kept=told_kinds(row.kept),
        trail=[(gettext("Destruction of files"), url_for("destructions.index"))],
    )


@destructions.post("/destructions/<int:destruction_id>/withdraw")
@allow(Role.MANAGER)
def withdraw(destruction_id: int) -> Response:
    """Take a proposal back."""
    row, form = _row(destruction_id), SureForm()
    del form["is_sure"]
    if submitted(form, lambda: destroying.withdraw(row, version=form.version.data), CONFIRM_REFUSALS):
        flash(gettext("Taken back. The file stays as it is."), "good")
    else:
        flash(gettext("Somebody changed this meanwhile. Please look again."), "attention")
    return redirect(url_for("destructions.index"))


@destructions.get("/destructions/<int:destruction_id>/certificate.pdf")
@allow(*destroying.CONFIRMERS)
def certificate(destruction_id: int) -> Response:
    """The certificate (berita acara pemusnahan)."""
    row = _row(destruction_id)
    if row.state is not DestructionState.DONE:
        raise NotFound("destruction")
    house = desk_here().residence
    answer = make_response(certificate_of(row, house.name, settings_of(desk_here()), house.time_zone))
    answer.headers["Content-Type"] = "application/pdf"
    name = f"berita-acara-{row.year}-{row.sequence:03d}.pdf"
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _would_go(row: Destruction) -> Counts:
    """How many rows of which table the proposal is about."""
    if row.resident_id is not None:
        return count_rows(row.resident_id)
    assert row.decided_before is not None
    reached = unadmitted.reached_before(row.residence_id, row.decided_before)
    return [["referrals", reached.referrals], ["outreach_contacts", reached.contacts]]


def _why_not(resident: Resident) -> str:
    """Why the destruction of this file cannot be proposed today; nothing where it may be."""

    def look() -> None:
        destroying.check(resident, rules_of(resident.residence_id), desk_here().today)
        destroying.expect_unproposed(resident)

    return _refusal_of(look)


def _refusal_of(look: Callable[[], object]) -> str:
    """The sentence with which something is refused, or nothing."""
    try:
        look()
    except tuple(PROPOSE_REFUSALS) as refusal:
        return str(PROPOSE_REFUSALS[type(refusal)][1])
    return ""


def _row(destruction_id: int) -> Destruction:
    row = destroying.get_destruction(destruction_id)
    if row is None or row.state is DestructionState.WITHDRAWN:
        raise NotFound("destruction")
    return row
