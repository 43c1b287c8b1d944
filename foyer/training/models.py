"""The class register: one row per dated session that was kept, one mark per resident who belonged to it that day."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from foyer.accounts.models import User
from foyer.audit.trail import Audited
from foyer.cycles.models import TeachingGroup
from foyer.database import EncryptedText, HouseRow, Model, UtcDateTime, Versioned, choice_column, utc_now
from foyer.residents.models import Resident


class Presence(StrEnum):
    """How somebody took part in a session. Not a score: nothing is ever computed from it but counts that are shown."""

    PRESENT = "present"
    LATE = "late"
    ILL = "ill"
    EXCUSED = "excused"
    ABSENT = "absent"
    REFUSED = "refused"
    INTERNSHIP = "internship"


HERE = frozenset({Presence.PRESENT, Presence.LATE, Presence.INTERNSHIP})  # took part, an internship elsewhere included


class ClassRegister(Versioned, Audited, HouseRow, Model):
    """The register of one dated session of a class or education group, as it was kept. What a later plan says about
    that day does not touch it."""

    __tablename__ = "class_registers"
    __table_args__ = (
        UniqueConstraint("group_id", "held_on", "start_minute"),
        CheckConstraint("start_minute >= 0 AND start_minute < end_minute", name="order"),
        CheckConstraint("is_held OR not_held_reason IS NOT NULL", name="reason"),
    )
    __audit_hidden__ = frozenset({"not_held_reason"})

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("teaching_groups.id"))
    held_on: Mapped[date] = mapped_column(index=True)
    start_minute: Mapped[int]
    end_minute: Mapped[int]
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"))  # the version in force that day
    instructor_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))  # who was to teach
    is_held: Mapped[bool] = mapped_column(default=True, server_default=true())
    not_held_reason: Mapped[str | None] = mapped_column(EncryptedText)
    kept_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    kept_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)  # the last time
    saved_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    group: Mapped[TeachingGroup] = relationship()
    marks: Mapped[list[AttendanceMark]] = relationship(back_populates="register", order_by="AttendanceMark.id")
    saved_by: Mapped[User | None] = relationship(foreign_keys=[saved_by_id])


class AttendanceMark(Audited, HouseRow, Model):
    """One resident in one register. The reason may be about health or family: encrypted."""

    __tablename__ = "attendance_marks"
    __table_args__ = (UniqueConstraint("register_id", "resident_id"),)
    __audit_hidden__ = frozenset({"reason"})
    __audit_resident__ = "resident_id"

    id: Mapped[int] = mapped_column(primary_key=True)
    register_id: Mapped[int] = mapped_column(ForeignKey("class_registers.id"))
    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id"), index=True)
    stay_id: Mapped[int] = mapped_column(ForeignKey("stays.id"), index=True)
    presence: Mapped[Presence] = mapped_column(choice_column(Presence), default=Presence.PRESENT)
    reason: Mapped[str | None] = mapped_column(EncryptedText)

    register: Mapped[ClassRegister] = relationship(back_populates="marks")
    resident: Mapped[Resident] = relationship()


class AttendanceCorrection(Audited, HouseRow, Model):
    """A mark that was changed after the day of the session: what it was, what it became, who changed it and why."""

    __tablename__ = "attendance_corrections"
    __audit_hidden__ = frozenset({"why"})
    __audit_resident__ = "resident_id"

    id: Mapped[int] = mapped_column(primary_key=True)
    mark_id: Mapped[int] = mapped_column(ForeignKey("attendance_marks.id"), index=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id"), index=True)
    stay_id: Mapped[int] = mapped_column(ForeignKey("stays.id"), index=True)
    was: Mapped[Presence] = mapped_column(choice_column(Presence, "was"))
    became: Mapped[Presence] = mapped_column(choice_column(Presence, "became"))
    why: Mapped[str] = mapped_column(EncryptedText)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    mark: Mapped[AttendanceMark] = relationship()
    made_by: Mapped[User | None] = relationship()
