"""A change that only a pin forbids: which pins, and what it would mean without them."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from foyer.cycles.models import Plan
from foyer.cycles.pinning import given_up, studied
from foyer.cycles.words.acts import pin_words
from foyer.cycles.words.levels import more_points
from foyer.cycles.words.names import HouseNames, sentences
from foyer.cycles.words.what_if import what_if_words
from foyer.scheduling import verdict, what_if
from foyer.scheduling.answers.forms import Wish


@dataclass(frozen=True, slots=True)
class Freed:
    """A change that is possible once these pins are let go. ``words``: what it costs then; ``moves``: who else has to
    move for it."""

    pins: tuple[str, ...]
    words: str
    moves: tuple[str, ...] = ()
    has_moves: bool = False


def freed_of(plan: Plan, wish: Wish, names: HouseNames) -> Freed | None:
    """What the wish would mean without the pins that it would not keep; None where there is no such pin, or it would
    not be possible all the same. For managers: it names who moves. Raises UnknownWish."""
    gone = given_up(plan, wish)
    if not gone:
        return None
    found = studied(plan, gone)
    pins = tuple(pin_words(row["kind"], row["resident"], row["target"], names) for row in gone)
    judged = verdict(found.problem, found.answer, wish, repair=False)
    if not judged.broken:
        first = (
            _("Without it the change is allowed.") if judged.points <= 0 else _("Without it the change has a price.")
        )
        return Freed(pins, sentences([first, more_points(judged.points)]))
    answer = what_if(found.problem, found.answer, wish)
    if answer.outcome != "possible":
        return None
    said = what_if_words(answer, names)
    moves = tuple(_("%(who)s: %(what)s", who=move.who, what=move.text) for move in said.moves)
    return Freed(pins, said.answer, moves, has_moves=True)
