"""A sheet of A4 on which code writes a document of its own, in the hand of letters and reports."""

from __future__ import annotations

from typing import Any

from docx import Document
from docx.shared import Mm, Pt

from foyer.papers.built_in import FONT


def blank_paper(*, size: float, margin: float, after: float) -> Any:
    """A document with this size of letters and space after a paragraph (points) and margins left and right
    (millimetres)."""
    paper: Any = Document()
    normal = paper.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(size)
    normal.paragraph_format.space_after = Pt(after)
    section = paper.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(margin)
    paper.core_properties.author = paper.core_properties.comments = ""
    return paper


def printable(words: str) -> str:
    """Words as a document can hold them: no control characters."""
    return "".join(char for char in str(words) if char in "\n\t" or char >= " ")
