"""What a manager does with cycles and plans: set up, generate, publish, discard. Services flush, the edge commits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from foyer.audit.services import record
from foyer.cycles.models import (
    Cycle,
    CycleState,
    Occupancy,
    Plan,
    PlanAppointment,
    PlanCaseload,
    PlanLodging,
    PlanMeeting,
    PlanOrigin,
    PlanSeat,
    PlanState,
    PlanStep,
)
from foyer.cycles.publishing import CycleClosed as CycleClosed
from foyer.cycles.publishing import DayOutside as DayOutside
from foyer.cycles.publishing import NotADraft as NotADraft
from foyer.cycles.publishing import PublishConflict as PublishConflict
from foyer.cycles.publishing import days_to_publish as days_to_publish
from foyer.cycles.publishing import lock_cycle
from foyer.cycles.publishing import publish_plan as publish_plan
from foyer.cycles.publishing import suggested_day as suggested_day
from foyer.cycles.queries import PLAN_JOB, get_plan, get_run_of_cycle, list_live_runs
from foyer.cycles.readiness import ReadinessItem, stoppers
from foyer.cycles.releases import PlanProposal
from foyer.database import db
from foyer.errors import FoyerError, expect_version
from foyer.jobs.models import Run
from foyer.jobs.services import enqueue, request_cancel
from foyer.residences.holidays import seed_holidays

MOST_WEEKS = 26
DETAILS = (Occupancy, PlanAppointment, PlanMeeting, PlanLodging, PlanCaseload, PlanSeat, PlanStep, PlanProposal)


class NotAMonday(FoyerError):
    """A cycle begins on a Monday."""


class CycleExists(FoyerError):
    """The house has a cycle of this year and number."""


class CyclesOverlap(FoyerError):
    """The dates run into another cycle's; ``cycle`` is that one."""

    def __init__(self, cycle: Cycle) -> None:
        super().__init__()
        self.cycle = cycle


class RunUnderWay(FoyerError):
    """The very draft that was asked for is being made; ``run_id`` is that run."""

    def __init__(self, run_id: int) -> None:
        super().__init__()
        self.run_id = run_id


class NotReady(FoyerError):
    """Something is missing without which no plan can be made; ``items`` say what."""

    def __init__(self, items: Sequence[ReadinessItem]) -> None:
        super().__init__()
        self.items = tuple(items)


def create_cycle(*, residence_id: int, year: int, number: int, starts_on: date, weeks: int) -> Cycle:
    """Set up a cycle and the public holidays of its dates. Raises NotAMonday, CycleExists, CyclesOverlap."""
    if starts_on.weekday() != 0:
        raise NotAMonday
    cycles = db.session.scalars(select(Cycle).where(Cycle.residence_id == residence_id)).all()
    if any((cycle.year, cycle.number) == (year, number) for cycle in cycles):
        raise CycleExists
    made = Cycle(residence_id=residence_id, year=year, number=number, starts_on=starts_on, weeks=weeks)
    for cycle in cycles:
        if cycle.starts_on < made.ends_on and made.starts_on < cycle.ends_on:
            raise CyclesOverlap(cycle)
    db.session.add(made)
    try:
        db.session.flush()
    except IntegrityError:
        raise CycleExists from None
    seed_holidays(residence_id, starts_on, made.ends_on)
    return made


def generate_plan(
    *,
    cycle_id: int,
    actor_id: int | None,
    name: str = "",
    weights: Mapping[str, Any] | None = None,
    pins: Iterable[Mapping[str, str]] = (),
    parent_id: int | None = None,
    origin: PlanOrigin = PlanOrigin.GENERATED,
    seconds: float | None = None,
) -> Run:
    """Queue a run that makes one draft of the cycle. Several different ones may be queued; they are made one after
    another. ``weights``: those that differ from the house's, by name of ``Weights``, and ``fairness``; None: the
    parent's, else the house's. ``pins``: as in ``Plan.pins``. ``seconds``: time limit. Raises CycleClosed, NotReady,
    RunUnderWay where the same is under way already (a double click)."""
    cycle = lock_cycle(cycle_id)
    if cycle.state is CycleState.CLOSED:
        raise CycleClosed
    asked: dict[str, Any] = {
        "name": name,
        "weights": weights,
        "pins": [dict(pin) for pin in pins],
        "parent_id": parent_id,
        "origin": None if origin is PlanOrigin.GENERATED else origin.value,
        "seconds": seconds,
    }
    parameters = {"cycle_id": cycle.id} | {key: value for key, value in asked.items() if value or value == {}}
    same = next((run for run in list_live_runs(cycle.id) if run.parameters == parameters), None)
    if same is not None:
        raise RunUnderWay(same.id)
    missing = stoppers(cycle)
    if missing:
        raise NotReady(missing)
    return enqueue(PLAN_JOB, cycle.residence_id, parameters, actor_id)


def cancel_run(*, cycle_id: int, run_id: int) -> Run:
    """Ask a run to stop. One that has ended stays as it ended."""
    run = get_run_of_cycle(cycle_id, run_id)
    if run.is_live and run.cancel_requested_at is None:
        request_cancel(run)
    return run


def discard_plan(*, plan_id: int, version: int | None) -> Cycle:
    """Throw a draft away for good. Raises NotADraft, Stale."""
    cycle = lock_cycle(get_plan(plan_id).cycle_id)
    plan = get_plan(plan_id)
    expect_version(plan, version)
    if plan.state is not PlanState.DRAFT:
        raise NotADraft
    record("discarded", plan, changes={"number": [plan.number, None], "score": [plan.score, None]})
    db.session.execute(update(Plan).where(Plan.parent_id == plan.id).values(parent_id=None))
    for model in DETAILS:
        db.session.execute(delete(model).where(model.plan_id == plan.id))
    db.session.delete(plan)
    db.session.flush()
    return cycle
