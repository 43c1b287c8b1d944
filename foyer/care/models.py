from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from foyer.accounts.models import User
from foyer.audit.trail import Audited
from foyer.database import EncryptedJson, EncryptedText, HouseRow, Model, UtcDateTime, Versioned, choice_column, utc_now
from foyer.residences.models import Staff
from foyer.residents.attachments import Attachment
from foyer.residents.models import Stay


class Domain(StrEnum):
    """The seven parts of life that an assessment looks at; their order is that of every page."""

    PHYSICAL = "physical"
    PSYCHOSOCIAL = "psychosocial"
    MENTAL_SPIRITUAL = "mental_spiritual"
    SOCIAL = "social"
    EDUCATION = "education"
    VOCATIONAL = "vocational"
    INDEPENDENCE = "independence"


class Point(StrEnum):
    """When in a cycle somebody is assessed."""

    ENTRY = "entry"
    MIDDLE = "middle"
    EXIT = "exit"


class Side(StrEnum):
    """Whose score it is."""

    WORKER = "worker"
    RESIDENT = "resident"


class Assessment(Versioned, Audited, HouseRow, Model):
    """Where a resident stands at one point of a cycle. Open while ``finished_at`` is None; a finished one is closed for
    both sides, and the resident sees the worker's scores. ``cycle_id`` is None in a house without a cycle."""

    __tablename__ = "assessments"
    __table_args__ = (UniqueConstraint("stay_id", "cycle_id", "point"),)
    __audit_hidden__ = frozenset({"note"})
    __audit_resident__ = "resident_id"

    id: Mapped[int] = mapped_column(primary_key=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id"), index=True)
    stay_id: Mapped[int] = mapped_column(ForeignKey("stays.id"))
    cycle_id: Mapped[int | None] = mapped_column(ForeignKey("cycles.id"), index=True)
    point: Mapped[Point] = mapped_column(choice_column(Point))
    assessed_on: Mapped[date]
    assessed_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    note: Mapped[str | None] = mapped_column(EncryptedText)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    scores: Mapped[list[AssessmentScore]] = relationship(back_populates="assessment", order_by="AssessmentScore.id")
    own: Mapped[OwnAnswer | None] = relationship(back_populates="assessment")

    def levels(self, side: Side) -> dict[Domain, int]:
        """The levels that one side gave, by domain."""
        return {score.domain: score.level for score in self.scores if score.side == side}  # templates say it in words


class OwnAnswer(Versioned, Audited, HouseRow, Model):
    """That the resident answered, and what the resident wants to add. The levels are scores of that side."""

    __tablename__ = "own_answers"
    __audit_hidden__ = frozenset({"said"})
    __audit_resident__ = "resident_id"

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessments.id"), unique=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id"), index=True)
    said: Mapped[str | None] = mapped_column(EncryptedText)
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    sent_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))  # a worker, where both filled it in together

    assessment: Mapped[Assessment] = relationship(back_populates="own")


class AssessmentScore(Audited, HouseRow, Model):
    """One side's level in one domain, 1 to 5 as ``scale`` words them; ``evidence``: what the worker saw. The trail says
    that a level changed, not from what to what: it is about health (UU 27/2022 art. 4)."""

    __tablename__ = "assessment_scores"
    __table_args__ = (UniqueConstraint("assessment_id", "side", "domain"),)
    __audit_hidden__ = frozenset({"level", "evidence"})
    __audit_resident__ = "resident_id"

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessments.id"))
    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id"), index=True)
    side: Mapped[Side] = mapped_column(choice_column(Side))
    domain: Mapped[Domain] = mapped_column(choice_column(Domain))
    level: Mapped[int] = mapped_column(EncryptedJson)
    evidence: Mapped[str | None] = mapped_column(EncryptedText)

    assessment: Mapped[Assessment] = relationship(back_populates="scores")

    @validates("level")
    def _one_to_five(self, _key: str, level: int) -> int:
        """What is encrypted no constraint of the database can check."""
        if level not in range(1, 6):
            raise ValueError("a level is 1 to 5")
        return level


class PlannerFact(StrEnum):
    """What the planner counts with and a person confirms."""

    APTITUDE = "aptitude"
    NEEDS = "needs"
    STAGE = "stage"
    EDUCATION = "education"
    APART = "apart"


class FactConfirmation(Audited, HouseRow, Model):
    """Somebody looked at a fact that the planner counts with, and it was right on that day. The last one counts."""

    __tablename__ = "fact_confirmations"
    __table_args__ = (Index("ix_fact_confirmations_stay_id_fact", "stay_id", "fact"),)
    __audit_resident__ = "resident_id"

    id: Mapped[int] = mapped_column(primary_key=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id"), index=True)
    stay_id: Mapped[int] = mapped_column(ForeignKey("stays.id"))
    fact: Mapped[PlannerFact] = mapped_column(choice_column(PlannerFact))
    confirmed_on: Mapped[date]
    confirmed_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))


class RpiState(StrEnum):
    DRAFT = "draft"
    AGREED = "agreed"  # in force
    REPLACED = "replaced"  # was in force, then a new version was agreed
    ENDED = "ended"


class ServicePlan(Versioned, Audited, HouseRow, Model):
    """A version of a resident's individual service plan (RPI). Goals and steps change in a draft only; what is agreed
    is replaced by a new version that both sides agree to. Progress is written into what is agreed."""

    __tablename__ = "service_plans"
    __table_args__ = (
        UniqueConstraint("stay_id", "number"),
        Index(
            "uq_service_plans_stay_id_draft",
            "stay_id",
            unique=True,
            sqlite_where=text("state = 'draft'"),
            postgresql_where=text("state = 'draft'"),
        ),
        Index(
            "uq_service_plans_stay_id_agreed",
            "stay_id",
            unique=True,
            sqlite_where=text("state = 'agreed'"),
            postgresql_where=text("state = 'agreed'"),
        ),
    )
    __audit_hidden__ = frozenset({"strengths", "reason"})
    __audit_resident__ = "resident_id"

    id: Mapped[int] = mapped_column(primary_key=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id"), index=True)
    stay_id: Mapped[int] = mapped_column(ForeignKey("stays.id"))
    number: Mapped[int]  # 1, 2, 3 within the stay
    state: Mapped[RpiState] = mapped_column(choice_column(RpiState), default=RpiState.DRAFT)
    strengths: Mapped[str | None] = mapped_column(EncryptedText)  # what the resident can build on
    reason: Mapped[str | None] = mapped_column(EncryptedText)  # why there is a new version, or why it ended
    made_on: Mapped[date]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    agreed_on: Mapped[date | None]
    ended_on: Mapped[date | None]  # replaced or ended

    stay: Mapped[Stay] = relationship()
    made_by: Mapped[User] = relationship()
    goals: Mapped[list[ServiceGoal]] = relationship(
        back_populates="plan", order_by="ServiceGoal.position, ServiceGoal.id"
    )
    agreements: Mapped[list[RpiAgreement]] = relationship(back_populates="plan", order_by="RpiAgreement.id")


class GoalState(StrEnum):
    OPEN = "open"
    REACHED = "reached"
    DROPPED = "dropped"


class ServiceGoal(Versioned, Audited, HouseRow, Model):
    """What a resident wants to reach, tied to a domain of the assessment."""

    __tablename__ = "service_goals"
    __table_args__ = (CheckConstraint("target_level BETWEEN 1 AND 5", name="target_level"),)
    __audit_hidden__ = frozenset({"title", "measure", "closing"})
    __audit_resident__ = "resident_id"

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("service_plans.id"), index=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id"), index=True)
    position: Mapped[int]
    domain: Mapped[Domain] = mapped_column(choice_column(Domain))
    title: Mapped[str] = mapped_column(EncryptedText)
    measure: Mapped[str | None] = mapped_column(EncryptedText)  # how both will see that it is reached
    target_level: Mapped[int | None]
    due_on: Mapped[date]
    state: Mapped[GoalState] = mapped_column(choice_column(GoalState), default=GoalState.OPEN)
    closed_on: Mapped[date | None]
    closing: Mapped[str | None] = mapped_column(EncryptedText)

    plan: Mapped[ServicePlan] = relationship(back_populates="goals")
    steps: Mapped[list[ServiceStep]] = relationship(
        back_populates="goal", order_by="ServiceStep.position, ServiceStep.id"
    )


class Doer(StrEnum):
    """Who does a step."""

    RESIDENT = "resident"
    STAFF = "staff"
    FAMILY = "family"
    PARTNER = "partner"


class ServiceStep(Versioned, Audited, HouseRow, Model):
    """A dated step towards a goal, in order. Done with a day, or dropped with a reason."""

    __tablename__ = "service_steps"
    __table_args__ = (
        CheckConstraint("(doer = 'staff') = (staff_id IS NOT NULL)", name="doer_named"),
        Index("ix_service_steps_resident_id_due_on", "resident_id", "due_on"),
    )
    __audit_hidden__ = frozenset({"title", "closing"})
    __audit_resident__ = "resident_id"

    id: Mapped[int] = mapped_column(primary_key=True)
    goal_id: Mapped[int] = mapped_column(ForeignKey("service_goals.id"), index=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id"))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(EncryptedText)
    doer: Mapped[Doer] = mapped_column(choice_column(Doer))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    due_on: Mapped[date]
    done_on: Mapped[date | None]
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    dropped_on: Mapped[date | None]
    closing: Mapped[str | None] = mapped_column(EncryptedText)

    goal: Mapped[ServiceGoal] = relationship(back_populates="steps")
    staff: Mapped[Staff | None] = relationship()


class Party(StrEnum):
    """Who agrees to a plan."""

    RESIDENT = "resident"
    COUNSELLOR = "counsellor"
    GUARDIAN = "guardian"


class AgreementMethod(StrEnum):
    """How somebody agreed."""

    SIGNED_IN = "signed_in"  # pressed "agree" in the own account
    ON_PAPER = "on_paper"  # signed the printed plan
    SPOKEN = "spoken"  # said so, before a witness who writes it down


class RpiAgreement(Audited, HouseRow, Model):
    """That one side agreed to a version of the plan, when and how. ``recorded_by_id`` is who wrote it down: the person
    self when signed in. Withdrawn when the draft was opened for changes again."""

    __tablename__ = "rpi_agreements"
    __table_args__ = (
        Index(
            "uq_rpi_agreements_plan_id_party",
            "plan_id",
            "party",
            unique=True,
            sqlite_where=text("withdrawn_on IS NULL"),
            postgresql_where=text("withdrawn_on IS NULL"),
        ),
    )
    __audit_hidden__ = frozenset({"words"})
    __audit_resident__ = "resident_id"

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("service_plans.id"))
    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id"), index=True)
    party: Mapped[Party] = mapped_column(choice_column(Party))
    method: Mapped[AgreementMethod] = mapped_column(choice_column(AgreementMethod))
    agreed_on: Mapped[date]
    words: Mapped[str | None] = mapped_column(EncryptedText)  # what the person said to it, who was witness
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    withdrawn_on: Mapped[date | None]
    proof_id: Mapped[int | None] = mapped_column(ForeignKey("attachments.id"))  # the signed sheet, a document of theirs

    plan: Mapped[ServicePlan] = relationship(back_populates="agreements")
    proof: Mapped[Attachment | None] = relationship()


class ReviewResult(StrEnum):
    CONTINUE = "continue"
    CHANGE = "change"  # a new version follows
    END = "end"  # all is reached, or the plan ends


class PlanReview(Versioned, Audited, HouseRow, Model):
    """A review of the plan that fell due on ``due_on``: held with a result, or put off to ``put_off_to`` with a reason.
    What was put off stays in the list with its reason."""

    __tablename__ = "plan_reviews"
    __table_args__ = (
        CheckConstraint("(held_on IS NULL) <> (put_off_to IS NULL)", name="held_or_put_off"),
        CheckConstraint("(held_on IS NULL) = (result IS NULL)", name="result"),
        CheckConstraint("put_off_to > due_on", name="order"),
    )
    __audit_hidden__ = frozenset({"summary", "reason"})
    __audit_resident__ = "resident_id"

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("service_plans.id"), index=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id"), index=True)
    due_on: Mapped[date]
    held_on: Mapped[date | None]
    result: Mapped[ReviewResult | None] = mapped_column(choice_column(ReviewResult))
    summary: Mapped[str | None] = mapped_column(EncryptedText)
    put_off_to: Mapped[date | None]
    reason: Mapped[str | None] = mapped_column(EncryptedText)
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))


class CareRule(Versioned, Audited, HouseRow, Model):
    """The days that a house gives itself. A house without a row keeps the defaults."""

    __tablename__ = "care_rules"
    __table_args__ = (
        UniqueConstraint("residence_id"),
        CheckConstraint("review_days BETWEEN 7 AND 366", name="review_days"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_days: Mapped[int] = mapped_column(default=14)  # after arrival, for the first assessment
    middle_days: Mapped[int] = mapped_column(default=7)  # before and after the middle of the cycle
    exit_days: Mapped[int] = mapped_column(default=14)  # before the last day, for the last assessment
    plan_days: Mapped[int] = mapped_column(default=30)  # after arrival, for an agreed plan
    review_days: Mapped[int] = mapped_column(default=42)  # between two reviews
    window_days: Mapped[int] = mapped_column(default=7)  # how early a review may be held


class CaseConference(Versioned, Audited, HouseRow, Model):
    """A case conference about a resident, or about somebody who was referred and has no file yet (it belongs to the
    file from the admission on): who took part, what was said, what was decided."""

    __tablename__ = "case_conferences"
    __table_args__ = (CheckConstraint("resident_id IS NOT NULL OR referral_id IS NOT NULL", name="about"),)
    __audit_hidden__ = frozenset({"occasion", "summary", "advice"})
    __audit_resident__ = "resident_id"

    id: Mapped[int] = mapped_column(primary_key=True)
    resident_id: Mapped[int | None] = mapped_column(ForeignKey("residents.id"), index=True)
    referral_id: Mapped[int | None] = mapped_column(
        ForeignKey("referrals.id"), index=True
    )  # whose decision it prepares
    stay_id: Mapped[int | None] = mapped_column(ForeignKey("stays.id"))  # None: before there is a stay
    held_on: Mapped[date]
    occasion: Mapped[str] = mapped_column(EncryptedText)
    summary: Mapped[str | None] = mapped_column(EncryptedText)
    advice: Mapped[str | None] = mapped_column(EncryptedText)  # to whoever decides about the referral
    resident_took_part: Mapped[bool] = mapped_column(default=False)
    written_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))

    participants: Mapped[list[ConferenceParticipant]] = relationship(
        primaryjoin="and_(CaseConference.id == ConferenceParticipant.conference_id, "
        "ConferenceParticipant.removed_at.is_(None))",
        order_by="ConferenceParticipant.id",
    )
    decisions: Mapped[list[ConferenceDecision]] = relationship(order_by="ConferenceDecision.id")


class ConferenceParticipant(Audited, HouseRow, Model):
    """Somebody who took part: of the staff, or from outside by name and office. A name that was written by mistake is
    removed, which keeps the row: it is in no list any more, and in the trail."""

    __tablename__ = "conference_participants"
    __table_args__ = (CheckConstraint("(staff_id IS NULL) <> (guest IS NULL)", name="staff_or_guest"),)
    __audit_hidden__ = frozenset({"guest"})
    __audit_resident__ = "resident_id"

    id: Mapped[int] = mapped_column(primary_key=True)
    conference_id: Mapped[int] = mapped_column(ForeignKey("case_conferences.id"), index=True)
    resident_id: Mapped[int | None] = mapped_column(ForeignKey("residents.id"), index=True)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    guest: Mapped[str | None] = mapped_column(EncryptedText)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    staff: Mapped[Staff | None] = relationship()


class ConferenceDecision(Versioned, Audited, HouseRow, Model):
    """What a conference decided, who does it, until when."""

    __tablename__ = "conference_decisions"
    __audit_hidden__ = frozenset({"words", "outcome"})
    __audit_resident__ = "resident_id"

    id: Mapped[int] = mapped_column(primary_key=True)
    conference_id: Mapped[int] = mapped_column(ForeignKey("case_conferences.id"), index=True)
    resident_id: Mapped[int | None] = mapped_column(ForeignKey("residents.id"), index=True)
    words: Mapped[str] = mapped_column(EncryptedText)
    owner_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    due_on: Mapped[date]
    done_on: Mapped[date | None]
    outcome: Mapped[str | None] = mapped_column(EncryptedText)

    owner: Mapped[Staff] = relationship()
