"""The drafts of a cycle in words: where one comes from, how it weighs, what it does not know yet."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

from foyer.cycles.drafts import Draft
from foyer.cycles.models import Plan, PlanOrigin
from foyer.cycles.standing import Since
from foyer.cycles.words.names import listed, whole
from foyer.formatting import number, points


def origin_words(plan: Plan) -> str:
    """How a plan came to be."""
    return {
        PlanOrigin.GENERATED: _("made by Foyer"),
        PlanOrigin.FINISHED: _("the rest made around what was pinned"),
        PlanOrigin.COPIED: _("a copy"),
        PlanOrigin.REPAIRED: _("a repair"),
    }[plan.origin]


def draft_rows(draft: Draft) -> list[tuple[str, str]]:
    """The figures of a draft, each with its name; the same rows for every draft."""
    lower = sum(count for rank, count in draft.choices.items() if rank is not None and rank > 2)
    none = draft.wished - sum(count for rank, count in draft.choices.items() if rank is not None)
    spread = _("%(least)s to %(most)s", least=draft.spread[0], most=draft.spread[1]) if draft.spread else "–"
    return [
        (_("Score by the house's weights"), points(draft.score)),
        (_("First choices"), _("%(count)s of %(total)s", count=draft.firsts, total=draft.wished)),
        (_("Second choices"), str(draft.choices.get(2, 0))),
        (_("Lower choices"), str(lower)),
        (_("None of the choices"), str(none)),
        (_("Needs left open"), str(len(draft.plan.unmet))),
        (_("Caseloads"), spread),
        (_("Other counsellor than before"), str(draft.times("other_counsellor"))),
        (_("Other room than before"), str(draft.times("other_room"))),
        (_("Free blocks in the day"), str(draft.times("gap"))),
    ]


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
        "people": _("residents' age or gender"),
        "aptitudes": _("aptitudes"),
        "interruptions": _("who is away and what is closed"),
        "counselling": _("how often and how long counselling is held"),
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
