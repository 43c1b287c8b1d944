"""The demonstration's cycle is planned by the same queue and worker as any other, watched in the terminal."""

from __future__ import annotations

import time

import click
from flask import Flask
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from sqlalchemy import select

from foyer.cycles.models import Cycle, Plan
from foyer.cycles.queries import find_live_run, published_plan
from foyer.cycles.services import generate_plan, publish_plan
from foyer.database import db
from foyer.jobs.models import RunState
from foyer.jobs.services import get_run, mark_told
from foyer.serving.supervisor import Supervisor

LOOK_EVERY = 0.5


def plan_cycle(app: Flask, console: Console, *, residence_id: int, manager_id: int) -> Plan:
    """The published plan of the house's first cycle; made, watched and published now if there is none."""
    cycle = db.session.scalars(select(Cycle).order_by(Cycle.starts_on)).first()
    assert cycle is not None
    found = published_plan(cycle.id)
    if found is not None:
        return found
    run = find_live_run(cycle.id) or generate_plan(cycle_id=cycle.id, actor_id=manager_id)
    db.session.commit()
    plan_id, why = _watch(app, console, run.id)
    if plan_id is None:
        raise click.ClickException(f"No plan was made ({why}). Run `make demo` again, or look at the cycle's page.")
    plan = publish_plan(plan_id=plan_id, version=None, replaces=None, actor_id=manager_id, today=cycle.starts_on)
    mark_told(manager_id)  # whoever looks around did not start this
    db.session.commit()
    return plan


def _watch(app: Flask, console: Console, run_id: int) -> tuple[int | None, str]:
    """Start a worker, show how far it is, wait for the end. Gives the plan's id, or why there is none."""
    worker = Supervisor(app)
    worker.start()
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[score]}"))
    try:
        with Progress(*columns, TimeElapsedColumn(), console=console) as shown:
            task = shown.add_task("Planning the cycle", total=1.0, score="")
            while True:
                run = get_run(run_id)
                shown.update(task, completed=run.progress.get("done") or 0.0, score=_score(run.progress))
                if not run.is_live:
                    why = run.error or run.result.get("outcome") or run.state.value
                    return (run.result.get("plan_id") if run.state is RunState.DONE else None), str(why)
                db.session.rollback()  # the worker writes: hold nothing
                time.sleep(LOOK_EVERY)
    finally:
        db.session.rollback()
        worker.stop()


def _score(progress: dict[str, object]) -> str:
    score, bound = progress.get("score"), progress.get("bound")
    if score is None:
        return str(progress.get("stage") or "")
    return f"{progress.get('stage')}: score {score:g}, proven bound {bound:g}" if bound is not None else f"{score:g}"
