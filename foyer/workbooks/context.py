"""What the house is known to have before a workbook is read: a workbook may bring only some of the sheets."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from foyer.workbooks.text import bare_person_key, person_key
from foyer.workbooks.trades import TradeName


@dataclass(frozen=True, slots=True)
class KnownPerson:
    name: str
    birth_date: date


@dataclass(frozen=True)
class House:
    """Facts from the database, and the cycle that the workbook is imported into."""

    starts_on: date
    weeks: int = 17
    youngest: int = 15
    oldest: int = 21
    trades: tuple[TradeName, ...] = ()
    counsellors: tuple[str, ...] = ()
    instructors: tuple[str, ...] = ()
    residents: tuple[KnownPerson, ...] = ()
    today: date = field(default_factory=date.today)

    @property
    def ends_on(self) -> date:
        return self.starts_on + timedelta(weeks=self.weeks)


class Names:
    """People found by name: case, spaces and punctuation do not count, titles only where that stays unique."""

    def __init__(self) -> None:
        self._full: dict[str, dict[str, str]] = {}
        self._bare: dict[str, dict[str, str]] = {}

    def add(self, name: str, identity: str | None = None) -> None:
        """``identity`` tells people of one name apart (their birth date)."""
        who = identity or person_key(name)
        self._full.setdefault(person_key(name), {})[who] = name
        self._bare.setdefault(bare_person_key(name), {})[who] = name

    def find(self, name: str) -> list[str]:
        """The names that this one may mean: one is certain, none is unknown, several are ambiguous."""
        found = self._full.get(person_key(name)) or self._bare.get(bare_person_key(name)) or {}
        return list(found.values())
