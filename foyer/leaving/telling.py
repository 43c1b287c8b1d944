"""What a new house must know of the time elsewhere that is no record of its own: told on one sheet among the documents.

Referral, competencies, aptitude and days of counselling hang on the lists, staff and sessions of the house that made
them. What both houses teach under the same name becomes a record here; everything is on the sheet, in the words of the
old house. What was said in counselling is on no sheet: docs/decisions/0035. Who referred somebody, and why, is a sheet
of its own: a copy of the file that is handed to the resident leaves papers of referral out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import force_locale
from fpdf import FPDF
from sqlalchemy import select

from foyer.accounts.models import User
from foyer.cycles.print_pdf import FONT, FONTS
from foyer.database import Base, blind_index, db
from foyer.formatting import long_date
from foyer.leaving.travelling import STILL_GIVEN
from foyer.records import flush
from foyer.registers import labels as _labels  # noqa: F401  the words
from foyer.registers.models import MedicineDose, Valuable
from foyer.residences.models import Trade
from foyer.residents.aptitude import MOST, Aptitude
from foyer.residents.attachments import Attachment, AttachmentKind
from foyer.residents.models import Resident
from foyer.words import words

MOST_DAYS = 400  # of counselling, the newest


def add_matched(old: Resident, new: Resident, stays: Mapping[int, int]) -> None:
    """Competencies and aptitudes become records of the new house where it teaches the same trade by name, and lists the
    same competency. What is known here already, of somebody who comes back, keeps the newer word on aptitude."""
    trades = {trade.name_key: trade for trade in _of(Trade, new.residence_id)}
    here = {row.trade_id: row for row in _about(Aptitude, new.id)}
    for row in _about(Aptitude, old.id):
        trade = trades.get(row.trade.name_key)
        known = here.get(trade.id) if trade is not None else None
        if known is not None and known.assessed_on < row.assessed_on:
            known.level, known.assessed_on = row.level, row.assessed_on
        elif trade is not None and known is None:
            db.session.add(
                Aptitude(
                    residence_id=new.residence_id,
                    resident_id=new.id,
                    trade_id=trade.id,
                    level=row.level,
                    assessed_on=row.assessed_on,
                )
            )
    check, competency = _kind("competency_checks"), _kind("competencies")
    known = {(each.trade.name_key, each.title.casefold()): each for each in _of(competency, new.residence_id)}
    reached = {row.competency_id for row in _standing(_about(check, new.id))}
    for row in _standing(_about(check, old.id)):
        same = known.get((row.competency.trade.name_key, row.competency.title.casefold()))
        if same is not None and same.id not in reached and row.stay_id in stays:
            db.session.add(
                check(
                    residence_id=new.residence_id,
                    resident_id=new.id,
                    stay_id=stays[row.stay_id],
                    competency_id=same.id,
                    reached_on=row.reached_on,
                    recorded_by_id=row.recorded_by_id,
                )
            )
    flush()


def add_sheets(old: Resident, new: Resident, sender: str, *, on: date, actor: User) -> list[Attachment]:
    """The sheets among the documents of the new file: what was reached there, and who referred there; none where there
    is nothing to tell."""
    with force_locale("id"):
        about = f"Disalin pada {long_date(on)} saat kepindahan."
        sheets = (
            (AttachmentKind.OTHER, f"Riwayat dari {sender}", _chapters(old, on)),
            (AttachmentKind.REFERRAL, f"Rujukan ke {sender}", _referrals(old)),
        )
        made = []
        for kind, title, told in sheets:
            chapters = [(head, lines) for head, lines in told if lines]
            if chapters:
                made.append(_sheet(new, kind, title, _drawn(title, about, chapters), actor))
    db.session.add_all(made)
    flush()
    return made


def _sheet(new: Resident, kind: AttachmentKind, title: str, content: bytes, actor: User) -> Attachment:
    return Attachment(
        residence_id=new.residence_id,
        resident_id=new.id,
        kind=kind,
        title=title,
        media_type="application/pdf",
        size=len(content),
        digest=blind_index(hashlib.sha256(content).hexdigest()),
        content=content,
        added_by_id=actor.id,
    )


def _referrals(old: Resident) -> Iterable[tuple[str, list[str]]]:
    yield "Rujukan", [_referral(row) for row in _about(_kind("referrals"), old.id)]


def _chapters(old: Resident, on: date) -> Iterable[tuple[str, list[str]]]:
    yield (
        "Kompetensi yang dicapai",
        [
            f"{row.competency.trade.name}: {row.competency.title} ({long_date(row.reached_on)})"
            for row in _standing(_about(_kind("competency_checks"), old.id))
        ],
    )
    yield (
        "Bakat untuk keterampilan",
        [
            f"{row.trade.name}: {row.level} dari {MOST} ({long_date(row.assessed_on)})"
            for row in _about(Aptitude, old.id)
        ],
    )
    yield f"Obat yang dicatat dalam {STILL_GIVEN.days} hari terakhir", _medicines(old, on)
    yield "Barang yang masih disimpan panti asal, untuk diserahkan", _things(old)
    yield "Konseling (hari dan kehadiran saja)", _counselled(old)


def _medicines(old: Resident, on: date) -> list[str]:
    """Each medicine with its dose and when it was last given or offered; both registers may be off in the new house."""
    last: dict[tuple[str, str], Any] = {}
    for row in sorted(_about(MedicineDose, old.id), key=lambda row: row.at):
        if row.struck_at is None and row.at.date() >= on - STILL_GIVEN:
            last[row.medicine, row.dose] = row
    return [
        f"{row.medicine}, {row.dose}: terakhir {long_date(row.at.date())}, {words(row.outcome)}"
        + (f" ({row.note})" if row.note else "")
        for row in last.values()
    ]


def _things(old: Resident) -> list[str]:
    """What the other house has said to hand over, and has not."""
    rows = _about(Valuable, old.id)
    return [row.thing for row in rows if row.back_at is None and row.struck_at is None and not row.is_awaited]


def _referral(row: Any) -> str:
    agency = db.session.get_one(_kind("agencies"), row.agency_id)
    parts = [long_date(row.received_on), agency.name, row.sender_reference, words(row.level), row.reason]
    return "; ".join(str(part) for part in parts if part)


def _counselled(old: Resident) -> list[str]:
    """Day, with whom, and whether somebody came. Two queries."""
    rows = sorted(_about(_kind("counselling_attendances"), old.id), key=lambda row: row.held_on)[-MOST_DAYS:]
    session = _kind("counselling_sessions")
    held = db.session.scalars(select(session).where(session.id.in_([row.session_id for row in rows])))
    standing = {each.id: each for each in held if each.withdrawn_at is None}
    return [
        f"{long_date(row.held_on)}: {words(standing[row.session_id].kind)}, {words(row.presence)}"
        for row in rows
        if row.session_id in standing
    ]


def _kind(table: str) -> Any:
    """The model of a table of a package that stands beside this one."""
    return next(mapper.class_ for mapper in Base.registry.mappers if mapper.local_table.description == table)


def _about(kind: Any, resident_id: int) -> Sequence[Any]:
    return db.session.scalars(select(kind).where(kind.resident_id == resident_id).order_by(kind.id)).all()


def _of(kind: Any, residence_id: int) -> Sequence[Any]:
    return db.session.scalars(select(kind).where(kind.residence_id == residence_id)).all()


def _standing(rows: Iterable[Any]) -> list[Any]:
    return [row for row in rows if row.withdrawn_at is None]


def _drawn(title: str, about: str, chapters: Sequence[tuple[str, list[str]]]) -> bytes:
    paper = FPDF("portrait", "mm", "A4")
    paper.set_title(title)
    paper.set_lang("id")
    paper.set_margins(22, 20, 22)
    paper.set_auto_page_break(True, 18)
    paper.add_font(FONT, "", FONTS / "DejaVuSansCondensed.ttf")
    paper.add_font(FONT, "B", FONTS / "DejaVuSansCondensed-Bold.ttf")
    paper.add_page()
    _line(paper, title, 15)
    _line(paper, about)
    for head, lines in chapters:
        paper.ln(4)
        _line(paper, head, 12)
        for line in lines:
            _line(paper, line)
    return bytes(paper.output())


def _line(paper: FPDF, text: str, size: int = 0) -> None:
    paper.set_font(FONT, "B" if size else "", size or 10)
    paper.multi_cell(0, 5.2 if not size else 7, text, new_x="LMARGIN", new_y="NEXT")
