"""Impossible houses in words: every way out and every family of rules, from the engine's answers, in both languages."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import get_args

import pytest

from foyer.cycles.words.families import FAMILIES as FAMILY_WORDS
from foyer.cycles.words.ways import STEPS, impossible_words, relaxation_words, rule_words
from foyer.scheduling import solve
from foyer.scheduling.plan import Limits
from foyer.scheduling.relaxing import ImpossibleAnswer, Rule, ways_out
from foyer.scheduling.relaxing.forms import NEEDS_A_PERSON, Code
from foyer.scheduling.relaxing.rules import FAMILIES as ENGINE_FAMILIES
from foyer.scheduling.relaxing.rules import minimal_rules
from foyer.scheduling.relaxing.verify import is_full
from tests.cycles.words.impossible_houses import FAMILIES, HOUSE, NO_BED, SMALL, WAYS
from tests.cycles.words.speaking import INDONESIAN, both, in_two_languages, names_for, spoken
from tests.scheduling.test_ways_out import triangle

REPEATABLE = Limits(seconds=60, workers=1, seed=1)


@cache
def answered(number: int) -> ImpossibleAnswer:
    return ways_out(WAYS[number][1], REPEATABLE, most=6)


def first_of(number: int) -> int:
    """The first scene with the same house, so that it is solved once."""
    return next(i for i, scene in enumerate(WAYS) if scene[1] == WAYS[number][1])


@pytest.mark.parametrize("number", range(len(WAYS)), ids=[scene[0] for scene in WAYS])
def test_each_way_out_is_a_sentence(number: int) -> None:
    code, problem, text = WAYS[number]
    steps = [r for way in answered(first_of(number)).ways for r in way.relaxations if r.code == code]
    names = names_for(problem)
    said = [in_two_languages(lambda r=r: relaxation_words(r, names)) for r in steps]  # type: ignore[misc]
    assert (text, INDONESIAN[text]) in said


def test_every_code_of_a_way_out_has_a_sentence_and_a_house() -> None:
    of_a_repair = {"stand_in"}  # its house and sentence: tests/cycles/test_repair_ways.py
    assert set(STEPS) == set(get_args(Code)) == {scene[0] for scene in WAYS} | of_a_repair


@cache
def core(number: int) -> tuple[Rule, ...]:
    _family, stage, problem, _text = FAMILIES[number]
    return minimal_rules(problem, stage, lambda p: is_full(p, solve(p, REPEATABLE)))


def same_house(number: int) -> int:
    return next(i for i, scene in enumerate(FAMILIES) if scene[1:3] == FAMILIES[number][1:3])


@pytest.mark.parametrize("number", range(len(FAMILIES)), ids=[scene[0] for scene in FAMILIES])
def test_each_family_of_rules_is_a_sentence(number: int) -> None:
    """By the deletion filter, which the engine uses where counting sees nothing."""
    family, _stage, problem, text = FAMILIES[number]
    rule = next(r for r in core(same_house(number)) if r.family == family)
    assert both(lambda: rule_words(rule, names_for(problem)))[0] == text


def test_every_family_of_the_engine_has_a_sentence_and_a_house() -> None:
    known = {name for own in ENGINE_FAMILIES.values() for name, _ in own}
    assert set(FAMILY_WORDS) == known == {scene[0] for scene in FAMILIES}


def test_a_whole_answer_is_told_with_who_must_decide() -> None:
    found = ways_out(triangle(), REPEATABLE, most=6)
    names = names_for(triangle())
    stored = replace(found, ways=tuple(replace(way, got=None, score=31.0) for way in found.ways))  # as they were before
    said = spoken(lambda: impossible_words(stored, names))
    assert said.summary == f"There is no whole plan. {len(found.ways)} ways out of it were tried, and work."
    assert said.rules_title == "Classes: these rules cannot all be kept at once; without any one of them they could."
    assert set(said.rules) == {
        f"{pair} are kept apart in class." for pair in ("Candra and Danu", "Candra and Eko", "Danu and Eko")
    }
    for way, words in zip(found.ways, said.ways, strict=True):
        decided = any(r.code in NEEDS_A_PERSON for r in way.relaxations)
        assert bool(words.needs_a_person) == decided == any(step.needs_a_person for step in words.steps)
        assert words.effect == "Then there is a whole plan with 31 points."
        assert way.got is not None
        assert words.effort.startswith("Effort for the house, as a figure: ")


def test_a_house_that_can_be_planned_or_was_not_searched_to_the_end_is_told() -> None:
    for found, problem, text in (
        (ways_out(HOUSE, REPEATABLE), HOUSE, "There is a whole plan: nothing has to give way."),
        (
            ways_out(SMALL, REPEATABLE, stop=lambda: True),
            SMALL,
            "No whole plan was found, and no way out of it yet.",
        ),
        (
            ways_out(NO_BED, REPEATABLE, most=1),
            NO_BED,
            "There is no whole plan. 1 way out of it was tried, and works.",
        ),
    ):
        names = names_for(problem)
        assert both(lambda f=found, n=names: impossible_words(f, n).summary)[0] == text  # type: ignore[misc]


def test_a_set_of_rules_that_may_not_be_minimal_does_not_claim_to_be() -> None:
    found = ImpossibleAnswer(stage="rooms", rules=(Rule("room_capacity"),))
    assert both(lambda: impossible_words(found, names_for(HOUSE)).rules_title)[0] == (
        "Rooms and beds: these rules cannot all be kept at once."
    )
