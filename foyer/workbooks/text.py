"""Cleaning of what people type: texts, keys to compare them by, and names."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time

from foyer.names import name_key

_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_TITLES = {
    "dr", "drg", "drs", "dra", "ir", "h", "hj", "kh", "ust", "ra", "rm", "rr", "prof", "sdr", "sdri",
    "bpk", "bapak", "ibu", "mr", "mrs", "ms", "miss", "pak", "bu",
}  # fmt: skip
_LOWER_TITLES = {"dr.", "drg."}
_DEGREES = re.compile(r",\s*(?:[SMD]\.?\s?(?:Pd|Sos|Kom|E|H|T|Ag|Si|Psi|Kes|Kep|Hum|M)\w*\.?|A\.?Md\.?\w*).*$", re.I)
_ROMAN = {"II", "III", "IV"}
_LINKS = {"bin", "binti"}


def clean_text(value: object) -> str:
    """What a cell says as one line: trimmed, single spaces, whole numbers without a decimal point."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e17:
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time(0) else value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.strftime("%H:%M")
    text = unicodedata.normalize("NFKC", str(value)).translate(_INVISIBLE)
    return " ".join(text.split())


def key(value: object) -> str:
    """A text to compare by: lower case, no accents, no punctuation, single spaces."""
    decomposed = unicodedata.normalize("NFKD", clean_text(value).casefold())
    letters = "".join(char if char.isalnum() else " " for char in decomposed if not unicodedata.combining(char))
    return " ".join(letters.split())


def proper_name(value: object) -> str:
    """A person's name as it is written: names typed in one case only become proper case, others stay."""
    name = clean_text(value)
    letters = [char for char in name if char.isalpha()]
    if not letters or not (name.isupper() or name.islower()):
        return name
    return " ".join(_proper_word(word) for word in name.split())


def _proper_word(word: str) -> str:
    if word.casefold() in _LOWER_TITLES or word.casefold() in _LINKS:
        return word.lower()
    if word.upper() in _ROMAN or (word.count(".") > 1 and len(word) <= 6):
        return word.upper()
    parts = re.split(r"([-.])", word.lower())
    return "".join(_capital(part[:1]) + part[1:] for part in parts)


def _capital(letter: str) -> str:
    """The letter as a capital; one that has none of its own (ß) stays as it is."""
    found = letter.upper()
    return found if len(found) == 1 else letter


def person_key(value: object) -> str:
    """A person's name to match by across sheets: case, spaces and punctuation do not count."""
    return name_key(clean_text(value))


def bare_person_key(value: object) -> str:
    """The same without titles and degrees, for a second try: "Yani Permadi" is "R.A. Yani Permadi"."""
    text = _DEGREES.sub("", clean_text(value))
    words = [word for word in text.split() if key(word).replace(" ", "") not in _TITLES]
    return name_key(" ".join(words)) or name_key(text)
