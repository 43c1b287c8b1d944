from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from foyer.audit.trail import Audited
from foyer.database import EncryptedText, HouseRow, Model, UtcDateTime, Versioned, choice_column, utc_now
from foyer.residences.models import Gender, Room, Staff, Trade, Venue
from foyer.residents.models import EducationLevel, Stay


class CycleState(StrEnum):
    PREPARING = "preparing"
    PUBLISHED = "published"
    CLOSED = "closed"


class GroupKind(StrEnum):
    VOCATIONAL = "vocational"
    EDUCATION = "education"


class PlanState(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    REPLACED = "replaced"  # was published, then another was


class PlanOrigin(StrEnum):
    """How a plan came to be."""

    GENERATED = "generated"
    FINISHED = "finished"  # the rest solved around what was pinned in its parent
    COPIED = "copied"
    REPAIRED = "repaired"  # the least change of its parent after an event


class Cycle(Versioned, Audited, HouseRow, Model):
    """Four months of the house: ``weeks`` weeks from a Monday on, nights ``[starts_on, ends_on)``."""

    __tablename__ = "cycles"
    __table_args__ = (
        UniqueConstraint("residence_id", "starts_on"),
        UniqueConstraint("residence_id", "year", "number"),
        CheckConstraint("weeks BETWEEN 1 AND 53", name="weeks"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    number: Mapped[int]  # 1 to 3, shown in Roman
    starts_on: Mapped[date]
    weeks: Mapped[int] = mapped_column(default=17)
    state: Mapped[CycleState] = mapped_column(choice_column(CycleState), default=CycleState.PREPARING)

    @property
    def ends_on(self) -> date:
        """The day after the cycle's last night."""
        return self.starts_on + timedelta(weeks=self.weeks)

    @property
    def nights(self) -> int:
        return 7 * self.weeks

    def night(self, number: int) -> date:
        """The date of a night of the cycle, 0 first."""
        return self.starts_on + timedelta(days=number)

    def night_number(self, day: date) -> int:
        """How many nights lie between the cycle's start and a date; negative before it."""
        return (day - self.starts_on).days


class TeachingGroup(Versioned, Audited, HouseRow, Model):
    """A vocational class or an education group of one cycle, and its rules."""

    __tablename__ = "teaching_groups"
    __table_args__ = (
        UniqueConstraint("cycle_id", "code"),
        CheckConstraint("minimum >= 0 AND minimum <= maximum", name="sizes"),
        CheckConstraint("(kind = 'vocational') = (trade_id IS NOT NULL)", name="trade"),
        CheckConstraint("minimum_age <= maximum_age", name="ages"),
    )
    __audit_hidden__ = frozenset({"calendar_token_digest"})

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycles.id"), index=True)
    code: Mapped[str] = mapped_column(String(40))
    kind: Mapped[GroupKind] = mapped_column(choice_column(GroupKind))
    trade_id: Mapped[int | None] = mapped_column(ForeignKey("trades.id"))
    programme: Mapped[str] = mapped_column(String(120), default="")  # education: Paket A, B, C
    minimum: Mapped[int] = mapped_column(default=0)
    maximum: Mapped[int]
    is_mandatory: Mapped[bool] = mapped_column(default=False)
    venue_id: Mapped[int | None] = mapped_column(ForeignKey("venues.id"))
    instructor_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))  # instructor or tutor
    meetings: Mapped[int]  # a week
    minutes: Mapped[int | None]  # one meeting, at least; None: one block of the grid
    minimum_level: Mapped[EducationLevel | None] = mapped_column(choice_column(EducationLevel))
    levels: Mapped[list[str]] = mapped_column(JSON, default=list)  # last educations admitted; empty: any
    minimum_age: Mapped[int | None]
    maximum_age: Mapped[int | None]
    gender: Mapped[Gender | None] = mapped_column(choice_column(Gender))  # only for these; None: anybody
    target: Mapped[int | None]  # the size wished for
    parts: Mapped[list[str]] = mapped_column(
        JSON, default=list
    )  # morning, afternoon, late_afternoon, evening; empty: any
    calendar_token_digest: Mapped[str | None] = mapped_column(String(64), unique=True)  # of its calendar address

    trade: Mapped[Trade | None] = relationship()
    venue: Mapped[Venue | None] = relationship()
    instructor: Mapped[Staff | None] = relationship()


class Enrolment(Versioned, Audited, HouseRow, Model):
    """A stay's part in one cycle, with the resident's wishes."""

    __tablename__ = "enrolments"
    __table_args__ = (UniqueConstraint("cycle_id", "stay_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycles.id"), index=True)
    stay_id: Mapped[int] = mapped_column(ForeignKey("stays.id"), index=True)
    previous_counsellor_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    previous_room_id: Mapped[int | None] = mapped_column(ForeignKey("rooms.id"))
    wants_same_gender_counsellor: Mapped[bool] = mapped_column(default=False)
    # Who ranked the trades last and when, in the app. Nobody: the choices came with a workbook.
    wished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    wished_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    wish_reason: Mapped[str] = mapped_column(String(300), default="", server_default="")  # after the last day

    stay: Mapped[Stay] = relationship()
    choices: Mapped[list[Choice]] = relationship(
        back_populates="enrolment", cascade="all, delete-orphan", order_by="Choice.rank"
    )


class Choice(Audited, HouseRow, Model):
    """A trade that a resident ranked, 1 best."""

    __tablename__ = "choices"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "rank"),
        UniqueConstraint("enrolment_id", "trade_id"),
        CheckConstraint("rank >= 1", name="rank"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"))
    rank: Mapped[int]
    trade_id: Mapped[int] = mapped_column(ForeignKey("trades.id"))

    enrolment: Mapped[Enrolment] = relationship(back_populates="choices")
    trade: Mapped[Trade] = relationship()


class Plan(Versioned, HouseRow, Model):
    """A stored answer of the engine: a draft until a person publishes it. At most one plan of a cycle is published.
    ``problem`` and ``answer`` are the engine's own files (foyer-problem/1, foyer-plan/1), so that every plan can be
    checked and solved again."""

    __tablename__ = "plans"
    __table_args__ = (
        UniqueConstraint("cycle_id", "number"),
        UniqueConstraint("cycle_id", "release"),
        Index(
            "uq_plans_cycle_id_published",
            "cycle_id",
            unique=True,
            sqlite_where=text("state = 'published'"),
            postgresql_where=text("state = 'published'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycles.id"))
    number: Mapped[int]  # 1, 2, 3 within the cycle
    state: Mapped[PlanState] = mapped_column(choice_column(PlanState), default=PlanState.DRAFT)
    outcome: Mapped[str] = mapped_column(String(20))
    score: Mapped[float]
    bound: Mapped[float | None]
    stages: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    terms: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    unmet: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    seconds: Mapped[float] = mapped_column(default=0.0)
    problem: Mapped[str] = mapped_column(EncryptedText, deferred=True)  # names what residents need
    answer: Mapped[str] = mapped_column(Text, deferred=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    release: Mapped[int | None]  # 1, 2, 3: which version of the cycle's plan it became when it was published
    name: Mapped[str] = mapped_column(String(80), default="", server_default="")  # given by a manager
    origin: Mapped[PlanOrigin] = mapped_column(
        choice_column(PlanOrigin), default=PlanOrigin.GENERATED, server_default=PlanOrigin.GENERATED.value
    )
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("plans.id"))  # the plan that it was made from
    # What people decided in this draft and a new plan around it keeps: {"kind", "resident", "target"}, ids as strings.
    pins: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list, server_default="[]")
    from_on: Mapped[date | None]  # a version published within the cycle holds from this day; None: from the start
    step: Mapped[int] = mapped_column(default=0, server_default="0")  # how many of its steps are done; fewer: undone

    cycle: Mapped[Cycle] = relationship()


class StepAction(StrEnum):
    """What a person did to a draft."""

    CHANGE = "change"
    PIN = "pin"
    UNPIN = "unpin"
    TAKE = "take"  # parts of another plan


class PlanStep(HouseRow, Model):
    """One change by hand of a draft, so that it can be undone and redone: the plan before and after it."""

    __tablename__ = "plan_steps"
    __table_args__ = (UniqueConstraint("plan_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"))
    number: Mapped[int]  # 1, 2, 3 within the plan
    action: Mapped[StepAction] = mapped_column(choice_column(StepAction))
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # codes and ids, no names
    before: Mapped[str] = mapped_column(Text, deferred=True)  # foyer-plan/1
    after: Mapped[str] = mapped_column(Text, deferred=True)
    pins_before: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    pins_after: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    plan: Mapped[Plan] = relationship()


class PlanSeat(HouseRow, Model):
    """An enrolment's place in a group of one plan."""

    __tablename__ = "plan_seats"
    __table_args__ = (UniqueConstraint("plan_id", "enrolment_id", "group_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"), index=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"), index=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("teaching_groups.id"), index=True)
    choice_rank: Mapped[int | None]  # vocational: which choice it was; None: not among them

    enrolment: Mapped[Enrolment] = relationship()
    group: Mapped[TeachingGroup] = relationship()


class PlanCaseload(HouseRow, Model):
    """An enrolment's counsellor in one plan."""

    __tablename__ = "plan_caseloads"
    __table_args__ = (UniqueConstraint("plan_id", "enrolment_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"), index=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)

    enrolment: Mapped[Enrolment] = relationship()
    staff: Mapped[Staff] = relationship()


class PlanLodging(HouseRow, Model):
    """An enrolment's bed in one plan over nights ``[from_on, until_on)``."""

    __tablename__ = "plan_lodgings"
    __table_args__ = (
        UniqueConstraint("plan_id", "enrolment_id", "from_on"),
        CheckConstraint("from_on < until_on", name="order"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"), index=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("rooms.id"), index=True)
    bed: Mapped[int]
    from_on: Mapped[date]
    until_on: Mapped[date]

    enrolment: Mapped[Enrolment] = relationship()
    room: Mapped[Room] = relationship()


class PlanMeeting(HouseRow, Model):
    """A weekly meeting of a group in one plan."""

    __tablename__ = "plan_meetings"

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"), index=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("teaching_groups.id"), index=True)
    weekday: Mapped[int]
    start_minute: Mapped[int]
    end_minute: Mapped[int]
    venue_id: Mapped[int | None] = mapped_column(ForeignKey("venues.id"))
    instructor_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))

    group: Mapped[TeachingGroup] = relationship()
    venue: Mapped[Venue | None] = relationship()
    instructor: Mapped[Staff | None] = relationship()


class PlanAppointment(HouseRow, Model):
    """Individual counselling in one plan: every ``every_weeks`` weeks from week ``week`` (0 first) of the cycle on."""

    __tablename__ = "plan_appointments"
    __table_args__ = (UniqueConstraint("plan_id", "staff_id", "week", "weekday", "start_minute"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"), index=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    week: Mapped[int]
    every_weeks: Mapped[int]
    weekday: Mapped[int]
    start_minute: Mapped[int]
    end_minute: Mapped[int]

    enrolment: Mapped[Enrolment] = relationship()
    staff: Mapped[Staff] = relationship()


class BedNight(HouseRow, Model):
    """A bed held on a night by the published plan. The unique constraints are the point: a bed cannot be held twice on
    one night, and nobody sleeps in two beds."""

    __tablename__ = "bed_nights"
    __table_args__ = (
        UniqueConstraint("room_id", "bed", "night_on"),
        UniqueConstraint("stay_id", "night_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"), index=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("rooms.id"))
    bed: Mapped[int]
    night_on: Mapped[date] = mapped_column(index=True)
    stay_id: Mapped[int] = mapped_column(ForeignKey("stays.id"))


class OccupantKind(StrEnum):
    ENROLMENT = "enrolment"
    STAFF = "staff"
    VENUE = "venue"


class Occupancy(HouseRow, Model):
    """A block of the week in which a resident, a member of staff or a venue is taken by a plan. The unique constraint
    is the point: nobody sits in two sessions at once. ``week`` 0 and 1 are the odd and even weeks (appointments); a
    weekly meeting holds both."""

    __tablename__ = "occupancies"
    __table_args__ = (UniqueConstraint("plan_id", "kind", "occupant_id", "week", "weekday", "start_minute"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"))
    kind: Mapped[OccupantKind] = mapped_column(choice_column(OccupantKind))
    occupant_id: Mapped[int]  # enrolment, staff or venue id, by kind
    week: Mapped[int]
    weekday: Mapped[int]
    start_minute: Mapped[int]
