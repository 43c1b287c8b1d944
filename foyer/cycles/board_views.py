"""The boards of a plan: who is in which class, with which counsellor, in which room. Drafts are for managers only."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

from flask import abort, render_template, request, url_for

from foyer.accounts.access import allow
from foyer.accounts.models import Role
from foyer.cycles.blueprint import pages
from foyer.cycles.boards import Looking, Show, board_of
from foyer.cycles.cards import Colour
from foyer.cycles.models import CycleState, Plan, PlanState
from foyer.cycles.queries import get_plan
from foyer.cycles.review import load_review

Choice = TypeVar("Choice", bound=StrEnum)


@pages.get("/<int:cycle_id>/plans/<int:plan_id>/board/<any(classes, education, counsellors, rooms):by>")
@allow(Role.MANAGER)
def board(cycle_id: int, plan_id: int, by: str) -> str:
    """Columns of cards, searched and filtered as the address says."""
    found = get_plan(plan_id, cycle_id)
    return render_template(
        "cycles/board.html",
        cycle=found.cycle,
        plan=found,
        by=by,
        board=board_of(load_review(found), by, _looking()),
        may_change=may_change(found),
        panel=_panel(found),
    )


def may_change(plan: Plan) -> bool:
    """Whether cards can be moved: in drafts of a cycle that is not over."""
    return plan.state is PlanState.DRAFT and plan.cycle.state is not CycleState.CLOSED


def _looking() -> Looking:
    """What the address asks for. The form says ``sorted`` so that a switch turned off differs from no switch at all."""
    asked = request.args
    return Looking(
        q=asked.get("q", "").strip()[:80],
        show=_one_of(Show, asked.get("show", Show.ALL)),
        colour=_one_of(Colour, asked.get("colour", Colour.WISH)),
        unhappy_first="unhappy" in asked or "sorted" not in asked,
    )


def _one_of(kind: type[Choice], value: str) -> Choice:
    try:
        return kind(value)
    except ValueError:
        abort(404)


def _panel(plan: Plan) -> str:
    """The address of residents' pages up to the enrolment's id."""
    return url_for("cycles.plan_resident", cycle_id=plan.cycle_id, plan_id=plan.id, enrolment_id=0)[:-1]
