"""A .docx file drawn as a PDF: its text, tables, pictures and letterhead, in our own font, so that both files of a
document always say the same and no office suite is needed (docs/decisions/0036). Not a word processor: text boxes,
columns and floating pictures of a house's own template are drawn in the flow, or not at all."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from docx import Document
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph
from fpdf import FPDF, FontFace
from fpdf.enums import TableBordersLayout

from foyer.cycles.print_pdf import FONT, FONTS

INK = (0, 0, 0)
_MUTED = (86, 101, 115)
_ALIGN = {0: "L", 1: "C", 2: "R", 3: "J"}
_POINT = 25.4 / 72  # millimetres
_LONGEST_CELL = 700  # characters: a row must fit on a page, so what is longer becomes text below its heading
_ROW = 6.0  # millimetres: about one line with the space around it
_WIDEST_WORD = 60  # characters: what is longer is given places to break


def pdf_of(content: bytes, *, title: str, draft: str = "") -> bytes:
    """The PDF's bytes. ``draft``: words that stand on every page of what is not issued."""
    document = Document(io.BytesIO(content))
    section = document.sections[0]
    width, height = _mm(section.page_width, 210), _mm(section.page_height, 297)
    paper = _Paper("portrait", "mm", (width, height))
    paper.draft, paper.document_section = draft, section
    paper.set_title(title)
    paper.set_lang("id")
    paper.set_margins(_mm(section.left_margin, 25), _mm(section.top_margin, 18), _mm(section.right_margin, 25))
    paper.set_auto_page_break(True, max(15.0, _mm(section.bottom_margin, 20)))
    paper.add_font(FONT, "", FONTS / "DejaVuSansCondensed.ttf")
    paper.add_font(FONT, "B", FONTS / "DejaVuSansCondensed-Bold.ttf")
    paper.add_page()
    _blocks(paper, document)
    return bytes(paper.output())


class _Paper(FPDF):
    draft = ""
    document_section: Any = None

    def header(self) -> None:
        self.set_text_color(*INK)
        if self.draft:
            self.set_font(FONT, "B", 9)
            self.set_text_color(*_MUTED)
            self.cell(0, 5, self.draft, new_x="LMARGIN", new_y="NEXT", align="C")
            self.set_text_color(*INK)
        head = self.document_section.header
        if not head.is_linked_to_previous:
            _blocks(self, head)

    def footer(self) -> None:
        self.set_y(-13)
        self.set_font(FONT, "", 7)
        self.set_text_color(*_MUTED)
        foot = self.document_section.footer
        words = "" if foot.is_linked_to_previous else " ".join(p.text for p in foot.paragraphs if p.text)
        self.cell(0, 4, f"{words[:160]}    {self.page_no()}/{{nb}}", align="R")


def _blocks(paper: _Paper, holder: Any) -> None:
    numbers: dict[str, int] = {}
    blocks = list(holder.iter_inner_content())
    kept = False
    for n, block in enumerate(blocks):
        if isinstance(block, Table):
            _table(paper, block)
            kept = False
            continue
        if not kept and _keeps(block):
            _turn_page_for(paper, blocks[n:])
        _paragraph(paper, block, numbers)
        if _ends_page(block):
            paper.add_page()
        kept = _keeps(block)


def _keeps(block: Any) -> bool:
    """Whether the paragraph stays on one page with what follows: a heading, or a line of a signature."""
    if isinstance(block, Table):
        return False
    found = [one.paragraph_format.keep_with_next for one in (block, *_styles(block))]
    return bool(next((one for one in found if one is not None), False))


def _ends_page(paragraph: Paragraph) -> bool:
    """Whether the writer asked for a new page here; what stands behind the break in the same paragraph comes before."""
    return any(each.get(qn("w:type")) == "page" for each in paragraph._p.iter(qn("w:br")))


def _turn_page_for(paper: _Paper, blocks: list[Any]) -> None:
    """Begin a new page where what must stay together does not fit any more; a row of it is some six millimetres."""
    together = 1
    for block in blocks:
        together += 1
        if not _keeps(block):
            break
    if paper.will_page_break(together * _ROW):
        paper.add_page()


def _paragraph(paper: _Paper, paragraph: Paragraph, numbers: dict[str, int]) -> None:
    for picture, wide in _pictures(paragraph):
        room = paper.w - paper.l_margin - paper.r_margin
        x: Any = {"C": "CENTER", "R": "RIGHT"}.get(_align(paragraph), "LEFT")
        paper.image(io.BytesIO(picture), x=x, w=min(wide or room, room))
    size = _size(paragraph, None)
    before, after = _space(paragraph, "space_before"), _space(paragraph, "space_after")
    text = paragraph.text
    if not text.strip():
        if _ends_page(paragraph):
            return
        if paragraph._p.find(f".//{qn('w:pBdr')}") is not None:
            paper.ln(1)
            paper.line(paper.l_margin, paper.get_y(), paper.w - paper.r_margin, paper.get_y())
            paper.ln(2)
        else:
            paper.ln(size * _POINT * 1.15 + after)
        return
    if before:
        paper.ln(before)
    bullet = _bullet(paragraph, numbers)
    with _indented(paper, _mm(paragraph.paragraph_format.left_indent, 0) + (6 if bullet else 0)):
        columns = paper.text_columns(text_align=_align(paragraph), line_height=1.25)
        with columns:
            if bullet:
                _write(paper, columns, f"{bullet} ", size, False, False)
            for words, points, bold, underlined in _runs(paragraph):
                _write(paper, columns, words, points, bold, underlined)
    paper.ln(after)


def _write(paper: _Paper, columns: Any, words: str, size: float, bold: bool, underlined: bool) -> None:
    paper.set_font(FONT, ("B" if bold else "") + ("U" if underlined else ""), size)
    columns.write(_breakable(words))


class _indented:
    """Text further to the right, for one block."""

    def __init__(self, paper: _Paper, by: float):
        self.paper, self.by, self.before = paper, by, paper.l_margin

    def __enter__(self) -> None:
        left = min(self.before + self.by, self.paper.w - self.paper.r_margin - 30)
        self.paper.set_left_margin(left)
        self.paper.set_x(left)

    def __exit__(self, *_error: object) -> None:
        self.paper.set_left_margin(self.before)
        self.paper.set_x(self.before)


def _runs(paragraph: Paragraph) -> Iterator[tuple[str, float, bool, bool]]:
    for part in paragraph.iter_inner_content():  # runs, and hyperlinks with runs of their own
        for run in getattr(part, "runs", None) or [part]:
            if run.text:
                yield run.text, _size(paragraph, run), _is_bold(paragraph, run), bool(getattr(run, "underline", False))


def _table(paper: _Paper, table: Table) -> None:
    rows = [_cells(row) for row in table.rows]
    rows = [row for row in rows if any(text for _cell, text, _span in row)]
    if not rows:
        return
    is_boxed = table.style is not None and "grid" in str(table.style.name).lower()
    if any(len(text) > _LONGEST_CELL for row in rows for _cell, text, _span in row):
        _as_text(paper, rows, has_head=is_boxed and len(rows) > 1)
        return
    paper.set_font(FONT, "", 10 if is_boxed else _size(rows[0][0][0].paragraphs[0], None))
    room = paper.w - paper.l_margin - paper.r_margin
    layout = TableBordersLayout.ALL if is_boxed else TableBordersLayout.NONE
    with paper.table(
        first_row_as_headings=False,
        col_widths=_widths(table, room),
        borders_layout=layout,
        line_height=paper.font_size * 1.3,
        padding=0.8,
        width=room,
        align="LEFT",
    ) as drawn:
        for cells in rows:
            row = drawn.row()
            for cell, text, span in cells:
                bold = FontFace(emphasis="BOLD") if _all_bold(cell) else None
                row.cell(_breakable(text), colspan=span, style=bold, align=_align(cell.paragraphs[0]))
    paper.ln(2)


def _as_text(paper: _Paper, rows: list[list[tuple[Any, str, int]]], *, has_head: bool) -> None:
    """A table whose cells hold too much for one: every cell as text below its heading."""
    head = [text for _cell, text, _span in rows[0]] if has_head else []
    for cells in rows[1:] if has_head else rows:
        for n, (_cell, text, _span) in enumerate(cells):
            label = f"{head[n]}: " if n < len(head) and head[n] else ""
            paper.set_font(FONT, "", 10)
            paper.multi_cell(0, 5, label + _breakable(text), new_x="LMARGIN", new_y="NEXT")
        paper.ln(2)


def _cells(row: Any) -> list[tuple[Any, str, int]]:
    """The row's cells, each once, with its text and how many columns it spans."""
    found: list[tuple[Any, str, int]] = []
    seen: list[Any] = []
    for cell in row.cells:
        if cell._tc in seen:
            continue
        seen.append(cell._tc)
        found.append((cell, "\n".join(p.text for p in cell.paragraphs).strip(), int(cell._tc.grid_span)))
    return found


def _widths(table: Table, room: float) -> tuple[float, ...]:
    """The columns' widths, fitted to the page."""
    wide = [_mm(cell.width, 0) for cell in table.rows[0].cells]
    if not wide or not all(wide):
        wide = [1.0] * max(1, len(table.columns))
    return tuple(room * one / sum(wide) for one in wide)


def _all_bold(cell: Any) -> bool:
    runs = [run for paragraph in cell.paragraphs for run in paragraph.runs if run.text.strip()]
    return bool(runs) and all(_is_bold(cell.paragraphs[0], run) for run in runs)


def _pictures(paragraph: Paragraph) -> Iterator[tuple[bytes, float]]:
    for drawing in paragraph._p.iter(qn("w:drawing")):
        blip = next(drawing.iter(qn("a:blip")), None)
        part = paragraph.part.related_parts.get(blip.get(qn("r:embed"))) if blip is not None else None
        extent = next(drawing.iter(qn("wp:extent")), None)
        if part is not None:
            yield part.blob, int(extent.get("cx", 0)) / 36000 if extent is not None else 0.0


def _bullet(paragraph: Paragraph, numbers: dict[str, int]) -> str:
    style = str(paragraph.style.name if paragraph.style else "")
    if style.startswith("List Number"):
        numbers[style] = numbers.get(style, 0) + 1
        return f"{numbers[style]}."
    has_numbering = paragraph._p.find(f"{qn('w:pPr')}/{qn('w:numPr')}") is not None
    return "•" if style.startswith("List Bullet") or has_numbering else ""


def _styles(paragraph: Paragraph) -> Iterator[Any]:
    style: Any = paragraph.style
    while style is not None:
        yield style
        style = style.base_style


def _size(paragraph: Paragraph, run: Any) -> float:
    sizes = [getattr(getattr(run, "font", None), "size", None), *(style.font.size for style in _styles(paragraph))]
    return float(next((size.pt for size in sizes if size is not None), 11.0))


def _is_bold(paragraph: Paragraph, run: Any) -> bool:
    states = [getattr(run, "bold", None), *(style.font.bold for style in _styles(paragraph))]
    return bool(next((state for state in states if state is not None), False))


def _align(paragraph: Paragraph) -> str:
    found = [paragraph.alignment, *(style.paragraph_format.alignment for style in _styles(paragraph))]
    return _ALIGN.get(int(next((one for one in found if one is not None), 0)), "L")


def _space(paragraph: Paragraph, which: str) -> float:
    found = [getattr(one.paragraph_format, which) for one in (paragraph, *_styles(paragraph))]
    return float(next((one.pt for one in found if one is not None), 0.0)) * _POINT


def _mm(length: Any, otherwise: float) -> float:
    return otherwise if length is None else float(length.mm)


def _breakable(text: str) -> str:
    """Text in which no word is wider than a column."""
    return " ".join(
        word if len(word) <= _WIDEST_WORD else "\u200b".join(word[n : n + 20] for n in range(0, len(word), 20))
        for word in text.replace("\t", "    ").split(" ")
    )
