"""Everything a person reads is in the Indonesian catalogue, whole and up to date."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
KEYWORDS = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "_l": None,
    "lazy_gettext": None,
    "lazy_ngettext": (1, 2),
    "lazy_pgettext": ((1, "c"), 2),
}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w*)\}")


def _texts() -> set[tuple[str | None, str]]:
    methods, options = parse_mapping_cfg(io.StringIO((ROOT / "babel.cfg").read_text()))
    found = set()
    for folder in ("foyer", "templates"):
        for _file, _line, message, _comments, context in extract_from_dir(
            ROOT / folder,
            [(pattern.removeprefix(folder + "/"), method) for pattern, method in methods if pattern.startswith(folder)],
            {pattern.removeprefix(folder + "/"): value for pattern, value in options.items()},
            KEYWORDS,
        ):
            found.add((context, message[0] if isinstance(message, tuple) else message))
    return found


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    with (ROOT / "foyer/translations/id/LC_MESSAGES/messages.po").open("rb") as file:
        return read_po(file)


def _translations(message: Message) -> tuple[str, ...]:
    return message.string if isinstance(message.string, tuple) else (message.string,)


def _names(text: str) -> set[str]:
    return {first or second for first, second in PLACEHOLDER.findall(text)}


def test_every_text_in_code_and_templates_is_in_the_catalogue(catalogue: Catalog) -> None:
    known = {(m.context, m.id[0] if isinstance(m.id, tuple) else m.id) for m in catalogue if m.id}
    assert sorted(text for _context, text in _texts() - known) == []


def test_every_text_has_an_indonesian_sentence(catalogue: Catalog) -> None:
    missing = [m.id for m in catalogue if m.id and not all(_translations(m))]
    assert missing == []
    assert [m.id for m in catalogue if m.id and m.fuzzy] == []


def test_both_languages_name_the_same_values(catalogue: Catalog) -> None:
    wrong = []
    for message in catalogue:
        if not message.id:
            continue
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        wanted = set().union(*(_names(text) for text in ids))
        wrong += [message.id for text in _translations(message) if _names(text) - wanted]
        if not isinstance(message.id, tuple):
            wrong += [message.id for text in _translations(message) if wanted - _names(text)]
    assert wrong == []


def test_indonesian_has_one_plural_form(catalogue: Catalog) -> None:
    assert catalogue.num_plurals == 1


FOR_RESIDENTS = {
    "templates/history/readers.html",
    "templates/today/resident.html",
    "templates/today/wishes.html",
    "templates/today/_wish_parts.html",
    "templates/copies/my_copy.html",
    "templates/incidents/mine.html",
    "templates/registers/mine.html",
    "templates/concerns/_to_residents.html",
    "templates/concerns/poster.html",
    "templates/voices/mine.html",
    "templates/voices/survey.html",
    "templates/own/index.html",
    "templates/own/consent.html",
    "templates/own/rights.html",
    "templates/own/object.html",
    "foyer/own/rights_views.py",
    "templates/training/own.html",
    "foyer/own/views.py",
    "foyer/today/forms.py",
    "foyer/today/wish_views.py",
    "foyer/care/own_views.py",
    "templates/care/my_plan.html",
    "templates/care/my_scores.html",
}
FOR_STAFF_TOO = {
    "templates/accounts/_advice.html",
    "templates/care/own_form.html",
    "foyer/care/forms.py",
}  # one for each
# "aku", and words that end in the short form of it; the others are words of their own.
OF_ONESELF = re.compile(
    r"\b(aku|ku(?=punya|suka)\w+|(?!(?:buku|baku|laku|kaku|saku|suku|perlu|ber\w*laku|per\w*laku|pelaku)\b)\w{2,}ku)\b",
    re.IGNORECASE,
)
AVOIDED = re.compile(r"\b(napi|narapidana|tahanan|pmks|cacat|nakal|membolos|musuh)\b", re.IGNORECASE)


def test_residents_are_spoken_to_as_kamu_and_staff_as_anda(catalogue: Catalog) -> None:
    wrong = []
    for message in catalogue:
        places = {place for place, _line in message.locations}
        words = " ".join(_translations(message)) if message.id else ""
        if places <= FOR_RESIDENTS and re.search(r"\bAnda\b", words):
            wrong.append(message.id)
        if not places & (FOR_RESIDENTS | FOR_STAFF_TOO) and re.search(r"\bkamu\b", words, re.IGNORECASE):
            wrong.append(message.id)
    assert wrong == []


def test_residents_say_saya_of_themselves_and_never_the_short_form(catalogue: Catalog) -> None:
    """What a resident says on an own page is "saya": one voice, in buttons, headings and answers."""
    said = [text for message in catalogue if message.id for text in _translations(message)]
    assert [text for text in said if OF_ONESELF.search(text)] == []


def test_no_indonesian_sentence_blames_or_uses_a_straight_quotation_mark(catalogue: Catalog) -> None:
    texts = [text for message in catalogue if message.id for text in _translations(message)]
    assert [text for text in texts if AVOIDED.search(text) or '"' in text] == []
