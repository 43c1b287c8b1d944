"""Two residents who change places in a draft, for a place that is full: with whom, at what price, and doing it."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from foyer.cycles.changing import ChangeForbidden, rearrange
from foyer.cycles.models import Plan
from foyer.cycles.pinning import studied
from foyer.cycles.words.changes import ChangeWords, change_lines
from foyer.cycles.words.levels import more_points
from foyer.cycles.words.names import HouseNames, sentences
from foyer.cycles.words.rules import broken_lines
from foyer.scheduling import plan as engine
from foyer.scheduling import swaps
from foyer.scheduling.answers.forms import Swap, Wish

KINDS = ("class", "education", "counsellor", "room", "appointment")  # what two can change


@dataclass(frozen=True, slots=True)
class SwapLine:
    """Somebody to change with. ``words``: what it costs, or why it cannot be; ``moves``: what the two would have."""

    other: str  # the enrolment
    name: str
    is_possible: bool
    words: str
    moves: tuple[ChangeWords, ...]


def swaps_of(plan: Plan, wish: Wish, names: HouseNames) -> tuple[SwapLine, ...]:
    """Everybody who has the target of the wish, cheapest first, the impossible last. For managers: it names them.
    Raises UnknownWish."""
    found = studied(plan)
    return tuple(_line(swap, names) for swap in swaps(found.problem, found.answer, wish))


def _line(swap: Swap, names: HouseNames) -> SwapLine:
    name = names.resident(swap.other)
    if swap.broken:
        return SwapLine(swap.other, name, False, sentences(broken_lines(swap.broken, names)), ())
    first = _("Allowed, at a price.") if swap.points > 0 else _("Allowed.")
    words = sentences([first, more_points(swap.points)])
    return SwapLine(swap.other, name, True, words, change_lines(swap.changes, names))


def apply_swap(*, plan_id: int, version: int | None, wish: Wish, other: str, actor_id: int | None) -> Plan:
    """The resident of the wish gets its target, and who has it now what the resident had: one step. Raises as
    ``changing.apply_change``."""

    def answer_of(draft: Plan) -> engine.Plan:
        found = studied(draft)
        swap = next((s for s in swaps(found.problem, found.answer, wish) if s.other == other), None)
        if swap is None or swap.broken:
            raise ChangeForbidden(wish)
        return swap.plan

    detail = {"swap": [wish.kind, wish.resident, wish.target, other]}
    return rearrange(plan_id=plan_id, version=version, detail=detail, answer_of=answer_of, actor_id=actor_id)
