"""The names that a page about a stored plan needs, in one query, with the hours as they were in its problem. Whoever is
restricted has initials in sentences, which are printed and read over shoulders; boards and lists show the name."""

from __future__ import annotations

from sqlalchemy import case, literal, select, union_all

from foyer.cycles.models import Enrolment, Plan, TeachingGroup
from foyer.cycles.words.names import HouseNames
from foyer.database import db
from foyer.residences.models import Room, Staff, Trade, Venue
from foyer.residents.models import Resident, Stay
from foyer.residents.naming import initials
from foyer.scheduling.problem import Problem


def plan_names(plan: Plan, problem: Problem) -> HouseNames:
    """Everybody's and everything's, those that have left the house's lists included. For managers only."""
    columns = {
        "groups": (TeachingGroup.id, TeachingGroup.code),
        "rooms": (Room.id, Room.code),
        "staff": (Staff.id, Staff.full_name),
        "venues": (Venue.id, Venue.name),
        "subjects": (Trade.id, Trade.name),
    }
    parts = [
        select(literal(kind).label("kind"), id_, name.label("name")).where(id_.class_.residence_id == plan.residence_id)
        for kind, (id_, name) in columns.items()
    ]
    parts.append(
        select(
            case((Resident.is_restricted, "restricted"), else_="residents").label("kind"),
            Enrolment.id,
            Resident.full_name.label("name"),
        )
        .join(Stay, Stay.id == Enrolment.stay_id)
        .join(Resident, Resident.id == Stay.resident_id)
        .where(Enrolment.cycle_id == plan.cycle_id)
    )
    found: dict[str, dict[str, str]] = {kind: {} for kind in (*columns, "residents")}
    for kind, id_, name in db.session.execute(union_all(*parts)):
        if kind == "restricted":
            kind, name = "residents", initials(name)
        found[kind][str(id_)] = name
    return HouseNames(plan.cycle.night(0), periods={period.id: period for period in problem.periods}, **found)
