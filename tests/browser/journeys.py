"""The studio's journeys and the ways each is walked. ``python -m tests.browser.journeys`` writes docs/journeys.md.

Mouse or keyboard, Indonesian or English, laptop or phone would make eight walks of each. Four are walked: they contain
every pair of the three, so an obstacle that needs two of them (the keyboard on a phone) is met."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tests.browser.ways import WAYS, Way

PAGE = Path(__file__).resolve().parents[2] / "docs" / "journeys.md"
LARGE = Way("mouse", "id", 1366)  # on the demonstration house of 112 residents
STORY = "test_studio_ways.py"  # on a small house, in the other ways


@dataclass(frozen=True)
class Journey:
    """``large``: the file and the function that walk it on the demonstration house; ``step``: the story's function."""

    name: str
    large: tuple[str, str]
    step: str


JOURNEYS = (
    Journey(
        "set up from a copy",
        ("test_studio_setup.py", "test_the_next_cycle_is_a_copy_that_says_what_needs_a_look"),
        "_set_up_from_copy",
    ),
    Journey("wishes", ("test_wishes.py", "test_wishes_are_asked_ranked_entered_and_looked_through"), "_wishes"),
    Journey("two drafts", ("test_studio_drafts.py", "_make_two"), "_two_drafts"),
    Journey("why", ("test_studio_ask.py", "_in_the_panel_by_mouse"), "_why"),
    Journey("what if", ("test_studio_ask.py", "_in_the_panel_by_mouse"), "_what_if"),
    Journey("drag with live verdict", ("test_studio_boards.py", "_drag"), "_drag"),
    Journey(
        "pin and finish",
        ("test_studio_change.py", "test_a_draft_is_changed_by_form_back_and_forth_pinned_and_finished"),
        "_pin_and_finish",
    ),
    Journey("compare", ("test_studio_drafts.py", "_compare_and_take"), "_compare"),
    Journey(
        "approve and publish",
        ("test_studio_publish.py", "test_two_people_publish_and_the_house_follows"),
        "_approve_and_publish",
    ),
    Journey("roll back", ("test_studio_publish.py", "_bring_back"), "_roll_back"),
    Journey(
        "repair with a version",
        ("test_studio_repair.py", "test_what_happens_is_repaired_by_the_least_change_and_published_from_a_day_on"),
        "_repair",
    ),
    Journey("roll over", ("test_studio_repair.py", "test_a_cycle_is_rolled_over_into_the_next"), "_roll_over"),
)


def table() -> str:
    """The page docs/journeys.md."""
    ways = (LARGE, *WAYS)
    heads = [f"{way.by}, {way.language}, {way.width} px" for way in ways]
    lines = [
        "# The studio's journeys and how they are walked",
        "",
        "Each journey of the planning studio is walked in a real browser on the real command, with axe on its pages.",
        "By keyboard only Tab, Enter, Space, arrow keys and letters are pressed, and whatever is pressed is seen to",
        "have the focus: something is drawn around it and nothing lies over it. The four ways contain every pair of",
        "mouse or keyboard, Indonesian or English, laptop or phone. The first way is walked on the demonstration house",
        f"of 112 residents, the others on a house of sixteen (`{STORY}`). Beyond these walks the files of the first",
        "column look at most pages in both languages and at both widths.",
        "",
        "Written by `python -m tests.browser.journeys`; a test compares it with the tests.",
        "",
        "| Journey | " + " | ".join(heads) + " |",
        "|---" * (len(ways) + 1) + "|",
    ]
    for journey in JOURNEYS:
        file, function = journey.large
        cells = [f"`{file}`: `{function}`", *[f"`{journey.step}`" for _way in WAYS]]
        lines.append(f"| {journey.name} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(table(), encoding="utf-8")
