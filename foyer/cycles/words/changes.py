"""Changes of a plan in sentences: who moves where, and in a repair also why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from foyer.cycles.words.names import HouseNames
from foyer.cycles.words.rules import RULES, rule_sentence
from foyer.formatting import points
from foyer.scheduling.plan import Change, Shortage
from foyer.scheduling.repairing import Repaired

GROUPS = ("time", "venue", "instructor")  # a change of a group's meetings


@dataclass(frozen=True, slots=True)
class ChangeWords:
    """One change. ``reason``: "" where none is told (a what-if)."""

    who: str
    text: str
    reason: str
    points: str


@dataclass(frozen=True, slots=True)
class RepairWords:
    """A repair: what it comes to, what is proven of it, and every change."""

    summary: str
    proof: str
    changes: tuple[ChangeWords, ...]
    problems: tuple[str, ...]  # why there is none


def change_lines(changes: Iterable[Change], names: HouseNames) -> tuple[ChangeWords, ...]:
    """Every change, with its reason where it has one. Names residents: for managers."""
    return tuple(_change(change, names) for change in changes)


def _change(change: Change, names: HouseNames) -> ChangeWords:
    who = names.group(change.who) if change.kind in GROUPS else names.resident(change.who)
    cost = points(change.points) if change.points else ""
    return ChangeWords(who, _what(change, names), reason_words(change, names), cost)


def _place(kind: str, id_: str, names: HouseNames) -> str:
    if kind == "appointment":
        return names.booked(id_)
    if kind == "time":
        return names.hours(id_.split(" "))
    return _("bed %(bed)s", bed=id_) if kind == "bed" else names.thing(kind, id_)


def _what(change: Change, names: HouseNames) -> str:
    before, after = (None if x is None else _place(change.kind, x, names) for x in (change.before, change.after))
    if before is None:
        return _new(change, str(after))
    if after is None:
        return _lost(change, before)
    if change.kind in ("venue", "instructor"):
        hours = names.hours(change.when.split(" "))
        return _("On %(hours)s %(after)s instead of %(before)s.", hours=hours, after=after, before=before)
    return _("From %(before)s to %(after)s.", before=before, after=after)


def _new(change: Change, after: str) -> str:
    if change.kind == "time":
        return _("New meeting on %(after)s.", after=after)
    return _("Gets %(after)s.", after=after)


def _lost(change: Change, before: str) -> str:
    if change.kind == "time":
        return _("Does not meet on %(before)s any more.", before=before)
    return _("Loses %(before)s, and gets nothing instead.", before=before)


# Reasons of a repair


def reason_words(change: Change, names: HouseNames) -> str:
    """Why the change had to be; nothing where it has no reason. Names no other resident. Raises KeyError for a reason
    without a sentence."""
    if not change.reason:
        return ""
    if change.reason == "follows":
        rule = str(dict(change.values)["rule"])
        return _("It follows from the other changes. Otherwise: %(rule)s", rule=_rule(rule, change, names))
    plain = _plain(change, names)
    if change.reason in plain:
        return plain[change.reason]
    return _("As it was: %(rule)s", rule=_rule(change.reason, change, names))


def _rule(rule: str, change: Change, names: HouseNames) -> str:
    if rule not in RULES:
        raise KeyError(rule)
    values = [(kind, str(value)) for kind, value in change.values]
    when = next((value for kind, value in values if kind == "when"), "")
    things = [(kind, value) for kind, value in values if kind not in ("when", "rule")]
    own = (
        [("resident", change.who)] if change.kind not in GROUPS and not rule.startswith(("apart_", "together_")) else []
    )
    return rule_sentence(rule, [*own, *things], when, names)


def _plain(change: Change, names: HouseNames) -> Mapping[str, str]:
    return {
        "group_gone": _("The class is not offered any more."),
        "counsellor_gone": _("The counsellor is not there any more."),
        "room_gone": _("The room is not there any more."),
        "venue_gone": _("The place is not there any more."),
        "instructor_gone": _("The instructor is not there any more."),
        "period_gone": _("The day has no such hour any more."),
        "not_needed": _("It is not needed any more."),
        "arrived": _("New in the house."),
        "was_unmet": _("This had been left open."),
        "needed": _("It takes the place of what fell away."),
        "chosen": _("It allows something more important."),
    }


def repair_words(repaired: Repaired, names: HouseNames) -> RepairWords:
    """The whole answer of a repair."""
    problems = tuple(cap_words(s) for s in repaired.plan.shortages if s.code in CAPS)
    counted = sum(change.before is not None for change in repaired.changes)
    people = len(repaired.people)
    text = (
        _("Changes: %(changes)s. Residents concerned: %(people)s.", changes=counted, people=people)
        if counted
        else _("Nothing has to change.")
    )
    return RepairWords(text, _proof(repaired), change_lines(repaired.changes, names), problems)


def _proof(repaired: Repaired) -> str:
    if repaired.is_proven:
        return _("It is proven that less cannot be changed.")
    return _(
        "The changes weigh %(points)s. Whether less would do is not known; less than %(bound)s would not.",
        points=points(repaired.points),
        bound=points(repaired.bound),
    )


CAPS = ("changes_in_total", "changes_per_resident", "changes_together")


def cap_words(shortage: Shortage) -> str:
    """Why no repair keeps within the number of changes that was allowed."""
    values = dict(shortage.values)
    return {
        "changes_in_total": _("%(needed)s changes are needed at least, and %(allowed)s are allowed.", **values),
        "changes_per_resident": _(
            "Somebody has to have %(needed)s changes at least, and %(allowed)s are allowed for each.", **values
        ),
        "changes_together": _(
            "%(needed)s changes would do, but not with so few for each resident: both limits cannot be kept together.",
            **values,
        ),
    }[shortage.code]
