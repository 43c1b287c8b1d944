"""What a house calls everything that a stored plan speaks of, read in one query."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import ColumnElement, Select, case, literal, select, union_all
from sqlalchemy.orm import InstrumentedAttribute

from foyer.cycles.models import Enrolment, Plan, TeachingGroup
from foyer.cycles.words.names import HouseNames
from foyer.database import db
from foyer.residences.models import Room, Staff, Trade, Venue
from foyer.residents.models import Resident, Stay
from foyer.residents.naming import initials
from foyer.scheduling.problem import Problem


def names_in(plan: Plan, problem: Problem, *, only: Mapping[str, str] | None = None) -> HouseNames:
    """The names of a plan's house; hours as they were in the problem. ``only``: name these residents (by enrolment id)
    and nobody else, for what is also read to the resident."""
    known = _known(plan, with_residents=only is None)
    return HouseNames(
        plan.cycle.night(0),
        residents=known.get("residents", {}) if only is None else only,
        groups=known["groups"],
        rooms=known["rooms"],
        staff=known["staff"],
        venues=known["venues"],
        subjects=known["trades"],
        periods={period.id: period for period in problem.periods},
    )


def _known(plan: Plan, *, with_residents: bool) -> dict[str, dict[str, str]]:
    """Names by kind and id."""
    house = plan.residence_id
    parts = [
        _part("groups", TeachingGroup.id, TeachingGroup.code, TeachingGroup.cycle_id == plan.cycle_id),
        _part("rooms", Room.id, Room.code, Room.residence_id == house),
        _part("staff", Staff.id, Staff.full_name, Staff.residence_id == house),
        _part("venues", Venue.id, Venue.name, Venue.residence_id == house),
        _part("trades", Trade.id, Trade.name, Trade.residence_id == house),
    ]
    if with_residents:
        kind = case((Resident.is_restricted, "restricted"), else_="residents").label("kind")
        own = select(kind, Enrolment.id.label("id"), Resident.full_name.label("name")).select_from(Enrolment)
        own = own.where(Enrolment.cycle_id == plan.cycle_id)
        parts.append(own.join(Stay, Stay.id == Enrolment.stay_id).join(Resident, Resident.id == Stay.resident_id))
    found: dict[str, dict[str, str]] = {kind: {} for kind in ("groups", "rooms", "staff", "venues", "trades")}
    for row in db.session.execute(union_all(*parts)):
        is_restricted = row[0] == "restricted"  # in sentences by initials: foyer.cycles.known
        kind_found, name = ("residents", initials(row[2])) if is_restricted else (row[0], row[2])
        found.setdefault(kind_found, {})[str(row[1])] = name
    return found


def _part(
    kind: str, id_: InstrumentedAttribute[int], name: InstrumentedAttribute[str], where: ColumnElement[bool]
) -> Select[str, int, str]:
    table = id_.class_
    return select(literal(kind).label("kind"), id_.label("id"), name.label("name")).select_from(table).where(where)
