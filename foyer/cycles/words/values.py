"""What sentences of obstacles have in common: their values as names."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from foyer.cycles.words.names import HouseNames

Values = Mapping[str, str | int | float]
Sentence = Callable[[Values, HouseNames, str], str]  # values, names, the kind of thing that is spoken of


def group(v: Values, n: HouseNames) -> str:
    return n.group(str(v["group"]))


def room(v: Values, n: HouseNames) -> str:
    return n.room(str(v["room"]))


def counsellor(v: Values, n: HouseNames) -> str:
    return n.counsellor(str(v["counsellor"]))


def target(v: Values, n: HouseNames, kind: str) -> str:
    return n.thing(kind, str(v["target"]))
