"""School beside the trade: the programme, where the resident stands in it, and the last education that it gives."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from foyer.database import db
from foyer.errors import FoyerError
from foyer.records import change_record, flush
from foyer.residents.models import EducationLevel, Resident, Stay, education_rank
from foyer.residents.services import change_stay
from foyer.training.progress_models import Programme, Schooling, SchoolState, SchoolStep

# What an equivalency programme is worth once it is passed (UU 20/2003 art. 26(6); Permendikbud 14/2007).
GIVES = {
    Programme.PAKET_A: EducationLevel.SD,
    Programme.PAKET_B: EducationLevel.SMP,
    Programme.PAKET_C: EducationLevel.SMA,
}
ENDED = (SchoolState.PASSED, SchoolState.STOPPED)


class AlreadyInProgramme(FoyerError):
    """The resident takes part in this programme already."""


class StepTooEarly(FoyerError):
    """A step lies after the one before it and not in the future."""


class ProgrammeEnded(FoyerError):
    """It is passed or stopped; a new beginning is a new record."""


def schoolings_of(resident_id: int) -> Sequence[Schooling]:
    """A resident's school programmes with their steps, newest first."""
    return (
        db.session.scalars(
            select(Schooling)
            .where(Schooling.resident_id == resident_id, Schooling.withdrawn_at.is_(None))
            .options(joinedload(Schooling.steps))
            .order_by(Schooling.since_on.desc(), Schooling.id.desc())
        )
        .unique()
        .all()
    )


def begin_schooling(
    resident: Resident,
    stay: Stay,
    *,
    programme: Programme,
    provider: str,
    grade: str,
    since_on: date,
    today: date,
    actor_id: int,
) -> Schooling:
    """A resident takes up a programme. Raises AlreadyInProgramme, StepTooEarly."""
    running = [one for one in schoolings_of(resident.id) if one.programme is programme and one.state not in ENDED]
    if running and programme is not Programme.COURSE:
        raise AlreadyInProgramme
    if since_on > today:
        raise StepTooEarly
    found = Schooling(
        residence_id=resident.residence_id,
        resident_id=resident.id,
        stay_id=stay.id,
        programme=programme,
        provider=provider.strip(),
        grade=grade.strip(),
        since_on=since_on,
        state=SchoolState.ENROLLED,
        recorded_by_id=actor_id,
    )
    db.session.add(found)
    flush()
    _add_step(found, on=since_on, note="", actor_id=actor_id)
    return found


def take_step(
    schooling: Schooling,
    stay: Stay,
    *,
    state: SchoolState,
    grade: str,
    on: date,
    note: str,
    today: date,
    actor_id: int,
    version: int | None,
) -> None:
    """Write down where a resident stands now. Passing Paket A, B or C raises the last education of the stay, which the
    planner reads. Raises ProgrammeEnded, StepTooEarly, Stale."""
    if schooling.state in ENDED:
        raise ProgrammeEnded
    if on > today or on < max(step.on for step in schooling.steps):
        raise StepTooEarly
    change_record(schooling, {"state": state, "grade": grade.strip() or schooling.grade}, version=version)
    _add_step(schooling, on=on, note=note, actor_id=actor_id)
    level = GIVES.get(schooling.programme)
    if state is SchoolState.PASSED and level and education_rank(level) > education_rank(stay.education_level):
        change_stay(stay, {"education_level": level}, version=None)


def _add_step(schooling: Schooling, *, on: date, note: str, actor_id: int) -> None:
    schooling.steps.append(
        SchoolStep(
            residence_id=schooling.residence_id,
            resident_id=schooling.resident_id,
            stay_id=schooling.stay_id,
            on=on,
            state=schooling.state,
            grade=schooling.grade,
            note=note.strip() or None,
            made_by_id=actor_id,
        )
    )
    flush()
