"""Words of the field that Indonesian houses use differently: what each may choose, in both languages.

The catalogue says every sentence in one set of words; a house that says otherwise reads its own in their place
(``foyer.wording``). A choice of an Indonesian word brings the English one along where English, too, says it otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Choice:
    """What a house says. ``english``: singular and plural; None: as the catalogue."""

    indonesian: str = ""
    english: tuple[str, str] | None = None

    @property
    def label(self) -> str:
        """The words themselves, for the page on which they are chosen."""
        both = [word for word in (self.indonesian, self.english[0] if self.english else "") if word]
        return " · ".join(both).capitalize()


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the catalogue (``indonesian``: all its forms there, longest first; ``english``: singular and plural)
    and what a house may say instead. The first choice is the catalogue's own."""

    indonesian: tuple[str, ...]
    english: tuple[str, str] | None
    choices: Mapping[str, Choice]

    @property
    def usual(self) -> str:
        return next(iter(self.choices))


TERMS: dict[str, Term] = {
    "resident_word": Term(
        ("warga binaan",),
        None,
        {
            "warga_binaan": Choice("warga binaan"),
            "penerima_manfaat": Choice("penerima manfaat"),
            "penghuni": Choice("penghuni"),
        },
    ),
    "english_resident_word": Term(
        (),
        ("resident", "residents"),
        {
            "resident": Choice(english=("resident", "residents")),
            "client": Choice(english=("client", "clients")),
            "young_person": Choice(english=("young person", "young people")),
        },
    ),
    "counsellor_word": Term(
        ("pekerja sosial", "peksos"),
        ("counsellor", "counsellors"),
        {
            "pekerja_sosial": Choice("pekerja sosial", ("counsellor", "counsellors")),
            "konselor": Choice("konselor", ("counsellor", "counsellors")),
            "pembimbing": Choice("pembimbing", ("mentor", "mentors")),
            "pendamping": Choice("pendamping", ("key worker", "key workers")),
        },
    ),
    "instructor_word": Term(
        ("instruktur",),
        ("instructor", "instructors"),
        {
            "instruktur": Choice("instruktur", ("instructor", "instructors")),
            "pelatih": Choice("pelatih", ("trainer", "trainers")),
        },
    ),
    "cycle_word": Term(
        ("siklus",),
        ("cycle", "cycles"),
        {
            "siklus": Choice("siklus", ("cycle", "cycles")),
            "angkatan": Choice("angkatan", ("cohort", "cohorts")),
            "periode": Choice("periode", ("period", "periods")),
        },
    ),
    "wing_word": Term(
        ("wisma",),
        ("wing", "wings"),
        {"wisma": Choice("wisma", ("wing", "wings")), "asrama": Choice("asrama", ("dormitory", "dormitories"))},
    ),
    "house_word": Term(
        ("panti",), None, {"panti": Choice("panti"), "balai": Choice("balai"), "sentra": Choice("sentra")}
    ),
}
