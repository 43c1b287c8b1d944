"""What residents get where a way out is taken, in sentences. For managers: it names residents."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

from foyer.cycles.words.names import HouseNames, listed, sentences
from foyer.scheduling.relaxing.forms import Got

MOST_NAMED = 6


def got_words(got: Got, names: HouseNames, *, is_best: bool) -> str:
    """Who gets which choice and who nothing, by the plan with which the way was tried. ``is_best``: it was searched to
    the end, so the draft will give just as much."""
    told = [_wished(got), _unlisted(got, names), _without(got, names)]
    if not is_best:
        told.append(_("This was a quick try: the draft is worked out with more time, and is usually fairer."))
    return sentences(told)


def _wished(got: Got) -> str:
    first, second, third, later = got.ranks
    parts = [
        ngettext("%(num)s resident gets the first choice", "%(num)s residents get their first choice", first),
        ngettext("%(num)s gets the second", "%(num)s get their second", second) if second else "",
        ngettext("%(num)s gets the third", "%(num)s get their third", third) if third else "",
        ngettext("%(num)s gets a later one", "%(num)s get a later one", later) if later else "",
    ]
    if not any((*got.ranks, got.unlisted)):
        return _("Then there is a whole plan.")  # nobody has chosen
    return _("Then %(what)s.", what=listed(part for part in parts if part))


def _unlisted(got: Got, names: HouseNames) -> str:
    if not any((*got.ranks, got.unlisted)):
        return ""
    count = len(got.unlisted)
    if not count:
        return "" if got.without else _("Everybody who chose gets one of the choices.")
    return ngettext(
        "%(num)s gets a class that was not chosen%(who)s.",
        "%(num)s get a class that they did not choose%(who)s.",
        count,
        who=_named(got.unlisted, names),
    )


def _without(got: Got, names: HouseNames) -> str:
    count = len(got.without)
    if not count:
        return _("Nobody has to go without.")
    return ngettext(
        "%(num)s resident is left without something%(who)s.",
        "%(num)s residents are left without something%(who)s.",
        count,
        who=_named(got.without, names),
    )


def _named(ids: tuple[str, ...], names: HouseNames) -> str:
    """In brackets, unless they are too many to be read."""
    if len(ids) > MOST_NAMED:
        return ""
    return f" ({listed(sorted(map(names.resident, ids)))})"
