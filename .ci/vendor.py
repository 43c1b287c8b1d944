#!/usr/bin/env python3
"""Copies the third-party assets that the pages use into foyer/static/vendor, and writes their hashes down.

Unpack the npm packages named in SOURCES beside each other first (`npm pack htmx.org@2.0.11 uplot@1.6.32
@tabler/icons@3.51.0`, then `tar xzf` each into DIR/htmx, DIR/uplot, DIR/icons), then run `.ci/vendor.py DIR`.
A new icon: add its Tabler name to ICONS and run this again.
"""

import hashlib
import json
import re
import shutil
import sys
from pathlib import Path

VENDOR = Path(__file__).resolve().parent.parent / "foyer" / "static" / "vendor"

SOURCES = {
    "htmx": ("htmx.org", "2.0.11", "0BSD", {"dist/htmx.min.js": "htmx.min.js", "LICENSE": "LICENSE"}),
    "uplot": (
        "uplot",
        "1.6.32",
        "MIT",
        {
            "dist/uPlot.iife.min.js": "uPlot.iife.min.js",
            "dist/uPlot.min.css": "uPlot.min.css",
            "LICENSE": "LICENSE",
        },
    ),
    "icons": ("@tabler/icons", "3.51.0", "MIT", {"LICENSE": "LICENSE"}),
}

ICONS = """
adjustments alert-triangle arrow-down arrow-left arrow-right arrow-up bed building building-community bulb
calendar-event calendar-repeat calendar-week chart-bar check chevron-down chevron-left chevron-right
circle-check clipboard-check clipboard-list clock copy door download external-link eye file-spreadsheet filter
flag hammer heart-handshake help-circle history home info-circle key language link list-check lock login
logout map-pin message message-circle pencil phone pin player-play player-stop plus printer refresh school
search settings sun target tools trash upload user user-heart users world x
""".split()


def sprite(icons: Path) -> str:
    """One SVG file of symbols; each keeps its drawing and takes colour and stroke from where it is used."""
    symbols = []
    for name in ICONS:
        drawing = re.sub(r"<!--.*?-->", "", (icons / f"{name}.svg").read_text(), flags=re.S)
        body = re.search(r"<svg[^>]*>(.*)</svg>", drawing, re.S)
        assert body, name
        shapes = re.sub(r'\s*<path stroke="none" d="M0 0h24v24H0z" fill="none" />', "", body.group(1))
        shapes = re.sub(r"\s+", " ", shapes).replace(" />", "/>").replace("> <", "><").strip()
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{shapes}</symbol>')
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


def main(unpacked: Path) -> None:
    listing = []
    for folder, (name, version, licence, files) in SOURCES.items():
        target = VENDOR / folder
        target.mkdir(parents=True, exist_ok=True)
        for source, kept_as in files.items():
            shutil.copyfile(unpacked / folder / "package" / source, target / kept_as)
        if folder == "icons":
            (target / "sprite.svg").write_text(sprite(unpacked / "icons" / "package" / "icons" / "outline"))
        hashes = {
            f"{folder}/{path.name}": hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(target.iterdir())
        }
        listing.append({"name": name, "version": version, "licence": licence, "sha256": hashes})
    (VENDOR / "VENDORED.json").write_text(json.dumps(listing, indent=2) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
