"""Why a resident has what a plan gives: told on the resident's page, which answers at the older address too."""

from __future__ import annotations

from flask import redirect, url_for
from werkzeug.wrappers import Response

from foyer.accounts.access import allow
from foyer.accounts.models import Role
from foyer.cycles.asking import enrolment_to_ask
from foyer.cycles.blueprint import pages
from foyer.cycles.queries import get_plan


@pages.get("/<int:cycle_id>/plans/<int:plan_id>/residents/<int:enrolment_id>/why")
@allow(Role.MANAGER)
def plan_why(cycle_id: int, plan_id: int, enrolment_id: int) -> Response:
    """Where somebody kept the address of the explanation alone."""
    get_plan(plan_id, cycle_id)
    enrolment_to_ask(enrolment_id, cycle_id)
    return redirect(url_for("cycles.plan_resident", cycle_id=cycle_id, plan_id=plan_id, enrolment_id=enrolment_id))
