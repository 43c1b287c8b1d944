"""The table of the studio's journeys says what the tests walk."""

from __future__ import annotations

import ast
from itertools import product
from pathlib import Path

from tests.browser.journeys import JOURNEYS, PAGE, WALKS, collected, table
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


def test_every_journey_is_walked_on_the_demonstration_house_as_well() -> None:
    for journey in JOURNEYS:
        file, function = journey.large
        assert function in _walked(file), journey.name


def test_the_ways_are_all_there_are() -> None:
    ways = {(way.by, way.language, way.width) for way in WAYS}
    assert ways == set(product(("mouse", "keyboard"), ("id", "en"), (390, 1366)))


def test_pytest_collects_every_journey_in_every_way_and_the_table_says_so() -> None:
    walks = collected()
    assert walks == {f"{journey.test}[{way}]" for journey, way in product(JOURNEYS, WAYS)}
    assert PAGE.read_text(encoding="utf-8") == table(walks), "run `python -m tests.browser.journeys`"


def test_no_walk_is_left_out_or_allowed_to_fail() -> None:
    said = WALKS.read_text(encoding="utf-8")
    assert not [word for word in ("skip", "xfail", "fails") if word in said]
