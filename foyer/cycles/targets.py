"""Every place that a resident could be moved to by hand, in the house's words: what a board says while a card is in
the hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, cast

from flask_babel import gettext as _

from foyer.cycles.models import Plan
from foyer.cycles.pinning import studied
from foyer.cycles.plan_names import names_in
from foyer.cycles.words.levels import more_points
from foyer.cycles.words.names import HouseNames, sentences
from foyer.cycles.words.rules import broken_lines
from foyer.scheduling import targets as engine_targets
from foyer.scheduling.answers import forms
from foyer.scheduling.answers.forms import WishKind

State = Literal["here", "allowed", "price", "forbidden"]


@dataclass(frozen=True, slots=True)
class Target:
    """One place. ``price``: allowed, for so many ``points`` more; ``allowed``: for none or fewer; ``words``: whole
    sentences. Where it is forbidden, they say why, and the points are those that it would cost all the same; ``first``
    is the first of several reasons, for where there is no room for all, ``further`` how many there are beside it."""

    id: str
    state: State
    words: str
    points: float
    first: str = ""
    further: int = 0

    @property
    def told(self) -> dict[str, Any]:
        """As a page that has the card in the hand is told it."""
        why = {"first": self.first, "further": self.further} if self.further else {}
        return {"state": self.state, "words": self.words, "points": self.points, **why}


def targets(plan: Plan, kind: str, enrolment_id: int, *, meeting: str = "") -> tuple[Target, ...]:
    """Every place of the kind for the enrolment's resident, by the ids of the problem: group, counsellor, room, hour
    (``period``, ``week:period``), meeting (``group:period,...``; with ``meeting`` only the hours to which this one
    could move). For managers: a broken rule names whom it concerns. Raises UnknownWish for somebody or a meeting that
    is not in the plan, or a kind that there is not."""
    found = studied(plan)
    judged = engine_targets(found.problem, found.answer, cast(WishKind, kind), str(enrolment_id), meeting=meeting)
    names = names_in(plan, found.problem)
    return tuple(_target(each, names) for each in judged)


def _target(found: forms.Target, names: HouseNames) -> Target:
    if found.state == "here":
        return Target(found.target, "here", _("Is here now."), 0.0)
    if found.broken:
        why = broken_lines(found.broken, names)
        return Target(found.target, "forbidden", sentences(why), found.points, why[0], len(why) - 1)
    if found.points > 0:
        price = more_points(found.points) or _("Less than one point more.")
        return Target(found.target, "price", sentences([_("Allowed, at a price."), price]), found.points)
    return Target(found.target, "allowed", sentences([_("Allowed."), more_points(found.points)]), found.points)
