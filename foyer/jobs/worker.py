"""The worker: takes up runs one after the other. Runs in a process of its own, never in the web server's."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import threading
import time
from collections.abc import Callable
from typing import Any

import structlog
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from foyer.audit.services import act_as
from foyer.database import db, house_scope, learn_sizes
from foyer.errors import FoyerError
from foyer.jobs import leases
from foyer.jobs.context import JobContext, JobFailed, Stopped, StopReason
from foyer.jobs.models import RunState
from foyer.jobs.registry import find_job
from foyer.jobs.wake import listen
from foyer.logs import place_of

log = structlog.get_logger(__name__)

LOOK_FOR_WORK_EVERY = 0.5
LOOK_ALTHOUGH_WOKEN_EVERY = 2.0  # Redis may lose a message, never a run
SIGN_EVERY = 5.0
LEARN_EVERY = 24 * 60 * 60.0


def new_worker_name() -> str:
    """Machine, process and a random part: unique among all workers."""
    return f"{socket.gethostname()[:60]}-{os.getpid()}-{secrets.token_hex(3)}"


def work_once(app: Flask, worker: str = "", shutdown: Callable[[], bool] = lambda: False) -> int | None:
    """Take up one run, if there is one, and bring it to its end. Gives its id."""
    with app.app_context():
        lease = leases.claim(db.engine, worker or new_worker_name())
        if lease is None:
            return None
        _carry_out(lease, shutdown)
        return lease.run_id


def _carry_out(lease: leases.Lease, shutdown: Callable[[], bool]) -> None:
    run = db.session.execute(select(leases.runs).where(leases.runs.c.id == lease.run_id)).one()
    db.session.rollback()
    context = JobContext(run, lease, db.engine, shutdown)
    log.info("run_started", run_id=run.id, kind=run.kind, attempt=lease.attempt)
    context.start()
    outcome: tuple[Any, str | None] = (None, "crashed")
    try:
        with house_scope(run.residence_id):
            act_as(actor_id=run.created_by_id, residence_id=run.residence_id)
            outcome = _call(context)
            _conclude(context, lease, *outcome)
    finally:
        db.session.remove()
        context.join()
    log.info("run_ended", run_id=run.id, kind=run.kind, error=outcome[1])


def _call(context: JobContext) -> tuple[dict[str, Any], str | None]:
    """The function's result, or the code of what went wrong."""
    try:
        job = find_job(context.kind)
        if job is None:
            return {}, "unknown_kind"
        result = job(context)
        db.session.flush()
        return result or {}, None
    except Stopped:
        return {}, "stopped"
    except JobFailed as failure:
        return {}, failure.code
    except FoyerError as error:
        return {}, type(error).__name__
    except Exception as error:  # its message may hold personal data: only kind and place are kept
        log.error("run_crashed", run_id=context.run_id, error=type(error).__name__, place=place_of(error))
        return {}, "database_busy" if isinstance(error, OperationalError) else "crashed"


def _conclude(context: JobContext, lease: leases.Lease, result: dict[str, Any], error: str | None) -> None:
    """Store the outcome: what the job made and the word that it is done arrive together or not at all."""
    reported = context.end()
    kept = context.stop_reason is StopReason.CANCELLED and context.keeps_although_cancelled
    if error is None and (context.stop_reason is None or kept):
        if leases.finish(db.session.connection(), lease, result, reported, cancelled=kept):
            db.session.commit()
            return
    db.session.rollback()
    ours, cancelled = leases.look(db.engine, lease)
    if not ours:
        log.warning("run_lost", run_id=lease.run_id)
    elif cancelled:
        leases.end(db.engine, lease, RunState.CANCELLED, **reported)
    elif context.stop_reason is StopReason.SHUTDOWN:
        leases.hand_back(db.engine, lease)
    else:
        leases.end(db.engine, lease, RunState.FAILED, error or "crashed", **reported)


class WorkerLoop:
    """Looks for work until it is told to stop."""

    def __init__(self, app: Flask, name: str = "") -> None:
        self.app = app
        self.name = name or new_worker_name()
        self._stop = threading.Event()
        self._wake = threading.Event()
        self._learns_at = 0.0  # on the machine's monotonic clock

    def stop(self, *_signal: Any) -> None:
        """Finish nothing more: the run at hand goes back into the queue."""
        self._stop.set()
        self._wake.set()

    def run(self) -> None:
        """Work until stopped, also by SIGTERM and SIGINT."""
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTERM, self.stop)
            signal.signal(signal.SIGINT, self.stop)
        url = self.app.config["FOYER"].redis_url
        stop_listening = listen(url, self._wake.set) if url else lambda: None
        pause = LOOK_ALTHOUGH_WOKEN_EVERY if url else LOOK_FOR_WORK_EVERY
        signs = threading.Thread(target=self._keep_signing, name="sign", daemon=True)
        signs.start()
        try:
            while not self._stop.is_set():
                self._wake.clear()
                if self._work() is None and not self._stop.is_set():
                    self._learn_sizes()
                    self._wake.wait(pause)
        finally:
            stop_listening()

    def _work(self) -> int | None:
        try:
            return work_once(self.app, self.name, self._stop.is_set)
        except Exception as error:  # a database that restarts must not end the worker
            log.error("worker_failed", error=type(error).__name__)
            self._stop.wait(1.0)
            return None

    def _learn_sizes(self) -> None:
        """When there is nothing else to do: at the start, and once a day."""
        if time.monotonic() < self._learns_at:
            return
        self._learns_at = time.monotonic() + LEARN_EVERY
        try:
            with self.app.app_context():
                learn_sizes(db.engine)
        except Exception as error:  # pages are slower without, no more
            log.warning("learning_failed", error=type(error).__name__)

    def _keep_signing(self) -> None:
        while not self._stop.is_set():
            try:
                with self.app.app_context():
                    leases.sign(db.engine, self.name)
            except Exception as error:
                log.warning("sign_failed", error=type(error).__name__)
            self._stop.wait(SIGN_EVERY)
