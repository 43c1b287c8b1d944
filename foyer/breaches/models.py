"""What a notice says about a breach. Who is written to are the residents named in the incident."""

from __future__ import annotations

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from foyer.audit.trail import Audited
from foyer.database import EncryptedText, HouseRow, Model, Versioned


class BreachNotice(Versioned, Audited, HouseRow, Model):
    """The three things that a written notice holds at least (UU 27/2022 art. 46: which data, when and how they were
    disclosed, what is done about it), the same for all who are written to; a draft until the incident's clocks say
    that they were told."""

    __tablename__ = "breach_notices"
    __table_args__ = (UniqueConstraint("incident_id"),)
    __audit_hidden__ = frozenset({"which_data", "how", "remedy"})

    id: Mapped[int] = mapped_column(primary_key=True)
    incident_id: Mapped[int] = mapped_column(ForeignKey("incidents.id"))
    which_data: Mapped[str] = mapped_column(EncryptedText)
    how: Mapped[str] = mapped_column(EncryptedText)
    remedy: Mapped[str] = mapped_column(EncryptedText)
