"""What is due, from every part of a file: one definition per kind, the same on every page; all asked in one statement.

Only what has a date can be due; nothing warns before there is one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from flask import url_for
from sqlalchemy import Select, bindparam, select

from foyer.caseload.desk import Desk
from foyer.questions import Question, Questions
from foyer.residents.models import Resident


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


Residents = Select[int]
Asked = Callable[[date, Residents], Question]
Read = Callable[[Desk, Sequence[Any]], Sequence[Due]]
_KINDS: dict[str, tuple[Any, Asked, Read]] = {}


def register_dues(kind: str, label: Any, asked: Asked, read: Read) -> None:
    """State a kind of due work: its label (lazy), the query that finds it on a day for the residents of another query
    (plain columns, see ``foyer.questions``), and what its rows mean. ``read`` asks the database nothing."""
    _KINDS[kind] = (label, asked, read)


def addresses(endpoint: str) -> Callable[[int], str]:
    """The address of a page of a file by resident: built once, since a house of 500 asks for as many."""
    before, _zero, after = url_for(endpoint, resident_id=0).rpartition("/0/")
    return lambda resident_id: f"{before}/{resident_id}/{after}"


def kinds_of_dues() -> dict[str, Any]:
    """Every kind with its label."""
    return {kind: label for kind, (label, _asked, _read) in _KINDS.items()}


def dues_of(desk: Desk, resident_ids: Iterable[int]) -> list[Due]:
    """Everything due for these residents, the most overdue first. One query, however many kinds there are."""
    questions = _questions(desk.today, tuple((kind, asked) for kind, (_label, asked, _read) in _KINDS.items()))
    rows = questions.ask({"resident_ids": list(resident_ids)})
    found = [due for kind, (_label, _asked, read) in _KINDS.items() for due in read(desk, rows[kind])]
    return sorted(found, key=lambda due: (due.due_on, due.kind, due.resident_id))


@lru_cache(maxsize=4)
def _questions(today: date, kinds: tuple[tuple[str, Asked], ...]) -> Questions:
    """The statement of a day, for residents who are yet to be named: putting it together takes longer than asking it.
    It holds no rows and knows of no person and no house; the session adds the house, as to every query."""
    asked_for = select(Resident.id).where(Resident.id.in_(bindparam("resident_ids", expanding=True)))
    residents = select(*asked_for.cte("residents_asked").c)  # found once, not again for each kind
    return Questions({kind: asked(today, residents) for kind, asked in kinds})
