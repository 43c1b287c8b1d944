"""The status line: which of the five statutory stages a resident has reached, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select

from foyer.caseload.models import ServiceStage, StageStep
from foyer.database import db
from foyer.records import flush
from foyer.residents.models import Resident, Stay

_ORDER = list(ServiceStage)


@dataclass(frozen=True)
class StageMark:
    """One stage on the line: ``state`` is done, current or todo; the day where it is known."""

    stage: ServiceStage
    state: str
    reached_on: date | None


def reach(resident: Resident, stage: ServiceStage, *, on: date, stay: Stay | None = None) -> None:
    """Write down that the resident has reached a stage; a second time changes nothing."""
    same = StageStep.stay_id.is_(None) if stay is None else StageStep.stay_id == stay.id
    known = select(StageStep.id).where(StageStep.resident_id == resident.id, StageStep.stage == stage, same)
    if db.session.scalar(known) is None:
        db.session.add(
            StageStep(
                residence_id=resident.residence_id,
                resident_id=resident.id,
                stay_id=stay.id if stay else None,
                stage=stage,
                reached_on=on,
            )
        )
        flush()


def status_line(resident: Resident, stay: Stay | None, today: date) -> list[StageMark]:
    """The five stages of a stay as they are today: an approved exit is written down with its day ahead, and whoever
    stays after all has not reached the time after. What nobody wrote down is read from the stay: whoever lives here and
    came from a workbook receives service; whoever left is in the time after."""
    own = StageStep.stay_id.is_(None) if stay is None else or_(StageStep.stay_id == stay.id, _before(stay))
    steps = db.session.scalars(select(StageStep).where(StageStep.resident_id == resident.id, own)).all()
    days = {step.stage: step.reached_on for step in steps if step.reached_on <= today}
    if stay is not None and stay.leaves_on > today:
        days.pop(ServiceStage.AFTER, None)
    now = max((_ORDER.index(stage) for stage in days), default=_ORDER.index(_read_from(stay, today)))
    return [
        StageMark(stage, "done" if n < now else "current" if n == now else "todo", days.get(stage))
        for n, stage in enumerate(_ORDER)
    ]


def _before(stay: Stay):  # type: ignore[no-untyped-def]
    """Steps of the approach that led to this stay have none of their own."""
    previous = max(
        (other.leaves_on for other in stay.resident.stays if other.arrives_on < stay.arrives_on), default=None
    )
    first = StageStep.stay_id.is_(None) & (StageStep.reached_on <= stay.arrives_on)
    return first & (StageStep.reached_on >= previous) if previous else first


def _read_from(stay: Stay | None, today: date) -> ServiceStage:
    if stay is None or stay.arrives_on > today:
        return ServiceStage.APPROACH
    return ServiceStage.SERVICE if stay.leaves_on > today else ServiceStage.AFTER
