"""Accounts: making them, signing in, slips, lockout."""

from __future__ import annotations

import secrets

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import select

from foyer.accounts.models import Role, User
from foyer.database import db

passwords = PasswordHash((Argon2Hasher(),))


def find_user(user_id: int) -> User | None:
    """The account with this id, if there is one."""
    return db.session.get(User, user_id)


def find_by_username(username: str) -> User | None:
    """The account with this name (case does not matter), if there is one."""
    return db.session.scalar(select(User).where(User.username == username.strip().lower()))


def create_user(
    *,
    username: str,
    display_name: str,
    role: Role,
    residence_id: int | None,
    password: str | None = None,
    language: str | None = None,
) -> User:
    """Make an account. Without a password only a sign-in slip opens it."""
    user = User(
        username=username.strip().lower(),
        display_name=display_name.strip(),
        role=role,
        residence_id=residence_id,
        password_hash=passwords.hash(password) if password else None,
        language=language,
        session_stamp=secrets.token_hex(8),
    )
    db.session.add(user)
    db.session.flush()
    return user
