"""What a manager does with drafts besides publishing and discarding: make several, name one, copy one, stop all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from foyer.audit.services import record
from foyer.cycles.models import CycleState, Plan, PlanOrigin, PlanState
from foyer.cycles.opened import opened
from foyer.cycles.planning import store_plan
from foyer.cycles.queries import get_plan, list_live_runs
from foyer.cycles.services import CycleClosed, NotADraft, RunUnderWay, cancel_run, generate_plan
from foyer.database import db
from foyer.errors import expect_version
from foyer.jobs.models import Run
from foyer.records import change_record

LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Wanted:
    """One draft that is asked for; ``weights`` as in ``generate_plan``."""

    name: str
    weights: Mapping[str, Any]


def make_drafts(
    *,
    cycle_id: int,
    actor_id: int | None,
    wanted: Sequence[Wanted],
    pins: Iterable[Mapping[str, str]] = (),
    parent_id: int | None = None,
    seconds: float | None = None,
) -> list[Run]:
    """Queue a run for each draft, in this order; those that are under way already are left as they are (a double
    click). Gives the new runs. Raises CycleClosed, NotReady."""
    pins, runs = list(pins), []
    for each in wanted:
        try:
            run = generate_plan(
                cycle_id=cycle_id,
                actor_id=actor_id,
                name=each.name[:LONGEST_NAME],
                weights=each.weights,
                pins=pins,
                parent_id=parent_id,
                seconds=seconds,
            )
        except RunUnderWay:
            continue
        runs.append(run)
    return runs


def cancel_runs(*, cycle_id: int) -> int:
    """Stop every run of the cycle: one that is at work keeps its best whole plan. Gives how many."""
    live = [run for run in list_live_runs(cycle_id) if run.cancel_requested_at is None]
    for run in reversed(live):  # those that wait first, so that none of them is taken up in between
        cancel_run(cycle_id=cycle_id, run_id=run.id)
    return len(live)


def rename_plan(*, plan_id: int, version: int | None, name: str) -> Plan:
    """Give a draft its name. Raises NotADraft, Stale."""
    plan = get_plan(plan_id)
    expect_version(plan, version)
    if plan.state is not PlanState.DRAFT:
        raise NotADraft
    before = plan.name
    change_record(plan, {"name": name}, version=version)
    if before != name:
        record("renamed", plan, changes={"name": [before, name]})
    return plan


def copy_plan(*, plan_id: int, actor_id: int | None, name: str) -> Plan:
    """A new draft with the same content as a draft or a published plan, decisions included; the steps that led there
    stay with the first. Raises CycleClosed."""
    plan = get_plan(plan_id)
    if plan.cycle.state is CycleState.CLOSED:
        raise CycleClosed
    read = opened(plan)
    made = store_plan(
        plan.cycle,
        read.problem,
        read.answer,
        created_by_id=actor_id,
        name=name[:LONGEST_NAME],
        origin=PlanOrigin.COPIED,
        parent_id=plan.id,
        pins=plan.pins,
    )
    made.from_on = plan.from_on
    made.created_at = plan.created_at  # it says what the house was like then, not now
    record("copied", made, changes={"parent": [None, plan.id]})
    db.session.flush()
    return made
