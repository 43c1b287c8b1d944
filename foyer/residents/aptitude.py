"""How well a trade suits a resident, as somebody who knows both has seen it: the one thing of an assessment that the
planner weighs beside the resident's own choice (wish s3 of docs/engine.md)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from foyer.audit.trail import Audited
from foyer.database import HouseRow, Model
from foyer.residences.models import Trade

MOST = 5


class Aptitude(Audited, HouseRow, Model):
    """A resident's aptitude for one trade, 1 (hardly) to 5 (very well). No row: nobody has looked yet, which costs a
    plan nothing."""

    __tablename__ = "aptitudes"
    __table_args__ = (
        CheckConstraint("level BETWEEN 1 AND 5", name="level"),
        UniqueConstraint("resident_id", "trade_id"),
    )
    __audit_resident__ = "resident_id"

    id: Mapped[int] = mapped_column(primary_key=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id"))
    trade_id: Mapped[int] = mapped_column(ForeignKey("trades.id"))
    level: Mapped[int]
    assessed_on: Mapped[date]

    trade: Mapped[Trade] = relationship()

    @property
    def share(self) -> float:
        """0 to 1, as the planner counts it."""
        return (self.level - 1) / (MOST - 1)
