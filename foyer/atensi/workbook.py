"""The report as a workbook with one table: those of several houses and cycles lie below one another."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from foyer.atensi.services import Reported
from foyer.cycles.labels import cycle_name
from foyer.cycles.models import Cycle
from foyer.residences.models import Residence
from foyer.sheets import bytes_of, empty_book, fill
from foyer.words import words


def workbook_of(residence: Residence, cycle: Cycle, rows: Sequence[Reported]) -> bytes:
    """The file's bytes: for each component how many residents it reached, and a line for each of its services."""
    lines: list[list[str | int]] = []
    for row in rows:
        lines.append([words(row.component), _("all services"), row.residents, ""])
        lines += [[words(row.component), words(one), each.residents, each.times] for one, each in row.services.items()]
    where = [residence.name, cycle_name(cycle)]
    head = (_("House"), _("Cycle"), _("Component"), _("Service"), _("Residents"), _("How often"))
    book = empty_book()
    fill(book.create_sheet("ATENSI"), head, [[*where, *line] for line in lines])
    return bytes_of(book)
