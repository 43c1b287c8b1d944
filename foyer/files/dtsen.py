"""Where the residents stand in the national social data (DTSEN, Inpres 4/2025), and the list that the office checks by
identity number. Nothing is ranked by it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select

from foyer.audit.services import record
from foyer.caseload.desk import Desk
from foyer.database import db
from foyer.residents.models import DtsenStatus, Resident, Stay, in_sight
from foyer.sheets import bytes_of, empty_book, fill
from foyer.words import words


@dataclass(frozen=True)
class DtsenList:
    """Of this list: nothing but its name in the trail."""

    id: int
    residence_id: int


@dataclass(frozen=True)
class Overview:
    """How many of those who live here have which status (None: not known); how many have no identity number yet, and
    how many are restricted: neither stand in the list."""

    by_status: dict[DtsenStatus | None, int]
    without_nik: int
    restricted: int
    listed: int


def living_here(desk: Desk) -> Sequence[Resident]:
    """Who lives in the house today, by name. One query."""
    here = select(Stay.resident_id).where(
        Stay.arrives_on <= desk.today, Stay.leaves_on > desk.today, Stay.elsewhere.is_(None)
    )
    query = select(Resident).where(in_sight(), Resident.id.in_(here)).order_by(Resident.name_key, Resident.id)
    return db.session.scalars(query).all()


def overview(rows: Sequence[Resident]) -> Overview:
    """The figures of the page."""
    by_status = Counter(row.dtsen for row in rows)
    return Overview(
        by_status={status: by_status[status] for status in (*DtsenStatus, None)},
        without_nik=sum(not row.nik for row in rows),
        restricted=sum(row.is_restricted for row in rows),
        listed=len(_listed(rows)),
    )


def take_list(rows: Sequence[Resident]) -> bytes:
    """The workbook's bytes: one line for each resident with an identity number. The restricted are left out (UU 11/2012
    art. 19): what the office needs of them goes with a copy of their own file. That each number was taken out of the
    house stands in the trail of that file."""
    lines = []
    for row in _listed(rows):
        status = words(row.dtsen) if row.dtsen else _("not known")
        born_on = row.born_on.isoformat()
        lines.append([row.nik or "", row.full_name, words(row.gender), row.birth_place or "", born_on, status])
        record("exported", DtsenList(row.id, row.residence_id), resident_id=row.id)
    head = (_("Identity number (NIK)"), _("Name"), _("Gender"), _("Place of birth"), _("Born on"), _("Status in DTSEN"))
    book = empty_book()
    fill(book.create_sheet("DTSEN"), head, lines)
    return bytes_of(book)


def _listed(rows: Sequence[Resident]) -> list[Resident]:
    return [row for row in rows if row.nik and not row.is_restricted]
