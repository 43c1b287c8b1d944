"""Who may join a group (H1) and whom a resident may have as counsellor (H3): each rule allows, forbids, and still
allows everything else, in the solver's plans and in the checker."""

from __future__ import annotations

import pytest

from foyer.scheduling.problem import Counsellor, Problem
from tests.scheduling.solved import broken, changed, counsellor_of, group, group_of, person, planned, short
from tests.scheduling.village import hand_made, village

ROOMY = group("g-sew", maximum=5)  # everybody may go there
RULES_OF_ENTRY = {
    "too old": group("g-wood", ROOMY, maximum_age=16),
    "not qualified": group("g-wood", ROOMY, requires=("first aid",)),
    "barred": person("ann", barred=("g-wood",)),
}


@pytest.mark.parametrize("problem", RULES_OF_ENTRY.values(), ids=RULES_OF_ENTRY.keys())
def test_nobody_joins_a_group_that_does_not_admit_him(problem: Problem) -> None:
    assert "g-wood" in group_of(planned(village()), "ann")
    assert "g-wood" not in group_of(planned(problem), "ann")
    assert broken(problem, hand_made(problem)) == {"group_eligibility"}


def test_the_oldest_age_and_the_certificate_asked_for_still_admit() -> None:
    for problem in (
        group("g-wood", maximum_age=17),
        group("g-wood", person("ann", ROOMY, qualifications=("first aid", "driving")), requires=("first aid",)),
        person("ann", barred=("g-sew",)),
    ):
        assert "g-wood" in group_of(planned(problem), "ann")


def test_who_is_barred_from_every_class_is_named() -> None:
    assert short(person("ann", barred=("g-wood", "g-sew"))) == {"class_not_admitted"}
    assert short(person("ann", barred=("g-wood",))) == set()


DUTIES = {
    "counsellor_skills": {"counsellor_skills": ("sundanese",)},
    "counsellor_gender": {"counsellor_gender": "male"},
}


def suited(name: str, **changes: object) -> Problem:
    """Lou speaks Sundanese and is a man; Ann had Kim before, which the wishes would keep."""
    problem = changed(village(), "counsellors", "lou", skills=("sundanese",))
    return person(name, person("ann", problem, previous_counsellor="kim"), **changes)


@pytest.mark.parametrize("rule", DUTIES)
def test_a_counsellor_has_the_gender_language_and_licence_that_a_resident_must_have(rule: str) -> None:
    free, held = suited("bea", age=17), suited("ann", **DUTIES[rule])
    assert counsellor_of(planned(free), "ann") == "kim"
    assert counsellor_of(planned(held), "ann") == "lou"
    assert broken(held, hand_made(held)) == {rule}
    for_bea = suited("bea", **DUTIES[rule])  # who has Lou by hand
    assert broken(for_bea, hand_made(for_bea)) == set()


def test_duties_that_no_counsellor_can_meet_are_counted() -> None:
    assert short(person("ann", counsellor_skills=("javanese",))) == {"counsellor_unsuited"}
    problem = changed(suited("ann", counsellor_skills=("sundanese",), case_weight=4), "counsellors", "kim", capacity=5)
    assert short(problem) == {"counsellor_suited"}
    more = changed(problem, "counsellors", "lou", capacity=4)
    assert short(more) == set()


def test_a_suited_counsellor_must_also_be_free() -> None:
    problem = suited("ann", counsellor_skills=("sundanese",))
    never = tuple(p.id for p in problem.periods)
    away = changed(problem, "counsellors", "lou", unavailable=never)
    assert "counsellor_hours" in short(away)
    third = (*away.counsellors, Counsellor("mia", "female", 5, ("sundanese",)))
    assert counsellor_of(planned(village(residents=away.residents, counsellors=third)), "ann") == "mia"
