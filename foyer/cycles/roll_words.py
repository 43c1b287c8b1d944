"""The end of a cycle in words: why something is suggested, and what was decided."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from foyer.cycles.decisions import STAYING, Decision, Destination, NextStep
from foyer.cycles.rolling import Asked
from foyer.formatting import long_date, short_date
from foyer.words import name_members, words

name_members(
    {
        NextStep.CONTINUES: _l("Continues in the same trade"),
        NextStep.CHANGES_TRADE: _l("Changes the trade"),
        NextStep.EXTENDS: _l("Stays longer"),
        NextStep.GRADUATES: _l("Graduates"),
        NextStep.LEAVES: _l("Leaves the house"),
    }
)
name_members(
    {
        Destination.FAMILY: _l("back to the family"),
        Destination.WORK: _l("to work"),
        Destination.SCHOOL: _l("to a school or boarding school"),
        Destination.OTHER_HOUSE: _l("to another house"),
        Destination.ON_THEIR_OWN: _l("lives on their own"),
        Destination.UNKNOWN: _l("not known yet"),
    }
)


def suggestion_words(row: Asked) -> str:
    """What is suggested and why, in a sentence."""
    stay, day = row.enrolment.stay, row.suggestion.day
    leaves = long_date(stay.leaves_on)
    return {
        "too_old": lambda: _("Graduates: will be above the house's oldest age when the next cycle begins."),
        "stays": lambda: _("Continues: the stay lasts until %(day)s, beyond the next cycle.", day=leaves),
        "in_between": lambda: _("Continues: the stay reaches into the next cycle, until %(day)s.", day=leaves),
        "stay_ends": lambda: _(
            "Graduates: the stay ends on %(day)s, and the stage of independence is %(stage)s of 4.",
            day=leaves,
            stage=stay.independence_stage,
        ),
        "stay_ends_early": lambda: _(
            "Stays longer, until %(until)s: the stay ends on %(day)s, but the stage of independence is %(stage)s of 4.",
            until=short_date(day) if day else "–",
            day=leaves,
            stage=stay.independence_stage,
        ),
    }[row.suggestion.why]()


def decision_words(decision: Decision) -> str:
    """What was decided, with its day and its goal."""
    text = words(decision.next_step)
    if decision.next_step is NextStep.CHANGES_TRADE:
        text = _("Changes to %(trade)s", trade=decision.trade.name) if decision.trade else text
    if decision.leaves_on is not None:
        until = short_date(decision.leaves_on)
        stays = decision.next_step in STAYING
        text = (
            _("%(what)s, until %(day)s", what=text, day=until)
            if stays
            else _("%(what)s on %(day)s", what=text, day=until)
        )
    if decision.destination is not None:
        text = _("%(what)s (%(where)s)", what=text, where=words(decision.destination))
    return text
