"""Notices to members of staff, told on every page until they were seen. A notice holds a kind and the id of what it is
about: never a name, never a word of a file. Its sentence is the same for everybody."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import g, url_for
from flask_login import current_user
from sqlalchemy import ColumnElement, Exists, ForeignKey, Index, String, exists, select, text
from sqlalchemy.orm import Mapped, mapped_column

from foyer.accounts.models import Role, User
from foyer.clock import now_in
from foyer.database import HouseRow, Model, UtcDateTime, db, utc_now
from foyer.errors import NotFound


class StaffNotice(HouseRow, Model):
    """Something that one member of staff is told once."""

    __tablename__ = "staff_notices"
    __table_args__ = (
        Index(
            "ix_staff_notices_user_id_unseen",
            "user_id",
            sqlite_where=text("seen_at IS NULL"),
            postgresql_where=text("seen_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int | None]
    told_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


@dataclass(frozen=True)
class NoticeKind:
    """The sentence of a kind (lazy, without any value), and where it leads: an endpoint and the name of the parameter
    that takes the notice's ``subject_id``, if there is one."""

    words: Any
    act: Any
    endpoint: str
    parameter: str | None = None


_KINDS: dict[str, NoticeKind] = {}


def register_notice(kind: str, words: Any, act: Any, endpoint: str, parameter: str | None = None) -> None:
    """State a kind of notice: its sentence and the words of its link (both lazy), and where that leads."""
    _KINDS[kind] = NoticeKind(words, act, endpoint, parameter)


def tell(user_ids: Iterable[int], kind: str, subject_id: int | None = None, *, at: datetime | None = None) -> None:
    """Tell these accounts, within the caller's transaction; ``at``: not before this moment."""
    house = db.session.info["residence_id"]
    db.session.add_all(
        StaffNotice(residence_id=house, user_id=user_id, kind=kind, subject_id=subject_id, told_at=at or utc_now())
        for user_id in sorted(set(user_ids))
    )


def managers_of(residence_id: int, *, but: User | None = None) -> set[int]:
    """The accounts of a house's managers; without the one who is acting, who knows."""
    managers = (User.residence_id == residence_id, User.role == Role.MANAGER, User.is_enabled.is_(True))
    return set(db.session.scalars(select(User.id).where(*managers))) - ({but.id} if but else set())


def told_of(kind: str, subject_id: int) -> set[int]:
    """The accounts that were told this, or will be."""
    query = select(StaffNotice.user_id).where(StaffNotice.kind == kind, StaffNotice.subject_id == subject_id)
    return set(db.session.scalars(query))


def forget(kind: str, subject_id: int) -> None:
    """What was to be told is over: nobody needs to see it any more."""
    query = select(StaffNotice).where(StaffNotice.kind == kind, StaffNotice.subject_id == subject_id)
    for notice in db.session.scalars(query.where(StaffNotice.seen_at.is_(None))):
        notice.seen_at = utc_now()


def _is_time() -> ColumnElement[bool]:
    """A notice for later waits for its moment, on the clock of the house."""
    return StaffNotice.told_at <= max(utc_now(), now_in("UTC"))


@dataclass(frozen=True)
class Told:
    """A notice as the page shows it."""

    notice_id: int
    words: str
    act: str


def unseen_by(user_id: int) -> Exists:
    """Whether there is something that this account was told and has not seen, as a column for another query."""
    return exists().where(StaffNotice.user_id == user_id, StaffNotice.seen_at.is_(None), _is_time())


def staff_notices() -> Sequence[Told]:
    """What whoever is signed in has not seen yet, oldest first. One query, and only where ``shell.houses`` found that
    there is something; none for residents and the office."""
    if g.get("bare") or not g.get("has_notices") or current_user.role in (Role.RESIDENT, Role.OFFICE):
        return ()
    rows = db.session.execute(
        select(StaffNotice.id, StaffNotice.kind)
        .where(StaffNotice.user_id == current_user.id, StaffNotice.seen_at.is_(None), _is_time())
        .order_by(StaffNotice.id)
    )
    return [Told(id_, str(_KINDS[kind].words), str(_KINDS[kind].act)) for id_, kind in rows if kind in _KINDS]


def see(user_id: int, notice_id: int) -> str:
    """The account has seen its notice. Gives the address to which it leads. Raises NotFound."""
    notice = db.session.scalar(select(StaffNotice).where(StaffNotice.id == notice_id, StaffNotice.user_id == user_id))
    if notice is None:
        raise NotFound("notice")
    notice.seen_at = notice.seen_at or utc_now()
    kind = _KINDS[notice.kind]
    values: dict[str, Any] = {kind.parameter: notice.subject_id} if kind.parameter else {}
    return url_for(kind.endpoint, **values)
