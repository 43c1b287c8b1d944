"""A resident's own wishes: what is asked until when, the trades, the order, and what was sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select
from werkzeug.wrappers import Response

from foyer.accounts.access import allow
from foyer.accounts.models import Role, User
from foyer.clock import now_in
from foyer.cycles import wishes as services
from foyer.cycles.collecting import Window
from foyer.cycles.queries import current_published_plan
from foyer.cycles.wish_queries import TradeOnOffer, asked_of, find_helper
from foyer.cycles.wish_words import order_words
from foyer.cycles.wishes import Asking
from foyer.database import db
from foyer.editing import submitted
from foyer.errors import Stale
from foyer.residences.models import Residence, Staff
from foyer.residents.models import Resident
from foyer.today.blueprint import today
from foyer.today.forms import OWN_WISH_REFUSALS, OwnWishForm
from foyer.today.ranking import Ranking, press, read_order

Page = str | Response | tuple[str, int]


@dataclass(frozen=True)
class Counter:
    """Everything that the page is drawn from."""

    asking: Asking
    offers: list[TradeOnOffer]
    helper: Staff | None
    by: User | None
    zone: str

    @property
    def known(self) -> set[int]:
        return {offer.trade.id for offer in self.offers}

    @property
    def open_to(self) -> set[int]:
        return {offer.trade.id for offer in self.offers if offer.is_offered and not offer.hindrances}

    @property
    def saved(self) -> tuple[int, ...]:
        return tuple(services.ranked(self.asking.enrolment))

    def names(self, order: Sequence[int]) -> list[str]:
        known = {offer.trade.id: offer.trade.name for offer in self.offers}
        return [known.get(trade_id, _("a trade that is not offered")) for trade_id in order]


@today.route("/wishes", methods=["GET", "POST"])
@allow(Role.RESIDENT)
def wishes() -> Page:
    """One's own wish. With ``edit`` in the address, the order that it carries; nothing is kept before it is sent."""
    counter = _counter()
    if counter is None:
        return render_template("today/wishes.html", counter=None)
    if request.method == "POST":
        return _send(counter)
    is_open = counter.asking.window is Window.OPEN
    if not is_open or ("edit" not in request.args and counter.saved):
        return render_template("today/wishes.html", counter=counter, form=None)
    ranking = _ranking(counter)
    form = _form(counter)
    trouble = _trouble(ranking, counter)
    if trouble:
        form.refuse(form.order, trouble)
    return _order_page(counter, form, ranking, _said(ranking, counter))


def _order_page(
    counter: Counter, form: OwnWishForm, ranking: Ranking, said: str = "", conflict: list[Any] | None = None
) -> str:
    return render_template(
        "today/wishes.html", counter=counter, form=form, ranking=ranking, said=said, conflict=conflict
    )


def _counter() -> Counter | None:
    """What the resident is asked, and who may help; None where nothing is asked."""
    residence = db.session.get_one(Residence, g.residence_id)
    now = now_in(residence.time_zone)
    resident_id = db.session.scalar(select(Resident.id).where(Resident.user_id == current_user.id))
    asked = asked_of(resident_id, now.date()) if resident_id is not None else None
    if asked is None:
        return None
    asking = Asking(asked[0], asked[1].cycle, asked[1], now)
    plan = current_published_plan(residence.id, now.date())
    by_id = asking.enrolment.wished_by_id
    by = db.session.get(User, by_id) if by_id else None
    return Counter(asking, asking.offers(), find_helper(asking.enrolment, plan), by, residence.time_zone)


def _form(counter: Counter) -> OwnWishForm:
    """The form with the version that was seen when the order was begun: presses in between do not renew it."""
    enrolment = counter.asking.enrolment
    seen = request.args.get("version", type=int)
    version = enrolment.version if seen is None else seen
    return OwnWishForm(formdata=None, data={"version": version, "enrolment": str(enrolment.id)})


def _ranking(counter: Counter) -> Ranking:
    """The order in the address after the press, or what is saved when the page is opened."""
    if "edit" not in request.args or "start" in request.args:
        return Ranking(tuple(trade_id for trade_id in counter.saved if trade_id in counter.open_to))
    order = read_order(request.args.getlist("order"), counter.known)
    act = request.args.get("do", "")
    return press(order, act, open_to=counter.open_to, most=counter.asking.most or 1) if act else Ranking(order)


def _trouble(ranking: Ranking, counter: Counter) -> str:
    if ranking.trouble == "full":
        return _("You can choose at most %(most)s. Take one out first.", most=counter.asking.most)
    if ranking.trouble == "twice":
        return _("%(trade)s is in your order already.", trade=counter.names([ranking.moved or 0])[0])
    return _("This trade cannot be chosen.") if ranking.trouble else ""


def _said(ranking: Ranking, counter: Counter) -> str:
    """What the last press did, for those who hear the page."""
    if ranking.moved is None or ranking.trouble:
        return ""
    name = counter.names([ranking.moved])[0]
    if ranking.moved not in ranking.order:
        return _("%(trade)s is no longer in your order.", trade=name)
    return _("%(trade)s is now your choice %(rank)s.", trade=name, rank=ranking.order.index(ranking.moved) + 1)


def _send(counter: Counter) -> Page:
    form = OwnWishForm()
    order = tuple(form.order.data or ())
    asking = counter.asking

    def act() -> None:
        if form.enrolment.data != str(asking.enrolment.id):  # the page was opened when another cycle was asked about
            raise Stale("Enrolment")
        services.send_own_wish(asking, order, actor=current_user, version=form.version.data)

    if submitted(form, act, OWN_WISH_REFUSALS):
        flash(_("Your wish is sent. Thank you!"), "good")
        return redirect(url_for("today.wishes"), 303)
    return _again(form, order)


def _again(form: OwnWishForm, order: tuple[int, ...]) -> Page:
    """The page with what was sent, and what stands against it: nothing is lost."""
    counter = _counter()
    if counter is None:  # the cycle was published in this moment
        return redirect(url_for("today.wishes"), 303)
    if not getattr(form, "is_stale", False):
        return _order_page(counter, form, Ranking(order)), 422
    conflict = [(_("My order"), order_words(counter.names(counter.saved)), order_words(counter.names(order)))]
    form.version.data = counter.asking.enrolment.version
    form.enrolment.data = str(counter.asking.enrolment.id)
    return _order_page(counter, form, Ranking(order), conflict=conflict), 409
