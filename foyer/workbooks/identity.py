"""The NIK: 16 digits, of which the middle six are the birth date, with 40 added to a woman's day.

A number is permanent even where it is wrong, and some residents have none yet: nothing here ever stops a row.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from foyer.workbooks.text import clean_text, key
from foyer.workbooks.values import Gender, is_blank

_NOT_YET = {"belum", "belum ada", "belum punya", "belum punya nik", "tidak punya", "belum memiliki", "proses",
            "dalam proses", "none yet", "not yet", "belum terbit"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Nik:
    """What a cell says about the number. ``number`` is set only when it can be kept: exactly 16 digits."""

    number: str | None
    code: str | None = None  # nik_missing, nik_length or nik_not_digits
    digits: int = 0


def parse_nik(value: object) -> Nik:
    if is_blank(value) or key(value) in _NOT_YET:
        return Nik(None, "nik_missing")
    text = re.sub(r"[\s.'’`\-]", "", clean_text(value))
    if not text.isascii() or not text.isdecimal():
        return Nik(None, "nik_not_digits")
    if len(text) != 16:
        return Nik(None, "nik_length", len(text))
    return Nik(text, None, 16)


def gender_in(number: str) -> Gender:
    return "female" if int(number[6:8]) > 40 else "male"


def birth_date_in(number: str, *, before: date) -> date | None:
    """The date of birth that the number carries, the latest one that is not after ``before``."""
    day, month, year = int(number[6:8]) % 40, int(number[8:10]), int(number[10:12])
    century = 2000 if 2000 + year <= before.year else 1900
    try:
        return date(century + year, month, day)
    except ValueError:
        return None


def contradictions(number: str, birth_date: date | None, gender: Gender | None, *, before: date) -> list[str]:
    """``nik_birth_date`` and ``nik_gender``, where the number and the row say different things."""
    codes = []
    if birth_date is not None:
        day = birth_date.day
        if (int(number[6:8]) % 40, number[8:12]) != (day, f"{birth_date.month:02}{birth_date.year % 100:02}"):
            codes.append("nik_birth_date")
    if gender is not None and gender_in(number) != gender:
        codes.append("nik_gender")
    return codes
