"""The fingerprint of a problem, by which a plan names what it answers."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict

from foyer.scheduling.problem import Problem


def problem_hash(problem: Problem) -> str:
    """SHA-256 of the problem's canonical JSON, in hexadecimal. Equal problems have equal hashes."""
    canonical = json.dumps(asdict(problem), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()
