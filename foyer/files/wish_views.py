"""Wishes at the desk: who has not chosen yet, and entering what somebody wishes for them."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from sqlalchemy import select
from werkzeug.wrappers import Response

from foyer.accounts.access import allow
from foyer.accounts.models import Role, User
from foyer.audit.services import record_read
from foyer.caseload.desk import desk_here
from foyer.cycles import wishes as services
from foyer.cycles.labels import cycle_name
from foyer.cycles.models import Enrolment
from foyer.cycles.queries import get_cycle
from foyer.cycles.wish_queries import TradeOnOffer, find_collection, list_wishers
from foyer.cycles.wish_words import window_words
from foyer.cycles.wishes import Asking
from foyer.database import db
from foyer.editing import form_page, submitted
from foyer.files.forms import WISH_REFUSALS, WishesForm, WishListForm
from foyer.files.services import enrolment_for_wishes
from foyer.files.views import residents
from foyer.records import change_record
from foyer.residences.models import Staff, StaffKind

SLOTS = 4  # ranks to fill in where nobody said how many


@residents.get("/wishes/<int:cycle_id>")
@allow(Role.MANAGER, Role.COUNSELLOR)
def wish_list(cycle_id: int) -> str:
    """Who has not chosen, or has, by counsellor and name; a counsellor sees those of the own caseload."""
    desk = desk_here()
    cycle = get_cycle(cycle_id)
    collection = find_collection(cycle_id)
    form = WishListForm(request.args, counsellors=_counsellors())
    who = form.who.data if form.who.data in ("missing", "chosen", "all") else "missing"
    is_manager = desk.actor.role is Role.MANAGER
    return render_template(
        "files/wish_list.html",
        form=form,
        who=who,
        is_manager=is_manager,
        cycle=cycle,
        words=window_words(collection, collection.window(desk.today)) if collection else "",
        zone=desk.residence.time_zone,
        rows=list_wishers(
            cycle,
            desk.plan,
            who=who,
            q=form.q.data or "",
            counsellor_id=form.counsellor.data if is_manager else desk.staff_id,
        ),
    )


@residents.route("/<int:resident_id>/wishes/<int:enrolment_id>", methods=["GET", "POST"])
@allow(Role.MANAGER, Role.COUNSELLOR)
def wishes(resident_id: int, enrolment_id: int) -> Response | tuple[str, int]:
    """Enter or correct what a resident wishes; where two were at it, both versions are shown."""
    asking = _asking(resident_id, enrolment_id)
    offers = asking.offers()
    form = _form(asking, offers)
    if request.method == "GET":
        record_read(asking.enrolment, resident_id=resident_id)
    if submitted(form, lambda: _enter(asking, form), WISH_REFUSALS):
        flash(gettext("Saved. The next plan counts with it."), "good")
        return redirect(_back(resident_id, asking.cycle.id))
    asking = _asking(resident_id, enrolment_id)
    by = asking.enrolment.wished_by_id
    return form_page(
        "files/wishes.html",
        form,
        lambda: _form(asking, offers, formdata=None),
        asking=asking,
        resident=asking.enrolment.stay.resident,
        by=db.session.get(User, by) if by else None,
        closed_to=[offer for offer in offers if offer.hindrances],
        may_enter=services.may_staff_enter(asking, current_user.role),
        window=window_words(asking.collection, asking.window) if asking.collection and asking.window else "",
        zone=desk_here().residence.time_zone,
        back=_back(resident_id, asking.cycle.id),
        trail=[
            (gettext("Wishes for %(cycle)s", cycle=cycle_name(asking.cycle)), _list_of(asking.cycle.id)),
        ],
    )


def _asking(resident_id: int, enrolment_id: int) -> Asking:
    desk = desk_here()
    enrolment = enrolment_for_wishes(desk, resident_id, enrolment_id)
    return Asking(enrolment, get_cycle(enrolment.cycle_id), find_collection(enrolment.cycle_id), desk.now)


def _enter(asking: Asking, form: WishesForm) -> None:
    """The ranked trades and the wishes about the counsellor, at once."""
    if not services.may_staff_enter(asking, current_user.role):
        raise services.NotPreparing
    services.enter_wish(
        asking,
        form.ranks.data,
        actor=current_user,
        reason=(form.reason.data or "") if "reason" in form else "",
        version=form.version.data,
    )
    names = ("wants_same_gender_counsellor", "previous_counsellor_id")
    change_record(asking.enrolment, {name: form[name].data for name in names if name in form})


def _form(asking: Asking, offers: list[TradeOnOffer], **options: Any) -> WishesForm:
    enrolment: Enrolment = asking.enrolment
    ranks: list[int | None] = list(services.ranked(enrolment))
    ranks += [None] * ((asking.most or SLOTS) - len(ranks))
    standing = set(ranks)
    form = WishesForm(
        obj=enrolment,
        data={"ranks": ranks},
        trades=[(o.trade.id, _label(o)) for o in offers if o.is_offered or o.trade.id in standing],
        counsellors=_counsellors(),
        **options,
    )
    if current_user.role is not Role.MANAGER:
        del form["previous_counsellor_id"]
    if not asking.needs_reason:
        del form["reason"]
    return form


def _label(offer: TradeOnOffer) -> str:
    if not offer.is_offered:
        return gettext("%(trade)s (not offered)", trade=offer.trade.name)
    if offer.hindrances:
        return gettext("%(trade)s (no class takes this resident)", trade=offer.trade.name)
    return offer.trade.name


def _counsellors() -> list[tuple[int, str]]:
    rows = db.session.execute(
        select(Staff.id, Staff.full_name).where(Staff.kind == StaffKind.COUNSELLOR).order_by(Staff.name_key)
    )
    return [(id_, name) for id_, name in rows]


def _back(resident_id: int, cycle_id: int) -> str:
    """To the list if one came from there, or may not open the file."""
    if request.args.get("from") == "list" or current_user.role is not Role.MANAGER:
        return _list_of(cycle_id)
    return url_for("residents.resident", resident_id=resident_id)


def _list_of(cycle_id: int) -> str:
    return url_for("residents.wish_list", cycle_id=cycle_id)
