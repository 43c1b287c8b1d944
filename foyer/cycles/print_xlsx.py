"""A plan as a workbook: residents, classes, rooms, counsellors and weeks, each on a sheet of its own. Names and places
only, as on paper; a cell that looks like a formula is text."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _
from openpyxl import Workbook

from foyer.cycles.prints import Printed, Sheet, sheets_of
from foyer.cycles.weeks import group_title
from foyer.formatting import time_range, weekday_name
from foyer.sheets import bytes_of, empty_book, fill


def workbook_of(printed: Printed) -> bytes:
    """The file's bytes."""
    book = empty_book()
    _residents(book, printed)
    _listed(book, _("Classes"), (_("Class"), _("Name")), sheets_of(printed, "classes"), column=1)
    _rooms(book, printed)
    _counsellors(book, printed)
    _weeks(book, printed)
    return bytes_of(book)


def _residents(book: Workbook, printed: Printed) -> None:
    rooms: dict[int, list[str]] = {}
    for one in printed.lodgings:
        rooms.setdefault(one.enrolment_id, []).append(f"{one.room.code}.{one.bed}")
    rows = []
    for one_id, name in printed.people.items():
        groups = printed.seats.get(one_id, [])
        classes = ", ".join(group_title(group) for group in groups if group.trade_id is not None)
        education = ", ".join(group_title(group) for group in groups if group.trade_id is None)
        rows.append((name, classes, education, printed.counsellors.get(one_id, ""), ", ".join(rooms.get(one_id, []))))
    head = (_("Name"), _("Class"), _("Education group"), _("Counsellor"), _("Room and bed"))
    fill(book.create_sheet(_("Residents")), head, rows)


def _listed(book: Workbook, title: str, head: tuple[str, ...], sheets: Iterable[Sheet], *, column: int) -> None:
    """Each sheet's people below one another, with the sheet's own name first."""
    rows = [(sheet.title, row[column]) for sheet in sheets for row in sheet.tables[-1].rows]
    fill(book.create_sheet(title), head, rows)


def _rooms(book: Workbook, printed: Printed) -> None:
    rows = [(sheet.title, *row) for sheet in sheets_of(printed, "rooms") for row in sheet.tables[0].rows]
    fill(book.create_sheet(_("Rooms")), (_("Room"), _("Bed"), _("Name"), _("Nights")), rows)


def _counsellors(book: Workbook, printed: Printed) -> None:
    rows = sorted((name, printed.people[one]) for one, name in printed.counsellors.items() if one in printed.people)
    fill(book.create_sheet(_("Counsellors")), (_("Counsellor"), _("Name")), rows)


def _weeks(book: Workbook, printed: Printed) -> None:
    rows = []
    for meeting in sorted(printed.meetings, key=lambda one: (one.weekday, one.start_minute, one.group.code)):
        rows.append(
            (
                weekday_name(meeting.weekday),
                time_range(meeting.start_minute, meeting.end_minute),
                group_title(meeting.group),
                meeting.venue.name if meeting.venue else "",
                meeting.instructor.full_name if meeting.instructor else "",
            )
        )
    head = (_("Day"), _("Hours"), _("Class"), _("Place"), _("Instructor or tutor"))
    fill(book.create_sheet(_("Weeks")), head, rows)
