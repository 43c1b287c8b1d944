"""The tabs of a resident's file. Each package states its own; a person sees those whose part the table opens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import url_for

from foyer.caseload import labels as _labels  # noqa: F401  the words of stages and parts
from foyer.caseload.desk import Desk
from foyer.caseload.mine import responsible_staff
from foyer.caseload.rights import Act, Part, parts_open, relation_to
from foyer.caseload.stages import status_line
from foyer.residents.models import Resident, Stay
from foyer.residents.naming import age_on


@dataclass(frozen=True)
class Section:
    key: str
    endpoint: str
    label: Any
    part: Part
    order: int
    icon: str
    act: Act = Act.READ


_SECTIONS: dict[str, Section] = {}


def register_section(
    key: str, endpoint: str, label: Any, part: Part, *, order: int, icon: str = "file", act: Act = Act.READ
) -> None:
    """State a tab of the file: ``endpoint`` takes ``resident_id``; ``label`` is lazy; shown to whoever may do ``act``
    with the part."""
    _SECTIONS[key] = Section(key, endpoint, label, part, order, icon, act)


def stay_that_counts(resident: Resident, desk: Desk) -> Stay | None:
    """The stay of today, else the next one, else the last."""
    running = [stay for stay in resident.stays if stay.arrives_on <= desk.today < stay.leaves_on]
    coming = [stay for stay in resident.stays if stay.arrives_on > desk.today]
    return next(iter(running or coming or resident.stays[-1:]), None)


def file_context(desk: Desk, resident: Resident, current: str) -> dict[str, Any]:
    """What ``caseload/file.html`` shows around every page of a file: who, how old, the status line, who answers for the
    resident, and the tabs that the actor may open (``parts_open``, ``parts_writable``: sets of parts, for links that
    lead further). ``current`` is the key of the page's own tab. Four queries."""
    stay = stay_that_counts(resident, desk)
    who = relation_to(desk, resident.id)
    is_open = parts_open(who)
    shown = (each for each in _SECTIONS.values() if each.part in parts_open(who, each.act))
    tabs = sorted(shown, key=lambda each: each.order)
    return {
        "desk": desk,
        "resident": resident,
        "stay": stay,
        "age": age_on(resident.born_on, desk.today),
        "stages": status_line(resident, stay, desk.today),
        "responsible": responsible_staff(desk, [resident.id]).get(resident.id, []),
        "tabs": [(each, url_for(each.endpoint, resident_id=resident.id), each.key == current) for each in tabs],
        "parts_open": is_open,
        "parts_writable": parts_open(who, Act.WRITE),
    }
