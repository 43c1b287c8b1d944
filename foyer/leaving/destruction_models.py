"""The destruction of a file whose period is over: proposed by one person, carried out by another, certified."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from foyer.accounts.models import User
from foyer.audit.trail import Audited
from foyer.database import HouseRow, Model, UtcDateTime, Versioned, choice_column


class DestructionState(StrEnum):
    PROPOSED = "proposed"
    WITHDRAWN = "withdrawn"
    ERASING = "erasing"  # within one transaction only: what the database asks before it lets go of the trail's words
    DONE = "done"


class Destruction(Versioned, Audited, HouseRow, Model):
    """What stays of a file that was destroyed (berita acara pemusnahan): when, by whom, by which rule, and how many
    records of which kind. Nothing in it says whose file it was. Without a resident it is about what the house keeps of
    people who were never taken in, closed before ``decided_before``."""

    __tablename__ = "destructions"
    __table_args__ = (
        UniqueConstraint("residence_id", "year", "sequence"),
        CheckConstraint("(state = 'done') = (sequence IS NOT NULL)", name="number"),
        CheckConstraint(
            "state NOT IN ('done', 'erasing') OR (confirmed_by_id IS NOT NULL AND confirmed_by_id <> proposed_by_id)",
            name="second_person",
        ),
        Index(
            "uq_destructions_resident_id_standing",
            "resident_id",
            unique=True,
            sqlite_where=text("state <> 'withdrawn'"),
            postgresql_where=text("state <> 'withdrawn'"),
        ),
        CheckConstraint("(resident_id IS NULL) = (decided_before IS NOT NULL)", name="about"),
        Index(
            "uq_destructions_residence_id_referrals",
            "residence_id",
            unique=True,
            sqlite_where=text("resident_id IS NULL AND state = 'proposed'"),
            postgresql_where=text("resident_id IS NULL AND state = 'proposed'"),
        ),
    )
    __audit_resident__ = "resident_id"

    id: Mapped[int] = mapped_column(primary_key=True)
    resident_id: Mapped[int | None] = mapped_column(ForeignKey("residents.id"), index=True)
    decided_before: Mapped[date | None]
    state: Mapped[DestructionState] = mapped_column(choice_column(DestructionState), default=DestructionState.PROPOSED)
    due_since: Mapped[date]  # the day on which the period was over
    first_on: Mapped[date]  # the stays that the file told of: from the first arrival; of referrals, the first received
    last_on: Mapped[date]  # to the last leaving; of referrals, the last decision
    rule: Mapped[str] = mapped_column(String(400))  # the period and its source, as they were on that day
    proposed_on: Mapped[date]
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    year: Mapped[int | None]
    sequence: Mapped[int | None]  # 1, 2, 3 within the house's year
    erased: Mapped[list[list[object]]] = mapped_column(JSON, default=list)  # table, how many rows
    kept: Mapped[list[list[object]]] = mapped_column(JSON, default=list)  # as well, for they tell of others

    proposed_by: Mapped[User] = relationship(foreign_keys=[proposed_by_id])
    confirmed_by: Mapped[User | None] = relationship(foreign_keys=[confirmed_by_id])
