"""The table of the studio's journeys says what the tests walk."""

from __future__ import annotations

import ast
from itertools import combinations, product
from pathlib import Path

from tests.browser.journeys import JOURNEYS, LARGE, PAGE, STORY, table
from tests.browser.ways import WAYS

BROWSER = Path(__file__).resolve().parents[1] / "browser"


def _functions(file: str) -> dict[str, ast.FunctionDef]:
    tree = ast.parse((BROWSER / file).read_text(encoding="utf-8"))
    return {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def _walked(file: str) -> set[str]:
    """The tests of a file and what they call, directly or not."""
    functions = _functions(file)
    reached = {name for name in functions if name.startswith("test_")}
    new = set(reached)
    while new:
        called = {
            node.func.id
            for name in new
            for node in ast.walk(functions[name])
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        }
        new = (called & set(functions)) - reached
        reached |= new
    return reached


def test_every_journey_of_the_table_is_walked_by_a_test() -> None:
    story = _walked(STORY)
    for journey in JOURNEYS:
        file, function = journey.large
        assert function in _walked(file), journey.name
        assert journey.step in story, journey.name


def test_the_ways_contain_every_pair() -> None:
    ways = [(way.by, way.language, way.width) for way in (LARGE, *WAYS)]
    choices = (("mouse", "keyboard"), ("id", "en"), (390, 1366))
    for one, other in combinations(range(3), 2):
        assert {(way[one], way[other]) for way in ways} == set(product(choices[one], choices[other]))


def test_the_table_is_written_anew() -> None:
    assert PAGE.read_text(encoding="utf-8") == table(), "run `python -m tests.browser.journeys`"
