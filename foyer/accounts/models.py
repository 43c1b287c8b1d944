from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from foyer.audit.trail import Audited
from foyer.database import Model, UtcDateTime, Versioned, choice_column, utc_now


class Role(StrEnum):
    """What a person who signs in is to the house. One role each."""

    MANAGER = "manager"
    COUNSELLOR = "counsellor"
    INSTRUCTOR = "instructor"
    RESIDENT = "resident"
    ADMINISTRATOR = "administrator"
    OFFICE = "office"


class User(Versioned, Audited, Model):
    """An account. Everybody but the office belongs to one house; the office's houses are in OfficeResidence."""

    __tablename__ = "users"
    __audit_hidden__ = frozenset({"password_hash", "calendar_token_digest", "session_stamp"})

    id: Mapped[int] = mapped_column(primary_key=True)
    residence_id: Mapped[int | None] = mapped_column(ForeignKey("residences.id"), index=True)
    username: Mapped[str] = mapped_column(String(80), unique=True)  # lower case
    display_name: Mapped[str] = mapped_column(String(200))
    role: Mapped[Role] = mapped_column(choice_column(Role))
    password_hash: Mapped[str | None] = mapped_column(String(300))  # None: only a slip signs in
    language: Mapped[str | None] = mapped_column(String(5))  # None: the browser's
    is_enabled: Mapped[bool] = mapped_column(default=True)
    is_held: Mapped[bool] = mapped_column(default=False, server_default=false())  # by the office; only it lets go
    session_stamp: Mapped[str] = mapped_column(String(32))  # changed to end every session of the account
    calendar_token_digest: Mapped[str | None] = mapped_column(String(64), unique=True)
    last_sign_in_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)

    # What Flask-Login asks of a user.
    @property
    def is_authenticated(self) -> bool:
        return True

    @property
    def is_active(self) -> bool:
        """Whether the account may sign in: open, and not held by the office above the house."""
        return self.is_enabled and not self.is_held

    @property
    def is_anonymous(self) -> bool:
        return False

    def get_id(self) -> str:
        return f"{self.id}:{self.session_stamp}"


class OfficeResidence(Audited, Model):
    """A house that an account of the office may see."""

    __tablename__ = "office_residences"
    __table_args__ = (UniqueConstraint("user_id", "residence_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    residence_id: Mapped[int] = mapped_column(ForeignKey("residences.id"))


class SignInSlip(Audited, Model):
    """A printed code that signs its owner in once. Only its digest is kept."""

    __tablename__ = "sign_in_slips"
    __table_args__ = (Index("ix_sign_in_slips_user_id", "user_id"),)
    __audit_hidden__ = frozenset({"code_digest"})

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    code_digest: Mapped[str] = mapped_column(String(64), unique=True)
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SignInLock(Model):
    """Wrong passwords given for one name. Kept by the name's digest, for names that exist and names that do not, so
    that a lock tells nobody who has an account. In the database, so that it holds in every process."""

    __tablename__ = "sign_in_locks"

    id: Mapped[int] = mapped_column(primary_key=True)
    name_digest: Mapped[str] = mapped_column(String(64), unique=True)
    failures: Mapped[int] = mapped_column(default=0)
    failed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    locked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
