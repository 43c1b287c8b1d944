"""How alike two people are by name and birth date: what may be one person, written down twice.

Names are compared by their parts in any order, by their letters, and by how they sound in Indonesian; birth dates by
the slips of a pen: day and month changed places, one digit misread, a year off, or a day that was only estimated.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from difflib import SequenceMatcher
from enum import IntEnum
from typing import Any

from foyer.names import name_key, sound_key

ALIKE = 0.82  # of two names' letters: Rizki Pratama and Rizky Pratma
_PART = 3  # letters of a part of a name that says something by itself
# Parts that so many people have that sharing one of them says nothing, as they sound.
_COMMON = frozenset(sound_key("Muhammad Ahmad Abdul Siti Nur Sri Putra Putri Dewi Dwi").split())
_GUESSED = frozenset({(1, 1), (1, 7), (31, 12)})  # day and month where only the year was known


class Likeness(IntEnum):
    """How sure it is that somebody is the person who was asked for; more is surer."""

    PART_OF_NAME = 1
    NAME = 2  # the same name, or nearly; no or another birth date
    NEAR_BIRTH_AND_NAME = 3  # a birth date like a slip of the pen, and a name that is alike or sounds alike
    BIRTH_AND_NAME = 4  # the same birth date, and a name that is alike or sounds alike
    EQUAL = 5  # the same name and birth date
    NIK = 6


def likeness_of(name: str, born_on: date | None, digest: str | None, known: Any) -> Likeness | None:
    """How alike somebody known (with ``name_key``, ``born_on``, ``nik_digest``) is to whom one asks for; None: not."""
    if digest is not None and known.nik_digest == digest:
        return Likeness.NIK
    key = name_key(name)
    mine, theirs = key.split(), known.name_key.split()
    same_day = born_on is not None and known.born_on == born_on
    if mine and sorted(mine) == sorted(theirs):
        near = Likeness.NEAR_BIRTH_AND_NAME if _near(born_on, known.born_on) else Likeness.NAME
        return Likeness.EQUAL if same_day else near
    return _of_other_spelling(key, known.name_key, same_day=same_day, is_near=_near(born_on, known.born_on))


def _of_other_spelling(mine: str, theirs: str, *, same_day: bool, is_near: bool) -> Likeness | None:
    is_alike = are_alike(mine, theirs) or sound_alike(mine, theirs)
    if same_day and (is_alike or any(part in theirs.split() for part in mine.split() if len(part) >= _PART)):
        return Likeness.BIRTH_AND_NAME
    if is_near and (is_alike or _is_shorter(mine, theirs)):
        return Likeness.NEAR_BIRTH_AND_NAME
    if is_alike:
        return Likeness.NAME
    starts = all(any(other.startswith(part) for other in theirs.split()) for part in mine.split())
    return Likeness.PART_OF_NAME if mine and starts else None


def are_alike(one: str, other: str) -> bool:
    """Whether two folded names read nearly the same, their parts in any order."""
    left, right = " ".join(sorted(one.split())), " ".join(sorted(other.split()))
    if not left or not right or abs(len(left) - len(right)) > max(len(left), len(right)) // 3:
        return False
    return SequenceMatcher(None, left, right).ratio() >= ALIKE


def sound_alike(one: str, other: str) -> bool:
    """Whether two folded names sound the same, their parts in any order, or written as one word."""
    left, right = sound_key(one).split(), sound_key(other).split()
    return bool(left) and (sorted(left) == sorted(right) or "".join(left) == "".join(right))


def _is_shorter(one: str, other: str) -> bool:
    """Whether one is the other with parts left out, and says more than a part that everybody has."""
    left, right = set(sound_key(one).split()), set(sound_key(other).split())
    return (left <= right or right <= left) and bool((left & right) - _COMMON)


def _near(one: date | None, other: date | None) -> bool:
    return one is not None and other is not None and are_near(one, other)


def are_near(one: date, other: date) -> bool:
    """Whether two different birth dates may be one, written down wrongly."""
    if one == other:
        return False
    if abs(one.year - other.year) <= 1 and (is_guessed(one) or is_guessed(other)):
        return True
    return bool(set(slips_of(one)) & set(slips_of(other)))


def is_guessed(day: date) -> bool:
    """Whether a birth date is one of those that are written where only the year is known."""
    return (day.day, day.month) in _GUESSED


def slips_of(day: date) -> Iterator[str]:
    """Keys of which two dates share one where day and month changed places, one digit was misread (of the year the
    last), two digits beside each other changed places, or the year is one off."""
    digits = f"{day:%Y%m%d}"
    yield from (f"{digits[:place]}?{digits[place + 1 :]}" for place in range(3, 8))
    yield from (digits[:place] + digits[place : place + 2][::-1] + digits[place + 2 :] for place in (4, 6))
    yield digits
    yield f"{day.year} {min(day.day, day.month)} {max(day.day, day.month)}"
    yield from (f"{day:%m%d} {year}" for year in (day.year, day.year + 1))
