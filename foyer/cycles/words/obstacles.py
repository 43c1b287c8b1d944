"""Each obstacle of an explanation or a what-if in a sentence (docs/engine.md, section 10).

Obstacles speak of one resident and name no other; the sentences leave out who it is, so that they can be read to the
resident as well as about him.
"""

from __future__ import annotations

from flask_babel import gettext as _

from foyer.cycles.words.levels import level_words, more_points, moved_words
from foyer.cycles.words.names import HouseNames, figure, sentences, whole
from foyer.cycles.words.obstacles_care import CARE
from foyer.cycles.words.obstacles_seats import SEATS
from foyer.cycles.words.rules import rule_sentence
from foyer.cycles.words.values import Sentence, Values, group, target
from foyer.scheduling.answers.forms import Obstacle


def obstacle_words(obstacle: Obstacle, names: HouseNames, kind: str) -> str:
    """The sentence of an obstacle. ``kind``: what need or wish it speaks of, which tells what a target is. Raises
    KeyError for a code without a sentence."""
    return whole(OBSTACLES[obstacle.code](dict(obstacle.values), names, kind))


def _no_gain(v: Values, n: HouseNames, kind: str) -> str:
    return _(
        "%(target)s would not suit this resident's wishes better: %(there)s points there, %(here)s here.",
        target=target(v, n, kind),
        there=figure(v["there"]),
        here=figure(v["here"]),
    )


def _as_good(v: Values, n: HouseNames, kind: str) -> str:
    tie = _(
        "It was even: hours of the week aside, the plan would be just as good for everybody together with %(target)s.",
        target=target(v, n, kind),
    )
    return sentences([tie, moved_words(int(v["moved"]))])


def _priced(v: Values, n: HouseNames, kind: str) -> tuple[str, list[str]]:
    what = level_words(str(v["level"]), v["before"], v["after"])
    return what, [more_points(float(v["points"])), moved_words(int(v["moved"]))]


def _cost(v: Values, n: HouseNames, kind: str) -> str:
    what, more = _priced(v, n, kind)
    first = _("With %(target)s the plan as a whole would be worse (%(what)s).", target=target(v, n, kind), what=what)
    return sentences([first, *more])


def _not_best(v: Values, n: HouseNames, kind: str) -> str:
    what, more = _priced(v, n, kind)
    values = {"target": target(v, n, kind), "what": what}
    if kind == "appointment":
        first = _("%(target)s is free, and with it the plan would be better (%(what)s).", **values)
    else:
        first = _(
            "With %(target)s the plan as a whole would be better (%(what)s), hours of the week aside. It is not so "
            "because the plan was changed by hand, keeps what was published, had to fit the week, or was not searched "
            "to the end.",
            **values,
        )
    return sentences([first, *more])


def _not_needed(v: Values, n: HouseNames, kind: str) -> str:
    if kind == "meeting":
        return _("This resident is not in %(target)s.", target=n.group(str(v["target"])))
    return _("This resident needs no place in %(target)s.", target=target(v, n, kind))


def _no_times(v: Values, n: HouseNames, kind: str) -> str:
    return _(
        "No week was found in which %(target)s has its hours beside everything else.",
        target=n.group(str(v["target"])),
    )


def _another(v: Values, n: HouseNames, kind: str) -> str:
    return _("The rules of the house do not allow %(target)s here.", target=target(v, n, kind))


OBSTACLES: dict[str, Sentence] = {
    **SEATS,
    **CARE,
    "pin": lambda v, n, k: _("Staff have decided on %(target)s instead.", target=target(v, n, k)),
    "another_rule": _another,
    "no_gain": _no_gain,
    "as_good": _as_good,
    "would_cost_others": _cost,
    "plan_not_best": _not_best,
    "not_known": lambda v, n, k: _(
        "What it would cost others to give %(target)s is not known.", target=target(v, n, k)
    ),
    "not_needed": _not_needed,
    "no_hours": lambda v, n, k: _("%(group)s is closed and has no hours in the week yet.", group=group(v, n)),
    "no_such_hours": lambda v, n, k: _("%(group)s may not meet at these hours.", group=group(v, n)),
    "no_times": _no_times,
    "would_break": lambda v, n, k: _(
        "The cheapest way would break a rule. %(rule)s", rule=rule_sentence(str(v["rule"]), (), "", n)
    ),
}
