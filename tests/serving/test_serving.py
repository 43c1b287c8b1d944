"""``foyer serve`` as an operator runs it: a process of its own, with its worker."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask_migrate import downgrade
from sqlalchemy import select

from foyer import create_app
from foyer.config import Settings
from foyer.database import db, house_scope
from foyer.jobs import leases
from foyer.jobs.models import RunState
from foyer.jobs.services import enqueue
from foyer.serving.migrations import revisions
from tests.factories import make_residence
from tests.servers import wait_for

ROOT = Path(__file__).resolve().parents[2]

Serve = Callable[..., "subprocess.Popen[str]"]


def environment(settings: Settings) -> dict[str, str]:
    return {**os.environ, "FOYER_DATA": str(settings.data), "DATABASE_URL": settings.database_url}


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "foyer.cli", *arguments]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Starts ``foyer serve``, waits for its address and ends it after the test."""
    servers: list[subprocess.Popen[str]] = []

    def start(settings: Settings, *options: str) -> subprocess.Popen[str]:
        server = subprocess.Popen(
            command("serve", "--port", "0", *options),
            cwd=settings.data,
            env={**environment(settings), "PYTHONPATH": str(ROOT)},
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        servers.append(server)
        assert server.stdout is not None
        server.said = []  # type: ignore[attr-defined]
        for line in server.stdout:
            server.said.append(line)  # type: ignore[attr-defined]
            if found := re.search(r"http://\S+", line):
                server.address = found.group()  # type: ignore[attr-defined]
                return server
        raise AssertionError("it ended without an address")

    yield start
    for server in servers:
        server.kill()
        server.wait()


def get(address: str) -> tuple[int, Any, str]:
    try:
        with urllib.request.urlopen(address, timeout=60) as answer:
            return answer.status, answer.headers, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read().decode()


def children(process: int) -> list[int]:
    found: list[int] = []
    for listing in Path(f"/proc/{process}/task").glob("*/children"):
        found += [int(child) for child in listing.read_text().split()]
    return found


def is_running(process: int) -> bool:
    try:
        return ") Z " not in Path(f"/proc/{process}/stat").read_text()
    except FileNotFoundError:
        return False


def queue_something(settings: Settings) -> Callable[[], Any]:
    """Queues a run that no worker knows how to do; gives a function that looks at it."""
    app = create_app(settings)
    with app.app_context():
        residence = make_residence()
        with house_scope(residence.id):
            run_id = enqueue("unheard-of", residence.id, {}, None).id
            db.session.commit()

    def look() -> Any:
        with app.app_context():
            found = db.session.execute(select(leases.runs).where(leases.runs.c.id == run_id)).one()
            db.session.remove()
            db.engine.dispose()
            return found

    return look


def test_the_solvers_are_loaded_before_the_first_question(house_settings: Settings, serve: Serve) -> None:
    server = serve(house_settings, "--no-worker")
    mapped = Path(f"/proc/{server.pid}/maps")
    wait_for(lambda: "/ortools/" in mapped.read_text(), "the solvers in the server's own process")
    assert get(f"{server.address}/sign-in")[0] == 200  # type: ignore[attr-defined]
    server.send_signal(signal.SIGTERM)
    assert server.wait(timeout=60) == 0


def test_an_application_that_only_commands_loads_no_solver(house_settings: Settings) -> None:
    asked = "import sys; from foyer import create_app; create_app(); print('ortools' in sys.modules)"
    said = subprocess.run(
        [sys.executable, "-c", asked], cwd=ROOT, env=environment(house_settings), text=True, capture_output=True
    )
    assert said.stdout.strip() == "False", said.stderr


def test_one_command_serves_pages_files_and_work_and_ends_cleanly(house_settings: Settings, serve: Serve) -> None:
    server = serve(house_settings)
    wait_for(lambda: json.loads(get(f"{server.address}/healthz")[2])["status"] == "ok", "the worker's start")  # type: ignore[attr-defined]
    status, _headers, page = get(f"{server.address}/sign-in")  # type: ignore[attr-defined]
    assert status == 200
    style = re.search(r'href="(/static/[0-9a-f]{12}/css/app\.css)"', page)
    assert style
    status, headers, _text = get(server.address + style.group(1))  # type: ignore[attr-defined]
    assert (status, "immutable" in headers["Cache-Control"]) == (200, True)
    run = queue_something(house_settings)
    wait_for(lambda: run().state is RunState.FAILED, "the worker's answer")
    assert run().error == "unknown_kind"
    workers = children(server.pid)
    assert len(workers) == 1
    server.send_signal(signal.SIGTERM)
    assert server.wait(60) == 0
    assert not is_running(workers[0])


def test_a_killed_worker_is_replaced_and_what_it_held_is_free_at_once(house_settings: Settings, serve: Serve) -> None:
    server = serve(house_settings)
    wait_for(lambda: len(children(server.pid)) == 1, "the worker's start")
    (worker,) = children(server.pid)
    os.kill(worker, signal.SIGKILL)
    wait_for(lambda: children(server.pid) not in ([], [worker]), "another worker")
    run = queue_something(house_settings)
    wait_for(lambda: run().state is RunState.FAILED, "the new worker's answer")


def test_a_worker_does_not_outlive_a_killed_server(house_settings: Settings, serve: Serve) -> None:
    server = serve(house_settings)
    wait_for(lambda: json.loads(get(f"{server.address}/healthz")[2])["worker"] == "alive", "the worker's start")  # type: ignore[attr-defined]
    (worker,) = children(server.pid)
    server.kill()
    server.wait()
    wait_for(lambda: not is_running(worker), "the worker's end")


def test_a_taken_port_is_answered_with_a_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            command("serve", "--port", port),
            cwd=ROOT,
            env=environment(Settings(data=tmp_path, database_url="")),
            text=True,
            capture_output=True,
            timeout=120,
        )
    assert done.returncode == 1
    assert f"cannot listen on 127.0.0.1, port {port}" in done.stderr
    assert "Traceback" not in done.stderr


def go_back(settings: Settings, revision: str) -> None:
    app = create_app(settings)
    with app.app_context():
        downgrade(revision=revision)
        db.session.remove()
        db.engine.dispose()


def state(settings: Settings) -> tuple[str | None, bool]:
    app = create_app(settings)
    with app.app_context():
        found = revisions()
        db.engine.dispose()
        return found.current, found.is_current


def test_an_older_embedded_file_is_copied_and_brought_up_to_date(tmp_path: Path, serve: Serve) -> None:
    settings = Settings(data=tmp_path, database_url="")
    subprocess.run(command("db", "upgrade"), cwd=ROOT, env=environment(settings), check=True, capture_output=True)
    go_back(settings, "0001")
    server = serve(settings, "--no-worker")
    assert state(settings)[1]
    assert "kept as" in server.said[0]  # type: ignore[attr-defined]
    with sqlite3.connect(tmp_path / "foyer.sqlite3.before-upgrade-1") as copy:
        assert copy.execute("SELECT version_num FROM alembic_version").fetchone() == ("0001",)


@pytest.mark.postgres
def test_a_database_server_is_migrated_only_when_the_operator_says_so(
    postgres_server: Any, tmp_path: Path, serve: Serve
) -> None:
    settings = Settings(data=tmp_path, database_url=postgres_server.create("behind"))
    done = subprocess.run(
        command("serve", "--port", "0"),
        cwd=ROOT,
        env=environment(settings),
        text=True,
        capture_output=True,
        timeout=120,
    )
    assert done.returncode == 1
    assert "foyer db upgrade" in done.stderr
    assert state(settings)[0] is None
    serve(settings, "--no-worker", "--migrate")
    assert state(settings)[1]


def test_a_database_of_a_newer_foyer_is_left_alone(house_settings: Settings, tmp_path: Path) -> None:
    app = create_app(house_settings)
    with app.app_context(), db.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    try:
        done = subprocess.run(
            command("serve", "--port", "0"),
            cwd=ROOT,
            env=environment(house_settings),
            text=True,
            capture_output=True,
            timeout=120,
        )
        assert done.returncode == 1
        assert "newer Foyer" in done.stderr
    finally:
        with app.app_context():
            head = revisions().head
        with app.app_context(), db.engine.begin() as connection:
            connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{head}'")
        with app.app_context():
            db.engine.dispose()
