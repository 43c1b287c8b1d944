from __future__ import annotations

from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from foyer.audit.trail import Audited
from foyer.cycles.models import Cycle
from foyer.database import EncryptedText, HouseRow, Model, Versioned, choice_column


class Element(StrEnum):
    """The nine elements of a public-satisfaction survey (PermenPAN-RB 14/2017)."""

    REQUIREMENTS = "requirements"
    PROCEDURE = "procedure"
    TIME = "time"
    COST = "cost"
    RESULT = "result"
    COMPETENCE = "competence"
    CONDUCT = "conduct"
    COMPLAINTS = "complaints"
    FACILITIES = "facilities"


LEVELS = (1, 2, 3, 4)


class Survey(Versioned, Audited, HouseRow, Model):
    """The window of days in which a cycle's residents are asked, both days included."""

    __tablename__ = "surveys"
    __table_args__ = (UniqueConstraint("cycle_id"), CheckConstraint("opens_on <= closes_on", name="order"))

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycles.id"))
    opens_on: Mapped[date]
    closes_on: Mapped[date]
    cycle: Mapped[Cycle] = relationship()


class SurveyCount(HouseRow, Model):
    """How many gave this level to this element. Nobody's sheet is kept: sending one only raises nine of these, so that
    no row, time or order leads from an answer to a person."""

    __tablename__ = "survey_counts"
    __table_args__ = (
        UniqueConstraint("survey_id", "element", "level"),
        CheckConstraint("level BETWEEN 1 AND 4", name="level"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("surveys.id"))
    element: Mapped[Element] = mapped_column(choice_column(Element))
    level: Mapped[int]
    answers: Mapped[int] = mapped_column(default=0)


class SurveyTaken(HouseRow, Model):
    """That an account took part: once in a survey. It says neither when nor what."""

    __tablename__ = "surveys_taken"

    survey_id: Mapped[int] = mapped_column(ForeignKey("surveys.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)


class Suggestion(Versioned, HouseRow, Model):
    """A slip from the suggestion box. Who wrote it is not kept, nor the day: only the week. Therefore it is not in the
    trail of changes, which names the actor; the house's reply is, by a verb of its own."""

    __tablename__ = "suggestions"
    __table_args__ = (CheckConstraint("(published_on IS NULL) OR (reply IS NOT NULL)", name="reply"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    words: Mapped[str] = mapped_column(EncryptedText)
    week_of: Mapped[date]  # its Monday
    is_from_paper: Mapped[bool] = mapped_column(default=False, server_default=false())
    shown_words: Mapped[str | None] = mapped_column(EncryptedText)  # as published: without names
    reply: Mapped[str | None] = mapped_column(EncryptedText)
    published_on: Mapped[date | None]
