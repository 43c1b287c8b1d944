"""Asking the residents of a cycle for their wishes: the days, the trades on offer, and how many have chosen."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import flash, redirect, url_for
from flask_babel import gettext as _

from foyer.accounts.access import allow
from foyer.accounts.models import Role
from foyer.cycles import wishes as services
from foyer.cycles.blueprint import pages, today
from foyer.cycles.collecting import WishCollection
from foyer.cycles.forms import COLLECTION_REFUSALS, CollectionForm
from foyer.cycles.labels import cycle_name
from foyer.cycles.models import Cycle, CycleState
from foyer.cycles.queries import get_cycle
from foyer.cycles.views import Page
from foyer.cycles.wish_queries import count_wishes, find_collection, trades_with_classes
from foyer.cycles.wish_words import asked_words, window_words
from foyer.editing import form_page, submitted

DAYS_OPEN = 7  # suggested


@pages.route("/<int:cycle_id>/wishes", methods=["GET", "POST"])
@allow(Role.MANAGER)
def wishes(cycle_id: int) -> Page:
    """When wishes are asked, what is offered, and how far it is."""
    cycle = get_cycle(cycle_id)
    collection = find_collection(cycle_id)
    form = _form(cycle, collection)

    def act() -> None:
        services.save_collection(
            cycle,
            collection,
            from_on=form.from_on.data,  # type: ignore[arg-type]
            to_on=form.to_on.data,  # type: ignore[arg-type]
            most_choices=form.most_choices.data or 0,
            trade_ids=form.trade_ids.data or [],
            today=today(),
            version=form.version.data,
        )

    if submitted(form, act, COLLECTION_REFUSALS):
        saved = find_collection(cycle_id)
        flash(_("Saved.") + " " + (window_words(saved, saved.window(today())) if saved else ""), "good")
        return redirect(url_for("cycles.wishes", cycle_id=cycle_id), 303)
    cycle, saved = get_cycle(cycle_id), find_collection(cycle_id)
    count = count_wishes(cycle)
    return form_page(
        "cycles/wishes.html",
        form,
        lambda: _form(cycle, saved, formdata=None),
        cycle=cycle,
        collection=saved,
        words=asked_words(saved, count, today()),
        count=count,
        is_open_to_change=cycle.state is CycleState.PREPARING,
        trail=[(_("Cycles"), url_for("cycles.index")), (cycle_name(cycle), url_for("cycles.show", cycle_id=cycle_id))],
    )


def _form(cycle: Cycle, collection: WishCollection | None, **options: Any) -> CollectionForm:
    trades = {trade.id: trade.name for trade in trades_with_classes(cycle.id)}
    values: dict[str, Any] = {"from_on": today(), "to_on": today() + timedelta(days=DAYS_OPEN), "most_choices": 3}
    offered = list(trades)
    if collection is not None:
        offered = [offer.trade_id for offer in collection.offers]
        trades |= {offer.trade_id: offer.trade.name for offer in collection.offers if offer.trade_id not in trades}
        names = ("from_on", "to_on", "most_choices", "version")
        values = {name: getattr(collection, name) for name in names}
    return CollectionForm(data={**values, "trade_ids": offered}, trades=list(trades.items()), **options)
