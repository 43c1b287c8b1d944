"""The survey of a cycle: asked in a window of days, counted without names, shown from five answers on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import exists, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from foyer.accounts.models import User
from foyer.cycles.models import Cycle
from foyer.database import db
from foyer.errors import FoyerError, expect_version
from foyer.records import change_record, flush
from foyer.residents.models import Stay
from foyer.voices.models import LEVELS, Element, Survey, SurveyCount, SurveyTaken

FEWEST = 5  # fewer answers could be told apart (domain: aggregates from n >= 5)
# PermenPAN-RB 14/2017: the index (25 to 100) and its class of quality.
_GRADES = ((88.31, "A"), (76.61, "B"), (65.0, "C"), (25.0, "D"))


class NotNow(FoyerError):
    """The survey is not open on this day."""


class TakenAlready(FoyerError):
    """This account has taken part."""


class OrderWrong(FoyerError):
    """The last day lies before the first."""


class HasAnswers(FoyerError):
    """Answers are in: the first day stays, and the window does not end before today."""


@dataclass(frozen=True)
class Result:
    """What a survey says. ``means`` is empty while it runs and below ``FEWEST`` answers: two looks at a running count
    would show what the one between them answered."""

    survey: Survey
    asked: int  # residents whose stay touches the window
    answered: int
    means: dict[Element, float]  # 1 to 4
    counts: dict[Element, list[int]]  # how many gave 1, 2, 3, 4

    @property
    def rate(self) -> float:
        """Response rate, 0 to 1."""
        return min(1.0, self.answered / self.asked) if self.asked else 0.0

    @property
    def index(self) -> float | None:
        """The satisfaction index, 25 to 100: the elements weigh the same, their mean times 25."""
        return sum(self.means.values()) / len(self.means) * 25 if self.means else None

    @property
    def grade(self) -> str:
        """A to D, by the decree's table."""
        return next((grade for least, grade in _GRADES if round(self.index or 0, 2) >= least), "")


def set_window(
    cycle: Cycle, survey: Survey | None, *, opens_on: date, closes_on: date, today: date, version: int | None
) -> Survey:
    """Say in which days a cycle's residents are asked. Raises OrderWrong, HasAnswers, Stale."""
    if closes_on < opens_on:
        raise OrderWrong
    if survey is None:
        survey = Survey(residence_id=cycle.residence_id, cycle_id=cycle.id, opens_on=opens_on, closes_on=closes_on)
        db.session.add(survey)
        flush()
        own = {"residence_id": cycle.residence_id, "survey_id": survey.id}
        rows = [{**own, "element": element, "level": level, "answers": 0} for element in Element for level in LEVELS]
        db.session.execute(insert(SurveyCount), rows)
        return survey
    expect_version(survey, version)
    if _answered(survey) and (opens_on != survey.opens_on or closes_on < min(today, survey.closes_on)):
        raise HasAnswers
    change_record(survey, {"opens_on": opens_on, "closes_on": closes_on}, version=version)
    return survey


def open_survey(today: date) -> Survey | None:
    """The survey that can be answered today."""
    query = select(Survey).where(Survey.opens_on <= today, Survey.closes_on >= today)
    return db.session.scalars(query.options(joinedload(Survey.cycle)).order_by(Survey.opens_on)).first()


def has_taken(survey: Survey, user: User) -> bool:
    """Whether this account took part."""
    taken = exists().where(SurveyTaken.survey_id == survey.id, SurveyTaken.user_id == user.id)
    return bool(db.session.scalar(select(taken)))


def answer(survey: Survey, user: User, levels: Mapping[Element, int], *, today: date) -> None:
    """Count a sheet: one level for each element. Raises NotNow, TakenAlready."""
    if not survey.opens_on <= today <= survey.closes_on:
        raise NotNow
    if has_taken(survey, user):
        raise TakenAlready
    try:
        with db.session.begin_nested():
            db.session.add(SurveyTaken(residence_id=survey.residence_id, survey_id=survey.id, user_id=user.id))
            flush()
    except IntegrityError:
        raise TakenAlready from None
    for element in Element:
        counted = update(SurveyCount).where(
            SurveyCount.survey_id == survey.id, SurveyCount.element == element, SurveyCount.level == levels[element]
        )
        db.session.execute(
            counted.values(answers=SurveyCount.answers + 1), execution_options={"synchronize_session": False}
        )


def result_of(survey: Survey, *, today: date) -> Result:
    """What a survey says so far."""
    stays = select(func.count(Stay.resident_id.distinct())).where(
        Stay.arrives_on <= survey.closes_on, Stay.leaves_on > survey.opens_on, Stay.elsewhere.is_(None)
    )
    answered = _answered(survey)
    counts: dict[Element, list[int]] = {}
    if survey.closes_on < today and answered >= FEWEST:
        rows = select(SurveyCount.element, SurveyCount.level, SurveyCount.answers)
        counts = {element: [0] * len(LEVELS) for element in Element}
        for element, level, answers in db.session.execute(rows.where(SurveyCount.survey_id == survey.id)):
            counts[element][level - 1] = answers
    means = {
        element: sum(level * number for level, number in zip(LEVELS, row, strict=True)) / sum(row)
        for element, row in counts.items()
    }
    return Result(survey, db.session.scalar(stays) or 0, answered, means, counts)


def survey_of(cycle: Cycle) -> Survey | None:
    """The survey of a cycle, if its window was set."""
    return db.session.scalar(select(Survey).where(Survey.cycle_id == cycle.id).options(joinedload(Survey.cycle)))


def surveys() -> Sequence[Survey]:
    """Every survey of the house, the newest first."""
    return db.session.scalars(select(Survey).options(joinedload(Survey.cycle)).order_by(Survey.opens_on.desc())).all()


def _answered(survey: Survey) -> int:
    return db.session.scalar(select(func.count()).where(SurveyTaken.survey_id == survey.id)) or 0
