"""The engine's page names every rule and every shortage that the code can report."""

from __future__ import annotations

import re
from pathlib import Path

import foyer.scheduling

ENGINE = Path(foyer.scheduling.__file__).parent
PAGE = (Path(__file__).parents[2] / "docs" / "engine.md").read_text(encoding="utf-8")


def codes(folder: str, kind: str) -> set[str]:
    text = "".join(p.read_text(encoding="utf-8") for p in sorted((ENGINE / folder).glob("*.py")))
    return set(re.findall(kind + r'\(\s*"([a-z_]+)"', text))


def test_every_violation_is_on_the_page() -> None:
    found = codes("checker", "Violation")
    assert len(found) > 30
    assert {code for code in found if f"`{code}`" not in PAGE} <= {
        "counsellor_missing",
        "counsellor_twice",
        "room_missing",
        "room_twice",
        "appointment_missing",
        "appointment_twice",
    }  # the page says "and the same with counsellor_, room_, appointment_"


def test_every_shortage_is_on_the_page() -> None:
    found = codes("counting", "Shortage")
    assert len(found) > 10
    assert {code for code in found if f"`{code}`" not in PAGE} == set()
