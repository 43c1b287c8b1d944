"""How times, dates and figures look, in the reader's language. Shown through here only."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

import babel.dates
import babel.numbers
from babel import Locale
from flask import Flask
from flask_babel import get_locale, ngettext

NBSP = "\N{NO-BREAK SPACE}"


def clock(minute: int) -> str:
    """Minutes after midnight as the house writes them: 08.00."""
    return f"{minute // 60:02d}.{minute % 60:02d}"


def time_range(start: int, end: int) -> str:
    return f"{clock(start)}\N{EN DASH}{clock(end)}"


def long_date(day: date) -> str:
    """Senin, 4 Januari 2027; Monday, 4 January 2027."""
    return _dated(day, "EEEE, d MMMM y", _locale())


def short_date(day: date) -> str:
    """4 Jan 2027."""
    return _dated(day, "d MMM y", _locale())


def day_and_month(day: date) -> str:
    """4 Jan."""
    return _dated(day, "d MMM", _locale())


def month_words(day: date) -> str:
    """Jan 2027."""
    return _dated(day, "MMM y", _locale())


@lru_cache(maxsize=2048)  # a long list says the same few days again and again
def _dated(day: date, pattern: str, locale: Locale) -> str:
    return babel.dates.format_date(day, pattern, locale=locale)


def instant(moment: datetime, time_zone: str) -> str:
    """13 Jan 2027, 14.05: on the clock of the house."""
    here = moment.astimezone(ZoneInfo(time_zone))
    return f"{short_date(here.date())}, {clock(here.hour * 60 + here.minute)}"


def weekday_name(weekday: int, width: str = "wide") -> str:
    """0 is Monday. Width: wide (Senin), abbreviated (Sen)."""
    names = babel.dates.get_day_names(width=width, context="stand-alone", locale=_locale())  # type: ignore[arg-type]
    return names[weekday]


def number(value: float) -> str:
    return babel.numbers.format_decimal(value, locale=_locale())


def percent(share: float) -> str:
    """0.0214 as "2.1 %": one decimal near nothing and near all, so that no rest is rounded away."""
    per_cent = share * 100
    if 0 < per_cent < 0.1:
        return "< " + _percent(0.1)
    if 99.9 < per_cent < 100:
        return "> " + _percent(99.9)
    return _percent(per_cent)


def _percent(per_cent: float) -> str:
    fine = per_cent < 10 or 99 < per_cent < 100
    pattern = "#,##0.#" if fine else "#,##0"
    return babel.numbers.format_decimal(per_cent, format=pattern, locale=_locale()) + f"{NBSP}%"


def points(value: float) -> str:
    """The plan's currency: fewer is better."""
    whole = round(value)
    return ngettext("%(figure)s point", "%(figure)s points", whole, figure=number(whole))


def _locale() -> Locale:
    """Indonesian where no request says otherwise (the command line, background jobs)."""
    return get_locale() or Locale("id")


FILTERS = (
    clock,
    time_range,
    long_date,
    short_date,
    day_and_month,
    month_words,
    instant,
    weekday_name,
    number,
    percent,
    points,
)


def register(app: Flask) -> None:
    for filter_ in FILTERS:
        app.jinja_env.filters[filter_.__name__] = filter_
    app.jinja_env.globals.setdefault("get_locale", get_locale)
