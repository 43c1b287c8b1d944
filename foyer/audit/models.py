from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from foyer.database import Model, UtcDateTime, utc_now


class AuditEntry(Model):
    """One act: who did what to which record, and the old and new value of each field that changed. Confidential values
    are never in it, only the fact that they changed. The database refuses to change or delete a row."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        Index("ix_audit_entries_subject", "subject_type", "subject_id"),
        Index("ix_audit_entries_resident_id_at", "resident_id", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    residence_id: Mapped[int | None] = mapped_column(ForeignKey("residences.id"), index=True)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)  # None: the machine itself
    verb: Mapped[str] = mapped_column(String(40))  # created, changed, deleted, read, published, signed_in, ...
    subject_type: Mapped[str] = mapped_column(String(60))
    subject_id: Mapped[int | None]
    resident_id: Mapped[int | None]  # whose data it concerns
    changes: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # field: [old, new]
