"""The house's colours are readable in light and dark, and what others made is exactly what we took from them."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest

STATIC = Path(__file__).resolve().parents[2] / "foyer" / "static"
TOKENS = (STATIC / "css" / "tokens.css").read_text()
LIGHT, DARK = TOKENS.split("@media screen and (prefers-color-scheme: dark)")

SURFACES = ["ground", "paper", "quiet"]
TONES = ["teal", "amber", "danger", "good", "info", "violet", "plum"]
TEXT = (
    [(text, surface) for text in ["ink", "muted", *TONES] for surface in SURFACES]
    + [(tone, f"{tone}-tint") for tone in TONES]
    + [("ink", f"{tone}-tint") for tone in TONES]
    + [("on-teal", "teal"), ("on-teal", "teal-hover"), ("on-danger", "danger"), ("on-danger", "danger-hover")]
    + [("muted", "teal-tint"), ("muted", "danger-tint"), ("muted", "amber-tint")]
    + [("teal-hover", surface) for surface in SURFACES]
)
SHAPES = [(shape, surface) for shape in ["teal-fill", "control", "focus"] for surface in SURFACES]


def colours(css: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", css))


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_text_stands_out_from_what_is_behind_it(scheme: str) -> None:
    known = colours(LIGHT) | (colours(DARK) if scheme == "dark" else {})
    pairs = [(text, behind, round(contrast(known[text], known[behind]), 2)) for text, behind in TEXT]
    assert [pair for pair in pairs if pair[2] < 4.5] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_edges_of_fields_and_focus_can_be_seen(scheme: str) -> None:
    known = colours(LIGHT) | (colours(DARK) if scheme == "dark" else {})
    pairs = [(shape, behind, round(contrast(known[shape], known[behind]), 2)) for shape, behind in SHAPES]
    assert [pair for pair in pairs if pair[2] < 3] == []


def test_dark_names_every_colour_that_light_names() -> None:
    assert set(colours(LIGHT)) == set(colours(DARK))


def test_styles_use_only_tokens_that_exist() -> None:
    used = {
        name for path in (STATIC / "css").glob("*.css") for name in re.findall(r"var\(--([\w-]+)", path.read_text())
    }
    assert used - set(re.findall(r"--([\w-]+):", TOKENS)) == set()


def test_styles_load_nothing_from_elsewhere() -> None:
    for path in (STATIC / "css").glob("*.css"):
        assert not re.search(r"@import|url\(", path.read_text()), path.name


def test_vendored_files_are_the_ones_we_took_and_keep_their_licence() -> None:
    vendor = STATIC / "vendor"
    listed: set[str] = set()
    for package in json.loads((vendor / "VENDORED.json").read_text()):
        assert package["version"]
        assert package["licence"]
        assert any(name.endswith("LICENSE") for name in package["sha256"])
        for name, digest in package["sha256"].items():
            assert hashlib.sha256((vendor / name).read_bytes()).hexdigest() == digest, name
            listed.add(name)
    present = {str(path.relative_to(vendor)) for path in vendor.rglob("*") if path.is_file()}
    assert present == listed | {"VENDORED.json"}
