from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from foyer.database import HouseRow, Model, UtcDateTime, choice_column, utc_now


class RunState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


LIVE = (RunState.QUEUED, RunState.RUNNING)


class Run(HouseRow, Model):
    """One piece of background work for a house. Only ``leases`` writes to it while it runs."""

    __tablename__ = "runs"
    __table_args__ = (
        Index("ix_runs_state_lease_until", "state", "lease_until"),
        Index(
            "ix_runs_created_by_id_untold",
            "created_by_id",
            sqlite_where=text("told_at IS NULL"),
            postgresql_where=text("told_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(60))
    parameters: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # ids and settings, no personal data
    seed: Mapped[int] = mapped_column(default=1)
    state: Mapped[RunState] = mapped_column(choice_column(RunState), default=RunState.QUEUED)

    lease_owner: Mapped[str | None] = mapped_column(String(120))  # another one for every claim
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    heartbeat_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    attempt: Mapped[int] = mapped_column(default=0)
    cancel_requested_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    progress: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # the latest: stage, done (0 to 1), score, ...
    history: Mapped[list[list[float | None]]] = mapped_column(JSON, default=list)  # [seconds, score, bound], thinned
    versions: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)  # what computed it
    input_hash: Mapped[str | None] = mapped_column(String(64))  # what it computed on
    result: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    error: Mapped[str | None] = mapped_column(String(80))  # a code; pages turn it into a sentence

    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # when whoever started it saw how it ended

    @property
    def is_live(self) -> bool:
        """Whether something may still come of it."""
        return self.state in LIVE

    @property
    def is_stopping(self) -> bool:
        """Whether somebody cancelled it and the worker has not yet obeyed."""
        return self.is_live and self.cancel_requested_at is not None


class WorkerSign(Model):
    """A worker's sign of life, for ``/healthz``. Says nothing about any house."""

    __tablename__ = "worker_signs"

    name: Mapped[str] = mapped_column(String(120), primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
