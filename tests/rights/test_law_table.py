"""docs/law.md: every row names a page or a test that is there, or says that nothing answers it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask

ROOT = Path(__file__).parents[2]
ROWS = 23
OPEN = ("**Not built**", "**No check", "**Software cannot answer**")


def rows() -> dict[int, tuple[str, str]]:
    """By number: what answers the row, and where it is held to that."""
    found = {}
    for line in (ROOT / "docs" / "law.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        if cells[0].isdigit():
            assert len(cells) == 4, line
            found[int(cells[0])] = (cells[2], cells[3])
    return found


def test_every_rule_of_the_field_study_has_its_row() -> None:
    assert sorted(rows()) == list(range(1, ROWS + 1))


@pytest.mark.parametrize("house_settings", ["sqlite"], indirect=True)
def test_each_row_names_a_page_or_a_test_that_is_there_or_says_that_nothing_answers_it(app: Flask) -> None:
    routes = {rule.rule for rule in app.url_map.iter_rules()}
    wrong = []
    for number, (answer, where) in rows().items():
        named = re.findall(r"`([^`]+)`", where) + [f"docs/{link}" for link in re.findall(r"\]\(([^)]+)\)", where)]
        missing = [name for name in named if name not in routes and not (ROOT / name).exists()]
        if missing or not (named or any(words in answer for words in OPEN)):
            wrong.append((number, missing))
    assert wrong == []
