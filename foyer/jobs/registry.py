"""Which function does which kind of work."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from foyer.jobs.context import JobContext

    Job = Callable[["JobContext"], dict[str, Any]]

_jobs: dict[str, Job | str] = {}


def register(kind: str, function: Job | str) -> None:
    """Say what does this kind of work: a function, or ``"package.module:function"``, which only the worker imports
    (so that the web process never loads the solver)."""
    _jobs[kind] = function


def find_job(kind: str) -> Job | None:
    """The function for this kind, imported now if need be."""
    found = _jobs.get(kind)
    if isinstance(found, str):
        module, _, name = found.partition(":")
        loaded: Job = getattr(import_module(module), name)
        return loaded
    return found
