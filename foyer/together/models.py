from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, false
from sqlalchemy.orm import Mapped, mapped_column

from foyer.database import EncryptedJson, HouseRow, Model, UtcDateTime, choice_column, utc_now


class TogetherKind(StrEnum):
    """What can be done for many at once: residents, or referrals."""

    ASSIGN = "assign"
    FLAG = "flag"
    DECIDE = "decide"
    TELL = "tell"
    HAND_OVER = "hand_over"


class TogetherAct(HouseRow, Model):
    """One act for many: the rows that it made or changed, so that it can be undone as one. Each row is in the trail of
    its own resident or referral; this holds their ids, and how the changed ones were before: ``before`` of assignments
    that went on longer; ``kept``, encrypted since a decision has a reason in words, of referrals."""

    __tablename__ = "together_acts"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[TogetherKind] = mapped_column(choice_column(TogetherKind))
    is_ending: Mapped[bool] = mapped_column(default=False, server_default=false())  # of flags: they were taken down
    row_ids: Mapped[list[int]] = mapped_column(JSON, default=list)
    before: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")  # by id
    kept: Mapped[dict[str, Any] | None] = mapped_column(EncryptedJson)  # by id
    skipped: Mapped[int] = mapped_column(default=0)  # of the chosen, those for whom there was nothing to do
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
