"""What every template keeps to: nothing inline, nothing from elsewhere, one h1, every word translated."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
SPRITE = TEMPLATES.parent / "foyer" / "static" / "vendor" / "icons" / "sprite.svg"
ALL = sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html"))
LONGEST = 150

# Words that are the same in every language: names, units, signs.
NAMES = {"Foyer", "Bahasa Indonesia"}
GETTEXT = {"_", "gettext", "ngettext", "pgettext"}
SPOKEN_ATTRIBUTES = r'(?:aria-label|title|placeholder|alt|data-label)="([^"]*)"'


def source(name: str) -> str:
    return (TEMPLATES / name).read_text()


def tree(name: str) -> nodes.Template:
    return Environment(extensions=["jinja2.ext.i18n"]).parse(source(name))


def markup(name: str) -> str:
    """The template's own HTML: comments, statements and expressions cut out."""
    text = re.sub(r"\{#.*?#\}", "", source(name), flags=re.S)
    return re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "\x00", text, flags=re.S)


@pytest.mark.parametrize("name", ALL)
def test_no_script_style_or_handler_is_inline(name: str) -> None:
    html = markup(name)
    assert not re.search(r"<style\b", html)
    assert not re.search(r"\sstyle=", html)
    assert not re.search(r"""<[^>]*\son[a-z]+=""", html)
    assert not re.search(r"javascript:", html)
    assert not re.search(r"\bhx-on\b|\bx-data\b", html)
    for script in re.findall(r"<script\b[^>]*>(.*?)</script>", html, re.S):
        assert script.strip() == ""


@pytest.mark.parametrize("name", ALL)
def test_nothing_comes_from_elsewhere(name: str) -> None:
    html = re.sub(r'xmlns(:\w+)?="[^"]*"', "", source(name))
    assert not re.search(r"""(?:src|href|action)=["'](?:https?:)?//""", html)


@pytest.mark.parametrize("name", ALL)
def test_a_template_stays_short(name: str) -> None:
    assert len(source(name).splitlines()) <= LONGEST


@pytest.mark.parametrize("name", ALL)
def test_a_page_leaves_its_one_h1_to_the_base(name: str) -> None:
    if name == "base.html":
        assert source(name).count("<h1") == 1
        return
    assert "<h1" not in source(name)
    framed = ('{% extends "caseload/file.html" %}', "{% extends frame %}")
    named_above = (
        "base_alone.html",
        *(page for page in ALL if source(page).count(framed[0]) + source(page).count(framed[1])),
    )
    if re.search(r"\{%-? extends", source(name)) and name not in named_above:
        assert re.search(r"\{%-? block heading", source(name)), "a page names itself in block heading"


@pytest.mark.parametrize("name", ALL)
def test_what_is_imported_is_used(name: str) -> None:
    parsed = tree(name)
    imported: set[str] = set()
    for statement in parsed.find_all(nodes.FromImport):
        imported |= {one[1] if isinstance(one, tuple) else one for one in statement.names}
    imported |= {statement.target for statement in parsed.find_all(nodes.Import)}
    used = {one.name for one in parsed.find_all(nodes.Name) if one.ctx == "load"}
    assert imported - used == set()


@pytest.mark.parametrize("name", ALL)
def test_every_icon_is_in_the_sprite(name: str) -> None:
    known = set(re.findall(r'<symbol id="([^"]+)"', SPRITE.read_text()))
    asked = set(re.findall(r'icon\(\s*"([^"]+)"', source(name)))
    asked |= set(re.findall(r'icon_name="([^"]+)"', source(name)))
    assert asked - known == set()


@pytest.mark.parametrize("name", ALL)
def test_every_word_that_is_read_or_heard_goes_through_gettext(name: str) -> None:
    html = re.sub(r"<(script|title|code)\b.*?</\1>", "", markup(name), flags=re.S)
    spoken = re.findall(SPOKEN_ATTRIBUTES, html)
    shown = re.findall(r">([^<>]*)<", re.sub(r"<!doctype[^>]*>", "", f">{html}<"))
    words = {word for text in [*shown, *spoken] for word in re.findall(r"[^\W\d_]{2,}", text)}
    assert words - NAMES == set()


def untranslated(node: nodes.Node) -> list[str]:
    """Strings like sentences (a capital, a blank) in expressions, outside of calls of gettext."""
    if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name in GETTEXT:
        return []
    if isinstance(node, nodes.Const):
        sentence = isinstance(node.value, str) and re.match(r"[A-Z]\S* \S", node.value)
        return [node.value] if sentence and node.value not in NAMES else []
    return [found for child in node.iter_child_nodes() for found in untranslated(child)]


@pytest.mark.parametrize("name", ALL)
def test_no_macro_is_handed_untranslated_words(name: str) -> None:
    assert untranslated(tree(name)) == []
