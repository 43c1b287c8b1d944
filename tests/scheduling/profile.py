"""How many examples the property tests take: few and always the same by default; FOYER_EXAMPLES=20 takes twenty times
as many, each time others."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

TIMES = int(os.environ.get("FOYER_EXAMPLES", "1"))


def calm(examples: int) -> settings:
    """Settings for a test that may take its time."""
    return settings(
        deadline=None,
        max_examples=examples * TIMES,
        suppress_health_check=list(HealthCheck),
        derandomize=TIMES == 1,
    )
