"""What-ifs, verdicts and recommendations in words, from the engine's own answers, in both languages."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from foyer.cycles.words.obstacles import obstacle_words
from foyer.cycles.words.recommend import recommendation_words
from foyer.cycles.words.what_if import what_if_words
from foyer.scheduling import recommend, what_if
from foyer.scheduling.answers.barriers import WHAT_IF_CODES
from foyer.scheduling.answers.forms import LevelPrice, WhatIf, Wish
from foyer.scheduling.plan import Plan
from foyer.scheduling.problem import Counsellor, KeepTogether, Problem, Room
from tests.cycles.words.speaking import INDONESIAN, both, each, names_for, spoken
from tests.scheduling.test_answers_why import METAL, clubs, everybody, with_resident
from tests.scheduling.village import hand_made, resident, village


def asked(problem: Problem, kind: Any, who: str, target: str, plan: Plan | None = None) -> Any:
    return what_if(problem, plan or hand_made(problem), Wish(kind, who, target))


def with_metal(**changes: Any) -> Problem:
    base = village()
    return replace(base, groups=(*base.groups, replace(METAL, **changes)))


TOGETHER = village(
    rooms=(*village().rooms, replace(village().rooms[2], id="T")),
    together=(KeepTogether("ann", "bea", ("room",), points=None),),
)
OBSTACLES: tuple[tuple[str, Problem, str, str, str, str], ...] = (
    ("not_needed", village(), "education", "cal", "g-maths", "This resident needs no place in PAKET-C."),
    ("not_needed", village(), "meeting", "cal", "g-maths:d1c", "This resident is not in PAKET-C."),
    (
        "no_hours",
        with_metal(minimum=2),
        "class",
        "bea",
        "g-metal",
        "LOGAM-1 is closed and has no hours in the week yet.",
    ),
    (
        "no_times",
        with_metal(minimum=1, meetings=2, venues=("hall",)),
        "class",
        "bea",
        "g-metal",
        "No week was found in which LOGAM-1 has its hours beside everything else.",
    ),
    ("no_such_hours", village(), "meeting", "ann", "g-maths:d0a", "PAKET-C may not meet at these hours."),
    (
        "would_break",
        TOGETHER,
        "room",
        "ann",
        "T",
        "The cheapest way would break a rule. Two residents are kept together, and sleep in two rooms from one night "
        "on.",
    ),
)


@pytest.mark.parametrize(("code", "problem", "kind", "who", "target", "text"), OBSTACLES)
def test_each_obstacle_of_a_what_if_is_a_sentence(
    code: str, problem: Problem, kind: str, who: str, target: str, text: str
) -> None:
    found = asked(problem, kind, who, target)
    obstacle = next(o for o in found.obstacles if o.code == code)
    assert both(lambda: obstacle_words(obstacle, names_for(problem), kind))[0] == text


def test_every_code_of_a_what_if_is_tried() -> None:
    assert {scene[0] for scene in OBSTACLES} == set(WHAT_IF_CODES)


def test_what_is_given_already_is_said() -> None:
    for kind, target, text in (
        ("class", "g-wood", "Ani has KAYU-1 already."),
        ("counsellor", "kim", "Ani has Bu Kartika already."),
        ("room", "F", "Ani has room A1 already."),
        ("appointment", "0:d1c", "Ani has Tuesday 13.15–15.00, week 1 already."),
        ("meeting", "g-maths:d0c", "PAKET-C meets on Monday 13.15–15.00 already."),
    ):
        found = asked(village(), kind, "ann", target)
        assert both(lambda f=found: what_if_words(f, names_for(village())).answer)[0] == text  # type: ignore[misc]


def test_what_was_not_found_out_in_time_is_not_called_impossible() -> None:
    for wish, text in (
        (Wish("class", "bea", "g-metal"), "Whether Bela can have LOGAM-1 was not found out in time."),
        (
            Wish("meeting", "ann", "g-maths:d1c"),
            "Whether PAKET-C can meet on Tuesday 13.15–15.00 was not found out in time.",
        ),
    ):
        found = WhatIf(wish, "not_found")
        said = spoken(lambda f=found: what_if_words(f, names_for(with_metal())))  # type: ignore[misc]
        assert said.answer == f"{text} It may well be possible: please ask again in a moment."
        assert (said.obstacles, said.price, said.moves, said.proof) == ((), (), (), "")


def test_what_is_possible_has_its_price_its_movers_and_its_proof() -> None:
    problem = with_resident(everybody(village(), choices=("wood",)), "bea", choices=("wood", "sewing"))
    found = asked(problem, "class", "bea", "g-wood")
    said = spoken(lambda: what_if_words(found, names_for(problem)))
    assert said.answer == "Bela can have KAYU-1, at a price. Altogether 48 points more. 1 other resident would move."
    assert said.price == (
        "Classes: residents in something that was none of their choices: 2 instead of 1.",
        "Classes: residents with choice 2: 0 instead of 1.",
        "Classes: wishes not met: 98 points instead of 50.",
    )
    assert said.wishes == ("class is not the first choice: +48 points",)
    assert {(m.who, m.text) for m in said.moves} == {
        ("Ani", "From KAYU-1 to JAHIT-1."),
        ("Bela", "From JAHIT-1 to KAYU-1."),
    }
    assert said.proof == "It is proven that it cannot be had for less."
    free = asked(village(), "class", "eli", "g-wood")
    assert spoken(lambda: what_if_words(free, names_for(village())).answer) == (
        "Eko can have KAYU-1, and altogether the wishes are met as well as before. 1 other resident would move."
    )


def test_a_price_that_is_not_exact_tells_what_it_costs_at_least() -> None:
    problem = with_metal(minimum=2)
    found = asked(problem, "class", "bea", "g-metal")
    said, other = each(lambda: what_if_words(found, names_for(problem)))
    assert other.proof == INDONESIAN[said.proof]
    assert other.obstacles == tuple(INDONESIAN[text] for text in said.obstacles)
    assert said.obstacles == ("LOGAM-1 is closed and has no hours in the week yet.",)
    assert said.proof.startswith("This is the cheapest way found; a cheaper one is not excluded.")
    assert "Whatever else is changed, it costs at least: residents in something" in said.proof
    (hours,) = {m.text for m in said.moves if m.who == "LOGAM-1"}
    assert hours in {f"New meeting on {day} 08.00–12.00." for day in ("Monday", "Tuesday")}


def test_what_is_asked_of_a_meeting_is_said_of_its_group() -> None:
    free = WhatIf(Wish("meeting", "ann", "g-maths:d1c"), "possible")
    found = replace(free, levels=(LevelPrice("times", "times", 0, 2),), points=2.0)
    never = asked(village(), "meeting", "ann", "g-maths:d0a")
    hours = "PAKET-C can meet on Tuesday 13.15–15.00"
    for answer, text in (
        (found, f"{hours}, at a price. Altogether 2 points more. Nobody else would move."),
        (free, f"{hours}, and altogether the wishes are met as well as before. Nobody else would move."),
        (never, "PAKET-C cannot meet on Monday 08.00–10.00."),
    ):
        assert both(lambda f=answer: what_if_words(f, names_for(village())).answer)[0] == text  # type: ignore[misc]


def test_what_is_impossible_says_why() -> None:
    said = spoken(lambda: what_if_words(asked(village(), "room", "bea", "M"), names_for(village())))
    assert (said.answer, said.obstacles) == ("Bela cannot have room B1.", ("Room B1 is for boys.",))


def test_hours_of_people_and_groups_move_in_words() -> None:
    found = asked(village(), "meeting", "ann", "g-maths:d1c")
    said, other = each(lambda: what_if_words(found, names_for(village())))
    moves = {m.who: m.text for m in said.moves}
    assert moves["PAKET-C"] == "From Monday 13.15–15.00 to Tuesday 13.15–15.00."
    assert INDONESIAN[moves["PAKET-C"]] in {m.text for m in other.moves}
    assert moves["Ani"].startswith("Counselling from Tuesday 13.15–15.00, week 1 to ")
    problem, plan = clubs()
    chess = asked(problem, "elective", "eli", "e-chess", plan)
    assert {m.text for m in spoken(lambda: what_if_words(chess, names_for(problem)).moves)} == {
        "From CATUR to PADUS.",
        "From PADUS to CATUR.",
    }


# Recommendations


def test_where_somebody_fits_is_told_with_what_is_lost_and_why() -> None:
    fay = resident("fay", arrives=14, previous_counsellor="lou", choices=("wood", "sewing"))
    base = village(
        counsellors=(Counsellor("kim", "female", 9), Counsellor("lou", "male", 2)),
        rooms=(*village().rooms, Room("G", "east", 2, "female")),
    )
    problem = replace(base, residents=(*base.residents, fay))
    plan = hand_made(base)
    found = recommend(problem, plan, "fay", 1)
    said, other = each(lambda: recommendation_words(found, names_for(problem)))
    assert said.summary.endswith("to take Fitri in without moving anybody.")
    assert other.summary.endswith(" cara menerima Fitri tanpa memindahkan siapa pun.")
    first = said.placements[0]
    assert {g.text for g in first.gets} >= {"Gets JAHIT-1.", "Gets Bu Kartika as counsellor.", "Gets room F1."}
    assert first.moved == "Nobody else would move."
    lost = {n.need: n for n in first.lost}
    assert lost["class"].better[0].reasons[0] == "KAYU-1 is full: all 3 places are taken."
    assert lost["counsellor"].better[0].reasons[0] == "Pak Lukman already has a full caseload: 2 of 2."
    assert first.cost == "What is missing from the wishes: 6 points."
    there = other.placements[0]
    assert {g.text for g in there.gets} >= {
        "Mendapat JAHIT-1.",
        "Mendapat Bu Kartika sebagai pekerja sosial.",
        "Mendapat kamar F1.",
    }
    assert (there.moved, there.cost) == ("Tidak ada orang lain yang pindah.", "Harapan yang belum terpenuhi: 6 poin.")
    assert {n.need: n.better[0].reasons[0] for n in there.lost} == {
        name: INDONESIAN[need.better[0].reasons[0]] for name, need in lost.items()
    }


def test_who_moves_for_somebody_who_arrives_is_named_and_no_place_is_said() -> None:
    fay = resident("fay", arrives=14, choices=("wood",))
    rooms = (Room("F", "north", 3, "female"), *village().rooms[1:])
    base = village(counsellors=(Counsellor("kim", "female", 9), Counsellor("lou", "male", 9)), rooms=rooms)
    crowded = replace(base, residents=(*base.residents, fay))
    found = recommend(crowded, hand_made(base), "fay", 1)
    said, other = each(lambda: recommendation_words(found, names_for(crowded)))
    assert said.with_moves is not None
    assert other.with_moves is not None
    assert said.with_moves.moved.startswith("Moves for it: ")
    assert other.with_moves.moved.startswith("Yang pindah karenanya: ")
    assert said.with_moves.others
    none = spoken(lambda: recommendation_words(replace(found, placements=()), names_for(crowded)).summary)
    assert none == "There is no place for Fitri unless somebody moves or a rule gives way."
