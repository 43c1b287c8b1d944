"""The fingerprint of a problem, by which a plan names what it answers."""

from __future__ import annotations

import hashlib
import json
from dataclasses import MISSING, fields, is_dataclass
from typing import Any

from foyer.scheduling.problem import Problem


def problem_hash(problem: Problem) -> str:
    """SHA-256 of the problem's canonical JSON, in hexadecimal. Equal problems have equal hashes. What stands at its
    default is left out, so that a form that grows a field keeps the hashes of the problems that do not use it."""
    global _last
    known = _last  # looked at once: another thread may ask for another problem meanwhile
    if known is None or known[0] is not problem:
        known = _last = problem, _hashed(problem)
    return known[1]


_last: tuple[Problem, str] | None = None  # the same problem is asked for again and again, and cannot change


def _hashed(problem: Problem) -> str:
    canonical = json.dumps(_spoken(problem), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _spoken(thing: Any) -> Any:
    if isinstance(thing, tuple):
        return [_spoken(item) for item in thing]
    if not is_dataclass(thing):
        return thing
    found = {}
    for field in fields(thing):
        value = getattr(thing, field.name)
        default = field.default_factory() if field.default_factory is not MISSING else field.default
        if value != default:
            found[field.name] = _spoken(value)
    return found
