"""What an import has to say about a row. Sentences are made elsewhere (messages.py); here are codes and values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Severity(StrEnum):
    ERROR = "error"  # the row waits
    WARNING = "warning"  # the row comes in
    WAITS = "waits"  # nothing is wrong with the row, it needs another one that waits
    NOTE = "note"  # a state worth knowing, nothing to correct


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing about one cell. ``values`` may name people: never log them."""

    severity: Severity
    code: str
    sheet: str
    row: int | None = None
    cell: str | None = None
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def place(self) -> tuple[str, int, str]:
        return self.sheet, self.row or 0, self.cell or ""
