"""What a cycle needs and what there is, in words, each line with the page on which it is changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from foyer.cycles.balance import Balance
from foyer.cycles.models import Cycle
from foyer.formatting import number

_LINES = {  # code: what is counted, the page on which it is changed
    "beds": (_l("Beds"), "residences.rooms"),
    "class_places": (_l("Places in classes"), "cycles.groups"),
    "education_places": (_l("Places in education groups"), "cycles.groups"),
    "counsellor_places": (_l("Places with counsellors"), "residences.staff"),
    "counselling_hours": (_l("Hours of counselling a week"), "residences.staff"),
    "teaching_hours": (_l("Hours of teaching a week"), "residences.staff"),
    "wishes": (_l("Residents who have chosen"), "residents.wish_list"),
}


@dataclass(frozen=True, slots=True)
class BalanceLine:
    label: str
    url: str
    needed: str
    there: str
    is_short: bool


def balance_lines(balance: Sequence[Balance], cycle: Cycle) -> list[BalanceLine]:
    """Every line in words."""
    return [_line(entry, cycle) for entry in balance]


def _line(entry: Balance, cycle: Cycle) -> BalanceLine:
    label, endpoint = _LINES[entry.code]
    of_cycle = endpoint.startswith("cycles.") or endpoint == "residents.wish_list"
    url = url_for(endpoint, cycle_id=cycle.id) if of_cycle else url_for(endpoint)
    return BalanceLine(str(label), url, _figure(entry, entry.needed), _figure(entry, entry.there), entry.is_short)


def _figure(entry: Balance, count: int) -> str:
    return ngettext("%(num)s hour", "%(num)s hours", count) if entry.is_hours else number(count)
