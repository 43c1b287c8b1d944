from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from foyer.database import EncryptedText, Model, UtcDateTime, utc_now


class UnsentForm(Model):
    """One form as one person left it. Only that person ever gets it back; it is not a record of the house, so it is in
    no trail, and dropped when the form is saved, when the person drops it, or after a fortnight."""

    __tablename__ = "unsent_forms"
    __table_args__ = (UniqueConstraint("user_id", "address"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    address: Mapped[str] = mapped_column(String(300))  # where the form is sent to, and its name where there are several
    fields: Mapped[str] = mapped_column(EncryptedText)  # JSON: name, value of each filled control
    kept_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
