"""Folding of names, so that "EJA NOVITASARI " and "Eja Novitasari" are the same."""

from __future__ import annotations

import re
import unicodedata


def name_key(name: str) -> str:
    """The folded form by which names are matched: no accents, case, punctuation or doubled spaces."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    return " ".join(re.sub(r"[^a-z0-9]+", " ", plain).split())
