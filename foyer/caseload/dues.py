"""What is due, from every part of a file: one definition and one query per kind, the same on every page.

Only what has a date can be due; nothing warns before there is one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select

from foyer.caseload.desk import Desk


@dataclass(frozen=True)
class Due:
    """Something to be done for a resident by a day. ``words`` is a whole phrase in the reader's language; ``owner_id``
    the member of staff who is to do it where that is not the resident's counsellor."""

    kind: str
    resident_id: int
    due_on: date
    words: str
    url: str
    owner_id: int | None = None

    def days_late(self, today: date) -> int:
        """Days since the due day; below 0 while it lies ahead."""
        return (today - self.due_on).days


Provider = Callable[[Desk, "Select[int]"], Sequence[Due]]
_KINDS: dict[str, tuple[Any, Provider]] = {}


def register_dues(kind: str, label: Any, provider: Provider) -> None:
    """State a kind of due work: its label (lazy) and who finds it, for the residents of a query, with one query."""
    _KINDS[kind] = (label, provider)


def kinds_of_dues() -> dict[str, Any]:
    """Every kind with its label."""
    return {kind: label for kind, (label, _provider) in _KINDS.items()}


def dues_of(desk: Desk, resident_ids: Select[int]) -> list[Due]:
    """Everything due for these residents, the most overdue first. As many queries as there are kinds."""
    found = [due for _label, provider in _KINDS.values() for due in provider(desk, resident_ids)]
    return sorted(found, key=lambda due: (due.due_on, due.kind, due.resident_id))
