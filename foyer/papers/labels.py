"""The words of this package's enumerations, and what stands on paper whatever the reader's language."""

from __future__ import annotations

from datetime import date

import babel.dates
from flask_babel import lazy_gettext as _l

from foyer.papers.models import PaperKind
from foyer.words import name_members

name_members(
    {
        PaperKind.SOCIAL_REPORT: _l("Social report"),
        PaperKind.PROGRESS: _l("Progress report"),
        PaperKind.REFERRAL: _l("Letter of referral"),
        PaperKind.LEAVE: _l("Leave permit"),
        PaperKind.CERTIFICATE: _l("Certificate"),
    }
)

CODES = {
    PaperKind.SOCIAL_REPORT: "LS",
    PaperKind.PROGRESS: "RP",
    PaperKind.REFERRAL: "SR",
    PaperKind.LEAVE: "SI",
    PaperKind.CERTIFICATE: "ST",
}
FILE_NAMES = {
    PaperKind.SOCIAL_REPORT: "laporan-sosial",
    PaperKind.PROGRESS: "rapor-perkembangan",
    PaperKind.REFERRAL: "surat-rujukan",
    PaperKind.LEAVE: "surat-izin",
    PaperKind.CERTIFICATE: "sertifikat",
}
USUAL_PATTERN = "{nomor}/{kode}/{bulan}/{tahun}"
_MONTHS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")


def number_text(pattern: str, *, sequence: int, kind: PaperKind, on: date) -> str:
    """A number as the house writes it. The pattern's marks: ``{nomor}`` (three digits), ``{kode}``, ``{bulan}``
    (Roman), ``{tahun}``; anything else stays as it is."""
    text = pattern or USUAL_PATTERN
    parts = {
        "{nomor}": f"{sequence:03d}",
        "{kode}": CODES[kind],
        "{bulan}": _MONTHS[on.month - 1],
        "{tahun}": str(on.year),
    }
    for mark, part in parts.items():
        text = text.replace(mark, part)
    return text


def paper_date(day: date | None) -> str:
    """13 Januari 2027, on paper always in Indonesian; nothing for none."""
    return babel.dates.format_date(day, "d MMMM y", locale="id") if day else ""
