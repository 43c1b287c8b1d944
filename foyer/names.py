"""Folding of names, so that "EJA NOVITASARI " and "Eja Novitasari" are the same."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# How Indonesian names are written in several ways and said in one, in this order: spelling before 1972 (tj, dj, oe),
# Arabic names (Achmad, Fadhil, Khairul, Syarif), letters that stand for one sound (Rizky, Fitri, Novi), silent ones.
_SOUNDS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"^tj", "c"),
        (r"^dj", "j"),
        (r"nj", "ni"),
        (r"oe", "u"),
        (r"^jus", "yus"),
        (r"^[ck]?h[ao]i(?=r)", "hai"),
        (r"(?<=.)ch|kh", "h"),
        (r"ch", "c"),
        (r"s[yjh](?=[aiueo])", "s"),
        (r"dz", "z"),
        (r"dh", "d"),
        (r"th", "t"),
        (r"gh", "g"),
        (r"bh", "b"),
        (r"ph|[fv]", "p"),
        (r"z", "s"),
        (r"q|ck", "k"),
        (r"x", "ks"),
        (r"y", "i"),
        (r"ae", "ai"),
        (r"o", "u"),
        (r"(.)\1+", r"\1"),
        (r"h(?![aiueo])", ""),
        (r"^m(u|ud|d|h|ht|hd|hmd|u?ham[ae]d|uamad|uhamat)?$", "muhamad"),
        (r"^abd$", "abdul"),
    )
)


def name_key(name: str) -> str:
    """The folded form by which names are matched: no accents, case, punctuation or doubled spaces."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    return " ".join(re.sub(r"[^a-z0-9]+", " ", plain).split())


@lru_cache(maxsize=20_000)
def sound_key(name: str) -> str:
    """How a name sounds in Indonesian, part by part: Mohammad Rizky and Muhamad Riski have the same key. For comparing
    only: it is no spelling of anything."""
    return " ".join(_sound(part) for part in name_key(name).split())


def _sound(part: str) -> str:
    for pattern, sound in _SOUNDS:
        part = pattern.sub(sound, part)
    return part
