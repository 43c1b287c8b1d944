"""The templates that Foyer brings along, one for each kind of document: made here, downloaded, changed in a word
processor and uploaded again by a house that wants its own. Documents are in Indonesian, whoever reads the pages."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from foyer.papers.models import PaperKind
from foyer.wording import reword, words_here

FONT = "Arial"  # every word processor has it or one of the same widths


def built_in(kind: PaperKind) -> bytes:
    """The template's bytes, with the words with which sentences are read at present: the house's own."""
    return _written(kind, tuple(sorted(words_here().items())))


@lru_cache(maxsize=64)
def _written(kind: PaperKind, chosen: tuple[tuple[str, str], ...]) -> bytes:
    paper = _Template(dict(chosen))
    _WRITERS[kind](paper)
    out = io.BytesIO()
    paper.document.save(out)
    return out.getvalue()


class _Template:
    """A page that is written from top to bottom."""

    def __init__(self, chosen: Mapping[str, str]) -> None:
        """``chosen``: the house's words, by term."""
        self._chosen = chosen
        self.document: Any = Document()
        section = self.document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.left_margin = section.right_margin = Mm(25)
        section.top_margin, section.bottom_margin = Mm(18), Mm(20)
        normal = self.document.styles["Normal"]
        normal.font.name, normal.font.size = FONT, Pt(11)
        normal.paragraph_format.space_after = Pt(4)
        for name, size in (("Title", 15), ("Heading 1", 12)):
            style = self.document.styles[name]
            style.font.name, style.font.size, style.font.bold = FONT, Pt(size), True
            style.font.color.rgb = None
            style.element.rPr.rFonts.attrib.clear()
            style.element.rPr.rFonts.set(qn("w:ascii"), FONT)
            style.element.rPr.rFonts.set(qn("w:hAnsi"), FONT)
        self.document.core_properties.author = ""
        self.document.core_properties.comments = ""

    def _say(self, text: str) -> str:
        return reword(text, "id", self._chosen)

    def letterhead(self) -> None:
        for text, size, bold in (("instansi", 11, False), ("panti", 14, True), ("alamat_panti", 9, False)):
            self._if(text)
            run = self.line("{{ " + text + " }}", ALIGN.CENTER).runs[0]
            run.font.size, run.bold = Pt(size), bold
            self._end()
        rule = self.line("")
        border = OxmlElement("w:pBdr")
        bottom = OxmlElement("w:bottom")
        for name, value in (("val", "single"), ("sz", "12"), ("space", "1"), ("color", "1C2733")):
            bottom.set(qn(f"w:{name}"), value)
        border.append(bottom)
        rule._p.get_or_add_pPr().append(border)

    def title(self, text: str, *, with_number: bool = True) -> None:
        paragraph = self.document.add_paragraph(style="Title")
        paragraph.alignment = ALIGN.CENTER
        for old in paragraph.style.element.findall(f".//{qn('w:pBdr')}"):
            old.getparent().remove(old)
        paragraph.add_run(self._say(text))
        if with_number:
            self.line("Nomor: {{ nomor_surat }}", ALIGN.CENTER)
        self.line("")

    def heading(self, text: str) -> None:
        self.document.add_paragraph(self._say(text), style="Heading 1")

    def line(self, text: str, align: Any = None) -> Any:
        paragraph = self.document.add_paragraph(self._say(text))
        if align is not None:
            paragraph.alignment = align
        return paragraph

    def text(self, name: str, heading: str) -> None:
        """A typed text below its heading; both are left out where it is empty."""
        self._if(name)
        self.heading(heading)
        self.line("{{ " + name + " }}", ALIGN.JUSTIFY)
        self._end()

    def facts(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Label and value in rows; a row whose first field is empty is left out."""
        table = self.document.add_table(rows=0, cols=2)
        table.autofit = False
        for label, value in pairs:
            name = value.split("{{", 1)[1].split("}}", 1)[0].strip()
            table.add_row().cells[0].text = "{%tr if " + name + " %}"
            row = table.add_row()
            row.cells[0].text, row.cells[1].text = self._say(label), ": " + value
            table.add_row().cells[0].text = "{%tr endif %}"
        for row in table.rows:
            row.cells[0].width, row.cells[1].width = Mm(50), Mm(110)

    def table(self, name: str, heading: str, columns: Sequence[tuple[str, str, int]]) -> None:
        """A list of the document as a table; left out where the list is empty."""
        self._if(name)
        self.heading(heading)
        table = self.document.add_table(rows=1, cols=len(columns), style="Table Grid")
        table.autofit = False
        for cell, (title, _part, _width) in zip(table.rows[0].cells, columns, strict=True):
            cell.text = ""
            cell.paragraphs[0].add_run(self._say(title)).bold = True
        table.add_row().cells[0].text = "{%tr for baris in " + name + " %}"
        row = table.add_row()
        for cell, (_title, part, _width) in zip(row.cells, columns, strict=True):
            cell.text = "{{ baris." + part + " }}"
        table.add_row().cells[0].text = "{%tr endfor %}"
        for row in table.rows:
            for cell, (_title, _part, width) in zip(row.cells, columns, strict=True):
                cell.width = Mm(width)
        self.line("")
        self._end()

    def signature(self) -> None:
        self.line("")
        for text in ("{{ tempat }}{% if tempat %}, {% endif %}{{ tanggal }}", "{{ jabatan }}", "", "", ""):
            self._right(text)
        self._right("{{ penandatangan }}").runs[0].bold = True
        self._if("nip")
        self._right("NIP {{ nip }}")
        self._end()

    def _right(self, text: str) -> Any:
        paragraph = self.line(text)
        section = self.document.sections[0]
        width = section.page_width - section.left_margin - section.right_margin
        paragraph.paragraph_format.left_indent = width - Mm(70)
        paragraph.paragraph_format.space_after = Pt(0)
        paragraph.paragraph_format.keep_with_next = True
        return paragraph

    def _if(self, name: str) -> None:
        self.line("{%p if " + name + " %}")

    def _end(self) -> None:
        self.line("{%p endif %}")


_BIRTH = "{{ tempat_lahir }}{% if tempat_lahir %}, {% endif %}{{ tanggal_lahir }}"
_WHO = (
    ("Nama", "{{ nama }}"),
    ("Tempat, tanggal lahir", "{{ tanggal_lahir }}"),
    ("Umur", "{{ umur }} tahun"),
    ("Jenis kelamin", "{{ jenis_kelamin }}"),
)
_STAY = (
    ("Masa layanan", "{{ tanggal_masuk }} sampai {{ tanggal_keluar }}"),
    ("Pendidikan terakhir", "{{ pendidikan }}"),
    ("Siklus", "{{ siklus }}"),
    ("Keterampilan", "{{ keterampilan }}"),
    ("Pekerja sosial", "{{ konselor }}"),
    ("Tahap kemandirian", "{{ tahap }} dari 4"),
)
_ASSESSED = (
    ("Ranah", "ranah", 36),
    ("Awal{% if asesmen_awal %}, {{ asesmen_awal }}{% endif %}", "awal", 62),
    ("Terakhir{% if asesmen_terakhir %}, {{ asesmen_terakhir }}{% endif %}", "terakhir", 62),
)
_GOALS = (("Tujuan", "tujuan", 50), ("Langkah", "langkah", 72), ("Kemajuan", "kemajuan", 38))
_ATTENDED = (("Keterangan", "keterangan", 80), ("Jumlah pertemuan", "jumlah", 80))
_LEARNT = (("Kompetensi", "nama", 110), ("Tercapai pada", "tanggal", 50))


def _who(*, with_stay: Sequence[tuple[str, str]] = ()) -> list[tuple[str, str]]:
    return [(label, _BIRTH if value == "{{ tanggal_lahir }}" else value) for label, value in (*_WHO, *with_stay)]


def _social_report(paper: _Template) -> None:
    paper.letterhead()
    paper.title("LAPORAN SOSIAL")
    paper.facts([("Kepada", "{{ kepada }}"), ("Alamat", "{{ alamat_tujuan }}"), ("Keperluan", "{{ keperluan }}")])
    paper.heading("Identitas")
    paper.facts([*_who(), ("NIK", "{{ nik }}"), ("Agama", "{{ agama }}")])
    paper.heading("Layanan di panti")
    paper.facts([*_STAY, ("Pertemuan konseling", "{{ jumlah_konseling }}, terakhir {{ konseling_terakhir }}")])
    paper.table(
        "keluarga", "Keluarga dan wali", (("Nama", "nama", 70), ("Hubungan", "hubungan", 45), ("Kontak", "kontak", 45))
    )
    paper.table("jenis_ppks", "Jenis PPKS", (("Jenis", "nama", 110), ("Diverifikasi pada", "tanggal", 50)))
    paper.text("latar_belakang", "Latar belakang")
    paper.text("keadaan", "Keadaan saat ini")
    paper.table("asesmen", "Hasil asesmen (jenjang 1 sampai 5)", _ASSESSED)
    paper.table("tujuan", "Rencana Pelayanan Individu", _GOALS)
    paper.table("kompetensi", "Keterampilan yang dikuasai", _LEARNT)
    paper.text("analisis", "Analisis")
    paper.text("rekomendasi", "Rekomendasi")
    paper.signature()


def _progress(paper: _Template) -> None:
    paper.letterhead()
    paper.title("RAPOR PERKEMBANGAN")
    paper.facts(_who(with_stay=_STAY))
    paper.table("kebaikan", "Hal-hal baik", (("Tanggal", "tanggal", 40), ("Catatan", "isi", 120)))
    paper.table("kompetensi", "Keterampilan yang dikuasai", _LEARNT)
    paper.table("asesmen", "Perkembangan (jenjang 1 sampai 5)", _ASSESSED)
    paper.table("tujuan", "Tujuan dalam rencana pelayanan", _GOALS)
    paper.table("kehadiran", "Kehadiran", _ATTENDED)
    paper.text("catatan", "Catatan")
    paper.text("saran", "Langkah berikutnya")
    paper.signature()


def _referral(paper: _Template) -> None:
    paper.letterhead()
    paper.facts([("Nomor", "{{ nomor_surat }}"), ("Perihal", "{% if keperluan %}{{ keperluan }}{% endif %}")])
    paper.line("")
    paper.line("Kepada Yth. {{ kepada }}")
    paper._if("alamat_tujuan")
    paper.line("{{ alamat_tujuan }}")
    paper._end()
    paper.title("SURAT RUJUKAN", with_number=False)
    paper.line("Bersama surat ini kami merujuk {{ sebutan }} kami:")
    paper.facts(_who())
    paper.text("alasan", "Alasan rujukan")
    paper.text("layanan_diminta", "Layanan yang dimohonkan")
    paper.line("")
    paper.line(
        "Mohon hasil layanan disampaikan kembali kepada kami. Pekerja sosial yang dapat dihubungi: {{ konselor }}.",
        ALIGN.JUSTIFY,
    )
    paper.line("Atas perhatian dan kerja sama Bapak/Ibu, kami mengucapkan terima kasih.", ALIGN.JUSTIFY)
    paper.signature()


def _leave(paper: _Template) -> None:
    paper.letterhead()
    paper.title("SURAT IZIN")
    paper.line("Yang bertanda tangan di bawah ini memberi izin kepada:")
    paper.facts(_who())
    paper.line("untuk meninggalkan panti dengan keterangan sebagai berikut:")
    paper.facts(
        [
            ("Keperluan", "{{ keperluan }}"),
            ("Tujuan", "{{ tujuan_izin }}"),
            ("Berangkat", "{{ berangkat }}"),
            ("Kembali", "{{ kembali }}"),
            ("Pendamping", "{{ pendamping }}"),
            ("Nomor telepon", "{{ telepon }}"),
        ]
    )
    paper.line("")
    paper.line("Surat ini dibawa selama izin berlaku dan diserahkan kembali kepada petugas piket.", ALIGN.JUSTIFY)
    paper.signature()


def _certificate(paper: _Template) -> None:
    section = paper.document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    paper.letterhead()
    paper.title("SERTIFIKAT")
    paper.line("diberikan kepada", ALIGN.CENTER)
    name = paper.line("{{ nama }}", ALIGN.CENTER).runs[0]
    name.bold, name.font.size = True, Pt(20)
    paper.line(_BIRTH, ALIGN.CENTER)
    paper.line(
        "yang telah menyelesaikan pelatihan keterampilan {{ keterampilan }}"
        "{% if lama %} selama {{ lama }}{% endif %}"
        "{% if tanggal_selesai %}, selesai pada {{ tanggal_selesai }}{% endif %}.",
        ALIGN.CENTER,
    )
    paper.table(
        "kompetensi", "Kompetensi yang dikuasai", (("Kompetensi", "nama", 180), ("Tercapai pada", "tanggal", 60))
    )
    paper._if("instruktur")
    paper.line("Instruktur: {{ instruktur }}")
    paper._end()
    paper.signature()


_WRITERS: dict[PaperKind, Callable[[_Template], None]] = {
    PaperKind.SOCIAL_REPORT: _social_report,
    PaperKind.PROGRESS: _progress,
    PaperKind.REFERRAL: _referral,
    PaperKind.LEAVE: _leave,
    PaperKind.CERTIFICATE: _certificate,
}
