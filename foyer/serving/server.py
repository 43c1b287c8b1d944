"""``foyer serve``: waitress, the static files, and the worker."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable
from typing import Any

import waitress
from flask import Flask

from foyer.scheduling.solvers import load_solvers
from foyer.serving.supervisor import Supervisor


def _end(_signal: int, _frame: Any) -> None:
    sys.exit(0)  # waitress finishes what it is answering


def serve(
    app: Flask,
    *,
    host: str,
    port: int,
    threads: int,
    with_worker: bool,
    on_ready: Callable[[str], None],
) -> None:
    """Serve until SIGTERM or SIGINT. Raises OSError when the port is taken."""
    server = waitress.create_server(
        app, host=host, port=port, threads=threads, ident=None, clear_untrusted_proxy_headers=False
    )
    for ending in (signal.SIGTERM, signal.SIGINT):  # also where a shell started us with Ctrl+C ignored
        signal.signal(ending, _end)
    supervisor = Supervisor(app)
    if with_worker:
        supervisor.start()
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host
    on_ready(f"http://{shown}:{server.effective_port}")
    # For the first who asks what if. No daemon: the end waits for it, for an import cannot be broken off cleanly.
    threading.Thread(target=load_solvers, name="solvers").start()
    try:
        server.run()
    finally:
        server.close()
        if with_worker:
            supervisor.stop()
