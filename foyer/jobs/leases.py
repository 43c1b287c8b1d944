"""The queue's own statements. A worker holds a run by a lease; whoever lost it can write nothing any more.

They go past the house scope on purpose: a worker takes the oldest run of any house and sees nothing of it but its row.
Instants come from the database where it has a clock of its own, so that machines need not agree on the time.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Table, and_, delete, func, or_, select, update

from foyer.database import READING
from foyer.jobs.models import Run, RunState, WorkerSign

LEASE = timedelta(seconds=20)
MOST_ATTEMPTS = 3

runs: Table = Run.__table__  # type: ignore[assignment]
signs: Table = WorkerSign.__table__  # type: ignore[assignment]


@dataclass(frozen=True)
class Lease:
    """The right to work on a run. Every claim makes a new owner, so an old one never passes for a new one."""

    run_id: int
    owner: str
    attempt: int

    @property
    def holds(self) -> ColumnElement[bool]:
        """The condition that fences every write."""
        return and_(
            runs.c.id == self.run_id,
            runs.c.state == RunState.RUNNING,
            runs.c.lease_owner == self.owner,
            runs.c.attempt == self.attempt,
        )


def now(connection: Connection) -> datetime:
    """This instant, by the database's clock where it is a server."""
    if connection.dialect.name == "postgresql":
        found: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
        return found.astimezone(UTC)
    return datetime.now(UTC)


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection that takes no write lock on SQLite."""
    with engine.connect().execution_options(**{READING: True}) as connection:
        yield connection


def claim(engine: Engine, worker: str) -> Lease | None:
    """Take up the oldest run that is queued or whose worker is gone. One UPDATE: two workers never get the same."""
    with reading(engine) as connection:  # most looks find nothing, and must not hold up writers
        free = select(runs.c.id).where(_is_free(now(connection))).limit(1)
        if connection.execute(free).first() is None:
            return None
    with engine.begin() as connection:
        instant = now(connection)
        _give_up_on_lost(connection, instant)
        oldest = select(runs.c.id).where(_is_free(instant)).order_by(runs.c.id).limit(1).scalar_subquery()
        taken = connection.execute(
            update(runs)
            .where(runs.c.id == oldest, _is_free(instant))
            .values(
                state=RunState.RUNNING,
                lease_owner=f"{worker}/{secrets.token_hex(4)}",
                lease_until=instant + LEASE,
                heartbeat_at=instant,
                started_at=func.coalesce(runs.c.started_at, instant),
                attempt=runs.c.attempt + 1,
            )
            .returning(runs.c.id, runs.c.lease_owner, runs.c.attempt)
        ).first()
    return Lease(*taken) if taken else None


def _is_free(instant: datetime) -> ColumnElement[bool]:
    return or_(runs.c.state == RunState.QUEUED, _is_lost(instant))


def _is_lost(instant: datetime) -> ColumnElement[bool]:
    return and_(runs.c.state == RunState.RUNNING, runs.c.lease_until < instant)


def _give_up_on_lost(connection: Connection, instant: datetime) -> None:
    """A run whose worker is gone is cancelled if somebody wanted that, and failed if it took too many workers along."""
    lost = update(runs).where(_is_lost(instant))
    connection.execute(
        lost.where(runs.c.cancel_requested_at.is_not(None)).values(state=RunState.CANCELLED, finished_at=instant)
    )
    connection.execute(
        lost.where(runs.c.attempt >= MOST_ATTEMPTS).values(
            state=RunState.FAILED, error="worker_lost", finished_at=instant
        )
    )


def beat(engine: Engine, lease: Lease, values: dict[str, Any]) -> bool:
    """Renew the lease and write ``values`` with it; False when the run is no longer ours."""
    with engine.begin() as connection:
        instant = now(connection)
        done = connection.execute(
            update(runs).where(lease.holds).values(heartbeat_at=instant, lease_until=instant + LEASE, **values)
        )
    return done.rowcount == 1


def look(engine: Engine, lease: Lease) -> tuple[bool, bool]:
    """Whether the run is still ours, and whether somebody cancelled it."""
    with reading(engine) as connection:
        found = connection.execute(select(runs.c.cancel_requested_at).where(lease.holds)).first()
    return found is not None, found is not None and found[0] is not None


def finish(
    connection: Connection, lease: Lease, result: dict[str, Any], values: dict[str, Any], *, cancelled: bool = False
) -> bool:
    """Mark the run done, in the transaction that stores what it made; False (and nothing) when it was lost or
    cancelled meanwhile. ``cancelled``: it was, and what it made is kept all the same."""
    wanted = runs.c.cancel_requested_at.is_not(None) if cancelled else runs.c.cancel_requested_at.is_(None)
    done = connection.execute(
        update(runs)
        .where(lease.holds, wanted)
        .values(
            state=RunState.CANCELLED if cancelled else RunState.DONE,
            result=result,
            finished_at=now(connection),
            lease_until=None,
            **values,
        )
    )
    return done.rowcount == 1


def end(engine: Engine, lease: Lease, state: RunState, error: str | None = None, **values: Any) -> bool:
    """Mark the run failed or cancelled."""
    with engine.begin() as connection:
        values = {"state": state, "error": error, "finished_at": now(connection), "lease_until": None, **values}
        return connection.execute(update(runs).where(lease.holds).values(**values)).rowcount == 1


def hand_back(engine: Engine, lease: Lease) -> bool:
    """Put the run back into the queue, because this worker is being stopped. It does not count as an attempt."""
    with engine.begin() as connection:
        done = connection.execute(
            update(runs)
            .where(lease.holds)
            .values(state=RunState.QUEUED, lease_owner=None, lease_until=None, attempt=runs.c.attempt - 1)
        )
    return done.rowcount == 1


def end_leases_of(engine: Engine, worker: str) -> int:
    """Let the leases of a worker that is known to be dead end now. Only who saw it die may call this."""
    with engine.begin() as connection:
        past = now(connection) - timedelta(seconds=1)
        done = connection.execute(
            update(runs)
            .where(runs.c.state == RunState.RUNNING, runs.c.lease_owner.startswith(f"{worker}/", autoescape=True))
            .values(lease_until=past)
        )
    return done.rowcount


def sign(engine: Engine, worker: str) -> None:
    """Leave a sign of life, and clear away signs of a day ago."""
    with engine.begin() as connection:
        instant = now(connection)
        connection.execute(delete(signs).where(signs.c.seen_at < instant - timedelta(days=1)))
        done = connection.execute(update(signs).where(signs.c.name == worker).values(seen_at=instant))
        if not done.rowcount:
            connection.execute(signs.insert().values(name=worker, seen_at=instant))


def last_sign(engine: Engine) -> datetime | None:
    """When any worker was last seen."""
    with reading(engine) as connection:
        return connection.execute(select(signs.c.seen_at).order_by(signs.c.seen_at.desc()).limit(1)).scalar()
