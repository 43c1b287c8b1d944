"""What a manager does with cycles and plans: set up, generate, publish, discard. Services flush, the edge commits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from foyer.audit.services import record
from foyer.cycles.models import (
    BedNight,
    Cycle,
    CycleState,
    Enrolment,
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
from foyer.cycles.queries import PLAN_JOB, get_cycle, get_plan, get_run_of_cycle, list_live_runs, published_plan
from foyer.cycles.readiness import ReadinessItem, stoppers
from foyer.database import db, utc_now
from foyer.errors import FoyerError, Stale, expect_version
from foyer.jobs.models import Run
from foyer.jobs.services import enqueue, request_cancel
from foyer.residences.holidays import seed_holidays

MOST_WEEKS = 26
DETAILS = (Occupancy, PlanAppointment, PlanMeeting, PlanLodging, PlanCaseload, PlanSeat, PlanStep)


class NotAMonday(FoyerError):
    """A cycle begins on a Monday."""


class CycleExists(FoyerError):
    """The house has a cycle of this year and number."""


class CyclesOverlap(FoyerError):
    """The dates run into another cycle's; ``cycle`` is that one."""

    def __init__(self, cycle: Cycle) -> None:
        super().__init__()
        self.cycle = cycle


class CycleClosed(FoyerError):
    """The cycle is over; nothing more is planned or published in it."""


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


class NotADraft(FoyerError):
    """Only a draft can be published or discarded."""


class DayOutside(FoyerError):
    """A version can hold from a day of the cycle on that is not over yet: ``first`` to ``last``."""

    def __init__(self, first: date, last: date) -> None:
        super().__init__()
        self.first, self.last = first, last


class PublishConflict(FoyerError):
    """The database refused: another plan holds one of the beds or was published in the same moment."""


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
    cycle = _locked(cycle_id)
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


def publish_plan(
    *,
    plan_id: int,
    version: int | None,
    replaces: int | None,
    actor_id: int | None,
    today: date,
    from_on: date | None = None,
) -> Plan:
    """Make a draft the cycle's plan. ``replaces`` is the published plan that the actor saw (None: none). The first
    version holds for the whole cycle; a later one from ``from_on`` on (None: the draft's own day, or today), and what
    was published before keeps the days until then. Raises NotADraft, CycleClosed, Stale, DayOutside, PublishConflict.
    """
    cycle = _locked(get_plan(plan_id).cycle_id)
    plan = get_plan(plan_id)
    expect_version(plan, version)
    if plan.state is not PlanState.DRAFT:
        raise NotADraft
    if cycle.state is CycleState.CLOSED:
        raise CycleClosed
    earlier = published_plan(cycle.id)
    if (earlier.id if earlier else None) != replaces:
        raise Stale("Plan")
    first = _first_day(plan, cycle, from_on, today) if earlier is not None else cycle.starts_on
    plan.from_on = first if first > cycle.starts_on else None
    try:
        _exchange(plan, earlier, actor_id)
        _hold_beds(plan, cycle, first)
    except IntegrityError:
        raise PublishConflict from None
    if cycle.state is not CycleState.PUBLISHED:
        cycle.state = CycleState.PUBLISHED
    changes: dict[str, list[Any]] = {"plan": [earlier.number if earlier else None, plan.number]}
    if plan.from_on is not None:
        changes["from_on"] = [None, plan.from_on.isoformat()]
    record("published", plan, changes=changes)
    db.session.flush()
    return plan


def days_to_publish(cycle: Cycle, today: date) -> tuple[date, date]:
    """The first and the last day from which a new version of a cycle's published plan can hold: days that are over stay
    as they were."""
    return max(cycle.starts_on, today), cycle.ends_on - timedelta(days=1)


def suggested_day(plan: Plan, today: date) -> date:
    """From when a draft would hold if nobody says otherwise: its own day where that is not over, else today."""
    return max(plan.from_on or today, days_to_publish(plan.cycle, today)[0])


def _first_day(plan: Plan, cycle: Cycle, asked: date | None, today: date) -> date:
    first, last = days_to_publish(cycle, today)
    chosen = asked or suggested_day(plan, today)
    if not first <= chosen <= last:
        raise DayOutside(first, last)
    return chosen


def _locked(cycle_id: int) -> Cycle:
    """The cycle, its row locked until the end of the transaction, so that two acts on it come one after the other.
    (SQLite writers queue up anyway.)"""
    get_cycle(cycle_id)
    return db.session.scalars(
        select(Cycle).where(Cycle.id == cycle_id).with_for_update().execution_options(populate_existing=True)
    ).one()


def _exchange(plan: Plan, earlier: Plan | None, actor_id: int | None) -> None:
    if earlier is not None:
        earlier.state = PlanState.REPLACED
        db.session.flush()  # first out, then in: never two published plans
    plan.state = PlanState.PUBLISHED
    plan.published_at = utc_now()
    plan.published_by_id = actor_id
    plan.release = (earlier.release or 0) + 1 if earlier is not None else 1
    db.session.flush()


def _hold_beds(plan: Plan, cycle: Cycle, first: date) -> None:
    """Write down every bed of every night from ``first`` on, in the place of what earlier versions held then; the
    nights before stay as they were."""
    own = select(Plan.id).where(Plan.cycle_id == cycle.id, Plan.state != PlanState.DRAFT)
    db.session.execute(delete(BedNight).where(BedNight.plan_id.in_(own), BedNight.night_on >= first))
    rows = db.session.execute(
        select(PlanLodging.room_id, PlanLodging.bed, PlanLodging.from_on, PlanLodging.until_on, Enrolment.stay_id)
        .join(PlanLodging.enrolment)
        .where(PlanLodging.plan_id == plan.id)
        .order_by(PlanLodging.id)
    )
    nights: list[dict[str, Any]] = []
    for room_id, bed, from_on, until_on, stay_id in rows:
        common = {"residence_id": plan.residence_id, "plan_id": plan.id, "room_id": room_id, "bed": bed}
        start = max(from_on, first)
        nights += [
            {**common, "stay_id": stay_id, "night_on": start + timedelta(days=n)}
            for n in range((until_on - start).days)
        ]
    if nights:
        db.session.execute(BedNight.__table__.insert(), nights)  # type: ignore[attr-defined]


def discard_plan(*, plan_id: int, version: int | None) -> Cycle:
    """Throw a draft away for good. Raises NotADraft, Stale."""
    cycle = _locked(get_plan(plan_id).cycle_id)
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
