"""What somebody asks to see of a caseload: whom, in which order, and which page of each of its lists."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import request
from flask_babel import gettext as _

from foyer.caseload.dues import Due
from foyer.counselling.caseload import Caseload, CaseloadRow
from foyer.counselling.forms import CaseloadForm
from foyer.paging import Paged, asked_page, cut

DUES, PEOPLE = 15, 20  # of a list at a time

_LAST = date.max.toordinal()
_ORDERS: dict[str, Callable[[CaseloadRow], Any]] = {
    "due": lambda row: row.next_due.due_on.toordinal() if row.next_due else _LAST,
    "name": lambda row: row.resident.name_key,
    "stage": lambda row: row.stay.independence_stage if row.stay else 0,
    "contact": lambda row: row.last_contact.toordinal() if row.last_contact else 0,
}


@dataclass(frozen=True)
class Shown:
    """A caseload as it is asked for. What is overdue is all there, the longest first, a page of it at a time."""

    late: Paged[Due]
    soon: Paged[Due]
    people: Paged[CaseloadRow]
    form: CaseloadForm
    sort: str
    is_descending: bool
    is_narrowed: bool

    @property
    def sorts(self) -> list[tuple[str, str]]:
        return [("due", _("Next due")), ("name", _("Name")), ("stage", _("Stage")), ("contact", _("Last contact"))]


def as_asked(caseload: Caseload) -> Shown:
    """What the address of this page asks for."""
    form = CaseloadForm(request.args)
    sort = request.args.get("sort", "")
    sort = sort if sort in _ORDERS else "due"
    descending = request.args.get("order") == "desc"
    rows = [row for row in caseload.rows if _wanted(row, form, caseload.today)]
    rows.sort(key=_ORDERS[sort], reverse=descending)  # of equals, whoever is most overdue stands first
    return Shown(
        cut(caseload.late, asked_page("late"), DUES),
        cut(caseload.soon, asked_page("soon"), DUES),
        cut(rows, asked_page(), PEOPLE),
        form,
        sort,
        descending,
        bool(form.who.data or form.stage.data),
    )


def _wanted(row: CaseloadRow, form: CaseloadForm, today: date) -> bool:
    if form.stage.data and (row.stay is None or row.stay.independence_stage != form.stage.data):
        return False
    if form.who.data == "late":
        return row.next_due is not None and row.next_due.days_late(today) > 0
    return bool(row.flags) if form.who.data == "flags" else True
