"""Telling workers on other machines that there is work: one Redis message that holds the run's id and nothing else.

It only saves waiting. Who loses the message, or has no Redis, finds the row by polling.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import structlog
from flask import current_app
from sqlalchemy import event
from sqlalchemy.orm import Session

log = structlog.get_logger(__name__)

QUEUE = "foyer"
_KEY = "runs_to_wake"


def wake_after_commit(session: Any, run_id: int) -> None:
    """Send the wake-up once the caller's transaction is in the database, never before."""
    session.info.setdefault(_KEY, []).append(run_id)
    if not event.contains(Session, "after_commit", _send_pending):
        event.listen(Session, "after_commit", _send_pending)
        event.listen(Session, "after_rollback", _forget_pending)


def _send_pending(session: Session) -> None:
    run_ids = session.info.pop(_KEY, ())
    url = current_app.config["FOYER"].redis_url if run_ids and current_app else ""
    if not url:
        return
    try:
        broker = sender(url)
        for run_id in run_ids:
            broker.enqueue(_message(run_id))
    except Exception as error:  # the queue's row is committed; polling workers find it
        log.warning("wake_up_failed", error=type(error).__name__)


def _forget_pending(session: Session) -> None:
    session.info.pop(_KEY, None)


def _message(run_id: int) -> Any:
    from dramatiq import Message

    return Message(queue_name=QUEUE, actor_name="wake", args=(run_id,), kwargs={}, options={})


@lru_cache(maxsize=4)
def sender(url: str) -> Any:
    """The broker that this process sends through."""
    return connect(url)


def connect(url: str) -> Any:
    """dramatiq's broker on this Redis."""
    from dramatiq.brokers.redis import RedisBroker
    from dramatiq.middleware import AgeLimit, Retries

    broker = RedisBroker(url=url, middleware=[AgeLimit(max_age=60_000), Retries(max_retries=0)])
    broker.declare_queue(QUEUE)
    return broker


def listen(url: str, on_wake: Callable[[], None]) -> Callable[[], None]:
    """Call ``on_wake`` for every message until the function that comes back is called."""
    from dramatiq import Worker, actor

    broker = connect(url)

    @actor(broker=broker, queue_name=QUEUE, actor_name="wake")
    def wake(run_id: int) -> None:
        on_wake()

    worker = Worker(broker, queues={QUEUE}, worker_threads=1, worker_timeout=500)
    worker.start()
    return lambda: worker.stop(timeout=2_000)
