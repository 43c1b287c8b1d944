"""How the residents of a list are named to the actor."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import or_, select

from foyer.accounts.models import Role
from foyer.caseload.desk import Desk
from foyer.caseload.mine import own_resident_ids, supervised_resident_ids
from foyer.database import db
from foyer.residents.models import Resident
from foyer.residents.naming import name_for, paper_name


def names_for(desk: Desk, residents: Iterable[Resident], *, on_page: bool = False) -> dict[int, str]:
    """The name of each resident as the actor may read it: of restricted ones only who answers for them today reads more
    than the initials, though the actor may have counselled them before. ``on_page``: with the initials for paper. One
    query, none where nobody is restricted."""
    found = list(residents)
    restricted = [each.id for each in found if each.is_restricted]
    team: set[int] = set()
    if restricted and desk.actor.role is Role.MANAGER:
        team = set(restricted)
    elif restricted:
        mine = or_(Resident.id.in_(own_resident_ids(desk)), Resident.id.in_(supervised_resident_ids(desk)))
        team = set(db.session.scalars(select(Resident.id).where(Resident.id.in_(restricted), mine)))
    named = {each.id: name_for(each, each.id in team) for each in found}
    return named | {each.id: paper_name(each) for each in found if on_page and each.id in team}
