"""Families of public instances: each module reads a family's files, states them in ``foyer-problem/1``, writes
solutions in the family's own form and evaluates these by the family's published rules, apart from the engine's score.
"""

from __future__ import annotations

from dataclasses import dataclass

FAMILIES = {  # by the name that ``foyer bench`` takes
    "ctt": "foyer.scheduling.families.ctt",
    "pas": "foyer.scheduling.families.pas",
    "preferences": "foyer.scheduling.families.preferences",
}


class FamilyFileError(ValueError):
    """A file that is not of its family; the message is one line with the place."""


@dataclass(frozen=True, slots=True)
class Value:
    """What a solution breaks (violations) and costs by a family's own rules, part by part."""

    hard: tuple[tuple[str, int], ...]
    soft: tuple[tuple[str, float], ...]

    @property
    def violations(self) -> int:
        return sum(count for _, count in self.hard)

    @property
    def cost(self) -> float:
        return sum(points for _, points in self.soft)
