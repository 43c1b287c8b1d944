"""docs/commands.md tells the truth: each of its commands is run again on the examples beside it."""

from __future__ import annotations

import re

import pytest

from foyer.scheduling.files import ProblemFileError, read_plan, read_problem
from tests.scheduling.commands_page import DOCS, PAGE, normalised, tried

ENGINE_COMMANDS = ("solve", "check", "explain", "whatif", "recommend", "repair", "waysout", "bench")
TEXT = PAGE.read_text(encoding="utf-8")


def test_every_documented_command_still_prints_what_the_page_shows() -> None:
    different = [
        f"$ {each.command}\n{each.found}"
        for each in tried(TEXT)
        if normalised(each.documented) != normalised(each.found)
    ]
    assert not different, "python -m tests.scheduling.commands_page writes the page anew\n" + "\n".join(different)


@pytest.mark.parametrize("command", ENGINE_COMMANDS)
def test_every_command_of_the_engine_is_tried_and_shows_its_help(command: str) -> None:
    assert f"$ foyer {command} --help\n" in TEXT
    assert re.search(rf"^\$ foyer {command} (?!--help)", TEXT, re.MULTILINE)


def test_every_example_can_be_read_except_the_broken_one() -> None:
    for path in sorted((DOCS / "examples").glob("*.json")):
        text = path.read_text(encoding="utf-8")
        if path.name == "broken.json":
            with pytest.raises(ProblemFileError):
                read_problem(text)
        elif '"foyer-plan/1"' in text:
            read_plan(text)
        elif '"foyer-problem/1"' in text:
            read_problem(text)
