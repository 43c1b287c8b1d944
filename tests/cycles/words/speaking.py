"""The village of the engine's tests with names of its own, and reading a sentence in both languages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from flask_babel import force_locale

from foyer.cycles.words.names import HouseNames
from foyer.scheduling.problem import Problem
from tests.components.house import make_app

Words = TypeVar("Words")
APP = make_app()
RESIDENTS = {"ann": "Ani", "bea": "Bela", "cal": "Candra", "dan": "Danu", "eli": "Eko", "fay": "Fitri"}
GROUPS = {
    "g-wood": "KAYU-1",
    "g-sew": "JAHIT-1",
    "g-maths": "PAKET-C",
    "g-metal": "LOGAM-1",
    "e-chess": "CATUR",
    "e-choir": "PADUS",
    "g-ball": "BOLA",
    "g-choir": "PADUS",
    "g-chess": "CATUR",
    "g-new": "BARU",
}
ROOMS = {"F": "A1", "M": "B1", "S": "C1", "T": "D1", "N": "E1", "G": "F1"}
STAFF = {
    "kim": "Bu Kartika",
    "lou": "Pak Lukman",
    "ivo": "Pak Ivo",
    "sue": "Bu Susi",
    "tom": "Pak Tomi",
    "uma": "Bu Uma",
}
VENUES = {"hall": "Bengkel", "loft": "Ruang Jahit", "shed": "Gudang"}
SUBJECTS = {
    "wood": "Perkayuan",
    "sewing": "Menjahit",
    "metal": "Logam",
    "maths": "Paket C",
    "chess": "Catur",
    "choir": "Padus",
}
NAMES = {**RESIDENTS, **GROUPS, **STAFF, **VENUES}
NEEDS = ("class", "education", "elective", "counsellor", "room", "appointment", "times")  # codes within an answer
SAME = {"", *NEEDS, *SUBJECTS.values(), *NAMES.values(), *ROOMS.values()}
IDS = re.compile(r"\b(?:ann|bea|cal|eli|fay|kim|lou|ivo|sue|tom|hall|loft|d[01][abce]|[ge]-\w+)\b|[a-z]_[a-z]|%\(|None")


def _proofread() -> dict[str, str]:
    """Each English sentence with the Indonesian one below it, as the file has them; "#" begins a heading."""
    text = Path(__file__).with_name("indonesian.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    pairs = dict(zip(lines[::2], lines[1::2], strict=True))
    assert len(pairs) == len(lines) // 2, "a sentence is there twice"
    return pairs


INDONESIAN = _proofread()


def names_for(problem: Problem) -> HouseNames:
    """The village's names. Night 0 is Monday, 4 January 2027."""
    return HouseNames(
        date(2027, 1, 4), RESIDENTS, GROUPS, ROOMS, STAFF, VENUES, SUBJECTS, {p.id: p for p in problem.periods}
    )


def both(words: Callable[[], str]) -> tuple[str, str]:
    """What ``words`` says in English and in Indonesian: sentences in form, and the Indonesian one to the letter as it
    was proofread (``indonesian.txt``)."""
    english, indonesian = in_two_languages(words)
    assert indonesian == INDONESIAN[english]
    return english, indonesian


def in_two_languages(words: Callable[[], str]) -> tuple[str, str]:
    """What ``words`` says in English and in Indonesian: whole sentences, not the same, with the same names and figures,
    and without a code or an id."""
    english, indonesian = each(words)
    for text in (english, indonesian):
        assert IDS.search(text) is None, text
        assert text[0] == text[0].upper(), text
        assert text[-1] in ".)", text
    assert english != indonesian
    assert not _figures(english) - _figures(indonesian), (english, indonesian)
    for name in set(NAMES.values()) | set(ROOMS.values()):
        assert (name in english) == (name in indonesian), (english, indonesian)
    return english, indonesian


def each(words: Callable[[], Words]) -> tuple[Words, Words]:
    """The same in English and in Indonesian."""
    said = []
    for locale in ("en", "id"):
        with APP.test_request_context("/"), force_locale(locale):
            said.append(words())
    return said[0], said[1]


def spoken(words: Callable[[], Words]) -> Words:
    """A whole answer in English; every text in it is in Indonesian as it was proofread."""
    english, indonesian = each(words)
    for here, there in zip(texts_of(english), texts_of(indonesian), strict=True):
        assert there == (here if here in SAME else INDONESIAN[here])
    return english


def texts_of(answer: Any) -> Iterator[str]:
    """Every text of an answer made of dataclasses and tuples."""
    if isinstance(answer, str):
        yield answer
    elif isinstance(answer, tuple):
        for part in answer:
            yield from texts_of(part)
    elif is_dataclass(answer):
        for part in fields(answer):
            yield from texts_of(getattr(answer, part.name))


def _figures(text: str) -> Counter[str]:
    return Counter(re.findall(r"\d+", text))


def names_in(text: str) -> set[str]:
    """The residents who are named."""
    return {name for name in RESIDENTS.values() if re.search(rf"\b{name}\b", text)}
