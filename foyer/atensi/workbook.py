"""The report as a workbook with one sheet, as an office puts several houses' together."""

from __future__ import annotations

import io
from collections.abc import Sequence

from flask_babel import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Font

from foyer.atensi.services import Reported
from foyer.cycles.models import Cycle
from foyer.formatting import short_date
from foyer.residences.models import Residence
from foyer.words import words

_WIDTHS = (52, 46, 14, 14)


def workbook_of(residence: Residence, cycle: Cycle, rows: Sequence[Reported]) -> bytes:
    """The file's bytes: a line for each service below its component, and for each component how many residents it
    reached."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "ATENSI"
    sheet.append([residence.name])
    sheet.append([_("Cycle from %(first)s", first=short_date(cycle.starts_on))])
    sheet.append([_("Component"), _("Service"), _("Residents"), _("How often")])
    for row in rows:
        sheet.append([words(row.component), "", row.residents, ""])
        for service, figure in row.services.items():
            sheet.append(["", words(service), figure.residents, figure.times])
    for number, line in enumerate(sheet.iter_rows(), start=1):
        for cell in line:
            if isinstance(cell.value, str):
                cell.data_type = "s"  # never a formula, whatever a house is called
            cell.font = Font(bold=number <= 3 or bool(line[0].value))
    for column, width in zip("ABCD", _WIDTHS, strict=True):
        sheet.column_dimensions[column].width = width
    sheet.freeze_panes = "A4"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
