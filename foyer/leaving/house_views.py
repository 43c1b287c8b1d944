"""The manager's own pages about leaving: transfers between houses, and how long files are kept."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from foyer.accounts.access import allow
from foyer.accounts.models import Role
from foyer.caseload.desk import desk_here
from foyer.caseload.rights import Act, Part
from foyer.caseload.sections import stay_that_counts
from foyer.database import db
from foyer.editing import form_page, submitted
from foyer.errors import NotFound, Stale
from foyer.leaving import forms, handing, retention, rules, transfers
from foyer.leaving.models import LeavingRules, LegalHold
from foyer.leaving.pages import Page, edit_page, opened, own_record, social_workers
from foyer.leaving.transfer_models import TransferArrival, TransferOffer, TransferState
from foyer.leaving.views import leaving
from foyer.records import get_record
from foyer.registers.books import expect_open, own_line
from foyer.registers.models import Valuable
from foyer.registers.writing import DoneAlready
from foyer.residences.models import Residence, Staff
from foyer.residents.naming import age_on


@leaving.get("/transfers")
@allow(Role.MANAGER)
def transfer_list() -> str:
    """What other houses offer to this one, and what this one offered."""
    return render_template("leaving/transfers.html", arrivals=transfers.list_arrivals(), offers=transfers.list_offers())


@leaving.route("/residents/<int:resident_id>/transfer", methods=["GET", "POST"])
@allow(Role.MANAGER)
def offer(resident_id: int) -> Page:
    """Offer a resident to another house."""
    found, desk = opened(resident_id, Part.EXIT, Act.WRITE), desk_here()
    stay = stay_that_counts(found, desk)
    if stay is None:
        raise NotFound("stay")
    houses = transfers.other_houses(found.residence_id)
    form = forms.OfferForm(houses=[(house.id, house.name) for house in houses])

    def act() -> None:
        to = db.session.get_one(Residence, form.to_id.data)
        wanted = transfers.Offer(to, form.moves_on.data, form.letter.data or "")  # type: ignore[arg-type]
        transfers.offer_transfer(found, stay, wanted, actor=desk.actor)

    return edit_page(
        found,
        form,
        act,
        back=(gettext("Transfers"), url_for("leaving.transfer_list")),
        heading=gettext("Offer to another house"),
        said=gettext("Offered. The other house answers on its own page of transfers."),
        submit=gettext("Offer"),
        refusals=forms.OFFER_REFUSALS,
        template="leaving/offer.html",
        has_houses=bool(houses),
    )


@leaving.post("/transfers/offers/<int:transfer_id>/withdraw")
@allow(Role.MANAGER)
def withdraw_offer(transfer_id: int) -> Response:
    row = get_record(TransferOffer, transfer_id)
    try:
        transfers.withdraw_offer(row, version=request.form.get("version", type=int))
        db.session.commit()
        flash(gettext("The offer is taken back."), "good")
    except (transfers.NotOffered, Stale):
        db.session.rollback()
        flash(gettext("Somebody changed this meanwhile. Please look again."), "attention")
    return redirect(url_for("leaving.transfer_list"))


@leaving.route("/transfers/arrivals/<int:arrival_id>", methods=["GET", "POST"])
@allow(Role.MANAGER)
def arrival(arrival_id: int) -> Page:
    """What another house offers, and this house's answer."""
    desk, row = desk_here(), get_record(TransferArrival, arrival_id)
    form = forms.AnswerForm(data={"version": row.version})

    def act() -> None:
        answered = transfers.agree_arrival if form.decision.data == "yes" else transfers.refuse_arrival
        answered(row, answer=form.answer.data or "", actor=desk.actor, version=form.version.data)

    if submitted(form, act, forms.ANSWER_REFUSALS):
        flash(gettext("Your answer is with the other house."), "good")
        return redirect(url_for("leaving.arrival", arrival_id=arrival_id))
    return _arrival_page(arrival_id, form, forms.AnswerForm)


@leaving.route("/transfers/arrivals/<int:arrival_id>/arrived", methods=["GET", "POST"])
@allow(Role.MANAGER)
def arrived(arrival_id: int) -> Page:
    """The resident is here: the file begins."""
    desk, row = desk_here(), get_record(TransferArrival, arrival_id)
    if row.state is not TransferState.AGREED:
        return redirect(url_for("leaving.arrival", arrival_id=arrival_id))
    staff = social_workers(desk)
    known = transfers.known_here(row)
    blank = partial(forms.ArrivedForm, staff=staff, has_file=known is not None)
    form = blank(data={"arrived_on": desk.today, "version": row.version})
    made = []

    def act() -> None:
        made.append(
            transfers.take_over(
                row,
                arrived_on=form.arrived_on.data,  # type: ignore[arg-type]
                leaves_on=form.leaves_on.data,  # type: ignore[arg-type]
                counsellor=get_record(Staff, form.counsellor_id.data or 0),
                today=desk.today,
                actor=desk.actor,
                version=form.version.data,
                is_known=form.says_known,
            )
        )

    if submitted(form, act, forms.ARRIVED_REFUSALS):
        flash(gettext("Welcome! The file of this house begins with what the other house sent along."), "good")
        return redirect(url_for("residents.resident", resident_id=made[0].id))
    return _arrival_page(arrival_id, form, blank)


@leaving.post("/books/valuables/<int:valuable_id>/handed-over")
@allow(Role.MANAGER, Role.COUNSELLOR)
def thing_handed_over(valuable_id: int) -> Response:
    """A thing of somebody who moved goes to the other house."""
    return _thing(valuable_id, handing.hand_over, gettext("Written down. The other house sees that it is on its way."))


@leaving.post("/books/valuables/<int:valuable_id>/received")
@allow(Role.MANAGER, Role.COUNSELLOR)
def thing_received(valuable_id: int) -> Response:
    """A thing of somebody who came from another house is here."""
    return _thing(valuable_id, handing.receive, gettext("Written down. The other house sees that it is here."))


def _thing(valuable_id: int, act: Callable[..., None], said: str) -> Response:
    desk = desk_here()
    row: Valuable = own_line(desk, expect_open(desk, "valuables"), valuable_id)
    try:
        act(row, actor=desk.actor)
        db.session.commit()
        flash(said, "good")
    except DoneAlready:
        db.session.rollback()
        flash(gettext("This was written down already."), "attention")
    return redirect(url_for("registers.valuables"), 303)


def _arrival_page(arrival_id: int, form: Any, anew: Callable[..., Any]) -> tuple[str, int]:
    desk, row = desk_here(), get_record(TransferArrival, arrival_id)
    return form_page(
        "leaving/arrival.html",
        form,
        lambda: anew(formdata=None, data={"version": row.version}),
        row=row,
        known_file=transfers.known_here(row) if row.state in (TransferState.OFFERED, TransferState.AGREED) else None,
        age=age_on(row.born_on, desk.today),
        trail=[(gettext("Transfers"), url_for("leaving.transfer_list"))],
        back=url_for("leaving.transfer_list"),
    )


@leaving.get("/keeping")
@allow(Role.MANAGER)
def keeping() -> str:
    """The files of those who have left, in the order in which the schedule reaches them."""
    desk = desk_here()
    own = rules.rules_of(g.residence_id)
    page = retention.list_kept(own, today=desk.today, page=request.args.get("page", 1, type=int))
    return render_template(
        "leaving/keeping.html",
        rules=own,
        page=page,
        today=desk.today,
        page_address=lambda number: url_for("leaving.keeping", page=number),
    )


@leaving.route("/keeping/rules", methods=["GET", "POST"])
@allow(Role.MANAGER)
def keeping_rules() -> Page:
    """The house's own rules for the time after an exit."""
    own = rules.rules_of(g.residence_id)
    form = _rules_form(own, formdata=None) if request.method == "GET" else forms.RulesForm()
    names = ("tries", "answer_hours", "urgent_hours", "keep_years", "keep_from", "referral_keep_years", "keep_source")

    def act() -> None:
        values = {name: form[name].data for name in names}
        values["keep_source"] = values["keep_source"] or ""
        values["contact_months"] = form.month_numbers
        rules.change_rules(g.residence_id, values, version=form.version.data)

    if submitted(form, act, forms.RULES_REFUSALS):
        flash(gettext("Saved. Contacts that are due already stay as they are."), "good")
        return redirect(url_for("leaving.keeping"))
    return form_page(
        "leaving/edit.html",
        form,
        lambda: _rules_form(rules.rules_of(g.residence_id), formdata=None),
        heading=gettext("Rules for the time after the exit"),
        back=url_for("leaving.keeping"),
        submit=gettext("Save"),
        trail=[(gettext("Keeping of files"), url_for("leaving.keeping"))],
    )


def _rules_form(own: LeavingRules, **options: Any) -> forms.RulesForm:
    months = ", ".join(str(month) for month in own.contact_months)
    return forms.RulesForm(obj=own, data={"months": months}, **options)


@leaving.route("/residents/<int:resident_id>/hold", methods=["GET", "POST"])
@allow(Role.MANAGER)
def hold(resident_id: int) -> Page:
    """Keep a file beyond its period."""
    found, desk = opened(resident_id, Part.EXIT, Act.WRITE), desk_here()
    form = forms.ReasonForm()
    return edit_page(
        found,
        form,
        lambda: retention.place_hold(found, reason=form.reason.data or "", today=desk.today, actor=desk.actor),
        heading=gettext("Keep this file longer"),
        said=gettext("This file is kept until somebody lifts the hold."),
        refusals=forms.HOLD_REFUSALS,
        back=(gettext("Keeping of files"), url_for("leaving.keeping")),
    )


@leaving.route("/residents/<int:resident_id>/hold/<int:hold_id>/lift", methods=["GET", "POST"])
@allow(Role.MANAGER)
def lift(resident_id: int, hold_id: int) -> Page:
    """The hold ends."""
    found, desk = opened(resident_id, Part.EXIT, Act.WRITE), desk_here()
    row = own_record(LegalHold, resident_id, hold_id)
    form = forms.ReasonForm(data={"version": row.version})

    def act() -> None:
        retention.lift_hold(
            row, reason=form.reason.data or "", today=desk.today, actor=desk.actor, version=form.version.data
        )

    return edit_page(
        found,
        form,
        act,
        heading=gettext("Lift the hold"),
        said=gettext("The schedule counts again for this file."),
        refusals=forms.HOLD_REFUSALS,
        back=(gettext("Keeping of files"), url_for("leaving.keeping")),
    )
