"""/atensi: a cycle's services by the seven components, as a page and as a workbook."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import Blueprint, flash, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from foyer.accounts.access import allow
from foyer.accounts.models import Role
from foyer.atensi.forms import ComponentsForm
from foyer.atensi.services import change_components, components_of, components_version, report_of
from foyer.atensi.workbook import workbook_of
from foyer.caseload.desk import desk_here
from foyer.cycles.labels import cycle_name
from foyer.cycles.models import Cycle
from foyer.cycles.queries import get_cycle, list_cycles
from foyer.editing import form_page, submitted
from foyer.sheets import MEDIA_TYPE

pages = Blueprint("atensi", __name__)


@pages.get("/atensi")
@allow(Role.MANAGER)
def index() -> str:
    """The report of a cycle: the one asked for, else the last one that has begun."""
    desk = desk_here()
    cycles = list_cycles(desk.residence.id)
    asked = request.args.get("cycle", type=int)
    cycle = get_cycle(asked) if asked is not None else _latest(cycles, desk.today)
    rows = report_of(desk.residence, cycle, desk.today) if cycle else []
    most = max((row.residents for row in rows), default=0)
    return render_template("atensi/index.html", cycle_name=cycle_name, rows=rows, most=most, cycle=cycle, cycles=cycles)


@pages.get("/atensi/<int:cycle_id>.xlsx")
@allow(Role.MANAGER)
def workbook(cycle_id: int) -> Response:
    """The same report as a workbook: figures, no names."""
    desk, cycle = desk_here(), get_cycle(cycle_id)
    answer = make_response(workbook_of(desk.residence, cycle, report_of(desk.residence, cycle, desk.today)))
    answer.headers["Content-Type"] = MEDIA_TYPE
    answer.headers["Content-Disposition"] = f'attachment; filename="atensi-{cycle.year}-{cycle.number}.xlsx"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@pages.route("/atensi/components", methods=["GET", "POST"])
@allow(Role.MANAGER)
def components() -> Any:
    """Which service counts to which component."""
    form = ComponentsForm(data=_counted())
    if submitted(form, lambda: change_components(g.residence_id, form.wanted, version=form.version.data)):
        flash(gettext("Saved. Reports of earlier cycles are counted so as well."), "good")
        return redirect(url_for("atensi.index"), 303)
    return form_page("atensi/components.html", form, lambda: ComponentsForm(formdata=None, data=_counted()))


def _counted() -> dict[str, Any]:
    """The house's list as its form is filled."""
    counted = {service.value: part for service, part in components_of(g.residence_id).items()}
    return {"version": components_version(g.residence_id), **counted}


def _latest(cycles: Sequence[Cycle], today: date) -> Cycle | None:
    """The last cycle that has begun, else the first of all."""
    begun = [cycle for cycle in cycles if cycle.starts_on <= today]
    return next(iter(begun), cycles[-1] if cycles else None)
