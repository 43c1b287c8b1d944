"""Keeps the embedded worker alive, in a process of its own: the solver's memory and crashes stay out of the pages."""

from __future__ import annotations

import subprocess
import sys
import threading
import time

import structlog
from flask import Flask

from foyer.database import db
from foyer.jobs.leases import end_leases_of
from foyer.jobs.worker import new_worker_name

log = structlog.get_logger(__name__)

PATIENCE = 15.0  # seconds that a worker has to hand its run back
_STEADY = 60.0  # a worker that lived so long died of something new


class Supervisor:
    """Starts the worker, starts it again when it dies, stops it with the server."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._worker: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._watch, name="supervisor", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """End the worker: politely, then firmly."""
        with self._lock:
            self._stopping.set()
            worker = self._worker
        if worker is not None and worker.poll() is None:
            worker.terminate()
            try:
                worker.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                worker.kill()
        self._thread.join(PATIENCE)

    def _watch(self) -> None:
        pause = 0.5
        while True:
            name = new_worker_name()
            with self._lock:
                if self._stopping.is_set():
                    return
                self._worker = self._spawn(name)
            began = time.monotonic()
            status = self._worker.wait()
            if status != 0:  # else it has handed back what it held
                self._release(name)
            if self._stopping.is_set():
                return
            pause = 0.5 if time.monotonic() - began > _STEADY else min(pause * 2, 30.0)
            log.error("worker_died", worker=name, status=status)
            self._stopping.wait(pause)

    def _spawn(self, name: str) -> subprocess.Popen[bytes]:
        """The worker ends when its standard input closes, so that it never outlives a server that was killed."""
        command = [sys.executable, "-m", "foyer.cli", "worker", "--name", name, "--embedded"]
        return subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)  # Ctrl+C is the server's

    def _release(self, name: str) -> None:
        """What it was working on is free at once: we saw it die."""
        try:
            with self._app.app_context():
                end_leases_of(db.engine, name)
        except Exception as error:
            log.warning("release_failed", worker=name, error=type(error).__name__)
