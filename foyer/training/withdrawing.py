"""Taking back a record: it stays, with who withdrew it, when and why."""

from __future__ import annotations

from foyer.database import utc_now
from foyer.errors import FoyerError
from foyer.records import flush
from foyer.training.progress_models import Recorded


class WithdrawalUnexplained(FoyerError):
    """Whoever takes back a record says why."""


class AlreadyWithdrawn(FoyerError):
    """Somebody took it back before."""


def withdraw(record: Recorded, *, why: str, actor_id: int) -> None:
    """Withdraw a record. Raises WithdrawalUnexplained, AlreadyWithdrawn."""
    if record.withdrawn_at is not None:
        raise AlreadyWithdrawn
    if not why.strip():
        raise WithdrawalUnexplained
    record.withdrawn_at, record.withdrawn_by_id, record.withdrawn_why = utc_now(), actor_id, why.strip()
    flush()
