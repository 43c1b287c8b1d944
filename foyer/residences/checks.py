"""Checks of staff with an expiry: police certificate, health, child safeguarding (Permensos 30/HUK/2011).

What was shown is written down, by whom it was seen and until when it holds; never what stands in it. What is missing or
over is said, and nothing follows by itself: what to do is the manager's decision. Entries are taken back with a reason,
never changed or deleted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from flask_babel import gettext
from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint, select, true
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from foyer.accounts.models import User
from foyer.audit.trail import Audited
from foyer.database import EncryptedText, HouseRow, Model, UtcDateTime, Versioned, db, utc_now
from foyer.errors import FoyerError, expect_version
from foyer.names import name_key
from foyer.records import change_record, flush
from foyer.residences.models import Staff
from foyer.residences.services import NameTaken, OrderWrong

SOON = timedelta(days=60)  # so long before its last day a check is said to end soon


class CheckState(StrEnum):
    """How a kind of check stands for somebody, the most urgent first."""

    MISSING = "missing"
    OVER = "over"
    SOON = "soon"
    VALID = "valid"


class CheckKind(Versioned, Audited, HouseRow, Model):
    """A check that the house asks of everybody who works there; ``source`` is the rule that asks for it."""

    __tablename__ = "check_kinds"
    __table_args__ = (UniqueConstraint("residence_id", "name_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    name_key: Mapped[str] = mapped_column(String(120))
    source: Mapped[str] = mapped_column(String(300), default="", server_default="")
    is_active: Mapped[bool] = mapped_column(default=True, server_default=true())  # asked for at present


class StaffCheck(Audited, HouseRow, Model):
    """A paper that somebody of the staff showed. ``valid_until``: its last day, None where it has no end."""

    __tablename__ = "staff_checks"
    __table_args__ = (
        CheckConstraint("valid_until IS NULL OR valid_until >= issued_on", name="validity"),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by_id IS NULL)", name="withdrawn"),
    )
    __audit_hidden__ = frozenset({"number", "withdrawn_why"})

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    kind_id: Mapped[int] = mapped_column(ForeignKey("check_kinds.id"))
    issuer: Mapped[str] = mapped_column(String(200), default="")
    number: Mapped[str | None] = mapped_column(EncryptedText)
    issued_on: Mapped[date]
    valid_until: Mapped[date | None]
    seen_by: Mapped[str] = mapped_column(String(200))  # who saw the original: somebody else than its holder
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    withdrawn_why: Mapped[str | None] = mapped_column(EncryptedText)

    kind: Mapped[CheckKind] = relationship()
    staff: Mapped[Staff] = relationship()
    recorded_by: Mapped[User] = relationship(foreign_keys=[recorded_by_id])
    withdrawn_by: Mapped[User | None] = relationship(foreign_keys=[withdrawn_by_id])


class SeenByOneself(FoyerError):
    """Nobody sees the own papers: somebody else does."""


class NotYetIssued(FoyerError):
    """The day of issue lies in the future."""


class WithdrawnAlready(FoyerError):
    """This entry was taken back before."""


class ReasonMissing(FoyerError):
    """Taking an entry back needs a reason."""


@dataclass(frozen=True)
class Standing:
    """How one kind stands for somebody; ``check`` is what it stands on, None where there is none."""

    kind: CheckKind
    state: CheckState
    check: StaffCheck | None


@dataclass(frozen=True)
class StaffStanding:
    """How all kinds that the house asks for stand for one person."""

    staff: Staff
    kinds: Sequence[Standing]

    def has(self, states: Sequence[CheckState], kind_id: int | None = None) -> bool:
        """Whether a kind (or this one) is in one of these states."""
        return any(one.state in states for one in self.kinds if kind_id in (None, one.kind.id))

    @property
    def is_complete(self) -> bool:
        """Whether nothing is missing or over."""
        return not self.has((CheckState.MISSING, CheckState.OVER))


def list_kinds(*, active_only: bool = False) -> Sequence[CheckKind]:
    """The house's own list, by name. One query."""
    query = select(CheckKind).order_by(CheckKind.is_active.desc(), CheckKind.name_key)
    return db.session.scalars(query.where(CheckKind.is_active.is_(True)) if active_only else query).all()


def save_kind(kind: CheckKind, values: Mapping[str, Any], *, version: int | None = None) -> None:
    """Add or change a kind of check. Raises NameTaken, Stale."""
    expect_version(kind, version)
    key = name_key(values["name"])
    taken = select(CheckKind.id).where(CheckKind.name_key == key, CheckKind.id != (kind.id or 0))
    if db.session.scalar(taken) is not None:
        raise NameTaken(key)
    if kind.id is None:
        db.session.add(kind)
    change_record(kind, {**values, "name_key": key}, version=version)


def begin_with_usual_kinds(residence_id: int) -> None:
    """Put the usual kinds onto an empty list, in the language of whoever asks; a list that is begun stays as it is."""
    if list_kinds():
        return
    rule = "Permensos 30/HUK/2011"
    for name, source in (
        (gettext("Police certificate (SKCK)"), rule),
        (gettext("Health certificate"), ""),
        (gettext("Child-safeguarding declaration, signed"), rule),
        (gettext("Training in child protection"), rule),
    ):
        save_kind(CheckKind(residence_id=residence_id, is_active=True), {"name": name, "source": source})


def record_check(staff: Staff, values: Mapping[str, Any], *, actor: User, today: date) -> StaffCheck:
    """Write down a paper that somebody showed. ``values``: fields of StaffCheck. Raises OrderWrong, NotYetIssued,
    SeenByOneself."""
    if values["issued_on"] > today:
        raise NotYetIssued
    if values.get("valid_until") and values["valid_until"] < values["issued_on"]:
        raise OrderWrong
    if name_key(values["seen_by"]) == staff.name_key:
        raise SeenByOneself
    row = StaffCheck(
        residence_id=staff.residence_id,
        staff_id=staff.id,
        recorded_at=utc_now(),
        recorded_by_id=actor.id,
        **{**values, "number": values.get("number") or None},
    )
    db.session.add(row)
    flush()
    return row


def withdraw_check(row: StaffCheck, *, why: str, actor: User) -> None:
    """Take back an entry that was wrong: it stays to be read, and nothing stands on it. Raises WithdrawnAlready,
    ReasonMissing."""
    if row.withdrawn_at is not None:
        raise WithdrawnAlready
    if not why.strip():
        raise ReasonMissing
    change_record(row, {"withdrawn_at": utc_now(), "withdrawn_by_id": actor.id, "withdrawn_why": why.strip()})


def checks_of(staff_id: int) -> Sequence[StaffCheck]:
    """Everything that somebody showed, the newest first, with what was taken back. One query."""
    return db.session.scalars(
        select(StaffCheck)
        .where(StaffCheck.staff_id == staff_id)
        .options(joinedload(StaffCheck.kind), joinedload(StaffCheck.withdrawn_by))
        .order_by(StaffCheck.issued_on.desc(), StaffCheck.id.desc())
    ).all()


def standing_of(members: Sequence[Staff], today: date) -> list[StaffStanding]:
    """How every kind that the house asks for stands for each of these people. Two queries, whoever asks."""
    kinds = list_kinds(active_only=True)
    query = select(StaffCheck).where(StaffCheck.withdrawn_at.is_(None))
    if len(members) == 1:
        query = query.where(StaffCheck.staff_id == members[0].id)
    shown: dict[tuple[int, int], list[StaffCheck]] = defaultdict(list)
    for row in db.session.scalars(query):
        shown[row.staff_id, row.kind_id].append(row)
    return [
        StaffStanding(member, [_standing(kind, shown[member.id, kind.id], today) for kind in kinds])
        for member in members
    ]


def standing_of_house(today: date) -> list[StaffStanding]:
    """The same for everybody who works in the house now, by name. Three queries."""
    members = db.session.scalars(select(Staff).where(Staff.is_active.is_(True)).order_by(Staff.name_key)).all()
    return standing_of(members, today)


def count_incomplete(today: date) -> int:
    """Of how many people something is missing or over: the figure on the list of staff."""
    return sum(not one.is_complete for one in standing_of_house(today))


def _standing(kind: CheckKind, rows: Sequence[StaffCheck], today: date) -> Standing:
    """By the paper that holds longest."""
    best = max(rows, key=lambda row: (row.valid_until or date.max, row.issued_on, row.id), default=None)
    return Standing(kind, state_on(best, today), best)


def state_on(check: StaffCheck | None, today: date) -> CheckState:
    """How a check stands on a day; its last day still counts."""
    if check is None:
        return CheckState.MISSING
    if check.valid_until is None:
        return CheckState.VALID
    if check.valid_until < today:
        return CheckState.OVER
    return CheckState.SOON if check.valid_until <= today + SOON else CheckState.VALID
