"""An incident with who was involved, its clocks, its measures, and everything that was done about it."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from foyer.accounts.models import User
from foyer.audit.trail import Audited
from foyer.database import EncryptedText, HouseRow, Model, UtcDateTime, Versioned, choice_column
from foyer.residences.models import Room, Staff, Venue
from foyer.residents.models import Resident


class IncidentKind(StrEnum):
    """Eight kinds, so that a phone shows all of them at once. The choice is ours (docs/decisions/0042): no rule of a
    panti lists kinds. Sexual violence and suspicions against staff are no incidents but safeguarding concerns."""

    INJURY = "injury"  # accident, injury, sudden illness
    MISSING = "missing"  # not come back, away without leave
    VIOLENCE = "violence"  # between residents
    SELF_HARM = "self_harm"  # signs of it, or that somebody does not want to live
    PROPERTY = "property"  # damage, loss, theft, fire
    HOUSE_RULES = "house_rules"  # pelanggaran tata tertib, alcohol and drugs among them
    OUTSIDE = "outside"  # a threat or a visitor from outside
    DATA = "data"  # a file or list was lost, or read by somebody who may not (UU 27/2022 art. 46)


ABOUT_PEOPLE = frozenset(
    {IncidentKind.INJURY, IncidentKind.MISSING, IncidentKind.VIOLENCE, IncidentKind.SELF_HARM, IncidentKind.HOUSE_RULES}
)


class Seriousness(StrEnum):
    MINOR = "minor"
    MODERATE = "moderate"
    SERIOUS = "serious"


class InvolvedAs(StrEnum):
    """The part somebody had in it; a description of that day, not of the person."""

    AFFECTED = "affected"
    ACTED = "acted"
    WITNESS = "witness"


class Told(StrEnum):
    """Who was told at once."""

    GUARDIAN = "guardian"
    CLINIC = "clinic"
    POLICE = "police"
    OFFICE = "office"


class ClockFor(StrEnum):
    """Who must be told within a period."""

    GUARDIAN = "guardian"
    OFFICE = "office"
    DATA_SUBJECTS = "data_subjects"
    DATA_AUTHORITY = "data_authority"


class IncidentState(StrEnum):
    REPORTED = "reported"
    EXAMINED = "examined"  # somebody answers for it
    PROPOSED = "proposed"  # to be closed: waits for a second person
    CLOSED = "closed"


class StepKind(StrEnum):
    REPORTED = "reported"
    ASSIGNED = "assigned"
    AMENDED = "amended"
    MEASURE = "measure"
    MEASURE_DONE = "measure_done"
    TOLD = "told"
    NOT_TOLD = "not_told"
    PROPOSED = "proposed"
    RETURNED = "returned"
    CLOSED = "closed"
    REOPENED = "reopened"


class ClockSetAlready(RuntimeError):
    """Something tried to move a clock."""


class IncidentRules(Versioned, Audited, HouseRow, Model):
    """Within how many hours the house tells whom, and which rule says so. Only the period for personal data is the
    law's (UU 27/2022 art. 46: 3 x 24 hours); the others are the house's own until it enters its source."""

    __tablename__ = "incident_rules"
    __table_args__ = (
        UniqueConstraint("residence_id"),
        CheckConstraint("guardian_hours BETWEEN 1 AND 168", name="guardian_hours"),
        CheckConstraint("office_hours BETWEEN 1 AND 168", name="office_hours"),
        CheckConstraint("data_hours BETWEEN 1 AND 72", name="data_hours"),
        CheckConstraint("warn_hours BETWEEN 1 AND 48", name="warn_hours"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    guardian_hours: Mapped[int] = mapped_column(default=24)
    guardian_source: Mapped[str] = mapped_column(String(300), default="")
    office_hours: Mapped[int] = mapped_column(default=24)
    office_source: Mapped[str] = mapped_column(String(300), default="")
    data_hours: Mapped[int] = mapped_column(default=72)
    data_source: Mapped[str] = mapped_column(String(300), default="")
    warn_hours: Mapped[int] = mapped_column(default=6)  # so long before a clock runs out it is the managers' as well


class Incident(Versioned, Audited, HouseRow, Model):
    """What happened, as it was first reported: these words never change. What is learnt later is a step."""

    __tablename__ = "incidents"
    __table_args__ = (
        Index("ix_incidents_residence_id_happened_at", "residence_id", "happened_at"),
        Index("ix_incidents_residence_id_state", "residence_id", "state"),
        CheckConstraint("state = 'reported' OR owner_id IS NOT NULL", name="owner"),
        CheckConstraint("state NOT IN ('proposed', 'closed') OR proposed_by_id IS NOT NULL", name="proposed"),
        CheckConstraint(
            "state <> 'closed' OR (closed_at IS NOT NULL AND closed_by_id IS NOT NULL"
            " AND closed_by_id <> proposed_by_id)",
            name="second_person",
        ),
    )
    __audit_hidden__ = frozenset({"place", "account", "done_at_once"})

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[IncidentKind] = mapped_column(choice_column(IncidentKind))
    seriousness: Mapped[Seriousness] = mapped_column(choice_column(Seriousness))
    happened_at: Mapped[datetime] = mapped_column(UtcDateTime)  # or was noticed
    venue_id: Mapped[int | None] = mapped_column(ForeignKey("venues.id"))
    room_id: Mapped[int | None] = mapped_column(ForeignKey("rooms.id"))
    place: Mapped[str | None] = mapped_column(EncryptedText)  # anywhere else
    account: Mapped[str] = mapped_column(EncryptedText)
    done_at_once: Mapped[str | None] = mapped_column(EncryptedText)
    told: Mapped[list[str]] = mapped_column(JSON, default=list)
    reported_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reported_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    state: Mapped[IncidentState] = mapped_column(choice_column(IncidentState), default=IncidentState.REPORTED)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), index=True)
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    reported_by: Mapped[User] = relationship(foreign_keys=[reported_by_id])
    closed_by: Mapped[User | None] = relationship(foreign_keys=[closed_by_id])
    owner: Mapped[Staff | None] = relationship()
    venue: Mapped[Venue | None] = relationship()
    room: Mapped[Room | None] = relationship()
    people: Mapped[list[IncidentPerson]] = relationship(back_populates="incident", order_by="IncidentPerson.id")
    clocks: Mapped[list[IncidentClock]] = relationship(back_populates="incident", order_by="IncidentClock.id")
    measures: Mapped[list[IncidentMeasure]] = relationship(back_populates="incident", order_by="IncidentMeasure.id")
    steps: Mapped[list[IncidentStep]] = relationship(back_populates="incident", order_by="IncidentStep.id")


class IncidentPerson(Audited, HouseRow, Model):
    """A resident and the part he or she had in it; named by mistake: withdrawn, never deleted."""

    __tablename__ = "incident_people"
    __table_args__ = (UniqueConstraint("incident_id", "resident_id"),)
    __audit_resident__ = "resident_id"

    id: Mapped[int] = mapped_column(primary_key=True)
    incident_id: Mapped[int] = mapped_column(ForeignKey("incidents.id"))
    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id"), index=True)
    role: Mapped[InvolvedAs] = mapped_column(choice_column(InvolvedAs))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    incident: Mapped[Incident] = relationship(back_populates="people")
    resident: Mapped[Resident] = relationship()


class IncidentClock(Audited, HouseRow, Model):
    """Somebody must be told by ``due_at``, which is set once and never moved. It stops when they were told, or when a
    manager says why they cannot be (a guardian under suspicion)."""

    __tablename__ = "incident_clocks"
    __table_args__ = (
        UniqueConstraint("incident_id", "party"),
        Index("ix_incident_clocks_residence_id_stopped_at", "residence_id", "stopped_at"),
        CheckConstraint("runs_from < due_at", name="clock"),
        CheckConstraint("(stopped_at IS NULL) = (was_told IS NULL)", name="stopped"),
    )
    __audit_hidden__ = frozenset({"words"})

    id: Mapped[int] = mapped_column(primary_key=True)
    incident_id: Mapped[int] = mapped_column(ForeignKey("incidents.id"))
    party: Mapped[ClockFor] = mapped_column(choice_column(ClockFor))
    runs_from: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    source: Mapped[str] = mapped_column(String(300), default="")  # as the house's rules said when it began
    responsible_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), index=True)
    stopped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    was_told: Mapped[bool | None]
    words: Mapped[str | None] = mapped_column(EncryptedText)  # who was told and how, or why not
    stopped_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    incident: Mapped[Incident] = relationship(back_populates="clocks")
    responsible: Mapped[Staff | None] = relationship()

    @validates("runs_from", "due_at")
    def _set_once(self, key: str, value: datetime) -> datetime:
        before = getattr(self, key, None)
        if before is not None and before != value:
            raise ClockSetAlready(key)
        return value

    @property
    def is_running(self) -> bool:
        return self.stopped_at is None

    @property
    def was_met(self) -> bool:
        """Whether they were told, and in time."""
        return bool(self.was_told and self.stopped_at and self.stopped_at <= self.due_at)


class IncidentMeasure(Versioned, Audited, HouseRow, Model):
    """Something that somebody does about it until a day: never a sanction."""

    __tablename__ = "incident_measures"
    __table_args__ = (
        Index("ix_incident_measures_incident_id", "incident_id"),
        CheckConstraint("(done_at IS NULL) = (done_by_id IS NULL)", name="done"),
    )
    __audit_hidden__ = frozenset({"words", "done_words"})

    id: Mapped[int] = mapped_column(primary_key=True)
    incident_id: Mapped[int] = mapped_column(ForeignKey("incidents.id"))
    words: Mapped[str] = mapped_column(EncryptedText)
    owner_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    due_on: Mapped[date]
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_words: Mapped[str | None] = mapped_column(EncryptedText)
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    incident: Mapped[Incident] = relationship(back_populates="measures")
    owner: Mapped[Staff] = relationship()


class IncidentStep(Audited, HouseRow, Model):
    """What was done or learnt, by whom and when; added to, never changed. ``was`` and ``became``: a kind or seriousness
    that was put right."""

    __tablename__ = "incident_steps"
    __table_args__ = (Index("ix_incident_steps_incident_id", "incident_id"),)
    __audit_hidden__ = frozenset({"note"})

    id: Mapped[int] = mapped_column(primary_key=True)
    incident_id: Mapped[int] = mapped_column(ForeignKey("incidents.id"))
    kind: Mapped[StepKind] = mapped_column(choice_column(StepKind, "incidentstepkind"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))  # to whom it was given
    was: Mapped[str] = mapped_column(String(80), default="")
    became: Mapped[str] = mapped_column(String(80), default="")
    note: Mapped[str | None] = mapped_column(EncryptedText)

    incident: Mapped[Incident] = relationship(back_populates="steps")
    by: Mapped[User] = relationship()
    staff: Mapped[Staff | None] = relationship()
