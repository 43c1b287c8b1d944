"""A copy of a file as one document: written as .docx, drawn as PDF by the same hand as letters and reports."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any

from docx.shared import Mm, Pt
from flask_babel import gettext

from foyer.copies.collecting import Record
from foyer.papers.blank import blank_paper, printable
from foyer.papers.drawing import pdf_of

_SHORT = 90  # characters: what is longer stands in a paragraph of its own
_STEP = 6  # millimetres further to the right for what belongs to the record above


def document_of(
    title: str,
    head: str,
    about: Sequence[str],
    chapters: Iterable[tuple[str, Sequence[Record]]],
    readers: Sequence[str],
) -> bytes:
    """The PDF's bytes. ``head`` stands on every page; ``about`` are the sentences at the beginning; a chapter without
    records says so; ``readers`` are the lines of the last chapter, left out where there are none."""
    paper = blank_paper(size=10, margin=20, after=3)
    paper.sections[0].header.paragraphs[0].text = printable(head)
    heading = paper.add_paragraph()
    run = heading.add_run(printable(title))
    run.bold, run.font.size = True, Pt(16)
    for sentence in about:
        paper.add_paragraph(printable(sentence))
    for name, records in chapters:
        _heading(paper, name)
        if not records:
            paper.add_paragraph(gettext("Nothing is written down here."))
        for record in records:
            _record(paper, record, 0)
    if readers:
        _heading(paper, gettext("Who opened the file"))
        for line in readers:
            paper.add_paragraph(printable(line))
    out = io.BytesIO()
    paper.save(out)
    return pdf_of(out.getvalue(), title=title)


def _heading(paper: Any, words: str) -> None:
    paragraph = paper.add_paragraph()
    paragraph.paragraph_format.space_before = Pt(10)
    paragraph.paragraph_format.keep_with_next = True
    run = paragraph.add_run(printable(words))
    run.bold, run.font.size = True, Pt(12)


def _record(paper: Any, record: Record, depth: int) -> None:
    short = [f"{label}: {value}" for label, value in record.lines if len(value) <= _SHORT]
    paragraph = paper.add_paragraph()
    paragraph.paragraph_format.left_indent = Mm(depth * _STEP)
    paragraph.add_run(printable(record.title)).bold = True
    paragraph.add_run(printable("  " + " · ".join(short)))
    for label, value in record.lines:
        if len(value) > _SHORT:
            text = paper.add_paragraph(printable(f"{label}: {value}"))
            text.paragraph_format.left_indent = Mm(depth * _STEP + _STEP)
    for each in record.below:
        _record(paper, each, depth + 1)
