from __future__ import annotations

from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from foyer.audit.trail import Audited
from foyer.database import HouseRow, Model, Versioned, choice_column
from foyer.residences.models import Staff
from foyer.residents.models import Resident


class ServiceStage(StrEnum):
    """The five statutory stages of service in a panti, in their order (Kepmensos, standar panti sosial)."""

    APPROACH = "approach"
    UNDERSTANDING = "understanding"
    PLANNING = "planning"
    SERVICE = "service"
    AFTER = "after"


class Assignment(Versioned, Audited, HouseRow, Model):
    """Who is responsible for a resident beside the published plan: before the first cycle, in aftercare, or together
    with the plan's counsellor. ``[from_on, until_on]``; no last day: until somebody ends it. ``until_plan``: only until
    a published plan gives the resident a counsellor (``caseload.mine``)."""

    __tablename__ = "assignments"
    __table_args__ = (
        CheckConstraint("from_on <= until_on", name="order"),
        UniqueConstraint("resident_id", "staff_id", "from_on"),
    )
    __audit_resident__ = "resident_id"

    id: Mapped[int] = mapped_column(primary_key=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id"), index=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    until_plan: Mapped[bool] = mapped_column(default=False, server_default=false())

    resident: Mapped[Resident] = relationship()
    staff: Mapped[Staff] = relationship()


class Cover(Versioned, Audited, HouseRow, Model):
    """A colleague who stands in for somebody absent: sees the same caseload from the first to the last day."""

    __tablename__ = "covers"
    __table_args__ = (
        CheckConstraint("from_on <= until_on", name="order"),
        CheckConstraint("staff_id <> covered_by_id", name="two_people"),
        Index("ix_covers_covered_by_id_from_on", "covered_by_id", "from_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    covered_by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    from_on: Mapped[date]
    until_on: Mapped[date]

    staff: Mapped[Staff] = relationship(foreign_keys=[staff_id])
    covered_by: Mapped[Staff] = relationship(foreign_keys=[covered_by_id])


class Supervision(Versioned, Audited, HouseRow, Model):
    """The named supervisor of a counsellor, who may read what the counsellor writes about counselling."""

    __tablename__ = "supervisions"
    __table_args__ = (
        CheckConstraint("from_on <= until_on", name="order"),
        CheckConstraint("staff_id <> supervisor_id", name="two_people"),
        Index("ix_supervisions_supervisor_id_from_on", "supervisor_id", "from_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    supervisor_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    from_on: Mapped[date]
    until_on: Mapped[date | None]

    staff: Mapped[Staff] = relationship(foreign_keys=[staff_id])
    supervisor: Mapped[Staff] = relationship(foreign_keys=[supervisor_id])


class StageStep(Audited, HouseRow, Model):
    """The day on which a resident reached a stage of service; a re-entry begins with new steps of the new stay."""

    __tablename__ = "stage_steps"
    __audit_resident__ = "resident_id"

    id: Mapped[int] = mapped_column(primary_key=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id"), index=True)
    stay_id: Mapped[int | None] = mapped_column(ForeignKey("stays.id"))  # None: before there is a stay
    stage: Mapped[ServiceStage] = mapped_column(choice_column(ServiceStage))
    reached_on: Mapped[date]
