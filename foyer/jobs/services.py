"""What pages and commands do with runs: queue one, cancel one, look at them. The caller commits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Exists, exists, select, update

from foyer.audit.services import record
from foyer.database import db, utc_now
from foyer.errors import NotFound
from foyer.jobs.models import LIVE, Run, RunState
from foyer.jobs.wake import wake_after_commit


def enqueue(kind: str, residence_id: int, parameters: dict[str, Any], actor_id: int | None, seed: int = 1) -> Run:
    """Queue work for a house. A worker takes it up once the caller has committed."""
    run = Run(kind=kind, residence_id=residence_id, parameters=parameters, created_by_id=actor_id, seed=seed)
    db.session.add(run)
    db.session.flush()
    record("queued", run, changes={"kind": [None, kind]})
    wake_after_commit(db.session, run.id)
    return run


def request_cancel(run: Run) -> None:
    """Stop a run: a queued one at once, a running one as soon as its worker looks (it looks five times a second).
    Nothing of a cancelled run is stored, unless its job says that what it made is whole."""
    now = utc_now()
    mine = update(Run).where(Run.id == run.id).execution_options(synchronize_session=False)
    db.session.execute(
        mine.where(Run.state.in_(LIVE), Run.cancel_requested_at.is_(None)).values(cancel_requested_at=now)
    )
    db.session.execute(mine.where(Run.state == RunState.QUEUED).values(state=RunState.CANCELLED, finished_at=now))
    db.session.refresh(run)
    record("cancelled", run)


def get_run(run_id: int) -> Run:
    """The run with this id in the session's houses; raises NotFound."""
    run = db.session.scalar(select(Run).where(Run.id == run_id))
    if run is None:
        raise NotFound("run")
    return run


def untold_to(user_id: int) -> Exists:
    """Whether there may be something that ``untold_runs`` gives, as a column for another query."""
    return exists().where(Run.created_by_id == user_id, Run.told_at.is_(None), Run.state != RunState.CANCELLED)


def untold_runs(user_id: int, kinds: Iterable[str]) -> Sequence[Run]:
    """What this person started and has not yet seen the end of: runs that are under way, done or failed, oldest first.
    A run that somebody stopped is no news."""
    return db.session.scalars(
        select(Run)
        .where(
            Run.created_by_id == user_id,
            Run.told_at.is_(None),
            Run.kind.in_(tuple(kinds)),
            Run.state != RunState.CANCELLED,
        )
        .order_by(Run.id)
    ).all()


def mark_told(user_id: int, run_ids: Iterable[int] | None = None) -> None:
    """Say that this person has seen how these runs of theirs ended; None: all that have ended."""
    mine = update(Run).where(Run.created_by_id == user_id, Run.told_at.is_(None), Run.state.not_in(LIVE))
    if run_ids is not None:
        mine = mine.where(Run.id.in_(tuple(run_ids)))
    db.session.execute(mine.values(told_at=utc_now()).execution_options(synchronize_session=False))
