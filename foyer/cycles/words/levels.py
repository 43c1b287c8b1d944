"""Prices in words: what becomes better or worse, from how much to how much, and what is proven of it.

Fewer is better on every level. Levels are counted in people where the engine counts people, else in points.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flask_babel import gettext as _
from flask_babel import ngettext

from foyer.cycles.labels import stage_name, wish_name
from foyer.cycles.words.names import figure, listed
from foyer.formatting import points
from foyer.scheduling.answers.forms import LevelPrice, Proof, WishPrice


def points_explained() -> str:
    """Once on a page that shows points."""
    return _("Points say how much is missing from the wishes of everybody together: fewer are better.")


def level_words(level: str, before: object, after: object) -> str:
    """One level before and after, without a full stop: "a class that nobody wished for: 2 instead of 1 residents"."""
    values = {"before": figure(before), "after": figure(after)}
    kind, _sep, amount = level.partition("_")
    if kind == "choice" and amount.isdigit():
        return _("residents with choice %(rank)s: %(after)s instead of %(before)s", rank=amount, **values)
    if kind == "lost" and amount.isdigit():
        return _(
            "residents who go without wishes worth %(amount)s points or more: %(after)s instead of %(before)s",
            amount=amount,
            **values,
        )
    return _named(level, values)


def _named(level: str, values: Mapping[str, str]) -> str:
    if level == "unplaced":
        return _("needs left open: %(after)s points instead of %(before)s", **values)
    if level == "unlisted":
        return _(
            "residents in something that was none of their choices: %(after)s instead of %(before)s",
            **values,
        )
    if level == "luck":
        return _("lost again by those who lost before: %(after)s instead of %(before)s", **values)
    if level == "largest_caseload":
        return _("residents of the counsellor who has most: %(after)s instead of %(before)s", **values)
    if level == "openings":
        return _("open classes and their sizes: %(after)s points instead of %(before)s", **values)
    if level == "times":
        return _("gaps and awkward hours in the week: %(after)s points instead of %(before)s", **values)
    return _("wishes not met: %(after)s points instead of %(before)s", **values)


def level_lines(levels: Iterable[LevelPrice]) -> tuple[str, ...]:
    """Every level that changes, with the part of the plan that it belongs to, as sentences."""
    return tuple(
        _("%(part)s: %(what)s.", part=stage_name(x.stage), what=level_words(x.level, x.before, x.after)) for x in levels
    )


def more_points(value: float) -> str:
    """By how much the points change, as a sentence; nothing where that is less than half a point."""
    if not round(value):
        return ""
    if value > 0:
        return _("Altogether %(points)s more.", points=points(value))
    return _("Altogether %(points)s fewer.", points=points(-value))


def wish_lines(wishes: Iterable[WishPrice]) -> tuple[str, ...]:
    """Each wish of the score that changes: how often more or less, and the points."""
    return tuple(map(_wish_line, wishes))


def _wish_line(price: WishPrice) -> str:
    sign = "+" if price.points > 0 else "-" if price.points < 0 else ""
    values = {"wish": wish_name(price.wish), "points": sign + points(abs(price.points))}
    if not price.count:
        return _("%(wish)s: %(points)s", **values)
    return _("%(wish)s: %(count)s (%(points)s)", count=f"{price.count:+d}", **values)


def moved_words(moved: int) -> str:
    """How many others would move, as a sentence of its own."""
    if not moved:
        return _("Nobody else would move.")
    return ngettext("%(num)s other resident would move.", "%(num)s other residents would move.", moved)


def proof_words(proof: Proof) -> str:
    """What is proven of a price."""
    return {
        "exact": _("It is proven that it cannot be had for less."),
        "kept": _("As long as the open classes and everything else stay as they are, it cannot be had for less."),
        "at_most": _("This is the cheapest way found; a cheaper one is not excluded."),
        "at_least": _("It is proven that it cannot be had for less; whether it can be had for that is not known."),
    }[proof]


def floor_words(floor: Iterable[LevelPrice]) -> str:
    """What no plan at all can avoid; nothing where the bound lies below what the plan in hand has."""
    levels = list(floor)
    if not levels or levels[0].after < levels[0].before:
        return ""
    parts = [level_words(x.level, x.before, x.after) for x in levels]
    return _("Whatever else is changed, it costs at least: %(what)s.", what=listed(parts))
