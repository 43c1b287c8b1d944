"""Things that the sending house still keeps for somebody who moved: both houses have a line of each, and both say when
it went from one to the other. Services flush.

As everything about a transfer it touches two houses, each through the scope of both (``transfers``).
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from foyer.accounts.models import User
from foyer.database import db, house_scope, utc_now
from foyer.records import change_record, flush
from foyer.registers.models import Valuable
from foyer.registers.writing import DoneAlready
from foyer.residents.models import Resident


def announce_things(old: Resident, new: Resident, *, sender: str, receiver: str, actor: User) -> list[Valuable]:
    """For each thing that the sending house has not handed back, a line of the receiving house's register that waits
    for it. Called within the scope of both houses; gives the new lines."""
    kept = select(Valuable).where(
        Valuable.resident_id == old.id, Valuable.back_at.is_(None), Valuable.struck_at.is_(None)
    )
    made = []
    for row in db.session.scalars(kept.order_by(Valuable.id)):
        if row.other_line_id is not None and row.is_from_other and row.received_at is None:
            continue  # it never came to this house either
        line = Valuable(
            residence_id=new.residence_id,
            resident_id=new.id,
            at=utc_now(),
            written_at=utc_now(),
            written_by_id=actor.id,
            thing=row.thing,
            note=row.note,
            is_from_other=True,
            other_house=sender,
            other_house_id=old.residence_id,
            other_line_id=row.id,
        )
        db.session.add(line)
        flush()
        change_record(
            row,
            {
                "other_house": receiver,
                "other_house_id": new.residence_id,
                "other_line_id": line.id,
                "is_from_other": False,
                "other_side_at": None,
            },
        )
        made.append(line)
    return made


def hand_over(row: Valuable, *, actor: User) -> None:
    """The sending house says that the thing is on its way to the other house. Raises DoneAlready."""
    if row.is_from_other or row.other_house is None or row.back_at is not None or row.struck_at is not None:
        raise DoneAlready
    now = utc_now()
    change_record(row, {"back_at": max(now, row.at), "back_by_id": actor.id, "back_to": row.other_house})
    _tell(row, now)


def receive(row: Valuable, *, actor: User) -> None:
    """The receiving house says that the thing is here: from now on it keeps it. Raises DoneAlready."""
    if not row.is_from_other or row.received_at is not None or row.struck_at is not None:
        raise DoneAlready
    now = utc_now()
    change_record(row, {"received_at": now, "received_by_id": actor.id})
    _tell(row, now)


def _tell(row: Valuable, now: datetime) -> None:
    """Write onto the other house's line that this side confirmed."""
    assert row.other_house_id is not None
    with house_scope(row.residence_id, row.other_house_id):
        other = db.session.scalar(select(Valuable).where(Valuable.id == row.other_line_id))
        if other is not None:
            change_record(other, {"other_side_at": now})
