"""Certificates that no full plan exists, found by counting before any solver runs.

Each shortage is a proof: so many need something, so few of it exist. Codes and values only; docs/engine.md,
section 7, has a sentence for each. What counting cannot see, the solver leaves open and the plan lists as
unmet.
"""

from __future__ import annotations

from foyer.scheduling.counting import beds, pairs, pins, seats, set_times, staff
from foyer.scheduling.index import Index
from foyer.scheduling.plan import Shortage
from foyer.scheduling.problem import Problem


def shortages(problem: Problem) -> tuple[Shortage, ...]:
    """Every shortage that counting can prove; empty if counting finds nothing."""
    index = Index(problem)
    return tuple(s for part in (beds, seats, staff, pairs, pins, set_times) for s in part.shortages(index))
