"""With whom a resident could change places where the place wished for is full, and the change of the two."""

from __future__ import annotations

from typing import cast

from flask import abort, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from foyer.accounts.access import allow
from foyer.accounts.models import Role
from foyer.cycles.ask_views import ADDRESS, answer_page, asked_of
from foyer.cycles.blueprint import pages
from foyer.cycles.change_views import answered
from foyer.cycles.pinning import studied
from foyer.cycles.plan_names import names_in
from foyer.cycles.swapping import KINDS, apply_swap, swaps_of
from foyer.cycles.words.names import whole
from foyer.cycles.words.what_if import wish_words
from foyer.scheduling.answers.forms import Wish, WishKind
from foyer.scheduling.answers.what_if import UnknownWish

Page = str | Response | tuple[str | Response, int]


@pages.get(f"{ADDRESS}/swap")
@allow(Role.MANAGER)
def plan_swaps(cycle_id: int, plan_id: int, enrolment_id: int) -> Page:
    """Everybody who has the ``target`` of a ``kind``, each with what a change of the two would mean."""
    asked = asked_of(cycle_id, plan_id, enrolment_id)
    if "kind" not in request.args:
        return redirect(url_for("cycles.plan_resident", **(request.view_args or {})))
    wish = Wish(_kind(request.args.get("kind", "")), asked.who, request.args.get("target", ""))
    names = names_in(asked.plan, studied(asked.plan).problem)
    try:
        found = swaps_of(asked.plan, wish, names)
    except UnknownWish:
        abort(404)
    place = wish_words(wish, names)
    question = _("Who could change with %(name)s for %(place)s?", name=asked.name, place=place)
    return answer_page("cycles/swaps.html", asked, wish=wish, question=question, place=whole(place), swaps=found)


@pages.post(f"{ADDRESS}/swap")
@allow(Role.MANAGER)
def plan_swap(cycle_id: int, plan_id: int, enrolment_id: int) -> Page:
    """The resident and ``other`` change places: one step, undone as one."""
    form = request.form
    wish = Wish(_kind(form.get("kind", "")), str(enrolment_id), form.get("target", ""))
    return answered(
        cycle_id,
        plan_id,
        lambda: apply_swap(
            plan_id=plan_id,
            version=form.get("version", 0, type=int),
            wish=wish,
            other=form.get("other", ""),
            actor_id=current_user.id,
        ),
    )


def _kind(kind: str) -> WishKind:
    return cast(WishKind, kind) if kind in KINDS else abort(404)
