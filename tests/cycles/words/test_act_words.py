"""What was done to a draft, in sentences, in both languages."""

from __future__ import annotations

from typing import Any

import pytest

from foyer.cycles.acts import VERBS
from foyer.cycles.words.acts import act_words
from tests.cycles.words.speaking import in_two_languages, names_for
from tests.scheduling.village import village

MOVE = ["class", "ann", "g-wood", "g-sew"]
CASES: tuple[tuple[str, dict[str, Any], str, str], ...] = (
    (
        "draft_changed",
        {"changes": [MOVE]},
        "Ani: From KAYU-1 to JAHIT-1.",
        "Ani: Dari KAYU-1 ke JAHIT-1.",
    ),
    (
        "draft_changed",
        {"changes": [["room", "ann", None, "F"], ["appointment", "ann", "0 d0c 795", "1 d1c 795"], MOVE, MOVE, MOVE]},
        "Ani: Gets room A1. Ani: Counselling from Monday 13.15, week 1 to Tuesday 13.15, week 2. Ani: From KAYU-1 to "
        "JAHIT-1. And 2 more changes.",
        "Ani: Mendapat kamar A1. Ani: Konseling dari Senin 13.15, minggu ke-1 ke Selasa 13.15, minggu ke-2. Ani: Dari "
        "KAYU-1 ke JAHIT-1. Dan 2 perubahan lain.",
    ),
    (
        "draft_pinned",
        {"pins": [["class", "ann", "g-wood"], ["meeting", "", "g-wood:d0a,d0b"]]},
        "Pinned Ani: KAYU-1 and KAYU-1 on Monday 08.00–12.00.",
        "Mengunci tempat dalam rencana (Ani: KAYU-1 dan KAYU-1 pada Senin 08.00–12.00).",
    ),
    ("draft_pinned", {"pins": [["room", "ann", "F"]] * 4}, "Pinned 4 places.", "Mengunci 4 tempat."),
    (
        "draft_unpinned",
        {"pins": [["room", "ann", "F"]]},
        "Let go of Ani: room A1.",
        "Membuka kunci dalam rencana (Ani: kamar A1).",
    ),
    ("draft_unpinned", {"pins": [["room", "ann", "F"]] * 5}, "Let go of 5 pins.", "Membuka 5 kunci."),
    ("draft_undone", {"steps": [3]}, "Took 1 step back.", "Mengurungkan 1 langkah."),
    ("draft_redone", {"steps": [2, 3]}, "Did 2 steps again.", "Mengulangi 2 langkah."),
    ("draft_took", {}, "Took over parts of another plan.", "Mengambil sebagian dari rencana lain."),
)


@pytest.mark.parametrize(("verb", "detail", "english", "indonesian"), CASES)
def test_an_act_is_a_sentence_in_both_languages(
    verb: str, detail: dict[str, Any], english: str, indonesian: str
) -> None:
    assert in_two_languages(lambda: act_words(verb, detail, names_for(village()))) == (english, indonesian)


def test_every_act_of_the_trail_has_a_sentence() -> None:
    assert {verb for verb, *_ in CASES} == set(VERBS)
