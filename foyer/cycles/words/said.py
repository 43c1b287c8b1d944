"""What a broken rule speaks of, in words, filled into its sentence."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from foyer.cycles.words.names import HouseNames, listed
from foyer.formatting import weekday_name


@dataclass(frozen=True, slots=True)
class Said:
    """What a rule speaks of, in words; general words for what is not said."""

    ids: dict[str, list[str]]
    when: str
    names: HouseNames

    def __getitem__(self, kind: str) -> str:
        """Attributes of sentences: ``%(resident)s`` and so on."""
        return _SLOTS[kind](self)

    def first(self, kind: str, at: int = 0) -> str:
        found = self.ids.get(kind, [])
        return found[at] if at < len(found) else ""

    def keys(self) -> Sequence[str]:
        return tuple(_SLOTS)


def _people(said: Said) -> str:
    people = said.ids.get("resident", [])
    return listed(map(said.names.resident, people)) if people else _("two residents")


def _groups(said: Said) -> str:
    groups = list(dict.fromkeys(said.ids.get("group", [])))
    return listed(map(said.names.group, groups)) if groups else _("two classes")


def _night(said: Said) -> str:
    return said.names.night(int(said.when)) if said.when.isdigit() else _("one night")


def _day(said: Said) -> str:
    return weekday_name(int(said.when)) if said.when in set("0123456") else _("one day")


def _hours(said: Said) -> str:
    return said.names.hours(said.when.split()) if said.when else _("one hour of the week")


def _subject(said: Said) -> str:
    return said.names.subject(said.when) if said.when else _("a subject")


_SLOTS: dict[str, Callable[[Said], str]] = {
    "resident": lambda s: s.names.resident(s.first("resident")),
    "people": _people,
    "group": lambda s: s.names.group(s.first("group")),
    "other": lambda s: s.names.groups.get(s.first("group", 1)) or _("another class"),
    "groups": _groups,
    "room": lambda s: s.names.room(s.first("room")),
    "counsellor": lambda s: s.names.counsellor(s.first("counsellor")),
    "instructor": lambda s: s.names.instructor(s.first("instructor")),
    "venue": lambda s: s.names.venue(s.first("venue")),
    "house": lambda s: s.first("house") or _("one wing"),
    "night": _night,
    "day": _day,
    "hours": _hours,
    "subject": _subject,
}
