"""The moves of a repair, put together for reading: resident by resident, then the classes' meetings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from foyer.cycles.words.changes import GROUPS, ChangeWords, change_lines
from foyer.cycles.words.names import HouseNames
from foyer.names import name_key
from foyer.scheduling.plan import Change


@dataclass(frozen=True, slots=True)
class Mover:
    """Somebody, or a class, with all that changes for them."""

    who: str
    lines: tuple[ChangeWords, ...]


@dataclass(frozen=True, slots=True)
class GroupedMoves:
    """``people`` move from something to something else, ``new`` only get what they did not have, ``beds`` change the
    bed within their room; ``classes`` meet otherwise."""

    people: tuple[Mover, ...]
    new: tuple[Mover, ...]
    beds: tuple[Mover, ...]
    classes: tuple[Mover, ...]


def grouped_moves(changes: Iterable[Change], names: HouseNames) -> GroupedMoves:
    """Every change once, people and classes by name."""
    classes: list[Change] = []
    own: list[Change] = []
    beds: list[Change] = []
    for change in changes:
        (classes if change.kind in GROUPS else beds if change.kind == "bed" else own).append(change)
    moved = {change.who for change in own if change.before is not None}
    return GroupedMoves(
        people=_movers([change for change in own if change.who in moved], names),
        new=_movers([change for change in own if change.who not in moved], names),
        beds=_movers(beds, names),
        classes=_movers(classes, names),
    )


def _movers(changes: Iterable[Change], names: HouseNames) -> tuple[Mover, ...]:
    by: dict[str, list[Change]] = {}
    for change in changes:
        by.setdefault(change.who, []).append(change)
    found = []
    for rows in by.values():
        lines = change_lines(rows, names)
        found.append(Mover(lines[0].who, lines))
    return tuple(sorted(found, key=lambda mover: name_key(mover.who)))
