"""What goes with publishing: proposals that a second person decides on, and who still has to see what changed."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from foyer.accounts.models import User
from foyer.cycles.models import Plan
from foyer.database import HouseRow, Model, UtcDateTime, Versioned, choice_column, utc_now


class ProposalState(StrEnum):
    OPEN = "open"
    APPROVED = "approved"
    RETURNED = "returned"  # with a reason
    OVERTAKEN = "overtaken"  # the draft was proposed anew, or the proposal taken back


class PlanProposal(Versioned, HouseRow, Model):
    """A draft that somebody proposes to publish, as it was at that moment: ``digest`` is of the answer, ``replaces_id``
    the plan that was published then. The database itself refuses that somebody decides on the own proposal."""

    __tablename__ = "plan_proposals"
    __table_args__ = (
        Index(
            "uq_plan_proposals_plan_id_open",
            "plan_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        CheckConstraint("decided_by_id IS NULL OR decided_by_id <> proposed_by_id", name="two_people"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"), index=True)
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("plans.id"))
    digest: Mapped[str] = mapped_column(String(64))
    from_on: Mapped[date | None]  # the day from which it is to hold; None: the whole cycle
    note: Mapped[str] = mapped_column(String(500), default="")
    state: Mapped[ProposalState] = mapped_column(choice_column(ProposalState), default=ProposalState.OPEN)
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    reason: Mapped[str] = mapped_column(String(500), default="")

    plan: Mapped[Plan] = relationship(foreign_keys=plan_id)
    proposed_by: Mapped[User] = relationship(foreign_keys=proposed_by_id)
    decided_by: Mapped[User | None] = relationship(foreign_keys=decided_by_id)


class PlanNotice(HouseRow, Model):
    """What a version changes for one resident or member of staff, until that person has seen it."""

    __tablename__ = "plan_notices"
    __table_args__ = (
        UniqueConstraint("plan_id", "enrolment_id"),
        UniqueConstraint("plan_id", "staff_id"),
        CheckConstraint("(enrolment_id IS NULL) <> (staff_id IS NULL)", name="person"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"))
    enrolment_id: Mapped[int | None] = mapped_column(ForeignKey("enrolments.id"), index=True)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), index=True)
    changes: Mapped[list[list[object]]] = mapped_column(JSON)  # kind, before, after: ids only, no names
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    plan: Mapped[Plan] = relationship()
