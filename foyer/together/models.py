from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from foyer.database import HouseRow, Model, UtcDateTime, choice_column, utc_now


class TogetherKind(StrEnum):
    """What can be done for many residents at once."""

    ASSIGN = "assign"
    FLAG = "flag"


class TogetherAct(HouseRow, Model):
    """One act for many residents: the rows that it made, so that it can be undone as one. Each row is in the trail of
    its own resident; this holds ids only."""

    __tablename__ = "together_acts"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[TogetherKind] = mapped_column(choice_column(TogetherKind))
    row_ids: Mapped[list[int]] = mapped_column(JSON, default=list)
    skipped: Mapped[int] = mapped_column(default=0)  # residents for whom there was nothing to do
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
