"""The village of the engine's tests with names of its own, and reading a sentence in both languages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from datetime import date

from flask_babel import force_locale

from foyer.cycles.words.names import HouseNames
from foyer.scheduling.problem import Problem
from tests.components.house import make_app

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
IDS = re.compile(r"\b(?:ann|bea|cal|eli|fay|kim|lou|ivo|sue|tom|hall|loft|d[01][abce]|[ge]-\w+)\b|[a-z]_[a-z]|%\(|None")


def names_for(problem: Problem) -> HouseNames:
    """The village's names. Night 0 is Monday, 4 January 2027."""
    return HouseNames(
        date(2027, 1, 4), RESIDENTS, GROUPS, ROOMS, STAFF, VENUES, SUBJECTS, {p.id: p for p in problem.periods}
    )


def both(words: Callable[[], str]) -> tuple[str, str]:
    """What ``words`` says in English and in Indonesian: whole sentences, not the same, with the same names and figures,
    and without a code or an id."""
    said = []
    for locale in ("en", "id"):
        with APP.test_request_context("/"), force_locale(locale):
            said.append(words())
    english, indonesian = said
    for text in said:
        assert IDS.search(text) is None, text
        assert text[0] == text[0].upper(), text
        assert text[-1] in ".)", text
    assert english != indonesian
    assert not _figures(english) - _figures(indonesian), said
    for name in set(NAMES.values()) | set(ROOMS.values()):
        assert (name in english) == (name in indonesian), said
    return english, indonesian


def _figures(text: str) -> Counter[str]:
    return Counter(re.findall(r"\d+", text))


def names_in(text: str) -> set[str]:
    """The residents who are named."""
    return {name for name in RESIDENTS.values() if re.search(rf"\b{name}\b", text)}
