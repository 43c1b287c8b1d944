"""The house's own word for its residents, in every Indonesian sentence.

The catalogue says *warga binaan*. For a house that says *penerima manfaat* or *penghuni*, the sentences are read from a
copy of the catalogue in which that word stands instead; names and figures are filled in afterwards and stay untouched.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, g, request
from flask_babel import Domain

from foyer.residences.models import ResidentWord
from foyer.shell import house_word

_WORDS = {
    ResidentWord.WARGA_BINAAN: "warga binaan",
    ResidentWord.PENERIMA_MANFAAT: "penerima manfaat",
    ResidentWord.PENGHUNI: "penghuni",
}
_USUAL = _WORDS[ResidentWord.WARGA_BINAAN]
_ANSWERS = {word.capitalize() for word in _WORDS.values()}  # of the setting itself: they name the words


def house_words(word: ResidentWord) -> str:
    """What a house calls its residents, in Indonesian."""
    return _WORDS[word]


class HouseDomain(Domain):
    """The catalogues, with one house's word for its residents."""

    def __init__(self, word: ResidentWord) -> None:
        super().__init__()
        self.word = _WORDS[word]

    def get_translations(self) -> Any:
        translations = super().get_translations()  # one copy for each domain and language
        if not getattr(translations, "is_reworded", False):
            texts: dict[Any, Any] = getattr(translations, "_catalog", {})
            texts.update({key: self._reword(key, text) for key, text in list(texts.items())})
            translations.is_reworded = True
        return translations

    def _reword(self, key: Any, text: Any) -> Any:
        if not isinstance(text, str) or key in _ANSWERS:
            return text
        return text.replace(_USUAL, self.word).replace(_USUAL.capitalize(), self.word.capitalize())


def init_wording(app: Flask) -> None:
    """After the request has entered its house, so register it behind ``init_access``."""
    domains = {word: HouseDomain(word) for word in _WORDS}

    def use_word() -> None:
        if request.endpoint == "static" or g.get("residence_id") is None:
            return
        word = house_word()
        if word is not None and word is not ResidentWord.WARGA_BINAAN:
            domains[word].as_default()

    app.before_request(use_word)
