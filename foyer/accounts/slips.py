"""Sign-in slips: a printed code that lets its owner in once, to choose a password. Only a keyed digest is kept."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import timedelta

from flask import current_app
from sqlalchemy import select

from foyer.accounts.models import SignInSlip, User
from foyer.audit.services import record
from foyer.database import blind_index, db, utc_now
from foyer.errors import FoyerError

# Letters and digits that nobody confuses on paper: without 0 O, 1 I L, 2 Z, 5 S, 8 B, U V.
ALPHABET = "34679ACDEFGHJKMNPQRTWXY"
GROUPS, LETTERS = 3, 4  # 23 ** 12: 54 bits, and the digest is keyed


class SlipRefused(FoyerError):
    """No such code, or it was used, replaced or has run out: all alike on purpose."""


@dataclass(frozen=True)
class IssuedSlip:
    """A slip at the only moment when its code is known."""

    user: User
    slip: SignInSlip
    code: str


def _new_code() -> str:
    groups = ("".join(secrets.choice(ALPHABET) for _ in range(LETTERS)) for _ in range(GROUPS))
    return "-".join(groups)


def _digest(code: str) -> str:
    return blind_index("slip:" + re.sub(r"[^A-Z0-9]", "", code.upper()))


def issue_slip(user: User) -> IssuedSlip:
    """Make a code for the account; earlier unused ones stop working. The code can never be shown again."""
    now = utc_now()
    unused = select(SignInSlip).where(
        SignInSlip.user_id == user.id, SignInSlip.used_at.is_(None), SignInSlip.expires_at > now
    )
    for earlier in db.session.scalars(unused):
        earlier.expires_at = now
    code = _new_code()
    slip = SignInSlip(
        user_id=user.id,
        code_digest=_digest(code),
        issued_at=now,
        expires_at=now + timedelta(days=current_app.config["FOYER"].slip_days),
    )
    db.session.add(slip)
    db.session.flush()
    return IssuedSlip(user, slip, code)


def slip_for_code(code: str) -> SignInSlip:
    """The slip that this code opens now. Raises SlipRefused."""
    return _usable(db.session.scalar(select(SignInSlip).where(SignInSlip.code_digest == _digest(code))))


def open_slip(slip_id: int) -> tuple[SignInSlip, User]:
    """A slip that was found before, held until the transaction ends, if it still opens. Raises SlipRefused."""
    slip = _usable(db.session.scalar(select(SignInSlip).where(SignInSlip.id == slip_id).with_for_update()))
    user = db.session.get(User, slip.user_id)
    assert user is not None
    return slip, user


def use_slip(slip: SignInSlip, user: User) -> None:
    """The slip has done its work and opens nothing any more."""
    slip.used_at = utc_now()
    record("used_slip", user)
    db.session.flush()


def _usable(slip: SignInSlip | None) -> SignInSlip:
    if slip is None or slip.used_at is not None or slip.expires_at <= utc_now():
        raise SlipRefused
    user = db.session.get(User, slip.user_id)
    if user is None or not user.is_active:
        raise SlipRefused
    return slip
