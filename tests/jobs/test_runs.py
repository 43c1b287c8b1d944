"""A run's way from the queue to its end, with the worker inside the test's own process."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from foyer.audit.models import AuditEntry
from foyer.database import db, house_scope
from foyer.errors import NotFound
from foyer.jobs import leases
from foyer.jobs.context import JobContext, JobFailed
from foyer.jobs.models import Run, RunState
from foyer.jobs.registry import _jobs, register
from foyer.jobs.services import enqueue, get_run, request_cancel
from foyer.jobs.worker import WorkerLoop, work_once
from foyer.residences.models import Residence, Trade
from tests.factories import make_residence, make_trade, make_user


@pytest.fixture(autouse=True)
def only_our_jobs() -> Iterator[None]:
    before = dict(_jobs)
    yield
    _jobs.clear()
    _jobs.update(before)


@pytest.fixture
def queue(app: Flask) -> Callable[..., int]:
    """Queues a run for a new house and gives its id."""

    def put(kind: str, **parameters: Any) -> int:
        with app.app_context():
            residence = make_residence()
            with house_scope(residence.id):
                run = enqueue(kind, residence.id, parameters, make_user(residence).id)
                db.session.commit()
                return run.id

    return put


def row(app: Flask, run_id: int) -> Any:
    with app.app_context():
        return db.session.execute(select(leases.runs).where(leases.runs.c.id == run_id)).one()


def wait_until(condition: Callable[[], bool], seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.02)


def cancel(app: Flask, run_id: int) -> None:
    with app.app_context(), house_scope(row(app, run_id).residence_id):
        request_cancel(get_run(run_id))
        db.session.commit()


def test_a_run_is_carried_out_in_its_house_and_as_its_actor(app: Flask, queue: Callable[..., int]) -> None:
    def job(context: JobContext) -> dict[str, Any]:
        make_trade(db.session.get_one(Residence, context.residence_id), context.parameters["trade"])
        context.note(input_hash="abc", versions={"engine": "1"})
        context.report({"stage": "rooms", "done": 0.5}, (0.1, 10, 5))
        context.report({"stage": "rooms", "done": 1.0}, (0.2, 9, 5))
        return {"plan_id": 7}

    register("grow", job)
    run_id = queue("grow", trade="Las")
    assert work_once(app) == run_id
    done = row(app, run_id)
    assert done.state is RunState.DONE
    assert done.result == {"plan_id": 7}
    assert done.progress == {"stage": "rooms", "done": 1.0}
    assert done.history == [[0.1, 10, 5], [0.2, 9, 5]]
    assert (done.input_hash, done.versions, done.attempt, done.error) == ("abc", {"engine": "1"}, 1, None)
    with app.app_context(), house_scope(done.residence_id):
        trade = db.session.scalars(select(Trade)).one()
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.subject_type == "Trade")).one()
        assert (entry.subject_id, entry.actor_id) == (trade.id, done.created_by_id)
    assert work_once(app) is None


def test_a_job_that_fails_leaves_a_code_and_nothing_else(app: Flask, queue: Callable[..., int]) -> None:
    def refuse(context: JobContext) -> dict[str, Any]:
        make_trade(db.session.get_one(Residence, context.residence_id), "Las")
        raise JobFailed("beds_short")

    def crash(context: JobContext) -> dict[str, Any]:
        raise ValueError("Siti Rahayu has no bed")

    register("refuse", refuse)
    register("crash", crash)
    refused, crashed, unknown = queue("refuse"), queue("crash"), queue("nobody-knows")
    for _ in range(3):
        work_once(app)
    assert [(row(app, i).state, row(app, i).error) for i in (refused, crashed, unknown)] == [
        (RunState.FAILED, "beds_short"),
        (RunState.FAILED, "crashed"),
        (RunState.FAILED, "unknown_kind"),
    ]
    assert "Siti" not in repr(row(app, crashed))
    with app.app_context(), house_scope(row(app, refused).residence_id):
        assert db.session.scalars(select(Trade)).all() == []


def test_a_queued_run_is_cancelled_at_once(app: Flask, queue: Callable[..., int]) -> None:
    register("idle", lambda context: {})
    run_id = queue("idle")
    cancel(app, run_id)
    assert row(app, run_id).state is RunState.CANCELLED
    assert work_once(app) is None


def test_a_running_run_sees_its_cancellation_and_stores_nothing(app: Flask, queue: Callable[..., int]) -> None:
    started = threading.Event()

    def job(context: JobContext) -> dict[str, Any]:
        context.report({"stage": "rooms"}, (0.0, 3, 1))
        context.let_go()
        started.set()
        wait_until(context.should_stop)
        make_trade(db.session.get_one(Residence, context.residence_id), "Las")
        return {"plan_id": 1}

    register("long", job)
    run_id = queue("long")
    worker = threading.Thread(target=work_once, args=(app,))
    worker.start()
    assert started.wait(20)
    wait_until(lambda: row(app, run_id).progress == {"stage": "rooms"})
    cancel(app, run_id)
    worker.join(20)
    ended = row(app, run_id)
    assert (ended.state, ended.result, ended.history) == (RunState.CANCELLED, {}, [[0.0, 3, 1]])
    with app.app_context(), house_scope(ended.residence_id):
        assert db.session.scalars(select(Trade)).all() == []


def test_a_worker_being_stopped_hands_its_run_back(app: Flask, queue: Callable[..., int]) -> None:
    seen: list[int] = []
    loop = WorkerLoop(app)

    def job(context: JobContext) -> dict[str, Any]:
        seen.append(context.attempt)
        if len(seen) == 1:
            loop.stop()
            assert context.should_stop()
        return {}

    register("restarted", job)
    run_id = queue("restarted")
    loop.run()
    assert row(app, run_id).state is RunState.QUEUED
    work_once(app)
    assert (row(app, run_id).state, seen) == (RunState.DONE, [1, 1])


def test_a_zombie_can_write_nothing_once_another_worker_has_its_run(app: Flask, queue: Callable[..., int]) -> None:
    register("slow", lambda context: {"by": "the second"})
    run_id = queue("slow")
    with app.app_context():
        zombie = leases.claim(db.engine, "zombie")
        assert zombie is not None
        assert leases.claim(db.engine, "other") is None, "a run that is held is not free"
        assert leases.end_leases_of(db.engine, "zombi") == 0
        assert leases.end_leases_of(db.engine, "zombie") == 1
    assert work_once(app) == run_id
    with app.app_context():
        assert not leases.beat(db.engine, zombie, {"progress": {"stage": "late"}})
        assert not leases.end(db.engine, zombie, RunState.FAILED, "late")
        assert not leases.hand_back(db.engine, zombie)
        assert leases.look(db.engine, zombie) == (False, False)
        with db.engine.begin() as connection:
            assert not leases.finish(connection, zombie, {"by": "the zombie"}, {})
    done = row(app, run_id)
    assert (done.state, done.result, done.attempt) == (RunState.DONE, {"by": "the second"}, 2)


def test_a_job_that_lost_its_run_stores_nothing(app: Flask, queue: Callable[..., int]) -> None:
    def job(context: JobContext) -> dict[str, Any]:
        if context.attempt == 1:  # as if this worker had slept through its lease
            with db.engine.begin() as connection:
                connection.execute(update(leases.runs).values(lease_until=leases.now(connection) - leases.LEASE))
            assert leases.claim(db.engine, "other") is not None
        make_trade(db.session.get_one(Residence, context.residence_id), "Las")
        return {}

    register("asleep", job)
    run_id = queue("asleep")
    work_once(app)
    held = row(app, run_id)
    assert (held.state, held.attempt) == (RunState.RUNNING, 2)
    with app.app_context(), house_scope(held.residence_id):
        assert db.session.scalars(select(Trade)).all() == []


def test_a_run_that_kills_every_worker_is_given_up(app: Flask, queue: Callable[..., int]) -> None:
    run_id = queue("poison")
    with app.app_context():
        for attempt in range(1, leases.MOST_ATTEMPTS + 1):
            lease = leases.claim(db.engine, f"victim{attempt}")
            assert lease is not None
            assert lease.attempt == attempt
            leases.end_leases_of(db.engine, f"victim{attempt}")
        assert leases.claim(db.engine, "next") is None
    assert (row(app, run_id).state, row(app, run_id).error) == (RunState.FAILED, "worker_lost")


def test_a_cancelled_run_whose_worker_died_is_not_taken_up_again(app: Flask, queue: Callable[..., int]) -> None:
    run_id = queue("gone")
    with app.app_context():
        assert leases.claim(db.engine, "victim")
    cancel(app, run_id)
    assert row(app, run_id).state is RunState.RUNNING
    with app.app_context():
        leases.end_leases_of(db.engine, "victim")
        assert leases.claim(db.engine, "next") is None
    assert row(app, run_id).state is RunState.CANCELLED


def test_runs_are_seen_in_their_own_house_only(app: Flask, queue: Callable[..., int]) -> None:
    first, second = queue("plan"), queue("plan")
    with app.app_context(), house_scope(row(app, first).residence_id):
        assert get_run(first).id == first
        with pytest.raises(NotFound):
            get_run(second)
        foreign = db.session.execute(select(leases.runs).where(leases.runs.c.id == second)).one()
        request_cancel_of_another_house(foreign.id)
    assert row(app, second).state is RunState.QUEUED


def request_cancel_of_another_house(run_id: int) -> None:
    """Even with a run object in hand the statement itself is scoped."""
    db.session.execute(update(Run).where(Run.id == run_id).values(state=RunState.CANCELLED))
    db.session.commit()


def test_many_workers_share_a_queue_without_taking_anything_twice(app: Flask, queue: Callable[..., int]) -> None:
    lock = threading.Lock()
    carried: list[int] = []

    def job(context: JobContext) -> dict[str, Any]:
        with lock:
            carried.append(context.run_id)
        return {}

    register("small", job)
    wanted = [queue("small") for _ in range(12)]

    def work() -> None:
        while work_once(app) is not None:
            pass

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert sorted(carried) == wanted
    assert {row(app, i).state for i in wanted} == {RunState.DONE}


def test_a_long_curve_is_thinned_and_keeps_its_ends(app: Flask, queue: Callable[..., int]) -> None:
    def job(context: JobContext) -> dict[str, Any]:
        for second in range(2000):
            context.report({"stage": "rooms"}, (second, 5000 - second, 0))
        return {}

    register("curve", job)
    run_id = queue("curve")
    work_once(app)
    history = row(app, run_id).history
    assert len(history) <= 240
    assert (history[0][0], history[-1][0]) == (0, 1999)


def test_a_cancelled_job_may_keep_what_is_whole(app: Flask, queue: Callable[..., int]) -> None:
    def job(context: JobContext) -> dict[str, Any]:
        wait_until(context.should_stop)
        context.keep_although_cancelled()
        make_trade(db.session.get_one(Residence, context.residence_id), "Las")
        return {"plan_id": 7}

    register("keep", job)
    run_id = queue("keep")
    worker = threading.Thread(target=work_once, args=(app,))
    worker.start()
    wait_until(lambda: row(app, run_id).state is RunState.RUNNING)
    cancel(app, run_id)
    worker.join()
    kept = row(app, run_id)
    assert (kept.state, kept.result) == (RunState.CANCELLED, {"plan_id": 7})
    with app.app_context(), house_scope(kept.residence_id):
        assert db.session.scalar(select(Trade.name)) == "Las"
