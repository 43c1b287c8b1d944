"""A worker in a process of its own that also knows the tests' kinds of work: data, database, Redis, lease."""

from __future__ import annotations

import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from foyer import create_app
from foyer.config import Settings
from foyer.jobs import leases
from foyer.jobs.context import JobContext
from foyer.jobs.registry import register
from foyer.jobs.worker import WorkerLoop


def wait_for_file(context: JobContext) -> dict[str, Any]:
    """Works until the file ``go`` appears in the folder; says which attempt began."""
    folder = Path(context.parameters["folder"])
    (folder / f"attempt-{context.attempt}").touch()
    context.let_go()
    while not (folder / "go").exists():
        if context.should_stop():
            return {}
        time.sleep(0.02)
    return {"attempt": context.attempt}


def main(data: str, database: str, redis_url: str, lease_seconds: str) -> None:
    leases.LEASE = timedelta(seconds=float(lease_seconds))
    register("wait-for-file", wait_for_file)
    register("quick", lambda context: {"done": True})
    app = create_app(Settings(data=Path(data), database_url=database, redis_url=redis_url))
    loop = WorkerLoop(app)
    sys.stdout.write(f"{loop.name}\n")
    sys.stdout.flush()
    loop.run()


if __name__ == "__main__":
    main(*sys.argv[1:])
