"""How a resident is named, and how old."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from markupsafe import Markup
from sqlalchemy import ColumnElement, String, case, literal, type_coerce
from sqlalchemy.types import TypeDecorator

from foyer.residents.models import Resident

_BOTH = '<span class="no-print">{}</span><span class="only-print">{}</span>'
_ON_SCREEN = re.compile(r'<span class="no-print">[^<]*</span>')
_MARK = "\x1f"  # a sign that no name holds


def initials(name: str) -> str:
    """M.A. for Muhammad Ali: enough for who knows the person, nothing for whoever looks over the shoulder."""
    return "".join(f"{word[0].upper()}." for word in name.split()[:3])


def name_for(resident: Resident, in_team: bool) -> str:
    """The name as somebody may read it: of a restricted resident only the initials outside the team (UU 11/2012 on
    juvenile justice, art. 19: the identity of a child in conflict with the law, victim or witness is secret)."""
    return resident.full_name if in_team or not resident.is_restricted else initials(resident.full_name)


class OutsideName(TypeDecorator[str]):
    """What ``outside_name`` reads: a name behind the mark of a restricted resident becomes initials, so that a query
    of columns never hands out the name."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Any) -> str | None:
        return value

    def process_result_value(self, value: str | None, dialect: Any) -> str | None:
        return initials(value[len(_MARK) :]) if value is not None and value.startswith(_MARK) else value


def outside_name() -> ColumnElement[str]:
    """A column to select in place of ``Resident.full_name`` where people outside the team read, and for everything that
    goes on paper: initials of restricted residents, the name of everybody else."""
    marked = case((Resident.is_restricted, literal(_MARK) + Resident.full_name), else_=Resident.full_name)
    return type_coerce(marked, OutsideName)


def paper_name(one: Any) -> str:
    """A name as the team reads it on the screen and as it is printed: paper lies about, so there whoever is restricted
    has initials. ``one``: a resident, a referral, or a row with ``name`` and ``paper``."""
    name = one.full_name if hasattr(one, "full_name") else one.name
    if hasattr(one, "full_name"):
        paper = initials(name) if getattr(one, "is_restricted", False) else name
    else:
        paper = one.paper or name
    if name == paper:
        return str(name)
    return Markup(_BOTH).format(name, paper)


def telling(sentence: str, **values: Any) -> str:
    """A translated sentence about people, each named by ``paper_name``: for headings that code puts together."""
    named = {key: one if isinstance(one, int | str) else paper_name(one) for key, one in values.items()}
    return Markup(sentence) % named


def as_printed(text: str) -> str:
    """What is left of a heading on paper, and in the title of a page, which the browser prints and remembers."""
    return Markup(_ON_SCREEN.sub("", str(text)))


def age_on(born_on: date, day: date) -> int:
    """Whole years on a day."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))
