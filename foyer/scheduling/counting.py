"""Certificates that no full plan exists, found by counting before any solver runs."""

from __future__ import annotations

from foyer.scheduling.plan import Shortage
from foyer.scheduling.problem import Problem


def shortages(problem: Problem) -> tuple[Shortage, ...]:
    """Every shortage that counting can prove; empty if counting finds nothing."""
    return ()
