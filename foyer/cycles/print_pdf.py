"""Sheets as a PDF: A4, the wall poster A3 across; slips of residents several to a page. The font is our own, so that
every name comes out as it is written."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from fpdf import FPDF, FontFace
from fpdf.enums import TableBordersLayout

from foyer.cycles.prints import Sheet, Table

FONT = "DejaVu"
FONTS = Path(__file__).parent.parent / "static" / "vendor" / "dejavu"
INK, MUTED, TINT = (28, 39, 51), (86, 101, 115), (227, 242, 241)
LARGE = 1.8  # times the usual size: 16 points, as large print is understood
SLIP_FROM = 200  # millimetres from the top: a slip that begins lower goes on the next page


def pdf_of(sheets: Sequence[Sheet], kind: str, *, heading: str, foot: str) -> bytes:
    """The file's bytes. ``heading`` names house and cycle on every sheet, ``foot`` the version that it shows."""
    pdf = _Paper("landscape" if kind == "poster" else "portrait", "mm", "A3" if kind == "poster" else "A4")
    pdf.foot = foot
    pdf.set_title(heading)
    pdf.set_margin(12)
    pdf.set_auto_page_break(True, 15)
    pdf.add_font(FONT, "", FONTS / "DejaVuSansCondensed.ttf")
    pdf.add_font(FONT, "B", FONTS / "DejaVuSansCondensed-Bold.ttf")
    for n, sheet in enumerate(sheets):
        is_slip = kind in ("residents", "rooms")
        if n == 0 or not is_slip or pdf.get_y() > SLIP_FROM:
            pdf.add_page()
        else:
            pdf.ln(4)
            pdf.set_draw_color(*MUTED)
            pdf.set_dash_pattern(dash=2, gap=2)
            pdf.line(pdf.l_margin, pdf.get_y(), pdf.w - pdf.r_margin, pdf.get_y())
            pdf.set_dash_pattern()
            pdf.ln(4)
        _sheet(pdf, sheet, heading, small=is_slip)
    return bytes(pdf.output())


class _Paper(FPDF):
    foot = ""

    def footer(self) -> None:
        self.set_y(-11)
        self.set_font(FONT, "", 7)
        self.set_text_color(*MUTED)
        self.cell(0, 4, f"{self.foot}    {self.page_no()}")


def _sheet(pdf: FPDF, sheet: Sheet, heading: str, *, small: bool) -> None:
    pdf.set_text_color(*MUTED)
    pdf.set_font(FONT, "", 8)
    pdf.cell(0, 4, heading, new_x="LMARGIN", new_y="NEXT")
    pdf.set_text_color(*INK)
    times = LARGE if sheet.is_large else 1.0
    pdf.set_font(FONT, "B", (13 if small else 18) * times)
    pdf.multi_cell(0, (6 if small else 9) * times, sheet.title, new_x="LMARGIN", new_y="NEXT")
    pdf.set_font(FONT, "", 9 * times)
    for label, value in sheet.facts:
        pdf.multi_cell(0, 4.5 * times, f"{label}: {value}", new_x="LMARGIN", new_y="NEXT")
    for table in sheet.tables:
        if table.rows:
            pdf.ln(2)
            _table(pdf, table, (12 if sheet.key == "poster" else 8.5 if table.is_week else 9) * times)


def _table(pdf: FPDF, table: Table, size: float) -> None:
    width = pdf.w - pdf.l_margin - pdf.r_margin
    pdf.set_font(FONT, "", size)
    pdf.set_draw_color(*MUTED)
    head = FontFace(emphasis="BOLD", fill_color=TINT, color=INK)
    with pdf.table(
        headings_style=head,
        col_widths=_widths(table, width),
        text_align="LEFT",
        line_height=size * 0.48,
        padding=0.8,
        borders_layout=TableBordersLayout.ALL if table.is_week else TableBordersLayout.HORIZONTAL_LINES,
        width=width,
    ) as drawn:
        for cells in (table.head, *table.rows):
            row = drawn.row()
            for cell in cells:
                row.cell(cell)


def _widths(table: Table, width: float) -> tuple[float, ...]:
    columns = len(table.head)
    if table.is_week:
        return (22.0, *[(width - 22.0) / (columns - 1)] * (columns - 1))
    if columns == 2:
        return (24.0, width - 24.0)
    return (14.0, width * 0.5, width * 0.5 - 14.0)
