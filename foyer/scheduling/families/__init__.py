"""Families of public instances: each module reads a family's files, states them in ``foyer-problem/1``, writes
solutions in the family's own form and evaluates these by the family's published rules, apart from the engine's score.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

FAMILIES = {  # by the name that ``foyer bench`` takes
    "ctt": "foyer.scheduling.families.ctt",
    "pas": "foyer.scheduling.families.pas",
    "preferences": "foyer.scheduling.families.preferences",
}


class FamilyFileError(ValueError):
    """A file that is not of its family; the message is one line with the place."""


def text_of(path: Path) -> str:
    """The text of an instance's file: UTF-8, with or without a mark of it, or an older file's Latin-1. Raises OSError,
    and FamilyFileError for what is no text."""
    content = path.read_bytes()
    if b"\0" in content:
        raise FamilyFileError("not a text file")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")


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
