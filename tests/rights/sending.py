"""The forms of a page as a browser would send them, with words typed into them: what the tests of rights post."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from html.parser import HTMLParser
from urllib.parse import urljoin

# Longer than any text that a form of Foyer accepts.
TOO_LONG = 900
SOON = (date.today() + timedelta(days=30)).isoformat()
NO_TEXT = frozenset({"submit", "button", "image", "reset", "file"})


@dataclass
class Form:
    """A form that posts: where to, what it holds already, and which of its controls take words or days."""

    address: str
    values: list[tuple[str, str]] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    days: list[str] = field(default_factory=list)
    choices: dict[str, list[str]] = field(default_factory=dict)  # of selects, dots and boxes: what may be answered

    @property
    def names(self) -> frozenset[str]:
        return frozenset([name for name, _value in self.values] + self.words + self.days + list(self.choices))

    def filled(self, said: str, *, day: str = "2027-01-20", answers: dict[str, str] | None = None) -> dict[str, list]:
        """As somebody sends it who types ``said`` wherever words go, a day where one is missing, and the first answer
        of each question without one; ``answers`` go before all of it."""
        body: dict[str, list] = {}
        for name, value in self.values:
            body.setdefault(name, []).append(value)
        for name in self.words:
            body[name] = [said]
        for name in self.days:
            if not any(body.get(name, [])):
                body[name] = [day]
        for name, offered in self.choices.items():
            if not any(body.get(name, [])):
                body[name] = [value for value in offered if value][:1]
        body |= {name: [value] for name, value in (answers or {}).items()}
        return body

    def broken(self, said: str) -> dict[str, list]:
        """As ``filled``, with more words than fit, and words where a day or a choice belongs: refused with 422."""
        body = self.filled(said)
        body |= {name: [f"{said} " * TOO_LONG] for name in self.words}
        body |= {name: [said] for name in [*self.days, *self.choices]}
        return body


class _Reader(HTMLParser):
    def __init__(self, at: str) -> None:
        super().__init__()
        self.at, self.found = at, list[Form]()
        self.form: Form | None = None
        self.select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            is_post = values.get("method", "").lower() == "post"
            self.form = Form(urljoin(self.at, values.get("action") or self.at)) if is_post else None
        elif self.form is None or "disabled" in values:
            return
        elif tag == "input":
            self._input(self.form, values)
        elif tag == "select":
            self.select = values.get("name", "")
            self.form.choices[self.select] = []
        elif tag == "option" and self.select:
            self.form.choices[self.select].append(values.get("value", ""))
            if "selected" in values:
                self.form.values.append((self.select, values.get("value", "")))
        elif tag == "textarea":
            self.form.words.append(values.get("name", ""))
        elif tag == "button" and values.get("name"):
            self.form.choices.setdefault(values["name"], []).append(values.get("value", ""))

    def _input(self, form: Form, values: dict[str, str]) -> None:
        kind, name, value = values.get("type", "text"), values.get("name", ""), values.get("value", "")
        if not name or kind in NO_TEXT:
            return
        if kind in ("checkbox", "radio"):
            form.choices.setdefault(name, []).append(value or "y")
            if "checked" in values:
                form.values.append((name, value or "y"))
        elif kind in ("date", "time", "number"):
            form.values.append((name, value))
            form.days.append(name) if kind == "date" else None
        elif kind == "hidden" or values.get("inputmode") == "numeric":
            form.values.append((name, value))
        else:
            form.words.append(name)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self.form is not None:
            self.found.append(self.form)
            self.form = None
        elif tag == "select":
            self.select = ""


def forms_of(page: str, at: str) -> list[Form]:
    """The forms of a page that post; ``at``: its address."""
    reader = _Reader(at)
    reader.feed(page)
    return reader.found
