"""A certificate that the house issues is one that the resident earned: written once, it stands in both places.

The two are tied by the number, which is the house's own and stands on the paper. Somebody who wrote the earned one down
before, with that number, is not written over.
"""

from __future__ import annotations

from sqlalchemy import select

from foyer.caseload.desk import Desk
from foyer.database import db
from foyer.names import name_key
from foyer.residences.models import Trade
from foyer.residents.models import Resident, Stay
from foyer.training import withdrawing
from foyer.training.conduct import add_certificate, certificates_of
from foyer.training.progress_models import EarnedCertificate

TITLE = "Pelatihan di panti"  # of a certificate that names no trade, in the language of the house's papers


def earn_certificate(desk: Desk, resident: Resident, stay: Stay, *, number: str, trade_name: str) -> EarnedCertificate:
    """The earned certificate of an issued one: the one with this number, else a new one."""
    known = _with_number(resident.id, number)
    if known is not None:
        return known
    trade = db.session.scalar(select(Trade).where(Trade.name_key == name_key(trade_name))) if trade_name else None
    return add_certificate(
        resident,
        stay,
        title=trade_name or TITLE,
        issuer=desk.residence.name[:160],
        number=number,
        earned_on=desk.today,
        trade_id=trade.id if trade else None,
        today=desk.today,
        actor_id=desk.actor.id,
    )


def lose_certificate(desk: Desk, resident_id: int, *, number: str, why: str) -> None:
    """The paper was withdrawn, so its earned certificate is as well."""
    known = _with_number(resident_id, number)
    if known is not None and why.strip():
        withdrawing.withdraw(known, why=why, actor_id=desk.actor.id)


def _with_number(resident_id: int, number: str) -> EarnedCertificate | None:
    """Numbers are encrypted, so they are compared here: a resident has a handful."""
    return next((row for row in certificates_of(resident_id) if row.number == number), None)
