"""The machine on which figures were measured, in one sentence, without naming it."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version
from pathlib import Path


def described() -> str:
    """Processor, cores, memory, and the versions that matter."""
    return (
        f"Measured on {_processor()}, {len(os.sched_getaffinity(0))} cores, {_gigabytes():.0f} GB of memory; "
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
