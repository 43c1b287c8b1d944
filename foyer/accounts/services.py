"""Accounts: making them, signing in, passwords, languages, the office's houses."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select, update

from foyer.accounts import lockout
from foyer.accounts.models import OfficeResidence, Role, SignInLock, User
from foyer.accounts.passwords import WeakPassword, find_weakness, passwords
from foyer.audit.services import act_as, record
from foyer.database import db, utc_now
from foyer.errors import FoyerError
from foyer.names import name_key


class UsernameTaken(FoyerError):
    """Another account has this name."""


class UsernameUnfit(FoyerError):
    """A user name has 3 to 40 small letters, digits, dots or hyphens and begins with a letter."""


class WrongPassword(FoyerError):
    """The present password given for a change is not right."""


def find_user(user_id: int) -> User | None:
    """The account with this id, if there is one."""
    return db.session.get(User, user_id)


def find_by_username(username: str) -> User | None:
    """The account with this name (case does not matter), if there is one."""
    return db.session.scalar(select(User).where(User.username == username.strip().lower()))


def has_administrator() -> bool:
    """Whether anybody can make accounts yet."""
    return bool(db.session.scalar(select(exists().where(User.role == Role.ADMINISTRATOR, User.is_enabled.is_(True)))))


def create_user(
    *,
    username: str,
    display_name: str,
    role: Role,
    residence_id: int | None,
    password: str | None = None,
    language: str | None = None,
) -> User:
    """Make an account. Without a password only a sign-in slip opens it. Raises UsernameUnfit, UsernameTaken."""
    username = fit_username(username)
    if find_by_username(username):
        raise UsernameTaken(username)
    user = User(
        username=username,
        display_name=display_name.strip(),
        role=role,
        residence_id=residence_id,
        password_hash=passwords().hash(password) if password else None,
        language=language,
        session_stamp=_new_stamp(),
    )
    db.session.add(user)
    db.session.flush()
    return user


def fit_username(username: str) -> str:
    """The name as it is kept. Raises UsernameUnfit."""
    username = username.strip().lower()
    if not re.fullmatch(r"[a-z][a-z0-9.\-]{2,39}", username):
        raise UsernameUnfit(username)
    return username


def usernames_for(names: list[str]) -> list[str]:
    """A free user name for each person, made from the first two words of the name: eja.novitasari, eja.novitasari2."""
    stems = [_stem(name) for name in names]
    taken = set(db.session.scalars(select(User.username))) if stems else set()
    made = []
    for stem in stems:
        candidate, n = stem, 1
        while candidate in taken:
            n += 1
            candidate = f"{stem}{n}"
        taken.add(candidate)
        made.append(candidate)
    return made


def neutral_username() -> str:
    """A free user name that says nothing of whose it is: akun.4827. Short, since it is read aloud and typed on a
    phone; no secret, since the password is."""
    taken = set(db.session.scalars(select(User.username).where(User.username.like("akun.%"))))
    lowest = 10 ** max(3, len(str(len(taken))))  # at least nine in ten are free
    while True:
        made = f"akun.{lowest + secrets.randbelow(9 * lowest)}"
        if made not in taken:
            return made


def is_neutral(username: str) -> bool:
    """Whether this is a name as ``neutral_username`` makes them."""
    return re.fullmatch(r"akun\.\d{4,}", username) is not None


def _stem(name: str) -> str:
    words = [word for word in name_key(name).split() if word.isalpha()]
    long_words = [word for word in words if len(word) > 1] or words
    stem = ".".join(long_words[:2])[:32].strip(".")
    return stem if len(stem) >= 3 else f"akun.{stem}".strip(".")


def _new_stamp() -> str:
    return secrets.token_hex(8)


@dataclass(frozen=True)
class Attempt:
    """A counted try to sign in: whom it may concern, and until when the name is paused should it be wrong."""

    username: str
    user_id: int | None
    password_hash: str | None
    lock_id: int
    locked_until: datetime | None


def begin_sign_in(username: str) -> Attempt:
    """Count a try. Commit before checking the password: hashing is slow and must not hold the database.
    Raises lockout.AccountLocked."""
    lock = lockout.count_try(username)
    user = find_by_username(username)
    return Attempt(
        username=username,
        user_id=user.id if user else None,
        password_hash=user.password_hash if user else None,
        lock_id=lock.id,
        locked_until=lock.locked_until,
    )


def finish_sign_in(attempt: Attempt, *, is_right: bool) -> User | None:
    """Write down how the try ended; the account, if its password was right (it may be closed)."""
    user = find_user(attempt.user_id) if attempt.user_id is not None else None
    if user is None or not is_right:
        record("sign_in_failed", user or db.session.get(SignInLock, attempt.lock_id))
        if attempt.locked_until is not None and user is not None:
            record("sign_in_paused", user)
        return None
    lockout.forgive(attempt.username)
    if user.is_active:
        note_sign_in(user)
    else:
        record("sign_in_refused", user)
    return user


def note_sign_in(user: User) -> None:
    """Write the sign-in down. Past the ORM, since two devices may do so at once and neither edits the account."""
    act_as(actor_id=user.id, residence_id=user.residence_id)
    record("signed_in", user)
    table = User.__table__
    db.session.execute(update(table).where(table.c.id == user.id).values(last_sign_in_at=utc_now()))  # type: ignore[arg-type]


def set_password(user: User, password: str) -> None:
    """Give the account a new password and end its other sessions. Raises WeakPassword."""
    weakness = find_weakness(password, username=user.username, role=user.role)
    if weakness:
        raise WeakPassword(weakness)
    user.password_hash = passwords().hash(password)
    end_sessions(user)
    lockout.forgive(user.username)


def change_password(user: User, *, current: str, new: str) -> None:
    """Change one's own password. Raises WrongPassword, WeakPassword."""
    if not passwords().matches(current, user.password_hash):
        record("password_change_failed", user)
        raise WrongPassword
    set_password(user, new)


def end_sessions(user: User) -> None:
    """Sign the account out everywhere."""
    user.session_stamp = _new_stamp()
    db.session.flush()


def hold_account(user: User) -> None:
    """The office above the house suspends an account: it signs in no more, its sessions end, and nobody of the house
    can open it (Permensos 30/HUK/2011: no access during an investigation). Nothing is deleted."""
    user.is_held = True
    end_sessions(user)


def let_go_account(user: User) -> None:
    """The office ends the suspension; the account is as open or closed as it was."""
    user.is_held = False
    db.session.flush()


def choose_language(user: User, language: str) -> None:
    """Remember the person's language."""
    user.language = language
    db.session.flush()


def grant_house(user: User, residence_id: int) -> None:
    """Let an account of the office see one more house."""
    if residence_id not in houses_of_office(user):
        db.session.add(OfficeResidence(user_id=user.id, residence_id=residence_id))
        db.session.flush()


def withdraw_house(user: User, residence_id: int) -> None:
    """An account of the office sees this house no more."""
    row = db.session.scalar(
        select(OfficeResidence).where(OfficeResidence.user_id == user.id, OfficeResidence.residence_id == residence_id)
    )
    if row:
        db.session.delete(row)
        db.session.flush()


def houses_of_office(user: User) -> tuple[int, ...]:
    """The ids of the houses that an account of the office sees."""
    query = select(OfficeResidence.residence_id).where(OfficeResidence.user_id == user.id)
    return tuple(db.session.scalars(query.order_by(OfficeResidence.residence_id)))
