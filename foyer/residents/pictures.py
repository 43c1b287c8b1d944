"""Pictures made small: turned upright, without the place and device that a phone writes into them, as JPEG."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

from foyer.errors import FoyerError

MOST_PIXELS = 60_000_000  # a phone's largest photo; more is refused before it is decoded
_FORMATS = ("JPEG", "PNG", "WEBP")
_QUALITY = 80


class NotAPicture(FoyerError):
    """These bytes are no picture that can be read."""


class PictureTooLarge(FoyerError):
    """The picture has more pixels than ``MOST_PIXELS``."""


@dataclass(frozen=True)
class Picture:
    """A JPEG and its size in pixels."""

    content: bytes
    width: int
    height: int


def shrink(content: bytes, longest: int) -> Picture:
    """The picture with its longer side at most ``longest`` pixels; nothing but the picture itself is kept. Raises
    NotAPicture, PictureTooLarge."""
    try:
        with Image.open(BytesIO(content), formats=_FORMATS) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise PictureTooLarge
            picture.draft("RGB", (longest, longest))  # lets a large JPEG be decoded at a fraction of its size
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((longest, longest))
            plain = _on_white(upright)
            out = BytesIO()
            plain.save(out, "JPEG", quality=_QUALITY, optimize=True)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise NotAPicture from None
    return Picture(out.getvalue(), plain.width, plain.height)


def _on_white(picture: Image.Image) -> Image.Image:
    """Without transparency, which JPEG does not know; a fresh picture, so that no comment or profile comes along."""
    seen = picture.convert("RGBA")
    plain = Image.new("RGB", seen.size, "white")
    plain.paste(seen, mask=seen.getchannel("A"))
    return plain
