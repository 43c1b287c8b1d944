"""How the journeys look at a page: axe in both languages, nothing wider than the screen, a picture where wanted."""

from __future__ import annotations

import os
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

_RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
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
    """Look at the page in English, then in Indonesian; ``FOYER_TEST_SCREENS`` names a folder to keep a picture in."""
    speak(page, "en")
    sound(page)
    speak(page, "id")
    sound(page)
    keep_picture(page, picture, at)


def keep_picture(page: Page, picture: str | None, at: str | None = None) -> None:
    """Keep a picture of the page for the README, if somebody asked for pictures; ``at``: of what is in its middle."""
    folder = os.environ.get("FOYER_TEST_SCREENS")
    if not (folder and picture):
        return
    Path(folder).mkdir(parents=True, exist_ok=True)
    before = page.viewport_size
    for name, width, height in _WIDTHS:
        page.set_viewport_size({"width": width, "height": height})
        if at:
            page.locator(at).first.evaluate("element => element.scrollIntoView({block: 'center'})")
        page.screenshot(path=f"{folder}/{picture}-{name}.png", full_page=False)
    if before:
        page.set_viewport_size(before)
