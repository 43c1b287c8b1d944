"""The days on which the residents of a cycle are asked for their wishes, and what is offered to them."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from foyer.audit.trail import Audited
from foyer.cycles.models import Cycle
from foyer.database import HouseRow, Model, Versioned
from foyer.residences.models import Trade

MOST_CHOICES = 5


class Window(StrEnum):
    """Where a day lies in a collection."""

    COMING = "coming"
    OPEN = "open"
    OVER = "over"


class WishCollection(Versioned, Audited, HouseRow, Model):
    """Residents rank the offered trades from ``from_on`` to ``to_on``, both days included, by the house's calendar."""

    __tablename__ = "wish_collections"
    __table_args__ = (
        UniqueConstraint("cycle_id"),
        CheckConstraint("from_on <= to_on", name="order"),
        CheckConstraint("most_choices BETWEEN 1 AND 5", name="most_choices"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycles.id"))
    from_on: Mapped[date]
    to_on: Mapped[date]
    most_choices: Mapped[int] = mapped_column(default=3)

    cycle: Mapped[Cycle] = relationship()
    offers: Mapped[list[OfferedTrade]] = relationship(cascade="all, delete-orphan", order_by="OfferedTrade.id")

    @property
    def trade_ids(self) -> set[int]:
        return {offer.trade_id for offer in self.offers}

    def window(self, day: date) -> Window:
        """Where a day of the house lies."""
        if day < self.from_on:
            return Window.COMING
        return Window.OPEN if day <= self.to_on else Window.OVER


class OfferedTrade(Audited, HouseRow, Model):
    """A trade that may be ranked in a collection."""

    __tablename__ = "offered_trades"
    __table_args__ = (UniqueConstraint("collection_id", "trade_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    collection_id: Mapped[int] = mapped_column(ForeignKey("wish_collections.id"))
    trade_id: Mapped[int] = mapped_column(ForeignKey("trades.id"))

    trade: Mapped[Trade] = relationship()
