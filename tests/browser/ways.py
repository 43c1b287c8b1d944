"""How a journey can be walked."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product


@dataclass(frozen=True)
class Way:
    """``by``: "mouse" or "keyboard"; ``language``: "id" or "en"; ``width`` of the screen in pixels."""

    by: str
    language: str
    width: int

    def __str__(self) -> str:
        return f"{self.by}-{self.language}-{self.width}"

    @property
    def is_narrow(self) -> bool:
        return self.width < 600

    @property
    def is_touch(self) -> bool:
        """Who holds a phone and has no keyboard taps."""
        return self.by == "mouse" and self.is_narrow

    @property
    def words(self) -> str:
        return f"{'touch' if self.is_touch else self.by}, {self.language}, {self.width} px"


WAYS = tuple(
    Way(by, language, width) for width, by, language in product((1366, 390), ("mouse", "keyboard"), ("id", "en"))
)
