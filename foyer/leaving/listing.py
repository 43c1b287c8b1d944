"""The exits of the house as a list: filtered, sorted and cut into pages by the database."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from foyer.accounts.models import User
from foyer.caseload.desk import Desk
from foyer.caseload.mine import own_resident_ids
from foyer.leaving.models import Exit, ExitState
from foyer.paging import Paged, cut_scalars
from foyer.residents.models import Resident, in_sight

PAGE_SIZE = 30
UNDER_WAY = (ExitState.PREPARING, ExitState.PROPOSED)
SHOWN = ("under_way", "all", *[state.value for state in ExitState])
SORTS = ("day", "name", "state", "proposed_by")


def exits_of_house(
    desk: Desk, *, show: str = "under_way", sort: str = "day", descending: bool = False, page: int = 1
) -> Paged[Exit]:
    """A page of the exits of those whom the actor answers for; for a manager all of the house. ``show``: one of
    ``SHOWN``, ``sort``: one of ``SORTS``; anything else counts as the first of them. Two queries."""
    proposer = aliased(User)
    query = (
        select(Exit)
        .join(Resident, Resident.id == Exit.resident_id)
        .outerjoin(proposer, proposer.id == Exit.proposed_by_id)
        .where(Exit.resident_id.in_(own_resident_ids(desk)), in_sight())
        .options(contains_eager(Exit.resident), contains_eager(Exit.proposed_by.of_type(proposer)))
        .options(joinedload(Exit.decided_by))
    )
    if show in [state.value for state in ExitState]:
        query = query.where(Exit.state == ExitState(show))
    elif show != "all":
        query = query.where(Exit.state.in_(UNDER_WAY))
    columns: dict[str, Any] = {
        "name": Resident.name_key,
        "state": Exit.state,
        "proposed_by": proposer.display_name,
    }
    column = columns.get(sort, Exit.leaves_on)
    order = column.desc() if descending else column.asc()
    return cut_scalars(query.order_by(column.is_(None), order, Exit.leaves_on, Exit.id), page, PAGE_SIZE)
