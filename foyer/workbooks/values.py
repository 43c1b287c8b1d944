"""What a typed value means: dates, genders, yes and no, numbers, room policies, scopes, education levels.

Every parser answers None for a blank cell and raises ``BadValue`` for what it does not understand; none of them
guesses silently.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Literal

from foyer.workbooks.text import clean_text, key

Gender = Literal["female", "male"]
RoomPolicy = Literal["female", "male", "same"]

_NOTHING = {"", "-", "--", "–", "—", "n/a", "na", "nihil", "kosong", "tidak ada", "none", "."}


class BadValue(ValueError):
    """A value that is there and is not understood; ``code`` says in which way."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def is_blank(value: object) -> bool:
    """Empty, or one of the signs by which people write "nothing"."""
    return clean_text(value).casefold() in _NOTHING


# Dates

MONTHS = {
    "januari": 1, "january": 1, "jan": 1, "februari": 2, "february": 2, "pebruari": 2, "feb": 2, "peb": 2,
    "maret": 3, "march": 3, "mar": 3, "mrt": 3, "april": 4, "apr": 4, "mei": 5, "may": 5, "juni": 6, "june": 6,
    "jun": 6, "juli": 7, "july": 7, "jul": 7, "agustus": 8, "august": 8, "agt": 8, "agu": 8, "ags": 8, "aug": 8,
    "agst": 8, "september": 9, "sept": 9, "sep": 9, "oktober": 10, "october": 10, "okt": 10, "oct": 10,
    "november": 11, "nopember": 11, "nov": 11, "nop": 11, "desember": 12, "december": 12, "des": 12, "dec": 12,
}  # fmt: skip

_EPOCHS = {1900: date(1899, 12, 30), 1904: date(1904, 1, 1)}
_ISO = re.compile(r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?$")
_NUMERIC = re.compile(r"^(\d{1,2})\s*[-/. ]\s*(\d{1,2})\s*[-/. ]\s*(\d{2}|\d{4})(?:\s+\d{1,2}[:.]\d{2}.*)?$")
_DAY_MONTH = re.compile(r"^(\d{1,2})(?:st|nd|rd|th)?[\s\-/.]*([a-z]+)\.?[\s\-/.,]*(\d{4}|\d{2})$")
_MONTH_DAY = re.compile(r"^([a-z]+)\.?\s*(\d{1,2})(?:st|nd|rd|th)?[\s,]+(\d{4})$")
_WEEKDAY_FIRST = re.compile(
    r"^(?:senin|selasa|rabu|kamis|jum'?at|sabtu|minggu|ahad|"
    r"mon|tues?|wed(?:nes)?|thur?s?|fri|satur|sat|sun)(?:day)?\.?,?\s+"
)


def parse_date(value: object, *, epoch: int = 1900) -> date | None:
    """A date from a date cell, a serial number or a text; days come before months."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, bool):
        raise BadValue("date_not_understood")
    if isinstance(value, int | float):
        return _date_of_number(value, epoch)
    if is_blank(value):
        return None
    text = _WEEKDAY_FIRST.sub("", clean_text(value).casefold())
    if text.isdecimal():
        return _date_of_number(int(text), epoch)
    return _date_of_text(text)


def _date_of_number(number: float, epoch: int) -> date:
    if 10_000 <= number < 80_000:  # 1927 to 2119
        return _EPOCHS[epoch] + timedelta(days=int(number))
    digits = str(int(number)) if 0 <= number < 1e9 else ""
    if len(digits) == 8 and digits[:2] in {"19", "20"}:
        return _date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    raise BadValue("date_not_understood")


def _date_of_text(text: str) -> date:
    if found := _ISO.match(text):
        return _date(int(found[1]), int(found[2]), int(found[3]))
    if found := _NUMERIC.match(text):
        first, second, year = int(found[1]), int(found[2]), _year(found[3])
        if second > 12 >= first:  # only an American date can read so
            first, second = second, first
        return _date(year, second, first)
    if (found := _DAY_MONTH.match(text)) and found[2] in MONTHS:
        return _date(_year(found[3]), MONTHS[found[2]], int(found[1]))
    if (found := _MONTH_DAY.match(text)) and found[1] in MONTHS:
        return _date(int(found[3]), MONTHS[found[1]], int(found[2]))
    raise BadValue("date_not_understood")


def _year(digits: str) -> int:
    if len(digits) == 4:
        return int(digits)
    return 2000 + int(digits) if int(digits) < 70 else 1900 + int(digits)


def _date(year: int, month: int, day: int) -> date:
    if not 1900 <= year <= 2199:
        raise BadValue("impossible_date")
    try:
        return date(year, month, day)
    except ValueError:
        raise BadValue("impossible_date") from None


def parse_place_and_date(value: object, *, epoch: int = 1900) -> tuple[str, date | None]:
    """The usual "Tebet, 30 Juli 2010"; the place may be missing."""
    if not isinstance(value, str):
        return "", parse_date(value, epoch=epoch)
    place, comma, rest = clean_text(value).rpartition(",")
    if comma and place.rpartition(" ")[2].casefold() in MONTHS:  # "Tebet, July 30, 2010"
        place, comma, rest = "", "", clean_text(value)
    if not comma:
        found = re.search(r"\d", rest)
        split = found.start() if found else len(rest)
        place, rest = rest[:split].strip(" /-"), rest[split:]
    return place.strip(), parse_date(rest, epoch=epoch)


# Words

_GENDERS: dict[str, Gender] = {
    **dict.fromkeys(
        ("l", "lk", "lki", "laki", "laki laki", "lelaki", "pria", "putra", "cowok", "male", "m", "man", "boy",
         "men", "boys", "lakilaki", "laki2"), "male"),
    **dict.fromkeys(
        ("p", "pr", "prp", "pi", "perempuan", "wanita", "putri", "cewek", "female", "f", "w", "woman", "girl",
         "women", "girls"), "female"),
}  # fmt: skip


def parse_gender(value: object) -> Gender | None:
    """L, P and their words. P is *perempuan*, in every column."""
    if is_blank(value):
        return None
    try:
        return _GENDERS[key(value)]
    except KeyError:
        raise BadValue("unknown_gender") from None


_YES = {"ya", "y", "yes", "x", "v", "1", "true", "benar", "ada", "iya", "perlu", "minta", "ok", "ja"}
_NO = {"tidak", "t", "tdk", "no", "n", "0", "false", "bukan", "belum", "tak", "tidak perlu", "salah"}


def parse_yes_no(value: object) -> bool | None:
    if isinstance(value, bool):
        return value
    text = clean_text(value).casefold()
    if text in {"✓", "✔", "√", "☑", "✅"}:
        return True
    if is_blank(value):
        return None
    word = key(value)
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise BadValue("yes_no_not_understood")


def parse_int(value: object) -> int | None:
    """A whole number, also typed as text or with one unit behind it ("12 orang", "maks. 12")."""
    if is_blank(value):
        return None
    if isinstance(value, bool):
        raise BadValue("number_not_understood")
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        if not value.is_integer():
            raise BadValue("number_not_understood")
        return int(value)
    found = re.fullmatch(r"(?:[a-z]+\.?\s*)?(-?\d{1,9})(?:[.,]0+)?(?:\s*[a-z]+\.?)?", clean_text(value).casefold())
    if not found:
        raise BadValue("number_not_understood")
    return int(found[1])


_SAME = {
    "sesuai kebutuhan", "menyesuaikan", "fleksibel", "campur", "campuran", "mixed", "mix", "same", "l p", "lp", "p l",
    "any", "semua", "bebas", "as needed", "flexible", "one gender per night", "either", "putra putri", "kondisional",
    "laki laki perempuan", "sesuai keperluan", "m f", "f m",
}  # fmt: skip


def parse_room_policy(value: object) -> RoomPolicy | None:
    """Who may live in a room. What is not for one gender is for one gender *on any night*."""
    if is_blank(value):
        return None
    word = key(value)
    if word in _SAME:
        return "same"
    for prefix in ("kamar ", "khusus ", "asrama ", "wisma "):
        word = word.removeprefix(prefix)
    if word in _GENDERS:
        return _GENDERS[word]
    raise BadValue("room_policy_not_understood")


_SCOPES = {
    "kamar": "room", "asrama": "room", "room": "room", "rooms": "room", "bedroom": "room", "tidur": "room",
    "kelas": "class", "class": "class", "classes": "class", "keterampilan": "class", "pelatihan": "class",
}  # fmt: skip
_SCOPE_FILLER = {"dan", "and", "serta", "satu", "sama", "the", "same", "saja", "only", "vokasional"}
_BOTH = ("semua", "all", "semuanya", "everything", "everywhere", "keduanya", "both")
SCOPES = ("room", "class")


def parse_scopes(value: object) -> tuple[str, ...] | None:
    """Where a pair is kept apart: "kamar dan kelas"."""
    if is_blank(value):
        return None
    words = [word for word in key(value).split() if word not in _SCOPE_FILLER]
    if len(words) == 1 and words[0] in _BOTH:
        return SCOPES
    if not words or any(word not in _SCOPES for word in words):
        raise BadValue("scope_not_understood")
    found = {_SCOPES[word] for word in words}
    return tuple(scope for scope in SCOPES if scope in found)
