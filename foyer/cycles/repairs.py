"""Repairing the published plan: start it, find it again, and what a repaired draft changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select

from foyer.cycles.models import Cycle, CycleState, Plan, PlanOrigin, PlanState
from foyer.cycles.opened import opened
from foyer.cycles.pins import PinRow, standing_pins
from foyer.cycles.planning import store_plan
from foyer.cycles.queries import get_cycle, get_plan, published_plan
from foyer.cycles.services import CycleClosed, RunUnderWay
from foyer.database import db
from foyer.errors import FoyerError, NotFound
from foyer.jobs.models import LIVE, Run
from foyer.jobs.services import enqueue
from foyer.scheduling import plan as engine
from foyer.scheduling.digest import problem_hash
from foyer.scheduling.problem import Problem
from foyer.scheduling.remaining import rest_index
from foyer.scheduling.repairing.changes import changes_between, people_touched
from foyer.scheduling.repairing.request import Repaired

REPAIR_JOB = "repair"
Check = Callable[[Problem, engine.Plan], tuple[engine.Violation, ...]]


class NothingPublished(FoyerError):
    """There is no published plan to repair."""


class DayWrong(FoyerError):
    """A repair begins today at the earliest, not before the published version, and within the cycle."""


@dataclass(frozen=True)
class RepairWish:
    """From which day on, and how much may change. Caps: None is no limit."""

    from_on: date
    most_changes: int | None = None
    most_per_resident: int | None = None
    place_unplaced: bool = False


def first_day(plan: Plan, today: date) -> date:
    """The first day from which the published plan can be repaired."""
    return max(today, plan.from_on or plan.cycle.starts_on, plan.cycle.starts_on)


def start_repair(*, cycle_id: int, wish: RepairWish, actor_id: int | None, today: date) -> Run:
    """Queue a run that repairs the published plan. One at a time: raises RunUnderWay, also for a double click. Raises
    CycleClosed, NothingPublished, DayWrong."""
    cycle = _locked(cycle_id)
    if cycle.state is CycleState.CLOSED:
        raise CycleClosed
    plan = published_plan(cycle_id)
    if plan is None:
        raise NothingPublished
    if not first_day(plan, today) <= wish.from_on < cycle.ends_on:
        raise DayWrong
    running = live_repair(cycle_id)
    if running is not None:
        raise RunUnderWay(running.id)
    parameters = {
        "cycle_id": cycle_id,
        "plan_id": plan.id,
        "from_on": wish.from_on.isoformat(),
        "most_changes": wish.most_changes,
        "most_per_resident": wish.most_per_resident,
        "place_unplaced": wish.place_unplaced,
    }
    return enqueue(REPAIR_JOB, cycle.residence_id, parameters, actor_id)


def _locked(cycle_id: int) -> Cycle:
    get_cycle(cycle_id)
    return db.session.scalars(
        select(Cycle).where(Cycle.id == cycle_id).with_for_update().execution_options(populate_existing=True)
    ).one()


def live_repair(cycle_id: int) -> Run | None:
    """The run that repairs this cycle's plan right now."""
    runs = db.session.scalars(select(Run).where(Run.kind == REPAIR_JOB, Run.state.in_(LIVE)).order_by(Run.id))
    return next((run for run in runs if run.parameters.get("cycle_id") == cycle_id), None)


def run_of_cycle(cycle_id: int, run_id: int) -> Run:
    """The run with this id, whatever it does for this cycle; raises NotFound."""
    run = db.session.scalar(select(Run).where(Run.id == run_id))
    if run is None or run.parameters.get("cycle_id") != cycle_id:
        raise NotFound("run")
    return run


def waiting_repairs(cycle_id: int) -> list[Plan]:
    """Repaired drafts that nobody has decided on yet, newest first."""
    query = select(Plan).where(
        Plan.cycle_id == cycle_id, Plan.state == PlanState.DRAFT, Plan.origin == PlanOrigin.REPAIRED
    )
    return list(db.session.scalars(query.order_by(Plan.number.desc())))


def store_repaired(
    problem: Problem,
    plan: engine.Plan,
    *,
    cycle_id: int,
    parent_id: int,
    from_on: date,
    actor_id: int | None,
    pins: Iterable[PinRow] = (),
) -> Plan:
    """Keep a checked repair as a draft of the cycle that holds from a day on. A repair before the cycle has begun
    holds for the whole of it."""
    cycle = get_cycle(cycle_id)
    row = store_plan(
        cycle,
        problem,
        plan,
        created_by_id=actor_id,
        origin=PlanOrigin.REPAIRED,
        parent_id=parent_id,
        pins=standing_pins(problem, pins),
    )
    row.from_on = from_on if from_on > cycle.starts_on else None
    db.session.flush()
    return row


# What a repaired draft changes


@dataclass(frozen=True, slots=True)
class Moves:
    """A repaired draft beside the version it was made from: the engine's own account, how many residents of how many
    are touched, and which share of everybody's sessions is another (0 to 1)."""

    repaired: Repaired
    people: int
    of: int
    sessions: float


def moves_of(plan: Plan) -> Moves:
    """What the draft changes now: changes by hand made after the repair are counted too, without a reason."""
    made, before = opened(plan), opened(get_plan(plan.parent_id or 0)).answer
    problem, after = made.problem, made.answer
    night = after.from_night
    told = {(c.kind, c.who, c.before, c.after, c.when): c for c in after.changes}
    changes = tuple(
        told.get((c.kind, c.who, c.before, c.after, c.when), c) for c in changes_between(problem, before, after)
    )
    index = rest_index(problem, night, after.past_seats, before.seats)
    people = people_touched(index, before, after, changes)
    levels = {level.name: level for level in after.levels}
    points = sum(change.points for change in changes)
    bound = levels["L2"].bound if "L2" in levels and changes == after.changes else None
    repaired = Repaired(replace(after, changes=changes), changes, points, bound or 0.0, people)
    return Moves(repaired, len(people), len(index.residents), _other_sessions(problem, before, after, night))


def _other_sessions(problem: Problem, before: engine.Plan, after: engine.Plan, night: int) -> float:
    """The share of the weekly sessions of those still here that are not as they were."""
    here = {r.id for r in problem.residents if r.leaves > night}
    old = set(_sessions(before, here))
    new = list(_sessions(after, here))
    weight = {True: 1.0, False: 1.0 / problem.appointments.every_weeks}
    total = sum(weight[session[1] == "class"] for session in new)
    other = sum(weight[session[1] == "class"] for session in new if session not in old)
    return other / total if total else 0.0


def _sessions(plan: engine.Plan, here: set[str]) -> Iterator[tuple[object, ...]]:
    meetings: dict[str, list[engine.Meeting]] = {}
    for meeting in plan.meetings:
        meetings.setdefault(meeting.group, []).append(meeting)
    for seat in plan.seats:
        for meeting in meetings.get(seat.group, ()) if seat.resident in here else ():
            yield seat.resident, "class", seat.group, meeting.periods, meeting.venue, meeting.instructor
    for a in plan.appointments:
        if a.resident in here:
            yield a.resident, "appointment", a.counsellor, a.week, a.period, a.start


# Somebody arrives


def broken_besides(problem: Problem, plan: engine.Plan, resident: str, check: Check) -> bool:
    """Whether the plan breaks a rule of the house that has nothing to do with this resident having nothing yet."""
    standing = replace(plan, problem_hash=problem_hash(problem))
    return any(violation.who != (resident,) for violation in check(problem, standing))


def store_placement(problem: Problem, plan: engine.Plan, parent: Plan, *, from_on: date, actor_id: int | None) -> Plan:
    """Keep a placement without moves as a draft that holds from the arrival on."""
    changes = changes_between(problem, opened(parent).answer, plan)
    reasons = tuple(replace(change, reason="arrived") if change.before is None else change for change in changes)
    return store_repaired(
        problem,
        replace(plan, changes=reasons),
        cycle_id=parent.cycle_id,
        parent_id=parent.id,
        from_on=from_on,
        actor_id=actor_id,
        pins=parent.pins,
    )
