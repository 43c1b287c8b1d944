"""The machine on which figures were measured, in one sentence, without naming it."""

from __future__ import annotations

import os
import platform
import subprocess
from importlib.metadata import version
from pathlib import Path


def described() -> str:
    """Processor, cores, memory, and the versions that matter."""
    at = f" at {commit()}" if commit() else ""
    return (
        f"Measured{at} on {_processor()}, {len(os.sched_getaffinity(0))} cores, {_gigabytes():.0f} GB of memory; "
        f"Python {platform.python_version()}, OR-Tools {version('ortools')}."
    )


def _processor() -> str:
    return _field("/proc/cpuinfo", "model name") or platform.machine()


def _gigabytes() -> float:
    return float((_field("/proc/meminfo", "MemTotal") or "0 kB").split()[0]) / 2**20


def _field(file: str, name: str) -> str | None:
    path = Path(file)
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith(name)), None)


def commit() -> str:
    """The commit that is measured, marked where files other than the results have changed since; empty outside a
    checkout."""
    at = _git("rev-parse", "--short=12", "HEAD")
    changed = _git("status", "--porcelain", "--untracked-files=no", "--", ":/", ":(exclude,top)benchmarks/results")
    return f"{at}-dirty" if at and changed else at


def _git(*asked: str) -> str:
    command = ["git", "-C", str(Path(__file__).parent), *asked]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""
