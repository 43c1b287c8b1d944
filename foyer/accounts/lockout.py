"""Wrong passwords: counted per name, and answered with a pause that grows.

Every try is counted before the password is looked at and forgiven when it was right, so that many tries at once cannot
slip past the limit.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from foyer.accounts.models import SignInLock
from foyer.database import blind_index, db, utc_now
from foyer.errors import FoyerError

FREE_TRIES = 5
PAUSES = (1, 2, 4, 8, 15)  # minutes, from the fifth wrong password on
_FORGOTTEN_AFTER = timedelta(hours=24)


class AccountLocked(FoyerError):
    """Too many wrong passwords; the next try is possible at ``until``."""

    def __init__(self, until: datetime):
        super().__init__(until.isoformat())
        self.until = until


def digest_of_name(username: str) -> str:
    return blind_index("sign-in:" + username.strip().casefold())


def count_try(username: str) -> SignInLock:
    """Count a try for this name. Raises AccountLocked while it is paused (and does not count then)."""
    lock = _locked_row(digest_of_name(username))
    now = utc_now()
    if lock.locked_until and lock.locked_until > now:
        raise AccountLocked(lock.locked_until)
    if now - lock.failed_at > _FORGOTTEN_AFTER:
        lock.failures = 0
    lock.failures += 1
    lock.failed_at = now
    lock.locked_until = None
    if lock.failures >= FREE_TRIES:
        minutes = PAUSES[min(lock.failures - FREE_TRIES, len(PAUSES) - 1)]
        lock.locked_until = now + timedelta(minutes=minutes)
    db.session.flush()
    return lock


def forgive(username: str) -> bool:
    """Forget the wrong passwords for this name; whether there were any."""
    lock = find_lock(username)
    if lock is None:
        return False
    db.session.delete(lock)
    db.session.flush()
    return True


def find_lock(username: str) -> SignInLock | None:
    """The count for this name, if anything was counted."""
    return db.session.scalar(select(SignInLock).where(SignInLock.name_digest == digest_of_name(username)))


def locked_names(usernames: list[str]) -> set[str]:
    """Which of these names are paused now."""
    by_digest = {digest_of_name(name): name for name in usernames}
    found = db.session.scalars(
        select(SignInLock.name_digest).where(SignInLock.name_digest.in_(by_digest), SignInLock.locked_until > utc_now())
    )
    return {by_digest[digest] for digest in found}


def _locked_row(digest: str) -> SignInLock:
    """The name's row, held until the transaction ends; made on the first try."""
    query = select(SignInLock).where(SignInLock.name_digest == digest).with_for_update()
    lock = db.session.scalar(query)
    if lock is not None:
        return lock
    db.session.execute(delete(SignInLock).where(SignInLock.failed_at < utc_now() - _FORGOTTEN_AFTER))
    try:
        with db.session.begin_nested():
            lock = SignInLock(name_digest=digest, failures=0, failed_at=utc_now())
            db.session.add(lock)
    except IntegrityError:  # another process was first
        lock = db.session.scalars(query).one()
    return lock
