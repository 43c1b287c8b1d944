"""What residents get by the plan with which a way out was tried, and what a repair's ways say, in both languages."""

from __future__ import annotations

import pytest

from foyer.cycles.words.changes import change_lines
from foyer.cycles.words.obstacles import obstacle_words
from foyer.cycles.words.ways import mending_summary, relaxation_words, way_words
from foyer.cycles.words.what_if import what_if_words
from foyer.scheduling import explain, what_if
from foyer.scheduling.answers.forms import Wish
from foyer.scheduling.plan import Change, Outcome, Stage
from foyer.scheduling.relaxing import ImpossibleAnswer, Relaxation, WayOut
from foyer.scheduling.relaxing.forms import Got
from foyer.scheduling.relaxing.got import got_in
from tests.cycles.words.speaking import both, names_for, spoken
from tests.scheduling.solved import person
from tests.scheduling.test_answers_why import SPREAD
from tests.scheduling.village import hand_made, village

HOUSE = village()
LARGER = Relaxation("group_larger", (("group", "g-wood"), ("amount", 1)))
UNMET = Relaxation("need_unmet", (("need", "class"), ("subject", ""), ("amount", 1)), ("fay",))
SIX = ("ann", "bea", "cal", "dan", "eli", "fay")
GOT = (
    (
        got_in(HOUSE, (), hand_made(HOUSE)),
        "Then 3 residents get their first choice and 2 get their second. Everybody who chose gets one of the choices. "
        "Nobody has to go without.",
    ),
    (
        got_in(person("eli", choices=("wood",)), (UNMET,), hand_made(person("eli", choices=("wood",)))),
        "Then 3 residents get their first choice and 1 gets the second. 1 gets a class that was not chosen (Eko). "
        "1 resident is left without something (Fitri).",
    ),
    (
        Got((1, 0, 1, 2), ("ann", "bea"), ()),
        "Then 1 resident gets the first choice, 1 gets the third, and 2 get a later one. 2 get a class that they did "
        "not choose (Ani and Bela). Nobody has to go without.",
    ),
    (
        Got((0, 2, 2, 1), (*SIX, "gus"), SIX),
        "Then 0 residents get their first choice, 2 get their second, 2 get their third, and 1 gets a later one. 7 get "
        "a class that they did not choose. 6 residents are left without something (Ani, Bela, Candra, Danu, Eko, and "
        "Fitri).",
    ),
    (Got((0, 0, 0, 0)), "Then there is a whole plan. Nobody has to go without."),
)


@pytest.mark.parametrize(("got", "sentence"), GOT)
def test_what_residents_get_is_told_before_a_way_is_chosen(got: Got, sentence: str) -> None:
    names = names_for(HOUSE)
    for outcome, more in (
        (Outcome.OPTIMAL, ""),
        (
            Outcome.FEASIBLE,
            " This was a quick try: the draft is worked out with more time, and is usually fairer.",
        ),
    ):
        way = WayOut((LARGER,), 3.0, outcome, 17.0, got=got)
        assert both(lambda w=way: way_words(w, names).effect)[0] == sentence + more  # type: ignore[misc]


REPAIRS = (
    (LARGER, 0, "Then nobody has to go without, and nothing else in the plan changes."),
    (LARGER, 3, "Then nobody has to go without. Changes: 3. Residents concerned: 2."),
    (UNMET, 3, "Everything else that the plan gave stays. Changes: 3. Residents concerned: 2."),
)


@pytest.mark.parametrize(("step", "changes", "sentence"), REPAIRS)
def test_what_a_way_changes_in_a_repair_is_told(step: Relaxation, changes: int, sentence: str) -> None:
    way = WayOut((step,), 3.0, Outcome.OPTIMAL, 17.0, changes, 2)
    assert both(lambda: way_words(way, names_for(HOUSE)).effect)[0] == sentence


def test_whether_a_repair_has_ways_out_is_told() -> None:
    way = WayOut((LARGER,), 3.0, Outcome.OPTIMAL, 17.0, 3, 2)
    for found, sentence in (
        (ImpossibleAnswer(is_possible=True), "There is a repair that leaves nobody without what the plan gave."),
        (
            ImpossibleAnswer(),
            "No repair was found that leaves nobody without what the plan gave, and no way out of it yet.",
        ),
        (
            ImpossibleAnswer(ways=(way,)),
            "No repair gives everybody what the plan gave. 1 way out of it was tried, and works.",
        ),
    ):
        assert both(lambda f=found: mending_summary(f))[0] == sentence  # type: ignore[misc]


STEPS = (
    (Relaxation("stand_in", (("instructor", "ivo"), ("who", "sue"))), "Bu Susi takes over what Pak Ivo teaches."),
    (
        Relaxation("group_larger", (("group", "g-wood+2"), ("amount", 1))),
        "The second group like KAYU-1 takes 1 resident more.",
    ),
    (
        Relaxation("beds", (("gender", "female"), ("from", 0), ("to", 1), ("amount", 2))),
        "Find 2 more beds for girls on the night of 4 Jan 2027 (nobody in particular).",
    ),
)


@pytest.mark.parametrize(("step", "sentence"), STEPS)
def test_steps_that_only_some_ways_have_are_told(step: Relaxation, sentence: str) -> None:
    assert both(lambda: relaxation_words(step, names_for(HOUSE)))[0] == sentence


CHANGES = (
    (Change("venue", "g-sew", None, "loft", when="d0a d0b"), "On Monday 08.00–12.00 now Ruang Jahit."),
    (Change("bed", "ann", "1", "2"), "From bed 1 to bed 2."),
)


@pytest.mark.parametrize(("change", "sentence"), CHANGES)
def test_changes_that_few_repairs_have_are_told(change: Change, sentence: str) -> None:
    assert both(lambda: change_lines([change], names_for(HOUSE))[0].text)[0] == sentence


def test_a_room_for_girls_is_said_to_be_one() -> None:
    found = what_if(HOUSE, hand_made(HOUSE), Wish("room", "eli", "F"))
    assert spoken(lambda: what_if_words(found, names_for(HOUSE)).obstacles) == ("Room A1 is for girls.",)


def test_a_week_that_cannot_be_better_is_said_to_be_one() -> None:
    spread = hand_made(HOUSE, meetings=SPREAD, stages=(Stage("times", 5, 5, "optimal", "", 0.0),))
    found = explain(HOUSE, spread, "bea").residents[0]
    times = next(need for need in found.needs if need.need == "times")
    proven = next(note for note in times.notes if note.code == "times_proven")
    assert both(lambda: obstacle_words(proven, names_for(HOUSE), "times"))[0] == (
        "With everybody in these classes and groups no week is better: it has 5 points."
    )
