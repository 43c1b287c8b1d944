"""What of leaving waits for a manager: exits to decide on, signs not answered in time, offers of other houses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, or_, select

from foyer.database import db
from foyer.leaving.aftercare_models import RapidResponse
from foyer.leaving.models import Exit, ExitState
from foyer.leaving.transfer_models import TransferArrival, TransferState


@dataclass(frozen=True)
class Waiting:
    """How many of each; ``first_exit`` is the resident of the one that leaves first."""

    exits: int
    first_exit: int | None
    signs: int
    arrivals: int


def waiting_for(actor_id: int, now: datetime) -> Waiting:
    """What waits for this manager. Exits that the manager proposed wait for somebody else. One query."""
    proposed = (Exit.state == ExitState.PROPOSED, Exit.proposed_by_id != actor_id)
    first = select(Exit.resident_id).where(*proposed).order_by(Exit.leaves_on, Exit.id).limit(1)
    late = and_(RapidResponse.reached_at.is_(None), RapidResponse.due_at <= now)
    signs = select(func.count(RapidResponse.id)).where(
        RapidResponse.closed_at.is_(None), or_(RapidResponse.escalated_at.is_not(None), late)
    )
    offered = select(func.count(TransferArrival.id)).where(TransferArrival.state == TransferState.OFFERED)
    row = db.session.execute(
        select(
            select(func.count(Exit.id)).where(*proposed).scalar_subquery(),
            first.scalar_subquery(),
            signs.scalar_subquery(),
            offered.scalar_subquery(),
        )
    ).one()
    return Waiting(*row)
