"""How a journey can be walked."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Way:
    """``by``: "mouse" or "keyboard"; ``language``: "id" or "en"; ``width`` of the screen in pixels."""

    by: str
    language: str
    width: int

    def __str__(self) -> str:
        return f"{self.by}-{self.language}-{self.width}"


# With mouse, Indonesian, laptop (the other files) these contain every pair of the three.
WAYS = (Way("keyboard", "en", 1366), Way("mouse", "en", 390), Way("keyboard", "id", 390))
