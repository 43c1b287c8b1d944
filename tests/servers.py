"""Servers that tests start for themselves: from this machine's own programs, as an unprivileged user, on sockets of
their own, stopped at the end. What is missing is skipped with a word on what to install; in CI it fails."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import psycopg
import pytest

POSTGRES_SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "shared_buffers": "32MB",
    "max_connections": "60",
    "log_min_messages": "fatal",
}


# A browser in a test asks nobody but us: no updates, no first-run pages.
QUIETLY = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def missing(what: str, install: str) -> NoReturn:
    """Skip the test with one line on what to install; with FOYER_TEST_REQUIRE_ALL=1, fail it."""
    sentence = f"{what} is missing: {install}"
    if os.environ.get("FOYER_TEST_REQUIRE_ALL") == "1":
        pytest.fail(sentence)
    pytest.skip(sentence)


def find_program(*names: str) -> str | None:
    """The first of these programs that the machine has."""
    return next((path for name in names if (path := shutil.which(name))), None)


def chromium() -> str:
    """The machine's Chromium, or a skip."""
    found = os.environ.get("FOYER_TEST_CHROMIUM") or find_program("chromium", "chromium-browser", "google-chrome")
    return found or missing("Chromium", "install the package `chromium`")


def free_port() -> int:
    """A port on this machine that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(condition: Callable[[], bool], what: str, seconds: float = 120.0) -> None:
    """Wait until it is so; fail with ``what`` if it never becomes so."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            pytest.fail(f"{what} never happened")
        time.sleep(0.03)


def _postgres_programs() -> Path | None:
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name.split(".")[0]))
    folders += [Path(found).parent] if (found := shutil.which("initdb")) else []
    return next(
        (path for path in reversed(folders) if (path / "initdb").exists() and (path / "postgres").exists()), None
    )


def _unprivileged() -> dict[str, object]:
    """PostgreSQL refuses to run as root: then it runs as its own user, or as nobody."""
    if os.geteuid() != 0:
        return {}
    import pwd

    known = {entry.pw_name for entry in pwd.getpwall()}
    user = pwd.getpwnam("postgres" if "postgres" in known else "nobody")
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


class PostgresServer:
    """A running server of our own, and the databases in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._kept: dict[str, list[str]] = {}

    def url(self, database: str) -> str:
        return f"postgresql://foyer@/{database}?host={self.folder}"

    def answers(self) -> bool:
        try:
            return bool(self._run("postgres", "SELECT 1"))
        except psycopg.OperationalError:
            return False

    def _run(self, database: str, *statements: str) -> list[tuple[str, ...]]:
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            for statement in statements:
                cursor = connection.execute(statement)  # type: ignore[arg-type]
            return cursor.fetchall() if cursor.description else []

    def create(self, database: str) -> str:
        """Make an empty database; gives its address."""
        self._run("postgres", f"CREATE DATABASE {database}")
        return self.url(database)

    def empty(self, database: str) -> None:
        """Delete every row but what migrations put there, past triggers and foreign keys."""
        if database not in self._kept:
            tables = self._run(database, "SELECT relname FROM pg_stat_user_tables ORDER BY relname")
            self._kept[database] = [
                name for (name,) in tables if not self._run(database, f'SELECT 1 FROM "{name}" LIMIT 1')
            ]
        wipe = "; ".join(f'DELETE FROM "{name}"' for name in self._kept[database])
        self._run(database, f"SET lock_timeout = 10000; SET session_replication_role = replica; {wipe}")


@contextmanager
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server of our own."""
    programs = _postgres_programs()
    if programs is None:
        missing("PostgreSQL", "install the package `postgresql`")
    identity = _unprivileged()
    home = Path(
        tempfile.mkdtemp(prefix="foyer-pg-", dir="/tmp")
    )  # short: it holds a socket, root's own folders are closed
    if identity:
        os.chown(home, identity["user"], identity["group"])  # type: ignore[arg-type]
    common = {"cwd": home, "stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, **identity}
    initdb = [programs / "initdb", "-D", home / "data", "-U", "foyer", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"]
    subprocess.run(initdb, check=True, **common)  # type: ignore[call-overload]
    settings = [part for name, value in POSTGRES_SETTINGS.items() for part in ("-c", f"{name}={value}")]
    server = subprocess.Popen(
        [programs / "postgres", "-D", home / "data", "-k", home, *settings],
        **{**common, "stderr": subprocess.DEVNULL},  # type: ignore[arg-type]
    )
    try:
        running = PostgresServer(home)
        wait_for(running.answers, "the start of PostgreSQL")
        yield running
    finally:
        server.terminate()  # smart shutdown waits for sessions; a second signal does not
        try:
            server.wait(2)
        except subprocess.TimeoutExpired:
            server.send_signal(2)
            server.wait(20)
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def redis() -> Iterator[str]:
    """A Redis (or Valkey) server of our own; gives its address."""
    program = find_program("redis-server", "valkey-server")
    if program is None:
        missing("Redis", "install the package `redis-server`")
    port = free_port()
    home = tempfile.mkdtemp(prefix="foyer-redis-")
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", home]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def answers() -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    try:
        wait_for(answers, "the start of Redis")
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.terminate()
        server.wait(20)
        shutil.rmtree(home, ignore_errors=True)
