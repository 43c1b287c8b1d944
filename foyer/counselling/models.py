from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from foyer.accounts.models import User
from foyer.audit.trail import Audited
from foyer.database import EncryptedText, HouseRow, Model, UtcDateTime, Versioned, choice_column
from foyer.residences.models import Staff
from foyer.residents.family import Relative
from foyer.residents.models import Resident


class SessionKind(StrEnum):
    """With whom the counsellor sits."""

    INDIVIDUAL = "individual"
    GROUP = "group"
    FAMILY = "family"


class SessionMode(StrEnum):
    """How they meet. Nothing is ever recorded by Foyer: a session online is a fact, not a film."""

    IN_PERSON = "in_person"
    ONLINE = "online"
    PHONE = "phone"
    VISIT = "visit"


class Presence(StrEnum):
    """Whether somebody came to a session. Shown, never turned into a sanction."""

    PRESENT = "present"
    LATE = "late"
    SICK = "sick"
    EXCUSED = "excused"
    NOT_COME = "not_come"
    DECLINED = "declined"


CAME = (Presence.PRESENT, Presence.LATE)


class FlagKind(StrEnum):
    """What a flag asks colleagues to have in mind: something to do or to mind, never a label for a person."""

    SAFETY = "safety"
    HEALTH = "health"
    CLOSE = "close"  # wants company more often
    FAMILY = "family"
    PAPERS = "papers"
    OTHER = "other"


class FlagPriority(StrEnum):
    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"


class CounsellingSession(Versioned, Audited, HouseRow, Model):
    """A session that took place, or for which somebody was waited for in vain. Nobody leads two at once."""

    __tablename__ = "counselling_sessions"
    __table_args__ = (
        CheckConstraint("start_minute < end_minute", name="order"),
        Index("ix_counselling_sessions_staff_id_held_on", "staff_id", "held_on"),
        Index("uq_counselling_sessions_id_held_on", "id", "held_on", unique=True),  # what attendances point to
        Index(
            "uq_counselling_sessions_staff_id_held_on_start_minute",
            "staff_id",
            "held_on",
            "start_minute",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    kind: Mapped[SessionKind] = mapped_column(choice_column(SessionKind))
    mode: Mapped[SessionMode] = mapped_column(choice_column(SessionMode), default=SessionMode.IN_PERSON)
    held_on: Mapped[date]
    start_minute: Mapped[int]
    end_minute: Mapped[int]
    from_timetable: Mapped[bool] = mapped_column(default=False)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # put down by mistake

    staff: Mapped[Staff] = relationship()
    attendances: Mapped[list[SessionAttendance]] = relationship(
        back_populates="session", order_by="SessionAttendance.id"
    )


class SessionAttendance(Versioned, Audited, HouseRow, Model):
    """A resident in a session: whether they came, and the next step agreed with them, by a day where one was named.

    ``held_on`` is the session's day once more, held to it by the foreign key: so that a resident's last conversation is
    found from an index instead of by reading all of them."""

    __tablename__ = "counselling_attendances"
    __table_args__ = (
        ForeignKeyConstraint(
            ["session_id", "held_on"],
            ["counselling_sessions.id", "counselling_sessions.held_on"],
            name="fk_counselling_attendances_session",
        ),
        UniqueConstraint("session_id", "resident_id"),
        Index("ix_counselling_attendances_resident_id_held_on", "resident_id", "held_on"),
        Index("ix_counselling_attendances_residence_id_held_on", "residence_id", "held_on"),
        Index(
            "ix_counselling_attendances_residence_id_next_on",
            "residence_id",
            "next_on",
            sqlite_where=text("next_on IS NOT NULL AND next_done_on IS NULL"),
            postgresql_where=text("next_on IS NOT NULL AND next_done_on IS NULL"),
        ),
    )
    __audit_hidden__ = frozenset({"next_step"})
    __audit_resident__ = "resident_id"

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int]
    held_on: Mapped[date]
    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id"))
    stay_id: Mapped[int | None] = mapped_column(ForeignKey("stays.id"), index=True)
    presence: Mapped[Presence] = mapped_column(choice_column(Presence), default=Presence.PRESENT)
    next_step: Mapped[str | None] = mapped_column(EncryptedText)
    next_on: Mapped[date | None]
    next_done_on: Mapped[date | None]

    session: Mapped[CounsellingSession] = relationship(back_populates="attendances")
    resident: Mapped[Resident] = relationship()


class SessionRelative(Audited, HouseRow, Model):
    """Somebody of a resident's family took part in a session of theirs. Who was ticked by mistake is removed, which
    keeps the row. The trail holds the number of the family's entry, never a name."""

    __tablename__ = "counselling_relatives"
    __table_args__ = (UniqueConstraint("attendance_id", "relative_id"),)
    __audit_resident__ = "resident_id"

    id: Mapped[int] = mapped_column(primary_key=True)
    attendance_id: Mapped[int] = mapped_column(ForeignKey("counselling_attendances.id"))
    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id"), index=True)
    relative_id: Mapped[int] = mapped_column(ForeignKey("relatives.id"), index=True)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    relative: Mapped[Relative] = relationship()


class CounsellingNote(Audited, HouseRow, Model):
    """What somebody wrote about a session: about one resident, or (``resident_id`` None) about a group as a whole.

    Only its author and the author's named supervisor read it (UU 14/2019 on social work; foyer.counselling.notes). It
    is never overwritten: an amendment is a note of its own that points to the first. The database refuses to change
    the words, their author and their time, and to delete a row; whose file it lies in may still change, when files are
    merged or move to another house."""

    __tablename__ = "counselling_notes"
    __table_args__ = (Index("ix_counselling_notes_resident_id_author_id", "resident_id", "author_id"),)
    __audit_hidden__ = frozenset({"body"})
    __audit_resident__ = "resident_id"

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("counselling_sessions.id"), index=True)
    resident_id: Mapped[int | None] = mapped_column(ForeignKey("residents.id"))
    stay_id: Mapped[int | None] = mapped_column(ForeignKey("stays.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    amends_id: Mapped[int | None] = mapped_column(ForeignKey("counselling_notes.id"))
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    body: Mapped[str] = mapped_column(EncryptedText)

    session: Mapped[CounsellingSession] = relationship()
    resident: Mapped[Resident | None] = relationship()
    author: Mapped[User] = relationship()


class NoteOpening(Versioned, Audited, HouseRow, Model):
    """Somebody without the right asks to read the notes about one resident: with a reason, confirmed by a second
    person, for some hours, and told to those who wrote them."""

    __tablename__ = "note_openings"
    __table_args__ = (
        CheckConstraint("decided_by_id IS NULL OR decided_by_id <> asked_by_id", name="two_people"),
        CheckConstraint("hours BETWEEN 1 AND 24", name="hours"),
    )
    __audit_hidden__ = frozenset({"reason"})
    __audit_resident__ = "resident_id"

    id: Mapped[int] = mapped_column(primary_key=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id"), index=True)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(EncryptedText)
    hours: Mapped[int]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    until_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # None though decided: refused

    resident: Mapped[Resident] = relationship()
    asked_by: Mapped[User] = relationship(foreign_keys=[asked_by_id])
    decided_by: Mapped[User | None] = relationship(foreign_keys=[decided_by_id])


class ResidentFlag(Versioned, Audited, HouseRow, Model):
    """Something that the team should have in mind about a resident until a day, ``[from_on, until_on]``."""

    __tablename__ = "resident_flags"
    __table_args__ = (
        CheckConstraint("from_on <= until_on", name="order"),
        Index("ix_resident_flags_resident_id_until_on", "resident_id", "until_on"),
    )
    __audit_hidden__ = frozenset({"text"})
    __audit_resident__ = "resident_id"

    id: Mapped[int] = mapped_column(primary_key=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id"))
    stay_id: Mapped[int | None] = mapped_column(ForeignKey("stays.id"), index=True)
    kind: Mapped[FlagKind] = mapped_column(choice_column(FlagKind))
    priority: Mapped[FlagPriority] = mapped_column(choice_column(FlagPriority), default=FlagPriority.NORMAL)
    text: Mapped[str] = mapped_column(EncryptedText)
    from_on: Mapped[date]
    until_on: Mapped[date]
    set_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    ended_on: Mapped[date | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    resident: Mapped[Resident] = relationship()
    set_by: Mapped[User] = relationship(foreign_keys=[set_by_id])
