"""The demonstration's workbook comes in as a manager would bring it in: import, correct what waits, import again."""

from __future__ import annotations

import io
from datetime import date, datetime
from importlib.resources import files
from typing import Any

from openpyxl import load_workbook
from sqlalchemy import func, select

from foyer.database import db
from foyer.residences.models import Residence, Trade
from foyer.workbooks import services
from foyer.workbooks.messages import write_corrections
from foyer.workbooks.models import UploadState, WorkbookUpload

FILE = "taruna-2027-1.xlsx"

# The five planted problems, by the resident's number: the heading of the cell, and what is right. Birth dates and the
# gender are what the identity numbers say; the trade is one of those that the house teaches. None: the row goes.
CORRECTIONS: dict[int, tuple[str, Any] | None] = {
    8: ("Pilihan 1", "Otomotif"),
    16: ("Tgl Lahir", datetime(2008, 1, 11)),
    23: ("L/P", "L"),
    32: ("Tgl Lahir", datetime(2009, 5, 30)),
    113: None,
}

# What one learns in each trade: the house's own words, for those who choose.
DESCRIPTIONS = {
    "Otomotif Sepeda Motor": "Merawat dan memperbaiki sepeda motor: ganti oli, rem, kelistrikan, sampai bongkar mesin.",
    "Pengelasan": "Menyambung besi dan membuat pagar, teralis, dan rangka. Kamu bekerja dengan alat pelindung.",
    "Teknik Pendingin (AC)": "Memasang, membersihkan, dan memperbaiki AC dan kulkas.",
    "Servis Telepon Seluler": "Memperbaiki HP: ganti layar dan baterai, solder halus, dan pasang ulang sistem.",
    "Menjahit": "Mengukur, membuat pola, memotong kain, dan menjahit pakaian dengan mesin.",
    "Tata Boga": "Memasak, membuat kue dan roti, menghitung biaya, dan menjual hasilnya.",
    "Tata Rias / Salon": "Menggunting dan menata rambut, merawat kulit, dan merias wajah.",
    "Komputer dan Desain": "Mengetik dan berhitung di komputer, membuat poster, dan dasar-dasar desain.",
    "Meubel Kayu": "Mengukur, menggergaji, dan merakit kayu menjadi meja, kursi, dan lemari.",
}


def original() -> bytes:
    """The workbook as the house keeps it."""
    return files("foyer.demo").joinpath(FILE).read_bytes()


def corrected(waiting: bytes) -> bytes:
    """The workbook of what waits, its five problems put right."""
    book = load_workbook(io.BytesIO(waiting))
    for sheet in book.worksheets:
        heads = next((row for row in sheet.iter_rows() if any(cell.value == "Nama Lengkap" for cell in row)), None)
        if heads is None:
            continue
        column_of = {str(cell.value): cell.column for cell in heads if cell.value}
        for row in range(sheet.max_row, int(heads[0].row or 0), -1):
            number = int(str(sheet.cell(row, column_of["No"]).value or 0))
            if number not in CORRECTIONS:
                continue
            correction = CORRECTIONS[number]
            if correction is None:
                sheet.delete_rows(row)
            else:
                sheet.cell(row, column_of[correction[0]]).value = correction[1]
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def bring_in(residence: Residence, actor_id: int) -> date | None:
    """Import the workbook and what waited, as far as that has not been done. Commits after each of the two; gives the
    start of the cycle, or None where all was there already."""
    done = db.session.scalar(
        select(func.count()).select_from(WorkbookUpload).where(WorkbookUpload.state == UploadState.IMPORTED)
    )
    if done and done >= 2:
        return None
    first = _import(residence, original(), FILE, actor_id)
    second = _import(residence, corrected(services.corrections_of(first)), f"perbaikan-{FILE}", actor_id)
    _describe_trades()
    return second.starts_on


def _describe_trades() -> None:
    """What residents read before they choose. Commits."""
    for trade in db.session.scalars(select(Trade)):
        trade.description = DESCRIPTIONS.get(trade.name, trade.description)
    db.session.commit()


def _import(residence: Residence, data: bytes, filename: str, actor_id: int) -> WorkbookUpload:
    upload = services.keep_upload(residence=residence, data=data, filename=filename, actor_id=actor_id)
    services.import_upload(residence, upload, shown=None, write_corrections=write_corrections)
    db.session.commit()
    return upload
