"""Values of a dry run in words, for pages and the command line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from foyer.formatting import clock, long_date, time_range, weekday_name
from foyer.workbooks.changes import Action, Change
from foyer.workbooks.messages import COLUMN_NAMES, KIND_NAMES
from foyer.workbooks.weektimes import PARTS

GROUP_NAMES: dict[str, Any] = {
    **KIND_NAMES,
    "cycle": _l("Cycle"),
    "trades": _l("Trades"),
    "venues": _l("Places"),
    "tutors": _l("Tutors"),
}

FIELD_NAMES: dict[str, Any] = {
    **COLUMN_NAMES,
    "starts_on": _l("Starts on"),
    "weeks": _l("Weeks"),
    "aliases": _l("Other spellings"),
    "accessible": _l("Accessible"),
    "reserve": _l("Kept in reserve"),
    "outage": _l("Out of service"),
    "is_activity": _l("For activities"),
    "minutes": _l("Minutes of a meeting"),
    "parts": _l("Time of day"),
    "choices": _l("Choices"),
    "in_room": _l("Apart in rooms"),
    "in_class": _l("Apart in classes"),
}

_WORDS: dict[str, Any] = {
    "female": _l("female"),
    "male": _l("male"),
    "same": _l("one gender on any night"),
    "sd_unfinished": _l("primary school (SD), not finished"),
    "sd": _l("primary school (SD)"),
    "smp": _l("junior secondary school (SMP)"),
    "sma_10": _l("senior secondary school (SMA), class 10"),
    "sma_11": _l("senior secondary school (SMA), class 11"),
    "smk": _l("vocational secondary school (SMK)"),
    "sma": _l("senior secondary school (SMA)"),
    "morning": _l("morning"),
    "afternoon": _l("afternoon"),
    "late_afternoon": _l("late afternoon"),
    "evening": _l("evening"),
    "trauma": _l("trauma"),
    "abh": _l("facing the law (ABH)"),
    "addiction": _l("addiction"),
    "family": _l("family"),
    "grief": _l("grief"),
    "wheelchair": _l("wheelchair"),
    "hearing": _l("hearing"),
    "sight": _l("sight"),
    "learning": _l("learning difficulties"),
    "health": _l("health"),
}
_WORD_FIELDS = {"gender", "policy", "level", "requirement", "levels", "parts", "needs", "skills"}


def group_name(kind: str) -> str:
    return str(GROUP_NAMES[kind])


def field_name(field: str) -> str:
    return str(FIELD_NAMES[field])


def value_words(field: str, value: Any) -> str:
    """A field's value as people read it. Identity numbers show their last four digits only."""
    if value is None or value == "" or value == []:
        return "–"
    if field in _SPECIAL:
        return _SPECIAL[field](value)
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, date):
        return long_date(value)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(_word(field, one) for one in value)
    return _word(field, value)


def _hours_list(value: list[list[int]]) -> str:
    """Days that follow each other with the same hours are said together: Monday–Friday, morning."""
    spans: list[list[int]] = []
    for day, start, end in sorted(value, key=lambda hours: (hours[1:], hours[0])):
        if spans and spans[-1][1:] == [day - 1, start, end]:
            spans[-1][1] = day
        else:
            spans.append([day, day, start, end])
    return "; ".join(_span_words(*span) for span in sorted(spans))


def _span_words(first: int, last: int, start: int, end: int) -> str:
    days = weekday_name(first) if first == last else f"{weekday_name(first)}\N{EN DASH}{weekday_name(last)}"
    if (start, end) == (0, 1440):
        return days
    part = next((str(_WORDS[name]) for name, span in PARTS.items() if span == (start, end)), time_range(start, end))
    return gettext("%(days)s, %(hours)s", days=days, hours=part)


def _word(field: str, value: Any) -> str:
    return str(_WORDS.get(value, value)) if field in _WORD_FIELDS else str(value)


def hours_words(day: int, start: int, end: int) -> str:
    """A stretch of the week: the day, and its hours unless it is the whole day."""
    if (start, end) == (0, 1440):
        return weekday_name(day)
    return gettext("%(day)s %(hours)s", day=weekday_name(day), hours=time_range(start, end))


def _outage_words(reason: str, until: date | None) -> str:
    if until is None:
        return reason
    return gettext("%(reason)s, until %(date)s", reason=reason, date=long_date(until))


_SPECIAL: dict[str, Callable[[Any], str]] = {
    "nik": lambda value: "•••• " + str(value)[-4:],
    "reason": lambda value: gettext("(confidential)"),
    "unavailable": _hours_list,
    "outside_school": _hours_list,
    "outage": lambda value: _outage_words(*value),
    "day": weekday_name,
    "start": clock,
    "end": clock,
}


def change_label(change: Change) -> str:
    """What the change is about."""
    if change.kind == "cycle":
        return long_date(change.wanted["starts_on"])
    if change.kind == "grid":
        day, start, end = change.wanted["day"], change.wanted["start"], change.wanted["end"]
        return gettext(
            "%(name)s, %(when)s", name=change.wanted["activity"] or change.label, when=hours_words(day, start, end)
        )
    return change.label


ACTION_NAMES: dict[Action, Any] = {
    Action.CREATE: _l("New"),
    Action.CHANGE: _l("Changed"),
    Action.SAME: _l("Unchanged"),
    Action.REMOVE: _l("Removed"),
}
