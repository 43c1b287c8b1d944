"""What-ifs and verdicts in sentences. They name who would move: for managers."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from foyer.cycles.words.changes import GROUPS, ChangeWords, change_lines
from foyer.cycles.words.levels import floor_words, level_lines, more_points, moved_words, proof_words, wish_lines
from foyer.cycles.words.names import HouseNames, sentences, whole
from foyer.cycles.words.obstacles import obstacle_words
from foyer.scheduling.answers.forms import WhatIf, Wish


@dataclass(frozen=True, slots=True)
class WhatIfWords:
    """The answer in one sentence; why not, or what stood in the way before; the price; who moves; what is proven."""

    answer: str
    obstacles: tuple[str, ...]
    price: tuple[str, ...]
    wishes: tuple[str, ...]
    moves: tuple[ChangeWords, ...]
    proof: str


def wish_words(wish: Wish, names: HouseNames) -> str:
    """What is asked for."""
    return names.thing(wish.kind, wish.target)


def what_if_words(found: WhatIf, names: HouseNames) -> WhatIfWords:
    """The whole answer."""
    values = {"resident": names.resident(found.wish.resident), "target": wish_words(found.wish, names)}
    obstacles = tuple(obstacle_words(o, names, found.wish.kind) for o in found.obstacles)
    if found.outcome == "given":
        return WhatIfWords(whole(_given(found, names, values)), obstacles, (), (), (), "")
    if found.outcome == "not_found":
        return WhatIfWords(whole(_not_found(found, names, values)), obstacles, (), (), (), "")
    if found.outcome == "impossible":
        return WhatIfWords(whole(_impossible(found, names, values)), obstacles, (), (), (), floor_words(found.floor))
    return WhatIfWords(
        whole(_possible(found, names, values)),
        obstacles,
        level_lines(found.levels),
        wish_lines(found.wishes),
        change_lines(found.changes, names),
        _proof(found),
    )


def _hours(found: WhatIf, names: HouseNames) -> dict[str, str] | None:
    """Which group would meet when; None where the wish is not about a meeting."""
    if found.wish.kind != "meeting":
        return None
    group, _sep, periods = found.wish.target.partition(":")
    return {"group": names.group(group), "hours": names.hours(periods.split(","))}


def _given(found: WhatIf, names: HouseNames, values: dict[str, str]) -> str:
    if (meets := _hours(found, names)) is not None:
        return _("%(group)s meets on %(hours)s already.", **meets)
    return _("%(resident)s has %(target)s already.", **values)


def _impossible(found: WhatIf, names: HouseNames, values: dict[str, str]) -> str:
    if (meets := _hours(found, names)) is not None:
        return _("%(group)s cannot meet on %(hours)s.", **meets)
    return _("%(resident)s cannot have %(target)s.", **values)


def _not_found(found: WhatIf, names: HouseNames, values: dict[str, str]) -> str:
    if (meets := _hours(found, names)) is not None:
        first = _("Whether %(group)s can meet on %(hours)s was not found out in time.", **meets)
    else:
        first = _("Whether %(resident)s can have %(target)s was not found out in time.", **values)
    return sentences([first, _("It may well be possible: please ask again in a moment.")])


def _possible(found: WhatIf, names: HouseNames, values: dict[str, str]) -> str:
    asking = set() if found.wish.kind == "meeting" else {found.wish.resident}  # a meeting is its group's
    moved = len({c.who for c in found.changes if c.kind not in GROUPS} - asking)
    if (meets := _hours(found, names)) is not None:
        first = (
            _("%(group)s can meet on %(hours)s, and altogether the wishes are met as well as before.", **meets)
            if not found.levels
            else _("%(group)s can meet on %(hours)s, at a price.", **meets)
        )
    else:
        first = (
            _("%(resident)s can have %(target)s, and altogether the wishes are met as well as before.", **values)
            if not found.levels
            else _("%(resident)s can have %(target)s, at a price.", **values)
        )
    return sentences([first, more_points(found.points), moved_words(moved)])


def _proof(found: WhatIf) -> str:
    said = proof_words(found.proof)
    return said if found.proof == "exact" else sentences([said, floor_words(found.floor)])
