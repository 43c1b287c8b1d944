"""The words that people read for the members of our enumerations, kept beside the package that owns them.

Members of different enumerations can be equal as strings (a girl's gender and a girls' room), so words are looked up by
the kind as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

_WORDS: dict[type[StrEnum], dict[str, Any]] = {}


def name_members(words: Mapping[StrEnum, Any]) -> None:
    """State the words of all members of one enumeration."""
    kind = type(next(iter(words)))
    _WORDS[kind] = {member.value: text for member, text in words.items()}


def words(member: Any) -> str:
    """What people read for a member; nothing for none, and a plain value as it is."""
    if member is None:
        return ""
    return str(_WORDS.get(type(member), {}).get(str(member), member))


def choices(kind: type[StrEnum], *, empty: Any = None) -> list[tuple[Any, Any]]:
    """Answers for a select; with ``empty`` a first one that stands for none."""
    answers: list[tuple[Any, Any]] = [(member, _WORDS[kind][member.value]) for member in kind]
    return answers if empty is None else [("", empty), *answers]
