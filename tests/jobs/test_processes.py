"""Workers in processes of their own: killed, stopped, woken through Redis."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from foyer import create_app
from foyer.config import Settings
from foyer.database import db, house_scope
from foyer.jobs import leases
from foyer.jobs.models import RunState
from foyer.jobs.services import enqueue, get_run, request_cancel
from tests.factories import make_residence
from tests.servers import wait_for

ROOT = Path(__file__).resolve().parents[2]

Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start_worker(house_settings: Settings) -> Iterator[Start]:
    """Starts workers; ends those that are left."""
    workers: list[subprocess.Popen[str]] = []

    def start(redis_url: str = "", lease: float = 20.0) -> subprocess.Popen[str]:
        settings = [str(house_settings.data), house_settings.database_url, redis_url, str(lease)]
        command = [sys.executable, "-m", "tests.jobs.worker_process", *settings]
        worker = subprocess.Popen(command, cwd=ROOT, text=True, stdout=subprocess.PIPE)
        workers.append(worker)
        assert worker.stdout is not None
        worker.name = worker.stdout.readline().strip()  # type: ignore[attr-defined]
        return worker

    yield start
    for worker in workers:
        worker.kill()
        worker.wait()


def queue(app: Flask, kind: str, **parameters: Any) -> int:
    with app.app_context():
        residence = make_residence()
        with house_scope(residence.id):
            run_id = enqueue(kind, residence.id, parameters, None).id
            db.session.commit()
            return run_id


def row(app: Flask, run_id: int) -> Any:
    with app.app_context():
        return db.session.execute(select(leases.runs).where(leases.runs.c.id == run_id)).one()


def test_a_killed_worker_loses_no_run(app: Flask, start_worker: Start, tmp_path: Path) -> None:
    run_id = queue(app, "wait-for-file", folder=str(tmp_path))
    victim = start_worker()
    wait_for((tmp_path / "attempt-1").exists, "the first attempt")
    victim.send_signal(signal.SIGKILL)
    victim.wait()
    assert row(app, run_id).state is RunState.RUNNING, "nobody has noticed yet"
    start_worker()
    with app.app_context():  # who saw it die says so; otherwise the lease would end 20 seconds later
        leases.end_leases_of(db.engine, victim.name)  # type: ignore[attr-defined]
    wait_for((tmp_path / "attempt-2").exists, "the second attempt")
    (tmp_path / "go").touch()
    wait_for(lambda: row(app, run_id).state is RunState.DONE, "the end of the run")
    assert row(app, run_id).result == {"attempt": 2}


def test_a_dead_workers_lease_ends_by_itself(app: Flask, start_worker: Start, tmp_path: Path) -> None:
    run_id = queue(app, "wait-for-file", folder=str(tmp_path))
    victim = start_worker(lease=5.0)
    wait_for((tmp_path / "attempt-1").exists, "the first attempt")
    victim.send_signal(signal.SIGKILL)
    (tmp_path / "go").touch()
    start_worker()
    wait_for(lambda: row(app, run_id).state is RunState.DONE, "the end of the run")
    assert row(app, run_id).attempt == 2


def test_a_worker_asked_to_end_hands_its_run_to_the_next(app: Flask, start_worker: Start, tmp_path: Path) -> None:
    run_id = queue(app, "wait-for-file", folder=str(tmp_path))
    first = start_worker()
    wait_for((tmp_path / "attempt-1").exists, "the first attempt")
    first.terminate()
    assert first.wait(30) == 0
    handed = row(app, run_id)
    assert (handed.state, handed.attempt, handed.lease_owner) == (RunState.QUEUED, 0, None)
    (tmp_path / "go").touch()
    start_worker()
    wait_for(lambda: row(app, run_id).state is RunState.DONE, "the end of the run")


def test_a_run_in_another_process_is_cancelled(app: Flask, start_worker: Start, tmp_path: Path) -> None:
    run_id = queue(app, "wait-for-file", folder=str(tmp_path))
    start_worker()
    wait_for((tmp_path / "attempt-1").exists, "the first attempt")
    with app.app_context(), house_scope(row(app, run_id).residence_id):
        request_cancel(get_run(run_id))
        db.session.commit()
    wait_for(lambda: row(app, run_id).state is RunState.CANCELLED, "the cancellation")


@pytest.mark.redis
def test_redis_wakes_a_worker_with_nothing_but_the_runs_number(
    house_settings: Settings, start_worker: Start, redis_server: str
) -> None:
    import redis

    sent = redis.Redis.from_url(redis_server)
    sent.flushall()
    app = create_app(house_settings.model_copy(update={"redis_url": redis_server}))
    silent = queue(app, "quick", note="Siti Rahayu")  # nobody listens yet: the message waits
    stored = b" ".join(_everything_in(sent))
    assert f'"args":[{silent}]'.encode() in stored
    assert b"Siti" not in stored
    start_worker(redis_server)
    wait_for(lambda: row(app, silent).state is RunState.DONE, "the end of the run")
    wait_for(lambda: not list(sent.scan_iter("dramatiq:foyer.msgs")), "the message's end")


def _everything_in(store: Any) -> Iterator[bytes]:
    for key in store.scan_iter("dramatiq:*"):
        kind = store.type(key)
        if kind == b"hash":
            yield from store.hgetall(key).values()
        elif kind == b"list":
            yield from store.lrange(key, 0, -1)


@pytest.mark.redis
def test_a_message_wakes_a_worker_that_would_still_sleep(
    house_settings: Settings, app: Flask, redis_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import threading

    from foyer.jobs import worker as module
    from foyer.jobs.registry import register

    monkeypatch.setattr(module, "LOOK_ALTHOUGH_WOKEN_EVERY", 3600.0)
    register("quick", lambda context: {"done": True})
    there = create_app(house_settings.model_copy(update={"redis_url": redis_server}))
    loop = module.WorkerLoop(there)
    thread = threading.Thread(target=loop.run)
    thread.start()
    try:
        time.sleep(1.0)  # it has looked once, and now sleeps for an hour
        run_id = queue(there, "quick")
        wait_for(lambda: row(app, run_id).state is RunState.DONE, "the end of the run")
    finally:
        loop.stop()
        thread.join(30)


@pytest.mark.redis
def test_without_redis_a_run_is_only_later_never_lost(house_settings: Settings, start_worker: Start) -> None:
    nowhere = "redis://127.0.0.1:1/0"
    app = create_app(house_settings.model_copy(update={"redis_url": nowhere}))
    run_id = queue(app, "quick")
    assert row(app, run_id).state is RunState.QUEUED
    start_worker(nowhere)
    wait_for(lambda: row(app, run_id).state is RunState.DONE, "the end of the run")
