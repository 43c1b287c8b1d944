"""The drafts of a cycle in words: where one comes from, how it weighs, what it does not know yet."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

from foyer.cycles.drafts import Draft
from foyer.cycles.models import Plan, PlanOrigin
from foyer.cycles.standing import Since
from foyer.cycles.words.names import listed, whole
from foyer.formatting import number


def origin_words(plan: Plan) -> str:
    """How a plan came to be."""
    return {
        PlanOrigin.GENERATED: _("made by Foyer"),
        PlanOrigin.FINISHED: _("the rest made around what was pinned"),
        PlanOrigin.COPIED: _("a copy"),
        PlanOrigin.REPAIRED: _("a repair"),
    }[plan.origin]


def since_words(since: Since) -> str:
    """What a draft does not know of, in a sentence; "" where there is nothing."""
    parts = [_part(part) for part in since.parts]
    if since.wishes:
        wishes = ngettext("the wishes of %(num)s resident", "the wishes of %(num)s residents", since.wishes)
        parts.insert(0, wishes)
    if not parts:
        return ""
    return _("It does not know what was changed since it was made: %(parts)s.", parts=listed(parts))


def _part(part: str) -> str:
    return {
        "stays": _("stays"),
        "rooms": _("rooms and beds"),
        "staff": _("staff and their hours"),
        "classes": _("classes and groups"),
        "places": _("places"),
        "grid": _("the daily grid"),
        "pairs": _("keep-apart pairs"),
    }[part]


def weighing_words(draft: Draft) -> list[str]:
    """In what a draft weighs otherwise than the house, each in a line."""
    lines = []
    if draft.fairness == "none":
        lines.append(_("Points alone decide: a few may get a low choice."))
    if draft.fairness == "leximin":
        lines.append(_("Whoever loses most is helped first."))
    for field, own, house in draft.weights:
        values = {"wish": whole(str(field.label)), "own": number(own), "house": number(house)}
        lines.append(_("%(wish)s: %(own)s points, the house %(house)s.", **values))
    return lines
