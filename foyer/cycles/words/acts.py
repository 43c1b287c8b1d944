"""What was done to a draft, in sentences. They name residents: for managers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from foyer.cycles.words.changes import change_lines
from foyer.cycles.words.names import HouseNames, listed, sentences
from foyer.scheduling.plan import Change

MOST = 3  # changes told one by one


def act_words(verb: str, detail: Mapping[str, Any], names: HouseNames) -> str:
    """One act of the trail, as ``foyer.cycles.acts`` has it."""
    if verb == "draft_changed":
        told = changed_words(detail.get("changes", ()), names)
        gone = detail.get("pins", ())
        return sentences([told, pinned_words(False, gone, names)]) if gone else told
    if verb in ("draft_pinned", "draft_unpinned"):
        return pinned_words(verb == "draft_pinned", detail.get("pins", ()), names)
    steps = detail.get("steps", ())
    if verb == "draft_undone":
        return ngettext("Took %(num)s step back.", "Took %(num)s steps back.", len(steps))
    if verb == "draft_redone":
        return ngettext("Did %(num)s step again.", "Did %(num)s steps again.", len(steps))
    return _("Took over parts of another plan.")


def changed_words(changes: Sequence[Sequence[str | None]], names: HouseNames) -> str:
    """Who moved from where to where: ``[kind, who, before, after]`` each, the first few in full."""
    found = [Change(kind, who, before, after) for kind, who, before, after in changes]  # type: ignore[arg-type]
    lines = [_("%(who)s: %(what)s", who=line.who, what=line.text) for line in change_lines(found[:MOST], names)]
    if len(found) > MOST:
        lines.append(ngettext("And %(num)s more change.", "And %(num)s more changes.", len(found) - MOST))
    return sentences(lines)


def pinned_words(pinned: bool, pins: Sequence[Sequence[str]], names: HouseNames) -> str:
    """What was pinned or let go: ``[kind, resident, target]`` each."""
    things = [pin_words(kind, resident, target, names) for kind, resident, target in pins]
    if len(things) > MOST:
        if pinned:
            return _("Pinned %(count)s places.", count=len(things))
        return _("Let go of %(count)s pins.", count=len(things))
    if pinned:
        return _("Pinned %(things)s.", things=listed(things))
    return _("Let go of %(things)s.", things=listed(things))


def pin_words(kind: str, resident: str, target: str, names: HouseNames) -> str:
    """One pin, without a full stop: "Budi Santoso in AUTO-1"."""
    if kind == "meeting":
        return names.meeting_of(target)
    return _("%(resident)s: %(thing)s", resident=names.resident(resident), thing=names.thing(kind, target))
