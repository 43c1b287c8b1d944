"""Odd and even weeks: which things of a two-week rhythm can meet at all. The cycle's first week is odd."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from foyer.scheduling.problem import Weeks

Busy = tuple[str, Weeks]  # a period, and the weeks in which it is taken

PARITIES: tuple[Weeks, ...] = ("odd", "even")


def at_once(a: Weeks, b: Weeks) -> bool:
    """Whether some week belongs to both."""
    return a == b or "all" in (a, b)


def of_rotation(week: int, every: int) -> Weeks:
    """The weeks in which something happens that begins in week ``week`` (0 first) and returns every ``every`` weeks:
    with an odd rhythm it falls into weeks of both kinds."""
    if every % 2:
        return "all"
    return "even" if week % 2 else "odd"


def kinds(weeks: Iterable[Weeks]) -> tuple[Weeks, ...]:
    """The kinds of week to look at one by one: both where something has a rhythm of two weeks, else one for all."""
    return PARITIES if any(w != "all" for w in weeks) else ("all",)


def taken_in(busy: Collection[Busy], weeks: Weeks) -> set[str]:
    """The periods that are taken in some of these weeks."""
    return {period for period, when in busy if at_once(when, weeks)}
