"""How the journeys look at a page: axe in both languages, nothing wider than the screen, a picture where wanted."""

from __future__ import annotations

import os
import re
from functools import cache
from io import BytesIO
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Page

_RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
_DOCS = Path(__file__).resolve().parents[2] / "docs"
_WIDTHS = (("phone", 390, 844), ("laptop", 1366, 900))


def sound(page: Page) -> None:
    """The page as it stands is accessible and fits its screen."""
    found = Axe().run(page, options=_RULES)
    problems = [(problem["id"], problem["nodes"][0]["html"][:200]) for problem in found.response["violations"]]
    assert problems == [], f"{page.url}: {problems}"
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{page.url} is too wide"


def speak(page: Page, language: str) -> None:
    """Switch the language by the page's own switch and come back to the same page."""
    page.click(f"form.language button[value={language}]")
    page.wait_for_selector(f"html[lang={language}]")


def look(page: Page, picture: str | None = None, at: str | None = None) -> None:
    """Look at the page in English, then in Indonesian; ``FOYER_TEST_SCREENS`` names a folder to keep pictures in."""
    speak(page, "en")
    sound(page)
    keep_picture(page, picture, at)
    speak(page, "id")
    sound(page)
    keep_picture(page, picture, at)


def keep_picture(page: Page, picture: str | None, at: str | None = None) -> None:
    """Keep pictures of the page at both widths, if somebody asked for pictures; ``at``: of what is in its middle. A
    page in English is kept beside the Indonesian one (``...-en.png``) where the English guide shows it."""
    folder = os.environ.get("FOYER_TEST_SCREENS")
    if not (folder and picture):
        return
    Path(folder).mkdir(parents=True, exist_ok=True)
    tail = "-en" if page.locator("html").get_attribute("lang") == "en" else ""
    before = page.viewport_size
    for name, width, height in _WIDTHS:
        file = f"{picture}-{name}{tail}.png"
        if tail and file not in _shown_in_english():
            continue
        page.set_viewport_size({"width": width, "height": height})
        if at:
            page.locator(at).first.evaluate("element => element.scrollIntoView({block: 'center'})")
        _keep_small(page.screenshot(full_page=False), Path(folder) / file)
    if before:
        page.set_viewport_size(before)


@cache
def _shown_in_english() -> frozenset[str]:
    """The names of the pictures in the English guide."""
    texts = (path.read_text(encoding="utf-8") for path in (_DOCS / "guide" / "en").glob("*.md"))
    return frozenset(name for text in texts for name in re.findall(r"/screens/([a-z0-9-]+\.png)", text))


def _keep_small(picture: bytes, path: Path) -> None:
    """A page has few colours: 256 of them are a third of the bytes, and nobody sees the difference."""
    image = Image.open(BytesIO(picture)).convert("RGB")
    few = image.quantize(256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    few.save(path, optimize=True)
