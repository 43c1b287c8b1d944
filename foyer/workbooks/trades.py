"""Which trade of the house a typed choice means: "Oto", "servis hp", "Kompt.", "Pendingin", "Salon"."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from foyer.workbooks.text import clean_text, key

_SAME_TRADE = (
    ("otomotif", "oto", "sepeda motor", "motor", "automotive", "mekanik", "motorcycle", "mobil", "montir", "tsm"),
    ("las", "pengelasan", "mengelas", "ngelas", "welding", "welder"),
    ("ac", "pendingin", "refrigerasi", "hvac", "air conditioning", "cooling", "tata udara", "kulkas"),
    ("hp", "handphone", "ponsel", "telepon seluler", "seluler", "telepon", "phone", "phone repair", "mobile phone"),
    ("dressmaking", "jahit", "menjahit", "busana", "tata busana", "fashion", "sewing", "tailoring", "garmen"),
    ("boga", "tata boga", "memasak", "masak", "kuliner", "cookery", "cooking", "culinary", "catering", "katering"),
    ("salon", "rias", "tata rias", "kecantikan", "beauty", "hairdressing", "hair", "rambut", "cosmetology"),
    ("komputer", "computer", "computing", "tik", "it", "desain", "desain grafis", "graphic design", "digital"),
    ("mebel", "meubel", "mebeler", "kayu", "furnitur", "furniture", "carpentry", "woodwork", "pertukangan", "joinery"),
    ("sablon", "screen printing"), ("bordir", "embroidery"), ("musik", "music", "band"), ("barista", "kopi", "coffee"),
    ("pijat", "refleksi", "pijat refleksi", "reflexology", "massage"), ("elektronika", "electronics", "elektro"),
    ("listrik", "instalasi listrik", "electrical"), ("pertanian", "tani", "agriculture", "farming", "hidroponik"),
    ("peternakan", "ternak", "livestock"), ("perikanan", "fishery", "lele"), ("pangkas", "cukur", "barber"),
    ("batik", "membatik"), ("kerajinan", "handicraft", "crafts"), ("bangunan", "construction", "masonry", "batu"),
)  # fmt: skip
_GENERIC = {
    "dan", "and", "teknik", "tata", "servis", "service", "services", "kelas", "class", "keterampilan", "kursus",
    "bidang", "jurusan", "pelatihan", "training", "repair", "reparasi", "perbaikan", "the", "of", "seni", "kejuruan",
    "program", "dasar", "basic", "lanjutan",
}  # fmt: skip
_CLOSE, _MARGIN = 0.84, 0.08


@dataclass(frozen=True, slots=True)
class TradeName:
    """A trade of the house: its name and other texts that certainly mean it (codes of its classes)."""

    name: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """The trade meant, or nothing with the trades it might be."""

    name: str | None
    candidates: tuple[str, ...] = ()


def _tokens(text: str) -> frozenset[str]:
    words = key(text).split()
    telling = [word for word in words if word not in _GENERIC]
    return frozenset(telling or words)


def _concepts(text: str) -> frozenset[int]:
    words = f" {key(text)} "
    return frozenset(
        index for index, phrases in enumerate(_SAME_TRADE) if any(f" {phrase} " in words for phrase in phrases)
    )


@dataclass
class Catalogue:
    """The house's trades, with everything needed to match against them worked out once."""

    trades: tuple[TradeName, ...]
    _memory: dict[str, Match] = field(default_factory=dict, repr=False)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(trade.name for trade in self.trades)

    def match(self, value: object) -> Match:
        """Try the surest way first; stop at the first way that finds exactly one, or that finds several."""
        text = key(value)
        if text not in self._memory:
            self._memory[text] = self._match(clean_text(value)) if text else Match(None)
        return self._memory[text]

    def _match(self, value: str) -> Match:
        for way in (self._exact, self._by_words, self._by_concept, self._by_abbreviation, self._by_likeness):
            found = tuple(dict.fromkeys(way(value)))
            if len(found) == 1:
                return Match(found[0])
            if found:
                return Match(None, found)
        return Match(None)

    def _exact(self, value: str) -> Iterable[str]:
        text = key(value)
        for trade in self.trades:
            if text == key(trade.name) or text in {key(alias) for alias in trade.aliases}:
                yield trade.name

    def _by_words(self, value: str) -> Iterable[str]:
        words = _tokens(value)
        for trade in self.trades:
            if words and words <= _tokens(trade.name):
                yield trade.name

    def _by_concept(self, value: str) -> Iterable[str]:
        meant = _concepts(value)
        for trade in self.trades:
            if meant & _concepts(trade.name):
                yield trade.name

    def _by_abbreviation(self, value: str) -> Iterable[str]:
        words = _tokens(value)
        for trade in self.trades:
            names = _tokens(trade.name)
            if words and all(any(_shortens(word, name) for name in names) for word in words):
                yield trade.name

    def _by_likeness(self, value: str) -> Iterable[str]:
        text = key(value)
        scored = sorted(((_likeness(text, trade.name), trade.name) for trade in self.trades), reverse=True)
        best = scored[0][0] if scored else 0.0
        if best >= _CLOSE:
            yield from (name for score, name in scored if score >= best - _MARGIN and score >= _CLOSE - _MARGIN)


def _shortens(short: str, name: str) -> bool:
    """ "kompt" for "komputer": the same first letters, and the rest in the same order."""
    if len(short) < 3 or len(short) >= len(name) or not name.startswith(short[:3]):
        return False
    rest = iter(name)
    return all(letter in rest for letter in short)


def _likeness(text: str, name: str) -> float:
    def ratio(other: str) -> float:
        return difflib.SequenceMatcher(None, text, other).ratio()

    words = [word for word in _tokens(name) if len(word) > 3]
    known = [
        phrase for index in _concepts(name) for phrase in _SAME_TRADE[index] if len(phrase) > 4 and " " not in phrase
    ]
    return max([ratio(key(name)), *map(ratio, words), *map(ratio, known)])


def split_trades(value: object) -> list[str]:
    """Several trades in one cell: "Las, AC"; a slash inside a trade's own name is left to the catalogue."""
    return [piece.strip() for piece in re.split(r"[,;\n]", clean_text(value)) if piece.strip()]
