"""What somebody of the staff is to do by name: steps of plans, decisions, measures, answers; whosever resident."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from foyer.accounts.models import Role
from foyer.caseload.desk import Desk
from foyer.caseload.dues import Due, dues_named_to, naming_of
from foyer.caseload.rights import TEAM, Who, parts_open, relation_column
from foyer.database import db
from foyer.residents.models import Resident, in_sight
from foyer.residents.naming import name_for, paper_name

_INTAKE = frozenset({Role.MANAGER, Role.COUNSELLOR})


@dataclass(frozen=True)
class Named:
    """Something to do, with the resident's name as the actor may read it. Where ``may_open`` is False the page that
    says more belongs to a part of the file that is closed to the actor."""

    due: Due
    name: str
    may_open: bool


def named_to(desk: Desk, *, but_of: Container[int] = ()) -> list[Named]:
    """What the actor is to do by name, the most overdue first; ``but_of``: residents whose dues the page shows in
    another list. Somebody may be named who is nothing to the resident: then it is said that there is something and by
    when, with initials for whoever is restricted, and no more. Two queries at most."""
    dues = [due for due in dues_named_to(desk) if due.resident_id not in but_of]
    people = _people(desk, {due.resident_id for due in dues}) if dues else {}
    found = []
    for due in dues:
        if due.resident_id in people:  # a file that was merged or destroyed asks for nothing
            name, who = people[due.resident_id]
            found.append(Named(due, name, _may_open(desk, due, who)))
    return found


def _people(desk: Desk, resident_ids: set[int]) -> dict[int, tuple[str, Who | None]]:
    """The residents' names for a page, and what the actor is to each."""
    rows: Any = db.session.execute(
        select(Resident.id, Resident.full_name, Resident.is_restricted, relation_column(desk).label("who")).where(
            Resident.id.in_(resident_ids), in_sight()
        )
    )
    found = {}
    for row in rows:
        who = Who(row.who) if row.who else None
        found[row.id] = (paper_name(row) if who in TEAM else name_for(row, False), who)
    return found


def _may_open(desk: Desk, due: Due, who: Who | None) -> bool:
    part = naming_of(due.kind).part
    return desk.actor.role in _INTAKE if part is None else part in parts_open(who)
