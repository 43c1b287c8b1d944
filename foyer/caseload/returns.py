"""Somebody who lived in the house before lives here again, by whichever page: what then happens in the parts of the
file that know of it, and the earlier wishes that are offered again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from foyer.accounts.models import User
from foyer.cycles.models import Choice, Cycle, Enrolment
from foyer.database import db
from foyer.residences.models import Staff
from foyer.residents.models import Resident, Stay


@dataclass(frozen=True)
class Back:
    """Who is back, with the new stay and the one before it; why; who decided it, on which day; and who is to accompany
    the resident (None: whoever the plan gives)."""

    resident: Resident
    stay: Stay
    before: Stay
    reason: str
    actor: User
    today: date
    counsellor: Staff | None = None


_HEARS: list[Callable[[Back], None]] = []


def register_return(hear: Callable[[Back], None]) -> None:
    """State what a part of the file does when somebody comes back."""
    _HEARS.append(hear)


def came_back(back: Back) -> None:
    """Let every part of the file know that somebody lives here again."""
    for hear in _HEARS:
        hear(back)


def stay_before(resident: Resident, stay: Stay) -> Stay | None:
    """The last stay that was over when this one began; None for whoever is here for the first time."""
    over = [each for each in resident.stays if each is not stay and each.leaves_on <= stay.arrives_on]
    return max(over, key=lambda each: each.arrives_on, default=None)


def enrol_again(back: Back, cycle: Cycle) -> Enrolment:
    """A place in the cycle with the wishes of the last one, without trades that are not taught any more, and the wish
    for the chosen counsellor."""
    last = db.session.scalar(
        select(Enrolment)
        .where(Enrolment.stay_id == back.before.id)
        .options(selectinload(Enrolment.choices).joinedload(Choice.trade))
        .order_by(Enrolment.id.desc())
        .limit(1)
    )
    row = Enrolment(residence_id=back.resident.residence_id, cycle_id=cycle.id, stay_id=back.stay.id)
    row.previous_counsellor_id = back.counsellor.id if back.counsellor else None
    row.wants_same_gender_counsellor = last.wants_same_gender_counsellor if last else False
    trades = [choice.trade for choice in last.choices if choice.trade.is_active] if last else []
    row.choices = [
        Choice(residence_id=trade.residence_id, rank=rank, trade_id=trade.id)
        for rank, trade in enumerate(trades, start=1)
    ]
    db.session.add(row)
    return row
