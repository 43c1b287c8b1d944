"""What an import would do, as data: one change per row of the house, old and new side by side."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from foyer.workbooks.problems import Problem
from foyer.workbooks.rows import Source

Facts = dict[str, Any]  # plain, comparable values by field


class Action(StrEnum):
    CREATE = "create"
    CHANGE = "change"
    SAME = "same"
    REMOVE = "remove"


# The order in which changes are made: later kinds refer to earlier ones.
ORDER = ("cycle", "trades", "venues", "counsellors", "instructors", "tutors", "rooms", "grid", "classes", "education",
         "residents", "pairs")  # fmt: skip


@dataclass(frozen=True, slots=True)
class FieldChange:
    field: str
    old: Any
    new: Any


@dataclass(slots=True)
class Change:
    kind: str
    label: str
    action: Action
    fields: tuple[FieldChange, ...] = ()
    wanted: Facts = field(default_factory=dict)
    record: Any = None  # the row of the house; None: to be created
    source: Source | None = None

    @property
    def is_quiet(self) -> bool:
        return self.action is Action.SAME


def change_of(
    kind: str, label: str, current: Mapping[str, Any] | None, wanted: Facts, record: Any, source: Source | None
) -> Change:
    """Compare what is with what is wanted, field by field."""
    if current is None:
        shown = tuple(
            FieldChange(name, None, value) for name, value in wanted.items() if value not in (None, "", [], ())
        )
        return Change(kind, label, Action.CREATE, shown, wanted, None, source)
    fields = tuple(FieldChange(name, current[name], value) for name, value in wanted.items() if current[name] != value)
    return Change(kind, label, Action.CHANGE if fields else Action.SAME, fields, wanted, record, source)


@dataclass
class Comparison:
    """The whole dry run. ``fingerprint`` is what a person confirms: if it differs later, something moved meanwhile."""

    changes: list[Change]
    problems: list[Problem]

    def of(self, kind: str) -> list[Change]:
        return [change for change in self.changes if change.kind == kind]

    @property
    def kinds(self) -> list[str]:
        present = {change.kind for change in self.changes}
        return [kind for kind in ORDER if kind in present]

    def counts(self) -> dict[str, dict[str, int]]:
        """How many of each kind are created, changed, left alone, removed."""
        return {
            kind: dict(sorted(Counter(change.action.value for change in self.of(kind)).items())) for kind in self.kinds
        }

    @property
    def changes_nothing(self) -> bool:
        return all(change.is_quiet for change in self.changes)

    @property
    def fingerprint(self) -> str:
        lines = [
            repr((change.kind, change.label, change.action.value, change.fields))
            for change in self.changes
            if not change.is_quiet
        ]
        lines += [repr((p.severity.value, p.code, p.sheet, p.row, p.cell)) for p in self.problems]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()
