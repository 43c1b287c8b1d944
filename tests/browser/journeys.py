"""The studio's journeys, and the table of them. ``python -m tests.browser.journeys`` writes docs/journeys.md from what
pytest collects."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.browser.ways import WAYS

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "journeys.md"
WALKS = Path(__file__).with_name("test_studio_ways.py")


@dataclass(frozen=True)
class Journey:
    """``test``: the function that walks it in all ways; ``stage``: how far the house is before (tests.browser.stages);
    ``large``: the file and the function that walk it on the demonstration house as well."""

    name: str
    test: str
    stage: str
    large: tuple[str, str]


JOURNEYS = (
    Journey(
        "set up from a copy",
        "test_set_up_from_copy",
        "unplanned",
        ("test_studio_setup.py", "test_the_next_cycle_is_a_copy_that_says_what_needs_a_look"),
    ),
    Journey(
        "wishes",
        "test_wishes",
        "followed",
        ("test_wishes.py", "test_wishes_are_asked_ranked_entered_and_looked_through"),
    ),
    Journey("two drafts", "test_two_drafts", "unplanned", ("test_studio_drafts.py", "_make_two")),
    Journey("why", "test_why", "drafted", ("test_studio_ask.py", "_in_the_panel_by_mouse")),
    Journey("what if", "test_what_if", "drafted", ("test_studio_ask.py", "_in_the_panel_by_mouse")),
    Journey("drag with live verdict", "test_drag", "drafted", ("test_studio_boards.py", "_drag")),
    Journey(
        "pin and finish",
        "test_pin_and_finish",
        "drafted",
        ("test_studio_change.py", "test_a_draft_is_changed_by_form_back_and_forth_pinned_and_finished"),
    ),
    Journey("compare", "test_compare", "drafted", ("test_studio_drafts.py", "_compare_and_take")),
    Journey(
        "approve and publish",
        "test_approve_and_publish",
        "drafted",
        ("test_studio_publish.py", "test_two_people_publish_and_the_house_follows"),
    ),
    Journey("roll back", "test_roll_back", "published", ("test_studio_publish.py", "_bring_back")),
    Journey(
        "repair with a version",
        "test_repair",
        "published",
        ("test_studio_repair.py", "test_what_happens_is_repaired_by_the_least_change_and_published_from_a_day_on"),
    ),
    Journey(
        "roll over",
        "test_roll_over",
        "followed",
        ("test_studio_repair.py", "test_a_cycle_is_rolled_over_into_the_next"),
    ),
)


def stage_of(test: str) -> str:
    return next(journey.stage for journey in JOURNEYS if journey.test == test)


def collected() -> frozenset[str]:
    """The walks that pytest would run, each as ``test_why[mouse-id-1366]``."""
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", str(WALKS)]
    plain = {**os.environ, "PYTEST_ADDOPTS": ""}  # what somebody adds to a run of their own changes what is printed
    said = subprocess.run(command, cwd=ROOT, env=plain, check=True, capture_output=True, text=True, timeout=600).stdout
    return frozenset(re.findall(r"::(test_\w+\[[\w-]+\])", said))


def endings() -> dict[str, str]:
    """The first sentence of each walk: what it does and what it ends in."""
    tree = ast.parse(WALKS.read_text(encoding="utf-8"))
    functions = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    return {name: " ".join((ast.get_docstring(node) or "").split()) for name, node in functions.items()}


def table(walks: frozenset[str]) -> str:
    """The page docs/journeys.md."""
    said = endings()
    lines = [
        "# The studio's journeys and how they are walked",
        "",
        "Each journey of the planning studio is walked in a real browser on the real command, in all eight ways: by",
        "mouse or by keyboard, in Indonesian or English, on a laptop (1366 px) or a phone (390 px), where touch stands",
        "for the mouse. The walks are on a house of sixteen residents that is put back to the start of the journey",
        f"before each (`tests/browser/{WALKS.name}`); each ends in what the database then holds.",
        "",
        "On every page of a walk axe finds nothing, no text is cut, and nothing is wider than the screen. By keyboard",
        "nothing is clicked: only Tab, Enter, Space, Escape, arrow keys and letters are pressed, and whatever is",
        "pressed is seen to have the focus: something is drawn around it and nothing lies over it. Whatever button or",
        "field is tapped is 44 px high and wide. On a phone a card is moved by the form behind it, as there is nothing",
        "to drag with; each place there says the same as a column does under the mouse.",
        "",
        "Written by `python -m tests.browser.journeys` from what pytest collects; a test compares it.",
        "",
        "| Journey | " + " | ".join(way.words for way in WAYS) + " |",
        "|---" * (len(WAYS) + 1) + "|",
    ]
    for journey in JOURNEYS:
        cells = ["walked" if f"{journey.test}[{way}]" in walks else "**not walked**" for way in WAYS]
        lines.append(f"| [{journey.name}](#{journey.name.replace(' ', '-')}) | " + " | ".join(cells) + " |")
    for journey in JOURNEYS:
        file, function = journey.large
        lines += [
            "",
            f"## {journey.name.capitalize()}",
            "",
            f"{said[journey.test]} (`{journey.test}`)",
            "",
            f"Also on the demonstration house of 112 residents: `{file}`, `{function}`.",
        ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(table(collected()), encoding="utf-8")
