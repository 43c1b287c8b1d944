"""The house's own words, in every sentence.

The catalogue says *warga binaan*, *pekerja sosial*, *siklus*. For a house that says *penerima manfaat*, *konselor* or
*angkatan*, the sentences are read with those words instead (``foyer.residences.terms``); names and figures are filled
in afterwards and stay untouched. Indonesian does not inflect: whole words are replaced, with what hangs on them
(*pekerja sosialmu*, *sewisma*). In English a word brings its plural, its possessive and its article along.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache, lru_cache
from typing import Any

from flask import Flask, g, request
from flask_babel import Domain, get_babel, get_domain, get_locale

from foyer.residences.models import Residence, ResidentWord
from foyer.residences.terms import TERMS, Choice, Term
from foyer.shell import house_words_chosen

# Names that are filled in, marks of a template, tags and addresses are no words.
_KEPT = r"%\(\w+\)[a-z]|%%|<[^>]+>|\{[^{}]*\}|https?://\S+"
_ANSWERS = {choice.label for choice in TERMS["resident_word"].choices.values()}  # of the setting: they name the words


def house_words(word: ResidentWord) -> str:
    """What a house calls its residents, in Indonesian."""
    return TERMS["resident_word"].choices[word.value].indonesian


def reword(text: str, language: str, chosen: Mapping[str, str]) -> str:
    """A sentence of the catalogue, not yet filled in, with a house's words: ``chosen`` by term; what is not named stays
    as it is."""
    for name, key in chosen.items():
        term = TERMS[name]
        if key != term.usual:
            rule = _rule(name, key, language)
            text = rule(text) if rule else text
    return text


@cache
def _rule(name: str, key: str, language: str) -> Callable[[str], str] | None:
    term, choice = TERMS[name], TERMS[name].choices[key]
    if language == "id":
        return _indonesian(term, choice) if term.indonesian else None
    return _english(term.english, choice.english) if term.english and choice.english else None


def _indonesian(term: Term, choice: Choice) -> Callable[[str], str]:
    forms = "|".join(re.escape(form) for form in term.indonesian)
    # "pekerja sosial pendamping" is a "pendamping", not one twice
    word = rf"(?<!\w)(?P<front>se|antar)?(?P<word>{forms})(?: {choice.indonesian})?(?=(?:nya|mu|ku|lah|kah|pun)?(?!\w))"
    pattern = re.compile(rf"{_KEPT}|{word}", re.IGNORECASE)

    def put(found: re.Match[str]) -> str:
        if not found["word"]:
            return found[0]
        front = found["front"] or ""
        return front + _as_written(found["word"], choice.indonesian)

    return lambda text: pattern.sub(put, text)


def _english(usual: tuple[str, str], own: tuple[str, str]) -> Callable[[str], str]:
    (one, many), (own_one, own_many) = usual, own
    word = rf"(?:(?<!\w)(?P<article>an?)(?P<space>\s+))?(?<!\w)(?P<word>{many}|{one})(?!\w)(?P<owner>['’](?!\w))?"
    pattern = re.compile(rf"{_KEPT}|{word}", re.IGNORECASE)

    def put(found: re.Match[str]) -> str:
        if not found["word"]:
            return found[0]
        new = own_many if found["word"].lower() == many else own_one
        owner = found["owner"] or ""
        owner += "s" if owner and not new.endswith("s") else ""
        article = found["article"] or ""
        if article:
            article = _as_written(article, "an" if new[0] in "aeiou" else "a") + found["space"]
        return article + _as_written(found["word"], new) + owner

    return lambda text: pattern.sub(put, text)


def _as_written(old: str, new: str) -> str:
    """With a capital where the old word had one."""
    return new[0].upper() + new[1:] if old[0].isupper() else new


class HouseDomain(Domain):
    """The catalogues, with one house's words."""

    def __init__(self, chosen: Mapping[str, str]) -> None:
        super().__init__()
        self.chosen = dict(chosen)

    def get_translations(self) -> Any:
        translations = super().get_translations()  # one copy for each domain and language
        if not getattr(translations, "is_reworded", False):
            language = str(get_locale() or "")[:2]
            texts: dict[Any, Any] = getattr(translations, "_catalog", {})
            texts.update({key: self._reword(key, text, language) for key, text in list(texts.items())})
            if language != "id":
                self._reword_answers(translations, language)
            translations.is_reworded = True
        return translations

    def _reword(self, key: Any, text: Any, language: str) -> Any:
        return reword(text, language, self.chosen) if isinstance(text, str) and key not in _ANSWERS else text

    def _reword_answers(self, translations: Any, language: str) -> None:
        """English has no catalogue, its sentences are those of the code: reword what is answered."""

        @lru_cache(maxsize=8192)
        def own(text: str) -> str:
            return reword(text, language, self.chosen)

        def reworded(answer: Callable[..., str]) -> Callable[..., str]:
            return lambda *asked: own(answer(*asked))

        for name in ("ugettext", "ungettext", "upgettext", "unpgettext"):
            setattr(translations, name, reworded(getattr(translations, name)))


def words_here() -> dict[str, str]:
    """By term, what sentences are read with at present; what the catalogue says itself is left out."""
    domain = get_domain()
    return dict(domain.chosen) if isinstance(domain, HouseDomain) else {}


def reword_here(text: str, language: str | None = None) -> str:
    """A text of ours that stands in no catalogue (the guide, the built-in documents), with the words with which
    sentences are read at present. ``language``: the text's; None: the reader's."""
    return reword(text, language or str(get_locale() or "")[:2], words_here())


@contextmanager
def words_of(residence: Residence) -> Iterator[None]:
    """Inside, sentences are read with this house's words: for whoever has signed in to none, as a phone's calendar."""
    before = get_domain()
    _domain_of({**residence.words, "resident_word": residence.resident_word.value}).as_default()
    try:
        yield
    finally:
        before.as_default()


def init_wording(app: Flask) -> None:
    """After the request has entered its house, so register it behind ``init_access``."""

    def use_words() -> None:
        if request.endpoint != "static" and g.get("residence_id") is not None:
            _domain_of(house_words_chosen()).as_default()

    app.before_request(use_words)


def _domain_of(chosen: Mapping[str, str]) -> Domain:
    own = {name: key for name, key in chosen.items() if key in _others(name)}
    usual: Domain = get_babel().instance.domain_instance
    return _kept_domain(tuple(sorted(own.items()))) if own else usual


@lru_cache(maxsize=32)  # of so many houses with words of their own the catalogues are kept
def _kept_domain(chosen: tuple[tuple[str, str], ...]) -> HouseDomain:
    return HouseDomain(dict(chosen))


@cache
def _others(name: str) -> frozenset[str]:
    """What a house may say otherwise than the catalogue; nothing for a term that is gone."""
    term = TERMS.get(name)
    return frozenset(key for key in term.choices if key != term.usual) if term else frozenset()
