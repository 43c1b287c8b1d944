"""How far a heading and a known phrase mean the same, and what a column's values look like."""

from __future__ import annotations

import difflib
import statistics
from collections.abc import Callable, Sequence
from datetime import date
from functools import lru_cache

from foyer.workbooks.levels import parse_level
from foyer.workbooks.text import clean_text, key
from foyer.workbooks.values import (
    BadValue,
    parse_date,
    parse_gender,
    parse_int,
    parse_place_and_date,
    parse_room_policy,
    parse_scopes,
)
from foyer.workbooks.vocabulary import RANKS, Meaning
from foyer.workbooks.weektimes import parse_days, parse_time, parse_time_range, parse_when

SURE = 0.72  # a heading that scores this is taken at its word
MAYBE = 0.5  # below this not even suggested

_RANK_FILLER = {"ke", "no", "nomor", "the"}
_SHORT = 4


@lru_cache(maxsize=20_000)
def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


@lru_cache(maxsize=200_000)
def likeness(heading: str, phrase: str) -> float:
    """1 for the same words, less for words left over, 0 for nothing in common. Both are keys."""
    if heading == phrase:
        return 1.0
    theirs, ours = _words(heading), _words(phrase)
    if not theirs or not ours:
        return 0.0
    if ours == theirs:
        return 0.97
    if ours <= theirs:
        left_over = len(theirs) - len(ours)
        base = 0.9 if len(ours) > 1 else 0.8 if len(phrase) >= _SHORT else 0.62
        return max(0.0, base - 0.06 * left_over)
    if min(len(heading), len(phrase)) < _SHORT or abs(len(heading) - len(phrase)) > 3 or heading[0] != phrase[0]:
        return 0.0
    ratio = difflib.SequenceMatcher(None, heading, phrase).ratio()
    return 0.95 * ratio if ratio >= 0.82 else 0.0


def split_rank(heading: str) -> tuple[str, int | None]:
    """ "pilihan 2" and "second choice" are the second of "pilihan" and "choice"."""
    words = [word for word in heading.split() if word not in _RANK_FILLER]
    for index in (-1, 0):
        if len(words) > 1 and words[index] in RANKS:
            rank = RANKS[words.pop(index)]
            return " ".join(words), rank
    return heading, None


@lru_cache(maxsize=2_000)
def _phrases(meaning: Meaning) -> tuple[str, ...]:
    return tuple(key(phrase) for phrase in meaning.phrases)


@lru_cache(maxsize=200_000)
def heading_score(heading: str, meaning: Meaning) -> float:
    """The best likeness of a heading's key to any phrase of the meaning."""
    if meaning.ranked:
        heading, _rank = split_rank(heading)
    return max((likeness(heading, phrase) for phrase in _phrases(meaning)), default=0.0)


# Contents

_TODAY_YEAR = 2027  # only to tell birth dates from other dates, decades apart


def _share(values: Sequence[object], read: Callable[[object], object]) -> float:
    good = 0
    for value in values:
        try:
            good += read(value) is not None
        except (BadValue, ValueError):
            continue
    return good / len(values)


def _is_nik(value: object) -> bool | None:
    text = clean_text(value).replace(" ", "")
    return True if text.isdecimal() and 14 <= len(text) <= 18 else None


def _is_name(value: object) -> bool | None:
    words = key(value).split()
    return True if isinstance(value, str) and 1 <= len(words) <= 7 and not any(map(str.isdecimal, value)) else None


def _small_number(most: int) -> Callable[[object], object]:
    def read(value: object) -> bool | None:
        number = parse_int(value)
        return True if number is not None and 0 <= number <= most else None

    return read


def _date_years(values: Sequence[object]) -> list[int]:
    years = []
    for value in values:
        try:
            found = parse_date(value)
        except BadValue:
            continue
        if isinstance(found, date):
            years.append(found.year)
    return years


def _birth_dates(values: Sequence[object]) -> float:
    years = _date_years(values)
    if not years or not 8 <= _TODAY_YEAR - statistics.median(years) <= 40:
        return 0.0
    return len(years) / len(values)


_READERS: dict[str, Callable[[object], object]] = {
    "number": _small_number(100_000),
    "name": _is_name,
    "nik": _is_nik,
    "gender": parse_gender,
    "date": parse_date,
    "place_and_date": lambda value: parse_place_and_date(value)[1],
    "level": lambda value: parse_level(clean_text(value).split(",")[0]),
    "stage": _small_number(4),
    "count": _small_number(500),
    "when": parse_when,
    "policy": parse_room_policy,
    "scope": parse_scopes,
    "day": parse_days,
    "time": parse_time,
    "span": parse_time_range,
}


def contents_share(values: Sequence[object], reads: str) -> float | None:
    """The share of the values that read as this; None where there is nothing to judge by."""
    if not values or reads not in {*_READERS, "birth_date"}:
        return None
    sample = values[:200]
    if reads == "birth_date":
        return _birth_dates(sample)
    return _share(sample, _READERS[reads])
