"""Where a resident fits best: the best whole placements, for somebody new or for somebody with an open need."""

from __future__ import annotations

from flask import request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from foyer.accounts.access import allow
from foyer.accounts.models import Role
from foyer.accounts.views import local_path
from foyer.cycles.ask_views import ADDRESS, answer_page, asked_of
from foyer.cycles.asking import enrolment_to_ask, plan_to_ask
from foyer.cycles.blueprint import pages
from foyer.cycles.change_views import answered
from foyer.cycles.models import CycleState, Plan
from foyer.cycles.plan_names import names_in
from foyer.cycles.recommending import MOST_MOVED, Recommended, key_of, place, recommended
from foyer.cycles.words.recommend import recommendation_words

Page = str | Response | tuple[str | Response, int]


@pages.get(f"{ADDRESS}/recommend")
@allow(Role.MANAGER)
def plan_recommend(cycle_id: int, plan_id: int, enrolment_id: int) -> Page:
    """Three placements for which nobody moves, and the best with at most ``?moved=`` others moved."""
    asked, most_moved = asked_of(cycle_id, plan_id, enrolment_id), _most_moved()
    found = recommended(asked.plan, asked.enrolment, most_moved)
    said = recommendation_words(found.answer, names_in(asked.plan, found.problem)) if found is not None else None
    is_new = found is not None and found.is_new
    is_open = asked.plan.cycle.state is not CycleState.CLOSED
    return answer_page(
        "cycles/recommend.html",
        asked,
        said=said,
        keys=_keys(found),
        most_moved=most_moved,
        is_new=is_new,
        may_take=is_open if is_new else asked.may_change,
    )


@pages.post(f"{ADDRESS}/recommend")
@allow(Role.MANAGER)
def plan_take_placement(cycle_id: int, plan_id: int, enrolment_id: int) -> Page:
    """Give the resident the ``placement`` that the page showed under this key."""
    enrolment = enrolment_to_ask(enrolment_id, cycle_id)

    def act() -> Plan:
        return place(
            plan=plan_to_ask(cycle_id, plan_id),
            version=request.form.get("version", 0, type=int),
            enrolment=enrolment,
            key=request.form.get("placement", ""),
            most_moved=_most_moved(),
            actor_id=current_user.id,
        )

    def then(plan: Plan) -> str:
        wanted = local_path(request.form.get("next"))
        if plan.id == plan_id and wanted != "/":
            return wanted
        return url_for("cycles.plan_resident", cycle_id=cycle_id, plan_id=plan.id, enrolment_id=enrolment_id)

    return answered(cycle_id, plan_id, act, then)


def _keys(found: Recommended | None) -> list[str]:
    """The placements' keys in the order of the page, that with moves last."""
    if found is None:
        return []
    return [key_of(each) for each in (*found.answer.placements, found.answer.with_moves) if each is not None]


def _most_moved() -> int:
    return min(max(request.values.get("moved", 1, type=int), 1), MOST_MOVED)
