"""The certificate of a destroyed file (berita acara pemusnahan) as a PDF, in Indonesian like every paper of a house."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import force_locale
from fpdf import FPDF

from foyer.cycles.print_pdf import FONT, FONTS
from foyer.database import Base
from foyer.history.subjects import OTHER_SUBJECT, SUBJECTS
from foyer.leaving.destroying import number_of
from foyer.leaving.destruction_models import Destruction
from foyer.papers.labels import paper_date
from foyer.papers.models import PaperSettings


def told_kinds(counts: list[list[Any]]) -> list[tuple[str, int]]:
    """Kinds of records in words, and how many; kinds without words of their own are counted together."""
    kinds = {mapper.local_table.description: mapper.class_.__name__ for mapper in Base.registry.mappers}
    found: dict[str, int] = {}
    for table, count in counts:
        words = str(SUBJECTS.get(kinds.get(table, ""), OTHER_SUBJECT))
        found[words] = found.get(words, 0) + int(count)
    return sorted(found.items())


def certificate_of(row: Destruction, house: str, settings: PaperSettings, time_zone: str) -> bytes:
    """The PDF's bytes."""
    assert row.confirmed_at is not None
    day = row.confirmed_at.astimezone(ZoneInfo(time_zone))
    with force_locale("id"):
        erased, kept = told_kinds(row.erased), told_kinds(row.kept)
    paper = FPDF("portrait", "mm", "A4")
    paper.set_title(f"Berita acara pemusnahan {number_of(row)}")
    paper.set_lang("id")
    paper.set_margins(25, 20, 25)
    paper.set_auto_page_break(True, 20)
    paper.add_font(FONT, "", FONTS / "DejaVuSansCondensed.ttf")
    paper.add_font(FONT, "B", FONTS / "DejaVuSansCondensed-Bold.ttf")
    paper.add_page()
    for line in (settings.authority, house, settings.address):
        if line:
            _line(paper, line, bold=line == house, centred=True)
    paper.ln(6)
    what = "BERKAS" if row.resident_id else "CATATAN RUJUKAN"
    _line(paper, f"BERITA ACARA PEMUSNAHAN {what}", bold=True, centred=True)
    _line(paper, f"Nomor {number_of(row)}", centred=True)
    paper.ln(6)
    for text in _sentences(row, paper_date(day.date()), f"{day:%H.%M}"):
        _line(paper, text)
        paper.ln(2)
    _line(paper, "Yang dimusnahkan:", bold=True)
    for words, count in erased:
        _line(paper, f"{words}: {count}")
    if kept:
        paper.ln(2)
        _line(paper, "Yang tetap disimpan karena juga memuat orang lain:", bold=True)
        for words, count in kept:
            _line(paper, f"{words}: {count}")
    paper.ln(8)
    _line(paper, f"{settings.place + ', ' if settings.place else ''}{paper_date(day.date())}")
    paper.ln(4)
    _line(paper, f"Mengusulkan: {row.proposed_by.display_name}")
    paper.ln(14)
    _line(paper, f"Melaksanakan: {row.confirmed_by.display_name if row.confirmed_by else ''}")
    return bytes(paper.output())


def _sentences(row: Destruction, day: str, hour: str) -> list[str]:
    if row.decided_before is not None:
        return [
            f"Pada tanggal {day} pukul {hour} telah dimusnahkan catatan tentang rujukan dan penjangkauan orang yang "
            f"tidak pernah diterima di panti, yang ditutup sebelum {paper_date(row.decided_before)}; yang paling awal "
            f"{paper_date(row.first_on)}, yang terakhir {paper_date(row.last_on)}.",
            f"Dasar: {row.rule}. Rujukan yang ditangguhkan pemusnahannya tetap disimpan.",
            "Semua tulisan tentang orangnya telah dihapus dari basis data, termasuk nama, nomor identitas, alasan, "
            "jawaban kepada perujuk, dan isi jejak perubahan. Yang tinggal hanyalah nomor register dan angka untuk "
            "statistik tanpa nama. Catatan ini tidak dapat dikembalikan. Salinan cadangan yang dibuat sebelumnya masih "
            "memuatnya sampai salinan itu sendiri dihapus menurut aturan panti.",
        ]
    return [
        f"Pada tanggal {day} pukul {hour} telah dimusnahkan satu berkas penerima manfaat dengan nomor berkas "
        f"{row.resident_id}, yang memuat masa tinggal antara {paper_date(row.first_on)} dan "
        f"{paper_date(row.last_on)}.",
        f"Dasar: {row.rule}. Masa simpan berakhir pada {paper_date(row.due_since)}. Tidak ada penangguhan hukum atas "
        f"berkas ini pada saat pemusnahan.",
        "Semua tulisan dan berkas tentang orangnya telah dihapus dari basis data, termasuk nama, nomor identitas, "
        "catatan, dokumen, foto, akun, dan isi jejak perubahan. Yang tinggal hanyalah angka untuk statistik tanpa "
        "nama. Berkas ini tidak dapat dikembalikan. Salinan cadangan yang dibuat sebelumnya masih memuatnya sampai "
        "salinan itu sendiri dihapus menurut aturan panti.",
    ]


def _line(paper: FPDF, text: str, *, bold: bool = False, centred: bool = False) -> None:
    paper.set_font(FONT, "B" if bold else "", 10.5)
    paper.multi_cell(0, 5.5, text, align="C" if centred else "L", new_x="LMARGIN", new_y="NEXT")
