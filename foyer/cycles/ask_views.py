"""Asking of one resident in one plan: what is had and why, what else is possible, what it would cost, who would move.

Each page also comes as the inside of a side panel (``?panel=1``). Everything here can tell of restricted needs and of
people kept apart: that it was read is written down.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from flask import abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from foyer.accounts.access import allow
from foyer.accounts.models import Role
from foyer.audit.services import record_read
from foyer.cycles.asking import enrolment_to_ask, is_in, plan_to_ask, sheet_of
from foyer.cycles.blueprint import pages
from foyer.cycles.board_views import may_change
from foyer.cycles.models import Enrolment, Plan
from foyer.cycles.pinning import studied
from foyer.cycles.places import KINDS, places_of
from foyer.cycles.plan_names import names_in
from foyer.cycles.unpinning import freed_of
from foyer.cycles.words.levels import points_explained
from foyer.cycles.words.names import HouseNames
from foyer.cycles.words.what_if import what_if_words, wish_words
from foyer.errors import NotFound
from foyer.residents.naming import paper_name
from foyer.scheduling import what_if
from foyer.scheduling.answers.forms import Wish, WishKind
from foyer.scheduling.answers.what_if import UnknownWish

ADDRESS = "/<int:cycle_id>/plans/<int:plan_id>/residents/<int:enrolment_id>"


@dataclass(frozen=True, slots=True)
class Asked:
    """The plan and the resident that an address names."""

    plan: Plan
    enrolment: Enrolment

    @property
    def who(self) -> str:
        """The resident, as the engine knows the enrolment."""
        return str(self.enrolment.id)

    @property
    def name(self) -> str:
        return str(self.enrolment.stay.resident.full_name)

    @property
    def may_change(self) -> bool:
        """Whether people may change the plan by hand."""
        return may_change(self.plan)

    @property
    def at(self) -> dict[str, Any]:
        """The parameters of every address about this resident in this plan."""
        return {"cycle_id": self.plan.cycle_id, "plan_id": self.plan.id, "enrolment_id": self.enrolment.id}


def asked_of(cycle_id: int, plan_id: int, enrolment_id: int) -> Asked:
    """What is asked about; raises NotFound. Writes down that it was read."""
    found = Asked(plan_to_ask(cycle_id, plan_id), enrolment_to_ask(enrolment_id, cycle_id))
    stay = found.enrolment.stay
    record_read(stay, resident_id=stay.resident_id)
    return found


def answer_page(template: str, asked: Asked, **context: Any) -> str:
    """A page of this file: whole, or as the inside of a side panel."""
    name = paper_name(asked.enrolment.stay.resident)
    return plan_page(template, asked.plan, enrolment=asked.enrolment, name=name, at=asked.at, **context)


def plan_page(template: str, plan: Plan, **context: Any) -> str:
    """A page that answers a question about a plan: whole, or as the inside of a side panel."""
    in_panel = "panel" in request.args
    return render_template(
        template,
        layout="cycles/_in_panel.html" if in_panel else "base.html",
        in_panel=in_panel,
        cycle=plan.cycle,
        plan=plan,
        can_change=may_change(plan),
        page_url=_page_url(),
        points_explained=points_explained(),
        **context,
    )


def _page_url() -> str:
    """The same answer as a page of its own."""
    asked_for = {name: value for name, value in request.args.items() if name != "panel"}
    return url_for(str(request.endpoint), **{**asked_for, **(request.view_args or {})})


@pages.get(ADDRESS)
@allow(Role.MANAGER)
def plan_resident(cycle_id: int, plan_id: int, enrolment_id: int) -> str:
    """What one resident has in a plan, and why, need by need."""
    asked = asked_of(cycle_id, plan_id, enrolment_id)
    return answer_page("cycles/resident.html", asked, sheet=sheet_of(asked.plan, asked.enrolment))


@pages.get(f"{ADDRESS}/places/<any({', '.join(KINDS)}):need>")
@allow(Role.MANAGER)
def plan_places(cycle_id: int, plan_id: int, enrolment_id: int, need: str) -> str:
    """Every other place for one need, with its verdict; with ``?of=`` the other hours of one group."""
    asked = asked_of(cycle_id, plan_id, enrolment_id)
    if not is_in(asked.plan, asked.enrolment):
        raise NotFound("resident")
    names = names_in(asked.plan, studied(asked.plan).problem)
    listing = places_of(asked.plan, cast(WishKind, need), asked.enrolment.id, names, group=request.args.get("of"))
    return answer_page("cycles/places.html", asked, need=need, listing=listing)


@pages.get(f"{ADDRESS}/what-if")
@allow(Role.MANAGER)
def plan_what_if(cycle_id: int, plan_id: int, enrolment_id: int) -> Response | str:
    """What it would cost to give the resident the ``target`` of a ``kind``, and who would move."""
    asked = asked_of(cycle_id, plan_id, enrolment_id)
    if "kind" not in request.args:
        return redirect(url_for("cycles.plan_resident", **(request.view_args or {})))
    wish = Wish(cast(WishKind, request.args.get("kind", "")), asked.who, request.args.get("target", ""))
    need = "times" if wish.kind == "meeting" else wish.kind
    back = url_for("cycles.plan_resident", _anchor=f"need-{need}", **asked.at)
    return answer_page(
        "cycles/what_if.html",
        asked,
        back=back,
        back_name=paper_name(asked.enrolment.stay.resident),
        next=back,
        **what_if_answer(asked.plan, wish, asked.name),
    )


def what_if_answer(plan: Plan, wish: Wish, name: str) -> dict[str, Any]:
    """What the page says of a wish: the answer, who would move (``name`` first), what it costs, and the fields of the
    form that does it. 404 for a wish about what is not in the plan."""
    draft = studied(plan)
    try:
        found = what_if(draft.problem, draft.answer, wish)
        names = names_in(plan, draft.problem)
        freed = freed_of(plan, wish, names) if found.outcome == "impossible" else None
    except UnknownWish:
        abort(404)
    said = what_if_words(found, names)
    return {
        "fields": {"kind": wish.kind, "enrolment": wish.resident, "target": wish.target, "instead": wish.instead},
        "question": _question(wish, name, names),
        "outcome": found.outcome,
        "said": said,
        "freed": freed,
        "moves": sorted(said.moves, key=lambda move: move.who != name),
    }


def _question(wish: Wish, name: str, names: HouseNames) -> str:
    if wish.kind == "meeting":
        group, _sep, periods = wish.target.partition(":")
        return _("What if %(group)s met on %(hours)s?", group=names.group(group), hours=names.hours(periods.split(",")))
    return _("What if %(name)s had %(target)s?", name=name, target=wish_words(wish, names))
