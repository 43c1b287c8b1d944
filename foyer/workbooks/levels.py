"""Levels of education as houses write them, as the codes of the resident's file: what was last attended or finished.

Somebody who left the junior high school in its second year has finished primary school: ``sd``.
"""

from __future__ import annotations

import re

from foyer.workbooks.text import clean_text, key
from foyer.workbooks.values import BadValue, is_blank

LEVELS = ("sd_unfinished", "sd", "smp", "sma_10", "sma_11", "smk", "sma")  # in their order

_SCHOOLS = (
    (("smk", "stm", "smea", "mak", "vocational high school", "vocational school"), "smk"),
    (("sma", "smu", "slta", "ma", "aliyah", "senior high school", "senior high", "high school", "paket c"), "sma"),
    (("smp", "sltp", "mts", "tsanawiyah", "junior high school", "junior high", "middle school", "paket b"), "smp"),
    (("sd", "mi", "ibtidaiyah", "primary school", "elementary school", "primary", "elementary", "paket a"), "sd"),
)
_NONE = {"tidak sekolah", "belum sekolah", "tidak pernah sekolah", "no school", "never", "buta huruf", "tk", "paud"}
_HIGHER = {"d1", "d2", "d3", "d4", "s1", "diploma", "sarjana", "kuliah", "university", "college"}
_UNFINISHED = ("tidak tamat", "tdk tamat", "tidak lulus", "belum tamat", "belum lulus", "putus", "not finished",
               "unfinished", "incomplete", "dropped out", "drop out", "do", "dropout")  # fmt: skip
_FINISHED = {"tamat", "lulus", "finished", "graduated", "graduate", "completed", "complete", "sederajat", "tamatan",
             "lulusan"}  # fmt: skip
_BEFORE_SCHOOL = r"(?:tamat|lulus|lulusan|tamatan|putus sekolah|tidak tamat|tidak lulus) "
_YEAR_WORDS = {"kelas", "kls", "grade", "class", "year", "tahun", "ke", "k"}
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "x": 10, "xi": 11,
          "xii": 12}  # fmt: skip
_YEARS = {"sd": (1, 6), "smp": (7, 9), "sma": (10, 12), "smk": (10, 12)}
_BEFORE = {"sd": "sd_unfinished", "smp": "sd", "sma": "sma_10", "smk": "sma_10"}  # somewhere in it, not finished


def parse_level(value: object) -> str | None:
    """One level: "SMP", "SMA kelas 10", "SD tidak tamat", "grade 11"."""
    if is_blank(value):
        return None
    text = key(value)
    if text in _NONE:
        return "sd_unfinished"
    if text in _HIGHER:
        return "sma"
    for names, school in _SCHOOLS:
        for name in names:
            if found := re.match(rf"^(?P<before>{_BEFORE_SCHOOL})?{name}\b(?P<rest>.*)$", text):
                return _within(school, f"{found['before'] or ''}{found['rest']}".strip())
    if found := re.fullmatch(r"(?:kelas|grade|class|year) (\w+)", text):
        year = _year(found[1])
        school = "sd" if year <= 6 else "smp" if year <= 9 else "sma"
        if year:
            return _of_year(school, year)
    raise BadValue("level_not_understood")


def _within(school: str, rest: str) -> str:
    if any(re.search(rf"\b{word}\b", rest) for word in _UNFINISHED):
        return _BEFORE[school]
    words = [word for word in rest.split() if word not in _YEAR_WORDS]
    if all(word in _FINISHED for word in words):
        return school
    year = _year(words[0])
    first, last = _YEARS[school]
    if year and year <= last - first + 1 and school != "sd":  # "SMP kelas 2"
        year += first - 1
    if len(words) == 1 and first <= year <= last:
        return _of_year(school, year)
    raise BadValue("level_not_understood")


def _of_year(school: str, year: int) -> str:
    if school in ("sma", "smk"):
        return "sma_10" if year == 10 else "sma_11"
    return _BEFORE[school]


def _year(word: str) -> int:
    number = _ROMAN.get(word) or (int(word) if word.isdecimal() else 0)
    return number if number <= 12 else 0


def parse_levels(value: object) -> tuple[str, ...] | None:
    """A list of levels: "SMP, SMA kelas 10, SMA kelas 11"."""
    if is_blank(value):
        return None
    pieces = re.split(r"[,;/\n]|\bdan\b|\band\b|\batau\b|\bor\b|&", clean_text(value).casefold())
    found = [level for piece in pieces if (level := parse_level(piece))]
    return tuple(dict.fromkeys(found))
