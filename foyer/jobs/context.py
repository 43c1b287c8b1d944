"""What a job is given: its parameters, a way to say how far it is, and the question whether to stop."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from enum import StrEnum
from typing import Any

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from foyer.database import db
from foyer.jobs import leases

log = structlog.get_logger(__name__)

LOOK_EVERY = 0.15  # seconds between two looks at the row: how soon a cancellation is seen
WRITE_EVERY = 0.5  # at most this often progress is written
BEAT_EVERY = 3.0  # at least this often the lease is renewed
MOST_POINTS = 240

Point = tuple[float, float | None, float | None]


class StopReason(StrEnum):
    CANCELLED = "cancelled"
    LOST = "lost"  # another worker has it, or nobody may
    SHUTDOWN = "shutdown"


class Stopped(Exception):
    """A job may raise this when ``should_stop`` answered yes; returning early is as good."""


class JobFailed(Exception):
    """The job cannot be done; ``code`` says why and holds no personal data."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class JobContext:
    """Handed to a job's function. ``report`` and ``should_stop`` may be called from any thread, as often as one likes:
    they only touch memory. A watcher thread talks to the database.

    SQLite holds one writer at a time, and a job's session counts as one: call ``let_go`` between reading and long
    computing, or the whole house waits.
    """

    def __init__(self, run: Any, lease: leases.Lease, engine: Engine, shutdown: Callable[[], bool]) -> None:
        self.run_id = run.id
        self.kind = run.kind
        self.parameters: dict[str, Any] = dict(run.parameters)
        self.residence_id = run.residence_id
        self.actor_id = run.created_by_id
        self.seed = run.seed
        self.attempt = lease.attempt
        self.stop_reason: StopReason | None = None
        self.keeps_although_cancelled = False
        self._lease = lease
        self._engine = engine
        self._shutdown = shutdown
        self._lock = threading.Lock()
        self._pending: dict[str, Any] = {}
        self._reported: dict[str, Any] = {}
        self._history: list[list[float | None]] = []  # a new attempt draws a new curve
        self._finished = threading.Event()
        self._thread = threading.Thread(target=self._watch, name=f"run-{run.id}", daemon=True)

    def report(self, progress: dict[str, Any], point: Point | None = None) -> None:
        """Say how far it is. ``progress`` replaces what was said before; ``point`` (seconds, score, bound) joins the
        curve."""
        with self._lock:
            self._say(progress=dict(progress))
            if point is not None:
                self._add_point(point)

    def note(self, *, input_hash: str | None = None, versions: dict[str, str] | None = None) -> None:
        """Write down what was computed on, and with what, so that the run can be repeated."""
        with self._lock:
            if input_hash is not None:
                self._say(input_hash=input_hash)
            if versions is not None:
                self._say(versions=dict(versions))

    def should_stop(self) -> bool:
        """Whether the work is no longer wanted (cancelled), no longer ours, or the worker is being stopped."""
        if self.stop_reason is None and self._shutdown():
            self.stop_reason = StopReason.SHUTDOWN
        return self.stop_reason is not None

    def keep_although_cancelled(self) -> None:
        """Say that what was made is whole although somebody stopped the run: it is stored, the run stays cancelled."""
        self.keeps_although_cancelled = True

    def let_go(self) -> None:
        """End the session's transaction, so that nobody waits for this job while it computes. What was read stays
        usable only as plain data; uncommitted changes are dropped."""
        db.session.rollback()

    def _add_point(self, point: Point) -> None:
        entry: list[float | None] = [round(point[0], 2), point[1], point[2]]
        if self._history and self._history[-1][1:] == entry[1:]:
            return
        self._history.append(entry)
        if len(self._history) > MOST_POINTS:
            self._history = [*self._history[:-1:2], self._history[-1]]
        self._say(history=list(self._history))

    def _say(self, **values: Any) -> None:
        self._pending.update(values)
        self._reported.update(values)

    def start(self) -> None:
        self._thread.start()

    def end(self) -> dict[str, Any]:
        """Stop watching; gives everything that was reported, to be written with the outcome. Does not wait for the
        watcher, which may itself be waiting for this session's transaction."""
        self._finished.set()
        with self._lock:
            return dict(self._reported)

    def join(self) -> None:
        """Wait for the watcher; the session must be idle."""
        self._finished.set()
        self._thread.join()

    def _watch(self) -> None:
        written = beaten = time.monotonic()
        while not self._finished.wait(LOOK_EVERY):
            try:
                self._look()
                now = time.monotonic()
                if now - beaten >= BEAT_EVERY or (self._pending and now - written >= WRITE_EVERY):
                    self._write()
                    written = beaten = now
            except DBAPIError as error:  # a busy or restarting database: the lease outlasts a hiccup
                log.warning("run_watch_failed", run_id=self.run_id, error=type(error).__name__)

    def _look(self) -> None:
        ours, cancelled = leases.look(self._engine, self._lease)
        if not ours:
            self.stop_reason = StopReason.LOST
        elif cancelled and self.stop_reason is None:
            self.stop_reason = StopReason.CANCELLED

    def _write(self) -> None:
        with self._lock:
            values, self._pending = self._pending, {}
        if not leases.beat(self._engine, self._lease, values):
            self.stop_reason = StopReason.LOST
