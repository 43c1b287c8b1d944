"""Commands of the person who runs the house's server."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from foyer.logs import write_logs
from foyer.serving.migrations import NotReady, make_ready


def this_app() -> Flask:
    """The application itself, not its proxy."""
    return current_app._get_current_object()  # type: ignore[attr-defined,no-any-return]


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="0.0.0.0 lets other machines in.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
@click.option("--threads", default=8, show_default=True, type=click.IntRange(1, 64), help="Pages answered at once.")
@click.option("--migrate", is_flag=True, help="Bring a database server to this version first.")
@click.option("--no-worker", is_flag=True, help="Plan elsewhere: `foyer worker` runs on another machine.")
@with_appcontext
def serve_command(host: str, port: int, threads: int, migrate: bool, no_worker: bool) -> None:
    """Serve the house: pages, files and the worker that plans."""
    app = this_app()
    write_logs(app.config["FOYER"].log_level)
    prepare(may_migrate=migrate)
    if pretended := app.config["FOYER"].demonstration_day:
        click.echo(
            f"FOYER_DEMONSTRATION_DAY is set: every day is {pretended}. Never set it for a real house.", err=True
        )
    start_serving(app, host=host, port=port, threads=threads, with_worker=not no_worker)


def prepare(*, may_migrate: bool) -> None:
    """Make the database ready, or end with a sentence that says what to do."""
    try:
        done = make_ready(may_migrate=may_migrate)
    except NotReady as reason:
        raise click.ClickException(str(reason)) from None
    if done:
        click.echo(done)


def start_serving(
    app: Flask,
    *,
    host: str,
    port: int,
    threads: int = 8,
    with_worker: bool = True,
    on_ready: Callable[[str], None] = lambda address: click.echo(f"Foyer is at {address} (Ctrl+C ends it)."),
) -> None:
    """Serve until stopped; a taken port ends with a sentence."""
    from foyer.serving.server import serve

    try:
        serve(app, host=host, port=port, threads=threads, with_worker=with_worker, on_ready=on_ready)
    except OSError as error:
        raise click.ClickException(
            f"Foyer cannot listen on {host}, port {port} ({error.strerror}). Choose another one with --port."
        ) from None


@click.command("worker")
@click.option("--name", default="", hidden=True)
@click.option("--embedded", is_flag=True, hidden=True)
@with_appcontext
def worker_command(name: str, embedded: bool) -> None:
    """Work on what is queued, until stopped. `foyer serve` starts one by itself."""
    from foyer.jobs.worker import WorkerLoop

    app = this_app()
    write_logs(app.config["FOYER"].log_level)
    loop = WorkerLoop(app, name)
    if embedded:
        os.nice(5)  # pages come first on a small machine
        threading.Thread(target=_stop_with_server, args=(loop.stop,), name="server", daemon=True).start()
    loop.run()


def _stop_with_server(stop: Callable[[], None]) -> None:
    """The server holds the other end of standard input; it closes with the server, however that ends."""
    while os.read(0, 64):  # not through sys.stdin: its lock would be held while the interpreter ends
        pass
    stop()
