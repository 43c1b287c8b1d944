"""Static files: their address carries a digest of them all, so browsers may keep them for good, and a new version has
new addresses. Relative addresses between the files (modules, images in style sheets) go on working."""

from __future__ import annotations

import hashlib
from pathlib import Path
from wsgiref.headers import Headers

from flask import Flask
from whitenoise import WhiteNoise

from foyer.security import HEADERS

FOLDER = Path(__file__).resolve().parent.parent / "static"
_TEN_YEARS = 10 * 365 * 24 * 60 * 60


def digest(folder: Path = FOLDER) -> str:
    """Changes whenever a file's name or content does."""
    seen = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix != ".gz":
            seen.update(str(path.relative_to(folder)).encode())
            seen.update(hashlib.sha256(path.read_bytes()).digest())
    return seen.hexdigest()[:12]


def static_url_path() -> str:
    """The address below which Flask's endpoint ``static`` lies."""
    return f"/static/{digest()}"


def serve_assets(app: Flask) -> None:
    """Let WhiteNoise answer for the files, compressed where the wheel brings a compressed twin; while developing,
    Flask does it and notices changes."""
    if app.debug:
        return
    prefix = str(app.static_url_path)
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=str(app.static_folder),
        prefix=prefix,
        max_age=_TEN_YEARS,
        immutable_file_test=lambda path, url: True,
        add_headers_function=_add_headers,
        allow_all_origins=False,
    )


def _add_headers(headers: Headers, path: str, url: str) -> None:
    for name, value in HEADERS.items():
        headers[name] = value
