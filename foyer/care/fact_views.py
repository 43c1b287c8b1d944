"""What the planner counts with: looked at, corrected and confirmed on one page."""

from __future__ import annotations

from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from foyer.care import facts as services
from foyer.care.forms import FactsForm, facts_form
from foyer.care.models import PlannerFact
from foyer.care.pages import Page, care, edited, opened, stay_here
from foyer.caseload.desk import desk_here
from foyer.caseload.people import names_for
from foyer.caseload.rights import Act, Part, may, rights_of
from foyer.caseload.sections import file_context, stay_that_counts
from foyer.database import db
from foyer.residents.models import Resident, Stay


@care.get("/residents/<int:resident_id>/facts")
@may(Part.HEALTH)
def facts(resident_id: int) -> str:
    """Each fact with the day and the person of its last confirmation."""
    desk = desk_here()
    found = opened(resident_id, Part.HEALTH)
    stay = stay_that_counts(found, desk)
    return render_template(
        "care/facts.html",
        **file_context(desk, found, "facts"),
        facts=list(PlannerFact),
        confirmed=services.confirmations_of(stay.id) if stay else {},
        changed=services.changed_since(stay) if stay else {},
        aptitudes=services.aptitudes_of(resident_id),
        others=_others(found),
        may_write=Act.WRITE in rights_of(desk, resident_id, Part.HEALTH),
    )


@care.route("/residents/<int:resident_id>/facts/confirm", methods=["GET", "POST"])
@may(Part.HEALTH, Act.WRITE)
def confirm_facts(resident_id: int) -> Page:
    """Correct and confirm."""
    desk = desk_here()
    found = opened(resident_id, Part.HEALTH, Act.WRITE)
    stay = stay_here(found)
    form = _form(stay)

    def act() -> None:
        services.confirm_facts(
            found,
            stay,
            {"needs": form.needs.data, "education_level": form.education_level.data},
            form.aptitudes(),
            form.confirmed.data or [],
            on=desk.today,
            version=form.version.data,
            actor=current_user,
        )

    return edited(
        resident_id,
        form,
        act,
        heading=_("What the planner counts with"),
        back=url_for("care.facts", resident_id=resident_id),
        said=_("Confirmed. The next plan counts with it."),
        current=lambda: _form(db.session.get_one(Stay, stay.id, populate_existing=True), formdata=None),
        template="care/facts_form.html",
        stay=stay,
        others=_others(found),
    )


def _form(stay: Stay, **options: Any) -> FactsForm:
    known = {row.trade_id: row.level for row in services.aptitudes_of(stay.resident_id)}
    trades = services.trades_taught()
    aptitudes = {f"aptitude_{trade.id}": known.get(trade.id) for trade in trades}
    return facts_form(trades, obj=stay, data=aptitudes, own_needs=stay.needs, **options)


def _others(resident: Resident) -> list[str]:
    """The names, as the actor may read each, of those whom the plan keeps apart from the resident: a pair is told in
    both files, and whoever answers for one of the two need not be in the other's team."""
    desk = desk_here()
    pairs = services.pairs_of(resident.id, desk.today)
    others = [pair.resident_b if pair.resident_a_id == resident.id else pair.resident_a for pair in pairs]
    return sorted(names_for(desk, others, on_page=True).values())
