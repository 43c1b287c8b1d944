"""How many incidents of which kind: for the manager each figure opens its records; the office reads figures only."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import select

from foyer.accounts.access import allow
from foyer.accounts.models import Role
from foyer.caseload.desk import desk_here
from foyer.database import db, house_scope
from foyer.editing import form_page, submitted
from foyer.incidents import queries
from foyer.incidents.blueprint import incidents
from foyer.incidents.forms import RulesForm
from foyer.incidents.models import IncidentKind
from foyer.incidents.rules import change_rules, rules_of
from foyer.residences.models import Residence

Page = Any
_RULES = (
    "guardian_hours",
    "guardian_source",
    "office_hours",
    "office_source",
    "data_hours",
    "data_source",
    "warn_hours",
)


@incidents.get("/incidents/figures")
@allow(Role.MANAGER)
def figures() -> str:
    """The last six months by month and kind."""
    desk = desk_here()
    months = queries.figures_of([desk.residence])[desk.residence.id]
    most = max((month.total for month in months), default=0)
    return render_template("incidents/figures.html", months=months, most=most, kinds=list(IncidentKind))


@incidents.get("/incidents/overview")
@allow(Role.OFFICE)
def overview() -> str:
    """Each house of the office in figures: how many, how many serious, of which kind. Nobody is named."""
    houses = db.session.scalars(
        select(Residence).where(Residence.id.in_(g.residence_ids)).order_by(Residence.name)
    ).all()
    with house_scope(*g.residence_ids):
        found = queries.figures_of(houses)
    rows = [(house, found[house.id]) for house in houses]
    return render_template("incidents/overview.html", houses=rows, kinds=list(IncidentKind))


@incidents.route("/incidents/rules", methods=["GET", "POST"])
@allow(Role.MANAGER)
def rules() -> Page:
    """Within how many hours the house tells whom, and which rule says so."""
    own = rules_of(g.residence_id)
    form = RulesForm(obj=own, formdata=None) if request.method == "GET" else RulesForm()

    def act() -> None:
        values = {name: form[name].data or "" for name in _RULES}
        change_rules(g.residence_id, values, version=form.version.data)

    if submitted(form, act):
        flash(gettext("Saved. Clocks that run already stay as they are."), "good")
        return redirect(url_for("incidents.index"), 303)
    return form_page(
        "incidents/edit.html",
        form,
        lambda: RulesForm(obj=rules_of(g.residence_id), formdata=None),
        heading=gettext("Whom the house tells, and how fast"),
        lead="",
        back=url_for("incidents.index"),
    )
