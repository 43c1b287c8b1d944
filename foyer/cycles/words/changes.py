"""Changes of a plan in sentences: who moves where, and in a repair also why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from foyer.cycles.words.names import HouseNames
from foyer.cycles.words.rules import RULES, rule_sentence
from foyer.formatting import points
from foyer.scheduling.plan import UNFINISHED, Change, Outcome, Shortage
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
        return _new(change, str(after), names)
    if after is None:
        return _lost(change, before, names)
    if change.kind in ("venue", "instructor"):
        at = _hours(change, names)
        return _("On %(hours)s %(after)s instead of %(before)s.", hours=at, after=after, before=before)
    if change.kind == "appointment":
        return _("Counselling from %(before)s to %(after)s.", before=before, after=after)
    return _("From %(before)s to %(after)s.", before=before, after=after)


def _hours(change: Change, names: HouseNames) -> str:
    """Of the meeting whose venue or instructor changed."""
    return names.hours(change.when.split(" "))


def _new(change: Change, after: str, names: HouseNames) -> str:
    if change.kind == "time":
        return _("New meeting on %(after)s.", after=after)
    if change.kind in GROUPS:
        return _("On %(hours)s now %(after)s.", hours=_hours(change, names), after=after)
    if change.kind == "counsellor":
        return _("Gets %(after)s as counsellor.", after=after)
    if change.kind == "appointment":
        return _("Gets counselling on %(after)s.", after=after)
    return _("Gets %(after)s.", after=after)


def _lost(change: Change, before: str, names: HouseNames) -> str:
    if change.kind == "time":
        return _("Does not meet on %(before)s any more.", before=before)
    if change.kind in GROUPS:
        return _("On %(hours)s no longer %(before)s.", hours=_hours(change, names), before=before)
    return _("Loses %(before)s, and gets nothing instead.", before=before)


# Reasons of a repair


def reason_words(change: Change, names: HouseNames) -> str:
    """Why the change had to be; nothing where it has no reason. Names no other resident. Raises KeyError for a reason
    without a sentence."""
    if not change.reason:
        return ""
    rule = str(dict(change.values).get("rule", ""))
    if rule:  # without one "follows" is the rule of that name: one group after another
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
        "needed": _("The class needs it now."),
        "chosen": _("It allows something more important."),
    }


def repair_words(repaired: Repaired, names: HouseNames) -> RepairWords:
    """The whole answer of a repair. What is short besides the caps is told by ``sentences.shortage_lines``."""
    problems = tuple(cap_words(s) for s in repaired.plan.shortages if s.code in CAPS)
    if repaired.plan.outcome is Outcome.INFEASIBLE:
        return RepairWords(_("There is no such repair."), "", (), problems)
    if repaired.plan.outcome in UNFINISHED:
        return RepairWords(_("The search for a repair was stopped before it had one."), "", (), problems)
    return RepairWords(_repair_summary(repaired), _proof(repaired), change_lines(repaired.changes, names), problems)


def _repair_summary(repaired: Repaired) -> str:
    counted, people = sum(change.before is not None for change in repaired.changes), len(repaired.people)
    if not counted and repaired.changes:
        return _("Nothing that was planned has to change; only something new is added.")
    if not counted:
        return _("Nothing has to change.")
    return _("Changes: %(changes)s. Residents concerned: %(people)s.", changes=counted, people=people)


def _proof(repaired: Repaired) -> str:
    if repaired.is_proven:
        return _("It is proven that less cannot be changed.")
    if not round(repaired.bound):
        return _("Whether less could be changed is not known.")
    return _(
        "The changes weigh %(points)s. Whether less would do is not known; less than %(bound)s would not.",
        points=points(repaired.points),
        bound=points(repaired.bound),
    )


CAPS = ("changes_in_total", "changes_per_resident", "changes_together")


def cap_words(shortage: Shortage) -> str:
    """Why no repair keeps within the number of changes that was allowed."""
    values = dict(shortage.values)
    needed, allowed = int(values["needed"]), values["allowed"]
    if shortage.code == "changes_in_total":
        return ngettext(
            "At least %(num)s change is needed; %(allowed)s are allowed.",
            "At least %(num)s changes are needed; %(allowed)s are allowed.",
            needed,
            allowed=allowed,
        )
    if shortage.code == "changes_per_resident":
        return ngettext(
            "Somebody needs at least %(num)s change; %(allowed)s are allowed for each resident.",
            "Somebody needs at least %(num)s changes; %(allowed)s are allowed for each resident.",
            needed,
            allowed=allowed,
        )
    return _(
        "The two limits cannot be kept together: at least %(needed)s changes are needed, %(allowed)s are allowed, and "
        "then somebody has more than is allowed for each.",
        needed=needed,
        allowed=allowed,
    )
