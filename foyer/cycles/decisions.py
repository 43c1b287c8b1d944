"""What each resident does when a cycle ends: goes on, changes the trade, graduates, stays longer or leaves."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from foyer.audit.trail import Audited
from foyer.cycles.models import Enrolment
from foyer.database import HouseRow, Model, UtcDateTime, Versioned, choice_column
from foyer.residences.models import Trade


class NextStep(StrEnum):
    """What comes after the cycle. The first three are in the next cycle, the last two are not."""

    CONTINUES = "continues"
    CHANGES_TRADE = "changes_trade"
    EXTENDS = "extends"  # goes on, and the stay becomes longer
    GRADUATES = "graduates"
    LEAVES = "leaves"


STAYING = (NextStep.CONTINUES, NextStep.CHANGES_TRADE, NextStep.EXTENDS)


class Destination(StrEnum):
    """Where somebody goes who leaves the house."""

    FAMILY = "family"
    WORK = "work"
    SCHOOL = "school"
    OTHER_HOUSE = "other_house"
    ON_THEIR_OWN = "on_their_own"
    UNKNOWN = "unknown"


class Decision(Versioned, Audited, HouseRow, Model):
    """What was decided for one enrolment. ``leaves_on``: the leaving day, where it is not the one of the stay."""

    __tablename__ = "decisions"
    __table_args__ = (
        UniqueConstraint("enrolment_id"),
        CheckConstraint("next_step NOT IN ('extends', 'leaves') OR leaves_on IS NOT NULL", name="day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"))
    next_step: Mapped[NextStep] = mapped_column(choice_column(NextStep))
    trade_id: Mapped[int | None] = mapped_column(ForeignKey("trades.id"))  # the new one, where it is known already
    leaves_on: Mapped[date | None]
    destination: Mapped[Destination | None] = mapped_column(choice_column(Destination))
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    enrolment: Mapped[Enrolment] = relationship()
    trade: Mapped[Trade | None] = relationship()
