"""What is due, from every part of a file: one definition per kind, the same on every page; all asked in one statement.

Only what has a date can be due; nothing warns before there is one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from flask import url_for
from sqlalchemy import Date, Integer, Select, bindparam, select

from foyer.caseload.desk import Desk
from foyer.caseload.rights import Part
from foyer.questions import Question, Questions
from foyer.residents.models import Resident


class Due(NamedTuple):
    """Something to be done for a resident by a day. ``words`` is a whole phrase in the reader's language; ``owner_id``
    the member of staff who is to do it where that is not the resident's counsellor; ``is_over``: a clock of hours has
    run out, perhaps within this day. A house has thousands: a tuple."""

    kind: str
    resident_id: int
    due_on: date
    words: str
    url: str
    owner_id: int | None = None
    is_over: bool = False

    def days_late(self, today: date) -> int:
        """Days since the due day, begun ones where a clock has run out; below 0 while it lies ahead."""
        days = (today - self.due_on).days
        return max(days, 1) if self.is_over else days


Residents = Select[int]
Asked = Callable[[date, Residents], Question]
Read = Callable[[Desk, Sequence[Any]], Sequence[Due]]


class Naming(NamedTuple):
    """Of a kind of due work that is given to somebody of the staff by name: the query's column with who that is, and
    the part of the file in which it is read; None where the page opens to whoever is named (a referral that waits)."""

    column: str
    part: Part | None


class _Kind(NamedTuple):
    label: Any
    asked: Asked
    read: Read
    day: str | None
    naming: Naming | None


_KINDS: dict[str, _Kind] = {}


def register_dues(
    kind: str, label: Any, asked: Asked, read: Read, *, day: str | None = None, naming: Naming | None = None
) -> None:
    """State a kind of due work: its label (lazy), the query that finds it on a day for the residents of another query
    (plain columns, see ``foyer.questions``), and what its rows mean. ``read`` asks the database nothing. ``day`` names
    the query's column that is the due day, where there is one: who looks only so far ahead then asks for no more.
    ``naming``: whoever is named in it finds it on the own first page, whosever resident it is about."""
    _KINDS[kind] = _Kind(label, asked, read, day, naming)


def naming_of(kind: str) -> Naming:
    """How somebody is named in this kind of due work. Raises KeyError for kinds in which nobody is."""
    naming = _KINDS[kind].naming
    if naming is None:
        raise KeyError(kind)
    return naming


def addresses(endpoint: str) -> Callable[[int], str]:
    """The address of a page of a file by resident: built once, since a house of 500 asks for as many."""
    before, _zero, after = url_for(endpoint, resident_id=0).rpartition("/0/")
    return lambda resident_id: f"{before}/{resident_id}/{after}"


def kinds_of_dues() -> dict[str, Any]:
    """Every kind with its label."""
    return {name: kind.label for name, kind in _KINDS.items()}


def dues_of(desk: Desk, resident_ids: Iterable[int] | None, *, until: date = date.max) -> list[Due]:
    """Everything due for these residents by the day ``until``, the most overdue first; for everybody of the house where
    nobody is named (a long list of ids costs the database more than all of them). One query, however many kinds there
    are."""
    kinds = tuple((name, kind.asked, kind.day) for name, kind in _KINDS.items())
    named = {} if resident_ids is None else {"resident_ids": list(resident_ids)}
    rows = _questions(desk.today, kinds, resident_ids is None).ask({**named, "until": until})
    found = [due for name, kind in _KINDS.items() for due in kind.read(desk, rows[name]) if due.due_on <= until]
    return sorted(found, key=lambda due: (due.due_on, due.kind, due.resident_id))


def dues_named_to(desk: Desk) -> list[Due]:
    """Everything that the actor is to do by name, for whomever of the house, the most overdue first. One query; none
    for accounts that are nobody's."""
    if desk.staff is None:
        return []
    kinds = tuple((name, kind.asked, kind.naming.column) for name, kind in _KINDS.items() if kind.naming)
    rows = _questions_to_one(desk.today, kinds).ask({"staff_id": desk.staff.id})
    found = [due for name, _asked, _column in kinds for due in _KINDS[name].read(desk, rows[name])]
    return sorted(found, key=lambda due: (due.due_on, due.kind, due.resident_id))


@lru_cache(maxsize=2)
def _questions_to_one(today: date, kinds: tuple[tuple[str, Asked, str], ...]) -> Questions:
    """As ``_questions``, of all residents and one member of staff who is yet to be named."""
    residents = select(Resident.id)
    return Questions({name: _given_to_one(asked(today, residents), column) for name, asked, column in kinds})


def _given_to_one(question: Question, column: str) -> Question:
    return question.where(question.selected_columns[column] == bindparam("staff_id", type_=Integer))


@lru_cache(maxsize=4)
def _questions(today: date, kinds: tuple[tuple[str, Asked, str | None], ...], everybody: bool) -> Questions:
    """The statement of a day, for residents who are yet to be named: putting it together takes longer than asking it.
    It holds no rows and knows of no person and no house; the session adds the house, as to every query."""
    asked_for = select(Resident.id)
    if not everybody:
        asked_for = asked_for.where(Resident.id.in_(bindparam("resident_ids", expanding=True)))
    residents = select(*asked_for.cte("residents_asked").c)  # found once, not again for each kind
    return Questions({name: _by(asked(today, residents), day) for name, asked, day in kinds})


def _by(question: Question, day: str | None) -> Question:
    """Not what is due later than the day that is yet to be named."""
    return question if day is None else question.where(question.selected_columns[day] <= bindparam("until", type_=Date))
