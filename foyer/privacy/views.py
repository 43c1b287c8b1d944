"""/privacy: what data a house keeps, why, how long, who answers for it and whom to ask. For everybody, also before
signing in: residents, their families, and whoever asks in their name (UU 27/2022)."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, g, render_template, request
from sqlalchemy import select

from foyer.accounts.access import allow_anyone
from foyer.database import db, house_scope
from foyer.errors import NotFound
from foyer.leaving.models import LeavingRules
from foyer.residences.models import Residence

pages = Blueprint("privacy", __name__)


@pages.get("/privacy")
@allow_anyone
def house() -> str:
    """The page of one house: of the one asked for, of one's own, of the only one; else the houses to choose from."""
    houses = db.session.scalars(select(Residence).order_by(Residence.name)).all()
    found = _chosen(houses)
    return render_template("privacy/house.html", house=found, houses=houses, keeping=_keeping(found) if found else None)


def _chosen(houses: Sequence[Residence]) -> Residence | None:
    asked = request.args.get("house", g.get("residence_id"), type=int)
    if asked is None:
        return houses[0] if len(houses) == 1 else None
    found = next((each for each in houses if each.id == asked), None)
    if found is None:
        raise NotFound("house")
    return found


def _keeping(residence: Residence) -> LeavingRules | None:
    """How long the house keeps a file, by which rule; None: it has not said."""
    with house_scope(residence.id):
        rules = db.session.scalar(select(LeavingRules).where(LeavingRules.residence_id == residence.id))
    return rules if rules is not None and rules.keep_years is not None else None
