"""The pages of a resident's file, by subject. Each package states its own; a person sees those whose part the table
opens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l

from foyer.caseload import labels as _labels  # noqa: F401  the words of stages and parts
from foyer.caseload.desk import Desk
from foyer.caseload.mine import responsible_staff
from foyer.caseload.rights import Act, Part, parts_open, relation_to
from foyer.caseload.stages import status_line
from foyer.residents.models import Resident, Stay
from foyer.residents.naming import age_on
from foyer.words import name_members, words

# Somebody who may open no more pages than these sees them in one row, without subjects.
FEW = 6


class Subject(StrEnum):
    """What pages of a file belong together, in the order in which a service runs."""

    OVERVIEW = "overview"
    PERSON = "person"
    PLANNING = "planning"
    GUIDANCE = "guidance"
    GROWTH = "growth"
    END = "end"
    RECORDS = "records"


name_members(
    {
        Subject.OVERVIEW: _l("Overview"),
        Subject.PERSON: _l("Person"),
        Subject.PLANNING: _l("Planning"),
        Subject.GUIDANCE: _l("Guidance"),
        Subject.GROWTH: _l("Growth"),
        Subject.END: _l("End of service"),
        Subject.RECORDS: _l("Records"),
    }
)
_ORDER = list(Subject)


@dataclass(frozen=True)
class Section:
    key: str
    endpoint: str
    label: Any
    part: Part
    subject: Subject
    order: int
    act: Act = Act.READ


@dataclass(frozen=True)
class Tab:
    """A link to a page of the file."""

    label: Any
    url: str
    is_current: bool


@dataclass(frozen=True)
class TabGroup:
    """The pages of one subject that somebody may open; where it is one, its label is the page's."""

    label: Any
    tabs: Sequence[Tab]

    @property
    def url(self) -> str:
        """Where the subject begins."""
        return self.tabs[0].url

    @property
    def is_current(self) -> bool:
        return any(tab.is_current for tab in self.tabs)


_SECTIONS: dict[str, Section] = {}


def register_section(
    key: str, endpoint: str, label: Any, part: Part, *, subject: Subject, order: int, act: Act = Act.READ
) -> None:
    """State a page of the file: ``endpoint`` takes ``resident_id``; ``label`` is lazy; shown to whoever may do ``act``
    with the part, in its subject by ``order``."""
    _SECTIONS[key] = Section(key, endpoint, label, part, subject, order, act)


def _tab_groups(shown: Sequence[Section], resident_id: int, current: str) -> list[TabGroup]:
    """The pages by subject; few of them stand alone."""
    by_subject = sorted(shown, key=lambda each: (_ORDER.index(each.subject), each.order))
    groups = []
    for key, sections in groupby(by_subject, key=lambda each: each.key if len(shown) <= FEW else each.subject):
        tabs = [
            Tab(each.label, url_for(each.endpoint, resident_id=resident_id), each.key == current) for each in sections
        ]
        groups.append(TabGroup(words(key) if isinstance(key, Subject) and len(tabs) > 1 else tabs[0].label, tabs))
    return groups


def stay_that_counts(resident: Resident, desk: Desk) -> Stay | None:
    """The stay of today, else the next one, else the last."""
    running = [stay for stay in resident.stays if stay.arrives_on <= desk.today < stay.leaves_on]
    coming = [stay for stay in resident.stays if stay.arrives_on > desk.today]
    return next(iter(running or coming or resident.stays[-1:]), None)


def file_context(desk: Desk, resident: Resident, current: str) -> dict[str, Any]:
    """What ``caseload/file.html`` shows around every page of a file: who, how old, the status line, who answers for the
    resident, and the pages that the actor may open, by subject (``parts_open``, ``parts_writable``: sets of parts, for
    links that lead further). ``current`` is the key of the page's own tab. Four queries."""
    stay = stay_that_counts(resident, desk)
    who = relation_to(desk, resident.id)
    is_open = parts_open(who)
    shown = [each for each in _SECTIONS.values() if each.part in parts_open(who, each.act)]
    return {
        "desk": desk,
        "resident": resident,
        "stay": stay,
        "age": age_on(resident.born_on, desk.today),
        "stages": status_line(resident, stay, desk.today),
        "responsible": responsible_staff(desk, [resident.id]).get(resident.id, []),
        "tab_groups": _tab_groups(shown, resident.id, current),
        "parts_open": is_open,
        "parts_writable": parts_open(who, Act.WRITE),
    }
