"""Somebody at a page of the studio: by mouse, by touch or by keyboard alone, in Indonesian or English, on a laptop or a
phone.

A journey is written once, with the English texts of code and templates, and walked in all of these ways. By keyboard
only Tab, Enter, Space, arrows, Escape and letters are pressed, and whatever is pressed is seen to have the focus. What
is tapped is large enough for a thumb."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from babel.messages.pofile import read_po
from playwright.sync_api import ElementHandle, Locator, Page

from tests.browser.looking import sound
from tests.browser.ways import Way

_CATALOGUE = Path(__file__).resolve().parents[2] / "foyer" / "translations" / "id" / "LC_MESSAGES" / "messages.po"
_FARTHEST = 400  # how many times somebody presses Tab before giving up

# Why the element with the focus is not seen to have it; empty: it is.
_UNSEEN = """element => {
  const drawn = (one, part) => {
    const style = getComputedStyle(one, part);
    return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
  };
  const around = [element, element.closest("label"), element.closest(".card, .choice-card, .choice")].filter(Boolean);
  if (!around.some((one) => drawn(one)) && !drawn(element, "::after")) return "nothing is drawn around it";
  const box = [...element.getClientRects()].find((one) => one.width && one.height);
  if (!box) return "it has no size";
  const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  if (!top) return "it is off the screen";
  const label = element.labels?.[0];
  const seen = element.contains(top) || top.contains(element) || label?.contains(top);
  return seen ? "" : `it lies under ${top.outerHTML.slice(0, 120)}`;
}"""
_IS_BEFORE = """element => Boolean(element.compareDocumentPosition(document.activeElement)
  & Node.DOCUMENT_POSITION_FOLLOWING)"""
# How high and wide is what a finger hits: the thing itself, with its label, or the line of choice around it.
_HIT = """element => {
  const boxes = [element, ...(element.labels ?? []), element.closest(".choice, .tick")].filter(Boolean)
    .map((one) => one.getBoundingClientRect());
  return [Math.max(...boxes.map((box) => box.width)), Math.max(...boxes.map((box) => box.height))];
}"""
# Texts that do not fit what they stand in: cut off, or beyond the edge of the screen.
_CUT = """() => [...document.querySelectorAll("h1, h2, h3, p, button, .button, label, legend, summary, .tag, th, td")]
  .filter((one) => one.checkVisibility() && !one.closest(".visually-hidden, .nights-table, .lane-jump, .table-wrap"))
  .filter((one) => {
    const style = getComputedStyle(one);
    const hides = style.overflowX !== "visible" && style.textOverflow !== "ellipsis";
    return (hides && one.scrollWidth > one.clientWidth + 1) || one.getBoundingClientRect().right > innerWidth + 1;
  })
  .map((one) => one.outerHTML.slice(0, 160))"""
_THUMB = 44  # pixels, as docs and tokens.css have it
_HAS_FOCUS = """element => element === document.activeElement || (element.type === "radio"
  && document.activeElement.type === "radio" && element.name === document.activeElement.name)"""


@cache
def _indonesian() -> dict[str, str]:
    with _CATALOGUE.open("rb") as file:
        catalogue = read_po(file, locale="id")
    return {
        message.id if isinstance(message.id, str) else message.id[0]: (
            message.string if isinstance(message.string, str) else message.string[-1]
        )
        for message in catalogue
        if message.id and message.string
    }


@dataclass
class Hands:
    """Whoever walks: what is asked for is named by its English text and found by its text in the walk's language."""

    page: Page
    way: Way

    def say(self, text: str, **values: Any) -> str:
        """A text of the app in the language of this walk."""
        said = text if self.way.language == "en" else _indonesian()[text]
        return said % values if values else said

    def named(self, text: str, **values: Any) -> re.Pattern[str]:
        """Whatever begins with this text."""
        return re.compile(rf"^\s*{re.escape(self.say(text, **values))}")

    def button(self, text: str, **values: Any) -> Locator:
        return self.page.get_by_role("button", name=self.named(text, **values)).first

    def link(self, text: str, **values: Any) -> Locator:
        return self.page.locator("main").get_by_role("link", name=self.named(text, **values)).first

    def heading(self, text: str, **values: Any) -> Locator:
        return self.page.get_by_role("heading", name=self.named(text, **values)).first

    def press(self, target: Locator, key: str = "Enter") -> None:
        if self.way.is_touch:
            self._fits_a_thumb(target)
            target.tap()
        elif self.way.by == "mouse":
            target.click()
        else:
            self.reach(target)
            self.page.keyboard.press(key)

    def leave(self, opened: Locator, close: str) -> None:
        """Leave what lies over the page: by its button of this name, or by Escape."""
        if self.way.by == "keyboard":
            self.page.keyboard.press("Escape")
        else:
            self.press(opened.get_by_role("button", name=self.named(close)))

    def looks(self) -> None:
        """The page as it stands is accessible, fits its screen, cuts no text and is in the language of the walk."""
        with self._whole_page():
            sound(self.page)
        assert self.page.locator("html").get_attribute("lang") == self.way.language
        cut = self.page.evaluate(_CUT)
        assert cut == [], f"{self.page.url}: {cut}"

    @contextmanager
    def _whole_page(self) -> Iterator[None]:
        """A phone as high as the page: what lies half under its bar of places would count as too small to hit."""
        before = self.page.viewport_size
        if before is None or not self.way.is_narrow:
            yield
            return
        at = self.page.evaluate("window.scrollY")
        height = int(self.page.evaluate("document.documentElement.scrollHeight"))
        self.page.set_viewport_size({"width": self.way.width, "height": max(height, before["height"])})
        yield
        self.page.set_viewport_size(before)
        self.page.evaluate("at => window.scrollTo(0, at)", at)

    def tick(self, target: Locator) -> None:
        """Tick a box or choose a dot of several."""
        if self.way.is_touch:
            self._fits_a_thumb(target)
            target.tap()
            assert target.is_checked()
            return
        if self.way.by == "mouse":
            target.check()
            return
        self.reach(target)
        for _step in range(20):
            if target.is_checked():
                return
            self.page.keyboard.press("ArrowDown" if target.get_attribute("type") == "radio" else "Space")
        raise AssertionError("the keyboard does not tick it")

    def write(self, target: Locator, text: str) -> None:
        """Fill in a field; a date as YYYY-MM-DD."""
        if self.way.by == "mouse":
            target.fill(text)
            return
        self.reach(target)
        if target.get_attribute("type") == "date":
            self._write_day(target, *text.split("-"))
        else:
            self.page.keyboard.press("ControlOrMeta+a")
            self.page.keyboard.type(text)

    def _write_day(self, target: Locator, year: str, month: str, day: str) -> None:
        """In the order of the browser's own language, whichever is installed."""
        for order in ((day, month, year), (month, day, year)):
            self.page.keyboard.type("".join(order))
            if target.input_value() == f"{year}-{month}-{day}":
                return
            for _part in order[1:]:
                self.page.keyboard.press("ArrowLeft")
        raise AssertionError(f"{day}.{month}.{year} cannot be typed")

    def choose(self, target: Locator, value: str) -> None:
        """Choose the option of this value from a list."""
        if self.way.by == "mouse":
            target.select_option(value)
            return
        self.reach(target)
        values = target.locator("option").evaluate_all("options => options.map(option => option.value)")
        steps = values.index(value) - values.index(target.input_value())
        for _step in range(abs(steps)):
            self.page.keyboard.press("ArrowDown" if steps > 0 else "ArrowUp")
        assert target.input_value() == value

    def reach(self, target: Locator) -> None:
        """Tab, there or back, until this has the focus; see that a person sees it."""
        target.wait_for(state="visible")
        element = target.element_handle()
        key = "Shift+Tab" if element.evaluate(_IS_BEFORE) else "Tab"
        for _step in range(_FARTHEST):
            if element.evaluate(_HAS_FOCUS):
                break
            self.page.keyboard.press(key)
        else:
            raise AssertionError(f"{key} never reaches {element.evaluate('element => element.outerHTML')[:200]}")
        self._is_seen(element)

    def _fits_a_thumb(self, target: Locator) -> None:
        """Buttons, fields and boxes; a link within a text is as high as its line."""
        target.wait_for(state="visible")
        if target.evaluate("element => element.matches('button:not(.button--text), .button, input, select, summary')"):
            width, height = target.evaluate(_HIT)
            what = target.evaluate("element => element.outerHTML.slice(0, 200)")
            assert min(width, height) >= _THUMB - 0.5, f"{self.page.url}: {width} by {height}: {what}"

    def _is_seen(self, element: ElementHandle) -> None:
        unseen = self.page.evaluate(f"({_UNSEEN})(document.activeElement)")
        assert not unseen, f"{self.page.url}: {element.evaluate('one => one.outerHTML')[:200]}: {unseen}"
