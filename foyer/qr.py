"""Addresses as squares that a phone's camera reads."""

from __future__ import annotations

import segno
from markupsafe import Markup


def qr_code(text: str) -> Markup:
    """The square as a drawing with plain attributes (no style, which the content policy would refuse), dark on light
    whatever the page's colours are: cameras read it."""
    drawing = segno.make(text, error="m", micro=False)
    return Markup(drawing.svg_inline(border=2, omitsize=True, dark="#000", light="#fff", svgclass="qr"))
