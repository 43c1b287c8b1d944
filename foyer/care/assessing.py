"""Assessments: begun by a worker, answered by both sides, finished, and read as the distance travelled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from foyer.accounts.models import User
from foyer.care.models import Assessment, AssessmentScore, Domain, OwnAnswer, Point, Side
from foyer.cycles.models import Cycle, Enrolment
from foyer.database import db, utc_now
from foyer.errors import FoyerError, NotFound, Stale, expect_version
from foyer.records import change_record, flush, touch
from foyer.residents.models import Resident, Stay


class AssessmentExists(FoyerError):
    """The stay has an assessment of this point of the cycle already."""


class AssessmentFinished(FoyerError):
    """A finished assessment stays as it is."""


class LevelsMissing(FoyerError):
    """Every domain needs a level."""


class DayAhead(FoyerError):
    """What was done cannot lie in the future."""


@dataclass(frozen=True)
class Answer:
    """A side's answer in one domain."""

    level: int | None
    evidence: str | None = None


@dataclass(frozen=True)
class Track:
    """One domain over time: each side's levels by the number of the assessment, as far as that side answered."""

    domain: Domain
    worker: Sequence[tuple[int, int]]
    own: Sequence[tuple[int, int]]

    @property
    def moved(self) -> int | None:
        """Levels from the first to the last of the worker's scores; None with fewer than two."""
        return _moved(self.worker)

    @property
    def own_moved(self) -> int | None:
        return _moved(self.own)


def _moved(levels: Sequence[tuple[int, int]]) -> int | None:
    return levels[-1][1] - levels[0][1] if len(levels) > 1 else None


def cycle_of_stay(stay: Stay, today: date) -> Cycle | None:
    """The cycle in which a stay is assessed today: the last of its cycles that has begun, else the first to come."""
    cycles = db.session.scalars(
        select(Cycle).join(Enrolment, Enrolment.cycle_id == Cycle.id).where(Enrolment.stay_id == stay.id)
    ).all()
    begun = [cycle for cycle in cycles if cycle.starts_on <= today]
    coming = [cycle for cycle in cycles if cycle.starts_on > today]
    if begun:
        return max(begun, key=lambda cycle: cycle.starts_on)
    return min(coming, key=lambda cycle: cycle.starts_on, default=None)


def assessments_of(resident_id: int) -> Sequence[Assessment]:
    """A resident's assessments over all stays, oldest first, with both sides' scores."""
    return db.session.scalars(
        select(Assessment)
        .where(Assessment.resident_id == resident_id)
        .options(selectinload(Assessment.scores), selectinload(Assessment.own))
        .order_by(Assessment.assessed_on, Assessment.id)
    ).all()


def get_assessment(resident_id: int, assessment_id: int) -> Assessment:
    """The resident's assessment with this id. Raises NotFound."""
    found = db.session.scalar(
        select(Assessment)
        .where(Assessment.id == assessment_id, Assessment.resident_id == resident_id)
        .options(selectinload(Assessment.scores), selectinload(Assessment.own))
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound("assessment")
    return found


def begin_assessment(
    stay: Stay, *, cycle: Cycle | None, point: Point, on: date, today: date, actor: User
) -> Assessment:
    """Open an assessment, so that both sides can answer. Raises AssessmentExists, DayAhead."""
    if on > today:
        raise DayAhead
    cycle_id = cycle.id if cycle else None
    same_cycle = Assessment.cycle_id.is_(None) if cycle_id is None else Assessment.cycle_id == cycle_id
    same = select(Assessment.id).where(Assessment.stay_id == stay.id, same_cycle, Assessment.point == point)
    if db.session.scalar(same) is not None:
        raise AssessmentExists
    assessment = Assessment(
        residence_id=stay.residence_id,
        resident_id=stay.resident_id,
        stay_id=stay.id,
        cycle_id=cycle_id,
        point=point,
        assessed_on=on,
        assessed_by_id=actor.id,
    )
    db.session.add(assessment)
    flush()
    return assessment


def write_levels(
    assessment: Assessment, answers: Mapping[Domain, Answer], *, note: str | None, version: int | None
) -> None:
    """Keep the worker's levels so far; a domain without one stays open. Raises AssessmentFinished, Stale."""
    expect_version(assessment, version)
    _expect_open(assessment)
    _keep(assessment, Side.WORKER, answers)
    if (assessment.note or None) != (note or None):
        assessment.note = note or None
    touch(assessment)
    flush()


def answer_own(
    assessment: Assessment, levels: Mapping[Domain, int | None], *, said: str | None, version: int | None, actor: User
) -> None:
    """The resident's own levels, sent by the resident or filled in together with a worker; to be sent again until the
    assessment is finished. Raises AssessmentFinished, LevelsMissing, Stale."""
    _expect_open(assessment)
    if any(levels.get(domain) is None for domain in Domain):
        raise LevelsMissing
    own = assessment.own
    if (version or 0) != (own.version if own else 0):
        raise Stale("OwnAnswer")
    if own is None:
        own = OwnAnswer(residence_id=assessment.residence_id, resident_id=assessment.resident_id)
        own.assessment, own.said, own.sent_by_id = assessment, said or None, actor.id
        db.session.add(own)
    else:
        change_record(own, {"said": said or None, "sent_at": utc_now(), "sent_by_id": actor.id})
    _keep(assessment, Side.RESIDENT, {domain: Answer(level) for domain, level in levels.items()})
    touch(own)
    flush()


def finish_assessment(assessment: Assessment, *, version: int | None, actor: User) -> None:
    """Close an assessment for both sides; from now on the resident sees the worker's levels. An own answer that is
    missing stays missing: nobody is made to answer. Raises AssessmentFinished, LevelsMissing, Stale."""
    expect_version(assessment, version)
    _expect_open(assessment)
    if set(assessment.levels(Side.WORKER)) != set(Domain):
        raise LevelsMissing
    assessment.finished_at, assessment.finished_by_id = utc_now(), actor.id
    flush()


def tracks(assessments: Sequence[Assessment], *, worker_shown: bool = True) -> list[Track]:
    """The distance travelled, a line for each domain. ``assessments`` oldest first; one that is not finished shows the
    worker's side only where ``worker_shown``."""
    found = []
    levels = [
        (assessment, assessment.levels(Side.WORKER), assessment.levels(Side.RESIDENT)) for assessment in assessments
    ]
    for domain in Domain:
        worker = [
            (number, side[domain])
            for number, (assessment, side, _own) in enumerate(levels)
            if domain in side and (worker_shown or assessment.finished_at)
        ]
        own = [(number, side[domain]) for number, (_assessment, _worker, side) in enumerate(levels) if domain in side]
        found.append(Track(domain, worker, own))
    return found


def open_assessment_of(resident_id: int) -> Assessment | None:
    """The assessment that the resident may answer now: the newest that is not finished."""
    return db.session.scalar(
        select(Assessment)
        .where(Assessment.resident_id == resident_id, Assessment.finished_at.is_(None))
        .options(selectinload(Assessment.scores), selectinload(Assessment.own))
        .order_by(Assessment.assessed_on.desc(), Assessment.id.desc())
        .limit(1)
    )


def resident_id_of(user: User) -> int | None:
    """Whose account this is."""
    return db.session.scalar(select(Resident.id).where(Resident.user_id == user.id))


def _expect_open(assessment: Assessment) -> None:
    if assessment.finished_at is not None:
        raise AssessmentFinished


def _keep(assessment: Assessment, side: Side, answers: Mapping[Domain, Answer]) -> None:
    known = {score.domain: score for score in assessment.scores if score.side is side}
    for domain, answer in answers.items():
        if answer.level is None:
            continue  # what was said once is changed, not taken back
        score = known.get(domain)
        if score is None:
            assessment.scores.append(
                AssessmentScore(
                    residence_id=assessment.residence_id,
                    resident_id=assessment.resident_id,
                    side=side,
                    domain=domain,
                    level=answer.level,
                    evidence=answer.evidence or None,
                )
            )
        else:
            if score.level != answer.level:
                score.level = answer.level
            if (score.evidence or None) != (answer.evidence or None):
                score.evidence = answer.evidence or None
